"""RoboSpatial-Home: may it go there, is it there, and where is there room, in pictures of homes.

Official files: https://huggingface.co/datasets/chanhee-luke/RoboSpatial-Home and, as its evaluation writes them, JSON
records `img, category, question, answer`. There is no identifier: the item is the record's number, from 1; a scene is
the picture. Yes and no are read where an answer begins with them. Questions for a point (category context) have a
polygon as right answer, and an answer counts if the first point in it lies inside: no rule here marks regions, so they
are left out, and named.

Source: Song et al. 2025 (RoboSpatial); its evaluation code, https://github.com/chanhee-luke/RoboSpatial-Eval.
"""

from spacelib.benchmarks.fields import some
from spacelib.benchmarks.questions import Questions

from . import forms

NAME = "RoboSpatial-Home"
_FIELDS = {"img": str, "category": str, "question": str, "answer": str}
_OPTIONS = ("Yes", "No")


def recognises(content) -> bool:
    """Whether the first record has the official fields, with or without depth and mask."""
    return set(_FIELDS) <= set(forms.first_record(content)) <= {*_FIELDS, "depth_image", "mask"}


def questions(path, content) -> Questions:
    """The records as questions, one task a category, one frame each.

    Errors: ValueError naming file and record for one not of the official form, a name of a picture that leaves its
    folder, a right answer that is neither yes, no nor a list of points, and for no question that is answered yes or no.
    """
    rows, regions = [], []
    for number, where, record in forms.numbered(content, _FIELDS, path, others=True):
        answer = record["answer"].strip()
        if answer.startswith("["):
            regions.append(str(number))
            continue
        rows.append(
            {
                "item": str(number),
                "task": record["category"],
                "scene": str(forms.picture(record["img"], where)),
                "frames": 1,
                "question": record["question"],
            }
            | forms.choice(_OPTIONS, forms.right_letter(answer.capitalize(), _OPTIONS, where), "yes or no")
        )
    told = f"Questions for a point inside a region, {len(regions)} ({some(regions)}): no rule marks regions, left out."
    return forms.questions(path, NAME, rows, warnings=(told,) if regions else ())
