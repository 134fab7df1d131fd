"""An evaluation log in, its figures out: as numbers, text, JSON and one self-contained page. Features in, their dimensions out."""

from .budgets import FrameBudgets, Gain, frames_of_logs
from .features import FeatureReport, features_to_dict, features_to_text, measure_features
from .figures import AnswerEntropy, Certificate, Ceiling, ExactCertificate, Figures, measure
from .report import Report, Row, audit
from .report_html import to_html, write_html
from .report_json import to_dict
from .report_text import to_text

__all__ = [
    "AnswerEntropy",
    "Ceiling",
    "Certificate",
    "ExactCertificate",
    "FeatureReport",
    "Figures",
    "FrameBudgets",
    "Gain",
    "Report",
    "Row",
    "audit",
    "features_to_dict",
    "features_to_text",
    "frames_of_logs",
    "measure",
    "measure_features",
    "to_dict",
    "to_html",
    "to_text",
    "write_html",
]
