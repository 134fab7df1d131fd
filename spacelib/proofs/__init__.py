"""Statements and proofs. `THEOREMS` in order of proof; `check`, `report`, `show`, `latex` for readers and for CI."""

from .latex import latex
from .ledger import ablations_of, ancestors, assumptions, check, evidence, mutants_of, render, report, show, trusted
from .registry import THEOREMS

__all__ = ["THEOREMS", "ablations_of", "ancestors", "assumptions", "check", "evidence", "latex", "mutants_of", "render", "report", "show", "trusted"]
