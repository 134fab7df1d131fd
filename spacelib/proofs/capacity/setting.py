"""The setting of result 1: question, observation, target, answer; accuracy, blind accuracy, mutual information.

The question s has any law. Target t and answer j live on an alphabet of M symbols, the observation o on any measure space.
n(s,o,t) is the joint density of observation and target given the question; g(s,o,j) is the answering rule, its own
randomness averaged out: the answer knows the target through question and observation only.
"""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Family, Hypothesis, Model, Space, dominated, eq, integral, le, lt, maximum, named, relative, var
from ..words import hyp, simplex

M = var("M")
QUESTION = Space("Question", "probability", ("s",))
ALPHABET = Space("Alphabet", "finite", ("j", "t"), M)
OBSERVATION = Space("Observation", "measure", ("o",))
(S,), (J, T), (O,) = QUESTION.indices, ALPHABET.indices, OBSERVATION.indices

m = Family("m", (QUESTION, ALPHABET, ALPHABET))  # joint law of answer and target given the question
n = Family("n", (QUESTION, OBSERVATION, ALPHABET))
g = Family("g", (QUESTION, OBSERVATION, ALPHABET))
SPACES, FAMILIES = (QUESTION, ALPHABET, OBSERVATION), (m, n, g)


def answered(j):
    """P(answer = j | question)."""
    return integral(T if j != T else J, m[(S, j, T) if j != T else (S, T, J)])


def prior(t):
    """P(target = t | question)."""
    return integral(J if t != J else T, m[(S, J, t) if t != J else (S, T, J)])


def observed(o=O):
    """Density of the observation given the question."""
    return integral(T, n[S, o, T])


def prior_seen(t=T):
    """P(target = t | question) from the joint law with the observation."""
    return integral(O, n[S, O, t])


ACCURACY = named("A", (), integral((S, T), m[S, T, T]))
COLLISION = named(r"\bar{q}", (), integral((S, T), answered(T) * prior(T)))
BLIND = named("A_0", (), integral(S, maximum(T, prior(T))))
ANSWER_INFORMATION = named(r"I(\hat{T};T\mid Q)", (), integral((S, J, T), relative(m[S, J, T], answered(J) * prior(T))))
INFORMATION = named(r"I(O;T\mid Q)", (), integral((S, O, T), relative(n[S, O, T], observed() * prior_seen())))
EQUIVOCATION = named(r"H(T\mid O,Q)", (), -integral((S, O, T), relative(n[S, O, T], observed())))
ENTROPY = named(r"H(T\mid Q)", (), -integral((S, T), relative(prior(T), 1)))

ALPHABET_SIZE = Hypothesis("the alphabet is not empty", lt(0, M), structural=True)
ANSWER_LAW = (hyp("m is nonnegative", le(0, m[S, J, T])), hyp("m has total mass one", eq(integral((J, T), m[S, J, T]), 1)))
OBSERVATION_LAW = (
    hyp("n is nonnegative", le(0, n[S, O, T])),
    hyp("n has total mass one", eq(integral((O, T), n[S, O, T]), 1)),
    Hypothesis("n is the version of the density that vanishes with its margins", dominated(n[S, O, T], observed() * prior_seen()), structural=True),
)
CHAIN = (
    hyp("g is nonnegative", le(0, g[S, O, J])),
    hyp("g has total mass one", eq(integral(J, g[S, O, J]), 1)),
    hyp("the answer comes from question and observation", eq(m[S, J, T], integral(O, g[S, O, J] * n[S, O, T]))),
)


def setting(rng, uniform=False, size=None, questions=None) -> Model:
    """A random model of question, observation, target and answer on small finite spaces."""
    if rng.random() < 0.15:
        return symmetric(size or rng.randint(2, 3), Fraction(rng.randint(0, 4), 4))
    size, questions, views = size or rng.randint(2, 3), questions or rng.randint(1, 2), rng.randint(1, 3)
    weight = [Fraction(rng.randint(1, 3), rng.randint(1, 3)) for _ in range(views)]
    joint, rule, answers = {}, {}, {}
    for s in range(questions):
        targets = [Fraction(1, size)] * size if uniform else simplex(rng, size)
        for t in range(size):
            for o, p in enumerate(simplex(rng, views)):
                joint[s, o, t] = targets[t] * p / weight[o]
        for o in range(views):
            guess = simplex(rng, size) if rng.random() < 0.5 else [Fraction(int(k == o % size)) for k in range(size)]
            rule |= {(s, o, j): p for j, p in enumerate(guess)}
        answers |= {(s, j, t): sum(weight[o] * rule[s, o, j] * joint[s, o, t] for o in range(views)) for j in range(size) for t in range(size)}
    return Model({"M": size}, {"m": answers, "n": joint, "g": rule}, {"Question": simplex(rng, questions, zeros=False), "Alphabet": [1] * size, "Observation": weight})


def symmetric(size: int, accuracy: Fraction) -> Model:
    """Uniform targets, the answer seen through an M-ary symmetric channel: observation and answer are one."""
    off = (1 - accuracy) / (size - 1)
    joint = {(0, j, t): (accuracy if j == t else off) / size for j in range(size) for t in range(size)}
    rule = {(0, o, j): int(o == j) for o in range(size) for j in range(size)}
    return Model({"M": size, "A": accuracy}, {"m": joint, "n": joint, "g": rule}, {"Question": [1], "Alphabet": [1] * size, "Observation": [1] * size})


def habitual(priors: list[Fraction], answer: int = 0) -> Model:
    """One question, nothing seen, always the same answer: no information, accuracy the prior of that answer."""
    size = len(priors)
    joint = {(0, 0, t): p for t, p in enumerate(priors)}
    rule = {(0, 0, j): int(j == answer) for j in range(size)}
    answers = {(0, j, t): rule[0, 0, j] * p for j in range(size) for t, p in enumerate(priors)}
    return Model({"M": size}, {"m": answers, "n": joint, "g": rule}, {"Question": [1], "Alphabet": [1] * size, "Observation": [1]})


def answered_again(model: Model) -> Model:
    """The model with the answers' law recomputed from observations and rule."""
    weights, size = model.spaces["Observation"], int(model.variables["M"])
    n, g = model.families["n"], model.families["g"]
    joint = {(s, j, t): sum(w * g[s, o, j] * n[s, o, t] for o, w in enumerate(weights)) for s in range(len(model.spaces["Question"])) for j in range(size) for t in range(size)}
    return Model(model.variables, model.families | {"m": joint}, model.spaces)
