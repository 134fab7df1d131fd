"""A second opinion on every step of every proof: in random models of what it assumes, no step is certainly false or meaningless."""

import random

import pytest

from spacelib import proofs
from spacelib.proofs.kernel import Undefined, truth
from spacelib.proofs.kernel.evaluate import Undecided
from spacelib.proofs.kernel.mutants import Pool, models

LEAST = 20


def random_models(pools: list[Pool], step) -> list:
    """At least LEAST models, from as many pools as that takes; some assumptions are rarely met by chance."""
    found: list = []
    for stream in range(40):
        if stream == len(pools):
            pools.append(Pool(pools[0].theorem, f"/{stream}"))
        found += models(step, pools[stream], random.Random(f"{step.label}/{stream}"), LEAST - len(found))
        if len(found) >= LEAST:
            break
    return found


@pytest.mark.oracle
@pytest.mark.parametrize("name", list(proofs.THEOREMS))
def test_no_step_is_false_in_a_model_of_what_it_assumes(name):
    theorem = proofs.THEOREMS[name]
    pools = [Pool(theorem, "/second opinion")]
    for step in theorem.steps:
        found = random_models(pools, step)
        assert len(found) >= LEAST, step.label
        for model in found:
            try:
                assert truth(step.claim, model, given=step.given) is not False, (step.label, model)
            except Undecided:
                pass
            except Undefined as error:
                pytest.fail(f"{step.label}: {error} in {model}")
