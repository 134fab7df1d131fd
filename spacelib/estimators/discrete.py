"""Mutual information of discrete variables, from samples or from counts, plain or given a third variable."""

import numpy as np
import torch
from torch import Tensor

from spacelib.estimators._codes import Codes, default_generator, relabel
from spacelib.estimators.cluster import bootstrap_totals, require_resamples
from spacelib.estimators.result import Estimate

_METHODS = ("plug_in", "miller_madow")


def information_from_counts(
    counts: Tensor | np.ndarray, *, method: str = "miller_madow", conditional: bool = False
) -> Tensor | np.ndarray | float:
    r"""Mutual information of a table of counts, batched.

    .. math::
        \hat I = \sum_{z,x,y} \frac{n_{zxy}}{n} \ln \frac{n_{zxy}\, n_z}{n_{zx}\, n_{zy}}, \qquad
        \hat I_{MM} = \hat I - \frac{K_{zxy} - K_{zx} - K_{zy} + K_z}{2 n}

    K being the numbers of nonzero cells of the table and of its marginals; without condition K_z = 1, and with no
    empty cell the correction is (M_x - 1)(M_y - 1)/(2 n).
    Parameters: counts (\*batch, x, y), or (\*batch, z, x, y) if conditional; method "plug_in" or "miller_madow".
    Returns nats, shape (\*batch). The plug-in is at least 0; Miller-Madow's may fall below.
    Assumes independent items for the correction; the plug-in is biased upward by about what the correction removes.
    Errors: ValueError for negative or non-finite counts, an empty table or an unknown method.
    Source: Miller 1955.
    """
    _require_method("information_from_counts", method, _METHODS)
    if not isinstance(counts, Tensor | np.ndarray):
        raise TypeError(f"information_from_counts: counts must be a torch tensor or a numpy array, got {type(counts).__name__}")
    table = torch.as_tensor(counts)
    dtype = table.dtype if table.is_floating_point() else torch.float64
    axes = 3 if conditional else 2
    if table.ndim < axes:
        raise ValueError(f"information_from_counts: counts must have at least {axes} dimensions, got {tuple(table.shape)}")
    n = table.to(torch.float64)
    n = n if conditional else n.unsqueeze(-3)
    if not bool(torch.isfinite(n).all()) or bool((n < 0).any()):
        raise ValueError("information_from_counts: counts must be finite and at least 0")
    if bool((n.sum((-3, -2, -1)) == 0).any()):
        raise ValueError("information_from_counts: every table must hold at least one count")
    marginals = n.sum(-1, keepdim=True), n.sum(-2, keepdim=True), n.sum((-2, -1), keepdim=True)
    information = _sum_information(n.flatten(-3), *(m.expand(n.shape).flatten(-3) for m in marginals))
    if method == "miller_madow":
        support, *margins = ((m > 0).sum((-3, -2, -1)) for m in (n, *marginals))
        information = information - _correction(support, *margins, n.sum((-3, -2, -1)))
    information = information.to(dtype)
    return information if isinstance(counts, Tensor) else information.numpy()[()]


def mutual_information(
    x: Codes,
    y: Codes,
    *,
    condition: Codes | None = None,
    clusters: Codes | None = None,
    method: str = "auto",
    resamples: int = 1000,
    generator: torch.Generator | None = None,
) -> Estimate:
    r"""Mutual information I(X; Y) or I(X; Y | Z) of discrete variables, with a 95 % interval over scenes.

    Formula: that of `information_from_counts` for the observed triples; Miller-Madow's estimate is cut off at 0, "auto"
    is "miller_madow".

    Interval. Let T be the plug-in, T* its cluster bootstrap, b = mean(T*) - T its bootstrap bias, and q2.5, q97.5 the
    percentage points of T*. The plain percentile interval carries the plug-in's upward bias twice and practically never
    contains a small truth. Used is the hull of the two intervals that remove it, the percentile interval shifted by
    2 b and the basic one 2 T - (q97.5, q2.5), cut off at 0. The bootstrap cannot see the bias of cells that no item
    fell into, so the lower end is lowered by Miller-Madow's term for them, (sum_z K_x|z K_y|z - K_zxy)/(2 n), times
    the design effect max(1, b / the correction for the observed cells).
    Measured on symmetric channels of 2, 4 and 8 values, accuracy from chance to 0.9, 100 and 300 scenes of 1 or 3 items,
    independent or half of them copies of their scene's first (72 settings, 300 draws each, standard error 1.7 %): it
    covers 90 % to 100 %; below 92 % only at accuracy 0.9 with 4 or 8 values and, with copies, at 8 values and 100 scenes.
    With one scene nothing is known about others: the interval is (0, inf) and the standard error infinite.

    Parameters: x, y, condition: integer codes (samples,) or (samples, dimension), rows of which are one symbol; clusters:
    integer scene of each item (each item its own if None); method "auto", "plug_in" or "miller_madow"; resamples;
    generator on the device of the data (None: a fresh one with seed 0). Returns an Estimate in nats, its standard error
    that of the bootstrap.
    Assumes scenes drawn independently from one population; items of a scene may depend on each other in any way.
    Errors: TypeError for continuous variables, which no estimator here handles yet; ValueError for unequal numbers of
    samples, none at all, an unknown method or fewer than 100 resamples.
    Source: Miller 1955; Davison and Hinkley 1997, chapters 2 and 5.
    """
    _require_method("mutual_information", method, ("auto", *_METHODS))
    require_resamples("mutual_information", resamples)
    codes = relabel("mutual_information", x=x, y=y, condition=condition, clusters=clusters)
    cells = _Cells(codes["x"], codes["y"], codes["condition"])
    samples = len(cells.of_sample)
    scene = codes["clusters"]
    unit = "items" if scene is None else "scenes"
    scene = torch.arange(samples, device=cells.of_sample.device) if scene is None else scene
    count = int(scene.max()) + 1
    totals = torch.zeros(count, cells.number, dtype=torch.float64, device=scene.device)
    totals.index_put_((scene, cells.of_sample), totals.new_ones(()), accumulate=True)

    plug_in = cells.information(totals.sum(0, keepdim=True)).item()
    correction = cells.correction(cells.number)
    estimate = plug_in if method == "plug_in" else max(0.0, plug_in - correction)
    name = "plug-in" if method == "plug_in" else "Miller-Madow"
    if count == 1:
        return Estimate(estimate, (0.0, float("inf")), float("inf"), samples, f"{name}; one of the {unit} only, no interval")
    draws = bootstrap_totals(totals, cells.information, resamples, default_generator(generator, scene.device))
    low, high = torch.quantile(draws, draws.new_tensor([0.025, 0.975])).tolist()
    bias = draws.mean().item() - plug_in
    design_effect = max(1.0, bias / correction) if correction > 0 else 1.0
    unseen = design_effect * (cells.correction(cells.possible) - correction)
    interval = (
        max(0.0, min(low - 2 * bias, 2 * plug_in - high) - unseen),
        max(0.0, max(high - 2 * bias, 2 * plug_in - low)),
    )
    words = f"{name}; bias-corrected bootstrap over {count} {unit}"
    return Estimate(estimate, interval, draws.std().item(), samples, words)


class _Cells:
    """The observed cells (z, x, y) of a sample and their marginals: what the information is a function of."""

    def __init__(self, x: Tensor, y: Tensor, z: Tensor | None):
        z = torch.zeros_like(x) if z is None else z
        cells, self.of_sample = torch.unique(torch.stack([z, x, y], 1), dim=0, return_inverse=True)
        pairs_x, zx = torch.unique(cells[:, [0, 1]], dim=0, return_inverse=True)
        pairs_y, zy = torch.unique(cells[:, [0, 2]], dim=0, return_inverse=True)
        self._groups = (zx, len(pairs_x)), (zy, len(pairs_y)), (cells[:, 0], int(z.max()) + 1)
        self.number = len(cells)
        self.possible = int((torch.bincount(pairs_x[:, 0]) * torch.bincount(pairs_y[:, 0])).sum())

    def information(self, counts: Tensor) -> Tensor:
        """Plug-in information of cell counts (batch, cells)."""
        return _sum_information(
            counts, *(counts.new_zeros(len(counts), size).index_add_(1, of, counts)[:, of] for of, size in self._groups)
        )

    def correction(self, cells: int) -> float:
        """Miller-Madow's estimate of the plug-in's bias, were `cells` cells occupied."""
        return _correction(cells, *(size for _, size in self._groups), len(self.of_sample))


def _sum_information(n: Tensor, n_zx: Tensor, n_zy: Tensor, n_z: Tensor) -> Tensor:
    """Sum over the last dimension of n/N ln(n n_z/(n_zx n_zy)), at least 0 (rounding can take it just below)."""
    ratio = n * n_z / (n_zx * n_zy).clamp(min=torch.finfo(n.dtype).tiny)
    return (torch.special.xlogy(n, ratio).sum(-1) / n.sum(-1)).clamp(min=0)


def _correction(k_zxy, k_zx, k_zy, k_z, samples):
    """Miller-Madow's estimate of the plug-in's bias, from numbers of observed cells."""
    return (k_zxy - k_zx - k_zy + k_z) / (2 * samples)


def _require_method(function: str, method: str, known: tuple[str, ...]) -> None:
    if method not in known:
        raise ValueError(f"{function}: method must be one of {', '.join(known)}, got {method!r}")
