"""The tightness meter: main bounds beside the truths that they bound, on synthetic twins of three benchmarks.

`twin` makes a subtask an exact channel; `look` samples pictures with the exact law of the right answer; `readings` sets
the bounds of capacity, frames, samples and transfer beside the truth, `sides` the two paradigms; `tightness_table` and
`sides_table` record all twins at five noises, and `meter` sums them up. `order` asks what the order of two frames tells.
"""

from spacelib.models.validation.exact import Seen, look
from spacelib.models.validation.films import Order, order, sideways
from spacelib.models.validation.reading import Reading
from spacelib.models.validation.paradigms import SIZES, Sides, implicit_losses, pipeline_losses, precision, sides
from spacelib.models.validation.tables import meter, sides_table, tightness_table, twins_table
from spacelib.models.validation.tightness import readings
from spacelib.models.validation.twins import Twin, twin

__all__ = [
    "SIZES",
    "Order",
    "Reading",
    "Seen",
    "Sides",
    "Twin",
    "implicit_losses",
    "look",
    "meter",
    "order",
    "pipeline_losses",
    "precision",
    "readings",
    "sides",
    "sides_table",
    "sideways",
    "tightness_table",
    "twin",
    "twins_table",
]
