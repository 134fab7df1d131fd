"""TwoNN, the likelihood and Gride: known truth, scikit-dimension, invariances, and what is refused."""

import math

import numpy as np
import pytest
import skdim
import torch
from dimension_truths import flat, torus

from spacelib.estimators.dimension import gride, nearest_neighbour_mle, two_nn
from spacelib.estimators.dimension.gride import derivatives, maximum
from spacelib.estimators.dimension.neighbours import nearest_distances

ESTIMATORS = [two_nn, nearest_neighbour_mle, gride]
SUMS = 1e-10  # logarithms of ratios, of which two routes to the distances know twelve digits; sums of thousands


@pytest.mark.oracle
def test_the_figures_of_scikit_dimension_on_its_manifolds():
    """Where the definition is the same, on 24 manifolds of 1 to 70 dimensions in up to 96 columns."""
    manifolds = skdim.datasets.BenchmarkManifolds(random_state=0).generate(n=300)
    assert len(manifolds) == 24
    for x in manifolds.values():
        assert two_nn(x).estimate == pytest.approx(skdim.id.TwoNN().fit(x).dimension_, rel=SUMS)
        with np.errstate(divide="ignore"):  # its line's last level is ln 0, which the likelihood does not use
            exact = skdim.id.TwoNN(discard_fraction=0, method="mle").fit(x).dimension_
        assert two_nn(x, discard=0).estimate == pytest.approx(exact, rel=SUMS)
        theirs = skdim.id.MLE().fit(x, n_neighbors=10).dimension_
        assert nearest_neighbour_mle(x, k=10).estimate == pytest.approx(theirs, rel=SUMS)


@pytest.mark.oracle
@pytest.mark.parametrize(("n1", "n2"), [(1, 2), (2, 4), (3, 10)])
def test_gride_beside_scikit_dimension(n1, n2):
    """Theirs solves the same equation with n - 1 points for n in one term: there the derivative of ours is 1/d."""
    x = flat(600, 3, 5, 0)
    theirs = skdim.id.GRIDE(n1=n1, n2=n2).fit(x.numpy()).dimension_
    ratio = distances_ratio(x, n1, n2)
    slope, curvature = derivatives(ratio, torch.tensor(theirs, dtype=torch.float64), n2, n2 - n1 - 1)
    # their root is good to 1e-12 of d, which the second derivative turns into the slope's
    assert slope.item() == pytest.approx(1 / theirs, abs=2e-12 * theirs * -curvature.item() + 1e-9)


def distances_ratio(x, n1, n2):
    near = nearest_distances(x, n2)
    return (near[:, n2 - 1] / near[:, n1 - 1]).log()


@pytest.mark.parametrize(("n1", "n2"), [(1, 2), (1, 5), (2, 4), (5, 6), (8, 20)])
def test_gride_is_at_the_top_of_its_likelihood(n1, n2):
    near = nearest_distances(flat(400, 3, 4, 1), n2)
    best = maximum(near, n1, n2)
    ratio = (near[:, n2 - 1] / near[:, n1 - 1]).log()

    def likelihood(d):
        rises = torch.log(torch.expm1(d * ratio)).sum() * (n2 - n1 - 1)
        return len(ratio) * torch.log(d) + rises - ((n2 - 1) * d + 1) * ratio.sum()

    d = best.clone().requires_grad_()
    slope, curvature = derivatives(ratio, d, n2, n2 - n1 - 1)
    (by_hand,) = torch.autograd.grad(likelihood(d), d, create_graph=True)
    (bend,) = torch.autograd.grad(by_hand, d)
    assert by_hand.item() == pytest.approx(slope.item(), abs=1e-8) and abs(slope.item()) < 1e-8
    assert bend.item() == pytest.approx(curvature.item(), rel=1e-9) and bend < 0


def test_gride_of_the_first_two_is_the_likelihood_of_two_nn():
    x = flat(400, 2, 3, 2)
    assert gride(x, n1=1, n2=2).estimate == pytest.approx(two_nn(x, discard=0).estimate * 400 / 399, rel=1e-12)


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("dimension", [1, 2])
def test_the_dimension_of_a_torus_is_found(estimator, dimension):
    """No edge, a constant density, and neighbours so near that the bend is not seen; four errors."""
    result = estimator(torus(2000, dimension, 0))
    assert abs(result.estimate - dimension) < 4 * result.standard_error
    assert result.interval[0] < result.estimate < result.interval[1] and result.samples == 2000


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_no_unit_no_place_no_turn_no_constant_column_matters(estimator):
    x = flat(400, 3, 20, 3)
    plain = estimator(x)
    turn = torch.linalg.qr(torch.randn(20, 20, generator=torch.Generator().manual_seed(9), dtype=torch.float64)).Q
    wide = torch.cat([x, torch.full((400, 3), 7.0, dtype=torch.float64)], 1)
    # an offset of a thousand takes three digits of the columns with it, in distances a hundredth of them
    for other, digits in ((1e-170 * x, 1e-9), (1e149 * x, 1e-9), (x + 1e3, 1e-7), (x @ turn, 1e-9), (wide, 1e-9)):
        result = estimator(other)
        assert result.estimate == pytest.approx(plain.estimate, rel=digits)
        assert result.standard_error == pytest.approx(plain.standard_error, rel=1e-4)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_one_column_is_one_dimension(estimator):
    result = estimator(torch.rand(1000, 1, generator=torch.Generator().manual_seed(0), dtype=torch.float64))
    assert abs(result.estimate - 1) < 4 * result.standard_error


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_repeated_rows_count_once(estimator):
    x = flat(300, 2, 4, 4)
    clusters = torch.arange(300) // 5
    twice = torch.cat([x, x[:40]])
    result, once = estimator(twice, clusters=torch.cat([clusters, clusters[:40]])), estimator(x, clusters=clusters)
    # the mean of the rows, which is taken off, differs, and with it the last digits
    assert result.estimate == pytest.approx(once.estimate, rel=1e-9) and result.samples == 300
    assert "40 repeated rows left out" in result.method and "repeated" not in once.method


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_kinds_batches_and_seeds(estimator, dtype):
    x = torch.stack([flat(300, 2, 4, seed) for seed in range(2)]).to(dtype)
    both = estimator(x)
    each = [estimator(part) for part in x]
    assert both.estimate.dtype == dtype and both.estimate.tolist() == pytest.approx(
        [e.estimate for e in each], rel=1e-6
    )
    assert both.interval[1].tolist() == pytest.approx([e.interval[1] for e in each], rel=1e-6)
    assert isinstance(each[0].estimate, float) and isinstance(estimator(x.numpy()).estimate, np.ndarray)
    assert estimator(x[0], generator=torch.Generator().manual_seed(0)) == each[0]
    other = estimator(x[0], generator=torch.Generator().manual_seed(1))
    assert other.estimate == each[0].estimate and other.standard_error != each[0].standard_error


def test_frames_of_a_scene_stay_together():
    """Copies of a scene with a little noise in each row: rows taken for independent promise too small an error."""
    centre = torus(60, 2, 5).repeat_interleave(10, 0)
    x = centre + 0.05 * torch.randn(600, 4, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    scene = torch.arange(60).repeat_interleave(10)
    result = nearest_neighbour_mle(x, clusters=scene)
    assert result.estimate == nearest_neighbour_mle(x).estimate
    assert "error from 20 groups" in result.method
    assert result.standard_error == nearest_neighbour_mle(x, clusters=(scene * 7).numpy()).standard_error
    few = nearest_neighbour_mle(x, clusters=scene // 10)
    assert "error from 6 groups" in few.method


@pytest.mark.coverage
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_the_error_is_the_spread_of_the_estimate(estimator):
    """Over 120 draws. The root of a mean square of them is known to 1 / sqrt(2 * 119), 6.5 %: four of that.
    The table's 400 draws see what independent points would promise, a fifth less.
    """
    draws = [estimator(torus(200, 2, seed)) for seed in range(120)]
    spread = np.std([math.log(d.estimate) for d in draws], ddof=1)
    reported = math.sqrt(np.mean([(d.standard_error / d.estimate) ** 2 for d in draws]))
    assert 0.74 < reported / spread < 1.26


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_refusals(estimator):
    x = flat(400, 2, 3, 0)
    name = estimator.__name__
    for wrong, says in (
        (x[0], "x must have at least 2 axes"),
        (torch.full((400, 2), math.nan), "x of shape .* must be finite, got nan"),
        (x * 1e200, "must be at most 1e150 in size"),
        (x[:, :0], "at least one entry"),
        (torch.ones(400, 3), "all 400 rows of x are equal"),
        (x[:29], "5 groups of at least .* samples each; x has 29 samples"),
        (torch.ones(300, 3).cumsum(0) % 2, "5 groups of at least .* samples each; x has 2 samples"),
        (torch.eye(400), "equally far"),
    ):
        with pytest.raises(ValueError, match=f"^{name}: .*{says}"):
            estimator(wrong)
    with pytest.raises(ValueError, match="clusters must have one entry a sample, 400, got 3"):
        estimator(x, clusters=torch.arange(3))
    with pytest.raises(ValueError, match="400 samples in 4 clusters"):
        estimator(x, clusters=torch.arange(400) % 4)
    with pytest.raises(TypeError, match="real numbers|must be a number"):
        estimator(["a"])


def test_refusals_of_settings():
    x = flat(400, 2, 3, 0)
    with pytest.raises(ValueError, match=r"two_nn: discard must be in \[0, 1\), got 1"):
        two_nn(x, discard=1)
    with pytest.raises(ValueError, match="k must be at least 2, got 1"):
        nearest_neighbour_mle(x, k=1)
    with pytest.raises(TypeError, match="k must be a whole number, got float"):
        nearest_neighbour_mle(x, k=2.5)
    with pytest.raises(ValueError, match="n1 must be below n2, got 4 and 4"):
        gride(x, n1=4)
    with pytest.raises(ValueError, match="n1 must be at least 1, got 0"):
        gride(x, n1=0)
