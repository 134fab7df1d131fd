"""A Gaussian posterior trained by minimising its own PAC-Bayes bound, and certified on the 0-1 loss."""

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.func import vmap

from spacelib.bounds.binary_kl import inverse_second
from spacelib.bounds.transfer import kl_certificate, monte_carlo_certificate
from spacelib.models.implicit import Posterior, misses

_SHARPNESS = 8  # of the stand-in: at 1 it rewards confidence, and the bound of the 0-1 loss gains less
_PART = 512  # scenes answered at once, each by weights of its own


@dataclass(frozen=True)
class GibbsCertificate:
    """A certified risk of the randomised classifier that draws new weights from Q for every scene.

    bound, the certificate: the risk is at most this, failing with probability at most delta + delta_draws;
    sampled_risk, the mean 0-1 loss over scenes and draws of weights; empirical_risk, the most that its expectation over
    Q can be at delta_draws; kl, KL(Q || P) in nats; scenes of the bound; draws of weights.
    """

    bound: float
    sampled_risk: float
    empirical_risk: float
    kl: float
    scenes: int
    draws: int
    delta: float
    delta_draws: float


def missed_mass(answers: Tensor, letters: Tensor) -> Tensor:
    """Probability that a sharp softmax gives to wrong letters, in [0, 1]: a smooth stand-in for the 0-1 loss.

    answers (..., n, outputs), letters (n,); returns (..., n).
    """
    return 1 - (_SHARPNESS * answers).softmax(-1).gather(-1, letters.expand(answers.shape[:-1])[..., None])[..., 0]


def minimise_bound(
    prior: Posterior,
    frames: Tensor,
    letters: Tensor,
    *,
    delta: float,
    steps: int = 200,
    batch: int = 256,
    samples: int = 4,
    rate: float = 0.01,
    generator: torch.Generator,
) -> Posterior:
    r"""The posterior of independent normal weights whose certificate is least, by gradient descent from the prior.

    .. math::
        \min_{m, s}\; \sup\Big\{p : \mathrm{kl}\Big(\tfrac1n \sum_i E_{\theta \sim N(m, s^2)} \ell_i(\theta),\, p\Big)
        \le \frac{\mathrm{KL}(N(m, s^2) \| P) + \ln(\xi(n)/\delta)}{n}\Big\}

    ell is `missed_mass`. Reparametrised draws, `samples` of them for each batch of scenes through vmap, means and
    logarithms of deviations in units of the prior's deviations, Adam with a rate that falls to 0 as a cosine.
    Parameters: prior, a Posterior with Q = P, of independent weights; frames (n, K, *image) and letters (n,), scenes
    that P has not seen; delta; steps; batch; samples; rate; generator on their device.
    Errors: ValueError for a prior with Q other than P or correlated weights, or weights that leave the floats.
    Source: Dziugaite and Roy 2017; Perez-Ortiz, Rivasplata, Shawe-Taylor and Szepesvari 2021.
    """
    if prior.variance is None or prior.kl().item() != 0:
        raise ValueError(
            f"minimise_bound: prior must have independent weights and Q = P, "
            f"got {'a scale_tril' if prior.variance is None else f'a KL of {prior.kl().item():.3g} nats'}"
        )
    _require_scenes("minimise_bound", frames, letters)
    centre, deviation, scenes = prior.mean, prior.variance.sqrt(), len(letters)
    moved = torch.zeros_like(centre).requires_grad_()
    log_scale = torch.zeros_like(centre).requires_grad_()
    optimiser = torch.optim.Adam([moved, log_scale], lr=rate, fused=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)

    def law(moved: Tensor, log_scale: Tensor) -> Posterior:
        return replace(prior, mean=centre + deviation * moved, variance=prior.variance * (2 * log_scale).exp())

    for _ in range(steps):
        rows = torch.randint(scenes, (batch,), generator=generator, device=frames.device)
        now = law(moved, log_scale)
        risk = now.risk(frames[rows], letters[rows], missed_mass, samples=samples, generator=generator).double().mean()
        optimiser.zero_grad()
        kl_certificate(risk, now.kl(), scenes, delta).backward()
        optimiser.step()
        schedule.step()
    return law(moved.detach(), log_scale.detach())


def sampled_misses(
    posterior: Posterior, frames: Tensor, letters: Tensor, *, rounds: int = 1, generator: torch.Generator
) -> Tensor:
    """0-1 losses of the randomised classifier, (rounds, n): every entry by weights drawn from Q for itself.

    Given the scenes the entries are independent, so their number counts in a bound of their mean, and not only the
    number of rounds. Errors: ValueError for rounds below 1, no scenes, or answers that are not finite.
    """
    if rounds < 1:
        raise ValueError(f"sampled_misses: rounds must be at least 1, got {rounds}")
    _require_scenes("sampled_misses", frames, letters)
    own = vmap(lambda weights, frame: posterior.answers(weights[None], frame[None])[0, 0])
    found = []
    for _ in range(rounds):
        for part, wanted in zip(frames.split(_PART), letters.split(_PART), strict=True):
            answers = own(posterior.sample(len(part), generator=generator), part)
            if not bool(answers.isfinite().all()):
                raise ValueError("sampled_misses: posterior answers with numbers that are not finite")
            found.append(misses(answers, wanted))
    return torch.cat(found).unflatten(0, (rounds, -1)).double()


def certify_posterior(
    posterior: Posterior,
    frames: Tensor,
    letters: Tensor,
    *,
    delta: float = 0.04,
    delta_draws: float = 0.01,
    rounds: int = 16,
    generator: torch.Generator,
) -> GibbsCertificate:
    r"""The certificate of a posterior's 0-1 risk, with the sampling of its empirical risk paid for.

    .. math::
        \hat L &= \sup\Big\{p : \mathrm{kl}(\bar\ell, p) \le \frac{\ln(1/\delta')}{T}\Big\} \\
        L(Q) &\le \sup\Big\{p : \mathrm{kl}(\hat L, p) \le \frac{\mathrm{KL}(Q \| P) + \ln(\xi(n)/\delta)}{n}\Big\}

    lbar is the mean of T = rounds n losses, each by fresh weights: independent given the scenes, of different means,
    for which Chernoff's bound holds as for equal ones.
    Parameters: posterior with its prior P; frames (n, K, *image) and letters (n,), independent scenes that P has not
    seen and Q may have; delta, delta_draws, in (0, 1); rounds; generator. A P chosen among J by these
    scenes needs delta/J.
    Errors: as the bound's. Source: Langford and Caruana 2002; Hoeffding 1963, theorem 1; Maurer 2004.
    """
    losses = sampled_misses(posterior, frames, letters, rounds=rounds, generator=generator)
    sampled, kl, scenes, draws = losses.mean().item(), posterior.kl().item(), len(letters), losses.numel()
    empirical = inverse_second(sampled, -math.log(delta_draws) / draws)
    bound = monte_carlo_certificate(sampled, float(draws), kl, float(scenes), delta, delta_draws)
    return GibbsCertificate(bound, sampled, empirical, kl, scenes, draws, delta, delta_draws)


def _require_scenes(function: str, frames: Tensor, letters: Tensor) -> None:
    if len(frames) == 0 or letters.shape != (len(frames),):
        raise ValueError(
            f"{function}: letters must have shape ({len(frames)},), as many as frames and at least one, "
            f"got {tuple(letters.shape)}"
        )
