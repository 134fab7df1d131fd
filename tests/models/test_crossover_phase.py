"""The phase diagram on records whose truth is known."""

import math

import numpy as np
import pandas as pd
import pytest

from spacelib.models.crossover.certified import certified_table
from spacelib.models.crossover.curves import fit_curve
from spacelib.models.crossover.measure import SIZES, TOLERANCES
from spacelib.models.crossover.measures import flip_table, flip_verdict
from spacelib.models.crossover.mixture import mixture_table
from spacelib.models.crossover.phase import FITTED, PREDICTING, boundary_table, jackknife, phase_table, phase_verdict
from spacelib.models.crossover.tables import Records

FLOOR, SCALE, OFFSET = 2e-4, 0.1, -20.0
RISKS = (1e-4, 4e-4, 8e-4, 3e-3)  # of geometry at four levels of calibration


def made(spread: float, seed: int = 0, risks: tuple[float, ...] = RISKS) -> Records:
    """Records of one rig: a hyperbola with relative noise against constants, normal errors without bias."""
    draw = np.random.default_rng(seed)
    rig, implicit, explicit, together = {"baseline": 0.1, "frames": 2}, [], [], []
    for number in range(2 * PREDICTING):
        for size in SIZES:
            risk = (FLOOR + SCALE / (size - OFFSET)) * math.exp(spread * draw.standard_normal())
            implicit.append(rig | {"seed": number, "samples": size} | normal(0.0, risk))
        for level, risk in enumerate(risks):
            risk = risk * math.exp(spread * draw.standard_normal())
            row = rig | {"seed": number, "kind": "calibration", "level": level}
            explicit.append(row | normal(0.0, risk) | {"unplaced": 0.0})
            together += [row | {"samples": size, "cross": 0.0} for size in SIZES]
    return Records(*map(pd.DataFrame, (implicit, explicit, together)))


def normal(bias: float, risk: float) -> dict:
    """What `figures` would say of normal errors."""
    deviation = math.sqrt(risk - bias**2)
    upper = lambda x: math.erfc(x / math.sqrt(2)) / 2  # noqa: E731
    within = lambda t: 1 - upper((t - bias) / deviation) - upper((t + bias) / deviation)  # noqa: E731
    return {"risk": risk, "bias": bias, "deviation": deviation} | {f"within_{t:g}": within(t) for t in TOLERANCES}


def winners(cells: pd.DataFrame, risks: tuple[float, ...] = RISKS) -> np.ndarray:
    """Who truly errs less."""
    explicit = np.array(risks)[cells["level"].astype(int)]
    return np.where(FLOOR + SCALE / (cells["samples"] - OFFSET) > explicit, "explicit", "implicit")


def test_curves_are_found_again():
    """Exact risks of either shape at four sizes say the risk at others, to the grid's step."""
    n = np.array(FITTED, float)
    between = np.array([64.0, 128, 700, 2048, 8192])
    for shape, risk in (
        ("hyperbola", lambda n: FLOOR + SCALE / (n - OFFSET)),
        ("hyperbola", lambda n: 0.9 + 3 / (n - 6)),
        ("power", lambda n: 2e-4 + 0.05 * n**-0.8),
        ("power", lambda n: 0.5 * n**-1.0),
    ):
        curve = fit_curve(n, risk(n), shape)
        assert curve.risk(between) == pytest.approx(risk(between), rel=0.01)
    hyperbola = fit_curve(n, FLOOR + SCALE / (n - OFFSET), "power")
    assert abs(hyperbola.risk(between) / (FLOOR + SCALE / (between - OFFSET)) - 1).max() > 0.02  # a shape is a claim
    rising = fit_curve(n, 1e-3 * n)  # no such curve: a constant is the nearest
    assert rising.scale == 0 and rising.floor > 0
    for samples, risks, shape, says in (
        (n[:2], n[:2], "power", "at least 3"),
        (n, -n, "power", "risks must be above 0"),
        (n, n * np.nan, "power", "risks must be above 0"),
        (n - 64, n, "power", "samples must be at least 1"),
        (n, n, "line", "shape must be one of hyperbola, power, got 'line'"),
    ):
        with pytest.raises(ValueError, match=says):
            fit_curve(samples, risks, shape)


def test_the_crossover_of_a_known_curve():
    """Without noise n* = c0 + A/(E - a), every cell is right, and nothing is undecided."""
    records = made(0.0)
    cells = phase_table(records=records)
    assert (cells["winner"] == winners(cells)).all()
    verdict = phase_verdict(cells)
    assert (verdict.cells, verdict.abstained, verdict.right) == (28, 0, verdict.judged) and verdict.hit_rate == 1
    boundary = boundary_table(records=records).set_index("level")
    for level, risk in enumerate(RISKS):
        exact = OFFSET + SCALE / (risk - FLOOR) if risk > FLOOR else math.inf
        exact = 0 if exact < SIZES[0] else math.inf if exact > SIZES[-1] else exact
        assert boundary["crossover"][level] == pytest.approx(exact, rel=0.01)
    assert boundary["observed"].between(boundary["observed_low"], boundary["observed_high"]).all()
    assert boundary["agree"].all()
    swapped = Records(records.implicit, records.explicit.assign(risk=1e-6 / records.explicit["risk"]), records.together)
    assert not phase_table(records=swapped)["winner"].equals(cells["winner"])


def test_what_is_certified_without_a_shape():
    """Without noise all but the cells between two fitted sizes where the curve crosses; with it no wrong side."""
    cells = certified_table(records=made(0.0))
    truth = winners(cells)
    open_cells = cells[cells["winner"] == "undecided"]
    assert (cells["winner"] == truth)[cells["winner"] != "undecided"].all()
    assert not open_cells["fitted"].any() and len(open_cells) == 2  # at 128 and 512, between two fitted sizes each
    noisy = certified_table(records=made(0.3))
    says = noisy["winner"] != "undecided"
    assert 0 < says.mean() < (cells["winner"] != "undecided").mean()
    assert (noisy["winner"] == truth)[says].all()


@pytest.mark.coverage
def test_predictions_under_noise():
    """Cells whose 95 % interval has the wrong sign: at most 2.5 % each, over 40 draws of records; 4 standard errors.

    Cells of one draw go together, so the draw is the unit.
    """
    wrong = []
    for seed in range(40):
        cells = phase_table(records=made(0.15, seed))
        wrong.append(((cells["winner"] != winners(cells)) & (cells["winner"] != "undecided")).mean())
    assert 0 < np.mean(wrong) < 0.025 + 4 * np.std(wrong) / math.sqrt(40)


@pytest.mark.coverage
def test_certificates_under_noise():
    """For each error of the cameras a wrong certificate anywhere: at most 5 %, over 40 draws; 4 standard errors.

    Geometry is within 2 % of the curve at a fitted size. Settings share a draw's curve, so the draw is the unit.
    """
    near = tuple((FLOOR + SCALE / (n - OFFSET)) * times for n in (256, 1024) for times in (0.98, 1.02))
    wrong = []
    for seed in range(40):
        cells = certified_table(records=made(0.15, seed, near))
        off = (cells["winner"] != winners(cells, near)) & (cells["winner"] != "undecided")
        wrong.append(off.groupby(cells["level"]).any().mean())
    assert np.mean(wrong) < 0.05 + 4 * math.sqrt(0.05 * 0.95 / 40)  # a share in [0, 1] varies no more than a coin


def test_a_prediction_is_not_made_of_what_it_is_held_against():
    """The observed seeds change no prediction, the predicting ones no observation; with noise some cells stay open."""
    records = made(0.3)
    cells = phase_table(records=records)
    assert "undecided" in set(cells["winner"])
    for seeds, same, other in ((slice(PREDICTING), "gap", "predicted"), (slice(PREDICTING, None), "predicted", "gap")):
        changed = range(2 * PREDICTING)[seeds]
        times = np.where(records.implicit["seed"].isin(changed), 2, 1)
        implicit = records.implicit.assign(risk=times * records.implicit["risk"])
        moved = phase_table(records=Records(implicit, records.explicit, records.together))
        assert moved[same].equals(cells[same]) and not np.allclose(moved[other], cells[other])
    boundary = boundary_table(records=records)
    joined = cells.merge(boundary[["level", "crossover", "low", "high"]], on="level", suffixes=("_gap", ""))
    assert (joined.loc[joined["samples"] <= joined["low"], "winner"] == "explicit").all()
    assert (joined.loc[joined["samples"] >= joined["high"], "winner"] == "implicit").all()
    assert (boundary["low"] <= boundary["crossover"]).all() and (boundary["crossover"] <= boundary["high"]).all()
    other = cells["observed"].map({"explicit": "implicit", "implicit": "explicit"})
    flipped = phase_verdict(cells.assign(observed=other))
    assert flipped.right == flipped.judged - phase_verdict(cells).right


def test_the_jackknife_of_a_mean_is_its_standard_error():
    values = np.random.default_rng(0).normal(size=(3, 5))
    mean, error = jackknife(lambda seeds: values[:, seeds].mean(1), 5)
    assert mean == pytest.approx(values.mean(1)) and error == pytest.approx(values.std(1, ddof=1) / math.sqrt(5))


def test_flips_are_foretold():
    """THEORY's example scaled: bias .9 and spread .3 against spread 1; at t = .5 and 1.5 of that spread."""
    scale = 0.02  # so that tolerances of .01, .02 and .04 are .5, 1 and 2 spreads
    records = made(0.0)
    implicit = records.implicit.assign(**normal(0.0, scale**2))
    explicit = records.explicit.assign(**normal(0.9 * scale, 0.9 * scale**2))
    records = Records(implicit, explicit, records.together)
    for errors in ("normal", "measured"):
        flips = flip_table(errors=errors, records=records).set_index("tolerance")
        assert flips.loc[0.01, "predicted"].all() and flips.loc[0.01, "observed"].all()
        assert not flips.loc[0.04, "predicted"].any() and not flips.loc[0.04, "observed"].any()
        verdict = flip_verdict(flips)
        # at one spread .6827 against .6306: squared error says the biased side, accuracy the other
        assert (verdict.predicted, verdict.confirmed, verdict.contradicted, verdict.missed) == (56, 56, 0, 0)
    flips["observed_accuracy"] *= -1
    assert flip_verdict(flips.assign(observed=False)).contradicted == 56
    with pytest.raises(ValueError, match="errors must be normal or measured, got 'student'"):
        flip_table(errors="student", records=records)


def test_the_mixture_of_known_moments():
    """Uncorrelated errors: 1/R = 1/a + 1/g; a cross moment above the smaller risk leaves that side alone."""
    records = made(0.0)
    found = mixture_table(records)
    assert found["risk"].to_numpy() == pytest.approx(1 / (1 / found["explicit"] + 1 / found["implicit"]).to_numpy())
    assert found["better"].all() and not found["worse"].any()
    a, g, c = found["explicit"], found["implicit"], 0.5e-4
    shared = mixture_table(Records(records.implicit, records.explicit, records.together.assign(cross=c)))
    assert shared["risk"].to_numpy() == pytest.approx(((a * g - c * c) / (a + g - 2 * c)).to_numpy())
    together = records.together.assign(cross=1.0e-4)  # as large as the best level's own risk
    alone = mixture_table(Records(records.implicit, records.explicit, together))
    assert (alone.loc[alone["level"] == 0, "weight"] == 1).all() and alone["gain"].min() == pytest.approx(0, abs=1e-12)


def test_errors_name_what_is_wrong():
    records = made(0.1)
    few = Records(*(part[part["seed"] <= PREDICTING] for part in vars(records).values()))
    with pytest.raises(ValueError, match=f"at least {PREDICTING + 2} seeds"):
        phase_table(records=few)
    with pytest.raises(ValueError, match="fitted must be sizes of the table.*got 100"):
        phase_table(records=records, fitted=(64, 100, 4096))
    for level in (0.0, 1.0):
        with pytest.raises(ValueError, match="level must be in"):
            phase_table(records=records, level=level)
