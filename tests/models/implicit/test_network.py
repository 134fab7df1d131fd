"""The transformer: shapes, reproducible weights and training, its Lipschitz constant."""

import math

import pytest
import torch
from torch.func import jacrev

from spacelib.models.implicit import Implicit, Task, coarser, misses, train
from spacelib.scenes import channels

IMAGE = (6, 8, 3)
ENCODERS = ("linear", "mlp", "convolution")


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def task() -> Task:
    return Task(coarser(channels.search(noise=0.9), 4))


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize(("depth", "heads", "tied"), [(0, 1, False), (1, 4, False), (3, 2, True), (3, 2, False)])
def test_shapes_and_sizes(encoder, depth, heads, tied):
    model = Implicit(IMAGE, 4, outputs=8, depth=depth, heads=heads, encoder=encoder, tied=tied, generator=seeded(0))
    frames = torch.randn(5, 4, *IMAGE, generator=seeded(1))
    assert model(frames).shape == (5, 8) and model.features(frames).shape == (5, 16) and len(model.layers()) == depth
    assert sum(p.numel() for p in model.blocks.parameters()) == (4 * 16**2 + 4 * 16**2 + 3 * 16) * (
        min(depth, 1) if tied else depth
    )
    assert bool((model.features(frames).norm(dim=-1) <= 4 * (1 + 1e-6)).all())
    if depth:
        weights, tokens = model.attention(frames)
        assert weights.shape == (5, heads, 4, 4) and tokens.shape == (5, 4, 16)
        torch.testing.assert_close(weights.sum(-1), torch.ones(5, heads, 4))


def test_no_global_randomness_and_equal_seeds_equal_weights():
    before = torch.random.get_rng_state()
    first, second, other = (Implicit(IMAGE, 4, generator=seeded(seed)) for seed in (3, 3, 4))
    assert torch.equal(before, torch.random.get_rng_state())
    pairs = list(zip(first.parameters(), second.parameters(), other.parameters(), strict=True))
    assert all(torch.equal(a, b) for a, b, _ in pairs) and any(not torch.equal(a, c) for a, _, c in pairs)
    seen = task().draw(100, generator=seeded(0))
    for model in (first, second):
        losses = train(model, seen.frames, seen.place, steps=20, generator=seeded(5))
    assert losses.shape == (20,) and all(torch.equal(a, b) for a, b, _ in pairs)


def test_attention_is_that_of_torch():
    """The block's attention against torch's own, on the same weights."""
    model = Implicit((5,), 4, depth=1, heads=2, width=8, generator=seeded(0))
    weights, tokens = model.attention(torch.randn(3, 4, 5, generator=seeded(1)))
    block = model.blocks[0]
    query, key, value = (
        layer(tokens).unflatten(-1, (2, 4)).transpose(1, 2) for layer in (block.query, block.key, block.value)
    )
    expected = torch.nn.functional.scaled_dot_product_attention(query, key, value)
    torch.testing.assert_close(weights @ value, expected)


@pytest.mark.property
@pytest.mark.parametrize("encoder", ENCODERS)
def test_no_slope_and_no_step_exceeds_the_lipschitz_constant(encoder):
    for seed in range(5):
        model = Implicit(
            IMAGE, 3, depth=2, heads=2, width=8, encoder=encoder, tied=seed % 2 == 0, generator=seeded(seed)
        ).double()
        with torch.no_grad():
            for weight in model.parameters():
                weight.mul_(0.5 + seed / 2)
        constant = model.lipschitz()
        frames = torch.randn(50, 3, *IMAGE, generator=seeded(seed), dtype=torch.float64)
        for size in (1e-3, 1.0, 10.0):
            step = size * torch.randn(frames.shape, generator=seeded(seed + 1), dtype=torch.float64)
            with torch.no_grad():
                moved = (model.features(frames + step) - model.features(frames)).norm(dim=-1)
            assert bool((moved <= constant * step.flatten(2).norm(dim=-1).amax(-1)).all())
        slope = jacrev(lambda frame, model=model: model.features(frame[None])[0])(frames[0])
        # moving one frame alone: its Jacobian's norm is at most the constant
        assert torch.linalg.matrix_norm(slope[:, 0].flatten(1), 2) <= constant


def test_the_constant_is_attained_without_blocks():
    """At depth 0 and one frame inside the ball the network is its encoder: the constant is its norm."""
    model = Implicit((5,), 1, depth=0, width=8, generator=seeded(0)).double()
    norm = torch.linalg.matrix_norm(model.encoder[1].weight, 2).item()
    assert model.lipschitz() == pytest.approx(norm, rel=1e-9)
    direction = torch.linalg.svd(model.encoder[1].weight).Vh[0].detach()
    near = 1e-3 * direction[None, None]
    with torch.no_grad():
        assert (model.features(near) - model.features(0 * near)).norm() == pytest.approx(1e-3 * norm, rel=1e-6)


def test_depth_multiplies_the_constant_of_tied_blocks():
    constants = [Implicit((5,), 4, depth=d, tied=True, generator=seeded(0)).lipschitz() for d in (1, 2, 3)]
    assert (
        constants[1] / constants[0] == pytest.approx(constants[2] / constants[1], rel=1e-9)
        and constants[1] > constants[0]
    )


def test_bayes_answers_of_a_coarser_channel():
    question = task()
    seen = question.channel.sample(4000, generator=seeded(0))
    wrong = (question.channel.bayes_answers(seen.images) != seen.target).double().mean().item()
    found = question.bayes_error(generator=seeded(1))
    assert abs(wrong - found.estimate) < 5 * math.hypot(found.standard_error, math.sqrt(found.estimate / 4000))
    everything = (0, 1, 2, 3)
    fine = channels.search(noise=0.9).information([everything], generator=seeded(2))[everything]
    coarse = question.channel.information([everything], generator=seeded(2))[everything]
    assert coarse.estimate < fine.estimate + 4 * fine.standard_error
    assert coarser(channels.search(), 1).templates.shape == channels.search().templates.shape


def test_a_coarser_channel_is_the_law_of_averaged_frames():
    """Noise by averaging noisy frames: 40 scenes of 576 coarse pixels, the deviation right to 5 of its errors."""
    fine = channels.search()
    seen = fine.sample(40, generator=seeded(0))
    noise = seen.images - fine.templates.flatten(0, 1)[seen.target]
    averaged = torch.nn.functional.avg_pool2d(noise.flatten(0, 1).movedim(-1, 1), 4)
    found = coarser(fine, 4)
    assert abs(averaged.std() / found.noise[0] - 1) < 5 / math.sqrt(2 * averaged.numel())
    squares = fine.templates.unflatten(4, (8, 4)).unflatten(3, (6, 4))
    torch.testing.assert_close(found.templates, squares.mean((4, 6)), rtol=1e-12, atol=0)


def test_places_and_letters_name_the_same_scene():
    question = task()
    seen = question.draw(500, generator=seeded(0))
    assert torch.equal(((seen.place + 1) / 2 * 7).round().long(), seen.letter) and question.tolerance == 1 / 7
    assert misses(seen.place, seen.place, question.tolerance).sum() == 0
    assert bool((misses(seen.place + 2 / 7, seen.place, question.tolerance) == 1).all())


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"depth": -1}, "depth must be a whole number"),
        ({"heads": 3}, "multiple of heads"),
        ({"encoder": "cnn"}, "encoder must be one of"),
        ({"image": (5,), "encoder": "convolution"}, "image must be"),
        ({"width": 2.0}, "width must be a whole number"),
    ],
)
def test_settings_that_make_no_network(settings, said):
    with pytest.raises(ValueError, match=said):
        Implicit(**{"image": IMAGE, "frames": 4, "generator": seeded(0)} | settings)


def test_inputs_that_make_no_training():
    model, frames = Implicit((2,), 3, generator=seeded(0)), torch.zeros(4, 3, 2)
    for targets, said in (
        (torch.zeros(3), "targets must have shape"),
        (torch.full((4,), math.nan), "targets must be finite"),
    ):
        with pytest.raises(ValueError, match=said):
            train(model, frames, targets, generator=seeded(0))
    with pytest.raises(ValueError, match="steps must be"):
        train(model, frames, torch.zeros(4), steps=0, generator=seeded(0))
    with pytest.raises(ValueError, match="left the floats"):
        train(model, frames, torch.full((4,), 1e30), steps=3, generator=seeded(0))
    with pytest.raises(ValueError, match="frames must have shape"):
        model(torch.zeros(4, 3, 5))
    with pytest.raises(TypeError, match="frames must be torch.float32"):
        model(frames.double())
    with pytest.raises(ValueError, match="tolerance"):
        misses(torch.zeros(2), torch.zeros(2))
    with pytest.raises(ValueError, match="pixels must divide"):
        coarser(channels.search(), 5)
    with pytest.raises(ValueError, match="depth of at least 1"):
        Implicit((2,), 3, depth=0, generator=seeded(0)).attention(frames)


@pytest.mark.oracle
def test_the_constant_of_a_block_by_singular_values():
    """The formula head by head, norms by LAPACK."""
    model = Implicit((5,), 4, depth=1, heads=2, width=8, generator=seeded(2)).double()
    block, norm = model.blocks[0], lambda m: torch.linalg.matrix_norm(m, 2).item()
    attention = 0.0
    for head in (slice(0, 4), slice(4, 8)):
        scores = norm(block.query.weight[head].T @ block.key.weight[head])
        attention += norm(block.out.weight[:, head] @ block.value.weight[head]) * (1 + 2 * scores * 8 / math.sqrt(4))
    expected = (1 + attention) * (1 + norm(block.up.weight) * norm(block.down.weight))
    assert block.lipschitz() == pytest.approx(expected, rel=1e-5) and block.lipschitz() >= expected * (1 - 1e-12)
