"""The shift bounds together: which of them is the least, and the certificate that composes one with PAC-Bayes."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require_probability
from spacelib.bounds.transfer._rows import bound, split
from spacelib.bounds.transfer.certificates import kl_certificate
from spacelib.bounds.transfer.shift import shift_kl


@dataclass(frozen=True)
class TightestShift:
    """The least of several shift bounds: `risk`, the index `row` of the first that gives it, and the names `rows`."""

    risk: Number
    row: Number
    rows: tuple[str, ...]

    @property
    def winner(self) -> str | np.ndarray:
        """The name of the row that won, elementwise."""
        row = self.row.cpu() if isinstance(self.row, Tensor) else self.row
        names = np.asarray(self.rows)[np.asarray(row).astype(int)]
        return names if names.ndim else str(names)


def tightest(
    risk: Number,
    *,
    kl: Number | None = None,
    reverse_kl: Number | None = None,
    total_variation: Number | None = None,
    chi_square: Number | None = None,
    renyi: tuple[Number, Number] | None = None,
    ratio: Number | None = None,
    variance: None = None,
) -> TightestShift:
    r"""The least of the rows whose divergences are known, and which it is.

    .. math:: L_\nu \le \min_{\text{rows}} \; b_{\text{row}}(p)

    Parameters: risk p, the source risk or an upper bound of it, such as a certificate; any of the divergences of
    `shift_divergences` under its name; renyi, a pair (divergence, order). All rows are nondecreasing in p, so is the
    least. A variance is refused: `shift_chi_square` with a known variance is not monotone in p, so no bound of p may
    stand in it. Returns a TightestShift of the broadcast shape. Differentiable.
    Errors: ValueError for values outside these ranges, no divergence at all, or a variance.
    Source: each row its own. That of chi-square may stand among them by :prf:ref:`thm-capped_monotone` and
    :prf:ref:`thm-capped_above`.
    """
    name = "tightest"
    if variance is not None:
        why = "since the bound with a known variance is not monotone in the risk, which may be an upper bound here"
        raise ValueError(f"{name}: variance must be left out, {why}; got {variance!r}")
    given = {"kl": kl, "reverse_kl": reverse_kl, "total_variation": total_variation, "chi_square": chi_square}
    given |= {"renyi": renyi, "ratio": ratio}
    given = {row: value for row, value in given.items() if value is not None}
    if not given:
        raise ValueError(f"{name}: at least one divergence must be given, got none")
    more = {}
    if renyi is not None:
        if not (isinstance(renyi, tuple) and len(renyi) == 2):
            raise ValueError(f"{name}: renyi must be a pair (divergence, order), got {renyi!r}")
        given["renyi"], more["order"] = renyi
    parts = {row: split(row, value) for row, value in given.items()}
    (p, *values), leave = admit(name, risk=risk, **{row: finite for row, (finite, _) in parts.items()}, **more)
    require_probability(name, "risk", p)
    rests = {"renyi": values[len(given) :]}
    bounds = [
        bound(name, row, p, row, value, parts[row][1], *rests.get(row, ()))
        for row, value in zip(given, values, strict=False)
    ]
    risk, row = torch.stack(torch.broadcast_tensors(*bounds)).min(0)
    risk = leave(risk, "upper")
    if not isinstance(risk, Tensor):
        row = row.numpy()[()] if isinstance(risk, np.ndarray | np.generic) else row.item()
    return TightestShift(risk, row, tuple(given))


def transfer_certificate(
    empirical_risk: Number,
    complexity: Number,
    samples: Number,
    delta: Number,
    kappa: Number,
    *,
    constant: str = "exact",
) -> Number:
    r"""The certificate under shift: first the statistical step, in the second argument, then the shift, in the first.

    .. math:: L_\nu(Q) \le F\big(G(\hat L(Q), c), \kappa\big), \quad
        c = \frac{\mathrm{KL}(Q\|P) + \ln(\xi(m)/\delta)}{m}, \quad \kappa = \mathrm{KL}(\nu\|\mu)

    with G = `inverse_second` and F = `inverse_first`. Parameters, assumptions and errors: as `kl_certificate`, samples
    m being scenes, and `shift_kl`. Returns target risks, rounded up. It holds for every posterior at once and spends
    nothing on the shift, which is a step without chance. Where scenes differ in mean, constant="exact" rests on
    Hoeffding 1956, and "sqrt" is what is proved, as there.
    Source: Maurer 2004; data processing. Implements :prf:ref:`thm-transfer_certificate`.
    """
    return shift_kl(kl_certificate(empirical_risk, complexity, samples, delta, constant=constant), kappa)
