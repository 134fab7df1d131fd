"""Recorded certificates of learned models: the long runs behind the book's tables."""

from pathlib import Path

import pandas as pd

_TABLES = Path(__file__).parents[1] / "tables"
CERTIFICATES, FINETUNING = _TABLES / "certificates.csv", _TABLES / "finetuning.csv"


def certificates_table() -> pd.DataFrame:
    r"""Certificates of transformers on ready questions beside plain testing, one row a question and seed.

    `question`, `noise`, `seed`, `scenes` in all, `prior_scenes` that the prior and `bound_scenes` that the bound has
    seen. Of the posterior: `certificate` (fails with probability at most .04 + .01), `sampled_risk` on the bound's
    scenes, `empirical_risk`, its upper end, `kl` in nats, `held_out`, the risk on 4,096 fresh scenes. Of the prior
    alone, Q = P: `prior_certificate`, `prior_held_out`. Of plain testing at .05: `test_set` and its `test_held_out`,
    the prior's mean tested on the bound's scenes; `best_split`, `best_trained_on`, `best_held_out`, the best of three
    splits, each at .05/3. `all_scenes`, the error of a network trained on all, of which nothing is certified; `bayes`,
    the least possible; `seconds` of one core. Written by the module `tabulate` beside this one, run
    with `python -m`.
    """
    return pd.read_csv(CERTIFICATES)


def finetuning_table() -> pd.DataFrame:
    r"""Certificates and risks of transformers fine-tuned on shifted scenes: rows of `finetune`, by family and seed.

    `family` of `spacelib.scenes.shifts` at `noise` and strength 1, `seed`, then the columns of `finetune`. Written by
    the module `finetuning_tabulate` beside this one, run with `python -m`.
    """
    return pd.read_csv(FINETUNING)
