"""Certificates carried over on real logs: VLM4D's real and synthetic videos, SpatialRGPT-Bench under other mixes."""

from pathlib import Path

import pandas as pd

from spacelib.benchmarks import AnswerCounts, spatialrgpt_counts, vlm4d_counts, vsibench_counterparts

from .transfers import BenchmarkTransfer, MixTransfer, to_benchmark, to_mix


def vlm4d_pairs() -> list[tuple[AnswerCounts, AnswerCounts]]:
    """The counts of VLM4D's real and its synthetic videos, for every model that answered both directly."""
    logs = {}
    for counts in vlm4d_counts():
        if "_mc_direct-output/" in counts.log:
            logs.setdefault(counts.model, {})[counts.task] = counts
    return [(splits["real"], splits["synthetic"]) for splits in logs.values() if len(splits) == 2]


def naive_misses_table() -> pd.DataFrame:
    """How often naive intervals mislead on VLM4D: the shipped table, one row for each log, number of videos and side.

    Columns: log, task, model, then the fields of `Misses`. Logs named "11 models" pool all models of a split. Written
    by `python -m spacelib.audit.tabulate_naive`.
    """
    return pd.read_csv(Path(__file__).with_name("tables") / "naive_misses.csv")


def vlm4d_paired_table() -> pd.DataFrame:
    """Every two registered VLM4D logs of the same questions, compared question by question: the shipped table.

    Columns: task; first and second, the models, with their logs; items; scenes, the videos; difference in accuracy, first
    less second, with low and high of its 95 % interval (each for itself); p_value, of sign flips by video; adjusted, by
    Holm over all rows; agreement; resolvable, the least true difference that a test at 5 % sees with a chance of 80 %.
    Written by `python -m spacelib.audit.tabulate_paired`.
    """
    return pd.read_csv(Path(__file__).with_name("tables") / "vlm4d_paired.csv")


def vlm4d_transfers(*, delta: float = 0.05) -> pd.DataFrame:
    """VLM4D's real videos to its synthetic ones and back, for every model that answered both: one row a direction.

    Columns: those of `BenchmarkTransfer` and its two properties, of `source` and `target` the risk and both bounds.
    source_lower and source_upper are at delta each, and critical_shift, from the upper one, at delta; target_lower and
    target_upper are at delta/2 each; certified_shift, from bounds at delta/4 a side, holds at 1 - delta in all.
    The scene is a video. Each row holds for itself; for all r rows at once take delta/r.
    """
    both = (pair for real, synthetic in vlm4d_pairs() for pair in ((real, synthetic), (synthetic, real)))
    return pd.DataFrame([_benchmark_row(to_benchmark(*pair, delta=delta)) for pair in both])


def _benchmark_row(found: BenchmarkTransfer) -> dict:
    row = {"model": found.model, "source": found.source_task, "target": found.target_task}
    row |= {"source_risk": found.source.risk, "source_lower": found.source.lower, "source_upper": found.source.upper}
    row |= {"chance_risk": found.chance_risk, "critical_shift": found.critical_shift}
    row |= {"target_risk": found.target.risk, "target_lower": found.target.lower, "target_upper": found.target.upper}
    row |= {"least_shift": found.least_shift, "certified_shift": found.certified_shift}
    return row | {"shift_shown": found.shift_shown, "certificate_broken": found.certificate_broken}


def spatialrgpt_mixes() -> dict[str, dict[str, float]]:
    """Target mixes of SpatialRGPT-Bench's twelve tasks, as weights.

    "uniform": all alike; "mostly numbers": three questions in four ask for a number; "texts": none does; "vsibench":
    by the questions of VSI-Bench that have a counterpart (`vsibench_counterparts`), the rest being in no mix of these
    tasks.
    """
    texts, numbers = {}, {}
    for counts in spatialrgpt_counts():  # a number has a best constant, a text has none
        (texts if counts.constant is None else numbers)[counts.task] = counts.items
    counterparts = vsibench_counterparts().dropna().groupby("task")["items"].sum()
    return {
        "uniform": dict.fromkeys([*texts, *numbers], 1.0),
        "mostly numbers": _parts({0.25: texts, 0.75: numbers}),
        "texts": _parts({1.0: texts}),
        "vsibench": counterparts.to_dict(),
    }


def _parts(kinds: dict[float, dict[str, int]]) -> dict[str, float]:
    """Weights by task: each kind's share of the whole, in proportion to the items of its tasks."""
    return {task: share * n / sum(of.values()) for share, of in kinds.items() for task, n in of.items()}


def spatialrgpt_transfers(*, delta: float = 0.05) -> pd.DataFrame:
    """Every model of SpatialRGPT-Bench under every mix of `spatialrgpt_mixes`: one row a model and mix.

    Columns: model; mix; kl (nats, target from source) and ratio of the mixes; source_risk and source_upper under the
    benchmark's own mix; risk, lower and upper under the target's by weighting the tasks anew, samples its N;
    by_ratio, by_kl and by_any, the other upper bounds, and row, which divergence gave by_any; observed_by_kl, the
    observed source risk shifted. Every question counts as a scene, since the logs name none: questions about one
    picture depend on each other, so the bounds are rather too narrow.
    """
    models = {}
    for counts in spatialrgpt_counts():
        models.setdefault(counts.model, []).append(counts)
    mixes = spatialrgpt_mixes()
    return pd.DataFrame(
        [
            {"model": model, "mix": name, **_mix_row(to_mix(counts, mix, delta=delta))}
            for model, counts in models.items()
            for name, mix in mixes.items()
        ]
    )


def _mix_row(found: MixTransfer) -> dict:
    row = {"kl": float(found.divergences.kl), "ratio": float(found.divergences.ratio)}
    row |= {"source_risk": found.source.risk, "source_upper": found.source.upper}
    row |= {name: getattr(found.by_strata, name) for name in ("risk", "lower", "upper", "samples")}
    row |= {"by_ratio": found.by_ratio, "by_kl": found.by_kl, "by_any": found.by_any.risk, "row": found.by_any.winner}
    return row | {"observed_by_kl": found.observed_by_kl}
