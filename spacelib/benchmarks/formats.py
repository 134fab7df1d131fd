"""A log file of unknown origin: which benchmark's form it has, found out from its content."""

from pathlib import Path

from . import blink, registry, spatialrgpt, vlm4d
from .reading import read_json
from .records import Log

# Each format is a module with NAME, QUESTIONS (its registered question files), recognises(content) and
# load(path, content, items).
FORMATS = {format.NAME: format for format in (vlm4d, blink, spatialrgpt)}


def read_log(path, items=(), benchmark: str | None = None) -> Log:
    """The log at `path` as records, by the one format whose form its content has.

    `items` are question files to join with; where none is given, the format's registered ones that are here already
    (`registry.local`), if it has any. `benchmark` insists on one format by name.
    Errors: OSError where a file cannot be read; ValueError for an unknown `benchmark`, for content of no known form (the
    message lists what was considered), and whatever the format's `load` refuses.
    """
    if benchmark is not None and benchmark not in FORMATS:
        raise ValueError(f"no benchmark {benchmark!r}; known are {', '.join(FORMATS)}")
    content = read_json(path)
    considered = [FORMATS[benchmark]] if benchmark else list(FORMATS.values())
    matching = [format for format in considered if format.recognises(content)]
    if len(matching) != 1:
        says = " and ".join(f.NAME for f in matching) if matching else "no form considered"
        raise ValueError(f"{path}: its content fits {says}; considered: {', '.join(f.NAME for f in considered)}")
    (format,) = matching
    items = list(items) or [p for name in format.QUESTIONS if (p := registry.local(name))]
    return format.load(Path(path), content, items)
