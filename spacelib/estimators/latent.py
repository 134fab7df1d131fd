"""Information of high-dimensional variables through learnt codes of a few numbers each."""

import torch
from torch import Tensor, nn

from spacelib.estimators.continuous._samples import Samples, checked_samples, without_ties
from spacelib.estimators.continuous.ksg import ksg_terms, require_neighbours
from spacelib.estimators.critics.crossfit import mean_and_error, outputs, parts, require_settings, train
from spacelib.estimators.critics.networks import tower
from spacelib.estimators.result import Estimate

_FARTHEST = 10.0  # standard deviations at which a value is cut


class CrossPredictor(nn.Module):
    """Codes of x and y, each of which predicts both x and y; a variable of no more columns than `codes` is its own code."""

    zero = ()

    def __init__(self, x: int, y: int, hidden: int, codes: int) -> None:
        super().__init__()
        self.encoders, self.decoders = nn.ModuleDict(), nn.ModuleDict()
        for name, columns in (("x", x), ("y", y)):
            if columns > codes:
                self.encoders[name] = tower(columns, hidden, codes)
                self.decoders[name] = tower(codes, hidden, x + y)

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Codes of x and of y, and how badly each sample is predicted from them, (B,): mean squares of x and y, added."""
        rows, codes = {"x": x, "y": y}, {"x": x, "y": y}
        error = x.new_zeros(len(x))
        for name, encoder in self.encoders.items():
            codes[name] = encoder(rows[name])
            found = self.decoders[name](codes[name])
            error = error + (found[:, : x.shape[1]] - x).square().mean(1) + (found[:, x.shape[1] :] - y).square().mean(1)
        return codes["x"], codes["y"], error


def latent_information(
    x: Samples,
    y: Samples,
    *,
    codes: int = 4,
    k: int = 3,
    folds: int = 4,
    hidden: int = 64,
    batch: int = 128,
    steps: int = 2000,
    generator: torch.Generator | None = None,
) -> Estimate:
    r"""Mutual information I(X; Y) of variables of many columns, as that of learnt codes of a few numbers each.

    .. math:: \hat I_{KSG}(e_x(X); e_y(Y)), \qquad e = \arg\min \sum_{z \in \{e_x(x),\, e_y(y)\}}
        \frac{|d_{zx}(z) - x|^2}{d_x} + \frac{|d_{zy}(z) - y|^2}{d_y}

    Each code must predict the other variable as well as its own. Encoders are trained on some folds, stopped on another, and
    their codes of a last one, which they have not seen, are given to the nearest-neighbour estimator; the estimate is
    the mean over folds. Columns are standardised and cut at 10 deviations, codes are standardised too. A variable of no
    more columns than codes is its own code.

    Parameters: x, y real (samples,) or (samples, dimension), on one device; codes, numbers in a code; k neighbours; folds,
    hidden, batch, steps as `critic_information`; generator, a CPU generator (None: a fresh one with seed 0).
    Returns an Estimate in nats; it may fall below 0. The interval is 1.96 standard errors, the spread over folds included.
    What a code leaves out cannot come back (I(e_x(X); e_y(Y)) <= I), and neighbours draw the estimate down too,
    the more the fewer samples a fold has and the more codes: it is mostly low, and the interval knows nothing of
    either. It fails where what x and y share is a small part of what each varies by.
    Assumes independent samples whose dependence passes through few dimensions.
    Errors: TypeError and ValueError as `critic_information`; ValueError for codes below 1 and k not below the size of a fold.
    Source: Gowri, Lun, Klein and Yin 2024; Kraskov, Stoegbauer and Grassberger 2004.
    """
    checked = checked_samples("latent_information", x=x, y=y)
    settings = {"folds": folds, "hidden": hidden, "batch": batch, "steps": steps, "codes": codes}
    require_settings("latent_information", len(checked["x"]), settings)
    require_neighbours("latent_information", k, len(checked["x"]) // folds)
    x, y = (_standard(value).clamp(-_FARTHEST, _FARTHEST).float() for value in checked.values())
    generator = torch.Generator().manual_seed(0) if generator is None else generator
    rows = parts(len(x), folds, generator)
    seed = int(torch.randint(1 << 62, (), generator=generator))
    with torch.device("meta"):
        network = CrossPredictor(x.shape[1], y.shape[1], hidden, codes)
    masks = x.new_ones(1, x.shape[1])
    weights = {}
    if network.encoders:
        budget = {"batch": batch, "steps": steps, "seed": seed}
        weights = train(network, masks, x, y, rows, lambda found: -found[2].mean(-1), **budget)
    terms = torch.empty(1, len(x), dtype=torch.float64, device=x.device)
    for fold, part in enumerate(rows):
        part = part.to(x.device)
        state = {name: value[fold, None] for name, value in weights.items()}
        blocks = outputs(network, state, masks, x[part][None], y[part][None])[:2] if state else (x[part], y[part])
        blocks, _ = without_ties([_standard(block.double().reshape(len(part), -1)) for block in blocks], generator)
        terms[:, part] = ksg_terms(blocks, k)
    means, errors = mean_and_error(terms, rows)
    value, error = means.item(), errors.item()
    words = f"nearest neighbours (k = {k}) of learnt codes of {codes} numbers, held out in {folds} folds"
    return Estimate(value, (value - 1.96 * error, value + 1.96 * error), error, len(x), words)


def _standard(rows: Tensor) -> Tensor:
    """Columns of mean 0 and deviation 1; a code's column that never varies becomes 0."""
    centred = rows - rows.mean(0)
    spread = centred.std(0)
    return centred / torch.where(spread > 0, spread, 1)
