"""Partial information decomposition from samples: the plug-in, its bias taken off, an interval over scenes."""

import torch
from scipy import stats
from torch import Tensor

from spacelib.estimators._cells import Cells
from spacelib.estimators._codes import Codes, default_generator, relabel
from spacelib.estimators._interval import information_interval
from spacelib.estimators.cluster import bootstrap_totals, require_resamples
from spacelib.estimators.decomposition.discrete import METHODS, parts_of, require_size
from spacelib.estimators.decomposition.result import Decomposition, SampledDecomposition
from spacelib.estimators.result import Estimate

_NUMBERS = 2**27  # float64: 1 GiB

def decompose_samples(
    target: Codes,
    first: Codes,
    second: Codes,
    *,
    clusters: Codes | None = None,
    method: str = "broja",
    resamples: int = 1000,
    generator: torch.Generator | None = None,
) -> SampledDecomposition:
    r"""`decompose` from samples of discrete variables, each part with a 95 % interval over scenes.

    .. math:: \hat A = \max(0,\, A(\hat p) - b), \qquad b = \overline{A(\hat p^*)} - A(\hat p)

    for each part A, p being the shares of the triples and p* those of the cluster bootstrap, all decomposed in batches.
    With e the bootstrap's standard error and t the 97.5 % point of Student's law with one degree of freedom less than
    scenes, the interval is the hull of A - b -+ t e, of the bootstrap's 2.5 % and 97.5 % points, and of these less 2 b.
    The synergy's lower end is at most that of I(X1, X2; T), as `mutual_information` makes it, less the plug-in's R, U1
    and U2. All are cut off at 0. `plug_in` holds the figures before correction.

    The plug-in is biased, and the correction takes off only part of it. Synergy needs the whole table, and few items a
    cell make it up: from 100 items of an independent 4x4x4 table it is .19 nats, .09 corrected; from 400, .04 and .004.
    Where the sources say equally much, the redundancy is too low and the unique parts too high, as the lesser of two
    noisy figures is; a bootstrap hardly sees it (AND with noise, 100 items: R too low by .017, .014 corrected).
    Measured (BROJA; gates with noise, random and independent tables, 2x2x2 to 4x4x4, 100 and 400 items, 200 draws
    each): the intervals cover 92 % to 100 %, but for the redundancy of that tie at 100 items, 87 %.
    With one scene nothing is known about others: the intervals are (0, inf) and the standard errors infinite.

    Parameters: target, first, second: integer codes (samples,) or (samples, dimension), rows of which are one symbol;
    clusters: integer scene of each item (each item its own if None); method, one of those of `decompose`; resamples;
    generator on the device of the data (None: a fresh one with seed 0). Returns a SampledDecomposition in nats.
    Assumes scenes drawn independently from one population; items of a scene may depend on each other in any way.
    Errors: as `mutual_information`; ArithmeticError as `decompose`.
    Source: Efron and Tibshirani 1993, chapter 10, for the bias; for the measures see `decompose`.
    """
    require_resamples("decompose_samples", resamples)
    if method not in METHODS:
        raise ValueError(f"decompose_samples: method must be one of {', '.join(METHODS)}, got {method!r}")
    codes = relabel("decompose_samples", target=target, first=first, second=second, clusters=clusters)
    t, x, y, scene = codes.values()
    samples, unit = len(t), "items" if scene is None else "scenes"
    scene = torch.arange(samples, device=t.device) if scene is None else scene
    count = int(scene.max()) + 1
    shape = tuple(int(v.max()) + 1 for v in (t, x, y))
    require_size("decompose_samples", shape)
    cells, width = (t * shape[1] + x) * shape[2] + y, shape[0] * shape[1] * shape[2]
    if count * width > _NUMBERS:
        raise ValueError(
            f"decompose_samples: {count} {unit} by a table of {width} cells are too many numbers, at most {_NUMBERS}"
        )

    def parts(counts: Tensor) -> Tensor:
        """The four parts and the gap, (5, tables), of tables (tables, cells)."""
        return torch.stack(parts_of((counts / counts.sum(1, keepdim=True)).reshape(-1, *shape), method))

    totals = torch.zeros(count, width, dtype=torch.float64, device=t.device)
    totals.index_put_((scene, cells), totals.new_ones(()), accumulate=True)
    *plug_in, gap = parts(totals.sum(0, keepdim=True))[:, 0].tolist()
    found = Decomposition(*plug_in, gap, method)
    if count == 1:
        words = f"{method}; plug-in; one of the {unit} only, no interval"
        return SampledDecomposition(
            *(Estimate(part, (0.0, float("inf")), float("inf"), samples, words) for part in plug_in), found
        )
    generator = default_generator(generator, t.device)
    draws = bootstrap_totals(totals, parts, resamples, generator)[:4]
    table = Cells.of_table(1, shape[0], shape[1] * shape[2], t.device)
    least_both = information_interval(totals, table, resamples, generator).low.item()
    least = (float("inf"), float("inf"), float("inf"), least_both - sum(plug_in[:3]))
    t_point = float(stats.t.ppf(0.975, count - 1))
    words = f"{method}; plug-in less the bootstrap's bias; hull of bootstrap intervals over {count} {unit}"
    ends = (_estimate(*each, t_point, samples, words) for each in zip(plug_in, draws, least, strict=True))
    return SampledDecomposition(*ends, found)


def _estimate(part: float, drawn: Tensor, least: float, t_point: float, samples: int, words: str) -> Estimate:
    """One part, its plug-in corrected, with the hull of its intervals; least: a lower end found in another way."""
    bias, error = drawn.mean().item() - part, drawn.std().item()
    low, high = torch.quantile(drawn, drawn.new_tensor([0.025, 0.975])).tolist()
    low = min(low, low - 2 * bias, part - bias - t_point * error, least)
    high = max(high, high - 2 * bias, part - bias + t_point * error)
    return Estimate(max(0.0, part - bias), (max(0.0, low), max(0.0, high)), error, samples, words)
