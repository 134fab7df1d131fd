"""The information's interval once more, as its docstring describes it: dictionaries, one scene and one item at a time."""

import math
import random
from collections import Counter

import numpy as np
from scipy import stats


def plug_in(weights) -> float:
    """Information of weights {(x, y): weight}."""
    n = sum(weights.values())
    margins = [Counter(), Counter()]
    for cell, weight in weights.items():
        for margin, symbol in zip(margins, cell, strict=True):
            margin[symbol] += weight
    return sum(w / n * math.log(w * n / (margins[0][x] * margins[1][y])) for (x, y), w in weights.items() if w)


def interval(scenes, resamples, seed):
    """(low, high, standard error) of scenes, a list of lists of pairs (x, y)."""
    tables = [Counter(scene) for scene in scenes]
    m, whole = len(scenes), sum(tables, Counter())
    n, value = whole.total(), plug_in(whole)
    t = stats.t.ppf(0.975, m - 1)

    left_out = [plug_in(whole - table) for table in tables]
    error = math.sqrt((m - 1) / m * sum((v - np.mean(left_out)) ** 2 for v in left_out))
    choose = random.Random(seed)
    draws = [plug_in(sum(choose.choices(tables, k=m), Counter())) for _ in range(resamples)]
    bias = np.mean(draws) - value
    high = max(value - bias + t * error, np.quantile(draws, 0.975) - 2 * bias)

    xs, ys = ({cell[i] for cell in whole} for i in (0, 1))
    share = {cell: count / n for cell, count in whole.items()}
    spread = sum((table[cell] - table.total() * share[cell]) ** 2 for table in tables for cell in whole)
    effect = max(1.0, spread * m / (m - 1) / (n * (1 - sum(p**2 for p in share.values()))))
    empty = len(xs) * len(ys) - len(whole)
    alone = sum(whole[cell] for cell in whole if sum(cell in table for table in tables) == 1) / effect
    unseen = stats.gamma.ppf(0.975, alone + 1)  # Garwood 1936
    worst = max(excess(k / 1000) for k in range(1000, 2000))
    largest = len(whole) * worst - (len(xs) + len(ys) - 1) / 2
    if empty:
        largest += empty * (excess(unseen / empty) if unseen / empty < 1.3382 else worst)
    largest *= effect / n

    margin_x, margin_y = ({s: sum(c for cell, c in whole.items() if cell[i] == s) / n for s in v} for i, v in ((0, xs), (1, ys)))
    pseudo = {(x, y): n / m * margin_x[x] * margin_y[y] for x in xs for y in ys}
    mixed = {cell: whole[cell] + 2 * weight for cell, weight in pseudo.items()}
    shrunk, total = plug_in(mixed), sum(mixed.values())
    ratio = {c: math.log(w / total / (margin_x[c[0]] * margin_y[c[1]])) for c, w in mixed.items()}
    influence = [sum(w * (ratio[c] - shrunk) for c, w in table.items()) for table in [*tables, pseudo, pseudo]]
    low = shrunk - largest - t * math.sqrt(sum(v**2 for v in influence)) / total
    return max(0.0, low), max(0.0, high), error


def excess(mean) -> float:
    """E[k ln k] - mean ln(mean), k Poisson."""
    k = np.arange(1, 60)
    return float((stats.poisson.pmf(k, mean) * k * np.log(k)).sum() - mean * math.log(mean))
