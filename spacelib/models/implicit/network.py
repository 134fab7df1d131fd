"""A compact transformer over frames, with the Lipschitz constant of its layers."""

import copy
import math

import torch
from torch import Tensor, nn

from spacelib.bounds.samples.architecture import attention_lipschitz
from spacelib.estimators import composed_lipschitz, spectral_norm

ENCODERS = ("linear", "mlp", "convolution")


_ROUNDING = 1 + 2.0**-40  # more than sums and products of some thousand float64 numbers are off by


def into_ball(tokens: Tensor) -> Tensor:
    """Tokens (..., width), each moved to the nearest point of the ball of radius sqrt(width).

    It stands where transformers normalise: it keeps tokens of a size and, unlike a normalisation, stretches nothing.
    """
    radius = math.sqrt(tokens.shape[-1])
    return tokens / (tokens.norm(dim=-1, keepdim=True) / radius).clamp(min=1)


class Block(nn.Module):
    """Attention between frames, then two linear layers of each, both added to what came in."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(width, width, bias=False) for _ in range(4))
        self.up, self.down = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)

    def weights(self, tokens: Tensor) -> Tensor:
        """Attention (..., heads, K, K): row i says how much of each frame goes into frame i."""
        query, key = (
            layer(tokens).unflatten(-1, (self.heads, -1)).transpose(-2, -3) for layer in (self.query, self.key)
        )
        return torch.softmax(query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1]), -1)

    def forward(self, tokens: Tensor) -> Tensor:
        value = self.value(tokens).unflatten(-1, (self.heads, -1)).transpose(-2, -3)
        mixed = (self.weights(tokens) @ value).transpose(-2, -3).flatten(-2)
        tokens = into_ball(tokens + self.out(mixed))
        return into_ball(tokens + self.down(torch.relu(self.up(tokens))))

    def lipschitz(self) -> float:
        """Constant of the block on the ball, in the norm of the longest token: (1 + sum over heads)(1 + |down||up|)."""
        width = self.out.in_features
        query, key, value, out = (
            layer.weight.detach().double() for layer in (self.query, self.key, self.value, self.out)
        )
        size = width // self.heads
        scores = _product_norm(query.view(self.heads, size, width).mT, key.view(self.heads, size, width))
        values = _product_norm(out.view(width, self.heads, size).transpose(0, 1), value.view(self.heads, size, width))
        heads = attention_lipschitz(1 / math.sqrt(size), math.sqrt(width), scores, values)
        up, down = (spectral_norm(layer.weight.detach().double()).upper for layer in (self.up, self.down))
        return composed_lipschitz(torch.stack([1 + heads.sum(), 1 + up * down]) * _ROUNDING).item()


class Implicit(nn.Module):
    r"""Answers from frames, learned: an encoder, blocks of attention between frames, a linear head.

    Parameters: image, the shape of a frame: (features,), camera pose among them where a scene gives it, or (height,
    width, colours); frames K; outputs 1 for a real answer, or a number of logits; depth >= 0, heads, width (a multiple
    of heads); encoder "linear", "mlp" (one hidden layer) or "convolution" (3 x 3, of images alone); tied: all blocks
    share their weights; generator of the first weights, uniform of variance 1/(3 inputs). Called with frames (n, K,
    *image), float32; returns (n,) for one output, else (n, outputs). The head has no bias: an answer is w'phi, with
    `features` phi.
    Assumes nothing of the frames' order but that it is the same in all scenes: each frame has a learned place.
    Errors: ValueError for settings outside these, or frames of another shape; TypeError for another dtype.
    """

    def __init__(
        self,
        image: tuple[int, ...],
        frames: int,
        *,
        outputs: int = 1,
        depth: int = 2,
        heads: int = 2,
        width: int = 16,
        encoder: str = "linear",
        tied: bool = False,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        image = tuple(image)
        for name, value, least in (
            ("frames", frames, 1),
            ("outputs", outputs, 1),
            ("depth", depth, 0),
            ("heads", heads, 1),
            ("width", width, 1),
        ):
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise ValueError(f"Implicit: {name} must be a whole number of at least {least}, got {value!r}")
        if width % heads:
            raise ValueError(f"Implicit: width must be a multiple of heads, got {width} and {heads}")
        if encoder not in ENCODERS:
            raise ValueError(f"Implicit: encoder must be one of {', '.join(ENCODERS)}, got {encoder!r}")
        if len(image) not in (1, 3) or (encoder == "convolution" and len(image) != 3):
            needed = (
                "(height, width, colours)" if encoder == "convolution" else "(features,) or (height, width, colours)"
            )
            raise ValueError(f"Implicit: image must be {needed} for the encoder {encoder}, got {image}")
        self.image, self.frames, self.outputs, self.depth = image, frames, outputs, depth
        with torch.device("meta"):  # no weights yet: torch would draw them from its global generator
            self.encoder = _encoder(encoder, image, width)
            self.place = nn.Parameter(torch.empty(frames, width))
            self.blocks = nn.ModuleList(Block(width, heads) for _ in range(min(depth, 1) if tied else depth))
            self.head = nn.Linear(width, outputs, bias=False)
        self.to_empty(device=generator.device)
        with torch.no_grad():
            for weight in self.parameters():
                weight.zero_()
                if weight.ndim > 1:  # biases stay 0
                    weight.uniform_(-1, 1, generator=generator).div_(math.sqrt(weight[0].numel()))

    def layers(self) -> list[Block]:
        """The blocks in their order, a tied one as often as it is passed."""
        return [self.blocks[0]] * self.depth if len(self.blocks) == 1 else list(self.blocks)

    def tokens(self, frames: Tensor) -> Tensor:
        """What goes into the first block, (n, K, width)."""
        expected = (self.frames, *self.image)
        if frames.shape[1:] != expected:
            raise ValueError(
                f"Implicit: frames must have shape (n, {', '.join(map(str, expected))}), got {tuple(frames.shape)}"
            )
        if frames.dtype != self.place.dtype:
            raise TypeError(f"Implicit: frames must be {self.place.dtype}, as the weights are, got {frames.dtype}")
        return into_ball(self.encoder(frames.flatten(0, 1)).unflatten(0, frames.shape[:2]) + self.place)

    def features(self, frames: Tensor) -> Tensor:
        """Last features phi (n, width): the mean of the frames' tokens after the last block."""
        tokens = self.tokens(frames)
        for block in self.layers():
            tokens = block(tokens)
        return tokens.mean(-2)

    def attention(self, frames: Tensor) -> tuple[Tensor, Tensor]:
        """Of the last block: attention (n, heads, K, K) and the tokens (n, K, width) that it weights."""
        if self.depth == 0:
            raise ValueError("Implicit: attention needs a depth of at least 1, got 0")
        tokens = self.tokens(frames)
        *before, last = self.layers()
        for block in before:
            tokens = block(tokens)
        return last.weights(tokens), tokens

    def forward(self, frames: Tensor) -> Tensor:
        """Answers (samples,), or (samples, outputs) where there are several, of frames (samples, K, \\*image)."""
        answers = self.head(self.features(frames))
        return answers[..., 0] if self.outputs == 1 else answers

    def lipschitz(self) -> float:
        r"""Lipschitz constant of the layer stack, from the longest frame to the last features; rounded up.

        .. math::
            \Lambda &= \Lambda_{enc} \prod_l a_l \Big(1 + \|W_{down}\| \|W_{up}\|\Big) \\
            a_l &= 1 + \sum_h v_{lh} (1 + 2 \beta B_{lh} R^2) \\
            R^2 &= \text{width}

        Assumes float arithmetic exact in the network itself. Source: `attention_lipschitz`, certified norms; adding the
        input adds 1, moving into the ball and the mean over frames add nothing.
        """
        layers = [block.lipschitz() for block in self.layers()]
        encoder, frame = [], self.place.new_zeros(1, *self.image)
        for part in self.encoder:
            if isinstance(part, nn.Linear | nn.Conv2d):
                encoder.append(spectral_norm(_matrix(part, frame.shape[1:])).upper.item())
            frame = part(frame)
        return float(composed_lipschitz(torch.tensor(encoder + layers, dtype=torch.float64)))


class _ColoursFirst(nn.Module):
    """(n, height, width, colours) to torch's (n, colours, height, width)."""

    def forward(self, images: Tensor) -> Tensor:
        return images.movedim(-1, 1)


def _encoder(kind: str, image: tuple[int, ...], width: int) -> nn.Sequential:
    """Layers from a frame to its token; each is linear up to its bias, or a relu."""
    size = math.prod(image)
    if kind == "linear":
        return nn.Sequential(nn.Flatten(), nn.Linear(size, width))
    if kind == "mlp":
        return nn.Sequential(nn.Flatten(), nn.Linear(size, width), nn.ReLU(), nn.Linear(width, width))
    height, across, colours = image
    convolution = nn.Conv2d(colours, 8, 3, stride=2, padding=1)
    left = 8 * -(-height // 2) * -(-across // 2)
    return nn.Sequential(_ColoursFirst(), convolution, nn.ReLU(), nn.Flatten(), nn.Linear(left, width))


def _product_norm(left: Tensor, right: Tensor) -> Tensor:
    """Norm of each product of two matrices, at least: with what rounding may have taken off the product."""
    lost = torch.linalg.matrix_norm(left) * torch.linalg.matrix_norm(right) * (_ROUNDING - 1)
    return (spectral_norm(left @ right).upper + lost) * _ROUNDING


def _matrix(layer: nn.Module, shape: tuple[int, ...]) -> Tensor:
    """The matrix of a layer that is linear up to its bias, exactly, from what it makes of unit inputs; float64."""
    with torch.no_grad():
        layer = copy.deepcopy(layer).double()
        layer.bias.zero_()
        units = torch.eye(math.prod(shape), dtype=torch.float64, device=layer.weight.device)
        return layer(units.view(-1, *shape)).flatten(1).T
