"""SpaCE, executable: machine-checked theorems, bounds, estimators and audits for multi-frame spatial reasoning."""

__version__ = "0.1.0"


def __getattr__(name: str):
    """`spacelib.select_frames`, fetched when it is asked for: `import spacelib` alone loads no torch."""
    if name == "select_frames":
        from spacelib.models import select_frames

        return select_frames
    raise AttributeError(f"module 'spacelib' has no attribute {name!r}")
