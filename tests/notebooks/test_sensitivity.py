"""The verdict cells notice a wrong bound: each bound off by one part in a hundred, each estimator by one in ten.

The cases are read from the pages: every function of `bounds` and `estimators` that a page's cells call, on that page.
A page runs once. At the first call of each function the process forks, and the copy goes on with the function scaled:
what comes before that call is the same with and without it.
"""

import contextlib
import dataclasses
import functools
import gc
import inspect
import io
import numbers
import os
import re
import sys
import traceback
import warnings
from itertools import zip_longest

import numpy as np
import pytest
import torch

nbformat = pytest.importorskip("nbformat")
plt = pytest.importorskip("matplotlib.pyplot")
pytest.importorskip("jupytext")
import notebooks  # noqa: E402

from spacelib import bounds, estimators, proofs  # noqa: E402

PAGES = ("data_processing", *sorted(path.stem for path in notebooks.CHAPTERS.glob("capacity*.ipynb")), *sorted(path.stem for path in notebooks.CHAPTERS.glob("frames*.ipynb")), *sorted(path.stem for path in notebooks.CHAPTERS.glob("samples*.ipynb")), *sorted(path.stem for path in notebooks.CHAPTERS.glob("transfer*.ipynb")), *sorted(path.stem for path in notebooks.CHAPTERS.glob("tradeoff*.ipynb")))
FACTORS = {"bounds": 1.01, "estimators": 1.1}
GREEN, RED, ERROR = range(3)  # how a copy of the process ends
ENDS = {GREEN: "green", RED: "red"}
MEASURED = {"accuracy", "entropy", "mutual_information", "relabelling_gain"}  # what `audit.measure` estimates
TABLES = {"continuous_table", "coverage_table", "critic_table", "dimension_table", "estimator_table", "speed_table"}  # recorded figures, not estimates

# Public functions that no page calls, and why none has to.
ELSEWHERE = {
    "decoder_accuracy": "stands inside `estimators.falsify`, on capacity_falsifier",
    "interval_blind": "the counts of SpatialRGPT-Bench were made with it: their best constants are on capacity_models",
    "mean_relative_blind": "for the right answers of a sample; capacity_metric shows the known law's",
    "nsb_posterior": "stands inside the method `nsb` of `information_from_counts`, on capacity_models",
    "permutation_p_value": "a test of independence; no page asks for one",
    "decoders": "stands inside `falsify`",
    "linear_accuracy": "stands inside `falsify_linear`",
    "known_ceilings": "stands inside `falsify`",
    "chosen_information": "stands inside `mutual_information`, for real numbers",
    "discrete_information": "stands inside `mutual_information`, for codes",
    "critic_information": "measured in `critic_table`: a trained network's last digits differ between machines",
    "critic_subset_information": "as `critic_information`",
    "latent_information": "as `critic_information`",
    "attention_effective_rank": "of trained networks: measured in `architecture_table`",
    "composed_lipschitz": "stands inside `Implicit.lipschitz`, measured in `architecture_table`",
    "spectral_norm": "as `composed_lipschitz`",
    "covariance_effective_rank": "stands inside `dimensions`, on samples_dimension",
    "covariance_participation_ratio": "as `covariance_effective_rank`",
    "covariance_ridge_dimension": "as `covariance_effective_rank`",
    "covering_dimension": "as `covariance_effective_rank`",
    "gride": "as `covariance_effective_rank`",
    "nearest_neighbour_mle": "as `covariance_effective_rank`",
    "two_nn": "as `covariance_effective_rank`",
}


def cells(page: str):
    stored = nbformat.read(notebooks.CHAPTERS / f"{page}.ipynb", as_version=4)
    return [cell for cell in stored.cells if cell.cell_type == "code"]


def is_verdict(cell) -> bool:
    return "nbval-check-output" in cell.metadata.get("tags", [])


def called(page: str, module: str) -> set[str]:
    """The functions of a module of the library that the cells of a page name."""
    source = "\n".join(cell.source for cell in cells(page))
    names = set(re.findall(rf"\b{module}\.(\w+)", source))
    for line in re.findall(rf"from spacelib\.{module} import (.+)", source):
        names |= set(line.split(", "))
    if module == "estimators" and re.search(r"\bmeasure\(", source):
        names |= MEASURED
    library = sys.modules[f"spacelib.{module}"]
    return {name for name in names if inspect.isfunction(getattr(library, name, None))} - TABLES


def scaled(function, factor):
    """The function with every number that it returns multiplied, in the same containers."""

    def times(result):
        if dataclasses.is_dataclass(result):
            values = {field.name: getattr(result, field.name) for field in dataclasses.fields(result)}
            return dataclasses.replace(result, **{k: times(v) for k, v in values.items() if k != "samples"})
        if isinstance(result, dict):
            return {key: times(value) for key, value in result.items()}
        if isinstance(result, tuple):
            parts = [times(part) for part in result]
            return type(result)(*parts) if hasattr(result, "_fields") else tuple(parts)
        is_number = isinstance(result, (numbers.Real, np.ndarray, torch.Tensor))
        return result * factor if is_number else result

    return lambda *arguments, **options: times(function(*arguments, **options))


def replace_everywhere(monkeypatch, function, wrong):
    """Put `wrong` in the place of a function in every module of the library that holds it by name."""
    for module in [m for name, m in sys.modules.items() if name.split(".")[0] == "spacelib"]:
        for name, value in list(vars(module).items()):
            if value is function:
                monkeypatch.setattr(module, name, wrong)


def verdicts(page: str):
    """The compared text of a page's cells, one after another, run anew in this process; an error's message ends it."""
    scope = {}
    for cell in cells(page):
        code = re.sub(r"^%.*$", "", cell.source, flags=re.MULTILINE)
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(out), warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # as the notebook's kernel does
                exec(compile(code, f"{page}.ipynb", "exec"), scope)
        except (AssertionError, ValueError) as error:
            yield repr(error)
            return
        finally:
            plt.close("all")
        if is_verdict(cell):
            yield out.getvalue()


def stored_verdicts(page: str) -> list[str]:
    return ["".join(output.get("text", "") for output in cell.outputs) for cell in cells(page) if is_verdict(cell)]


def forked(name, function, factor, outcomes):
    """The function, which at its first call leaves in `outcomes` what becomes of its page when it is scaled."""
    home, wrong, copies = os.getpid(), scaled(function, factor), set()

    @functools.wraps(function)
    def watched(*arguments, **options):
        if os.getpid() == home and name not in outcomes:
            outcomes[name] = "running"
            copy = os.fork()
            if copy:
                outcomes[name] = ENDS.get(os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]), "an error")
            else:
                gc.freeze()  # what was there before the fork is not collected: that would copy all of it
                copies.add(os.getpid())
        return (wrong if os.getpid() in copies else function)(*arguments, **options)

    return watched


def check_proofs(page: str) -> None:
    """Check what the page proves, once for all copies of the process: the ledger remembers it."""
    for name in sorted(set(re.findall(r"\w+", "".join(cell.source for cell in cells(page)))) & set(proofs.THEOREMS)):
        proofs.evidence(name)


def run_page(page: str, functions: dict) -> tuple[list[str], dict[str, str]]:
    """The verdicts of a page, and what they become if one of its functions (by name, with a factor) is scaled.

    The cells after the first verdict that differs from the stored one are not run in a copy of the process.
    """
    home, seen, outcomes = os.getpid(), [], {}
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name, (function, factor) in functions.items():
                replace_everywhere(patch, function, forked(name, function, factor, outcomes))
            for now, then in zip_longest(verdicts(page), stored_verdicts(page)):
                seen.append(now)
                if os.getpid() != home and now != then:
                    os._exit(RED)
        if os.getpid() != home:
            os._exit(GREEN)
    except BaseException:
        if os.getpid() == home:
            raise
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(ERROR)
    return seen, outcomes


def shown_before(page: str, module: str) -> set[str]:
    """Of the pages that take their time a later one need not repeat what an earlier page of the book holds."""
    earlier = PAGES[: PAGES.index(page)] if page.startswith(("frames_", "samples_", "transfer_", "tradeoff_")) else ()
    return set().union(*(called(other, module) for other in earlier))


def scaled_on(page: str) -> dict:
    """The functions that are scaled on a page, by name, with their factors."""
    return {name: (getattr(sys.modules[f"spacelib.{module}"], name), factor) for module, factor in FACTORS.items()
            for name in sorted(called(page, module) - shown_before(page, module))}


# A copy has the one thread that made it. The CPU needs no other; gradients beside a CUDA device do.
@pytest.mark.skipif(torch.cuda.is_available(), reason="torch sees a CUDA device; CUDA_VISIBLE_DEVICES= runs it")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_as_stored_and_every_scaled_function_turns_it_red(page):
    check_proofs(page)
    functions = scaled_on(page)
    seen, outcomes = run_page(page, functions)
    assert seen == stored_verdicts(page)
    assert outcomes == dict.fromkeys(functions, "red")


def test_every_bound_and_estimator_is_on_a_page():
    missing = set()
    for module in FACTORS:
        library = sys.modules[f"spacelib.{module}"]
        functions = {name for name in library.__all__ if inspect.isfunction(getattr(library, name))} - TABLES
        missing |= functions.difference(*(called(page, module) for page in PAGES))
    assert missing == set(ELSEWHERE)


def test_scaling_keeps_the_form_of_a_result():
    pair = scaled(lambda: bounds.Sandwich(torch.ones(2), 1.0), 2)()
    assert isinstance(pair, bounds.Sandwich) and pair.lower.tolist() == [2, 2] and pair.upper == 2
    estimate = estimators.Estimate(1.0, (0.5, 1.5), 0.25, 7, "by hand")
    assert scaled(lambda: estimate, 2)() == estimators.Estimate(2.0, (1.0, 3.0), 0.5, 7, "by hand")
