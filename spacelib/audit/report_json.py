"""The audit as plain data for programs: information in nats, accuracies and shares as numbers from 0 to 1."""

import math
from dataclasses import asdict

from spacelib.benchmarks import AnswerCounts
from spacelib.estimators import Estimate

from .baseline import Baseline
from .certificates import RiskBounds
from .compare import Budgets
from .mixes import Mixed
from .pairs import PairedTest
from .report import Report, Row
from .rooms import rooms
from .sections import sections
from .sentences import LIMITS, names
from .tradeoff import Tradeoff

SCHEMA = 2  # raised whenever a key changes its meaning or goes


def to_dict(report: Report) -> dict:
    """The report as JSON's types: `rows` in order, each with its figures and a sentence in `means` for each of them.

    A figure that a row does not have is null: what belongs to letters where answers are free, and the other way round;
    so is an infinite one. `comparisons`, `baseline`, `frames`, `mix` and `tradeoff` name rows by their place, from 0.
    """
    return {
        "schema_version": SCHEMA,
        "version": report.version,
        "unit": "nat",
        "seed": report.seed,
        "rows": [_row(row) for row in report.rows],
        "comparisons": [_test(test) for test in report.tests],
        "baseline": [_baseline(found) for found in report.baselines],
        "frames": [_budgets(found) for found in report.budgets],
        "mix": [_mixed(found) for found in report.mixes],
        "tradeoff": [_tradeoff(found) for found in report.tradeoffs],
        "means": {section.key: section.says for section in sections(report, names(report.rows))},
        "limits": [limit._asdict() for limit in LIMITS],
    }


def _row(row: Row) -> dict:
    figures, counts = row.figures, row.counts
    letters = isinstance(counts, AnswerCounts)
    return {
        "log": counts.log,
        "benchmark": counts.benchmark,
        "task": counts.task,
        "model": counts.model,
        "frames": counts.frames,
        "role": row.role,
        "pooled": row.pooled,
        "items": counts.items,
        "scenes": len(counts.asked) if counts.scenes_known else None,
        "rule": None if letters else counts.rule,
        "accuracy": _estimate(figures.accuracy),
        "full_credit": counts.correct,
        "judge": None if letters else {"marks": counts.judged, "unmarked": counts.unmarked},
        "constant": counts.constant and asdict(counts.constant),
        "certificate": figures.certificate and asdict(figures.certificate),
        "mutual_information": {
            "plug_in": _estimate(figures.information),
            "miller_madow": _estimate(figures.corrected),
        }
        if letters
        else None,
        "answer_entropy": figures.entropy and asdict(figures.entropy),
        "ceiling": figures.ceiling and asdict(figures.ceiling) | {"interval": list(figures.ceiling.interval)},
        "circularity": figures.circularity and asdict(figures.circularity),
        "relabelling_gain": figures.relabelling and _estimate(figures.relabelling),
        "unparsed": {"count": counts.unparsed, "share": counts.unparsed / counts.items},
        "letters": list(counts.letters) if letters else None,
        "joint": counts.joint.tolist() if letters else None,
        "evenness": counts.chance and counts.chance.evenness,
        "resolution": row.resolution and {key: _finite(value) for key, value in vars(row.resolution).items()},
        "risk": {name: _risk(getattr(row.certificate, name)) for name in ("scene", "question")},
        "critical_shift": _finite(row.critical_shift),
        "means": {entry.key: entry.meaning for room in rooms(row) for entry in room.entries},
        "warnings": list(row.warnings),
        "notes": list(row.notes),
    }


def _estimate(estimate: Estimate) -> dict:
    return {
        "estimate": estimate.estimate,
        "interval": list(estimate.interval),
        "standard_error": estimate.standard_error if math.isfinite(estimate.standard_error) else None,  # of one scene
        "samples": estimate.samples,
        "method": estimate.method,
    }


def _finite(value):
    return None if isinstance(value, float) and math.isinf(value) else value


def _risk(risk: RiskBounds) -> dict:
    return {name: float(value) for name, value in vars(risk).items()}


def _test(test: PairedTest) -> dict:
    return vars(test) | {"difference": _estimate(test.difference), "resolvable": _finite(test.resolvable)}


def _baseline(found: Baseline) -> dict:
    return vars(found) | {"information": found.information and _estimate(found.information)}


def _budgets(found: Budgets) -> dict:
    gains = [
        vars(gain) | {key: (known := getattr(gain, key)) and _estimate(known) for key in ("accuracy", "information")}
        for gain in found.found.gains
    ]
    least = found.found.least
    ends = least and {"estimate": _finite(least.estimate), "interval": list(map(_finite, least.interval))}
    rows = [{"frames": frames, "row": row} for frames, row in found.rows.items()]
    return {"rows": rows, "gains": gains, "least_frames": ends}


def _mixed(found: Mixed) -> dict:
    distance = None if found.transfer is None else _finite(float(found.transfer.divergences.kl))
    return {"rows": list(found.rows), "weights": list(found.weights), "risk": _risk(found.risk), "distance": distance}


def _tradeoff(found: Tradeoff) -> dict:
    decision = found.decision and {
        "verdicts": list(found.decision.verdicts),
        "rules": list(found.decision.rules),
        "low": _finite(found.decision.low),
        "high": _finite(found.decision.high),
        "regime": found.decision.regime,
    }
    return {
        "explicit": found.explicit,
        "implicit": list(found.implicit),
        "trained": found.trained and list(found.trained),
        "risks": [_risk(risk) for risk in found.risks],
        "decision": decision,
    }
