"""Certificates of logs: closed forms, real logs against other code."""

import math

import pytest
from mark_counts import marks

from spacelib.audit import log_certificate, measure, pooled
from spacelib.audit.certificates import scene_risk
from spacelib.benchmarks import spatialrgpt_counts, vlm4d_counts
from spacelib.bounds import kl


def test_closed_form_without_errors():
    """Of risk 0 the bound is 1 - delta^(1/N): N scenes, or the questions over the largest scene's, or the questions."""
    found = log_certificate(marks([1, 2, 5], [1, 2, 5]), delta=0.1)
    for bounds, samples in ((found.scene, 3), (found.question, 8 / 5), (found.naive, 8), (found.naive_exact, 8)):
        assert bounds.risk == bounds.lower == 0 and bounds.samples == pytest.approx(samples, rel=1e-14)
        exact = 1 - 0.1 ** (1 / samples)
        assert exact <= bounds.upper < exact + 1e-10


def test_risks_of_scenes_and_of_questions():
    found = log_certificate(marks([1, 4], [0, 3]))
    assert found.scene.risk == (1 + 1 / 4) / 2 and found.question.risk == found.naive.risk == 2 / 5
    for bounds in (found.scene, found.question, found.naive):  # both ends spend the whole budget
        for end in (bounds.lower, bounds.upper):
            assert kl(bounds.risk, end) == pytest.approx(math.log(20) / bounds.samples, rel=1e-9)


def test_one_question_a_scene_leaves_nothing_to_ignore():
    found = log_certificate(marks([1] * 40, [1] * 25 + [0] * 15))
    assert found.scene == found.question == found.naive
    assert found.scene.lower < found.naive_exact.lower < 15 / 40 < found.naive_exact.upper < found.scene.upper


def test_real_logs_agree_with_the_audit_s_own_certificate():
    """The lower bound of the accuracy over scenes, which the audit prints, is one less the upper bound of the risk."""
    for counts in (*vlm4d_counts()[::7], *spatialrgpt_counts()[::17]):
        found = log_certificate(counts)
        for bounds in (found.scene, found.question, found.naive, found.naive_exact):
            assert 0 <= bounds.lower <= bounds.risk <= bounds.upper <= 1
        assert found.naive.upper <= found.question.upper and found.naive_exact.upper <= found.naive.upper
        if counts.chance:
            assert 1 - measure(counts).certificate.exact.lower_end == pytest.approx(found.scene.upper, abs=1e-9)
        assert len(counts.asked) == found.scene.samples and found.question.samples <= counts.items


def test_pooled_models_are_one_drawn_at_random():
    first, second, other = vlm4d_counts()[0], vlm4d_counts()[2], vlm4d_counts()[1]
    both = pooled([first, second])
    assert both.correct == first.correct + second.correct and both.items == 2 * first.items
    assert scene_risk(both) == pytest.approx((scene_risk(first) + scene_risk(second)) / 2, rel=1e-12)
    # as many scenes, and no more weight to a question: only the naive bounds take the answers for more questions
    a, b = log_certificate(first), log_certificate(both)
    assert (a.scene.samples, a.question.samples) == (b.scene.samples, b.question.samples)
    assert b.naive.samples == 2 * a.naive.samples
    with pytest.raises(ValueError, match="same questions were expected, got 'real_.*synthetic_"):
        pooled([first, other])
    with pytest.raises(ValueError, match="at least one model"):
        pooled([])


@pytest.mark.parametrize("delta", [0.0, 0.5, -1.0, math.nan])
def test_a_wrong_delta_is_named(delta):
    with pytest.raises(ValueError, match=r"delta must be in \(0, 1/2\)"):
        log_certificate(marks([1], [1]), delta=delta)
