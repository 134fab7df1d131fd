"""ReVSI: VSI-Bench's kinds of question asked anew, with right answers for the frames that are shown.

Official files: https://huggingface.co/datasets/3dlg-hcvc/ReVSI, one Parquet file a frame budget (16, 32, 64, all): `id,
dataset, scene_id, question_type, question, options, ground_truth, num_frames`. The same question may have another right
answer at another budget, since what is counted are the objects in those frames: so one file is one budget, and answers
of two budgets to one id are answers to two questions. Answers are read and scored as VSI-Bench's: the first word, a
letter or a number by mean relative accuracy over ten tolerances. No file was at hand: the fields and types are those
that projects which evaluate on it read.

Source: the benchmark's page, https://3dlg-hcvc.github.io/revsi (2026).
"""

from spacelib.benchmarks.fields import keyed
from spacelib.benchmarks.questions import Questions
from spacelib.benchmarks.reading import shown

from . import forms
from .vsibench import UNITS as VSI_UNITS
from .vsibench import answer_columns

NAME = "ReVSI"
UNITS = {  # of the types that are answered with a number
    "object_counting_single": VSI_UNITS["object_counting"],
    "object_counting_multiple": VSI_UNITS["object_counting"],
    "object_abs_distance": VSI_UNITS["object_abs_distance"],
    "object_size_estimation": VSI_UNITS["object_size_estimation"],
    "room_size_estimation_single": VSI_UNITS["room_size_estimation"],
    "room_size_estimation_multiple": VSI_UNITS["room_size_estimation"],
}
_LETTERED = (
    *(f"object_rel_direction_{way}_{level}" for way in ("forward", "backward") for level in ("easy", "hard")),
    "object_rel_distance_closest",
    "object_rel_distance_farthest",
    "route_planning",
)
TYPES = (*UNITS, *_LETTERED)
_FIELDS = {
    "id": (int, str),
    "dataset": str,
    "scene_id": str,
    "question_type": str,
    "question": str,
    "options": (list, type(None)),
    "ground_truth": (str, int, float),
    "num_frames": int,
}


def recognises(content) -> bool:
    """Whether the first record has the official fields."""
    return set(forms.first_record(content)) >= set(_FIELDS)


def questions(path, content) -> Questions:
    """The records of one frame budget as questions, one task a type.

    Errors: ValueError naming file and record for one not of the official form, an unknown type, a scene that is no
    name, options that do not go with the type, a right answer that is none of the options or no positive number, an id
    given twice (as by two budgets together).
    """
    rows = []
    for item, record in keyed(content, _FIELDS, path, others=True).items():
        where, kind = f"{path}: item {shown(str(item))}", record["question_type"]
        if kind not in TYPES:
            raise ValueError(f"{where}: the question_type {shown(kind)} is none of {', '.join(TYPES)}")
        rows.append(
            {
                "item": str(item),
                "task": kind,
                "scene": str(forms.picture(f"{record['dataset']}/{record['scene_id']}", where)),
                "frames": record["num_frames"],
                "question": record["question"],
            }
            | answer_columns(record["options"] or [], record["ground_truth"], UNITS.get(kind), where)
        )
    return forms.questions(path, NAME, rows)
