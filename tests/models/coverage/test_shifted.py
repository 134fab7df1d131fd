"""The worlds of the shift table: exact risks and divergences, their draws, and what each row takes from them."""

import dataclasses
import math

import pandas as pd
import pytest
import torch
from scipy.stats import binom, binomtest

from spacelib.bounds import kl, kl_certificate, shift_kl
from spacelib.models.coverage.shift_rows import ROWS, Seen
from spacelib.models.coverage.shifted import draw, measure
from spacelib.models.coverage.tables import coverage_shifts
from spacelib.models.coverage.worlds import FAMILIES, STRENGTHS, World, rendered, worlds
from spacelib.scenes.shifts import task_mix

COINS = {made()[0].name: made for made in list(worlds())[len(FAMILIES) :]}


@pytest.fixture(scope="module")
def family():
    return rendered(task_mix(), torch.Generator().manual_seed(5), number=30)


def test_a_family_is_one_source_and_three_targets(family):
    assert [world.strength for world in family] == list(STRENGTHS)
    for world in family:
        assert world.source @ world.ratio == pytest.approx(1, abs=1e-12)
        assert world.losses.shape == (3, 30, 10) and world.losses.dtype == torch.bool
        assert torch.equal(world.losses, family[0].losses) and torch.equal(world.source, family[0].source)
        # the expectation under the target is that of the loss times the ratio under the source
        weighted = (world.source * world.ratio) @ world.losses.double().mean(1)
        assert torch.allclose(weighted, world.target_risk, rtol=1e-12)
        assert not world.coins
    kappa = [world.divergences.kl.item() for world in family]
    assert kappa == sorted(kappa) and kappa[0] > 0


def test_draws_have_the_worlds_risks(family):
    """Errors of each predictor, drawn freely and by plan, and counts of circumstances: means within five standard errors."""
    world, repetitions = family[2], 400
    data = draw(world, repetitions, torch.Generator().manual_seed(0))
    assert (data["counts"].sum(1) == world.scenes).all() and (data["apart"].sum(1) == world.seen).all()
    risk, reach = world.source_risk, 5 / math.sqrt(repetitions * world.scenes)
    assert ((data["wrong"].sum(1).mean(0) / world.scenes - risk).abs() <= reach * (risk * (1 - risk)).sqrt()).all()
    own = world.losses.double().mean(1)
    reach = 5 * (own * (1 - own) / (repetitions * world.planned[:, None])).sqrt()
    assert ((data["missed"].mean(0) / world.planned[:, None] - own).abs() <= reach).all()
    law, reach = data["counts"].mean(0) / world.scenes, 5 / math.sqrt(repetitions * world.scenes)
    assert ((law - world.source).abs() <= reach * (world.source * (1 - world.source)).sqrt()).all()


@pytest.mark.parametrize("name", COINS)
def test_a_coin_is_drawn_as_it_is_summed(name):
    world = dataclasses.replace(COINS[name]()[0], scenes=40, seen=10, deltas=(0.05,))
    rows = list(measure([world], 11, 500))
    assert len(rows) == len(ROWS)
    for row in rows:
        assert binomtest(row["failures"], 500, row["exact"]).pvalue > 1e-3 / len(ROWS), row


def test_the_shift_of_a_coin_is_the_certificates_failure():
    """On a coin the first row is exact: it fails where the source's own certificate does."""
    world = dataclasses.replace(COINS["a shift from few counts"]()[0], scenes=60, seen=5, deltas=(0.1,))
    assert shift_kl(0.3, world.divergences.kl.item()) == pytest.approx(0.7, abs=1e-9)
    assert world.divergences.kl.item() == pytest.approx(kl(0.7, 0.3), rel=1e-12)
    rows = {row["row"]: row["exact"] for row in measure([world], 0, 50)}
    certificate = kl_certificate(torch.arange(61).double() / 60, 0.0, 60, 0.1)
    reach = int((certificate < 0.3).sum()) - 1
    assert reach > 0 and rows["KL, target first"] == pytest.approx(binom.cdf(reach, 60, 0.3), rel=1e-9)


def test_a_row_without_its_step_is_seen():
    """The certificate of the source called a valid row: it is below the target's risk in every repetition."""
    world = COINS["a sure error"]()[0]
    step = next(row for row in ROWS if row.name == "no shift step")
    assert (step.bound(world, Seen(torch.full((3,), 150.0)), 0.0, 0.05) < world.target_risk).all()


def test_the_most_fitting_predictor_is_paid_for(family):
    """The chosen predictor's row has the complexity ln 10, and so a larger bound than a fixed one of as many errors."""
    world = family[0]
    first = next(row for row in ROWS if row.name == "no shift step")
    seen = Seen(torch.tensor([60.0]))
    assert first.bound(world, seen, math.log(10), 0.05) > first.bound(world, seen, 0.0, 0.05)
    found = pd.DataFrame(measure([world], 2, 50))
    assert set(found.models[found.posterior == "best"]) == {10}


def test_worlds_are_drawn_again():
    made, table = list(worlds()), coverage_shifts()
    seed = len(made) - 2
    again = pd.DataFrame(measure([dataclasses.replace(made[seed]()[0], deltas=(0.05,))], seed))
    recorded = table[(table.seed == seed) & (table.delta == 0.05)].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, recorded, rtol=1e-5)


def test_coins_are_told_from_scenes():
    world = World("two scenes", 1.0, torch.ones(2) / 2, torch.ones(2) / 2, torch.tensor([[[True]], [[False]]]))
    assert not world.coins and COINS["a rare error"]()[0].coins
