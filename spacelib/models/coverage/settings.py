"""The settings of the dependence table.

Scenes of one question, of many, and of sizes that differ; sizes that go with the loss; pairs of scenes; types in other
proportions than the target's.
"""

import math
from collections.abc import Iterator

import numpy as np
import torch
from scipy.stats import binom
from torch import Tensor

from spacelib.bounds import (
    chromatic_samples,
    design_effect,
    question_weighted_samples,
    random_size_certificate,
    stratified_certificate,
    stratified_samples,
    test_set_bound,
)
from spacelib.models.coverage.dependence import BEST, FIXED, GIBBS, Reading, Setting, alone, counting

ALL = (FIXED, BEST, GIBBS)
Groups = tuple[tuple[int, int], ...]
"""Scenes and questions of each, for each group of equal scenes."""


def settings() -> Iterator[Setting]:
    """All settings, in the order of the table."""
    yield _independent(100, 0.3, models=1000)
    for copied in (0.0, math.sqrt(0.2), math.sqrt(0.5), 1.0):
        yield _equal(20, 50, 0.5, copied)
    yield from _unequal()
    yield _random_sizes()
    yield _pairs(40, 0.7)
    yield _strata((990, 10), (0.1, 0.9), (0.3, 0.5))


def scenes_of(groups: Groups, risk: float, copied: float = 1.0, **more) -> dict:
    """Draws and outcomes of the share of wrong questions.

    A scene has an answer of its own, wrong with probability `risk`. Each of its questions takes that over with
    probability `copied`, and else is wrong with probability `risk` by itself: questions of a scene have the correlation
    copied^2, and 1 makes them alike.
    """
    questions = sum(scenes * size for scenes, size in groups)

    def draw(repetitions: int, models: int, generator: torch.Generator) -> Tensor:
        wrong = torch.zeros(repetitions, models, dtype=torch.float64)
        for scenes, size in groups:
            if size == 1 or copied == 1:  # the scene is one coin
                wrong += size * _binomial(scenes, torch.full_like(wrong, risk), generator)
                continue
            own = torch.rand(repetitions, models, scenes, generator=generator, dtype=torch.float64) < risk
            wrong += _binomial(size, copied * own + (1 - copied) * risk, generator).sum(2)
        return (wrong / questions)[..., None]

    def outcomes() -> tuple[Tensor, Tensor]:
        law = np.ones(1)
        for scenes, size in groups:
            wrong = np.arange(size + 1)
            own = risk * binom.pmf(wrong, size, copied + (1 - copied) * risk)
            own += (1 - risk) * binom.pmf(wrong, size, (1 - copied) * risk)
            for _ in range(scenes):
                law = np.convolve(law, own)
        return torch.arange(questions + 1.0, dtype=torch.float64)[:, None] / questions, torch.as_tensor(law)

    return {"draw": draw, "outcomes": outcomes, **more}


def round_robin(scenes: int) -> list[list[tuple[int, int]]]:
    """All pairs of an even number of scenes in rounds that meet every scene once: a colouring of the pairs."""
    others = list(range(1, scenes))
    rounds = []
    for _ in others:
        table = [0, *others]
        rounds.append([(table[i], table[-1 - i]) for i in range(scenes // 2)])
        others = [others[-1], *others[:-1]]
    return rounds


def _independent(scenes: int, risk: float, models: int) -> Setting:
    def test_set(statistics: Tensor, _: Tensor, delta: float) -> Tensor:
        return test_set_bound((statistics[:, 0] * scenes).round(), scenes, delta)

    certificate = counting(scenes, constant="exact")
    readings = (
        Reading("certificate", certificate, risk, scenes, True, ALL),
        Reading("fixed model", alone(scenes), risk, scenes, True),
        Reading("test set", test_set, risk, scenes, True),
        Reading("prior chosen after the data", certificate, risk, scenes, posteriors=(BEST,), free=True),
        Reading("test set that chose the model", test_set, risk, scenes, posteriors=(BEST,), free=True),
    )
    detail = f"{scenes} scenes of 1 question"
    return Setting("independent", detail, readings=readings, models=models, **scenes_of(((scenes, 1),), risk))


def _equal(scenes: int, size: int, risk: float, copied: float) -> Setting:
    readings = (
        Reading("scenes", counting(scenes, constant="exact"), risk, scenes, True, ALL),
        Reading("scenes, fixed model", alone(scenes), risk, scenes, True),
        Reading("questions", counting(scenes * size), risk, scenes * size),
    )
    detail = f"{scenes} scenes of {size}, correlation {copied**2:.1f}"
    return Setting("equal scenes", detail, readings=readings, **scenes_of(((scenes, size),), risk, copied))


def _unequal() -> Iterator[Setting]:
    cases = (
        (((10, 10), (10, 50)), 0.5, "10 scenes of 10, 10 of 50", {}),
        (((1, 300), (700, 1)), 0.5, "1 scene of 300, 700 of 1", {}),
        (((1, 300), (700, 1)), 0.985, "1 scene of 300, 700 of 1", {}),
        (((1, 50), (50, 1)), 0.9998, "1 scene of 50, 50 of 1", {"deltas": (1e-4,), "repetitions": 1_000_000}),
    )
    for groups, risk, detail, more in cases:
        sizes = np.repeat([size for _, size in groups], [scenes for scenes, _ in groups])
        units, questions = len(sizes), int(sizes.sum())
        kish = questions / design_effect(sizes, 1.0)
        layers = float(question_weighted_samples(sizes))
        posteriors = (FIXED,) if more else ALL
        readings = (
            Reading("questions over the most of a scene", counting(layers), risk, layers, True, posteriors),
            Reading("questions over the most of a scene, fixed model", alone(layers), risk, layers, True),
            Reading("Kish's number", counting(float(kish)), risk, float(kish)),
            Reading("scenes, unweighted", counting(units), risk, units),
            Reading("questions", counting(questions), risk, questions),
        )
        detail = f"{detail}, alike in a scene, risk {risk}"
        yield Setting("unequal scenes", detail, readings=readings, **scenes_of(groups, risk, **more))


def _random_sizes(scenes: int = 150, largest: int = 4, often: float = 0.4, risks=(0.02, 0.6)) -> Setting:
    """Large scenes are wrong more often. Statistics: the mean of size times loss, of the loss, and of the size."""
    by_scene = (1 - often) * risks[0] + often * risks[1]
    size = 1 - often + often * largest
    by_question = ((1 - often) * risks[0] + often * largest * risks[1]) / size

    def statistics(small_wrong: Tensor, large_wrong: Tensor, large: Tensor) -> Tensor:
        sums = (small_wrong + largest * large_wrong, small_wrong + large_wrong, scenes + (largest - 1) * large)
        return torch.stack([total / scenes for total in sums], -1)

    def draw(repetitions: int, models: int, generator: torch.Generator) -> Tensor:
        large = torch.rand(repetitions, 1, scenes, generator=generator, dtype=torch.float64) < often
        uniform = torch.rand(repetitions, models, scenes, generator=generator, dtype=torch.float64)
        wrong = uniform < torch.where(large, risks[1], risks[0])
        large = large.expand_as(wrong)
        return statistics(*(kept.sum(2).double() for kept in (wrong & ~large, wrong & large, large)))

    def outcomes() -> tuple[Tensor, Tensor]:
        counts = np.arange(scenes + 1)
        small_wrong = binom.pmf(counts, scenes - counts[:, None], risks[0])  # by the number of large ones
        large_wrong = binom.pmf(counts, counts[:, None], risks[1])
        law = np.einsum("l,la,lb->lab", binom.pmf(counts, scenes, often), small_wrong, large_wrong)
        possible = law.nonzero()
        large, a, b = (torch.as_tensor(axis).double() for axis in possible)
        return statistics(a, b, large), torch.as_tensor(law[possible])

    def ratio(values: Tensor, complexity: Tensor, delta: float) -> Tensor:
        return random_size_certificate(values[:, 0], values[:, 1], largest, complexity, scenes, delta)

    readings = (
        Reading("mean over questions, sizes random", ratio, by_question, scenes, True, ALL, (0, 2)),
        Reading("mean over scenes", counting(scenes, constant="exact"), by_scene, scenes, True, ALL, (1,)),
        Reading("mean over scenes, read as over questions", counting(scenes), by_question, scenes, columns=(1,)),
    )
    detail = f"{scenes} scenes of 1 or {largest}, large ones wrong more often"
    return Setting("random sizes", detail, draw, outcomes, readings, independent=False)


def _pairs(scenes: int, wrong: float) -> Setting:
    """A question for every pair of scenes, wrong where both scenes are; pairs that share a scene depend."""
    questions, risk = scenes * (scenes - 1) // 2, wrong**2
    colours = len(round_robin(scenes))

    def share(hard: Tensor) -> Tensor:
        return (hard * (hard - 1) / 2 / questions)[..., None]

    def draw(repetitions: int, models: int, generator: torch.Generator) -> Tensor:
        uniform = torch.rand(repetitions, models, scenes, generator=generator, dtype=torch.float64)
        return share((uniform < wrong).sum(2).double())

    def outcomes() -> tuple[Tensor, Tensor]:
        hard = np.arange(scenes + 1)
        return share(torch.as_tensor(hard).double()), torch.as_tensor(binom.pmf(hard, scenes, wrong))

    samples = float(chromatic_samples(questions, colours))
    readings = (
        Reading("questions over colours", counting(samples), risk, samples, True, ALL),
        Reading("questions", counting(questions), risk, questions),
    )
    return Setting("pairs of scenes", f"all pairs of {scenes} scenes", draw, outcomes, readings)


def _strata(counts: tuple[int, ...], mix: tuple[float, ...], risks: tuple[float, ...]) -> Setting:
    """Statistics: the risk at the target's mix, each type's own, and that of all questions pooled."""
    sizes, weights = torch.tensor(counts, dtype=torch.float64), torch.tensor(mix, dtype=torch.float64)
    total, risk = sum(counts), sum(b * r for b, r in zip(mix, risks, strict=True))

    def statistics(wrong: Tensor) -> Tensor:
        share = wrong / sizes
        mixed, pooled = (share * weights).sum(-1, keepdim=True), wrong.sum(-1, keepdim=True) / total
        return torch.cat([mixed, share, pooled], -1)

    def draw(repetitions: int, models: int, generator: torch.Generator) -> Tensor:
        shape = (repetitions, models)
        types = zip(counts, risks, strict=True)
        drawn = [_binomial(n, torch.full(shape, r, dtype=torch.float64), generator) for n, r in types]
        return statistics(torch.stack(drawn, -1))

    def outcomes() -> tuple[Tensor, Tensor]:
        wrong = [np.arange(n + 1) for n in counts]
        laws = [binom.pmf(k, n, r) for k, n, r in zip(wrong, counts, risks, strict=True)]
        grid = torch.as_tensor(np.stack([axis.ravel() for axis in np.meshgrid(*wrong, indexing="ij")], -1))
        law = np.prod([axis.ravel() for axis in np.meshgrid(*laws, indexing="ij")], 0)
        return statistics(grid.double()), torch.as_tensor(law)

    def stratified(values: Tensor, complexity: Tensor, delta: float) -> Tensor:
        return stratified_certificate(values[:, 1:], weights, sizes, complexity, delta)

    samples, types = float(stratified_samples(weights, sizes)), len(counts)
    readings = (
        Reading("types weighted, least count over share", stratified, risk, samples, True, ALL, (*range(types + 1),)),
        Reading("types weighted, fixed model", alone(samples), risk, samples, True),
        Reading("types weighted, all questions", counting(total), risk, total),
        Reading("questions pooled", counting(total), risk, total, columns=(types + 1,)),
    )
    detail = " and ".join(map(str, counts)) + " questions of types in " + " and ".join(map(str, mix))
    return Setting("types in other proportions", detail, draw, outcomes, readings)


def _binomial(trials: int, probability: Tensor, generator: torch.Generator) -> Tensor:
    return torch.binomial(torch.full_like(probability, float(trials)), probability, generator=generator)
