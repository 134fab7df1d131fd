"""SpaCE, executable: machine-checked theorems, bounds, estimators and audits for multi-frame spatial reasoning."""

__version__ = "0.1.0"
