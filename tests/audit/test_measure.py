"""The audit's figures: their mathematics on generated counts."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from vlm4d_form import LOGS, QUESTIONS, needs_data

from spacelib.audit import audit, measure
from spacelib.benchmarks import AnswerCounts, Chance, Constant, MarkCounts, vlm4d_counts

ROUNDING = 1e-12  # sums of some thousand terms of size at most ln 4, each within 2^-53 relative: under 1e-12


def counts(table, chance=0.25) -> AnswerCounts:
    table = np.asarray(table)
    known = None if chance is None else Chance(chance, chance, "synthetic")
    return AnswerCounts("folder/log.json", "synthetic", "t", "m", None, tuple("ABCD")[: table.shape[2]], table, known)


def shuffled_letters(scenes, size, accuracy, seed, letters=4):
    """Scenes of `size` questions, uniform letters; each scene has its own accuracy around `accuracy`."""
    draw = np.random.default_rng(seed)
    table = np.zeros((scenes, letters + 1, letters), dtype=np.int64)
    of_scene = draw.beta(4 * accuracy, 4 * (1 - accuracy), scenes)
    for scene, share in enumerate(of_scene):
        truth = draw.integers(letters, size=size)
        answer = np.where(draw.random(size) < share, truth, (truth + draw.integers(1, letters, size)) % letters)
        np.add.at(table[scene], (answer, truth), 1)
    return table


def kl(p, q):
    return sum(a * math.log(a / b) for a, b in ((p, q), (1 - p, 1 - q)) if a)


tables = arrays(np.int64, st.tuples(st.integers(2, 6), st.just(4), st.just(3)), elements=st.integers(0, 9)).map(
    lambda t: t + (np.arange(3) == np.arange(4)[:, None])  # each scene has a question, each letter is right somewhere
)


@pytest.mark.property
@settings(max_examples=40)
@given(tables)
def test_within_the_counts_the_inequality_holds_identically(table):
    figures = measure(counts(table))
    assert figures.circularity.divergence <= figures.information.estimate + ROUNDING


@pytest.mark.property
@settings(max_examples=40)
@given(tables, st.floats(0.05, 0.95))
def test_certificates_are_ordered_and_the_ceiling_inverts_them(table, chance):
    figures = measure(counts(table, chance))
    certificate, ceiling = figures.certificate, figures.ceiling
    assert 0 <= certificate.at_lower_end <= certificate.at_estimate
    if figures.accuracy.estimate <= chance:
        assert certificate.at_estimate == 0
    assert chance <= ceiling.interval[0] <= ceiling.interval[1] <= 1
    # The ceiling is the accuracy that would certify just the measured information.
    if ceiling.at_estimate < 1:
        assert kl(ceiling.at_estimate, chance) == pytest.approx(figures.information.estimate, abs=1e-9)
    else:
        assert figures.information.estimate >= math.log(1 / chance) - ROUNDING


@pytest.mark.property
@settings(max_examples=40)
@given(tables, st.permutations(range(3)))
def test_names_of_letters_and_order_of_scenes_do_not_matter(table, order):
    figures = measure(counts(table))
    renamed = table[:, [*order, 3]][:, :, order][::-1]
    again = measure(counts(renamed))
    for one, other in ((figures.accuracy, again.accuracy), (figures.information, again.information)):
        assert one.estimate == pytest.approx(other.estimate, abs=ROUNDING)
    assert figures.certificate.exact.accuracy == pytest.approx(again.certificate.exact.accuracy, abs=ROUNDING)


def test_unparsed_answers_count_as_wrong_and_as_a_symbol():
    table = shuffled_letters(150, 4, 0.6, seed=1)
    spoilt = table.copy()
    spoilt[:40, 4] += spoilt[:40, :4].sum(1)
    spoilt[:40, :4] = 0
    before, after = measure(counts(table)), measure(counts(spoilt))
    assert after.counts.unparsed == 160 and after.counts.items == before.counts.items == 600
    right = table[40:, range(4), range(4)].sum()
    assert after.accuracy.estimate == pytest.approx(right / 600, abs=ROUNDING)
    joint = spoilt.sum(0) / 600
    expected = sum(p * math.log(p / (joint[a].sum() * joint[:, t].sum())) for (a, t), p in np.ndenumerate(joint) if p)
    assert after.information.estimate == pytest.approx(expected, abs=ROUNDING)


def test_without_a_known_chance_nothing_is_certified():
    figures = measure(counts(shuffled_letters(120, 3, 0.6, seed=2), chance=None))
    assert figures.certificate is None and figures.ceiling is None
    asserted = measure(figures.counts, chance=0.4)
    assert asserted.certificate.by_design is False and asserted.certificate.chance == 0.4


def test_an_asserted_chance_may_raise_the_design_but_not_undercut_it():
    known = counts(shuffled_letters(120, 3, 0.6, seed=2))
    higher = measure(known, chance=0.5).certificate
    assert higher.by_design and higher.exact.chance == 0.5
    assert higher.at_estimate < measure(known).certificate.at_estimate
    with pytest.raises(ValueError, match="chance 0.2 is less than the 0.2500 known by design"):
        measure(known, chance=0.2)
    for chance in (0.0, 1.0, -0.1, math.nan, math.inf):
        with pytest.raises(ValueError, match="strictly between 0 and 1"):
            measure(known, chance=chance)


def test_answers_all_unparsed_and_one_right_letter_only():
    table = np.zeros((120, 5, 4), dtype=np.int64)
    table[:, 4, :] = 1
    silent = measure(counts(table))
    assert (silent.accuracy.estimate, silent.information.estimate, silent.circularity.divergence) == (0, 0, 0)
    assert silent.certificate.at_estimate == silent.certificate.exact.information == 0
    table = np.zeros((120, 5, 4), dtype=np.int64)
    table[:, 0, 0] = 3
    same = measure(counts(table))
    assert (same.accuracy.estimate, same.information.estimate, same.circularity.agreement) == (1, 0, 1)
    assert same.certificate.at_estimate == pytest.approx(math.log(4), rel=1e-12)  # what the design says, not the counts


def test_one_right_letter_only_leaves_no_ceiling():
    table = np.zeros((120, 5, 4), dtype=np.int64)
    table[:80, 1, 1] = table[80:, 3, 1] = 2
    figures = measure(counts(table))
    assert figures.certificate and figures.ceiling is None and figures.information.estimate == 0
    assert figures.counts.constant == Constant("B", 1.0)


def marks(asked, right, **others) -> MarkCounts:
    constant = Constant("2 m", 0.4)
    facts = {"unparsed": 0, "answers": np.array([sum(asked)]), "constant": constant, "judged": None} | others
    return MarkCounts("folder/log.jsonl", "synthetic", "t", "m", 1, "within", np.array(asked), np.array(right), **facts)


@pytest.mark.property
@settings(max_examples=40)
@given(st.lists(st.integers(1, 5), min_size=2, max_size=40).flatmap(
    lambda asked: st.tuples(st.just(asked), st.tuples(*(st.integers(0, n) for n in asked)))
), st.floats(0.05, 0.95))  # fmt: skip
def test_free_answers_are_certified_like_letters(case, chance):
    """The same right answers as marks and as letters: the same accuracy and certificate, and nothing of letters."""
    asked, right = case
    table = np.zeros((len(asked), 3, 2), dtype=np.int64)
    table[:, 0, 0], table[:, 1, 0] = right, np.array(asked) - right
    free, lettered = measure(marks(asked, right), chance=chance), measure(counts(table, None), chance=chance)
    assert free.accuracy == lettered.accuracy and free.certificate == lettered.certificate
    assert (free.information, free.corrected, free.ceiling, free.circularity, free.relabelling) == (None,) * 5


def test_free_answers_without_a_chance_certify_nothing():
    figures = measure(marks([1] * 150, [1] * 60 + [0] * 90))
    assert figures.certificate is None and figures.accuracy.estimate == 0.4


def test_an_answer_tells_no_more_than_it_holds():
    same = measure(marks([1] * 100, [1] * 30 + [0] * 70), chance=0.3).entropy
    assert (same.estimate, same.distinct, same.ceiling) == (0, 1, pytest.approx(0.3, abs=ROUNDING))
    two = marks([1] * 100, [0] * 100, answers=np.array([50, 30]), unparsed=20)
    expected = -sum(p * math.log(p) for p in (0.5, 0.3, 0.2)) + 2 / 200
    found = measure(two, chance=0.3).entropy
    assert found.estimate == pytest.approx(expected, abs=ROUNDING) and found.distinct == 3
    assert kl(found.ceiling, 0.3) == pytest.approx(expected, abs=1e-9)
    assert measure(two).entropy.ceiling is None
    several = marks([1] * 100, [0] * 100, answers=np.array([94, *[1] * 6]))
    assert measure(several).entropy is None, "six in a hundred were met once: too many are still to come"
    assert measure(marks([1] * 10, [0] * 10, answers=None)).entropy is None


def test_what_a_remapping_would_add_is_found():
    """A model that says B for A and A for B knows all: relabelled it is always right."""
    table = np.zeros((150, 3, 2), dtype=np.int64)
    table[:75, 1, 0] = table[75:, 0, 1] = 1
    figures = measure(counts(table, None))
    assert (figures.accuracy.estimate, figures.relabelling.estimate) == (0, 1)


def test_one_scene_says_nothing_about_others():
    figures = measure(counts(shuffled_letters(1, 50, 0.9, seed=1)))
    assert figures.accuracy.interval == (0, 1) and figures.information.interval == (0, math.log(4))
    assert figures.certificate.at_lower_end == 0 and figures.ceiling.interval == (0.25, 1)


def test_the_seed_decides_the_intervals_and_nothing_else():
    table = shuffled_letters(120, 3, 0.6, seed=3)
    one, same, other = (measure(counts(table), seed=seed) for seed in (5, 5, 6))
    assert (one.accuracy, one.information, one.relabelling) == (same.accuracy, same.information, same.relabelling)
    assert (one.accuracy, one.information, one.relabelling) != (other.accuracy, other.information, other.relabelling)
    for figure in ("accuracy", "information", "corrected"):
        assert getattr(one, figure).estimate == getattr(other, figure).estimate


@pytest.mark.oracle
def test_standard_errors_are_those_of_the_linearised_statistics():
    """By the delta method over scenes; 1,000 resamples leave 2.2 % of noise, linearisation some more: within 15 %."""
    table = shuffled_letters(600, 3, 0.55, seed=4)
    figures = measure(counts(table))
    n, sizes = table.sum(), table.sum((1, 2))
    right = table[:, range(4), range(4)].sum(1)
    accuracy = right.sum() / n
    expected = math.sqrt(((right - accuracy * sizes) ** 2).sum()) / n
    assert figures.accuracy.standard_error == pytest.approx(expected, rel=0.15)
    p = table.sum(0) / n
    with np.errstate(divide="ignore", invalid="ignore"):
        density = np.where(p > 0, np.log(p / (p.sum(0) * p.sum(1, keepdims=True))), 0)
    influence = (table * density).sum((1, 2)) - (p * density).sum() * sizes
    expected = math.sqrt((influence**2).sum()) / n
    assert figures.information.standard_error == pytest.approx(expected, rel=0.15)


@pytest.mark.coverage
def test_the_exact_certificate_misses_at_most_one_time_in_twenty():
    """1,000 benchmarks of 20 scenes, accuracies of scenes far apart; misses at most 5 % plus 3 standard errors."""
    from spacelib.audit.figures import _exact

    truth, runs = 0.5, 1000
    draw = np.random.default_rng(11)
    misses = 0
    for _ in range(runs):
        right = draw.binomial(2, draw.beta(0.2, 0.2, 20))  # two questions a scene, nearly both or none right
        table = np.zeros((20, 5, 4), dtype=np.int64)
        table[:, 0, 0], table[:, 1, 0] = right, 2 - right
        misses += _exact(counts(table), Chance(0.25, 0.25, "synthetic")).lower_end > truth
    assert misses / runs <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / runs)
    assert misses > 0, "a bound that never misses is too weak to be the one named"


@needs_data
def test_shipped_counts_give_the_same_figures_as_the_files():
    shipped = next(c for c in vlm4d_counts() if c.log == "real_mc_direct-output/gpt-4o_32frame.json")
    log = next(p for p in LOGS if p.as_posix().endswith(shipped.log))
    (row,) = audit([log], items=QUESTIONS).rows
    again = measure(shipped)
    assert (again.accuracy, again.information, again.corrected) == (
        row.figures.accuracy,
        row.figures.information,
        row.figures.corrected,
    )
    assert again.certificate == row.figures.certificate and again.ceiling == row.figures.ceiling


def test_shipped_counts_of_gpt_4o():
    """The figures that the book quotes, with no file at hand."""
    figures = measure(next(c for c in vlm4d_counts() if c.log == "real_mc_direct-output/gpt-4o_32frame.json"))
    assert (figures.counts.items, len(figures.counts.table), figures.counts.correct) == (1371, 600, 770)
    assert round(figures.certificate.at_estimate / math.log(2), 3) == 0.316
    assert round(figures.information.estimate / math.log(2), 3) == 0.328
    assert figures.certificate.at_lower_end < figures.certificate.at_estimate
