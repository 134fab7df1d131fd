"""The frames in two forms: each statement of the kernel, on exact models, equals what the library computes of the same law."""

import itertools
import math
import random
from fractions import Fraction

import pytest
import torch

from spacelib import bounds, proofs
from spacelib.proofs.frames import fewest, independent, order, repeated, saturation, together, views
from spacelib.proofs.kernel import Model, truth, var
from spacelib.proofs.words import simplex
from test_capacity_statements import value
from test_statements_match_bounds import U, within

pytestmark = pytest.mark.oracle
# sums of at most 18 cells below 3 nats, each right to 8 u
ROUNDING = 1e-13


def law_of(model: Model) -> torch.Tensor:
    """The joint law (question, first, second, target) of a model of two views, its densities times the base weights."""
    weights = [model.spaces[name] for name in ("Question", "First", "Second", "Target")]
    law = torch.zeros([len(w) for w in weights], dtype=torch.float64)
    for cell, density in model.families["n"].items():
        law[cell] = float(density * math.prod(w[k] for w, k in zip(weights, cell, strict=True)))
    return law


def told(law: torch.Tensor) -> torch.Tensor:
    """The table of subsets, averaged over questions."""
    tables = []
    for joint in law:
        share = joint.sum()
        parts = [joint.sum((0, 1))[None], joint.sum(1), joint.sum(0), joint.flatten(0, 1)]
        informations = [bounds.known_channel(part.T / share).information for part in parts]
        tables.append(share * torch.stack([torch.zeros((), dtype=torch.float64), *informations[1:]]))
    return torch.stack(tables).sum(0)


@pytest.mark.parametrize("seed", range(20))
def test_two_views(seed):
    model = views.with_channel(random.Random(seed))
    table = told(law_of(model))
    for k, term in enumerate((views.ONE, views.TWO, views.BOTH), start=1):
        assert abs(table[k] - value(term, model)) < ROUNDING
    assert abs(bounds.complementarity(table) - value(views.COMPLEMENTARITY, model)) < ROUNDING
    assert abs(bounds.net_synergy(table) - (value(views.GIVEN, model) - value(independent.SHARED, model))) < ROUNDING


def films(seed, size):
    """A random law of a film and its model: of each pair of different places only one order occurs."""
    rng = random.Random(seed)
    pairs = [pair if rng.random() < 0.5 else pair[::-1] for pair in itertools.combinations(range(size), 2)]
    masses = simplex(rng, len(pairs))
    law = {(a, b): Fraction(0) for a in range(size) for b in range(size)} | dict(zip(pairs, masses, strict=True))
    forward = torch.zeros(size, size, dtype=torch.float64)
    for cell, mass in law.items():
        forward[cell] = float(mass)
    joint = torch.stack([forward, forward.T], -1) / 2  # first, second, direction
    return joint, Model({}, {"f": law}, {"Pictures": [1] * size})


@pytest.mark.parametrize("seed", range(10))
def test_films_in_and_out_of_order(seed):
    """Any films that never run both ways: in order ln 2, loose nothing; one picture as the table of subsets says."""
    joint, model = films(seed, 3 + seed % 3)
    table, loose = told(joint[None]), (joint + joint.transpose(0, 1)) / 2
    assert abs(table[3] - math.log(2)) < ROUNDING and abs(value(order.IN_ORDER, model) - math.log(2)) < ROUNDING
    assert abs(told(loose[None])[3]) < ROUNDING and abs(value(order.OUT_OF_ORDER, model)) < ROUNDING
    assert abs(table[1] - value(order.ONE_PICTURE, model)) < ROUNDING
    assert abs(table[2] - value(order.OTHER_PICTURE, model)) < ROUNDING


def test_motion_is_in_no_single_picture():
    for seed in range(5):
        model = order.circle(random.Random(seed))
        size = len(model.spaces["Pictures"])
        law = [[float(model.families["f"][a, b]) for b in range(size)] for a in range(size)]
        forward = torch.tensor(law, dtype=torch.float64)
        table = told(torch.stack([forward, forward.T], -1)[None] / 2)
        assert abs(bounds.net_synergy(table) - math.log(2)) < ROUNDING and table[1:3].abs().max() < ROUNDING


def test_the_hidden_target():
    for size in (2, 3, 4):
        model = together.latin(random.Random(size))
        joint = torch.zeros((int(model.variables["M"]),) * 3, dtype=torch.float64)
        for cell, marked in model.families["e"].items():
            joint[cell] = float(marked) / len(joint) ** 2
        table = told(joint[None])
        assert abs(table[3] - value(together.BOTH, model)) < ROUNDING and abs(table[1] - value(together.ONE, model)) < ROUNDING


@pytest.mark.parametrize("error", [Fraction(1, 5), Fraction(3, 8), Fraction(1, 100)])
def test_looks_at_a_coin(error):
    channel = torch.tensor([[1 - error, error], [error, 1 - error]], dtype=torch.float64)
    prior = torch.full((2,), 0.5, dtype=torch.float64)
    for frames, term in enumerate((together.ACCURACY_1, together.ACCURACY_2, together.ACCURACY_3), start=1):
        assert within(float(bounds.repeated_accuracy(prior, channel, frames)), term, {"e": error}, 64 * U)


@pytest.mark.parametrize("seed", range(12))
def test_shared_errors(seed):
    model = saturation._reaching(1)(random.Random(seed))
    t, b, s, k, i = (float(model.variables[name]) for name in "tbsKi")
    exact = {name: Fraction(x) for name, x in zip("tbsKi", (t, b, s, k, i), strict=True)}
    # seven operations, the logarithm of at least 1; the number of frames by a subtraction that leaves at least a hundredth
    assert within(bounds.shared_error_information(t, b, s, k), saturation.TOLD, exact, 16 * U)
    needed = bounds.frames_under_shared_error(t, b, s, i)
    assert within(needed, saturation._needed, exact, 3000 * U * needed)


def test_enough_looks():
    """The number of looks of the theorem, rounded up, is the library's; the theorem's models have it reached."""
    for seed in range(12):
        model = repeated._reached(random.Random(seed))
        known = {name: float(x) for name, x in model.variables.items()}
        exact = value(proofs.THEOREMS["enough_frames"].hypotheses[-1].claim.lhs, model)
        promised = bounds.sufficient_frames(1 - known["e"], known["M"], known["C"])
        assert math.ceil(exact - 1e-9) <= promised <= math.ceil(exact + 1e-9) or exact < 0 and promised == 0


def test_necessary_frames_are_those_of_the_theorem():
    statement = proofs.THEOREMS["fewest_frames"].statement
    for seed in range(12):
        model = fewest.answering(fewest.frames_model(random.Random(seed)))
        exact = value(statement.lhs, model)
        accuracy, blind = value(fewest.ACCURACY, model), value(fewest.BLIND, model)
        found = bounds.necessary_frames(accuracy, blind, float(model.variables["I_1"]))
        assert math.ceil(exact - 1e-9) <= found <= math.ceil(exact + 1e-9)
        assert found <= model.variables["K"]


@pytest.mark.parametrize("name", ["two_frame_sum_bound", "gain_given_target", "no_net_synergy"])
def test_the_pad_breaks_what_needs_independence(name):
    pad = independent.pad(2)
    assert truth(proofs.THEOREMS[name].statement, Model({"R": 0} | pad.variables, pad.families, pad.spaces)) is False


def test_a_bound_without_the_scene_forbids_what_a_hidden_target_allows():
    """The wrong variant: the number of frames from the target's own information. Two frames reach accuracy 1; it asks for infinitely many."""
    best_frame = 1e-9  # each frame of a hidden target tells nothing
    assert bounds.necessary_frames(1.0, 0.5, best_frame) > 1e8
    assert bounds.necessary_frames(1.0, 0.5, math.log(2)) == 1 <= 2  # about the scene (key, target) each frame tells ln 2


def test_the_variables_are_named_as_the_tests_say():
    assert saturation.TOLD.free == {var("t"), var("b"), var("s"), var("K")}


def test_many_choices_of_densities_are_one_assumption_for_a_reader():
    theorem = proofs.THEOREMS["diminishing_returns"]
    shown = proofs.assumptions("diminishing_returns")
    assert [claim for _, claims in shown for claim in claims] == [
        *(h.claim for h in theorem.hypotheses if h.claim.rel != "<<"), *(h.claim for h in theorem.hypotheses if h.claim.rel == "<<")]
    assert len(shown) < len(theorem.hypotheses)
    single = proofs.THEOREMS["information_nonnegative"]
    assert proofs.assumptions("information_nonnegative") == [(h.name, (h.claim,)) for h in single.hypotheses]
