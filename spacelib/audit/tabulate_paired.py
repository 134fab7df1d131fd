"""The shipped table of paired tests between models on VLM4D: `python -m spacelib.audit.tabulate_paired`.

It needs the registered logs; pairs, intervals and corrections are those of `spacelib audit` on all of them.
"""

from pathlib import Path

import pandas as pd

from spacelib.benchmarks import registry
from spacelib.benchmarks.writing import write_whole

from .report import audit

TABLE = Path(__file__).with_name("tables") / "vlm4d_paired.csv"
SEED = 0


def measure() -> pd.DataFrame:
    """One row a pair of logs with the same questions, in the order of the registry."""
    names = registry.names("vlm4d")
    questions = [name for name in names if name.startswith("vlm4d/questions/")]
    logs = [registry.fetch(name) for name in names if name not in questions]
    report = audit(logs, items=[registry.fetch(name) for name in questions], seed=SEED)
    rows = []
    for test in report.tests:
        first, second = (report.rows[number].counts for number in (test.first, test.second))
        low, high = test.difference.interval
        row = {"task": first.task, "first": first.model, "second": second.model}
        row |= {"first_log": first.log, "second_log": second.log, "items": test.items, "scenes": test.scenes}
        row |= {"difference": test.difference.estimate, "low": low, "high": high}
        row |= {"p_value": test.p_value, "adjusted": test.adjusted}
        rows.append(row | {"agreement": test.agreement, "resolvable": test.resolvable})
    return pd.DataFrame(rows)


if __name__ == "__main__":
    write_whole(TABLE, measure().to_csv(index=False, float_format="%.6g", lineterminator="\n"))
