"""A log file of unknown origin: which form it has, found out from its content."""

from pathlib import Path

from . import blink, plain, registry, spatialrgpt, vlm4d
from .harness import lmms_eval, vlmevalkit
from .official import OFFICIAL
from .reading import shown
from .records import Log
from .sources import Source

# The official logs of one benchmark each, and the forms that hold any benchmark's. Each is a module with NAME,
# recognises(head) and load(source, items); of the first, QUESTIONS are the registered question files.
FORMATS = {format.NAME: format for format in (vlm4d, blink, spatialrgpt)}
FORMS = {form.NAME: form for form in (lmms_eval, vlmevalkit, plain)}


def read_log(path, items=(), benchmark: str | None = None) -> Log:
    """The log at `path` as records, by the one form that its content has.

    `items` are question files to join with; where none is given, the format's registered ones that are here already
    (`registry.local`), if it has any. `benchmark` insists on one benchmark by name; records in the plain form that name
    none get it.
    Errors: OSError where a file cannot be read; ValueError for content of no known form or of several (the message
    lists what was considered), for another benchmark than the one insisted on, and whatever the form's `load` refuses.
    """
    source = Source(path)
    for question_file in items:
        Path(question_file).stat()  # refused where it is missing, also by forms that would not read it
    official = FORMATS if benchmark is None else {name: FORMATS[name] for name in FORMATS if name == benchmark}
    considered = [*official.values(), *FORMS.values()]
    matching = [form for form in considered if form.recognises(source.head)]
    if len(matching) != 1:
        if not matching and (asked := [form.NAME for form in OFFICIAL.values() if form.recognises(source.head)]):
            names = " or ".join(asked)
            raise ValueError(f"{source.path}: holds questions of {names} and no answers; give it with a log (--items)")
        says = " and ".join(f.NAME for f in matching) if matching else "no form considered"
        raise ValueError(f"{source.path}: its content fits {says}; considered: {', '.join(f.NAME for f in considered)}")
    (form,) = matching
    if form is plain:
        log = plain.load(source, items, benchmark)
    else:
        registered = [p for name in getattr(form, "QUESTIONS", ()) if (p := registry.local(name))]
        log = form.load(source, list(items) or registered)
    found = log.records["benchmark"].unique()
    if benchmark is not None and list(found) != [benchmark]:
        raise ValueError(f"{source.path}: its records are of {shown(str(found[0]))}, not of {shown(benchmark)}")
    return log
