"""The rate-distortion curve of a prior under Hamming distortion, and the lines that support it.

A prior p_0 >= p_1 >= ... with a level L in [0, p_1] gives the point of the curve (in the theorem's words k = j + 1 targets
lie above L; the j of them that are not the likeliest are cut down to L)

    A = p_0 + e,    e = sum_{1<=i<=j} (p_i - L),
    R = A ln(A/p_0) + sum_{1<=i<=j} p_i ln(p_0/p_i) - j L ln(p_0/L).

This is P_J - (k-1) L and sum_J p ln(1/p) + A ln A + (k-1) L ln L, logarithms taken relative to p_0: both sides of the
last difference have the same mass. The slope there is dR/dA = ln(A/L) =: s, and R is convex in A, so

    A*(I) <= A + (I - R)/s,     R(a) >= R + s (a - A)                                          (supporting line)

at *every* point of the curve, the one that I or a belongs to or another. Averages over questions of the same slope s are supported in the
same way, which is the conditional ceiling by equal slopes. So a numerical solution for s is certified by evaluating
(supporting line) outward, and an error in s costs only its square.

Rounding, in u = 2^-53. Let d be the depth of the pairwise sums. Every quantity above is a sum or product of nonnegative
numbers that are each right to a few u, the differences p_0 - p_i, p_i - p_(i+1) and p_j - L being single roundings
(where L < p_j/2 it is L that is a float and p_j - L that is rounded; elsewhere the other way round), and logarithms
are log1p of an accurate ratio. So A is right to (d + 6) u, R to (2 d + 16) u W with W the sum of the sizes of its three
terms, and the sums over questions and the divisions by the priors' own sums add at most 3 d + 8 u to each: `slack` =
(6 d + 32) u covers all. As p_i > L for the targets above it, W <= 2 s: a bound moves by at most 4 slack in all,
however small I or s.
With several questions, s and a question's own slope differ by |s - s_q| <= D = |s - computed s_q| + slack s_q. Its
information moves by at most the larger slope times D over that stretch (dR/ds = s j L A/P <= s), so
sup_I (A_q(I) - I/s) exceeds its point's value by at most D²/(2 min) (1 + D/min), min the smaller slope: `bend` is twice
that. A question below its first slope carries no information, and D is the rounding of that slope alone.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from spacelib.bounds.capacity._checks import U

STEEPEST = 700.0  # e^-700 is a normal float; a supporting line is valid at any slope
FLATTEST = 1e-160  # its square still is a float; W <= 2 s holds down to it
_NOTHING = 1e-300  # what is less likely counts as 0: dA*/dp_i <= 1, so the ceiling moves by less than that
_CLOSE = 2.0**-30  # of a step: what is left after it is about its square, and what a bound loses the square of that
_ITERATIONS = 100  # far more than needed: an unfinished search would make a bound loose, never wrong


class Curve(NamedTuple):
    """The breakpoints of the curve of each prior, (..., M - 1) each, and its first point and total, (...)."""

    tail: Tensor  # p_1, ..., p_(M-1): the levels at which a target joins
    below: Tensor  # p_0 - p_j
    excess: Tensor  # e at level p_j
    surprise: Tensor  # sum_{1<=i<=j} p_i ln(p_0/p_i)
    information: Tensor  # R at level p_j, increasing but for rounding
    slope: Tensor  # ln(A/p_j), increasing; infinite where p_j = 0
    first: Tensor  # p_0
    total: Tensor  # sum of the prior
    slack: float


class Point(NamedTuple):
    """A point of each curve (...), unnormalised: accuracy and information, what they may be off by, and where it lies."""

    accuracy: Tensor
    information: Tensor
    size: Tensor  # W: the information is right to slack W
    bend: Tensor
    level: Tensor  # L
    joined: Tensor  # p_j
    depth: Tensor  # p_j - L
    speed: Tensor  # j A L/P: dR/ds = s speed


def sums(x: Tensor) -> Tensor:
    """Prefix sums over the last axis by doubling: log2 of its length roundings each, whatever the device."""
    step = 1
    while step < x.shape[-1]:
        x = torch.cat([x[..., :step], x[..., step:] + x[..., :-step]], -1)
        step *= 2
    return x


def curve(prior: Tensor, questions: int = 1) -> Curve:
    """The curve of each prior (..., M), nonnegative with a positive sum, in any order."""
    p = prior.sort(-1, descending=True).values
    p = torch.where(p < _NOTHING, 0, p)
    if p.shape[-1] == 1:
        p = torch.cat([p, torch.zeros_like(p)], -1)
    first, tail = p[..., :1], p[..., 1:]
    below = first - tail
    others = torch.arange(1, p.shape[-1], device=p.device, dtype=p.dtype)
    excess = torch.cat([torch.zeros_like(first), sums(others[:-1] * (tail[..., :-1] - tail[..., 1:]))], -1)
    likely = tail > 0
    farther = torch.where(likely, tail * torch.log1p(below / tail), 0)
    surprise = sums(farther)
    information = (first + excess) * torch.log1p(excess / first) + surprise - others * farther
    slope = torch.where(likely, torch.log1p((below + excess) / tail), torch.inf)
    depth = (p.shape[-1] - 1).bit_length() + (questions - 1).bit_length()
    total = first + excess[..., -1:] + others[-1] * tail[..., -1:]
    return Curve(tail, below, excess, surprise, information, slope, first[..., 0], total[..., 0], (6 * depth + 32) * U)


def _at(values: Tensor, index: Tensor) -> Tensor:
    return values.gather(-1, index[..., None])[..., 0]


def entropy(c: Curve) -> Tensor:
    """R at L = 0, unnormalised: the whole of the entropy."""
    rise = c.excess[..., -1] + c.tail.shape[-1] * c.tail[..., -1]
    return c.total * torch.log1p(rise / c.first) + c.surprise[..., -1]


def point(c: Curve, slope: Tensor) -> Point:
    """The point of each curve at which dR/dA is `slope` (...), finite; the first one, with no information, below it."""
    index = (torch.searchsorted(c.slope, slope[..., None].contiguous(), right=True)[..., 0] - 1).clamp(min=0)
    tail, below, excess, surprise, start = (_at(v, index) for v in (c.tail, c.below, c.excess, c.surprise, c.slope))
    others = (index + 1).to(slope.dtype)
    mass = c.first + excess + others * tail
    ratio = torch.exp(-slope)
    # L = a P/(1 + j a) with a = L/A = e^-s
    depth = -tail * torch.expm1(-(slope - start).clamp(min=0)) / (1 + others * ratio)
    level = mass * ratio / (1 + others * ratio)
    near = depth <= tail / 2
    level = torch.where(near, tail - depth, level)
    depth = torch.where(near, depth, tail - level)
    rise = excess + others * depth
    accuracy = c.first + rise
    gained, spent = accuracy * torch.log1p(rise / c.first), others * level * torch.log1p((below + depth) / level)
    spent = torch.where(level > 0, spent, 0)
    own = torch.where(level > 0, torch.log1p((below + rise + depth) / level), slope)
    active = slope >= start  # before its first breakpoint a question has no information, exactly
    information = torch.where(active, gained + surprise - spent, 0)
    size = torch.where(active, gained + surprise + spent, 0)
    speed = torch.where(active, others * level * accuracy / mass, 0)
    off = torch.where(active, (slope - own).abs(), 0) + c.slack * own
    least = torch.minimum(slope, own)
    bend = off * off / least * (1 + off / least)
    return Point(accuracy, information, size, bend, level, tail, depth, speed)


def above(prior: Tensor, level: Tensor, joined: Tensor, depth: Tensor) -> Tensor:
    """p_i - L of every target (..., M), 0 below the level; a single rounding of it where it is small."""
    level, joined, depth = level[..., None], joined[..., None], depth[..., None]
    return torch.where(depth <= joined / 2, (prior - joined) + depth, prior - level).clamp(min=0)


def average(share: Tensor, values: Tensor) -> Tensor:
    """Mean over the questions, the last axis; shares already divided by the priors' own sums."""
    return sums(share * values)[..., -1]


def support(c: Curve, share: Tensor, slope: Tensor) -> tuple[Tensor, Tensor, Point]:
    """The line of a slope (rows): an accuracy not below its point's, an information not above it, and the points."""
    at = point(c, slope[..., None].expand(share.shape))
    accuracy = average(share, at.accuracy + at.bend) * (1 + c.slack)
    information = average(share, at.information) - c.slack * average(share, at.size)
    return accuracy, information, at


def slope_at(c: Curve, share: Tensor, information: Tensor) -> Tensor:
    """The slope at which the questions' information averages to the one given (rows), below the whole entropy.

    Start: the mean of the slopes at which each question alone would carry it, from the breakpoints around. In a = e^-s
    the average is convex and decreasing, so Newton's iterates fall on the steep side after one step and stay there.
    """
    alone = torch.minimum(information[..., None] * c.total, entropy(c) * (1 - c.slack))
    index = (torch.searchsorted(c.information, alone[..., None], right=True)[..., 0] - 1).clamp(min=0)
    last = index == c.slope.shape[-1] - 1
    following = (index + 1).clamp(max=c.slope.shape[-1] - 1)
    start, floor = _at(c.slope, index).clamp(max=STEEPEST), _at(c.information, index)
    end = torch.where(last, STEEPEST, _at(c.slope, following))
    top = torch.where(last, entropy(c), _at(c.information, following))
    # a square root is the exact start where the curve begins flat (ties), and on the steep side of a straight stretch
    part = ((alone - floor).clamp(min=0) / (top - floor).clamp(min=1e-300)).sqrt().clamp(max=1 - U)
    s = average(share * c.total, start - torch.log1p(torch.expm1(start - end) * part)).clamp(FLATTEST, STEEPEST)
    for _ in range(_ITERATIONS):
        at = point(c, s[..., None].expand(share.shape))
        gap = average(share, at.information) - information
        step = (gap / (s * average(share, at.speed)).clamp(min=1e-300)).clamp(min=-0.9)
        new = (s - torch.log1p(step)).clamp(FLATTEST, STEEPEST)
        quiet = gap.abs() <= c.slack * average(share, at.size)
        close = (new - s).abs() <= _CLOSE * s
        s = torch.where(quiet, s, new)
        if bool((quiet | close).all()):
            break
    return s


def slope_reaching(c: Curve, accuracy: Tensor) -> Tensor:
    """The slope at the point of each curve (...) whose unnormalised accuracy is the one given."""
    rise = accuracy - c.first
    index = (torch.searchsorted(c.excess, rise[..., None])[..., 0] - 1).clamp(min=0)
    tail, below, excess = (_at(v, index) for v in (c.tail, c.below, c.excess))
    depth = ((rise - excess) / (index + 1)).clamp(min=0)
    return torch.log1p((below + rise + depth) / (tail - depth).clamp(min=0)).clamp(FLATTEST, STEEPEST)


def prior_slope(prior: Tensor, slope: Tensor, level: Tensor, joined: Tensor, depth: Tensor) -> Tensor:
    """d A*/d p_i = ln(p_i/L)/s above the level (envelope theorem), less its mean: a prior counts relative to its sum."""
    gain = torch.log1p(above(prior, level, joined, depth) / level[..., None]) / slope.clamp(min=FLATTEST)[..., None]
    gain = torch.where(slope.isinf()[..., None], 1, gain.clamp(max=1))
    total = prior.sum(-1, keepdim=True)
    return (gain - (gain * prior).sum(-1, keepdim=True) / total) / total
