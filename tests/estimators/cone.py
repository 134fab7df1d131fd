"""The cone oracle of the decomposition: dit's exponential cone programme, solved by Clarabel.

dit (BSD) hands its programme to ECOS, which is under the GPL; here its place is taken by Clarabel (Apache 2.0).
"""

import sys
import types

import clarabel
import numpy as np
from scipy import sparse
from scipy.special import xlogy


def _solve(c, inequality, right, cones, equality, values, verbose):
    """ECOS's interface: least c x with A x = b and h - G x in exponential cones, which ECOS orders (x, z, y)."""
    settings = clarabel.DefaultSettings()
    settings.verbose, settings.max_threads = verbose, 1
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-10
    order = np.arange(3 * cones["e"]).reshape(-1, 3)[:, [0, 2, 1]].ravel()
    rows = sparse.vstack([equality, inequality[order]]).tocsc()
    kinds = [clarabel.ZeroConeT(len(values)), *[clarabel.ExponentialConeT()] * cones["e"]]
    square = sparse.csc_matrix((len(c), len(c)))
    found = clarabel.DefaultSolver(square, c, rows, np.concatenate([values, right[order]]), kinds, settings).solve()
    return {"x": np.array(found.x), "y": np.array(found.z)[: len(values)]}


sys.modules["ecos"] = types.SimpleNamespace(solve=_solve)  # before dit looks for it

from dit.algorithms.broja_cone import _BrojaConeSolver  # noqa: E402


def union_by_cone(law):
    """Union information in nats of one law (T, X1, X2), numpy."""
    margins = [{cell: p for cell, p in np.ndenumerate(law.sum(axis)) if p > 0} for axis in (2, 1)]
    programme = _BrojaConeSolver(*margins)
    programme.create_model()
    assert programme.solve()
    q = np.zeros(law.shape)
    for cell, mass in programme.joint_q().items():
        q[cell] = mass
    t = law.sum((1, 2))
    return xlogy(q, q).sum() - xlogy(q.sum(0), q.sum(0)).sum() - xlogy(t, t).sum()
