"""Gaussian posteriors of the transformer, whose KL is a number: of its last layer exactly, and of all its weights."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.func import functional_call, jacrev, vmap
from torch.nn.utils import parameters_to_vector

from spacelib.estimators import gaussian_kl, prior_variance_of_features
from spacelib.models.implicit.network import Implicit
from spacelib.models.implicit.training import loss_of

_PART = 64  # scenes whose gradients by every weight are held at once


@dataclass(frozen=True)
class Posterior:
    """A Gaussian law Q of weights and the prior P that it is compared with.

    mean (D,); variance (D,) of independent weights, or scale_tril (D, D), the other None; prior_mean and
    prior_variance, numbers or (D,); answers, a function of weights (S, D) and frames (n, K, *image) that gives what
    each weight vector answers, (S, n) or (S, n, outputs). Everything is differentiable, so that a bound in `kl` and
    `risk` can be minimised over mean and variance. Errors: ValueError for shapes that do not fit.
    """

    mean: Tensor
    variance: Tensor | None
    scale_tril: Tensor | None
    prior_mean: Tensor | float
    prior_variance: Tensor | float
    answers: Callable[[Tensor, Tensor], Tensor]

    def __post_init__(self) -> None:
        given, size = (self.variance, self.scale_tril), self.mean.shape
        wanted = (size, size + size)
        shapes = tuple(None if form is None else tuple(form.shape) for form in given)
        if len(size) != 1 or sum(shape is None for shape in shapes) != 1:
            raise ValueError(
                f"Posterior: mean must have shape (D,), with either variance or scale_tril, got shapes "
                f"{tuple(size)}, {shapes[0]} and {shapes[1]}"
            )
        if any(shape not in (None, tuple(want)) for shape, want in zip(shapes, wanted, strict=True)):
            raise ValueError(
                f"Posterior: variance must have shape {tuple(size)} or scale_tril {tuple(wanted[1])}, "
                f"got {shapes[0] or shapes[1]}"
            )

    def kl(self) -> Tensor:
        """KL(Q || P) in nats, float64, by `gaussian_kl`."""
        form = {"variance": self.variance} if self.scale_tril is None else {"scale_tril": self.scale_tril}
        form = {name: value.double() for name, value in form.items()}
        prior = (
            torch.as_tensor(value, device=self.mean.device).double() for value in (self.prior_mean, self.prior_variance)
        )
        return gaussian_kl(
            self.mean.double(), **form, **dict(zip(("prior_mean", "prior_variance"), prior, strict=True))
        )

    def sample(self, number: int, *, generator: torch.Generator) -> Tensor:
        """Weight vectors drawn from Q, (number, D). ValueError for fewer than 1."""
        if number < 1:
            raise ValueError(f"Posterior: number must be at least 1, got {number}")
        noise = torch.randn(number, len(self.mean), generator=generator, dtype=self.mean.dtype, device=self.mean.device)
        return self.mean + (noise * self.variance.sqrt() if self.scale_tril is None else noise @ self.scale_tril.T)

    def risk(
        self,
        frames: Tensor,
        targets: Tensor,
        loss: Callable[[Tensor, Tensor], Tensor] = loss_of,
        *,
        samples: int = 32,
        generator: torch.Generator,
    ) -> Tensor:
        """Mean loss over the scenes of each of `samples` models drawn from Q, (samples,).

        Their mean estimates the Gibbs risk without bias.

        loss: a function of answers (S, n, ...) and targets (n,) that gives (S, n), as `training.loss_of` or
        `training.misses`.
        """
        return loss(self.answers(self.sample(samples, generator=generator), frames), targets).mean(-1)


def network_answers(model: Implicit) -> Callable[[Tensor, Tensor], Tensor]:
    """What the network answers with other weights (S, D), in the order of `parameters_to_vector`."""
    names, shapes = zip(*((name, value.shape) for name, value in model.named_parameters()), strict=True)
    sizes = [shape.numel() for shape in shapes]

    def one(weights: Tensor, frames: Tensor) -> Tensor:
        parts = weights.split(sizes)
        state = {name: part.view(shape) for name, part, shape in zip(names, parts, shapes, strict=True)}
        return functional_call(model, state, (frames,))

    return vmap(one, in_dims=(0, None))


def last_layer(
    model: Implicit, frames: Tensor, places: Tensor, *, noise_variance: float, prior_variance: float | None = None
) -> Posterior:
    r"""The exact posterior of the last layer, all before it held fixed: linear regression on its features.

    .. math::
        \Lambda &= \frac{I}{\tau^2} + \frac{\Phi^\top \Phi}{\sigma^2}, \quad
        \mu = \Lambda^{-1} \frac{\Phi^\top y}{\sigma^2} \\
        Q &= N(\mu, \Lambda^{-1}), \quad P = N(0, \tau^2 I)

    Parameters: a model of one real output; frames (n, K, *image), places (n,); noise_variance sigma squared;
    prior_variance tau squared, by default the rebuttal's, `prior_variance_of_features` of these very features. In
    float64.
    Caution: as a certificate its KL counts only given the features. Where the network was trained on the same scenes
    they are not fixed, so use scenes that it has not seen, and a prior_variance that does not come from their features
    (or pay `grid_prior`).
    Errors: ValueError for a model of several outputs or variances not above 0. Source: Bishop 2006, 3.3.
    """
    if model.outputs != 1:
        raise ValueError(f"last_layer: model must have one real output, got {model.outputs}")
    phi, y = features_of(model, frames), places.double()
    if prior_variance is None:
        prior_variance = prior_variance_of_features(phi).item()
    _require_variances("last_layer", noise_variance=noise_variance, prior_variance=prior_variance)
    precision = (
        phi.T @ phi / noise_variance + torch.eye(phi.shape[1], dtype=phi.dtype, device=phi.device) / prior_variance
    )
    factor = torch.linalg.cholesky(precision)
    mean = torch.cholesky_solve((phi.T @ y / noise_variance)[:, None], factor)[:, 0]
    scale_tril = torch.linalg.cholesky(torch.cholesky_inverse(factor))

    def answers(weights: Tensor, frames: Tensor) -> Tensor:
        return weights @ features_of(model, frames).T

    return Posterior(mean, None, scale_tril, 0.0, prior_variance, answers)


def laplace(
    model: Implicit,
    frames: Tensor,
    targets: Tensor,
    *,
    noise_variance: float = 1.0,
    prior_mean: Tensor | float = 0.0,
    prior_variance: float,
) -> Posterior:
    r"""Laplace's approximation at the trained weights, with the diagonal of the generalised Gauss-Newton matrix.

    .. math::
        \frac1{s_j^2} &= \frac1{\tau^2}
        + \sum_i \frac{\partial f_i}{\partial \theta_j}^{\!\top} H_i \frac{\partial f_i}{\partial \theta_j} \\
        H &= \frac1{\sigma^2} \text{ (places)} \\
        H &= \operatorname{diag} p - p p^\top \text{ (letters)}

    Parameters: a trained model; its scenes; noise_variance sigma squared (of places alone); prior_mean (D,), as the
    weights before training, or a number; prior_variance tau squared, chosen without the data.
    Errors: ValueError for variances not above 0. Source: MacKay 1992; Schraudolph 2002.
    """
    _require_variances("laplace", noise_variance=noise_variance, prior_variance=prior_variance)
    answers = network_answers(model)
    mean = parameters_to_vector(model.parameters()).detach()

    def one(weights: Tensor, frame: Tensor) -> tuple[Tensor, Tensor]:
        answer = answers(weights[None], frame[None])[0, 0]
        return answer, answer

    slopes = vmap(jacrev(one, has_aux=True), in_dims=(None, 0))
    curvature = torch.zeros_like(mean)
    for part in frames.split(_PART):
        jacobian, answer = slopes(mean, part)
        if targets.is_floating_point():
            curvature += jacobian.square().sum(0) / noise_variance
        else:
            law = answer.softmax(-1)[..., None]
            curvature += ((law * jacobian.square()).sum(1) - (law * jacobian).sum(1).square()).sum(0).clamp(min=0)
    return Posterior(mean, 1 / (1 / prior_variance + curvature), None, prior_mean, prior_variance, answers)


def mean_field(
    model: Implicit,
    frames: Tensor,
    targets: Tensor,
    *,
    noise_variance: float = 1.0,
    prior_mean: Tensor,
    prior_variance: float,
    steps: int = 600,
    batch: int = 64,
    rate: float = 3e-3,
    generator: torch.Generator,
) -> Posterior:
    r"""Independent normal weights, trained by risk plus KL over n with reparametrised draws.

    .. math::
        & \min_{m, s}\; E_{\theta \sim N(m, s^2)} \frac1n \sum_i \ell_i(\theta) \\
        & \quad + \frac{\mathrm{KL}(N(m, s^2) \| N(m_0, \tau^2 I))}{n} \\
        & \ell = \frac{(f - y)^2}{2 \sigma^2} \text{ or cross-entropy}

    Starts at the model's weights with deviations of tau/3; one draw of weights a step, Adam. The model stays as it is.
    Parameters: model; scenes; noise_variance sigma squared (of places alone); prior_mean (D,), the weights before
    training, and prior_variance tau squared, both chosen without the data; steps, batch, rate; generator.
    Errors: ValueError for variances not above 0 or weights that leave the floats. Source: Graves 2011; Blundell et al.
    2015.
    """
    _require_variances("mean_field", noise_variance=noise_variance, prior_variance=prior_variance)
    answers = network_answers(model)
    mean = parameters_to_vector(model.parameters()).detach().clone().requires_grad_()
    log_deviation = torch.full_like(mean, math.log(prior_variance) / 2 - math.log(3)).detach().requires_grad_()
    optimiser = torch.optim.Adam([mean, log_deviation], lr=rate, fused=True)
    weight = 1 / (2 * noise_variance) if targets.is_floating_point() else 1.0

    def posterior(mean: Tensor, log_deviation: Tensor) -> Posterior:
        return Posterior(mean, (2 * log_deviation).exp(), None, prior_mean, prior_variance, answers)

    for _ in range(steps):
        now = posterior(mean, log_deviation)
        rows = torch.randint(len(frames), (batch,), generator=generator, device=frames.device)
        risk = now.risk(frames[rows], targets[rows], samples=1, generator=generator).mean()
        optimiser.zero_grad()
        (weight * risk + now.kl() / len(frames)).backward()
        optimiser.step()
    return posterior(mean.detach(), log_deviation.detach())


def features_of(model: Implicit, frames: Tensor) -> Tensor:
    """Last features without gradients, float64, (n, width)."""
    with torch.no_grad():
        return torch.cat([model.features(part) for part in frames.split(4096)]).double()


def _require_variances(function: str, **variances: float) -> None:
    for name, value in variances.items():
        if not 0 < value < math.inf:
            raise ValueError(f"{function}: {name} must be above 0 and finite, got {value!r}")
