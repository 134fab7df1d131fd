"""Permutation test of independence for discrete variables."""

import torch

from spacelib.estimators._codes import Codes, default_generator, distinct_rows, relabel

_CELLS = 1 << 24  # numbers held at once


def permutation_p_value(
    x: Codes,
    y: Codes,
    *,
    condition: Codes | None = None,
    clusters: Codes | None = None,
    permutations: int = 999,
    generator: torch.Generator | None = None,
) -> float:
    r"""p-value of "no information": how often permuted answers look as informative as the real ones.

    .. math:: p = \frac{1 + \#\{b : \hat I(X; Y_{\pi_b} \mid Z) \ge \hat I(X; Y \mid Z)\}}{1 + B}

    y is permuted among the items of one stratum: all items; those of one value of `condition`; and with `clusters` only
    those of one scene (and one condition). The plug-in information is compared; its bias is the same on both sides.

    Assumes exactly this of the null hypothesis: within a stratum all orders of y are equally likely given x. Without
    `clusters` that means items independent of each other, and the test is too eager where scenes share questions'
    truths and answers' habits. With `clusters` any dependence on the scene is allowed; the hypothesis tested is then
    independence within scenes, scenes with a single item add nothing, and p = 1 where no item can move.
    Parameters: as `mutual_information`; permutations B >= 1; generator on the device of the data (None: a fresh one
    with seed 0). Returns p in (0, 1]: under the null P(p <= a) <= a for every a.
    Errors: as `mutual_information`; ValueError where the table of all symbols would not fit into memory.
    Source: Phipson and Smyth 2010 for the 1 + B.
    """
    if permutations < 1:
        raise ValueError(f"permutation_p_value: permutations must be at least 1, got {permutations}")
    codes = relabel("permutation_p_value", x=x, y=y, condition=condition, clusters=clusters)
    x, y = codes["x"], codes["y"]
    zero = torch.zeros_like(x)
    z = zero if codes["condition"] is None else codes["condition"]
    scene = zero if codes["clusters"] is None else codes["clusters"]
    stratum = distinct_rows(torch.stack([z, scene], 1))[1]
    symbols = int(y.max()) + 1
    rows = z * (int(x.max()) + 1) + x
    table = (int(rows.max()) + 1) * symbols
    if table > _CELLS:
        raise ValueError(f"permutation_p_value: a table of {table} symbols is too large; at most {_CELLS}")
    generator = default_generator(generator, x.device)

    # Items in order of stratum; a permutation is the same order with ties broken at random. The margins of x and y in
    # each condition never change, so neither does any part of the information but the sum of n ln n over cells.
    order = torch.argsort(stratum, stable=True)
    rows, y, stratum = rows[order], y[order], stratum[order]

    def concentration(permuted):
        counts = torch.zeros(len(permuted), table, dtype=torch.float64, device=x.device)
        counts.scatter_add_(1, rows * symbols + permuted, counts.new_ones(()).expand(permuted.shape))
        return torch.special.xlogy(counts, counts).sum(-1)

    # Sums of the same terms in another order differ by rounding: n terms of at most n ln n, so n 2^-53 in relative
    # terms, far below the change of one count.
    observed = concentration(y[None]).item() * (1 - 1e-12)
    exceed, left = 0, permutations
    batch = max(1, _CELLS // max(table, len(y)))
    while left:
        size = min(batch, left)
        keys = torch.rand(size, len(y), generator=generator, dtype=torch.float64, device=x.device)
        shuffled = torch.argsort(keys, dim=1)
        shuffled = shuffled.gather(1, torch.argsort(stratum[shuffled], dim=1, stable=True))
        exceed += int((concentration(y[shuffled]) >= observed).sum())
        left -= size
    return (1 + exceed) / (1 + permutations)
