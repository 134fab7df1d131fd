"""Small synthetic files in VLM4D's form, and where the real ones are."""

import json
import os
import random
from pathlib import Path

import pytest

DATA = Path(os.environ.get("SPACELIB_DATA") or Path(__file__).parents[1] / ".." / "shared" / "data")
needs_data = pytest.mark.skipif(
    not (DATA / "vlm4d").is_dir(), reason="no real data: set SPACELIB_DATA to a folder that holds vlm4d/"
)
LOGS = sorted(p for p in DATA.glob("vlm4d/*/*.json") if p.parent.name != "questions")
QUESTIONS = [DATA / "vlm4d" / "questions" / f"{split}_mc.json" for split in ("real", "synthetic")]


def synthetic(items: int = 40, scenes: int = 10, accuracy: float = 0.6, seed: int = 0):
    """Questions and answers of an invented benchmark with shuffled letters; right with the given chance."""
    draw, answered = random.Random(seed), random.Random(seed + 1)  # the questions do not depend on the accuracy
    questions, answers = [], []
    for number in range(1, items + 1):
        values = ["left", "right", "up", "down"]
        draw.shuffle(values)
        choices = dict(zip("ABCD", values))
        right = draw.choice("ABCD")
        said = right if answered.random() < accuracy else answered.choice([x for x in "ABCD" if x != right])
        shared = {"id": f"validation_{number}", "question": f"Synthetic question {number}?"}
        video = f"https://example.org/videos_real/synthetic/{number % scenes}.mp4"
        questions.append(
            shared | {"video": video, "question_type": "multiple-choice", "choices": choices, "answer": choices[right]}
        )
        answers.append(
            shared
            | {
                "choices": dict(choices),
                "response": f"{said}: {choices[said]}",
                "ground_truth_answer": choices[right],
                "extracted_answer": f"{said}: {choices[said]}",
                "correct": said == right,
            }
        )
    return questions, answers


def write(folder: Path, questions, answers, name: str = "synthetic-model_8frame.json") -> tuple[Path, Path]:
    """Paths of the log and of its question file, written into `folder`."""
    log, items = folder / name, folder / "questions.json"
    items.write_text(json.dumps(questions))
    log.write_text(json.dumps(answers))
    return log, items
