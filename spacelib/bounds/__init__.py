"""Bounds: the theorems' formulas as batched, certified, differentiable numbers.

One module or folder a room: `binary_kl` is the divergence of the data-processing inequality with its two inverses,
`capacity` what a mutual information says of an accuracy, `frames` what several frames add, `samples` how many samples
an accuracy takes, `transfer` what a risk on some scenes says of the risk on others, `tradeoff` when explicit 3D errs less
than a learned model. Arguments may be torch tensors (any device, float32 or float64), numpy arrays or numbers; results
come back in kind. Nats throughout. Every bound is rounded to its safe side; figures that are no bounds say how exact
they are.
"""

from spacelib.bounds.binary_kl import inverse_first, inverse_second, kl
from spacelib.bounds.capacity import *  # noqa: F403  (its __all__)
from spacelib.bounds.capacity import __all__ as _capacity
from spacelib.bounds.frames import *  # noqa: F403
from spacelib.bounds.frames import __all__ as _frames
from spacelib.bounds.samples import *  # noqa: F403
from spacelib.bounds.samples import __all__ as _samples
from spacelib.bounds.tradeoff import *  # noqa: F403
from spacelib.bounds.tradeoff import __all__ as _tradeoff
from spacelib.bounds.transfer import *  # noqa: F403
from spacelib.bounds.transfer import __all__ as _transfer

__all__ = ["inverse_first", "inverse_second", "kl", *_capacity, *_frames, *_samples, *_tradeoff, *_transfer]
