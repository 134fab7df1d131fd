"""The transfer in two forms: the numbers of the kernel's statements are those that the library computes."""

import math
import random
from fractions import Fraction

import flint
import numpy as np
import pytest

from spacelib import bounds
from spacelib.proofs.kernel import Model, evaluate, integral, truth
from spacelib.proofs.kernel.evaluate import PRECISION, ball
from spacelib.proofs.samples.setting import W
from spacelib.proofs.transfer import certified, chain, disagreement, estimation, fixed, frames, layers, mixes, ratios, units
from test_capacity_statements import value

pytestmark = pytest.mark.oracle
exact = lambda **values: {name: Fraction(x) for name, x in values.items()}


def agrees(found: float, term, model: Model) -> bool:
    """Does the float lie within 1e-9 of the certified ball? That of a supremum may be wide next to one."""
    with flint.ctx.workprec(PRECISION):
        return bool(abs(ball(evaluate(term, model)) - float(found)).lower() <= 1e-9)


def law(model: Model, name: str) -> np.ndarray:
    """The masses of a family over scenes."""
    weights = next(iter(model.spaces.values()))
    return np.array([float(v) * float(w) for v, w in zip(model.families[name].values(), weights)])


@pytest.mark.parametrize("seed", range(20))
def test_a_risk_moves_as_the_theorem_says(seed):
    model = chain.shifted_risk.witness(random.Random(seed))
    nu, mu, loss = law(model, "nu"), law(model, "mu"), np.array([float(v) for v in model.families["f"].values()])
    found = bounds.shift_kl(mu @ loss, float(model.variables["kappa"]))
    assert agrees(found, chain.shifted_risk.statement.rhs, model)
    assert bounds.shift_divergences(nu, mu).kl == pytest.approx(value(chain.SHIFT, model), abs=1e-12)
    if (nu > 0).all():
        assert bounds.shift_divergences(nu, mu).reverse_kl == pytest.approx(value(chain.REVERSE, model), abs=1e-12)
    model = chain.shifted_risk_reverse.witness(random.Random(seed))
    risk = law(model, "mu") @ np.array([float(v) for v in model.families["f"].values()])
    assert agrees(bounds.shift_reverse_kl(risk, float(model.variables["kappa"])), chain.shifted_risk_reverse.statement.rhs, model)


@pytest.mark.parametrize("seed", range(20))
def test_rows_of_a_known_ratio(seed):
    rng = random.Random(seed)
    model = ratios.shift_total_variation.witness(rng)
    mu = np.array([float(w) for w in model.spaces["Sampled"]])
    w, loss = (np.array([float(v) for v in model.families[k].values()]) for k in "wf")
    risk, known = mu @ loss, bounds.shift_divergences(mu * w, mu)
    assert known.chi_square == pytest.approx(value(ratios.CHI, model), abs=1e-12)
    variance = value(ratios.VARIANCE, model)
    assert bounds.shift_chi_square(risk, known.chi_square, variance) == pytest.approx(min(1, risk + math.sqrt(known.chi_square * variance)), abs=1e-12)
    assert bounds.shift_ratio(risk, known.ratio) == pytest.approx(min(1, known.ratio * risk), abs=1e-12)
    model = ratios.shift_renyi.witness(rng)
    order, divergence, level = rng.uniform(1.1, 9), rng.uniform(0, 3), -rng.uniform(0, 5)
    point = Model(exact(a=order, D=divergence, b=level))
    assert bounds.shift_renyi(math.exp(level), divergence, order) == pytest.approx(min(1, value(ratios.shift_renyi.statement.rhs, point)), rel=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_a_certificate_is_where_its_price_ends(seed):
    rng = random.Random(seed)
    seen, budget, kappa = rng.uniform(0, 0.5), rng.uniform(0, 9), rng.uniform(0, 1)
    n, delta = rng.randint(2, 500), rng.uniform(0.001, 0.5)
    free = Model(exact(delta=delta, n=n), {"p": {(0,): 1}, "q": {(0, 0): 1}}, {"Rules": [1], "Data": [1]})  # a posterior that is its prior
    price = value(integral(W, certified.PRICE), free) + budget
    root = bounds.inverse_second(seen, price / n)
    assert bounds.kl_certificate(seen, budget, n, delta, constant="sqrt") == pytest.approx(root, rel=1e-12)
    assert bounds.kl_certificate(seen, budget, n, delta) <= root * (1 + 1e-12)
    found = bounds.transfer_certificate(seen, budget, n, delta, kappa, constant="sqrt")
    assert found == pytest.approx(bounds.inverse_first(root, kappa), rel=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_what_samples_count_for(seed):
    rng = random.Random(seed)
    sizes = [rng.randint(1, 9) for _ in range(rng.randint(1, 6))]
    levels = sorted(set(sizes))
    cover = {(u, i): int(s >= level) for u, level in enumerate(levels) for i, s in enumerate(sizes)}
    steps = [Fraction(b - a, levels[-1]) for a, b in zip([0, *levels], levels)]
    model = Model({"n": len(sizes)}, {"m": cover}, {"Layers": steps, "Samples": [1] * len(sizes)})
    assert value(layers.N, model) == pytest.approx(bounds.question_weighted_samples(np.array(sizes, float)), rel=1e-12)
    assert value(layers.N, model) == pytest.approx(bounds.weighted_samples(np.array(sizes, float)), rel=1e-12)


def test_the_exact_counterexamples():
    assert value(units.questions_mislead_often.statement.lhs, Model({})) == pytest.approx(131975 / 524288, abs=1e-15)
    assert bounds.kl_certificate(8 / 20, 0.0, 1000, 0.05, constant="sqrt") < 0.5 < bounds.kl_certificate(9 / 20, 0.0, 1000, 0.05, constant="sqrt")
    weights = np.array([0.5] + [0.01] * 50)
    assert value(units.kish_misleads.statement.rhs, Model({})) == pytest.approx(bounds.kl(0.5, 0.9998) / (weights**2).sum(), rel=1e-12)
    assert bounds.inverse_second(0.5, math.log(2 * math.sqrt(1 / (weights**2).sum()) / 1e-4) * (weights**2).sum()) < 0.9998
    assert bounds.kl_certificate(0.5, 0.0, bounds.weighted_samples(weights), 1e-4, constant="sqrt") > 0.9998


@pytest.mark.parametrize("seed", range(20))
def test_cells_disagreement_and_frames(seed):
    rng = random.Random(seed)
    model = estimation.boxed_shift.witness(rng)
    assert bounds.shift_divergences(law(model, "nu"), law(model, "mu")).kl == pytest.approx(value(estimation.SHIFT, model), abs=1e-12)
    model = disagreement.gibbs_bound.witness(rng)
    d, e = (value(t, model) for t in (disagreement.DISAGREEMENT, disagreement.JOINT))
    assert bounds.gibbs_from_disagreement(d, e) == pytest.approx(min(1, value(disagreement.gibbs_bound.statement.rhs, model)), abs=1e-12)
    model = frames.scene_shift_grows.witness(rng)
    K, D, t, s = (float(model.variables[k]) for k in "KDts")
    assert bounds.gaussian_frames_shift(D, math.sqrt(t), math.sqrt(s), K) == pytest.approx(value(frames.shift_of(frames.K), model), rel=1e-12)
    model = frames.frame_shift_grows.witness(rng)
    assert bounds.variance_shift_floor(float(model.variables["r"]), float(model.variables["K"])) == pytest.approx(value(frames.frame_shift_grows.statement.rhs, model), abs=1e-12)
    c = rng.uniform(0, 3)
    assert bounds.inverse_second(0.0, c) == pytest.approx(value(mixes.no_errors_seen.statement.rhs, Model(exact(c=c))), rel=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_the_price_of_a_fixed_model(seed):
    """exp(-N kl(q, L)) is delta exactly where the Chernoff bound of q is L."""
    rng = random.Random(seed)
    q, samples, delta = rng.uniform(0.01, 0.6), rng.uniform(1, 400), rng.uniform(0.001, 0.5)
    risk = bounds.inverse_second(q, math.log(1 / delta) / samples)
    one = Model(exact(N=samples, q=q), {"w": {(0,): 1}, "r": {(0,): Fraction(risk)}}, {"Samples": [1]})
    assert value(fixed.fixed_model.statement.rhs, one) == pytest.approx(delta, rel=1e-6) or risk > 1 - 1e-9
    assert truth(fixed.chernoff_rate.statement, Model(exact(p=risk, q=q))) is not False
