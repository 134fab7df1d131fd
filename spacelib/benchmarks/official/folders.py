"""Records out of what benchmarks come in: files of JSON, folders of them, and the tables of `datasets`."""

from pathlib import Path

from spacelib.benchmarks.reading import read_json, shown

ROWS = "rows.jsonl"
_SPLITS = ("test", "validation", "val", "train")  # a table that is one of these alone is no task
_NEEDED = "needs the library datasets: pip install 'spacelib[huggingface]'"


def content_of(path) -> object:
    """The parsed content: of a folder one list of all its files' records, or a dictionary of a list a task.

    Pictures inside tables are left unread. Errors: OSError where nothing is there or it cannot be read; ValueError for
    a folder in which nothing is found, and whatever `read_json` refuses; ImportError where `datasets` is missing.
    """
    path = Path(path)
    if not path.is_dir():
        return _parquet(path) if _is_parquet(path) else read_json(path)
    if (path / "dataset_dict.json").is_file() or (path / "state.json").is_file():
        return _from_disk(path)
    if tasks := sorted(folder.name for folder in path.iterdir() if (folder / ROWS).is_file()):
        return {task: _list(read_json(path / task / ROWS)) for task in tasks}
    files = sorted(path.glob("*.jsonl"))
    if not files:
        raise ValueError(
            f"{path}: no files of JSON lines, no folders with {ROWS} and no table of datasets in this folder"
        )
    return [record for file in files for record in _list(read_json(file))]


def _list(content) -> list:
    return content if isinstance(content, list) else [content]


def _is_parquet(path: Path) -> bool:
    with open(path, "rb") as file:
        return file.read(4) == b"PAR1"


def _datasets(path: Path):
    try:
        import datasets
    except ImportError:
        raise ImportError(f"{path}: {_NEEDED}") from None
    return datasets


def _parquet(path: Path) -> list[dict]:
    _datasets(path)  # brings pyarrow
    import pyarrow
    from pyarrow import parquet

    try:
        schema = parquet.read_schema(path)
        kept = [field.name for field in schema if not _holds_bytes(field.type)]
        return parquet.read_table(path, columns=kept).to_pylist()
    except pyarrow.ArrowException as error:
        raise ValueError(f"{path}: no readable Parquet file ({str(error).splitlines()[0]})") from None


def _holds_bytes(kind) -> bool:
    """Whether a column has pictures in it: bytes, at any depth."""
    import pyarrow.types as types

    if types.is_binary(kind) or types.is_large_binary(kind):
        return True
    return any(_holds_bytes(kind.field(i).type) for i in range(kind.num_fields))


def _from_disk(path: Path) -> object:
    datasets = _datasets(path)
    _check_files(path)
    try:
        found = datasets.load_from_disk(str(path))
    except Exception as error:  # of the library's many kinds
        raise ValueError(f"{path}: no readable table of datasets ({type(error).__name__})") from None
    tables = dict(found) if isinstance(found, dict) else {_SPLITS[0]: found}
    rows = {name: _plain(table.data.to_pylist()) for name, table in tables.items()}
    return next(iter(rows.values())) if len(rows) == 1 and set(rows) <= set(_SPLITS) else rows


def _check_files(path: Path) -> None:
    """ValueError where the folder names a file of data that does not lie beside its state."""
    for state in (*path.glob("state.json"), *path.glob("*/state.json")):
        content = read_json(state)
        files = content.get("_data_files") if isinstance(content, dict) else None
        names = [file.get("filename") if isinstance(file, dict) else None for file in files or ()]
        if not names or not all(isinstance(name, str) and Path(name).name == name for name in names):
            raise ValueError(f"{state}: the files of data are {shown(names)}; plain names were expected")


def _plain(value):
    """Rows without the bytes of their pictures."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items() if not isinstance(part, bytes)}
    return [_plain(part) for part in value] if isinstance(value, list) else value
