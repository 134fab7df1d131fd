"""The audit as plain data for programs: information in nats, accuracies and shares as numbers from 0 to 1."""

import math
from dataclasses import asdict

from spacelib.benchmarks import AnswerCounts
from spacelib.estimators import Estimate

from .report import Report, Row
from .sentences import LIMITS, entries

SCHEMA = 1  # raised whenever a key changes its meaning or goes


def to_dict(report: Report) -> dict:
    """The report as JSON's types: `rows` in order, each with its figures and a sentence in `means` for each of them.

    A figure that a row does not have is null: what belongs to letters where answers are free, and the other way round.
    """
    return {
        "schema": SCHEMA,
        "version": report.version,
        "unit": "nat",
        "seed": report.seed,
        "rows": [_row(row) for row in report.rows],
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
        "items": counts.items,
        "scenes": len(counts.asked) if counts.scenes_known else None,
        "rule": None if letters else counts.rule,
        "accuracy": _estimate(figures.accuracy),
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
        "means": {entry.key: entry.meaning for entry in entries(figures)},
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
