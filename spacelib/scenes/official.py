"""Questions about scenes in the official file forms of three benchmarks, every record marked as synthetic.

What is not as in the owners' files, and why:

- SpatialRGPT-Bench: masks are run lengths that are written out (COCO's uncompressed form), nested fields are JSON.
- MultiSPA: `displacement_vector` among the answer values is in metres, as documented. `gt_value` is in the
  millimetres that the question asks for, also for vectors and for the dot versions of object movement, where the
  owners' files have metres and vectors: that fault is not mirrored.
- CA-VQA: the same rows, one JSON record a line in place of Arrow files (`datasets.Dataset.from_json(...)` and
  `save_to_disk` make the official folder of them). Only the true depth map is there; the other two are null.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from spacelib.benchmarks.writing import write_whole
from spacelib.scenes.official_files import (
    checked,
    scene_name,
    whole_folder,
    write_depth,
    write_lines,
    write_picture,
)
from spacelib.scenes.questions import CAVQA, FORMATS, MULTISPA, SPATIALRGPT, Question, score
from spacelib.scenes.questions.cavqa import SUPPORT
from spacelib.scenes.render import Frames


def write_spatialrgpt(folder, questions: Sequence[Question], frames: Frames) -> None:
    """SpatialRGPT-Bench's own records, `questions.jsonl`, with their pictures below `synthetic/`.

    `frames` are the scenes as rendered for the questions. The folder is written whole or not at all.
    Errors: ValueError for no questions, another benchmark's, an id that stands twice, frames that do not show them;
    FileExistsError where the folder is there.
    """
    checked("write_spatialrgpt", questions, SPATIALRGPT, frames)
    with whole_folder(folder) as root:
        records = [_spatialrgpt(root, question, frames) for question in questions]
        write_lines(root / "questions.jsonl", records)


def _spatialrgpt(root: Path, question: Question, frames: Frames) -> dict:
    width, height = question.image
    regions = question.geometry["regions"]
    path = f"synthetic/{write_picture(root / 'synthetic', question, frames, question.frames[0])}"
    masked = question.text
    for number in range(len(regions)):
        masked = masked.replace(f"Region [{number}]", "<mask>")
    return {
        "id": question.id,
        "image_info": {"file_path": path, "height": height, "width": width, "dataset": "synthetic"},
        "text_q": question.text,
        "qa_info": _qa_info(question),
        "conversations": [{"from": "human", "value": masked}, {"from": "gpt", "value": question.answer}],
        "bbox": [region["box"] for region in regions],
        "rle": [{"size": [height, width], "counts": run_lengths(region["mask"])} for region in regions],
    }


def _qa_info(question: Question) -> dict:
    kind = "qualitative" if question.unit is None else "quantitative"
    return {"type": kind, "category": question.geometry["category"]}


def run_lengths(mask: np.ndarray) -> list[int]:
    """Lengths of the runs of a mask (height, width), column after column, the first of them zeros (COCO)."""
    flat = np.concatenate([[False], np.asarray(mask, bool).ravel(order="F")])
    ends = np.flatnonzero(np.diff(flat.astype(np.int8)))
    return np.diff([0, *ends.tolist(), flat.size - 1]).tolist()


def write_spatialrgpt_predictions(path, questions: Sequence[Question], answers: Mapping[str, str], model: str) -> None:
    """A model's answers, by question id, as the official evaluation writes them: no marks.

    Errors: ValueError for questions as in `write_spatialrgpt`, and for an answer that is missing.
    """
    checked("write_spatialrgpt_predictions", questions, SPATIALRGPT)
    records = [
        {
            "question_id": question.id,
            "image": f"synthetic/{scene_name(question)}/frame_{question.frames[0]}.png",
            "question": question.text,
            "pred": _answer("write_spatialrgpt_predictions", answers, question),
            "gt": question.answer,
            "model_id": model,
            "qa_info": _qa_info(question),
        }
        for question in questions
    ]
    write_whole(path, "".join(json.dumps(record) + "\n" for record in records))


def write_spatialrgpt_log(path, questions: Sequence[Question], answers: Mapping[str, str]) -> None:
    """A model's answers, by question id, as a judged log. The judge is `score`: it says so in every response.

    Errors: as `write_spatialrgpt_predictions`.
    """
    checked("write_spatialrgpt_log", questions, SPATIALRGPT)
    records = []
    for question in questions:
        said = _answer("write_spatialrgpt_log", answers, question)
        right = score(question, said)
        response = {"output": int(right), "judge": "synthetic: by rule, no language model"}
        if question.unit == "m":
            response["predicted_meters"] = FORMATS[question.answer_format].read(said)
        info = _qa_info(question)
        records.append(
            {
                "id": question.id,
                "question": question.text,
                "ground_truth": question.answer,
                "prediction": said,
                "qa_type": info["type"],
                "qa_category": info["category"],
                "score": float(right),
                "correct": right,
                "judge_response": json.dumps(response),
            }
        )
    write_whole(path, "".join(json.dumps(record) + "\n" for record in records))


def _answer(function: str, answers: Mapping[str, str], question: Question) -> str:
    if not isinstance(said := answers.get(question.id), str):
        raise ValueError(f"{function}: answers must hold a text for question {question.id}, got {said!r}")
    return said


def write_multispa(folder, questions: Sequence[Question], frames: Frames) -> None:
    """MultiSPA's evaluation records, one file `{task}.jsonl` a subtask, with the pictures of each scene in its folder.

    `question_type` is the subtask, for object sizes with the number of frames behind it (`..._k3`). Errors and
    atomicity: as `write_spatialrgpt`.
    """
    checked("write_multispa", questions, MULTISPA, frames)
    with whole_folder(folder) as root:
        for task in dict.fromkeys(question.task for question in questions):
            chosen = [question for question in questions if question.task == task]
            write_lines(root / f"{task}.jsonl", [_multispa(root, question, frames) for question in chosen])


def _multispa(root: Path, question: Question, frames: Frames) -> dict:
    width, height = question.image
    count = len(question.frames)
    sized = question.task.startswith("object_perception")
    return {
        "id": question.id,
        "image": [write_picture(root, question, frames, frame) for frame in question.frames],
        "text": question.text,
        "height_list": [height] * count,
        "width_list": [width] * count,
        "question_type": f"{question.task}_k{count}" if sized else question.task,
        "gt_value": _rounded(question.gold),
    } | question.geometry


def _rounded(gold):
    """Whole numbers in place of exact ones, as the owners have them; words and letters as they are."""
    if isinstance(gold, str):
        return gold
    return [round(value) for value in gold] if isinstance(gold, tuple) else round(gold)


def write_cavqa(folder, questions: Sequence[Question], frames: Frames) -> None:
    """CA-VQA's rows, a folder a task with `rows.jsonl`, pictures and true depth maps (16 bits, mm) below `frames/`.

    Errors and atomicity: as `write_spatialrgpt`.
    """
    checked("write_cavqa", questions, CAVQA, frames)
    with whole_folder(folder) as root:
        for task in dict.fromkeys(question.task for question in questions):
            (root / task).mkdir()
            chosen = [question for question in questions if question.task == task]
            write_lines(root / task / "rows.jsonl", [_cavqa(root, question, frames) for question in chosen])


def _cavqa(root: Path, question: Question, frames: Frames) -> dict:
    names = ("reference_frame", *(f"support_frame_{i + 1}" for i in range(SUPPORT)))
    row = {"id": question.id, "question": question.text, "answer": question.answer} | dict.fromkeys(names)
    for name, frame, view in zip(names, question.frames, question.geometry["views"], strict=False):
        row[name] = {
            "image": {"path": f"frames/{write_picture(root / 'frames', question, frames, frame)}"},
            "depth_map_ground_truth": {"path": f"frames/{write_depth(root / 'frames', question, frames, frame)}"},
            "depth_map_arkit": None,
            "depth_map_monocular": None,
        } | view
    return row
