"""The least information about the target that the two pairwise marginals allow: a batched interior-point method."""

from dataclasses import dataclass

import torch
from torch import Tensor

_TINY = torch.finfo(torch.float64).tiny
_EMPTY = 1e-18  # a cell of less is taken as empty; N such cells move an information by less than N 1e-15 nats
_ENOUGH = 1e-10  # nats between the two ends at which a problem is done
_ROUNDS = 100  # 10 to 30 are needed
_CENTRING = 0.02  # of the complementarity, what a step aims at as a rule;
_BEHIND = 10  # times the complementarity: with a wider gap the multipliers have stayed behind, and a step only centres
_BOUNDARY = 0.99  # of the way to the boundary, the most that a step goes
_DOUBLES = 2**21  # about the numbers that the largest array of a chunk holds: more would leave the cache


@dataclass
class _Problems:
    """Laws (problems, T, X1, X2) by their margins, and the iterate: q on the cells allowed, its multipliers s."""

    tx: Tensor
    ty: Tensor
    allowed: Tensor
    q: Tensor
    s: Tensor

    @classmethod
    def of(cls, law: Tensor) -> "_Problems":
        """Starts where the sources are independent given the target."""
        tx, ty, t = law.sum(3), law.sum(2), law.sum((2, 3))
        allowed = (tx > 0)[..., None] & (ty > 0)[:, :, None]
        q = tx[..., None] * ty[:, :, None] / t.clamp(min=_TINY)[..., None, None]
        return cls(tx, ty, allowed, q, allowed.to(law))

    def complementarity(self) -> Tensor:
        return (self.q * self.s).sum((1, 2, 3))

    def at(self, kept: Tensor) -> "_Problems":
        return _Problems(*(v[kept] for v in (self.tx, self.ty, self.allowed, self.q, self.s)))


def union_information(law: Tensor) -> tuple[Tensor, Tensor]:
    r"""Ends (batch,) between which the union information of laws (batch, T, X1, X2) lies, nats.

    .. math::
        \min_Q I_Q(T; X_1, X_2) = H(T) + \min_q \sum q_{txy} \ln \frac{q_{txy}}{q_{xy}}
        = H(T) + \max_{\lambda, \mu} \sum p_{tx} \lambda_{tx} + \sum p_{ty} \mu_{ty}
        \quad\text{with}\quad \sum_t e^{\lambda_{tx} + \mu_{ty}} \le 1,

    Q with the margins p_tx, p_ty of the law. Any q with these margins gives an upper end, any multipliers that meet
    the constraint a lower one; each step's q is moved onto the margins and its multipliers into the constraint, so the
    ends hold (up to rounding) however far the method came. It is a primal-dual interior-point method on q >= 0.
    Source: Makkeh, Theis and Vicente 2018 for the dual.
    """
    law = torch.where(law < _EMPTY, 0.0, law)
    targets, first, second = law.shape[1:]
    chunk = max(1, _DOUBLES // (first * second * max(first * second, targets * (first + second))))
    low, high = (torch.cat(ends) for ends in zip(*(_solve(part) for part in law.split(chunk)), strict=True))
    t = law.sum((2, 3))
    entropy = -torch.special.xlogy(t, t).sum(1)
    return low + entropy, high + entropy


def _solve(law: Tensor) -> tuple[Tensor, Tensor]:
    """Ends (problems,) of the least of sum q ln(q_txy / q_xy)."""
    problems = _Problems.of(law)
    low, high = law.new_full((len(law),), -torch.inf), law.new_full((len(law),), torch.inf)
    open_ = torch.arange(len(law), device=law.device)
    aim = _CENTRING * problems.complementarity()
    for _ in range(_ROUNDS):
        dual, primal = _dual(problems, *_step(problems, aim)), _primal(problems)
        # fmin, fmax: a step that broke down (NaN) leaves the ends as they were
        low[open_], high[open_] = torch.fmax(low[open_], dual), torch.fmin(high[open_], primal)
        wide = high[open_] - low[open_] > _ENOUGH
        if not bool(wide.any()):
            break
        left = problems.complementarity()
        aim = torch.where(primal - dual < _BEHIND * left, _CENTRING * left, left)[wide]
        open_, problems = open_[wide], problems.at(wide)
    return low, high


def _step(p: _Problems, aim: Tensor) -> tuple[Tensor, Tensor]:
    """One Newton step of the iterate in place; returns the margins' multipliers (problems, T, X1), (problems, T, X2).

    Conditions on q: ln(q_txy / q_xy) - s = lambda_tx + mu_ty, q s = tau (which sums to the aim), and the margins.
    Linear in dq they read dq = u (v + lambda + mu + rho), u = q / (1 + s), v = tau / q - ln(q_txy / q_xy),
    rho = dq_xy / q_xy, so that rho d = sum_t u (v + lambda + mu) with d = sum_t u s. Given rho the multipliers come
    from one graph Laplacian for each t (the bipartite graph of weights u); what is left is a system in rho alone.
    (Without rho it would hold 1/d, which grows without limit as d falls, and rounding would move q off the margins.)
    """
    problems, targets, first, second = p.q.shape
    tau = aim / p.allowed.sum((1, 2, 3))
    q = torch.where(p.allowed, p.q, 1.0)
    share = torch.where(p.allowed, p.q / p.q.sum(1, keepdim=True).clamp(min=_TINY), 1.0)
    target = torch.where(p.allowed, tau[:, None, None, None] / q, 0.0)
    u = p.q / (1 + p.s)
    v = target - share.clamp(min=_TINY).log()
    uv = u * v

    factor, scale = _laplacians(u)

    # Edges (T, X1 + X2, X1 X2): u at its row, -u at its column.
    rows, columns = (torch.eye(size, dtype=u.dtype, device=u.device) for size in (first, second))
    edges = torch.cat(
        [
            (rows[:, :, None] * u[:, :, None]).flatten(3),
            (-columns[:, None, :] * u[:, :, None]).flatten(3),
        ],
        2,
    )
    missing = torch.cat([p.tx - p.q.sum(3) - uv.sum(3), uv.sum(2) + p.q.sum(2) - p.ty], 2)
    both = torch.cat([edges, missing[..., None]], 3) * scale[..., None]
    half = torch.linalg.solve_triangular(factor, both, upper=False)
    half_edges, half_missing = half[..., :-1].flatten(1, 2), half[..., -1].flatten(1, 2)[..., None]

    d = (u * p.s).sum(1).flatten(1)
    system = half_edges.transpose(1, 2) @ half_edges
    system.diagonal(dim1=1, dim2=2).add_(d)
    weight = system.diagonal(dim1=1, dim2=2)
    weight = torch.where(weight > 0, weight, 1.0).rsqrt()
    system = system * weight[:, :, None] * weight[:, None]
    system.diagonal(dim1=1, dim2=2).add_(torch.where(d > 0, 1e-15, 1.0))
    right = uv.sum(1).flatten(1)[..., None] + half_edges.transpose(1, 2) @ half_missing
    rho = torch.cholesky_solve(right * weight[..., None], torch.linalg.cholesky_ex(system)[0]) * weight[..., None]
    half_rest = (half_missing - half_edges @ rho).reshape(problems, targets, first + second, 1)
    multipliers = torch.linalg.solve_triangular(factor.mT, half_rest, upper=True)[..., 0] * scale
    for_tx, for_ty = multipliers[:, :, :first], -multipliers[:, :, first:]

    dq = u * (v + for_tx[..., None] + for_ty[:, :, None] + rho.reshape(problems, 1, first, second))
    ds = torch.where(p.allowed, target - p.s - p.s / q * dq, 0.0)
    p.q += _length(p.q, dq) * dq
    p.s += _length(p.s, ds) * ds
    return for_tx, for_ty


def _laplacians(u: Tensor) -> tuple[Tensor, Tensor]:
    """Cholesky factors (problems, T, X1 + X2, X1 + X2) of the Laplacians of u at unit diagonals, and their scales.

    The null vector (all ones, unscaled) is filled in: what is solved for is orthogonal to it.
    """
    first, second = u.shape[2:]
    degree = torch.cat([u.sum(3), u.sum(2)], 2)
    scale = torch.where(degree > 0, degree, 1.0).rsqrt()
    null = degree.sqrt() / degree.sum(2, keepdim=True).clamp(min=_TINY).sqrt()
    laplacian = null[..., None] * null[..., None, :]
    between = u * scale[:, :, :first, None] * scale[:, :, None, first:]
    laplacian[:, :, :first, first:] -= between
    laplacian[:, :, first:, :first] -= between.transpose(2, 3)
    laplacian += torch.eye(first + second, dtype=u.dtype, device=u.device) * (1 + 1e-15)
    return torch.linalg.cholesky_ex(laplacian)[0], scale


def _length(value: Tensor, change: Tensor) -> Tensor:
    """The share of a change, (problems, 1, 1, 1), at most 1, that leaves the value positive."""
    limit = torch.where(change < 0, value / -change, torch.inf).amin((1, 2, 3), keepdim=True)
    return (_BOUNDARY * limit).clamp(max=1)


def _primal(p: _Problems) -> Tensor:
    """sum q ln(q_txy / q_xy) after q is moved onto the margins (cut to them, then filled up by a product)."""
    q = p.q * (p.tx / p.q.sum(3).clamp(min=_TINY)).clamp(max=1)[..., None]
    q = q * (p.ty / q.sum(2).clamp(min=_TINY)).clamp(max=1)[:, :, None]
    lack_tx, lack_ty = (p.tx - q.sum(3)).clamp(min=0), (p.ty - q.sum(2)).clamp(min=0)
    q = q + lack_tx[..., None] * lack_ty[:, :, None] / lack_ty.sum(2).clamp(min=_TINY)[..., None, None]
    return torch.special.xlogy(q, q / q.sum(1, keepdim=True).clamp(min=_TINY)).sum((1, 2, 3))


def _dual(p: _Problems, for_tx: Tensor, for_ty: Tensor) -> Tensor:
    """sum p_tx lambda + sum p_ty mu after lambda is lowered, or raised, until the constraint just holds for each x."""
    sums = torch.where(p.allowed, for_tx[..., None] + for_ty[:, :, None], -torch.inf)
    met = p.allowed.any(1)
    excess = torch.where(met, torch.logsumexp(torch.where(met[:, None], sums, 0.0), 1), -torch.inf).amax(2)
    excess = torch.where(met.any(2), excess, 0.0)
    return (p.tx * (for_tx - excess[:, None])).sum((1, 2)) + (p.ty * for_ty).sum((1, 2))
