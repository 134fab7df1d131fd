"""The official numeric rule beside a judge's mark: how often they differ, and in what way."""

import pandas as pd

SAME = 0.02  # relative difference up to which both read the same number: rounding and units converted roughly

MARKS = ("both", "rule_only", "judge_only", "neither", "silent")
KINDS = ("judge_read_nothing", "rule_read_nothing", "read_differently", "marked_differently")


def disagreement(records: pd.DataFrame) -> pd.DataFrame:
    """Counts of numeric answers marked right by rule and judge, one row a model and task, indexed by them.

    Columns: `items`; right by `both`, `rule_only`, `judge_only` or `neither`; `silent`, where the judge gave no mark:
    these five sum to `items`. And the ways in which rule and judge differ, which sum to rule_only + judge_only: the
    judge read no number in the answer; the rule's reading found none; both read one, not the same (`SAME`); both read
    the same and marked it differently.
    Assumes the record table; rows of other answer types are left out.

    Read by hand in the five registered SpatialRGPT-Bench logs, 155 differences in 3,629 marks: 61 are clock directions,
    none of which a judge that is asked for metres marks right. Of the 94 about lengths some 67 are the judge's: it takes
    ranges and hedged lengths for no number (most), or a range's lower end, or a conversion in brackets; and some 27 the
    reader's, which counts the length of another thing that the text states first (a ceiling, an option, Region [1]).
    Those 27 were right by chance, so the rule's accuracy is, if anything, too high.
    """
    numbers = records[records["answer_type"] == "number"]
    return (
        pd.DataFrame({name: _found(numbers, name) for name in ("items", *MARKS, *KINDS)}, index=numbers.index)
        .groupby([numbers["model"], numbers["task"]], sort=False)
        .sum()
    )


def _found(numbers: pd.DataFrame, name: str) -> pd.Series:
    rule, judge, spoke = numbers["correct"], numbers["judge"].fillna(False), numbers["judge"].notna()
    differ = spoke & (rule != judge)
    read, heard = (numbers[column].astype("Float64") for column in ("prediction", "judge_reading"))
    same = ((read - heard).abs() <= SAME * read.abs()).fillna(False)
    unread, unheard = read.isna(), heard.isna()
    cases = {
        "items": spoke | ~spoke,
        "both": spoke & rule & judge,
        "rule_only": spoke & rule & ~judge,
        "judge_only": spoke & ~rule & judge,
        "neither": spoke & ~rule & ~judge,
        "silent": ~spoke,
        "judge_read_nothing": differ & unheard & ~unread,
        "rule_read_nothing": differ & unread,
        "read_differently": differ & ~unread & ~unheard & ~same,
        "marked_differently": differ & ~unread & ~unheard & same,
    }
    return cases[name].astype("int64")
