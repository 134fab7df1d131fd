"""Joint laws (T, X1, X2) for the tests of the decomposition: gates, and random laws of every kind."""

import itertools

import numpy as np
import torch


def law_of(rows):
    """A law from rows (t, x1, x2, probability)."""
    law = np.zeros([1 + max(row[axis] for row in rows) for axis in range(3)])
    for *cell, probability in rows:
        law[tuple(cell)] += probability
    return law


def gate(function):
    """Two fair bits and a function of them."""
    return law_of([(function(x, y), x, y, 0.25) for x, y in itertools.product((0, 1), repeat=2)])


def random_laws(shape, kind, count, seed):
    """Laws (count, T, X1, X2): Dirichlet(1), Dirichlet(.1), three cells in five empty, or T a function of the sources."""
    random = np.random.default_rng(seed)
    cells = int(np.prod(shape))
    if kind == "function":
        laws = np.zeros((count, *shape))
        sources = random.dirichlet(np.ones(shape[1] * shape[2]), count).reshape(count, 1, *shape[1:])
        np.put_along_axis(laws, random.integers(0, shape[0], sources.shape), sources, 1)
    else:
        laws = random.dirichlet(np.full(cells, 0.1 if kind == "peaked" else 1.0), count).reshape(count, *shape)
    if kind == "sparse":
        kept = random.random(laws.shape) < 0.4
        kept.reshape(count, -1)[np.arange(count), random.integers(0, cells, count)] = True  # at least one
        laws = laws * kept
    return torch.from_numpy(laws / laws.sum((1, 2, 3), keepdims=True))


def counted_laws(shape, items, count, seed):
    """Laws (count, T, X1, X2) of tables that hold so many items: ties and empty cells everywhere."""
    cells = int(np.prod(shape))
    tables = np.random.default_rng(seed).multinomial(items, np.full(cells, 1 / cells), count)
    return torch.from_numpy(tables.reshape(count, *shape) / items)


KINDS = ("flat", "peaked", "sparse", "function")
