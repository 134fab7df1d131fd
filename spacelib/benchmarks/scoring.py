"""The official scoring rules of the benchmarks, each a function with a name. torch in, torch out; numpy and floats too.

Every rule takes predictions and right answers and says item by item whether the answer counts (or what share of it
counts); a prediction that could not be read is NaN and fails. A right answer that the rule cannot be used with is an
error. Ends that a rule includes are included exactly as double arithmetic gives them.
"""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from .boxes import box_overlap, solid_overlap

Numbers = Tensor | np.ndarray | float

SPATIALRGPT_LOW, SPATIALRGPT_HIGH = 0.75, 1.25
MULTISPA_SHARE, MULTISPA_WIDTH = 0.2, 0.05
CAVQA_SHARE, CAVQA_BOX, CAVQA_SOLID = 0.1, 0.5, 0.15
MRA_LEVELS = tuple(np.linspace(0.5, 0.95, 10).tolist())  # as officially computed: the ninth is a little below 0.9


def choice_matches(prediction, gold) -> np.ndarray:
    r"""Multiple choice: the answered letter is the right one, as VLM4D, BLINK, VSI-Bench and MultiSPA score it.

    .. math:: 1[\hat a = a]

    Parameters: prediction, gold: sequences of letters of the same length; None (or pandas' NA) for no answer, which
    fails. Returns booleans, shape (items,).
    Errors: ValueError for unequal lengths or a right answer that is missing.
    Source: Zhou et al. 2025 (VLM4D); Fu et al. 2024 (BLINK); Yang et al. 2025 (VSI-Bench); Xu et al. 2025 (MultiSPA).
    """
    if len(prediction) != len(gold):
        raise ValueError(f"choice_matches: {len(prediction)} predictions but {len(gold)} right answers")
    if missing := [i for i, right in enumerate(gold) if not isinstance(right, str)]:
        raise ValueError(
            f"choice_matches: the right answer at index {missing[0]} is {gold[missing[0]]!r}, not a letter"
        )
    return np.array([isinstance(said, str) and said == right for said, right in zip(prediction, gold)], dtype=bool)


def spatialrgpt_length_counts(prediction: Numbers, gold: Numbers):
    r"""SpatialRGPT-Bench, distances and sizes: within 25 % of the right one.

    .. math:: 1[0.75\, g \le p \le 1.25\, g]

    Parameters: prediction, gold in one unit (metres officially), broadcast; NaN prediction: none was read.
    Returns booleans in the shape of both. Errors: ValueError for a gold that is not positive and finite.
    Source: Cheng et al. 2024 (SpatialRGPT), section 4 and the evaluation script.
    """
    p, g, back = _numbers("spatialrgpt_length_counts", prediction, gold, positive=True)
    return back((p >= SPATIALRGPT_LOW * g) & (p <= SPATIALRGPT_HIGH * g))


def spatialrgpt_direction_counts(prediction: Numbers, gold: Numbers):
    r"""SpatialRGPT-Bench, directions: within one hour on the clock.

    .. math:: 1[\min(d, 12 - d) \le 1], \quad d = |p - g|

    Parameters: prediction, gold in clock hours in (0, 12], broadcast; NaN prediction: none was read.
    Returns booleans in the shape of both. Errors: ValueError for a gold or a prediction outside (0, 12].
    Source: Cheng et al. 2024 (SpatialRGPT), section 4 and the evaluation script.
    """
    name = "spatialrgpt_direction_counts"
    p, g, back = _numbers(name, prediction, gold, positive=True)
    for what, hours in (("gold", g), ("prediction", p[~p.isnan()])):
        if bool(((hours <= 0) | (hours > 12)).any()):
            raise ValueError(
                f"{name}: {what} must be clock hours in (0, 12], got {_first(hours, (hours <= 0) | (hours > 12))}"
            )
    distance = (p - g).abs()
    return back(torch.minimum(distance, 12 - distance) <= 1)


def multispa_scalar_counts(prediction: Numbers, gold: Numbers):
    r"""MultiSPA, numbers: within 20 % of the right one.

    .. math:: 1[|p - g| \le 0.2\, |g|]

    Parameters: prediction, gold in one unit (millimetres or degrees officially), broadcast. Returns booleans in the
    shape of both. Errors: ValueError for a gold that is not finite.
    Source: Xu et al. 2025 (Multi-SpatialMLLM), section 4.
    """
    p, g, back = _numbers("multispa_scalar_counts", prediction, gold)
    return back((p - g).abs() <= MULTISPA_SHARE * g.abs())


def multispa_vector_counts(prediction: Numbers, gold: Numbers):
    r"""MultiSPA, displacement vectors: off by at most 20 % of the right one's length.

    .. math:: 1[\lVert p - g \rVert \le 0.2\, \lVert g \rVert]

    Parameters: prediction, gold of shape (\*batch, dimension) in one unit. Returns booleans of shape (\*batch).
    Errors: ValueError for a gold that is not finite or for no last dimension.
    Source: Xu et al. 2025 (Multi-SpatialMLLM), section 4.
    """
    p, g, back = _numbers("multispa_vector_counts", prediction, gold)
    if p.ndim == 0:
        raise ValueError("multispa_vector_counts: vectors of shape (..., dimension) were expected, got single numbers")
    return back((p - g).norm(dim=-1) <= MULTISPA_SHARE * g.norm(dim=-1))


def multispa_pixel_counts(prediction: Numbers, gold: Numbers, width: Numbers):
    r"""MultiSPA, points in an image: at most 5 % of the image's width away.

    .. math:: 1[\lVert p - g \rVert \le 0.05\, w]

    Parameters: prediction, gold of shape (\*batch, 2), width of shape (\*batch), all in one unit (pixels, or the 1,000
    parts of the official coordinates, width then 1,000). Returns booleans of shape (\*batch).
    Errors: ValueError for a gold that is not finite, points without two coordinates, or a width that is not positive.
    Source: Xu et al. 2025 (Multi-SpatialMLLM), section 4.
    """
    name = "multispa_pixel_counts"
    p, g, back = _numbers(name, prediction, gold)
    if p.shape[-1:] != (2,):
        raise ValueError(f"{name}: points of shape (..., 2) were expected, got {tuple(p.shape)}")
    _, w, _ = _numbers(name, 0.0, width, positive=True, called="width")
    return back((p - g).norm(dim=-1) <= MULTISPA_WIDTH * w.to(p.device))


def cavqa_regression_counts(prediction: Numbers, gold: Numbers):
    r"""CA-VQA, distances and sizes: relative error of at most 10 %.

    .. math:: 1[|p - g| \le 0.1\, g]

    Parameters: prediction, gold in one unit (metres or centimetres as asked), broadcast. Returns booleans in the shape
    of both. Errors: ValueError for a gold that is not positive and finite.
    Source: Daxberger et al. 2025 (MM-Spatial, CA-VQA), table 3.
    """
    p, g, back = _numbers("cavqa_regression_counts", prediction, gold, positive=True)
    return back((p - g).abs() <= CAVQA_SHARE * g)


def cavqa_count_matches(prediction: Numbers, gold: Numbers):
    r"""CA-VQA, counts: the right number of objects.

    .. math:: 1[p = g]

    Parameters: prediction, gold, broadcast; NaN prediction: none was read. Returns booleans in the shape of both.
    Errors: ValueError for a gold that is no whole number from 0 on.
    Source: Daxberger et al. 2025 (MM-Spatial, CA-VQA), table 3.
    """
    p, g, back = _numbers("cavqa_count_matches", prediction, gold)
    if bool((wrong := (g < 0) | (g != g.round())).any()):
        raise ValueError(f"cavqa_count_matches: gold must be whole numbers from 0 on, got {_first(g, wrong)}")
    return back(p == g)


def cavqa_box_counts(prediction: Numbers, gold: Numbers):
    r"""CA-VQA, 2D grounding: the boxes share at least half of what they cover.

    .. math:: 1[\text{IoU}(p, g) \ge 0.5]

    A question has one right box and one answered, so its average precision (AP@50) is 0 or 1, and the mean over
    questions is the share of these.
    Parameters: prediction, gold of shape (\*batch, 4): left, top, right, bottom in one unit. Returns booleans of shape
    (\*batch). Errors: ValueError for a gold that is not finite or has a side not above 0, or another last dimension. A
    prediction with a side not above 0 fails.
    Source: Daxberger et al. 2025 (MM-Spatial, CA-VQA), table 3.
    """
    return _box_counts("cavqa_box_counts", prediction, gold, 4, box_overlap, CAVQA_BOX)


def cavqa_solid_counts(prediction: Numbers, gold: Numbers):
    r"""CA-VQA, 3D grounding: the solid boxes share at least 15 % of what they fill (AP@15, as `cavqa_box_counts`).

    .. math:: 1[\text{IoU}(p, g) \ge 0.15]

    Parameters: prediction, gold of shape (\*batch, 7): centre x, y, z, sizes along the box's own x, y, z in one unit,
    turn about z in radians. Returns booleans (\*batch). Errors: as `cavqa_box_counts`.
    Source: Daxberger et al. 2025 (MM-Spatial, CA-VQA), table 3.
    """
    return _box_counts("cavqa_solid_counts", prediction, gold, 7, solid_overlap, CAVQA_SOLID)


def mean_relative_accuracy(prediction: Numbers, gold: Numbers):
    r"""VSI-Bench, numbers: the share of ten tolerances that the relative error keeps.

    .. math:: \frac{1}{10} \sum_{\theta \in \{0.50, 0.55, \dots, 0.95\}} 1\!\left[\frac{|p - g|}{g} \le 1 - \theta\right]

    Parameters: prediction, gold in one unit, broadcast. Returns shares in [0, 1] in the shape of both, float64. Some
    copies of the rule take eleven tolerances; the ten are the official ones, as the official code computes them: an
    error of just 10 % keeps the ninth.
    Errors: ValueError for a gold that is not positive and finite.
    Source: Yang et al. 2025 (VSI-Bench), equation 1.
    """
    p, g, back = _numbers("mean_relative_accuracy", prediction, gold, positive=True)
    error = ((p - g).abs() / g).unsqueeze(-1)
    allowed = 1 - torch.tensor(MRA_LEVELS, dtype=p.dtype, device=p.device)
    return back((error <= allowed).to(p.dtype).mean(-1))


def _box_counts(name: str, prediction: Numbers, gold: Numbers, columns: int, overlap: Callable, least: float):
    """Whether boxes with sides above 0 overlap by at least a share."""
    p, g, back = _numbers(name, prediction, gold)
    for called, value in (("prediction", p), ("gold", g)):
        if value.shape[-1:] != (columns,):
            raise ValueError(f"{name}: {called} must have shape (..., {columns}), got {tuple(value.shape)}")
    right, said = (b[..., 2:] - b[..., :2] if columns == 4 else b[..., 3:6] for b in (g, p))
    if bool((right <= 0).any()):
        raise ValueError(f"{name}: gold must have sides above 0, got {_first(right, right <= 0)}")
    return back((said > 0).all(-1) & (overlap(p, g) >= least))


def _numbers(function: str, prediction: Numbers, gold: Numbers, *, positive: bool = False, called: str = "gold"):
    """Both as float64 tensors, checked, and how the result goes back to the caller's kind."""
    tensor = next((x for x in (prediction, gold) if isinstance(x, Tensor)), None)
    device = tensor.device if tensor is not None else torch.device("cpu")
    try:
        p, g = (
            x.to(torch.float64) if isinstance(x, Tensor) else torch.tensor(x, dtype=torch.float64, device=device)
            for x in (prediction, gold)
        )
    except (TypeError, ValueError, RuntimeError):
        raise TypeError(f"{function}: prediction and {called} must be numbers, arrays or tensors") from None
    wrong = ~g.isfinite() | (g <= 0) if positive else ~g.isfinite()
    if bool(wrong.any()):
        kind = "positive and finite" if positive else "finite"
        raise ValueError(f"{function}: {called} must be {kind}, got {_first(g, wrong)}")
    try:
        torch.broadcast_shapes(p.shape, g.shape)
    except RuntimeError:
        raise ValueError(
            f"{function}: prediction {tuple(p.shape)} and {called} {tuple(g.shape)} do not match"
        ) from None
    plain = not any(isinstance(x, Tensor | np.ndarray) for x in (prediction, gold))

    def back(result: Tensor):
        if tensor is not None:
            return result
        return result.item() if plain and result.ndim == 0 else result.numpy()

    return p, g, back


def _first(values: Tensor, wrong: Tensor) -> float:
    return values[wrong].flatten()[0].item()
