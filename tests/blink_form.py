"""Small synthetic files in the form of BLINK's saved outputs."""

import json
import random
from pathlib import Path


def synthetic(task: str = "Relative_Depth", items: int = 40, letters: str = "AB", accuracy: float = 0.7, seed: int = 0):
    """A saved output of an invented model: right letters uneven, right with the given chance; `test` hidden."""
    draw = random.Random(seed)
    rows = {"val": [], "test": []}
    for split, part in rows.items():
        for number in range(1, items + 1):
            right = letters[draw.random() < 0.6]
            said = right if draw.random() < accuracy else draw.choice(letters)
            part.append(
                {
                    "idx": f"{split}_{task}_{number}",
                    "answer": f"({right})" if split == "val" else "hidden",
                    "full_prediction": f"Synthetic: ({said})",
                    "prediction": f"({said})",
                }
            )
    return rows


def write(folder: Path, content, model: str = "synthetic-model", name: str = "Relative_Depth.json") -> Path:
    path = folder / model / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content))
    return path
