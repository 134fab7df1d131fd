"""Every theorem of the registry: checked, satisfiable, each ablation real; the trusted base; and a broken step that turns everything red."""

import ast
import dataclasses
import functools
import random
import sys
from pathlib import Path

import pytest
from verdicts import judged, theorem, x, y

from spacelib import cli, proofs
from spacelib.proofs import ledger
from spacelib.proofs.kernel import Combination, Model, Sign, Step, Undefined, eq, le, lt, satisfies, truth
from spacelib.proofs.kernel.check import REASONS

KERNEL = Path(sys.modules["spacelib.proofs.kernel"].__file__).parent
NAMES = list(proofs.THEOREMS)
ABLATIONS = [(name, hypothesis) for name, one in proofs.THEOREMS.items() for hypothesis in one.ablations]
MOST_LINES = 1000  # of checkers and rules, to be read in one sitting


@pytest.mark.parametrize("name", NAMES)  # all of them: what a theorem rests on is checked under its own name
def test_a_theorem_checks(name):
    result = proofs.check(proofs.THEOREMS[name])
    assert result.problems == () and [s.message for s in result.steps if not s.ok] == []


def test_every_theorem_names_its_source():
    """An author with a year, a classical name, "elementary", or what of this ledger it follows from."""
    for one in proofs.THEOREMS.values():
        assert one.source.strip() and one.source[0] not in "?(", one.name
    dated = [one for one in proofs.THEOREMS.values() if any(f" {century}" in one.source for century in (18, 19, 20))]
    assert len(dated) > len(NAMES) / 3


@pytest.mark.parametrize(
    "name, base",
    [
        ("ceiling", "binary_data_processing"),
        ("shifted_risk", "binary_data_processing"),
        ("every_posterior", "donsker_varadhan"),
        ("kl_certificate", "donsker_varadhan"),
    ],
)
def test_what_carries_the_results(name, base):
    """The divergence, by one of two inequalities; both on the tangent of the logarithm."""
    assert base in proofs.ancestors(name) and "log_tangent" in proofs.ancestors(base)


def test_the_tradeoff_goes_another_way():
    """Bias and variance are algebra: no divergence stands under the gap of the risks."""
    assert not {"log_tangent", "binary_data_processing", "donsker_varadhan"} & set(proofs.ancestors("gap_identity"))


@pytest.mark.parametrize("name", NAMES)
def test_the_hypotheses_can_be_met_together(name):
    one, rng = proofs.THEOREMS[name], random.Random(name)
    met = [model for model in (one.witness(rng) for _ in range(40)) if satisfies(one, model)]
    assert met
    for model in met:
        assert truth(one.statement, model) is not False


@pytest.mark.parametrize("name, hypothesis", ABLATIONS)
def test_an_ablation_breaks_one_hypothesis_and_the_statement_with_it(name, hypothesis):
    one = proofs.THEOREMS[name]
    model = one.ablations[hypothesis]
    own = next(h for h in one.hypotheses if h.name == hypothesis)
    assert truth(own.claim, model) is False
    try:
        others = satisfies(one, model, without=hypothesis)
        stands = truth(one.statement, model)
    except Undefined:  # without it another hypothesis or the statement means nothing
        return
    assert others and stands is False


@pytest.mark.parametrize("name", [name for name, one in proofs.THEOREMS.items() if one.equality])
def test_an_equality_case_is_one(name):
    one, rng = proofs.THEOREMS[name], random.Random(name)
    for _ in range(5):
        model = one.equality(rng)
        assert satisfies(one, model)
        assert truth(lt(one.statement.lhs, one.statement.rhs), model) is not True


def test_contradicting_hypotheses_have_no_witness_and_are_reported(registry):
    contradiction = theorem(le(x, 0), Step("s", le(x, 0), Combination(((1, "h1"), (1, "h2")))), assume=[lt(0, x), lt(x, y), lt(y, 0)], name="contradiction",
                            witness=lambda rng: Model({"x": rng.randint(-3, 3), "y": rng.randint(-3, 3)}))
    assert judged(contradiction) == ""  # everything follows from them
    registry(contradiction)
    assert any("contradict" in problem for problem in ledger.trials(contradiction))


def test_every_reason_is_the_kernels_and_none_is_a_citation():
    for one in proofs.THEOREMS.values():
        assert one.steps
        for step in one.steps:
            assert type(step.reason) in REASONS and step.reason.name != "cited"
        assert all(NAMES.index(used) < NAMES.index(one.name) for used in one.uses)
    assert all(row["cited"] == [] for row in proofs.report("log_tangent")["theorems"])


def test_the_trusted_base_is_complete_and_small():
    listed = {row["module"].rsplit(".", 1)[1]: row for row in proofs.trusted()}
    for name, row in listed.items():
        assert row["lines"] == len((KERNEL / f"{name}.py").read_text(encoding="utf-8").splitlines())
    assert sum(row["lines"] for row in listed.values() if row["part"] == "checkers and rules") <= MOST_LINES
    # nothing that a trusted module imports from the kernel is left out of the list
    for name in listed:
        assert imported(KERNEL / f"{name}.py")[0] <= set(listed), name


def imported(path: Path) -> tuple[set[str], set[str]]:
    """Kernel modules and absolute top-level names that a module imports; anything else of the package is an error."""
    own, absolute = set(), set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            absolute |= {a.name.split(".")[0] for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            absolute.add(node.module.split(".")[0])
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 1, f"{path.name} imports from outside the kernel"
            own.add(node.module)
    return own, absolute


@pytest.mark.parametrize("path", sorted(KERNEL.glob("*.py")), ids=lambda path: path.stem)
def test_the_kernel_imports_itself_the_standard_library_sympy_and_flint(path):
    assert imported(path)[1] <= {"sympy", "flint"} | set(sys.stdlib_module_names)


# one step broken, in a copy of the registry

BROKEN = {
    "false claim": lambda s: dataclasses.replace(s, claim=lt(s.claim.lhs, s.claim.lhs)),
    "wrong reason": lambda s: dataclasses.replace(s, reason=Sign()),
    "assumption lost": lambda s: dataclasses.replace(s, given=()),
    "other claim": lambda s: dataclasses.replace(s, claim=eq(s.claim.lhs, s.claim.rhs)),
}


@pytest.fixture
def registry(monkeypatch):
    """Put theorems into a copy of the registry, with nothing remembered of the real one; that one's memory comes back after."""
    copy = dict(proofs.THEOREMS)
    monkeypatch.setattr(ledger, "THEOREMS", copy)
    for name, function in list(vars(ledger).items()):
        if hasattr(function, "cache_clear"):
            monkeypatch.setattr(ledger, name, functools.cache(function.__wrapped__))
    return lambda one: copy.update({one.name: one})


@pytest.mark.parametrize("how, name, label", [
    ("false claim", "log_tangent", "tangent"), ("wrong reason", "log_tangent", "tangent"), ("false claim", "log_tangent_gap", "doubled"), ("other claim", "log_tangent_gap", "at the root"), ("assumption lost", "relative_gap", "at zero")])
def test_one_broken_step_turns_the_report_and_the_command_red(how, name, label, registry, capsys):
    one = proofs.THEOREMS[name]
    steps = tuple(BROKEN[how](s) if s.label == label else s for s in one.steps)
    assert steps != one.steps
    registry(dataclasses.replace(one, steps=steps))
    data = proofs.report(name)
    row = next(s for t in data["theorems"] if t["name"] == name for s in t["steps"] if s["label"] == label)
    assert data["ok"] is False and row["ok"] is False and f"step {label!r}" in row["message"]
    assert next(t for t in data["theorems"] if t["name"] == name)["evidence"] == "refused"
    assert cli.main(["prove", name]) == 1
    out = capsys.readouterr().out
    assert row["message"] in out and out.rstrip().endswith("NOT all checked")


def test_a_theorem_on_a_refused_one_is_refused(registry):
    one = proofs.THEOREMS["log_tangent"]
    registry(dataclasses.replace(one, steps=(dataclasses.replace(one.steps[0], reason=Sign()),)))
    assert ledger.evidence("log_tangent_gap") == "refused"
    assert proofs.report("log_tangent_gap")["ok"] is False


def test_the_unbroken_registry_is_green(capsys):
    assert proofs.evidence("log_tangent_gap") == "checked"
    assert proofs.report("log_tangent_gap")["ok"] is True
    assert cli.main(["prove", "log_tangent_gap"]) == 0
    assert capsys.readouterr().out.rstrip().endswith(": all checked")


def test_the_printed_ledger_names_every_step_and_how_it_was_checked():
    report = proofs.report("log_tangent_gap")
    text = proofs.render(report)
    steps = [step for theorem in report["theorems"] for step in theorem["steps"]]
    assert len(steps) > 1
    for step in steps:
        assert f"ok {step['label']}: {step['reason']};" in text
