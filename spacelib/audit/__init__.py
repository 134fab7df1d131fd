"""An evaluation log in, its figures out: as numbers, text, JSON and one self-contained page. Features in, dimensions out.

`audit` is the front door: all five rooms of one or more logs. `measure`, `paired_tests`, `holm`, `information_beyond`
and `resolution` are what it is made of.

Beside these, certificates of a log's risk and what they are worth elsewhere: `log_certificate`, `to_mix`,
`to_benchmark`.
"""

from .baseline import Baseline, information_beyond
from .budgets import FrameBudgets, Gain, frames_of_logs
from .certificates import LogCertificate, RiskBounds, log_certificate, pooled
from .features import FeatureReport, features_to_dict, features_to_text, measure_features
from .figures import AnswerEntropy, Certificate, Ceiling, ExactCertificate, Figures, measure
from .mixes import Mixed
from .naive import Misses, naive_misses
from .pairs import PairedTest, holm, paired_tests
from .report import Report, Row, audit
from .report_html import to_html, write_html
from .report_json import to_dict
from .report_text import to_text
from .resolution import Resolution, resolution
from .sheets import Sheet, sheets
from .tradeoff import Tradeoff
from .transfer_tables import (
    naive_misses_table,
    spatialrgpt_mixes,
    spatialrgpt_transfers,
    vlm4d_paired_table,
    vlm4d_pairs,
    vlm4d_transfers,
)
from .transfers import BenchmarkTransfer, MixTransfer, to_benchmark, to_mix

__all__ = [
    "Baseline",
    "Mixed",
    "PairedTest",
    "Resolution",
    "Sheet",
    "Tradeoff",
    "holm",
    "information_beyond",
    "paired_tests",
    "resolution",
    "sheets",
    "AnswerEntropy",
    "BenchmarkTransfer",
    "Ceiling",
    "Certificate",
    "ExactCertificate",
    "FeatureReport",
    "Figures",
    "FrameBudgets",
    "Gain",
    "LogCertificate",
    "Misses",
    "MixTransfer",
    "Report",
    "RiskBounds",
    "Row",
    "audit",
    "features_to_dict",
    "features_to_text",
    "frames_of_logs",
    "log_certificate",
    "measure",
    "measure_features",
    "naive_misses",
    "naive_misses_table",
    "pooled",
    "spatialrgpt_mixes",
    "spatialrgpt_transfers",
    "to_benchmark",
    "to_dict",
    "to_html",
    "to_mix",
    "to_text",
    "vlm4d_paired_table",
    "vlm4d_pairs",
    "vlm4d_transfers",
    "write_html",
]
