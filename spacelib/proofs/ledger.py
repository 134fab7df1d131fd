"""The ledger: what was checked, on what it rests, which wrong versions were refused."""

from __future__ import annotations

import multiprocessing
import os
import random
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from . import kernel
from .kernel import Claim, Result, Theorem, satisfies
from .kernel import check as _check
from .kernel.ablations import Ablation, ablations
from .kernel.mutants import Mutant, mutants
from .latex import latex
from .registry import THEOREMS, TOGETHER
from .vocabulary import VOCABULARY

# What must be right for "checked" to mean anything, smallest part of the package that decides; the rest may only fail to persuade it.
REASONS = ("checkers", "rules", "instances", "calculus", "check", "theorem")
LANGUAGE = ("terms", "obligations", "polynomials", "normal", "context", "linear", "evaluate")
UNRESOLVED_SHARE = 0.1
LEAST_FALSIFIED = {"quantitative": 5, "construction": 2, "order": 1}  # mutants of a statement, by kind of theorem


def trusted() -> list[dict]:
    """The trusted base: module, lines, and whether it decides steps or carries the language they are written in."""
    folder = Path(kernel.__file__).parent
    return [{"module": f"spacelib.proofs.kernel.{name}", "lines": len((folder / f"{name}.py").read_text(encoding="utf-8").splitlines()), "part": part}
            for part, names in (("checkers and rules", REASONS), ("language and normal form", LANGUAGE)) for name in names]


def proved_before(theorem: Theorem) -> dict[str, Theorem]:
    names = list(THEOREMS)
    return {n: THEOREMS[n] for n in names[:names.index(theorem.name)]}


@cache
def _result(name: str) -> Result:
    return _check(THEOREMS[name], proved_before(THEOREMS[name]))


def check(theorem: Theorem) -> Result:
    """Check one theorem of the registry against those before it (each of which is checked on its own)."""
    return _result(theorem.name)


@cache
def mutants_of(name: str) -> tuple[Mutant, ...]:
    """The mutants of every step of a theorem that checks; none for one that does not."""
    if not _result(name).ok:
        return ()
    return tuple(mutants(THEOREMS[name], proved_before(THEOREMS[name]), VOCABULARY))


def ancestors(name: str) -> tuple[str, ...]:
    """The theorems that one rests on, in order of proof, itself last."""
    found, todo = set(), [name]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += THEOREMS[one].uses
    return tuple(n for n in THEOREMS if n in found)


def evidence(name: str) -> str:
    """"checked" if every step of the theorem and of all its ancestors is accepted, else "refused"."""
    return "checked" if all(_result(n).ok for n in ancestors(name)) else "refused"


@cache
def ablations_of(name: str) -> tuple[Ablation, ...]:
    """What becomes of a theorem without each of its hypotheses."""
    return ablations(THEOREMS[name])


def trials(theorem: Theorem) -> list[str]:
    """What is wrong with a theorem's witness, ablations, equality case or mutants; empty if nothing is."""
    found = []
    rng = random.Random(theorem.name)
    if not any(satisfies(theorem, theorem.witness(rng)) for _ in range(40)):
        found.append("no witness meets all hypotheses: they may contradict each other")
    found += [f"without {a.hypothesis!r} the statement stands in the model that is to show its need" for a in ablations_of(theorem.name)
              if a.outcome == "not found" and a.hypothesis in theorem.ablations]
    counted = mutants_of(theorem.name)
    found += [f"step {m.step!r}: a falsified mutant was accepted ({m.kind}: {latex(m.claim)})" for m in counted if m.outcome == "accepted"]
    last = [m for m in counted if m.step == theorem.steps[-1].label]
    least = LEAST_FALSIFIED[theorem.kind]
    if _result(theorem.name).ok and sum(m.outcome == "refused" for m in last) < least:
        found.append(f"fewer than {least} falsified mutants of the statement")
    if theorem.equality and not any(m.kind.startswith("sharpened") and m.outcome == "refused" for m in last):
        found.append("the equality case does not falsify the sharpened statement")
    return found


def _step_rows(theorem: Theorem) -> list[dict]:
    rows = []
    for outcome, step in zip(_result(theorem.name).steps, theorem.steps):
        own = [m.outcome for m in mutants_of(theorem.name) if m.step == step.label]
        rows.append({"label": step.label, "reason": outcome.reason, "ok": outcome.ok, "message": outcome.message, "mutants": len(own),
                     "falsified": own.count("refused") + own.count("accepted"), "refused": own.count("refused"), "weaker": own.count("weaker"),
                     "unresolved": own.count("unresolved"), "seconds": round(outcome.seconds, 4)})
    return rows


def _entry(name: str) -> dict:
    """What the ledger says of one theorem, whatever becomes of those that it rests on."""
    t = THEOREMS[name]
    return {"name": name, "title": t.title, "room": t.room, "evidence": "checked" if _result(name).ok else "refused", "uses": list(t.uses), "cited": [],
            "hypotheses": [h.name for h in t.hypotheses], "ablations": {a.hypothesis: a.outcome for a in ablations_of(name)}, "steps": _step_rows(t),
            "problems": list(_result(name).problems) + trials(t)}


def _entries(names: list[str], workers: int | None) -> Iterator[dict]:
    """The entries in order, on several processes if asked for: each theorem is checked and attacked on its own."""
    if workers is None:
        workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if workers == 1:
        yield from map(_entry, names)
        return
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(_entry, names)


def report(name: str | None = None, progress: Callable[[list[str]], Iterable[str]] = iter, workers: int | None = 1) -> dict:
    """The ledger as data: one theorem after its ancestors, or all of them; `progress` may wrap the names as they are taken.

    `workers` processes share the work (None: one a processor). They import the main module: a script that asks for more than
    one must guard its own work by `if __name__ == "__main__"`.
    """
    if name is not None and name not in THEOREMS:
        raise ValueError(f"theorem {name!r}: not one of {', '.join(THEOREMS)}")
    names = list(THEOREMS if name is None else ancestors(name))
    theorems = [entry for _, entry in zip(progress(names), _entries(names, workers))]
    refused = {t["name"] for t in theorems if t["evidence"] == "refused"}
    for t in theorems:  # what rests on something refused is not checked either
        t["evidence"] = "refused" if refused & set(ancestors(t["name"])) else "checked"
    steps = [s for t in theorems for s in t["steps"]]
    total = sum(s["mutants"] for s in steps)
    unresolved = sum(s["unresolved"] for s in steps)
    ok = all(s["ok"] for s in steps) and not any(t["problems"] for t in theorems) and (name is not None or unresolved <= UNRESOLVED_SHARE * total)
    return {"theorems": theorems, "trusted": trusted(), "ok": ok}


def render(data: dict) -> str:
    """The ledger as text: each theorem with its steps and what failed, the trusted base, the verdict last."""
    lines = []
    for t in data["theorems"]:
        s = t["steps"]
        counts = {k: sum(x[k] for x in s) for k in ("mutants", "falsified", "refused", "weaker", "unresolved")}
        lines.append(f"{t['evidence']:<8} {t['room']}/{t['name']}: {len(s)} steps; {counts['mutants']} mutants, {counts['falsified']} falsified, "
                     f"{counts['refused']} refused, {counts['weaker']} weaker, {counts['unresolved']} unresolved")
        for x in s:
            lines.append(f"         {'ok' if x['ok'] else 'NO'} {x['label']}: {x['reason']}; {x['refused']} of {x['falsified']} falsified mutants refused")
            lines += [] if x["ok"] else [f"            {x['message']}"]
        lines += [f"         {p}" for p in t["problems"]]
    lines.append("")
    for part in dict.fromkeys(m["part"] for m in data["trusted"]):
        own = [m for m in data["trusted"] if m["part"] == part]
        lines.append(f"trusted, {part} ({sum(m['lines'] for m in own)} lines): " + ", ".join(f"{m['module'].rsplit('.', 1)[1]} {m['lines']}" for m in own))
    steps = [x for t in data["theorems"] for x in t["steps"]]
    good = sum(x["ok"] for x in steps)
    wrong = sum(x["falsified"] - x["refused"] for x in steps)
    tried = [a for t in data["theorems"] for a in t["ablations"].values()]
    lines.append(f"hypotheses: {len(tried)} left out one at a time, {tried.count('false')} times the statement fails, {tried.count('meaningless')} times it means nothing, "
                 f"{tried.count('not found')} times no model was found")
    lines.append(f"{len(data['theorems'])} theorems, {good} of {len(steps)} steps checked, {wrong} falsified mutants accepted: {'all checked' if data['ok'] else 'NOT all checked'}")
    return "\n".join(lines)


VERSIONS = "densities are chosen so that they vanish with others"


def assumptions(name: str) -> list[tuple[str, tuple[Claim, ...]]]:
    """A theorem's hypotheses for a reader: (words, claims), those that are said together as one; the choices of densities stand last."""
    hypotheses = THEOREMS[name].hypotheses
    said = {h: (words, tuple(g.claim for g in group)) for words, group in TOGETHER if set(group) <= set(hypotheses) for h in group}
    versions = [h for h in hypotheses if h.structural and h.claim.rel == "<<" and h not in said]
    last = [(VERSIONS, tuple(h.claim for h in versions))] if len(versions) > 1 else []
    return [*dict.fromkeys(said.get(h, (h.name, (h.claim,))) for h in hypotheses if not last or h not in versions), *last]


def show(name: str) -> None:
    """Print a theorem's hypotheses and steps with what the kernel says of each, for a reader of a chapter."""
    t = THEOREMS[name]
    print(f"{t.title} ({name})")
    for words, claims in assumptions(name):
        print(f"  assume  {words}{f' ({len(claims)} times)' if words == VERSIONS else ''}")
    width = max(len(s.label) for s in t.steps)
    for s, outcome in zip(t.steps, _result(name).steps):
        on = f"  <- {s.reason.theorem}" if getattr(s.reason, "theorem", None) else ""
        print(f"  {'ok' if outcome.ok else 'NO':<3} {s.label:<{width}}  {s.reason.name}{on}")
    print(f"  {evidence(name)}")
