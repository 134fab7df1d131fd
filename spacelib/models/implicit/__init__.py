"""The learned paradigm: a compact transformer over frames, trained where Bayes' answer is known; its posteriors."""

from spacelib.models.implicit.learning import learning_curves, learning_table
from spacelib.models.implicit.live import Learned, learn_question
from spacelib.models.implicit.network import Implicit
from spacelib.models.implicit.posteriors import Posterior, laplace, last_layer, mean_field, network_answers
from spacelib.models.implicit.task import Drawn, Task, coarser
from spacelib.models.implicit.training import answers_of, loss_of, misses, train

__all__ = [
    "Drawn",
    "Implicit",
    "Learned",
    "Posterior",
    "Task",
    "answers_of",
    "coarser",
    "last_layer",
    "laplace",
    "learn_question",
    "learning_curves",
    "learning_table",
    "loss_of",
    "mean_field",
    "misses",
    "network_answers",
    "train",
]
