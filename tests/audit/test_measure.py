"""The audit's figures: their mathematics on generated counts, and an independent recomputation from every real log."""

import json
import math
from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from vlm4d_form import LOGS, QUESTIONS, needs_data

from spacelib.audit import audit, measure, to_dict
from spacelib.benchmarks import AnswerCounts, Chance, vlm4d_counts

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


def root(f, low, high):
    """Where f changes sign between low and high, to the last bit."""
    rising = f(high) > 0
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        low, high = (low, middle) if (f(middle) > 0) == rising else (middle, high)


tables = arrays(np.int64, st.tuples(st.integers(2, 6), st.just(4), st.just(3)), elements=st.integers(0, 9)).map(
    lambda t: t + (np.arange(3) == np.arange(4)[:, None])  # each scene has a question, each letter is right somewhere
)


@pytest.mark.property
@given(tables)
def test_within_the_counts_the_inequality_holds_identically(table):
    figures = measure(counts(table))
    assert figures.circularity.divergence <= figures.information.estimate + ROUNDING


@pytest.mark.property
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


def test_one_scene_says_nothing_about_others():
    figures = measure(counts(shuffled_letters(1, 50, 0.9, seed=1)))
    assert figures.accuracy.interval == (0, 1) and figures.information.interval == (0, math.log(4))
    assert figures.certificate.at_lower_end == 0 and figures.ceiling.interval == (0.25, 1)


def test_the_seed_decides_the_intervals_and_nothing_else():
    table = shuffled_letters(120, 3, 0.6, seed=3)
    one, same, other = (measure(counts(table), seed=seed) for seed in (5, 5, 6))
    assert one.accuracy == same.accuracy and one.information == same.information
    assert one.accuracy.standard_error != other.accuracy.standard_error
    assert one.information.interval != other.information.interval
    assert one.accuracy.estimate == other.accuracy.estimate


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


def recompute(log, questions):
    """Every point figure from the raw files, in plain Python; nothing of the library."""
    asked = {q["id"]: q for q in json.loads(questions.read_text())}
    joint, scenes, right, chances = Counter(), defaultdict(list), [], []
    for answer in json.loads(log.read_text()):
        question = asked[answer["id"]]
        texts = {letter: str(text) for letter, text in question["choices"].items()}
        gold = str(question["answer"])
        head = answer["extracted_answer"].split(":")[0]
        said = texts.get(head)
        first = {text: letter for letter, text in reversed(texts.items())}
        joint[first.get(said), first[gold]] += 1
        right.append(said == gold)
        chances.append(sum(text == gold for text in texts.values()) / len(texts))
        scenes[question["video"]].append((right[-1], chances[-1]))
    n = len(right)
    a, t = Counter(), Counter()
    for (said, gold), count in joint.items():
        a[said] += count
        t[gold] += count
    plug_in = math.fsum(c / n * math.log(c * n / (a[x] * t[y])) for (x, y), c in joint.items())
    accuracy, chance = sum(right) / n, math.fsum(chances) / n
    of_scene = math.fsum(sum(r for r, _ in s) / len(s) for s in scenes.values()) / len(scenes)
    chance_of_scene = math.fsum(sum(c for _, c in s) / len(s) for s in scenes.values()) / len(scenes)
    budget = math.log(20) / len(scenes)
    lower = root(lambda q: kl(of_scene, q) - budget, 1e-9, of_scene)
    return {
        "items": n,
        "scenes": len(scenes),
        "unparsed": a[None],
        "accuracy": accuracy,
        "chance": chance,
        "certified": kl(accuracy, chance) if accuracy > chance else 0.0,
        "exact_accuracy": of_scene,
        "exact_lower": lower,
        "exact": kl(lower, chance_of_scene) if lower > chance_of_scene else 0.0,
        "plug_in": plug_in,
        "miller_madow": plug_in + (len(a) + len(t) - len(joint) - 1) / (2 * n),
        "ceiling": root(lambda p: kl(p, chance) - plug_in, chance, 1 - 1e-12),
    }


@needs_data
@pytest.mark.oracle
@pytest.mark.parametrize("log", LOGS, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_every_real_log_agrees_with_an_independent_recomputation(log):
    expected = recompute(log, QUESTIONS["synthetic" in log.parent.name])
    (row,) = to_dict(audit([log], items=QUESTIONS))["rows"]
    certificate = row["certificate"]
    found = {
        "items": row["items"],
        "scenes": row["scenes"],
        "unparsed": row["unparsed"]["count"],
        "accuracy": row["accuracy"]["estimate"],
        "chance": certificate["chance"],
        "certified": certificate["at_estimate"],
        "exact_accuracy": certificate["exact"]["accuracy"],
        "exact_lower": certificate["exact"]["lower_end"],
        "exact": certificate["exact"]["information"],
        "plug_in": row["mutual_information"]["plug_in"]["estimate"],
        "miller_madow": row["mutual_information"]["miller_madow"]["estimate"],
        "ceiling": row["ceiling"]["at_estimate"],
    }
    assert found == pytest.approx(expected, rel=1e-9, abs=ROUNDING)
    low, high = row["accuracy"]["interval"]
    assert low < expected["accuracy"] < high and certificate["at_lower_end"] < certificate["at_estimate"] + 1e-15


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
