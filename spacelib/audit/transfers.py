"""A fixed model's certificate carried to where it was not tested: another mix of tasks, another benchmark.

To another mix the distance is known exactly, since mixes are design. To another benchmark it is not, and no number of
pictures can bound it from above; what can be said is how far a shift the certificate survives, and how far the shift
must be if both benchmarks have been answered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spacelib.benchmarks.reading import shown
from spacelib.bounds import (
    ShiftDivergences,
    TightestShift,
    critical_shift,
    kl,
    shift_divergences,
    shift_kl,
    stratified_samples,
    tightest,
)

from .certificates import Counts, RiskBounds, fixed_bounds, scene_bounds, scene_risk


@dataclass(frozen=True)
class MixTransfer:
    """One model's risk under another mix of tasks: by the distance of the mixes, and by weighting its tasks anew.

    `source_mix` and `target_mix` are laws over `tasks`, `divergences` those of the target from the source. `source`
    has the bounds of the risk under the source's mix. `by_kl` is that upper bound shifted by the divergence, `by_any`
    by the best of all five known ones. `by_strata` has the bounds of the risk under the target's mix from the tasks'
    own risks, weighted by it, and `by_ratio` the upper bound of the weighted losses w l, w the ratio of the mixes:
    never below that of `by_strata`. `by_strata.risk` never exceeds `observed_by_kl`, the observed source risk
    shifted.
    """

    tasks: tuple[str, ...]
    source_mix: np.ndarray
    target_mix: np.ndarray
    divergences: ShiftDivergences
    source: RiskBounds
    observed_by_kl: float
    by_kl: float
    by_any: TightestShift
    by_ratio: float
    by_strata: RiskBounds


def to_mix(counts: Sequence[Counts], target_mix: Mapping[str, float], *, delta: float = 0.05) -> MixTransfer:
    r"""The risk of a fixed model under another mix of the same tasks.

    .. math::
        L_\nu = \sum_t b_t L_t \le F\Big(\sum_t a_t L_t,\; \mathrm{KL}(b\|a)\Big), \qquad
        \mathrm{kl}\Big(\sum_t b_t \hat L_t, L_\nu\Big) \le \frac{\ln(1/\delta)}{\min_t n_t/b_t}

    with F = `shift_kl`, n_t the scenes of task t (questions where the log names none), a_t = n_t/n and L_t the mean
    risk of their scenes. Parameters: counts, one of each task of one model; target_mix b, weights by task, not
    negative, of any sum above 0: a task left out weighs nothing; delta in (0, 1/2), of each bound. Returns a
    MixTransfer. Assumes scenes independent of each other, within a task and between, numbers of them fixed by design,
    and questions of each task alike in both mixes. So no two tasks may share a scene, which counts cannot show, since
    they name none: m scenes that each hold all T tasks would count as up to T m, and are worth m
    (`bounds.stratified_scene_samples`).
    Errors: ValueError for no counts, several models, a task twice, unknown or with a weight that is not finite or
    negative, weights of sum 0, a delta outside (0, 1/2).
    Source: Hoeffding 1963; the weighted form is :prf:ref:`thm-fixed_model`.
    """
    tasks = _tasks(counts)
    b = _weights(tasks, target_mix)
    units = np.array([len(c.asked) for c in counts], dtype=np.float64)
    a, risks = units / units.sum(), np.array([scene_risk(c) for c in counts])
    distance = shift_divergences(b, a)
    known = {name: float(value) for name, value in vars(distance).items()}
    total = float(units.sum())
    source = fixed_bounds(float(a @ risks), total, delta)
    strata = fixed_bounds(float(b @ risks), float(stratified_samples(b, units)), delta)
    weighted = fixed_bounds(strata.risk / known["ratio"], total, delta)
    return MixTransfer(
        tasks,
        a,
        b,
        distance,
        source,
        observed_by_kl=shift_kl(source.risk, known["kl"]),
        by_kl=shift_kl(source.upper, known["kl"]),
        by_any=tightest(source.upper, **known),
        by_ratio=min(1.0, known["ratio"] * weighted.upper),
        by_strata=strata,
    )


def _tasks(counts: Sequence[Counts]) -> tuple[str, ...]:
    if not counts:
        raise ValueError("to_mix: counts of at least one task were expected, got none")
    models = sorted({c.model for c in counts})
    if len(models) > 1:
        raise ValueError(f"to_mix: counts of one model were expected, got {', '.join(map(shown, models))}")
    tasks = tuple(c.task for c in counts)
    for task in tasks:
        if tasks.count(task) > 1:
            raise ValueError(f"to_mix: counts must hold each task once, got {shown(task)} {tasks.count(task)} times")
    return tasks


def _weights(tasks: tuple[str, ...], target_mix: Mapping[str, float]) -> np.ndarray:
    for task, weight in target_mix.items():
        if task not in tasks:
            raise ValueError(f"to_mix: target_mix has the task {shown(task)}; known are {', '.join(map(shown, tasks))}")
        if not (np.isfinite(weight) and weight >= 0):
            raise ValueError(f"to_mix: target_mix must be finite and not negative, got {weight!r} for {shown(task)}")
    weights = np.array([target_mix.get(task, 0.0) for task in tasks], dtype=np.float64)
    if not weights.sum() > 0:
        raise ValueError(f"to_mix: the sum of target_mix must be above 0, got {weights.sum():g}")
    return weights / weights.sum()


@dataclass(frozen=True)
class BenchmarkTransfer:
    """One model on two benchmarks (or splits): what the first certifies for the second, and what the second showed.

    Risks are those of a scene drawn, then one of its questions. `source` has the certified bounds, each of which fails
    with probability at most delta. `chance_risk` is that of blind guessing on the target, and `critical_shift` the
    divergence (nats, target from source) under which the upper one, carried over, stays below it: 0 where it never
    does; it rests on that bound alone, so it holds at 1 - delta. `target` has the bounds of the target's risk, at
    delta/2 each, so both hold at 1 - delta. `least_shift` is the divergence of the two observed risks, certified by
    nothing: that of the benchmarks cannot be below it were these the true ones. `certified_shift` is the same from
    bounds of both risks at delta/4 a side, four in all, so it holds at 1 - delta in all; 0 where the intervals meet.
    As wider intervals hold the narrower ones, everything together holds at 1 - 3 delta.
    """

    model: str
    source_task: str
    target_task: str
    source: RiskBounds
    target: RiskBounds
    chance_risk: float
    critical_shift: float
    least_shift: float
    certified_shift: float

    @property
    def shift_shown(self) -> bool:
        """Whether both logs together refute, at delta, that scenes of both are alike to this model."""
        return self.certified_shift > 0

    @property
    def certificate_broken(self) -> bool:
        """Whether the target's risk is, at delta/2, above the source's certificate taken over as it stands."""
        return self.target.lower > self.source.upper


def to_benchmark(source: Counts, target: Counts, *, delta: float = 0.05) -> BenchmarkTransfer:
    r"""How a fixed model's certificate on one benchmark stands on another, of which the distance is not known.

    .. math::
        \kappa^* = \mathrm{kl}(c_0, L_\mu^+), \qquad \mathrm{KL}(\nu\|\mu) \ge \mathrm{kl}(L_\nu, L_\mu)
        \ge \min\{\mathrm{kl}(l, p) : L_\nu^- \le l \le L_\nu^+,\; L_\mu^- \le p \le L_\mu^+\}

    with c_0 the risk of blind guessing on the target. The first rests on L_mu^+ at delta, the last term on two
    intervals at delta/4 a side, so that each holds at 1 - delta. Parameters: source and target, counts of the same
    model; delta in (0, 1/2). Returns a BenchmarkTransfer; divergences in nats, rounded down. Assumes what
    `log_certificate` does for scenes.
    Errors: ValueError for different models, a target whose design gives no chance, a delta outside (0, 1/2).
    Source: the data-processing inequality.
    """
    if source.model != target.model:
        models = f"{shown(source.model)} and {shown(target.model)}"
        raise ValueError(f"to_benchmark: counts of one model were expected, got {models}")
    if target.chance is None:
        raise ValueError(f"to_benchmark: a target whose design gives the chance was expected, got {shown(target.log)}")
    certified, seen = scene_bounds(source, delta), scene_bounds(target, delta / 2)
    p, l = (scene_bounds(counts, delta / 4) for counts in (source, target))
    return BenchmarkTransfer(
        source.model,
        source.task,
        target.task,
        certified,
        seen,
        chance_risk=1 - target.chance.of_scene,
        critical_shift=critical_shift(certified.upper, 1 - target.chance.of_scene),
        least_shift=kl(l.risk, p.risk, side="lower"),
        certified_shift=_apart(l, p),
    )


def _apart(target: RiskBounds, source: RiskBounds) -> float:
    """The least divergence of a risk within the target's bounds from one within the source's."""
    if target.lower > source.upper:
        return kl(target.lower, source.upper, side="lower")
    if target.upper < source.lower:
        return kl(target.upper, source.lower, side="lower")
    return 0.0
