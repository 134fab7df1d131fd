"""Imports run one way, read from the source of every module: nothing is executed."""

import ast
import sys
from pathlib import Path

import pytest

import spacelib

ROOT = Path(spacelib.__file__).parent

# Each may import what stands to its right.
LAYERS = ("cli", "audit", "models", "scenes", "benchmarks", "estimators", "bounds")
# Modules beside the layers, and the parts of the package that they may import.
BESIDE = {
    "__init__": {"models"},  # select_frames, when it is asked for
    "__main__": {"cli"},
    "claims": {"proofs", "bounds", "__init__"},
    "ledger": set(),
    "proofs": set(),
}
CLI_ALSO = {"proofs", "claims", "__init__"}
PROOFS_THIRD_PARTY = {"sympy", "flint"}


def modules() -> dict[str, Path]:
    """Dotted name of every module of the package, to its file."""
    return {
        ".".join((spacelib.__name__, *path.relative_to(ROOT).with_suffix("").parts)): path for path in sorted(ROOT.rglob("*.py"))
    }


def imports(name: str, source: str) -> set[str]:
    """Absolute dotted names that a module imports, anywhere in it, relative ones resolved, names of `from` appended."""
    found = set()
    package = name.split(".")[:-1]  # a package's own module is named ...__init__ here
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            found.update(f"{stem}.{alias.name}" for alias in node.names)
    return found


def part(dotted: str) -> str:
    """The room of a dotted name inside the package: "bounds" of spacelib.bounds.kl; "__init__" of spacelib.__version__."""
    second = dotted.split(".")[1]
    return second if second in {*LAYERS, *BESIDE} or (ROOT / second).exists() or (ROOT / f"{second}.py").exists() else "__init__"


def allowed(room: str) -> set[str]:
    """The parts of the package that a room may import."""
    if room in LAYERS:
        return {room, "__init__", *LAYERS[LAYERS.index(room) + 1 :], *(CLI_ALSO if room == "cli" else ())}
    return {room, *BESIDE[room]}


def violations(name: str, source: str) -> list[str]:
    """What a module imports against the order, one line each."""
    room = name.split(".")[1]
    if room not in LAYERS and room not in BESIDE:
        return [f"{name}: {room} has no place in the order of imports"]
    found = []
    for target in sorted(imports(name, source)):
        top = target.split(".")[0]
        if top == spacelib.__name__:
            if part(target) not in allowed(room):
                found.append(f"{name} imports {target}")
        elif room == "proofs" and top not in PROOFS_THIRD_PARTY and top not in sys.stdlib_module_names:
            found.append(f"{name} imports {target}")
    return found


def test_every_module_keeps_the_order():
    assert len(modules()) > 20
    broken = [line for name, path in modules().items() for line in violations(name, path.read_text(encoding="utf-8"))]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("spacelib.bounds.capacity", "from spacelib.estimators import accuracy"),
        ("spacelib.bounds.capacity", "from ..estimators.cluster import accuracy"),
        ("spacelib.bounds.capacity", "from .. import estimators"),
        ("spacelib.bounds.capacity", "def f():\n    import spacelib.audit"),
        ("spacelib.estimators.__init__", "from ..benchmarks import records"),
        ("spacelib.audit.figures", "from spacelib import proofs"),
        ("spacelib.audit.figures", "from spacelib import claims"),
        ("spacelib.proofs.kernel.terms", "import torch"),
        ("spacelib.proofs.kernel.terms", "from ...bounds import kl"),
        ("spacelib.stray", "import math"),
    ],
)
def test_a_forbidden_import_is_seen(name, source):
    assert violations(name, source)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("spacelib.cli", "from . import __version__, proofs, claims\nfrom .audit import report"),
        ("spacelib.audit.figures", "from spacelib.bounds import kl\nfrom spacelib import __version__\nimport numpy"),
        ("spacelib.proofs.kernel.terms", "import sympy, flint, dataclasses\nfrom .. import words"),
        ("spacelib.bounds.capacity", "from spacelib.bounds.binary_kl import kl\nimport torch"),
    ],
)
def test_an_allowed_import_passes(name, source):
    assert not violations(name, source)
