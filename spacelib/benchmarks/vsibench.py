"""VSI-Bench (Yang et al. 2025): how many questions it asks of each type, and which types SpatialRGPT-Bench asks too."""

import pandas as pd

from .reading import read_json, shown
from .shipped import TABLES

NAME = "VSI-Bench"
QUESTIONS = "vsibench/vsi_bench.json"
TYPES = "vsibench_types.csv"

# What SpatialRGPT-Bench asks that is nearest to each type; empty where it asks nothing like it. In VSI-Bench a size is
# the longest side, left and right are those of somebody who stands in the room, and hard directions are quadrants.
COUNTERPARTS = {
    "object_counting": (),
    "object_size_estimation": ("width", "height"),
    "object_abs_distance": ("direct_distance",),
    "room_size_estimation": (),
    "object_rel_distance": (),
    "object_rel_direction_easy": ("left_right",),
    "object_rel_direction_medium": ("left_right", "behind_front"),
    "object_rel_direction_hard": ("direction",),
    "route_planning": (),
    "obj_appearance_order": (),
}


def vsibench_types(*, tables=TABLES) -> pd.DataFrame:
    """The questions of VSI-Bench by type, one row a type: the shipped counts.

    Columns: type; items; videos that it is asked of; repository, commit and licence of the question file. `tables` is
    the folder of the table. Source: Yang et al. 2025 (the benchmark); the file as another project redistributes it.
    """
    return pd.read_csv(tables / TYPES)


def vsibench_counterparts(*, tables=TABLES) -> pd.DataFrame:
    """The same types with what SpatialRGPT-Bench asks in their place, one row a type and counterpart.

    Columns: type; task (of SpatialRGPT-Bench; missing where it has no counterpart); items, the type's number of
    questions, in equal parts where it has several counterparts: floats, since an odd number halves to a half question
    (a weight of a mix, not a count), and so a type's parts sum to its number. The mapping is this library's reading of
    both benchmarks, no published one.
    """
    rows = []
    for row in vsibench_types(tables=tables).itertuples():
        tasks = COUNTERPARTS[row.type] or (None,)
        rows += [(row.type, task, row.items / len(tasks)) for task in tasks]
    return pd.DataFrame(rows, columns=["type", "task", "items"])


def count_types(path) -> pd.DataFrame:
    """Counts by type from a question file, in the order of `COUNTERPARTS`: columns type, items, videos.

    Errors: ValueError naming file and record where a record has no video or an unknown type.
    """
    records = read_json(path)
    if not isinstance(records, list) or not records:
        raise ValueError(f"{path}: expected a list of records, found {shown(records)}")
    pairs = []
    for number, record in enumerate(records, 1):
        of = record if isinstance(record, dict) else {}
        kind, video = of.get("question_type"), of.get("mp4_path")
        if kind not in tuple(COUNTERPARTS) or not isinstance(video, str):
            expected = f"a video and a type of {', '.join(COUNTERPARTS)}"
            raise ValueError(f"{path}: record {number}: expected {expected}, found {shown(video)} and {shown(kind)}")
        pairs.append((kind, video))
    groups = pd.DataFrame(pairs, columns=["type", "video"]).groupby("type")["video"]
    counts = pd.DataFrame({"items": groups.size(), "videos": groups.nunique()})
    return counts.reindex(list(COUNTERPARTS), fill_value=0).rename_axis("type").reset_index()


def vsibench_overall(records: pd.DataFrame) -> float:
    r"""The benchmark's overall score of one model's records, in [0, 1].

    .. math:: \frac{1}{8} \sum_{k} \bar s_k

    The mean over eight kinds of question of their mean scores; the kind of directions is itself the mean of its easy,
    medium and hard types' means. So a question's weight depends on its type: no mean over questions.
    Parameters: records, a table with the columns task (the types of `vsibench_types`), score in [0, 1].
    Errors: ValueError where a type has no record or another task has one: the overall score is not defined then.
    Source: Yang et al. 2025 (VSI-Bench), section 3 and its evaluation code.
    """
    if odd := sorted(set(COUNTERPARTS) ^ set(records["task"])):
        raise ValueError(f"vsibench_overall: records of each type and no others expected; missing or unknown: {odd}")
    means = records["score"].astype("float64").groupby(records["task"]).mean()
    directions = means.index.str.startswith("object_rel_direction_")
    return float((means[~directions].sum() + means[directions].mean()) / ((~directions).sum() + 1))
