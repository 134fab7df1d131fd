"""Ways to choose frames side by side, on a channel where what every choice tells is known."""

import pandas as pd
import torch
from torch import Tensor

from spacelib.bounds.frames import best_frames, greedy_frames
from spacelib.models.rules import diverse_poses, farthest_poses, uniform_frames
from spacelib.scenes import Channel


def compare_rules(
    channel: Channel,
    poses: Tensor,
    *,
    sharpness: Tensor | None = None,
    samples: int = 4000,
    generator: torch.Generator | None = None,
) -> pd.DataFrame:
    """What the frames tell that each rule chooses, for every budget.

    Rules: "best" of all sets, "greedy" by information, "uniform" in the sequence, "random" (the mean over all sets), "farthest" and "diverse"
    camera poses (`rules`). Parameters: a channel of K frames; poses (K, 4, 4) of its cameras; sharpness (K,) for "diverse"; samples, generator
    (None: a fresh one with seed 0): greedy and best choose by one half of the draws and all are judged by the other, so that no rule
    is judged by what it chose by. Returns one row a rule and budget: rule, budget, frames (a tuple; empty for "random"), information
    and standard_error in nats. Errors: ValueError for poses of another number or shape.
    """
    if len(poses) != channel.frames:
        raise ValueError(f"compare_rules: poses must be of the {channel.frames} frames, got {len(poses)}")
    generator = torch.Generator().manual_seed(0) if generator is None else generator
    subsets = channel.subsets()
    draws = channel.draws("information", subsets, 2 * samples, generator=generator)
    masks = torch.tensor([sum(2**k for k in s) for s in subsets])
    full = draws.new_zeros(2 * samples, 2**channel.frames)
    full[:, masks] = draws
    chosen_by, judged_by = full[:samples].mean(0), full[samples:]
    rows = []
    for budget in range(1, channel.frames + 1):
        sets = {
            "best": best_frames(chosen_by, budget).order.tolist(),
            "greedy": greedy_frames(chosen_by, budget).order.tolist(),
            "uniform": uniform_frames(channel.frames, budget),
            "farthest": farthest_poses(poses, budget),
            "diverse": diverse_poses(poses, budget, sharpness=sharpness),
        }
        told = {rule: judged_by[:, sum(2**int(k) for k in order)] for rule, order in sets.items()}
        told["random"] = judged_by[:, [m for m, s in zip(masks.tolist(), subsets, strict=True) if len(s) == budget]].mean(1)
        for rule, each in told.items():
            error = each.std().item() / samples**0.5
            rows.append((rule, budget, tuple(sets.get(rule, ())), each.mean().item(), error))
    return pd.DataFrame(rows, columns=["rule", "budget", "frames", "information", "standard_error"])
