"""A second opinion on every step of every proof: in random models of what it assumes, no step is certainly false or meaningless."""

import random

import pytest

from spacelib import proofs
from spacelib.proofs.kernel import Undefined, truth
from spacelib.proofs.kernel.evaluate import Undecided
from spacelib.proofs.kernel.mutants import models

LEAST = 20


def random_models(theorem, step) -> list:
    """At least LEAST models, from as many streams as that takes; some assumptions are rarely met by chance."""
    found: list = []
    for stream in range(40):
        found += models(step, theorem, random.Random(f"{theorem.name}/{step.label}/{stream}"), LEAST - len(found))
        if len(found) >= LEAST:
            break
    return found


@pytest.mark.oracle
@pytest.mark.parametrize("name", list(proofs.THEOREMS))
def test_no_step_is_false_in_a_model_of_what_it_assumes(name):
    theorem = proofs.THEOREMS[name]
    for step in theorem.steps:
        found = random_models(theorem, step)
        assert len(found) >= LEAST, step.label
        for model in found:
            try:
                assert truth(step.claim, model, given=step.given) is not False, (step.label, model)
            except Undecided:
                pass
            except Undefined as error:
                pytest.fail(f"{step.label}: {error} in {model}")
