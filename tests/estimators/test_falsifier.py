"""The falsifier: no decoder of any kind above a ceiling on channels known exactly, and wrong ceilings are caught."""

import math

import numpy as np
import pytest
import torch

from spacelib import bounds
from spacelib.estimators import Attack, decoders, falsify, known_ceilings
from spacelib.estimators.falsifier import ROUNDING

KINDS = ["Bayes", "perturbed", "random", "deterministic", "adversarial", "learned"]
PROVED = ("general", "exact", "spectrum")


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def random_joint(observations: int, targets: int, seed: int) -> torch.Tensor:
    """Cells as powers of exponential numbers, some of them 0: from nearly even to nearly deterministic."""
    g = generator(seed)
    power = 4 * torch.rand((), generator=g, dtype=torch.float64)
    cells = torch.empty(observations, targets, dtype=torch.float64).exponential_(generator=g) ** power
    cells = torch.where(torch.rand(cells.shape, generator=g) < 0.2, 0, cells)
    cells[0] += 0.01
    return cells / cells.sum()


def symmetric_joint(targets: int, right: float) -> torch.Tensor:
    law = torch.full((targets, targets), (1 - right) / (targets - 1), dtype=torch.float64)
    return law.fill_diagonal_(right) / targets


def erasure_joint(targets: int, erased: float) -> torch.Tensor:
    shown = torch.eye(targets, dtype=torch.float64) * (1 - erased)
    return torch.cat([shown, torch.full((1, targets), erased, dtype=torch.float64)]) / targets


def attaining_joint(prior: torch.Tensor, information: float) -> torch.Tensor:
    return (prior[:, None] * bounds.attaining_channel(prior, information)).T


def require_survival(attack: Attack) -> None:
    for name in PROVED:
        assert attack.slack(name) >= -ROUNDING and attack.above(name) == 0, name
    assert attack.accuracy["Bayes"].item() >= attack.floor - ROUNDING
    assert attack.accuracy["Bayes"].item() == pytest.approx(attack.channel.bayes_accuracy, abs=ROUNDING)
    for values in attack.accuracy.values():
        assert (values <= attack.accuracy["Bayes"] + ROUNDING).all() and (values >= 0).all()


@pytest.mark.parametrize("shape", [(1, 2), (2, 2), (3, 5), (8, 4), (40, 3), (200, 10), (30, 64)])
def test_a_thousand_decoders_of_random_channels_stay_under(shape):
    for seed in range(3):
        attack = falsify(random_joint(*shape, seed), generator=generator(seed))
        assert sum(map(len, attack.accuracy.values())) == 1000 and list(attack.accuracy) == KINDS
        require_survival(attack)


@pytest.mark.parametrize("targets", [2, 4, 9])
def test_symmetric_channels_touch_the_ceiling(targets):
    for right in (1 / targets + 0.02, 0.6, 0.99):
        attack = falsify(symmetric_joint(targets, right), 60, generator=generator())
        require_survival(attack)
        # the information is rounded up by at most 1e-13, and the ceiling's slope in it is 1/ln(A (M - 1)/(1 - A)) < 13
        assert abs(attack.slack("general")) < 1.3e-12 and abs(attack.slack("exact")) < 1.3e-12


def test_attaining_channels_touch_the_exact_ceiling():
    skewed = torch.tensor([0.6, 0.2, 0.15, 0.05], dtype=torch.float64)
    for budget in (0.05, 0.3, 0.8):
        attack = falsify(attaining_joint(skewed, budget), 200, generator=generator())
        require_survival(attack)
        assert abs(attack.slack("exact")) < 1e-12 < attack.slack("general")


def test_windows_reach_the_floor():
    for left_open in (0.3, 0.9, 1.5):
        attack = falsify(bounds.cyclic_window_channel(8, left_open), 60, generator=generator())
        require_survival(attack)
        assert attack.accuracy["Bayes"].item() == pytest.approx(attack.floor, abs=1e-12)


def test_next_to_no_information_where_the_ceiling_is_steepest():
    """At I = 0 between equal targets the ceiling has an infinite slope: 1e-16 of information is 1e-8 of accuracy."""
    for edge in (0.0, 1e-15, 1e-9, 1e-8, 1e-7, 1e-5):
        require_survival(falsify(symmetric_joint(2, 0.5 + edge), 60, generator=generator()))


@pytest.mark.parametrize("targets", [2, 4, 16])
def test_the_printed_formula_is_caught_at_once(targets):
    attack = falsify(erasure_joint(targets, 0.3), generator=generator())
    require_survival(attack)
    assert attack.ceiling["printed"] == pytest.approx(0.3)
    assert attack.slack("printed") == pytest.approx(0.3 - 0.7 - 0.3 / targets)
    assert attack.above("printed") > 300


def test_wrong_ceilings_are_caught():
    skewed = torch.tensor([0.6, 0.2, 0.15, 0.05], dtype=torch.float64)
    attack = falsify(attaining_joint(skewed, 0.3), generator=generator())
    wrong = {
        "even prior": bounds.accuracy_ceiling(1 / 4, 0.3),
        "less information": bounds.exact_ceiling(skewed, 0.9 * 0.3).item(),
        "one part in 100": 0.99 * attack.ceiling["exact"],
        "one part in 10^11": (1 - 1e-11) * attack.ceiling["exact"],
    }
    caught = attack._replace(ceiling=wrong)
    assert all(caught.above(name) > 0 and caught.slack(name) < 0 for name in wrong)
    table = caught.table()
    assert (table["above even prior"] > 0).any()
    assert table["above one part in 100"].sum() == caught.above("one part in 100")
    symmetric = falsify(symmetric_joint(4, 0.7), 60, generator=generator())
    less = bounds.accuracy_ceiling(1 / 4, 0.9 * symmetric.channel.information)
    assert symmetric._replace(ceiling={"general": less}).above("general") > 0


def test_decoders_are_laws_of_every_kind():
    joint = random_joint(30, 4, 1)
    rules: dict[str, list] = {}
    for kind, batch in decoders(joint, 101, generator=generator()):
        rules.setdefault(kind, []).append(batch)
    rules = {kind: torch.cat(batches) for kind, batches in rules.items()}
    assert [len(batch) for batch in rules.values()] == [1, 20, 20, 20, 20, 20]
    for kind, batch in rules.items():
        assert batch.shape[1:] == joint.shape and (batch >= 0).all()
        assert torch.allclose(batch.sum(-1), torch.ones((), dtype=torch.float64), atol=1e-15)
        certain = bool(((batch == 0) | (batch == 1)).all())
        assert certain == (kind in ("Bayes", "deterministic", "learned"))


def test_kinds_do_what_their_names_say():
    """Adversaries and learners come close to Bayes from both sides of chance; chance stays where it is."""
    joint = random_joint(30, 4, 2)
    attack = falsify(joint, 1000, generator=generator())
    bayes = attack.accuracy["Bayes"].item()
    for kind in ("perturbed", "adversarial", "learned"):
        values = attack.accuracy[kind]
        assert values.max() > bayes - 0.01 and values.min() < bayes - 0.1
    # rows drawn uniformly are right once in four on average, whatever the joint; the mean of 200 strays little
    for kind in ("random", "deterministic"):
        values = attack.accuracy[kind]
        assert abs(values.mean() - 0.25) < 5 * values.std() / math.sqrt(len(values))


def test_chunks_of_large_channels(monkeypatch):
    """Batches change the draws, never what holds of them."""
    joint = random_joint(64, 4, 3)
    monkeypatch.setattr("spacelib.estimators.falsifier._CELLS", 1000)
    sizes = [len(batch) for _, batch in decoders(joint, 60, generator=generator())]
    assert max(sizes) == 3 and sum(sizes) == 60
    require_survival(falsify(joint, 60, generator=generator()))


def test_the_same_seed_gives_the_same_attack_and_numpy_is_taken():
    joint = random_joint(5, 3, 4)
    one, two = (falsify(j, 60, generator=generator(5)) for j in (joint, joint.numpy()))
    assert all(torch.equal(one.accuracy[kind], two.accuracy[kind]) for kind in KINDS)
    assert one.ceiling == two.ceiling and one.channel == two.channel


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda j: falsify(j * 2, generator=generator()), "falsify: the sum of joint must be 1, got 2.0"),
        (lambda j: falsify(-j, generator=generator()), "joint of shape \\(2, 2\\) must be at least 0"),
        (lambda j: falsify(j[None], generator=generator()), "shape \\(observations, targets\\), got \\(1, 2, 2\\)"),
        (lambda j: falsify(j, 5, generator=generator()), "number must be at least 6, one decoder of each kind, got 5"),
        (lambda j: falsify(j * math.nan, generator=generator()), "must be finite, got nan"),
        (lambda j: known_ceilings(np.array([[1.0, 0.0]])), "target of more than one value, got one that is certain"),
        (lambda j: next(decoders(j[0], 6, generator=generator())), "joint must have at least 2 axes"),
    ],
)
def test_errors_name_the_argument_and_the_value(call, words):
    with pytest.raises(ValueError, match=words):
        call(symmetric_joint(2, 0.75))
