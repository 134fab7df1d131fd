"""Small synthetic logs in the forms that lmms-eval and VLMEvalKit write."""

import csv
import json
import random
from pathlib import Path

import numpy as np
import openpyxl

CHOICES = ("object_rel_direction_easy", "route_planning")
NUMBERS = ("object_abs_distance", "object_counting")
MRA = "MRA:.5:.95:.05"


def vsibench(items: int = 12, seed: int = 0) -> list[dict]:
    """Invented questions in VSI-Bench's official form, each with an answer, as its metric in lmms-eval holds them."""
    draw = random.Random(seed)
    rows = []
    for number in range(items):
        kind = (CHOICES + NUMBERS)[number % 4]
        row = {
            "id": number,
            "dataset": "arkitscenes",
            "scene_name": f"{41000000 + number // 4}",
            "question_type": kind,
            "question": f"Synthetic question {number}?",
            "options": ["A. left", "B. right"] if kind in CHOICES else None,
        }
        if kind in CHOICES:
            right = draw.choice("AB")
            said = draw.choice(["A", "B", "B. right", "a", "I do not know"])
            mark = {"accuracy": float(said.split(" ")[0].rstrip(".").lower() == right.lower())}
        else:
            right, said = str(draw.randint(2, 9)), draw.choice(["4", "5.5", "seven"])
            error = abs(float(said) - float(right)) / float(right) if said != "seven" else 9
            mark = {MRA: sum(bool(error <= 1 - level) for level in np.linspace(0.5, 0.95, 10)) / 10}
        rows.append(row | {"ground_truth": right, "prediction": said} | mark)
    return rows


def document(row: dict) -> dict:
    """The question of a row, without what the metric added."""
    return {key: value for key, value in row.items() if key not in ("prediction", "accuracy", MRA)}


def current(rows) -> list[dict]:
    """lmms-eval's samples of VSI-Bench today: the metric holds the question."""
    return [
        {
            "doc_id": number,
            "target": row["ground_truth"],
            "filtered_resps": [row["prediction"]],
            "token_counts": [{"output_tokens": 3}],
            "doc_hash": "0" * 64,
            "input": "These are frames of a video.",
            "vsibench_score": row,
        }
        for number, row in enumerate(rows)
    ]


def older(rows) -> list[dict]:
    """lmms-eval's samples of VSI-Bench of old: the question and the arguments beside it, lists in lists."""
    return [
        {
            "doc_id": number,
            "doc": document(row),
            "target": row["ground_truth"],
            "arguments": [["prompt", {"max_new_tokens": 16}]],
            "resps": [[row["prediction"]]],
            "filtered_resps": [[row["prediction"]]],
            "doc_hash": "0" * 64,
            "vsibench_score": row,
        }
        for number, row in enumerate(rows)
    ]


def lettered(items: int = 6, benchmark: str = "BLINK") -> list[dict]:
    """lmms-eval's samples of BLINK or CV-Bench: the metric holds right letter and answer, the prompt the options."""
    rows = []
    for number in range(1, items + 1):
        right, said = "AB"[number % 2], ["(A)", "The answer is (B)", "both"][number % 3]
        held = {"gt_content": right, "pred_parsed": said.strip("()")[:1], "pred": said, "is_correct": right in said}
        if benchmark == "BLINK":
            held |= {"id": f"val_Relative_Depth_{number}", "sub_task": "Relative_Depth"}
        else:
            held |= {"id": number, "type": "3D", "task": "Depth", "source": "Omni3D"}
        prompt = "Which is closer?\nSelect from the following choices.\n(A) the chair\n(B) the desk"
        metric = {"BLINK": "blink_acc", "CV-Bench": "cv_bench_acc"}[benchmark]
        rows.append(
            {"doc_id": number - 1, "target": f"({right})", "filtered_resps": [said], "input": prompt, metric: held}
        )
    return rows


def write_samples(folder: Path, samples, model: str = "a_model", task: str = "vsibench") -> Path:
    path = folder / model / f"20250101_120000_samples_{task}.jsonl"
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(sample) + "\n" for sample in samples))
    return path


def predictions(rows, *, scored: bool = False) -> list[dict]:
    """VLMEvalKit's rows of VSI-Bench, with the marks of a scored file."""
    table = []
    for row in rows:
        out = {
            "index": row["id"],
            "video": f"{row['dataset']}/{row['scene_name']}.mp4",
            "candidates": str(row["options"] or []),
            "question": row["question"],
            "answer": row["ground_truth"],
            "question_type": row["question_type"],
            "prediction": f"<think>B or A?</think> <answer>{row['prediction']}</answer>",
        }
        if scored:
            choice = "accuracy" in row
            out |= {"pred_extracted": row["prediction"], "hit": row.get("accuracy"), MRA: row.get(MRA)}
            out |= {"task_type": "MCQ" if choice else "NA"}
        table.append(out)
    return table


def multiple_choice(items: int = 8) -> list[dict]:
    """VLMEvalKit's rows of a data set with lettered options."""
    said = ["A", "(B)", "Answer: C", "none of them"]
    return [
        {
            "index": number,
            "question": f"Synthetic {number}?",
            "A": "chair",
            "B": "desk",
            "C": "bed",
            "answer": "ABC"[number % 3],
            "category": ["depth", "relation"][number % 2],
            "prediction": said[number % 4],
        }
        for number in range(items)
    ]


def write_predictions(folder: Path, rows, name: str) -> Path:
    path = folder / name
    columns = list(rows[0])
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in [columns, *([row[name] for name in columns] for row in rows)]:
            book.active.append(row)
        book.save(path)
    elif path.suffix == ".json":
        path.write_text(json.dumps(rows, indent=4))
    else:
        with open(path, "w", newline="") as file:
            writer = csv.DictWriter(file, columns, delimiter="\t")
            writer.writeheader()
            writer.writerows(rows)
    return path
