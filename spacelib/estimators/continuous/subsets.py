"""Information of every subset of frames about a target, all in one run: what subsets share is computed once."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from spacelib.estimators.continuous._samples import Samples, checked_samples, without_ties
from spacelib.estimators.continuous.gaussian import (
    cholesky_or_error,
    influence_variance,
    log_determinant_excess,
    normal_scores,
)
from spacelib.estimators.continuous.ksg import require_neighbours
from spacelib.estimators.continuous.neighbours import distances, over_tiles, require_balls
from spacelib.estimators.result import Estimate

METHODS = ("gaussian_copula", "ksg")
FRAMES = 12  # 4095 subsets; each more frame doubles the work
_CACHED = 1 << 20  # products of scores at once


@dataclass(frozen=True)
class SubsetInformation:
    """I(O_S; T) of every subset S of frames, in nats; entry m is the subset whose frames are the binary ones of m.

    information, standard_error: (2^K,), 0 for the empty subset; p_value: (2^K,), or None without permutations; samples;
    method says in words how they were made.
    """

    information: Tensor
    standard_error: Tensor
    p_value: Tensor | None
    samples: int
    method: str

    def of(self, *frames: int) -> Estimate:
        """The estimate for the subset of these frames, with its 95 % interval."""
        count = int(math.log2(len(self.information)))
        if len(set(frames)) < len(frames) or any(not 0 <= frame < count for frame in frames):
            raise ValueError(f"SubsetInformation.of: frames must be different numbers from 0 to {count - 1}, got {frames}")
        mask = sum(1 << frame for frame in frames)
        value, error = self.information[mask].item(), self.standard_error[mask].item()
        return Estimate(value, (value - 1.96 * error, value + 1.96 * error), error, self.samples, self.method)


def subset_information(
    frames: list[Samples] | Samples,
    target: Samples,
    *,
    method: str = "gaussian_copula",
    k: int = 3,
    permutations: int = 0,
    generator: torch.Generator | None = None,
) -> SubsetInformation:
    r"""Information I(O_S; T) of all 2^K - 1 subsets S of K frames about a target, equal to one estimate after another.

    "gaussian_copula": normal scores and their correlations once, then every subset's log-determinants in one batch.
    "ksg": distances of each frame once; the distance of a subset is the largest of its frames', taken along a tree in
    which each subset adds one frame to another.
    With permutations B the target's rows are permuted, the same for every subset, and

    .. math:: p_S = \frac{1 + \#\{b : \hat I(O_S; T_{\pi_b}) \ge \hat I(O_S; T)\}}{1 + B}.

    Parameters: frames, a list of K real (samples,) or (samples, dimension), or one (samples, K, dimension); target
    (samples,) or (samples, dimension); method; k of "ksg"; permutations B, 0 for none; generator, a CPU generator for
    jitter and permutations (None: a fresh one with seed 0). Returns a `SubsetInformation` in nats; values may fall
    below 0.
    Assumes what `gaussian_copula_information` and `ksg` assume; p-values, one for each subset and not corrected for
    their number, assume that under no dependence all orders of the target's rows are equally likely.
    Errors: as those two; ValueError for an unknown method, no frame or more than 12.
    Source: Kraskov et al. 2004; Ince et al. 2017; Phipson and Smyth 2010 for the 1 + B.
    """
    if method not in METHODS:
        raise ValueError(f"subset_information: method must be one of {METHODS}, got {method!r}")
    if isinstance(permutations, bool) or not isinstance(permutations, int) or permutations < 0:
        raise ValueError(f"subset_information: permutations must be a whole number, at least 0, got {permutations!r}")
    if not isinstance(frames, list | tuple):
        if getattr(frames, "ndim", 0) != 3:
            raise ValueError("subset_information: frames must be a list or have shape (samples, frames, dimension)")
        frames = [frames[:, frame] for frame in range(frames.shape[1])]
    if not 1 <= len(frames) <= FRAMES:
        raise ValueError(f"subset_information: frames must be 1 to {FRAMES}, got {len(frames)}")
    named = {f"frame {number}": frame for number, frame in enumerate(frames)}
    *blocks, target = checked_samples("subset_information", **named, target=target).values()
    generator = torch.Generator().manual_seed(0) if generator is None else generator
    samples = len(target)
    orders = [torch.randperm(samples, generator=generator, device=generator.device) for _ in range(permutations)]
    orders = [order.to(target.device) for order in orders]
    if method == "ksg":
        require_neighbours("subset_information", k, samples)
        (*blocks, target), jittered = without_ties([*blocks, target], generator)
        values, errors = _ksg(blocks, target, k, [None, *orders])
        words = f"Kraskov-Stoegbauer-Grassberger 1, k = {k}" + ("; ties jittered by 1e-10 deviations" if jittered else "")
    else:
        values, errors = _gaussian(blocks, target, orders)
        words = "Gaussian copula, bias removed"
    # Permuting changes the order of sums and so their last bits: ties with the real order count as reached.
    reached = (values[1:] >= values[0] - 1e-12).sum(0)
    p_value = (1 + reached) / (1 + permutations) if permutations else None
    return SubsetInformation(values[0], errors, p_value, samples, words)


def _gaussian(blocks: list[Tensor], target: Tensor, orders: list[Tensor]) -> tuple[Tensor, Tensor]:
    """Information (1 + permutations, subsets) and standard error (subsets,) by normal scores."""
    samples, width = len(target), target.shape[1]
    frame = torch.cat([torch.full((block.shape[1],), number) for number, block in enumerate(blocks)]).to(target.device)
    columns = len(frame) + width
    if samples < columns + 2:
        raise ValueError(f"subset_information: {columns} columns need at least {columns + 2} samples, got {samples}")
    scores = normal_scores(torch.cat([*blocks, target], 1))
    scores = (scores - scores.mean(0)) / scores.std(0)
    correlation = scores.T @ scores / (samples - 1)
    cholesky_or_error("subset_information", correlation)  # the whole is the worst conditioned
    masks = torch.arange(1 << len(blocks), device=target.device)
    inside = (masks[:, None] >> frame) & 1 == 1  # (subsets, columns of the frames)
    never, always = inside.new_zeros(len(masks), width), inside.new_ones(len(masks), width)
    alone, joint = torch.cat([inside, never], 1), torch.cat([inside, always], 1)

    def principal(matrix: Tensor, members: Tensor) -> Tensor:
        """The sub-matrices of the members, columns left out replaced by those of the identity."""
        return matrix * (members[:, :, None] & members[:, None, :]) + torch.diag_embed((~members).to(matrix.dtype))

    of_frames, of_all = principal(correlation, alone), principal(correlation, joint)
    target_part = torch.logdet(correlation[-width:, -width:])
    dimensions = inside.sum(1)
    excess = correlation.new_tensor([log_determinant_excess(d, samples) for d in range(columns + 1)])
    bias = excess[dimensions] + excess[width] - excess[dimensions + width]
    fixed = torch.logdet(of_frames) + target_part - bias
    rows = [fixed - torch.logdet(of_all)]
    for order in orders:
        shuffled = correlation.clone()
        shuffled[:-width, -width:] = scores[:, :-width].T @ scores[order, -width:] / (samples - 1)
        shuffled[-width:, :-width] = shuffled[:-width, -width:].T
        rows.append(fixed - torch.logdet(principal(shuffled, joint)))
    values = torch.stack(rows) / 2
    values[:, 0] = 0.0

    # The points' influences (q_S + q_T - q_ST)/2: one quadratic form of the scores for each subset.
    inverse = torch.linalg.inv(of_frames) * (alone[:, :, None] & alone[:, None, :]) - torch.linalg.inv(of_all) * (
        joint[:, :, None] & joint[:, None, :]
    )
    inverse[:, -width:, -width:] += torch.linalg.inv(correlation[-width:, -width:])
    size = max(1, _CACHED // (samples * columns))
    influence = [((scores @ part) * scores).sum(-1) / 2 for part in inverse.split(size)]
    variance = influence_variance(torch.cat(influence).var(1), dimensions * width, samples)
    return values, variance.sqrt()


def _tree(
    frames: list[Tensor], start: int = 0, mask: int = 0, so_far: Tensor | None = None
) -> Iterator[tuple[int, Tensor]]:
    """Every nonempty subset with its distances, each from the one with its last frame left out."""
    for frame in range(start, len(frames)):
        whole = frames[frame] if so_far is None else torch.maximum(so_far, frames[frame])
        yield mask | 1 << frame, whole
        yield from _tree(frames, frame + 1, mask | 1 << frame, whole)


def _ksg(blocks: list[Tensor], target: Tensor, k: int, orders: list[Tensor | None]) -> tuple[Tensor, Tensor]:
    """Information (orders, subsets) and standard error (subsets,) by nearest neighbours."""
    samples, subsets = len(target), 1 << len(blocks)
    table = torch.digamma(torch.arange(samples + 1, dtype=torch.float64, device=target.device))
    start = (table[k] + table[samples]).item()

    def tile(rows: slice) -> Tensor:
        """Sums of the terms of some rows for each order, and below them of the first's squares; (1 + orders, subsets)."""
        sums = torch.zeros(len(orders) + 1, subsets, dtype=torch.float64, device=target.device)
        of_target = [
            distances(target[rows], target) if order is None else distances(target[order[rows]], target[order])
            for order in orders
        ]
        for mask, near in _tree([distances(block[rows], block) for block in blocks]):
            for number, far in enumerate(of_target):
                radius = torch.maximum(near, far).topk(k + 1, largest=False).values[:, k:]
                counts = (near < radius).sum(1), (far < radius).sum(1)
                require_balls(list(counts), k)
                terms = start - table[counts[0]] - table[counts[1]]
                sums[number, mask] = terms.sum()
                if number == 0:
                    sums[-1, mask] = terms.square().sum()
        return sums

    *sums, squares = sum(over_tiles(tile, samples, target.device, 2 * len(blocks) + len(orders) + 2))
    values = torch.stack(sums) / samples
    variance = (squares / samples - values[0].square()).clamp_min(0)
    return values, (variance / (samples - 1)).sqrt()
