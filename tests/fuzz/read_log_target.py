"""What fuzzing asks of the loaders: any bytes at all give records, or one sentence that names the file.

`python read_log_target.py CORPUS... [libFuzzer's options]` runs the coverage-guided fuzzer on it.
"""

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))


def loaded(folder: Path):
    """`read_log`, and a synthetic question file in the folder."""
    import vlm4d_form

    from spacelib.benchmarks import read_log

    return read_log, vlm4d_form.write(folder, *vlm4d_form.synthetic(items=4, scenes=2))[1]


def held(read_log, path: Path, items: Path) -> int:
    """The number of records, 0 where the file is refused in one sentence; anything else is an error."""
    try:
        return len(read_log(path, [items] if b"ground_truth_answer" in path.read_bytes() else []).records)
    except (ValueError, OSError) as error:
        said = str(error)
        if str(path) not in said and str(items) not in said or not said.isprintable():
            raise AssertionError(f"no sentence that names the file: {said!r}") from error
        return 0


def main() -> None:
    import atheris

    with atheris.instrument_imports(include=["spacelib.benchmarks", "openpyxl", "json", "csv"]):
        folder = Path(tempfile.mkdtemp(prefix="spacelib-fuzz-"))
        read_log, items = loaded(folder)
    path = folder / "m_VSI-Bench_8frame.log"

    def one(data: bytes) -> None:
        path.write_bytes(data)
        held(read_log, path, items)

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
