"""The command `spacelib`, the same as `python -m spacelib`.

Exit codes: 0 done, 1 a proof fails, 2 bad input (one sentence on standard error), 130 interrupted.
"""

import argparse
import json
import math
import os
import sys
from collections.abc import Callable
from typing import NamedTuple

from . import __version__

# What a command needs is imported when it runs: `spacelib --help` waits for no library.


def prove(options) -> int:
    from tqdm import tqdm

    from . import proofs

    def shown(names):
        return tqdm(names, desc="theorems", unit="theorem", leave=False, disable=None)

    report = proofs.report(options.name, shown, workers=1 if options.name else None)
    _say(_json(report) if options.json else proofs.render(report))
    return 0 if report["theorems"] and report["ok"] else 1


def audit(options) -> int:
    from . import audit
    from .benchmarks.writing import check_target

    if options.html:
        page = check_target(options.html)
        others = [path for path in (options.baseline, options.explicit) if path]
        if page.exists() and any(os.path.samefile(page, read) for read in (*options.log, *options.items, *others)):
            raise ValueError(f"{page} is read by this audit; the page needs a name of its own")
    report = audit.audit(
        options.log,
        benchmark=options.benchmark,
        items=options.items,
        chance=options.chance,
        frames=options.frames[0] if len(options.frames) == 1 else options.frames,
        baseline=options.baseline,
        explicit=options.explicit,
        trained=options.trained,
        mix=options.mix,
        target=options.target,
        precision=options.precision,
        resamples=options.resamples,
        jobs=options.jobs,
        seed=options.seed,
    )
    if options.html:
        audit.write_html(report, page)
    _say(_json(audit.to_dict(report)) if options.json else audit.to_text(report))
    return 0


def convert(options) -> int:
    from .benchmarks.convert import convert

    log = convert(
        options.log, options.out, items=options.items, benchmark=options.benchmark, frames=options.frames
    )
    _say(f"{len(log.records):,} records of {', '.join(log.records['benchmark'].unique())} in {options.out}")
    for sentence in (*log.notes, *log.warnings):
        _say(sentence)
    return 0


def schema(options) -> int:
    from .benchmarks.schema import json_schema, schema_text

    _say(_json(json_schema()) if options.json else schema_text())
    return 0


def dimension(options) -> int:
    from .audit import features_to_dict, features_to_text, measure_features

    report = measure_features(
        options.features,
        key=options.key,
        attention=options.attention,
        ridge=options.ridge,
        rows=options.rows,
        seed=options.seed,
    )
    _say(_json(features_to_dict(report)) if options.json else features_to_text(report))
    return 0


def data_list(options) -> int:
    from .benchmarks import registry

    table = registry.table()
    for name in registry.names(options.name) if options.name else table.index:
        row = table.loc[name]
        here = "here" if registry.local(name) else "-"
        _say(f"{here:<5}{row['bytes']:>10,}  {name}  ({row['repository']}, {row['licence']})")
    return 0


def data_get(options) -> int:
    from tqdm import tqdm

    from .benchmarks import registry

    names = registry.names(options.name)
    for name in tqdm(names, unit="file", disable=None if len(names) > 1 else True):
        path = registry.fetch(name)
        if len(names) == 1:
            _say(str(path))
    return 0


def data_path(options) -> int:
    from .benchmarks import registry

    for name in registry.names(options.name):
        path = registry.local(name)
        if path is None:
            raise ValueError(f"{name} is not here; `spacelib data get {name}` downloads it")
        _say(str(path))
    return 0


def _prove_arguments(parser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help="one theorem only (default: all)")
    parser.add_argument("--json", action="store_true", help="the ledger as JSON")


def _audit_arguments(parser) -> None:
    parser.add_argument("log", nargs="+", metavar="LOG", help="evaluation log, read by its content")
    parser.add_argument("--benchmark", metavar="NAME", help="insist on this benchmark's form")
    parser.add_argument(
        "--items", metavar="FILE", action="append", default=[], help="question file of the logs; may be repeated"
    )
    parser.add_argument(
        "--chance", metavar="P", type=_probability, help="best blind accuracy, where the benchmark's design gives none"
    )
    frames = {"action": "append", "default": [], "help": "frames shown, where logs do not say: once, or for each"}
    parser.add_argument("--frames", metavar="K", type=_count, **frames)
    parser.add_argument("--baseline", metavar="LOG", help="log of a run without frames: what frames brought")
    parser.add_argument("--explicit", metavar="LOG", help="log of an explicit method: its gap to each of the logs")
    trained = {"action": "append", "default": [], "help": "training samples of each log, in order; with --explicit"}
    parser.add_argument("--trained", metavar="N", type=_count, **trained)
    parser.add_argument("--mix", metavar="TASK=W,...", type=_weights, help="the risk if tasks had these weights")
    parser.add_argument("--target", metavar="ACC", type=_probability, help="accuracy to find the least frames for")
    parser.add_argument("--precision", metavar="W", type=_probability, help="half-width of an interval to plan for")
    parser.add_argument("--resamples", metavar="N", type=_count, help="of scenes (default: 1000 to 2000, by figure)")
    parser.add_argument("--jobs", metavar="N", type=int, help="processes, -1: one a core (default: one); same figures")
    parser.add_argument("--json", action="store_true", help="figures as JSON, information in nats")
    parser.add_argument("--html", metavar="OUT", help="write a self-contained page with plots to this file")
    parser.add_argument("--seed", metavar="N", type=_seed, default=0, help="of the resampling (default: 0)")


def _convert_arguments(parser) -> None:
    parser.add_argument("log", metavar="IN", help="evaluation log, read by its content")
    parser.add_argument("out", metavar="OUT", help="file to write, JSON lines (.jsonl) or CSV (.csv)")
    parser.add_argument("--benchmark", metavar="NAME", help="insist on this benchmark; the name of plain records without one")
    parser.add_argument(
        "--items", metavar="FILE", action="append", default=[], help="question file of the log; may be repeated"
    )
    parser.add_argument("--frames", metavar="K", type=_count, help="frames shown, where the log does not say")


def _schema_arguments(parser) -> None:
    parser.add_argument("--json", action="store_true", help="as a JSON Schema of one line")


def _dimension_arguments(parser) -> None:
    parser.add_argument(
        "features", metavar="FEATURES", help=".npy or .npz file of shape (samples, features) or (scenes, frames, features)"
    )
    parser.add_argument("--key", metavar="NAME", help="the array of an .npz file that has several")
    parser.add_argument(
        "--attention", metavar="WEIGHTS", help=".npy file of attention, (scenes, queries, frames) or (queries, frames)"
    )
    parser.add_argument("--ridge", metavar="MU", type=float, help="of the ridge dimension (default: trace / samples)")
    parser.add_argument(
        "--rows", metavar="N", type=_count, default=20_000, help="at most so many samples for neighbours (default: 20000)"
    )
    parser.add_argument("--json", action="store_true", help="the estimates as JSON")
    parser.add_argument("--seed", metavar="N", type=_seed, default=0, help="of the groups and the drawing (default: 0)")


def _data_arguments(parser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    for name, run, says in (
        ("list", data_list, "the registered files, and which are here"),
        ("get", data_get, "download what is not here"),
        ("path", data_path, "where a file is"),
    ):
        action = actions.add_parser(name, help=says, description=says)
        action.add_argument("name", nargs="?" if name == "list" else None, metavar="NAME", help="a file or a folder")
        action.set_defaults(run=run)


class Command(NamedTuple):
    says: str
    add_arguments: Callable
    run: Callable | None  # None where the command's own subcommands set it


COMMANDS = {
    "prove": Command("check every step of every proof and print the ledger", _prove_arguments, prove),
    "audit": Command("what models' answers show: five rooms of figures, with intervals", _audit_arguments, audit),
    "schema": Command("the plain form of records, field by field", _schema_arguments, schema),
    "convert": Command("write any log in the plain form", _convert_arguments, convert),
    "dimension": Command("how many dimensions features have, each estimate with its error", _dimension_arguments, dimension),
    "data": Command("the real benchmark files: list, get, path", _data_arguments, None),
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line `arguments` (default: those of the process); returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except BrokenPipeError:  # the reader of our output closed it, like `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _refuse(f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error))
    except ValueError as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="spacelib", description="SpaCE, executable: proofs, bounds, audits.")
    parser.add_argument("--version", action="version", version=f"spacelib {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        sub = commands.add_parser(name, help=command.says, description=command.says)
        command.add_arguments(sub)
        if command.run:
            sub.set_defaults(run=command.run)
    return parser


def _json(value) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)


def _say(text: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding).rstrip("\n") + "\n")
    sys.stdout.flush()


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"spacelib: {' '.join(sentence.split())}\n")
    return 2


def _probability(text: str) -> float:
    value = float(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not strictly between 0 and 1")
    return value


def _weights(text: str) -> dict[str, float]:
    """Weights of tasks; a task's name may hold any sign but a comma."""
    weights = {}
    for part in text.split(","):
        task, _, weight = part.rpartition("=")
        try:
            value = float(weight)
        except ValueError:
            value = math.nan
        if not task or task in weights or not (math.isfinite(value) and value >= 0):
            says = f"{part!r} is not TASK=WEIGHT with a task named once and a weight of at least 0"
            raise argparse.ArgumentTypeError(says)
        weights[task] = value
    if not any(weights.values()):
        raise argparse.ArgumentTypeError(f"{text!r} has no weight above 0")
    return weights


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a count of at least 1")
    return value


def _seed(text: str) -> int:
    value = int(text)
    if not 0 <= value < 2**63:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 2^63 - 1")
    return value
