"""The proof kernel: terms, obligations, reasons, and the check that can say no."""

from .check import Outcome, Result, check, check_step
from .checkers import BallBox, Cases, Combination, Identity, Limit, Monotone, Polynomial, Sign
from .evaluate import Model, Undefined, evaluate, truth
from .instances import Instance
from .models import satisfies
from .rules import Again, Expectation, Jensen, Least, Lemma, Member, Null, Root
from .terms import (Claim, Family, Space, Term, conditions, delta, dominated, eq, exp, integral, larger, le, ln, lt, maximum,
                    named, relative, sqrt, substitute, supremum, term, unfold, var)
from .theorem import Hypothesis, Refused, Step, Theorem

__all__ = [
    "Again", "BallBox", "Cases", "Claim", "Combination", "Expectation", "Family", "Hypothesis", "Identity", "Instance", "Jensen",
    "Least", "Lemma", "Limit", "Member", "Model", "Monotone", "Null", "Outcome", "Polynomial", "Refused", "Result", "Root",
    "Sign", "Space", "Step", "Term", "Theorem", "Undefined", "check", "check_step", "conditions", "delta", "dominated", "eq",
    "evaluate", "exp", "integral", "larger", "le", "ln", "lt", "maximum", "named", "relative", "satisfies", "sqrt", "substitute",
    "supremum", "term", "truth", "unfold", "var",
]
