"""Questions about scenes, with exact right answers: twins of three benchmarks' subtasks.

`generate` asks what SpatialRGPT-Bench (twelve categories), MultiSPA (26 subtasks) and CA-VQA (six tasks) ask, in words
of our own and in the official answer formats; `score` marks an answer by the official rule; `spacelib.scenes.official`
writes the questions in the official file forms. All of it is synthetic, and every record says so.

Names of subtasks. SpatialRGPT-Bench's are those of `spacelib.benchmarks`, CA-VQA's the official folders'. Of MultiSPA's
26 the record forms name `object_perception_{height|length|width}` (with `_k1` to `_k6` for the frames) and the values
that the nine camera subtasks ask for; the prefix `camera_` and the names of the fourteen (points, and how objects move)
are ours, in the official pattern. That there are 26, and how they split, agrees with the published table: its shares
are multiples of 1/300, 1/600, 1/900 or 1/1,200, so 2 + 2 + 1 + 1 subtasks on points, 2 + 2 + 3 + 1 + 1 on the camera, 4
+ 4 on objects' movement and 3 on their size.
"""

from spacelib.scenes.questions.answers import FORMATS, score
from spacelib.scenes.questions.family import BENCHMARKS, CAVQA, MULTISPA, SPATIALRGPT, Mark, Question, Subject
from spacelib.scenes.questions.generate import FAMILIES, generate, tasks

__all__ = [
    "BENCHMARKS",
    "CAVQA",
    "FAMILIES",
    "FORMATS",
    "MULTISPA",
    "SPATIALRGPT",
    "Mark",
    "Question",
    "Subject",
    "generate",
    "score",
    "tasks",
]
