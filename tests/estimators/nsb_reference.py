"""The NSB posterior once more, in 30 digits and straight from the papers: integral over beta, second moment by pairs."""

from collections import Counter

import mpmath as mp


def nsb_moments(counts, alphabet, nodes_per_unit=4, low=-40, high=60) -> tuple[float, float]:
    """Posterior mean and standard deviation of the entropy (Nemenman, Shafee and Bialek 2002; Wolpert and Wolf 1995).

    ln beta runs over (low, high), which must hold all but nothing of the posterior.
    """
    with mp.workdps(30):
        cells = Counter(int(n) for n in counts)
        cells[0] += alphabet - len(counts)
        steps = range(int(low * nodes_per_unit), int(high * nodes_per_unit))
        nodes = [_node(cells, alphabet, mp.e ** (mp.mpf(k) / nodes_per_unit)) for k in steps]
        top = max(log for log, *_ in nodes)
        weights = [mp.e ** (log - top) for log, *_ in nodes]
        mean, square = (sum(w * node[i] for w, node in zip(weights, nodes, strict=True)) / sum(weights) for i in (1, 2))
        return float(mean), float(mp.sqrt(square - mean**2))


def _node(cells, alphabet, beta):
    """ln of the weight of beta in an integral over ln beta; E[H | n, beta]; E[H^2 | n, beta]."""
    total = sum(c * n for n, c in cells.items()) + alphabet * beta
    log = mp.loggamma(alphabet * beta) - mp.loggamma(total) + mp.log(beta)
    log += sum(c * (mp.loggamma(n + beta) - mp.loggamma(beta)) for n, c in cells.items())
    log += mp.log(alphabet * mp.psi(1, alphabet * beta + 1) - mp.psi(1, beta + 1))
    return log, *dirichlet_moments(cells, beta)


def dirichlet_moments(cells, beta):
    """E[H] and E[H^2] where `cells[n]` parameters of a Dirichlet law are n + beta."""
    parameters = [(mp.mpf(n) + beta, c) for n, c in cells.items()]
    total = sum(c * a for a, c in parameters)
    mean = mp.psi(0, total + 1) - sum(c * a * mp.psi(0, a + 1) for a, c in parameters) / total
    centre, spread = mp.psi(0, total + 2), mp.psi(1, total + 2)
    # E[p_i ln p_i p_j ln p_j] a(a+1) for i != j is a_i a_j (u_i u_j - spread), u = psi(a + 1) - centre
    u = [(a, c, mp.psi(0, a + 1) - centre) for a, c in parameters]
    pairs = sum(c * a * x for a, c, x in u) ** 2 - sum(c * (a * x) ** 2 for a, c, x in u)
    pairs -= spread * (total**2 - sum(c * a**2 for a, c, _ in u))
    alone = sum(
        c * a * (a + 1) * ((mp.psi(0, a + 2) - centre) ** 2 + mp.psi(1, a + 2) - spread) for a, c in parameters
    )
    return mean, (pairs + alone) / (total * (total + 1))
