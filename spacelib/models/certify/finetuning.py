"""Fine-tuning on shifted scenes, followed by bound and error: what a certificate becomes, and what a new one costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd
import torch
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from spacelib.bounds.transfer import test_set_bound, tightest
from spacelib.models.certify.gibbs import certify_posterior, minimise_bound, sampled_misses
from spacelib.models.certify.question import learn_prior, moved, part, transformer, wrong
from spacelib.models.implicit import Drawn, Posterior, Task, coarser, train
from spacelib.models.scale import device
from spacelib.scenes.shifts import ShiftFamily

COUNTS = (64, 256, 1024)
"""Target scenes to fine-tune on."""

_PIXELS, _HELD = 4, 4096
_DELTA, _DELTA_DRAWS = 0.04, 0.01  # of a bound and of its sampling; plain testing takes their sum


def finetune(
    family: ShiftFamily,
    *,
    strength: float = 1.0,
    source_scenes: int = 4000,
    counts: Sequence[int] = COUNTS,
    steps: int = 300,
    generator: torch.Generator,
) -> pd.DataFrame:
    r"""A transformer certified on source scenes and fine-tuned on target scenes: certificates and risks on the target.

    .. math::
        L_\nu(Q) &\le b\big(\text{source certificate}, \nu \| \mu\big) \quad \text{with no target scene} \\
        L_\nu(Q) &\le \sup\Big\{p : \mathrm{kl}(\hat L_\nu(Q), p) \le
        \frac{\mathrm{KL}(Q \| Q_{source}) + \ln(\xi(n)/\delta)}{n}\Big\} \quad \text{with } n

    The prior of the second is the source's posterior: it has seen no target scene. One row a `model` and number of
    `scenes` of the target: "transferred", the source's posterior and the least of the shift bounds b, `tightest`;
    "bound", fine-tuned by minimising its certificate; "plain", fine-tuned by cross-entropy and certified with the
    source's deviations; "fresh", learned from half of the scenes without the source, its bound minimised on the other
    half; and of fixed networks, tested instead: "source", the posterior's mean, and "plain tested", fine-tuned by
    cross-entropy on half of the scenes and tested on the other. `certificate` fails with probability at most .05; `kl`
    in nats (missing where a network is tested); `held_out`, the risk on 4,096 fresh target scenes. In every row
    `kappa`, KL of target from source, `source_certificate` and `source_held_out`.
    Parameters: family; strength of the shift in [0, 1]; source_scenes, half for the prior and half for the bound, at
    least 4; counts of target scenes, each at least 4; steps of a posterior's training, a quarter of a network's;
    generator on the CPU. SPACELIB_DEVICE says where the networks live.
    Assumes independent scenes. Errors: ValueError for numbers outside these ranges.
    Source: `minimise_bound`, `certify_posterior`, `tightest`.
    """
    for name, values in (("source_scenes", [source_scenes]), ("counts", counts), ("steps", [steps])):
        if not len(values) or not all(type(value) is int and value >= 4 for value in values):
            raise ValueError(f"finetune: {name} must be whole, each at least 4, got {values!r}")
    place, half = device(), source_scenes // 2
    source, target = (Task(coarser(channel, _PIXELS)) for channel in (family.channel, family.shifted(strength)))
    drawn, source_held = (moved(source.draw(n, generator=generator), place) for n in (source_scenes, _HELD))
    given, held = (moved(target.draw(n, generator=generator), place) for n in (max(counts), _HELD))
    there = torch.Generator(place).manual_seed(int(torch.randint(2**62, (), generator=generator)))
    tuner = _Tuner(len(source.channel.templates), steps, held, there)

    bounded = part(drawn, half, source_scenes)
    law = tuner.minimised(tuner.prior(part(drawn, 0, half)), bounded)
    own = tuner.certified(law, bounded)
    shift = {name: float(value) for name, value in vars(family.divergences(strength)).items()}
    transferred = tightest(own["certificate"], **shift).risk
    rows = [{"model": "transferred", "scenes": 0} | own | {"certificate": transferred}]
    for count in counts:
        rows += [{"model": name, "scenes": count} | found for name, found in tuner.tuned(law, part(given, 0, count))]
    source_risk = sampled_misses(law, source_held.frames, source_held.letter, generator=there).mean().item()
    base = {"kappa": shift["kl"], "source_certificate": own["certificate"], "source_held_out": source_risk}
    return pd.DataFrame(rows).assign(**base)


@dataclass(frozen=True)
class _Tuner:
    """What the rows share: letters, steps, the target's scenes to judge by and the generator on their device."""

    outputs: int
    steps: int
    held: Drawn
    generator: torch.Generator

    def tuned(self, law: Posterior, given: Drawn) -> Iterator[tuple[str, dict]]:
        """The rows of one number of target scenes, from the source's posterior."""
        half = len(given.letter) // 2
        first, second = part(given, 0, half), part(given, half, len(given.letter))
        prior = replace(law, prior_mean=law.mean, prior_variance=law.variance)
        yield "bound", self.certified(self.minimised(prior, given), given)
        yield "plain", self.certified(self.plain(prior, given), given)
        yield "fresh", self.certified(self.minimised(self.prior(first), second), second)
        yield "source", self.tested(law, given)
        yield "plain tested", self.tested(self.plain(prior, first), second)

    def prior(self, drawn: Drawn) -> Posterior:
        return learn_prior(drawn, self.outputs, steps=4 * self.steps, generator=self.generator)

    def minimised(self, prior: Posterior, drawn: Drawn) -> Posterior:
        settings = {"delta": _DELTA, "steps": self.steps, "generator": self.generator}
        return minimise_bound(prior, drawn.frames, drawn.letter, **settings)

    def plain(self, prior: Posterior, drawn: Drawn) -> Posterior:
        """The prior moved to where cross-entropy takes its mean."""
        network = transformer(drawn, self.outputs, self.generator)
        vector_to_parameters(
            prior.mean.clone(), network.parameters()
        )  # torch takes views: training would move the prior
        train(network, drawn.frames, drawn.letter, steps=self.steps, generator=self.generator)
        return replace(prior, mean=parameters_to_vector(network.parameters()).detach())

    def certified(self, law: Posterior, drawn: Drawn) -> dict:
        settings = {"delta": _DELTA, "delta_draws": _DELTA_DRAWS, "generator": self.generator}
        found = certify_posterior(law, drawn.frames, drawn.letter, **settings)
        risk = sampled_misses(law, self.held.frames, self.held.letter, generator=self.generator).mean().item()
        return {"certificate": found.bound, "kl": found.kl, "held_out": risk}

    def tested(self, law: Posterior, drawn: Drawn) -> dict:
        errors = wrong(law, drawn)
        bound = test_set_bound(int(errors.sum()), len(errors), _DELTA + _DELTA_DRAWS)
        return {"certificate": bound, "held_out": wrong(law, self.held).mean().item()}
