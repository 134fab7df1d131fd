"""Open3D-VQA: space seen from above a city, free answers.

The official evaluation's file is nested: dataset, scene, then records `id, image_name, qa_info, question, answer,
response`. An item is dataset, scene and id; a scene is dataset and scene. Answers are free texts, which the owners have
a language model mark; how it marks numbers is not documented where this library can see it, so all of them need a judge
here, and a file of responses alone gives no figures.

Source: Zhang et al. 2025 (Open3D-VQA).
"""

from spacelib.benchmarks.fields import keyed
from spacelib.benchmarks.questions import Questions
from spacelib.benchmarks.reading import shown
from spacelib.benchmarks.records import JUDGE_RULE

from . import forms

NAME = "Open3D-VQA"
_FIELDS = {"id": (int, str), "image_name": str, "qa_info": dict, "question": str, "answer": str}


def recognises(content) -> bool:
    """Whether the file is an object of objects of lists, with records of the official fields in the first."""
    for _ in range(2):
        if not isinstance(content, dict) or not content:
            return False
        content = next(iter(content.values()))
    return isinstance(content, list) and set(forms.first_record(content)) >= set(_FIELDS)


def questions(path, content) -> Questions:
    """The records as questions, one task a type of qa_info, one frame each.

    Errors: ValueError naming file, dataset, scene and record for one not of the official form, a qa_info without type,
    or an id given twice.
    """
    rows = []
    for dataset, scenes in content.items():
        if not isinstance(scenes, dict):
            raise ValueError(f"{path}: {shown(dataset)}: scenes were expected, found {shown(scenes)}")
        for name, records in scenes.items():
            scene = str(forms.picture(f"{dataset}/{name}", f"{path}: {shown(dataset)}"))
            for item, record in keyed(records, _FIELDS, f"{path}: {scene}", others=True).items():
                if not isinstance(kind := record["qa_info"].get("type"), str):
                    raise ValueError(f"{path}: {scene}: id {shown(str(item))}: qa_info has no type")
                shared = {"item": f"{scene}/{item}", "task": kind, "scene": scene, "frames": 1}
                answer = {"answer_type": "text", "gold": record["answer"], "rule": JUDGE_RULE}
                rows.append(shared | answer | {"question": record["question"]})
    return forms.questions(path, NAME, rows)
