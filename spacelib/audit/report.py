"""From log files to a report: read everything, check it, measure it, compare it."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from numbers import Integral
from pathlib import Path

from spacelib import __version__
from spacelib.benchmarks import AnswerCounts, MarkCounts
from spacelib.estimators.processes import in_parallel

from .baseline import Baseline
from .cautions import cautioned, one_number_for_one_log
from .certificates import LogCertificate
from .compare import Budgets, baselines, budgets, mixes, tradeoffs
from .figures import Figures
from .mixes import Mixed
from .pairs import PairedTest, holm, paired_tests
from .resolution import Resolution
from .rows import Read, measured, read
from .sheets import Sheet, shared
from .tradeoff import Tradeoff

_AT_ONCE = 100  # pairs in one job
_PROCESSES = 4096  # more than any machine starts


@dataclass(frozen=True)
class Row:
    """One model and task: its figures, what to know about its file, and what to be wary of.

    `role` is "log", "baseline" or "explicit". `pooled` is True for all tasks of one answer type together.
    `critical_shift` is the divergence under which the certified risk stays below that of chance, nats, None where no
    chance is known; `resolution` is None for a single scene.
    """

    figures: Figures
    certificate: LogCertificate
    critical_shift: float | None
    resolution: Resolution | None
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    role: str = "log"
    pooled: bool = False

    @property
    def counts(self) -> AnswerCounts | MarkCounts:
        return self.figures.counts


@dataclass(frozen=True)
class Report:
    """All figures of an audit; the same for the same logs, options and seed.

    `rows`: the explicit method's, those of the logs in their order, the baseline's; tasks in order of appearance, then
    all of one answer type together where a log has several. Everything else names rows by their place. `tests`: every
    pair of rows with the same questions; `budgets`: rows of one model with different numbers of frames.
    """

    rows: tuple[Row, ...]
    seed: int
    tests: tuple[PairedTest, ...] = ()
    budgets: tuple[Budgets, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    mixes: tuple[Mixed, ...] = ()
    tradeoffs: tuple[Tradeoff, ...] = ()
    version: str = __version__


def audit(
    logs: Iterable,
    *,
    benchmark: str | None = None,
    items: Iterable = (),
    chance: float | None = None,
    frames: int | Sequence[int] | None = None,
    baseline=None,
    explicit=None,
    trained: Sequence[int] = (),
    mix: Mapping[str, float] | None = None,
    target: float | None = None,
    precision: float | None = None,
    resamples: int | None = None,
    jobs: int | None = None,
    seed: int = 0,
) -> Report:
    """Audit evaluation logs (paths), joined with the question files `items`.

    `benchmark` insists on one format; `chance` is the best blind accuracy where the design gives none, or a higher one
    where it does; `frames` the number of frames where a log does not say: one for all, or one for each log in their
    order. `baseline` is the log of a run without frames and `explicit` that of an explicit method, both on the same
    questions as some log; `trained` the number of training samples of each log, in their order. `mix` has weights of
    tasks, `target` an accuracy for which the least number of frames is asked, `precision` a wanted half-width of an
    accuracy's interval. `resamples` of scenes (None: as many as each estimator takes by itself); `jobs`, processes as
    `in_parallel` takes them, at most 4096. Each row is resampled from `seed` anew, so that its figures do not depend on
    the other logs. All logs are read and checked before anything is measured.

    Assumes what `measure` assumes.
    Errors: ValueError for a log given twice, a `chance` under the design's, `frames` against the log's, of another
    number than the logs, or one for several logs of the same model and questions, a baseline that was shown frames, a
    baseline or an explicit log without a log of the same questions, training sizes without an explicit log or of
    another number than the logs, a `mix` whose tasks no log has, values outside their ranges, and whatever `read_log`
    refuses; `OSError` where a file cannot be read.
    """
    paths = [*([] if explicit is None else [explicit]), *logs, *([] if baseline is None else [baseline])]
    paths = [Path(path) for path in paths]
    roles = ["log"] * len(paths)
    if explicit is not None:
        roles[0] = "explicit"
    if baseline is not None:
        roles[-1] = "baseline"
    _check(paths, roles, trained, explicit, precision, target, resamples, jobs)
    shown_frames = _frames(frames, roles)
    load = functools.partial(read, items=list(items), benchmark=benchmark)
    work = list(zip(paths, roles, shown_frames, strict=True))
    found: list[Read] = [part for log in in_parallel(load, work, "reading", workers=jobs) for part in log]
    sheets = shared(part.sheet for part in found)
    found = [replace(part, sheet=sheet) for part, sheet in zip(found, sheets, strict=True)]
    if not isinstance(frames, Iterable):
        one_number_for_one_log(found)
    found = cautioned(found)
    one = functools.partial(measured, chance=chance, precision=precision, resamples=resamples, seed=seed)
    rows = tuple(Row(**values) for values in in_parallel(one, found, "measuring", workers=jobs))
    tests = _tests(sheets, resamples, seed, jobs)
    places = [paths.index(part.path) for part in found]
    sizes = {place: trained[place - 1] for place in range(1, len(trained) + 1)}  # the explicit log has place 0
    return Report(
        rows,
        seed,
        tests,
        budgets(rows, sheets, target, resamples, seed),
        baselines(rows, sheets, resamples, seed) if baseline is not None else (),
        mixes(rows, sheets, places, mix) if mix is not None else (),
        tradeoffs(rows, sheets, places, sizes) if explicit is not None else (),
    )


def _frames(frames: int | Sequence[int] | None, roles: list[str]) -> list[int | None]:
    """The number of frames that the caller says for each path; a baseline has none."""
    each = list(frames) if isinstance(frames, Iterable) else [frames] * (frames is not None)
    if not all(isinstance(number, Integral) and number >= 1 and number is not True for number in each):
        raise ValueError(f"frames is {frames}; whole numbers from 1 on were expected")
    if not isinstance(frames, Iterable):
        return [None if role == "baseline" else frames for role in roles]
    if each and len(each) != roles.count("log"):
        number = roles.count("log")
        raise ValueError(f"frames: one number for all logs or for each of {number} was expected, got {len(each)}")
    left = iter(each)
    return [next(left, None) if role == "log" else None for role in roles]


def _check(paths, roles, trained, explicit, precision, target, resamples, jobs) -> None:
    seen = set()
    for path in paths:
        if path.resolve() in seen:
            raise ValueError(f"{path}: this log is given twice")
        seen.add(path.resolve())
    if trained and explicit is None:
        raise ValueError("trained: numbers of training samples were given, but no explicit log to compare with")
    if trained and len(trained) != roles.count("log"):
        raise ValueError(f"trained: one number for each of {roles.count('log')} logs was expected, got {len(trained)}")
    for name, value, high in (("precision", precision, 0.5), ("target", target, 1.0)):
        if value is not None and not 0 < value < high:
            raise ValueError(f"{name} is {value}; a number strictly between 0 and {high} was expected")
    if resamples is not None and resamples < 100:
        raise ValueError(f"resamples is {resamples}; at least 100 were expected")
    if jobs is not None and jobs != -1 and not 1 <= jobs <= _PROCESSES:
        raise ValueError(f"jobs is {jobs}; 1 to {_PROCESSES} processes, or -1 for one a core, were expected")


def _tests(sheets: list[Sheet], resamples: int | None, seed: int, jobs: int | None) -> tuple[PairedTest, ...]:
    """Every pair of sheets of the same questions, in the order of the rows, with Holm's adjustment over them all."""
    groups = {}
    for number, sheet in enumerate(sheets):
        groups.setdefault(id(sheet.asked), []).append(number)
    pairs = [list(combinations(group, 2)) for group in groups.values()]
    parts = [of[start : start + _AT_ONCE] for of in pairs for start in range(0, len(of), _AT_ONCE)]
    work = [_Part(part, {n: sheets[n] for pair in part for n in pair}) for part in parts]
    number = {} if resamples is None else {"resamples": resamples}
    run = functools.partial(_compared, seed=seed, **number)
    tests = sorted(
        (test for done in in_parallel(run, work, "comparing", workers=jobs) for test in done),
        key=lambda test: (test.first, test.second),
    )
    adjusted = holm([test.p_value for test in tests])
    return tuple(replace(test, adjusted=float(p)) for test, p in zip(tests, adjusted, strict=True))


@dataclass(frozen=True)
class _Part:
    pairs: list[tuple[int, int]]
    sheets: dict[int, Sheet]


def _compared(part: _Part, **options) -> list[PairedTest]:
    return paired_tests(part.sheets, part.pairs, **options)
