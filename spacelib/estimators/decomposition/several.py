"""Co-information and O-information: redundancy against synergy among more than two frames, in one number."""

from collections.abc import Callable, Sequence
from itertools import combinations

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require_law
from spacelib.estimators.decomposition._covariance import Covariance

Entropy = Callable[[Sequence[int]], Tensor]


def co_information(law: Number, variables: int) -> Number:
    r"""Information that all variables share, negative where it is synergy that they share; batched.

    .. math:: I(X_1; \dots; X_n) = -\sum_{\emptyset \ne A} (-1)^{|A|} H(X_A)

    Two variables: their mutual information. Three: redundancy less synergy of any two about the third, whatever the
    measure. From four on the sign has no such reading.
    Parameters: law (\*batch, X1, ..., Xn), entries >= 0 that sum to one; variables n >= 2, the number of its last
    axes that are variables. Returns nats, shape (\*batch), in kind.
    Errors: TypeError or ValueError for variables; ValueError for NaN, negative entries or a sum other than one.
    Source: McGill 1954; Bell 2003.
    """
    entropy, leave = _of_law("co_information", law, variables, 2)
    return leave(_co_information(entropy, variables))


def o_information(law: Number, variables: int) -> Number:
    r"""Total correlation less dual total correlation: positive where redundancy prevails, negative where synergy does.

    .. math:: \Omega = (n - 2) H(X_1, \dots, X_n) + \sum_i \left[ H(X_i) - H(X_{-i}) \right]

    Three variables: the co-information.
    Parameters: law (\*batch, X1, ..., Xn), entries >= 0 that sum to one; variables n >= 3, the number of its last
    axes that are variables. Returns nats, shape (\*batch), in kind. Errors: as `co_information`.
    Source: Rosas, Mediano, Gastpar and Jensen 2019.
    """
    entropy, leave = _of_law("o_information", law, variables, 3)
    return leave(_o_information(entropy, variables))


def co_information_gaussian(covariance: Number, sizes: tuple[int, ...]) -> Number:
    r"""`co_information` of jointly Gaussian vectors, from their covariance; batched.

    .. math:: I(X_1; \dots; X_n) = -\sum_{\emptyset \ne A} (-1)^{|A|} \tfrac12 \ln \det \Sigma_A

    Parameters: covariance (\*batch, n, n), symmetric and positive definite; sizes, the dimensions of two or more
    vectors in the order of its rows, which sum to n. Returns nats, shape (\*batch), in kind.
    Errors: TypeError for sizes that are no whole numbers; ValueError for sizes that do not fit, a matrix that is not
    symmetric, or correlations with an eigenvalue below 1e-9, where rounding would decide.
    Source: Bell 2003; Cover and Thomas 2006, theorem 8.4.1.
    """
    given = Covariance("co_information_gaussian", covariance, sizes, least=2)
    return given.leave(_co_information(given.entropy, given.variables))


def o_information_gaussian(covariance: Number, sizes: tuple[int, ...]) -> Number:
    r"""`o_information` of jointly Gaussian vectors, from their covariance; batched.

    .. math::
        \Omega = \tfrac12 (n - 2) \ln \det \Sigma + \tfrac12 \sum_i \ln \frac{\det \Sigma_i}{\det \Sigma_{-i}}

    Parameters, returns and errors: as `co_information_gaussian`, with at least three vectors.
    Source: Rosas, Mediano, Gastpar and Jensen 2019.
    """
    given = Covariance("o_information_gaussian", covariance, sizes, least=3)
    return given.leave(_o_information(given.entropy, given.variables))


def _co_information(entropy: Entropy, variables: int) -> Tensor:
    subsets = (subset for size in range(1, variables + 1) for subset in combinations(range(variables), size))
    return sum((-1) ** (len(subset) + 1) * entropy(subset) for subset in subsets)


def _o_information(entropy: Entropy, variables: int) -> Tensor:
    every = range(variables)
    return (variables - 2) * entropy(every) + sum(entropy((i,)) - entropy([j for j in every if j != i]) for i in every)


def _of_law(function: str, law: Number, variables: int, least: int) -> tuple[Entropy, Callable[[Tensor], Number]]:
    """The entropies of subsets of the law's variables, and the way back out."""
    if isinstance(variables, bool) or not isinstance(variables, int):
        raise TypeError(f"{function}: variables must be a whole number, got {type(variables).__name__}")
    if variables < least:
        raise ValueError(f"{function}: variables must be at least {least}, got {variables}")
    (p,), leave = admit(function, {"law": variables}, law=law)
    require_law(function, "law", p, law, axes=variables)
    axes = tuple(range(-variables, 0))
    p = p / p.sum(axes, keepdim=True)

    def entropy(subset: Sequence[int]) -> Tensor:
        others = tuple(axis for i, axis in enumerate(axes) if i not in subset)
        margin = (p.sum(others) if others else p).flatten(p.ndim - variables)
        return -torch.special.xlogy(margin, margin).sum(-1)

    return entropy, leave
