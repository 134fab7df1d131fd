"""The samples: how many are enough and how many necessary, in which regime; what d_eff and K_max are, and what of an architecture enters them."""

from . import attention, certificate, gaussian, heavy, lower, minimax, mixtures, moments, pacbayes, ranks, single, squares

THEOREMS = (*moments.THEOREMS, *pacbayes.THEOREMS, *squares.THEOREMS, *mixtures.THEOREMS, *certificate.THEOREMS, *single.THEOREMS, *lower.THEOREMS, *heavy.THEOREMS, *minimax.THEOREMS,
            *gaussian.THEOREMS, *ranks.THEOREMS, *attention.THEOREMS)
