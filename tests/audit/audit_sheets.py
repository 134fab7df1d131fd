"""Answer sheets made by hand (synthetic)."""

import numpy as np
import pandas as pd

from spacelib.audit.sheets import Asked, Sheet


def lettered(answer, truth, scene=None, letters: int = 4) -> Sheet:
    """Answers with these numbers of letters; each question its own scene where none are given."""
    scene = np.arange(len(truth)) if scene is None else np.asarray(scene)
    asked = Asked("a log", "a benchmark", "a task", pd.DataFrame(), scene, np.arange(scene.max() + 1).astype(str))
    return Sheet(asked, "a log", "a model", (answer == truth).astype(float), np.asarray(answer), np.asarray(truth), letters)
