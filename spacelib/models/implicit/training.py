"""Training of the transformer on scenes, and its errors beside the exact Bayes error."""

import torch
from torch import Tensor, nn

from spacelib.models.implicit.network import Implicit


def train(
    model: Implicit,
    frames: Tensor,
    targets: Tensor,
    *,
    steps: int = 600,
    batch: int = 64,
    rate: float = 3e-3,
    decay: float = 1e-2,
    generator: torch.Generator,
) -> Tensor:
    """Trains the model in place by AdamW on scenes drawn with replacement; returns the loss of every step, (steps,).

    Squared error for real targets (n,), cross-entropy in nats for whole ones. No early stopping, no schedule: on a CPU
    the same generator state gives the same weights. Parameters: frames (n, K, *image), targets (n,); steps; batch; rate
    and decay of AdamW; generator of the draws, on the frames' device.
    Errors: ValueError for no scenes, targets of another shape or not finite, steps or batch below 1, or a loss that is
    no longer finite.
    """
    if len(frames) == 0 or targets.shape != (len(frames),):
        raise ValueError(f"train: targets must have shape ({len(frames)},), at least one, got {tuple(targets.shape)}")
    for name, value in (("steps", steps), ("batch", batch)):
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ValueError(f"train: {name} must be a whole number of at least 1, got {value!r}")
    for name, value in (("frames", frames), ("targets", targets)):
        if not bool(value.isfinite().all()):
            raise ValueError(f"train: {name} must be finite")
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=decay, fused=True)
    losses = []
    for _ in range(steps):
        rows = torch.randint(len(frames), (batch,), generator=generator, device=frames.device)
        loss = loss_of(model(frames[rows]), targets[rows]).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.detach())
    found = torch.stack(losses)
    if not bool(found.isfinite().all()):
        raise ValueError(
            f"train: the loss left the floats at step {int((~found.isfinite()).nonzero()[0])}; lower rate {rate!r}"
        )
    return found


def loss_of(answers: Tensor, targets: Tensor) -> Tensor:
    """Loss of every answer: squared error of real ones (..., n), cross-entropy in nats of logits (..., n, outputs)."""
    if targets.is_floating_point():
        return (answers - targets).square()
    return torch.logsumexp(answers, -1) - answers.gather(-1, targets.expand(answers.shape[:-1])[..., None])[..., 0]


def misses(answers: Tensor, targets: Tensor, tolerance: float | None = None) -> Tensor:
    """0-1 loss of every answer: a real one misses by more than the tolerance, logits name a wrong letter."""
    if targets.is_floating_point():
        if tolerance is None or not tolerance > 0:
            raise ValueError(f"misses: real answers need a tolerance above 0, got {tolerance!r}")
        return ((answers - targets).abs() > tolerance).to(answers.dtype)
    return (answers.argmax(-1) != targets).to(answers.dtype)


def answers_of(model: nn.Module, frames: Tensor, size: int = 4096) -> Tensor:
    """The model's answers without gradients, in parts that fit memory."""
    with torch.no_grad():
        return torch.cat([model(part) for part in frames.split(size)])
