"""Another mix where tasks share scenes: each scene counts once (synthetic)."""

import numpy as np
import pytest
from mark_counts import marks

from spacelib.audit.mixes import mixed
from spacelib.bounds import kl


def counts():
    right = np.arange(40) % 2
    return [marks(np.ones(40, int), right, task="a"), marks(np.ones(40, int), 1 - right, task="b")]


def test_scenes_that_both_tasks_ask_about_count_once():
    scenes = np.array([f"s{i}" for i in range(40)])
    apart = mixed((0, 1), counts(), [scenes, np.char.add(scenes, "'")], {"a": 1, "b": 1})
    shared = mixed((0, 1), counts(), [scenes, scenes[::-1]], {"a": 1, "b": 1})
    assert apart.risk.samples == pytest.approx(80) and apart.transfer is not None
    assert shared.risk.samples == pytest.approx(40) and shared.transfer is None
    assert apart.risk.risk == shared.risk.risk == 0.5 and shared.risk.upper > apart.risk.upper
    assert kl(0.5, shared.risk.upper) == pytest.approx(np.log(20) / 40, rel=1e-6)


def test_weights_and_sizes_count_where_scenes_are_shared():
    """Weights 3/4 and 1/4; one scene has 20 of the 40 questions of the first task: its weight is 3/8 + 1/160."""
    scenes = np.array([f"s{i}" for i in range(40)])
    first = np.array(["s0"] * 20 + [f"s{i}" for i in range(1, 21)])
    one = marks([20] + [1] * 20, [10] + [0] * 20, task="a")
    found = mixed((0, 1), [one, counts()[1]], [first, scenes], {"a": 3, "b": 1})
    assert found.risk.samples == pytest.approx(1 / (0.75 / 2 + 0.25 / 40))
    assert found.risk.risk == pytest.approx(0.75 * 0.75 + 0.25 * 0.5) and found.weights == (0.75, 0.25)


def test_one_task_without_named_scenes_beside_shared_ones():
    scenes = np.array([f"s{i}" for i in range(40)])
    apart = mixed((0, 1), counts(), [scenes, None], {"a": 1, "b": 1})
    assert apart.transfer is not None  # nothing shows that they share scenes
    three = [*counts(), marks(np.ones(40, int), np.ones(40, int), task="c")]
    with pytest.raises(ValueError, match="a log: task 'c' names no scenes, but others do"):
        mixed((0, 1, 2), three, [scenes, scenes, None], {"a": 1, "b": 1, "c": 1})
