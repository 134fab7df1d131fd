"""Partial information decomposition of laws: gates, the cone oracle, the certificate, identities, the border."""

import itertools
import math

import numpy as np
import pytest
import torch
from cone import union_by_cone
from hypothesis import given
from hypothesis import strategies as st
from laws import KINDS, counted_laws, gate, law_of, random_laws

from spacelib.estimators import information_from_counts
from spacelib.estimators.decomposition import _union, decompose
from spacelib.estimators.decomposition.discrete import METHODS

BIT = math.log(2)
PARTS = ("redundancy", "unique_1", "unique_2", "synergy")
GAP = 1e-10  # nats: where the method stops; each part is off by at most that
ROUNDING = 1e-13  # sums of up to 125 terms of size 1 at most, a few times over


def parts(found):
    return np.stack([np.asarray(getattr(found, name)) for name in PARTS])


def informations(law):
    """I(X1; T), I(X2; T), I(X1, X2; T)."""
    law = torch.as_tensor(law)
    margins = (law.sum(-1), law.sum(-2), law.flatten(-2))
    return [information_from_counts(margin, method="plug_in").numpy() for margin in margins]


def union(law):
    found = decompose(law)
    return np.asarray(found.redundancy + found.unique_1 + found.unique_2)


AND = 0.75 * math.log2(4 / 3)  # bits: h(1/4) - 1/2
GATES = {
    "and": (gate(lambda x, y: x & y), (AND, 0, 0, 0.5)),
    "xor": (gate(lambda x, y: x ^ y), (0, 0, 0, 1)),
    "copy": (gate(lambda x, y: 2 * x + y), (0, 1, 1, 0)),
    "unique": (gate(lambda x, y: x), (0, 1, 0, 0)),
    "redundant": (law_of([(x, x, x, 0.5) for x in (0, 1)]), (1, 0, 0, 0)),
    "redundant and xor": (
        law_of([(2 * z + (x ^ y), 2 * z + x, 2 * z + y, 0.125) for x, y, z in itertools.product((0, 1), repeat=3)]),
        (1, 0, 0, 1),
    ),
}


@pytest.mark.parametrize("name", GATES)
def test_gates(name):
    law, bits = GATES[name]
    found = decompose(law)
    np.testing.assert_allclose(parts(found) / BIT, bits, rtol=0, atol=2 * GAP)
    assert 0 <= found.gap <= GAP and found.method == "broja"


def test_an_imperfect_copy():
    """X1 is the target and X2 nearly so: what X2 says is all redundant."""
    law = law_of([(0, 0, 0, 0.499), (0, 0, 1, 0.001), (1, 1, 1, 0.5)])
    known = informations(law)[1]
    np.testing.assert_allclose(parts(decompose(law)), [known, BIT - known, 0, 0], rtol=0, atol=2 * GAP)


def test_other_measures_call_two_independent_copies_redundant():
    """The known fault of I_min and MMI: X1 and X2 fair and independent, the target both of them."""
    for method in ("i_min", "mmi"):
        np.testing.assert_allclose(parts(decompose(GATES["copy"][0], method=method)) / BIT, [1, 0, 0, 1], atol=ROUNDING)


@pytest.mark.oracle
def test_against_the_cone_oracle():
    """A thousand laws, from 2x2x2 to 5x5x5, dense, nearly degenerate, sparse, and functions."""
    worst, count = 0.0, 0
    cubes = [(n, n, n) for n in range(2, 6)]
    others = [shape for shape in itertools.product((2, 3, 5), repeat=3) if len(set(shape)) > 1][::2]
    for seed, (shape, kind) in enumerate(itertools.product([*cubes, *others], KINDS)):
        laws = random_laws(shape, kind, 16, seed)
        for ours, law in zip(union(laws), laws.numpy(), strict=True):
            worst = max(worst, abs(ours - union_by_cone(law)))
            count += 1
    assert count == 1024, count
    assert worst / BIT <= 1e-5


def test_i_min_by_hand():
    laws = random_laws((3, 4, 2), "sparse", 20, 0)
    for law, ours in zip(laws.numpy(), decompose(laws, method="i_min").redundancy.numpy(), strict=True):
        total = 0.0
        for t in range(3):
            specific = []
            for joint in (law.sum(2), law.sum(1)):
                pt = joint[t].sum()
                seen = [(p, q) for p, q in zip(joint[t], joint.sum(0), strict=True) if p > 0]
                specific.append(sum(p * math.log(p / (q * pt)) for p, q in seen))
            total += min(specific)
        assert ours == pytest.approx(total, abs=ROUNDING)


@pytest.mark.property
@pytest.mark.parametrize("method", METHODS)
@given(
    shape=st.tuples(*[st.integers(1, 4)] * 3), kind=st.sampled_from(KINDS), seed=st.integers(0, 2**32 - 1)
)
def test_identities(method, shape, kind, seed):
    """The parts add up to the informations, none is negative, the sources may change places, symbols be renamed."""
    laws = random_laws(shape, kind, 3, seed)
    found = parts(decompose(laws, method=method))
    one, two, both = informations(laws)
    redundancy, unique_1, unique_2, synergy = found
    assert (found >= 0).all()
    np.testing.assert_allclose(redundancy + unique_1, one, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(redundancy + unique_2, two, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(redundancy + unique_1 + unique_2 + synergy, both, rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(synergy - redundancy, both - one - two, rtol=0, atol=ROUNDING)
    swapped = parts(decompose(laws.transpose(2, 3), method=method))
    np.testing.assert_allclose(swapped[[0, 2, 1, 3]], found, rtol=0, atol=2 * GAP)
    np.testing.assert_allclose(parts(decompose(laws.flip(1, 2, 3), method=method)), found, rtol=0, atol=2 * GAP)


def test_broja_is_least_and_mmi_most_redundant():
    for kind in KINDS:
        laws = random_laws((3, 3, 3), kind, 200, 1)
        broja, i_min, mmi = (decompose(laws, method=method).redundancy for method in METHODS)
        assert (broja <= i_min + GAP).all() and (i_min <= mmi + ROUNDING).all()
        assert (i_min - broja > 0.01).any() and (mmi - i_min > 0.001).any()


def test_only_the_margins_matter_to_broja():
    """Moved along the margins (the sources made independent given the target), the law keeps its union information."""
    laws = random_laws((3, 4, 3), "sparse", 50, 2)
    tx, ty, t = laws.sum(3), laws.sum(2), laws.sum((2, 3))
    moved = tx[..., None] * ty[:, :, None] / torch.where(t > 0, t, 1.0)[..., None, None]
    np.testing.assert_allclose(union(moved), union(laws), rtol=0, atol=2 * GAP)
    assert (np.abs(informations(moved)[2] - informations(laws)[2]) > 0.01).any()


def test_a_degraded_copy_has_nothing_unique():
    """Blackwell's order: X2's channel is X1's with noise behind it, drawn apart, so all that X2 says is redundant."""
    random = np.random.default_rng(0)
    target, channel, noise = (random.dirichlet(np.ones(n), size) for n, size in ((3, 40), (4, (40, 3)), (3, (40, 4))))
    laws = np.einsum("bt,btx,bty->btxy", target, channel, channel @ noise)
    found = decompose(laws / laws.sum((1, 2, 3), keepdims=True))
    np.testing.assert_allclose(found.unique_2, 0, atol=GAP)
    assert (found.unique_1 > 0.001).all() and (found.synergy > 0.001).any()


def test_data_processing():
    """Noise behind X1 lowers the union information and what X1 says alone, and never what X2 says alone."""
    random = np.random.default_rng(1)
    for kind in KINDS:
        laws = random_laws((3, 4, 3), kind, 100, 3)
        noisy = torch.einsum("btxy,bxz->btzy", laws, torch.from_numpy(random.dirichlet(np.ones(3), (100, 4))))
        noisy /= noisy.sum((1, 2, 3), keepdim=True)
        before, after = decompose(laws), decompose(noisy)
        assert (union(noisy) <= union(laws) + GAP).all()
        assert (after.unique_1 <= before.unique_1 + GAP).all()
        assert (after.unique_2 >= before.unique_2 - GAP).all()


def test_a_batch_is_its_members():
    laws = torch.cat([random_laws((3, 3, 4), kind, 5, 4) for kind in KINDS]).reshape(4, 5, 3, 3, 4)
    for method in METHODS:
        found = decompose(laws, method=method)
        assert found.synergy.shape == found.gap.shape == (4, 5)
        single = np.stack([[parts(decompose(law, method=method)) for law in row] for row in laws], 0)
        np.testing.assert_allclose(np.moveaxis(single, 2, 0), parts(found), rtol=0, atol=2 * GAP)


def test_the_chunks_do_not_matter(monkeypatch):
    laws = random_laws((3, 3, 3), "flat", 30, 5)
    whole = union(laws)
    monkeypatch.setattr(_union, "_DOUBLES", 1)
    np.testing.assert_allclose(union(laws), whole, rtol=0, atol=2 * GAP)


@pytest.mark.parametrize("rounds", [1, 3, 6, 9])
def test_the_certificate_holds_wherever_the_method_stops(monkeypatch, rounds):
    """Stopped early the ends are wide, but the union information lies between them, and `decompose` refuses."""
    laws = torch.cat([random_laws((3, 4, 3), kind, 100, 6) for kind in KINDS])
    truth = union(laws)
    monkeypatch.setattr(_union, "_ROUNDS", rounds)
    low, high = (end.numpy() for end in _union.union_information(laws))
    assert (low <= truth + ROUNDING).all() and (truth <= high + GAP).all()
    assert (high - low > 1e-7).any()
    with pytest.raises(ArithmeticError, match=r"union information of law \d+ is only known to lie in"):
        decompose(laws)


@pytest.mark.parametrize("concentration", [0.03, 0.01, 0.003])
def test_nearly_degenerate_laws(concentration):
    """Cells down to 1e-300: still certified."""
    random = np.random.default_rng(7)
    for shape in ((2, 2, 2), (3, 3, 3), (2, 5, 5), (5, 2, 3)):
        laws = random.dirichlet(np.full(np.prod(shape), concentration), 300).reshape(-1, *shape)
        assert (decompose(laws / laws.sum((1, 2, 3), keepdims=True)).gap <= GAP).all()


@pytest.mark.parametrize("items", [5, 10, 20, 50, 100])
def test_tables_with_few_items(items):
    """Ties make the minimum's multipliers slow to settle: one in three hundred of these stalls without centring."""
    for shape in ((3, 3, 3), (4, 2, 4), (3, 2, 6), (2, 4, 4)):
        assert (decompose(counted_laws(shape, items, 500, 8)).gap <= GAP).all()


def test_kinds(dtype):
    law = gate(lambda x, y: x & y)
    found = decompose(torch.as_tensor(law, dtype=dtype))
    assert found.redundancy.dtype == found.gap.dtype == dtype and found.redundancy.shape == ()
    assert found.redundancy.item() == pytest.approx(AND * BIT, abs=torch.finfo(dtype).eps + GAP)
    assert isinstance(decompose(law).synergy, float)
    assert decompose(np.stack([law, law])).synergy.shape == (2,)
    assert decompose(np.zeros((0, 2, 2, 2))).synergy.shape == (0,)


@pytest.mark.parametrize(
    ("law", "method", "error", "words"),
    [
        (np.full((2, 2, 2), np.nan), "broja", ValueError, r"decompose: law .* must be finite, got nan at index"),
        (np.full((2, 2, 2), 0.2), "broja", ValueError, r"decompose: the sum of law must be 1, got 1\.6"),
        (np.array([[[1.5, -0.5]]]), "mmi", ValueError, r"law of shape \(1, 1, 2\) must be at least 0, got -0\.5 at index"),
        (np.full((2, 2), 0.25), "i_min", ValueError, r"decompose: law must have at least 3 axes, got shape \(2, 2\)"),
        (np.full((1, 110, 110), 1 / 12100), "mmi", ValueError, r"\(1, 110, 110\) would need 146410000 numbers"),
        (np.zeros((2, 0, 2)), "broja", ValueError, "decompose: law must have at least one outcome"),
        (np.full((2, 2, 2), 0.125), "BROJA", ValueError, "method must be one of broja, i_min, mmi, got 'BROJA'"),
        ([[[0.5, 0.5]]], "broja", TypeError, "law must be a number, a numpy array or a torch tensor, got list"),
    ],
)  # fmt: skip
def test_bad_input(law, method, error, words):
    with pytest.raises(error, match=words):
        decompose(law, method=method)
