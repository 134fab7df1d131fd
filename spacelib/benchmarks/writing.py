"""Writing a file whole or not at all."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def check_target(path) -> Path:
    """`path`, if a file can be meant by it: `OSError` where it is a folder, or its folder is not there."""
    path = Path(path)
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder; the name of a file was expected")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"{path.parent} is no folder, so {path.name} cannot be written there")
    return path


def write_whole(path, text: str | Iterable[str]) -> None:
    """Write `text`, or its pieces one after another, as UTF-8 to `path`: to a temporary name beside it, then renamed.

    Whatever interrupts the writing, `path` keeps its former content or stays absent, and the temporary file goes.
    Errors: `OSError` where the folder is missing or cannot be written to.
    """
    path = check_target(path)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with open(handle, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.writelines([text] if isinstance(text, str) else text)
        mask = os.umask(0)  # mkstemp makes the file private; give it the mode that open() would have given
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
