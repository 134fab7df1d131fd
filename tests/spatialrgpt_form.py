"""Small synthetic files in the three forms of SpatialRGPT-Bench."""

import json
import random
from pathlib import Path

TEXTS = ("below_predicate", "left_choice", "small_predicate", "tall_choice", "thin_predicate", "front_predicate")
LENGTHS = ("distance_data", "horizontal_distance_data", "vertical_distance_data", "width_data", "height_data")


def judged(items: int = 60, accuracy: float = 0.5, seed: int = 0, categories=(*TEXTS, *LENGTHS, "direction")) -> list:
    """A judged log of an invented model: right with the given chance, by a judge that follows the rule."""
    draw = random.Random(seed)
    records = []
    for number in range(items):
        category, right = categories[number % len(categories)], draw.random() < accuracy
        kind = "qualitative" if category in TEXTS else "quantitative"
        if category in TEXTS:
            gold, said, response = "Yes, it is.", "Yes." if right else "No.", {"output": int(right)}
        elif category == "direction":
            hour = draw.randint(1, 12)
            gold, said = f"It is at {hour} o'clock.", f"At {hour if right else (hour + 5) % 12 + 1} o'clock."
            response, right = {"ground_truth_meters": None, "predicted_meters": None}, False
        else:
            metres = round(draw.uniform(0.2, 9), 2)
            guess = round(metres * (draw.uniform(0.8, 1.2) if right else 2), 2)
            gold, said = f"They are {metres} meters apart.", f"About {guess} meters."
            response = {"ground_truth_meters": metres, "predicted_meters": guess}
        records.append(
            {
                "id": f"{kind}_{number}",
                "question": f"Synthetic question {number} about Region [0]?",
                "ground_truth": gold,
                "prediction": said,
                "qa_type": kind,
                "qa_category": category,
                "score": float(right),
                "correct": right,
                "judge_response": json.dumps(response),
            }
        )
    return records


def predicted(records: list) -> list:
    """The same answers as a file of predictions: three questions a picture."""
    return [
        {
            "question_id": record["id"],
            "image": f"synthetic/{number // 3}.jpg",
            "question": record["question"],
            "pred": record["prediction"],
            "gt": record["ground_truth"],
            "model_id": "synthetic-model",
            "qa_info": {"type": record["qa_type"], "category": record["qa_category"]},
        }
        for number, record in enumerate(records)
    ]


def questions(records: list, literals: bool = True) -> list:
    """The benchmark's own records of the same questions, nested fields as Python literals or not."""
    nest = repr if literals else lambda value: value
    return [
        {
            "id": record["id"],
            "image_info": nest(
                {"file_path": f"synthetic/{number // 3}.jpg", "height": 480, "width": 640, "dataset": "s"}
            ),
            "text_q": record["question"],
            "qa_info": nest({"type": record["qa_type"], "category": record["qa_category"]}),
            "conversations": nest([{"value": "About <mask>?"}, {"value": record["ground_truth"]}]),
            "bbox": nest([[0, 0, 1, 1]]),
            "rle": nest([]),
        }
        for number, record in enumerate(records)
    ]


def write(folder: Path, records: list, name: str = "synthetic-model.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path
