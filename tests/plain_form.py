"""Small synthetic records in the plain form."""

import csv
import json
from pathlib import Path

CHOICES = [
    {"item": "1", "scene": "room 1", "options": ["left", "right"], "gold": "A", "prediction": "(A) left"},
    {"item": "2", "scene": "room 1", "options": ["left", "right"], "gold": "B", "prediction": "Answer: A"},
    {"item": "3", "scene": "room 2", "options": ["left", "right"], "gold": "B", "prediction": None},
]
NUMBERS = [
    {"item": "1", "answer_type": "number", "unit": "m", "rule": "within 10 %", "gold": 2, "prediction": "2.1 m"},
    {"item": "2", "answer_type": "number", "unit": "m", "rule": "within 10 %", "gold": "2", "prediction": 3},
]
VECTORS = [
    {
        "item": "1",
        "answer_type": "vector",
        "unit": "mm",
        "rule": "within 20 % of the length",
        "gold": [0, 100, 0],
        "prediction": "It moved by `[ 10 , 100 , 0 ]` mm.",
    }
]
TEXTS = [
    {"item": "1", "answer_type": "text", "gold": "a chair", "prediction": "the chair", "correct": True, "judge": True},
    {"item": "2", "answer_type": "text", "gold": "a bed", "prediction": "a desk", "correct": False},
]


def write_lines(folder: Path, records, header=None, name: str = "synthetic.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(value) + "\n" for value in ([header] if header else []) + records))
    return path


def write_csv(folder: Path, records, name: str = "synthetic.csv", delimiter: str = ",") -> Path:
    path = folder / name
    columns = list(dict.fromkeys(key for record in records for key in record))
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, columns, delimiter=delimiter)
        writer.writeheader()
        for record in records:
            cells = {k: v if isinstance(v, str) else json.dumps(v) for k, v in record.items() if v is not None}
            writer.writerow(cells)
    return path
