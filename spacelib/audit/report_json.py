"""The audit as plain data for programs: information in nats, accuracies and shares as numbers from 0 to 1."""

import math
from dataclasses import asdict

from spacelib.estimators import Estimate

from .report import Report, Row
from .sentences import LIMITS, entries

SCHEMA = 1  # raised whenever a key changes its meaning or goes


def to_dict(report: Report) -> dict:
    """The report as JSON's types: `rows` in order, each with its figures and a sentence in `means` for each of them."""
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
    return {
        "log": counts.log,
        "benchmark": counts.benchmark,
        "task": counts.task,
        "model": counts.model,
        "frames": counts.frames,
        "items": counts.items,
        "scenes": len(counts.table) if counts.scenes_known else None,
        "accuracy": _estimate(figures.accuracy),
        "certificate": figures.certificate and asdict(figures.certificate),
        "mutual_information": {
            "plug_in": _estimate(figures.information),
            "miller_madow": _estimate(figures.corrected),
        },
        "ceiling": figures.ceiling and asdict(figures.ceiling) | {"interval": list(figures.ceiling.interval)},
        "circularity": asdict(figures.circularity),
        "unparsed": {"count": counts.unparsed, "share": counts.unparsed / counts.items},
        "letters": list(counts.letters),
        "joint": counts.joint.tolist(),
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
