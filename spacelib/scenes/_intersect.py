"""Where a ray enters a box or a ball, in the object's own frame scaled so that it reaches from -1 to 1 along each axis.

Rays come axis first, (3, ...), so that every operation runs over whole contiguous tensors. A ray's parameter t is not
changed by the scaling; with directions of unit depth it is the depth. A ray that misses, or starts inside, gets inf:
only outer faces are seen. Gradients are those of the hit, and zero where there is none.
"""

import torch
from torch import Tensor


def enter_box(origin: Tensor, direction: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Parameter t of the hit, and whether the face is across the first, across the second axis (else the third).

    Slabs: the ray is in the box from the last entry into a slab to the first exit from one (Kay and Kajiya 1986).
    """
    tiny = torch.finfo(direction.dtype).tiny ** 0.5  # a ray along a face: far away, yet no inf - inf
    inverse = torch.where(direction.abs() < tiny, tiny, direction).reciprocal()
    middle, half = origin * inverse, inverse.abs()
    enter, leave = -middle - half, half - middle
    last = torch.maximum(torch.maximum(enter[0], enter[1]), enter[2])
    first = torch.minimum(torch.minimum(leave[0], leave[1]), leave[2])
    t = torch.where((last < first) & (last > 0), last, torch.inf)
    return t, enter[0] == last, enter[1] == last


def enter_ball(origin: Tensor, direction: Tensor) -> Tensor:
    """Parameter t of the hit: the smaller root of |o + t d|² = 1.

    A quarter of its discriminant is |d|² (1 - m²), with m the ray's distance from the centre, taken at its nearest
    point: b² - a c would lose half the digits far away.
    """
    a = (direction * direction).sum(0)
    b = (origin * direction).sum(0)
    nearest = origin - (b / a) * direction
    inside = 1 - (nearest * nearest).sum(0)
    hit = inside > 0
    t = (-b - (torch.where(hit, inside, 1.0) * a).sqrt()) / a
    return torch.where(hit & (t > 0), t, torch.inf)
