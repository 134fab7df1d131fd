"""The learned paradigm: a compact transformer over frames, trained on scenes with exact best answers, and its posteriors."""

from spacelib.models.implicit.network import Implicit
from spacelib.models.implicit.posteriors import Posterior, last_layer, laplace, mean_field, network_answers
from spacelib.models.implicit.task import Drawn, Task, coarser
from spacelib.models.implicit.training import answers_of, loss_of, misses, train

__all__ = [
    "Drawn",
    "Implicit",
    "Posterior",
    "Task",
    "answers_of",
    "coarser",
    "last_layer",
    "laplace",
    "loss_of",
    "mean_field",
    "misses",
    "network_answers",
    "train",
]
