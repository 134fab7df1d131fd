"""Blahut and Arimoto's iteration for the rate-distortion curve, with a certificate of how far it still is.

It knows nothing of the closed form: any distortion matrix d, one slope s. Wanted is Phi(s) = min over channels of
I + s E d. For a law q of the answers let Z_i = sum_j q_j e^(-s d_ij) and c_j = sum_i p_i e^(-s d_ij)/Z_i. Then
(Blahut 1972, theorem 6; Csiszar 1974)

    -sum_i p_i ln Z_i - ln max_j c_j  <=  Phi(s)  <=  -sum_i p_i ln Z_i,

the maximum being over *all* answers, those with q_j = 0 among them. So whatever led to q, the certificate stands on its
own. That allows a short cut where the plain iteration q_j <- q_j c_j crawls (small s; answers that leave the support at
a critical slope): between its rounds, Newton's step for the convex function -sum_i p_i ln Z_i + sum_j q_j, cut off at 0.
"""

from typing import NamedTuple

import numpy as np


class Certified(NamedTuple):
    """A channel's information and mean distortion, and a lower bound of Phi that proves how good it is."""

    information: float
    distortion: float
    least: float  # Phi(s) is at least this
    gap: float  # and the channel's I + s D is at most this above it


def channel_figures(prior, channel, distortion):
    joint = prior[:, None] * channel
    answers = joint.sum(0)
    ratio = np.divide(channel, answers, out=np.ones_like(channel), where=channel > 0)
    return float((joint * np.log(ratio)).sum()), float((joint * distortion).sum())


def blahut_arimoto(prior, distortion, slope, tolerance=1e-11, rounds=60) -> Certified:
    kernel = np.exp(-slope * distortion)
    law = np.full(distortion.shape[1], 1 / distortion.shape[1])

    def certificate(law):
        norm = kernel @ law
        gains = kernel.T @ (prior / norm)
        return norm, gains, float(np.log(gains.max()))

    best = (np.inf, law)
    for _ in range(rounds):
        for _ in range(10):
            norm, gains, gap = certificate(law)
            best = min(best, (gap, law), key=lambda pair: pair[0])
            law = law * gains / (law @ gains)
        norm, gains, gap = certificate(law)
        best = min(best, (gap, law), key=lambda pair: pair[0])
        if best[0] <= tolerance * min(slope, 1):
            break
        free = (law > 0) | (gains > 1)
        part = kernel[:, free] / norm[:, None] * np.sqrt(prior)[:, None]
        step = np.linalg.lstsq(part.T @ part, 1 - gains[free], rcond=1e-14)[0]  # singular where answers are alike
        law[free] = np.maximum(law[free] - step, 0)
        law = law / law.sum()
    gap, law = best
    norm = kernel @ law
    information, mean = channel_figures(prior, kernel * law / norm[:, None], distortion)
    least = float(-(prior * np.log(norm)).sum()) - gap
    return Certified(information, mean, least, information + slope * mean - least)
