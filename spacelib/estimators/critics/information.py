"""Information by neural critics, of one pair of variables or of every subset of frames in one run."""

import torch
from torch import Tensor

from spacelib.estimators.continuous._samples import Samples, checked_samples
from spacelib.estimators.continuous.gaussian import normal_scores
from spacelib.estimators.continuous.subsets import SubsetInformation
from spacelib.estimators.critics.crossfit import GROUP, judged, mean_and_error, parts, require_settings, train
from spacelib.estimators.critics.networks import Critic, Mixture
from spacelib.estimators.critics.objectives import OBJECTIVES, terms
from spacelib.estimators.result import Estimate

METHODS = {
    "mine": "Donsker-Varadhan (MINE), a lower bound but for the logarithm of a sampled mean",
    "nwj": "Nguyen-Wainwright-Jordan, a lower bound",
    "infonce": "InfoNCE, a lower bound of at most ln {group:d}",
    "smile": "SMILE, clipped at e^5 and so no bound",
    "entropies": "difference of entropies by normal mixtures, no bound",
}
FRAMES = 8
_SCORES = 1 << 25  # scores of the stack held at once
_DIFFERENT = 0.9  # least share of different values where a density is assumed: rounding repeats a few


def critic_information(
    x: Samples,
    y: Samples,
    *,
    method: str = "smile",
    folds: int = 5,
    hidden: int = 64,
    batch: int = 128,
    steps: int = 2000,
    generator: torch.Generator | None = None,
) -> Estimate:
    r"""Mutual information I(X; Y) by networks that are judged only on samples they have not seen.

    .. math::
        \text{mine: } \mathbb E f - \ln \mathbb E_\otimes e^f, \qquad
        \text{nwj: } 1 + \mathbb E f - \mathbb E_\otimes e^f, \qquad
        \text{infonce: } \mathbb E \ln \frac{e^{f(x_i, y_i)}}{\frac1B \sum_j e^{f(x_i, y_j)}}

    The plain mean is over real pairs, the other over all other pairs of a group of B. "smile": as mine, with f clipped to
    +-5 in the second term and trained to tell real pairs from others. "entropies": H(Y) - H(Y | X), both as the held-out
    cross-entropy of a mixture of normal densities. Each column is replaced by its normal scores, so any increasing
    function of a column changes nothing. Of K folds one is judged, one decides when to stop, the others are trained
    on, in turn.

    Parameters: x, y real (samples,) or (samples, dimension), on one device; method; folds K >= 3; hidden, width of the
    layers; batch, samples of a training step; steps, the most of them; generator, a CPU generator (None: a fresh
    one with seed 0). Returns an Estimate in nats; it may fall below 0.
    The interval is 1.96 standard errors of the held-out mean, the spread over folds included. It covers what networks of
    this kind are worth, not what they miss: with "mine", "nwj" and "infonce" that lies below I, with "infonce" below ln B
    too, B being at most 1000 and at most the size of a fold. Exactly 0 with error 0 says that no critic beat a constant.
    "mine" has a bias upwards of half the relative variance of its second term, small unless the information is large.
    "smile" and "entropies" err either way.
    Assumes independent samples; "entropies" a density of y.
    Errors: TypeError and ValueError as to shape, NaN, constant columns; ValueError for an unknown method, a number out
    of range, fewer than 4 samples a fold, and, with "entropies", a column of y of which over a tenth repeats.
    Source: Belghazi et al. 2018; Nguyen, Wainwright and Jordan 2010; van den Oord et al. 2018; Song and Ermon 2020;
    McAllester and Stratos 2020.
    """
    checked = checked_samples("critic_information", x=x, y=y)
    x, y = checked["x"], checked["y"]
    masks = x.new_ones(1, x.shape[1])
    settings = {"method": method, "folds": folds, "hidden": hidden, "batch": batch, "steps": steps}
    means, errors, words = _stacked("critic_information", x, y, masks, settings, generator)
    value, error = means.item(), errors.item()
    return Estimate(value, (value - 1.96 * error, value + 1.96 * error), error, len(x), words)


def critic_subset_information(
    frames: list[Samples] | Samples,
    target: Samples,
    *,
    method: str = "smile",
    folds: int = 5,
    hidden: int = 64,
    batch: int = 128,
    steps: int = 2000,
    generator: torch.Generator | None = None,
) -> SubsetInformation:
    r"""Information I(O_S; T) of all 2^K - 1 subsets S of K frames about a target, by one stack of critics.

    .. math:: \hat I(O_S; T) = \hat I(m_S \odot O; T)

    The critic of a subset sees the normal scores of all frames with those outside S set to 0, their median. All critics of
    a fold begin alike and see the same batches, so that subsets differ by their frames and not by luck.
    Parameters: frames, a list of K real (samples,) or (samples, dimension), or one (samples, K, dimension), K at most 8;
    target (samples,) or (samples, dimension); the others as `critic_information`. Returns a `SubsetInformation` in nats,
    its p_value None.
    Assumptions, standard errors, errors and source: as `critic_information`. Bounds of subsets need not be ordered
    as the informations are: each misses its own part.
    """
    name = "critic_subset_information"
    if not isinstance(frames, list | tuple):
        if getattr(frames, "ndim", 0) != 3:
            raise ValueError(f"{name}: frames must be a list or have shape (samples, frames, dimension)")
        frames = list(frames.swapaxes(0, 1))
    if not 1 <= len(frames) <= FRAMES:
        raise ValueError(f"{name}: frames must be 1 to {FRAMES}, got {len(frames)}")
    named = {f"frame {k}": frame for k, frame in enumerate(frames)}
    *blocks, target = checked_samples(name, **named, target=target).values()
    of_column = torch.tensor([k for k, block in enumerate(blocks) for _ in range(block.shape[1])])
    subsets = torch.arange(1, 1 << len(blocks))
    masks = ((subsets[:, None] >> of_column) & 1).to(target)
    settings = {"method": method, "folds": folds, "hidden": hidden, "batch": batch, "steps": steps}
    means, errors, words = _stacked(name, torch.cat(blocks, 1), target, masks, settings, generator)
    nothing = means.new_zeros(1)
    return SubsetInformation(torch.cat([nothing, means]), torch.cat([nothing, errors]), None, len(target), words)


def _stacked(
    function: str, x: Tensor, y: Tensor, masks: Tensor, settings: dict, generator: torch.Generator | None
) -> tuple[Tensor, Tensor, str]:
    """Held-out information and standard error for each mask of x's columns (masks, columns), and the method in words."""
    _require(function, y, settings)
    method = settings["method"]
    generator = torch.Generator().manual_seed(0) if generator is None else generator
    folds = parts(len(x), settings["folds"], generator)
    seed = int(torch.randint(1 << 62, (), generator=generator))
    x, y, masks = normal_scores(x).float(), normal_scores(y).float(), masks.float()
    if method == "entropies":  # with every column masked the density is that of y alone
        masks = torch.cat([torch.zeros_like(masks[:1]), masks])
    at_once = max(1, _SCORES // (len(folds) * max(settings["batch"], min(len(folds[0]), GROUP)) ** 2))
    values = torch.cat([_terms(x, y, some, folds, settings, seed) for some in masks.split(at_once)])
    if method == "entropies":
        values = values[1:] - values[0]
    words = METHODS[method].format(group=len(folds[0].tensor_split(-(-len(folds[0]) // GROUP))[0]))
    return *mean_and_error(values, folds), f"{words}; held out in {len(folds)} folds"


def _terms(x: Tensor, y: Tensor, masks: Tensor, folds: list[Tensor], settings: dict, seed: int) -> Tensor:
    """The terms (masks, samples) of each sample, by networks trained without it."""
    method = settings["method"]
    kind = Mixture if method == "entropies" else Critic
    with torch.device("meta"):
        network = kind(x.shape[1], y.shape[1], settings["hidden"])
    objective = (lambda found: found.mean(-1)) if method == "entropies" else OBJECTIVES[method]
    budget = {"batch": settings["batch"], "steps": settings["steps"], "seed": seed}
    weights = train(network, masks, x, y, folds, objective, **budget)
    values = torch.empty(len(masks), len(x), dtype=torch.float64, device=x.device)
    for rows, found in judged(network, weights, masks, x, y, folds):
        values[:, rows] = found[0].double() if method == "entropies" else terms(method, found[0].double())
    return values


def _require(function: str, y: Tensor, settings: dict) -> None:
    """Raise unless the settings make sense for these samples."""
    if settings["method"] not in METHODS:
        raise ValueError(f"{function}: method must be one of {tuple(METHODS)}, got {settings['method']!r}")
    require_settings(function, len(y), settings)
    if settings["method"] == "entropies":
        for column in range(y.shape[1]):
            different = len(y[:, column].unique())
            if different < _DIFFERENT * len(y):
                raise ValueError(
                    f"{function}: 'entropies' needs a density of its second variable, whose column {column} has "
                    f"{different} different values in {len(y)} samples; choose another method"
                )
