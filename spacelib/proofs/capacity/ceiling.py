"""The ceiling A <= F(A0, I(O;T|Q)) for any prior, conditional on the question; and its contrapositive."""

from __future__ import annotations

from fractions import Fraction

from ..kernel import (Cases, Combination, Expectation, Identity, Instance, Least, Lemma, Member, Model, Sign, Step, Theorem, delta, dominated, eq,
                      integral, larger, le, lt, maximum, relative, sqrt, var)
from ..words import X, hyp, inverse_first, kl
from .setting import (ACCURACY, ALPHABET_SIZE, ANSWER_INFORMATION, ANSWER_LAW, BLIND, CHAIN, COLLISION, FAMILIES, INFORMATION, J, M, O,
                      OBSERVATION_LAW, S, SPACES, T, answered, answered_again, g, habitual, m, n, observed, prior, prior_seen, setting, symmetric)

ROOM, PLACE = "capacity", "result 1"
THIRD = Fraction(1, 3)
p, q, r, a = var("p", "q", "r", "a")
HYPOTHESES = (ALPHABET_SIZE, *OBSERVATION_LAW, *CHAIN)

def answered_of(x):
    """The answer's law at a point (question, answer, target)."""
    s, j, t = x
    return integral(t, m[s, j, t])


def prior_of(x):
    """The target's law at a point (question, answer, target)."""
    s, j, t = x
    return integral(j, m[s, j, t])


def observed_of(x):
    """The observation's density at a point (question, observation, target)."""
    s, o, t = x
    return integral(t, n[s, o, t])


def prior_seen_of(x):
    """The target's law at a point (question, observation, target)."""
    s, o, t = x
    return integral(o, n[s, o, t])


# The one inequality on (question, answer, target): P the joint law, Q the product of its margins, the event a right answer.
RIGHT = {"p": lambda x: m[x], "q": lambda x: answered_of(x) * prior_of(x), "f": lambda x: delta(x[1], x[2])}


def _tested(**families):
    return Instance(families=families, indices={X: (S, J, T)})


MARGINALS = (
    Step("row", le(m[S, J, T], answered(J)), Member(answered(J), T)),
    Step("column", le(m[S, J, T], prior(T)), Member(prior(T), J)),
)
def _answers(name, title, claim, steps, says, **more):
    """A theorem about the law of answer and target alone."""
    return Theorem(name, title, ROOM, PLACE, more.pop("source", "classical"), (M,), more.pop("law", (ALPHABET_SIZE, *ANSWER_LAW)), claim, steps,
                   families=FAMILIES, spaces=SPACES, witness=setting, kind="order", says=says, **more)


accuracy_at_most_one = _answers(
    "accuracy_at_most_one", "Accuracy is at most one", le(ACCURACY, 1),
    (Step("mean", le(ACCURACY, 1), Lemma("mean_at_most_one", _tested(p=RIGHT["p"], f=RIGHT["f"]))),), "Accuracy is a probability.")
collision_at_most_one = _answers(
    "collision_at_most_one", "Accuracy by habit is at most one", le(COLLISION, 1),
    (*MARGINALS, Step("mean", le(COLLISION, 1), Lemma("mean_at_most_one", _tested(p=RIGHT["q"], f=RIGHT["f"])))), "Accuracy by habit is a probability.")
right_answers = _answers(
    "right_answers", "Right answers need habits that can be right", dominated(ACCURACY, COLLISION),
    (*MARGINALS, Step("mass", dominated(ACCURACY, COLLISION), Lemma("accepted_mass", _tested(**RIGHT)))), "A model is right only where its habits could be.", law=(ALPHABET_SIZE, ANSWER_LAW[0]))
wrong_answers = _answers(
    "wrong_answers", "Wrong answers need habits that can be wrong", dominated(1 - ACCURACY, 1 - COLLISION),
    (*MARGINALS, Step("mass", dominated(1 - ACCURACY, 1 - COLLISION), Lemma("rejected_mass", _tested(**RIGHT)))), "A model is wrong only where its habits could be.", ablations={"m is nonnegative": Model(
        {"M": 2}, {"m": {(0, 0, 0): 1, (0, 0, 1): 1, (0, 1, 0): -THIRD, (0, 1, 1): -2 * THIRD}}, {"Question": [1], "Alphabet": [1, 1], "Observation": [1]})})
SAME = Instance({M: M})
_MEANS = tuple(Step(label, claim, Lemma(lemma, SAME)) for label, claim, lemma in (
    ("A is at most one", le(ACCURACY, 1), "accuracy_at_most_one"), ("q is at most one", le(COLLISION, 1), "collision_at_most_one"),
    ("right answers", dominated(ACCURACY, COLLISION), "right_answers"), ("wrong answers", dominated(1 - ACCURACY, 1 - COLLISION), "wrong_answers")))

answer_ceiling = Theorem(
    "answer_ceiling", "What the answers themselves carry", ROOM, PLACE, "Fano 1952; in this form Han and Verdu 1994",
    (M,), (ALPHABET_SIZE, *ANSWER_LAW), le(kl(ACCURACY, COLLISION), ANSWER_INFORMATION),
    (
        *MARGINALS, *_MEANS,
        Step("right or wrong", le(kl(ACCURACY, COLLISION), ANSWER_INFORMATION), Lemma("binary_data_processing", _tested(**RIGHT))),
    ),
    families=FAMILIES, spaces=SPACES, witness=setting, equality=lambda rng: symmetric(rng.randint(2, 4), Fraction(3, 4)),
    says="The answers carry at least the divergence between their accuracy and what independent answers with the same habits would score.",
)

_seen = integral(O, relative(g[S, O, J] * n[S, O, T], g[S, O, J] * observed() * prior_seen()))
information_processing = Theorem(
    "information_processing", "Answers know no more than observations", ROOM, PLACE, "data processing inequality; Cover and Thomas 2006, Theorem 2.8.1",
    (M,), tuple(h for h in HYPOTHESES if h.name != "n has total mass one"), le(ANSWER_INFORMATION, INFORMATION),
    (
        Step("same zeros", dominated(g[S, O, J] * n[S, O, T], g[S, O, J] * observed() * prior_seen()), Sign()),
        Step("m is nonnegative", le(0, m[S, J, T]), Sign()),
        *MARGINALS,
        Step("one answer, one target", le(relative(m[S, J, T], answered(J) * prior(T)), _seen),
             Lemma("log_sum", Instance(families={"u": lambda x: g[S, x[0], J] * n[S, x[0], T], "v": lambda x: g[S, x[0], J] * observed(x[0]) * prior_seen(T)}, indices={X: (O,)}))),
        Step("all of them", le(ANSWER_INFORMATION, INFORMATION), Expectation("one answer, one target", (S, J, T))),
    ),
    families=FAMILIES, spaces=SPACES, completed=answered_again, witness=setting, equality=lambda rng: symmetric(rng.randint(2, 4), Fraction(3, 4)),
    says="A model cannot tell more about the target than its frames do, if frames and question are all it has.",
)

_total = Step("m has total mass one", eq(integral((J, T), m[S, J, T]), 1), Identity())
_nonnegative = Step("m is nonnegative", le(0, m[S, J, T]), Sign())

LAW = (_nonnegative, _total)  # the answers' law, from that of observations and rule
_uniform_case = lambda rng: symmetric(rng.randint(2, 4), Fraction(3, 4))

habit_at_most_blind = _answers(
    "habit_at_most_blind", "Answering by habit is at most the best blind guess", le(COLLISION, BLIND),
    (
        Step("best guess", le(prior(T), maximum(T, prior(T))), Member(maximum(T, prior(T)), T)),
        Step("weighted", le(answered(T) * prior(T), answered(T) * maximum(T, prior(T))), Combination(((answered(T), "best guess"),))),
        Step("averaged", le(COLLISION, BLIND), Expectation("weighted", (S, T))),
    ), "Without looking, no habit beats always naming the likeliest target of the question.", equality=_uniform_case)

blind_range = _answers(
    "blind_range", "Blind accuracy is at least 1/M", le(1 / M, BLIND),
    (
        Step("best guess", le(prior(T), maximum(T, prior(T))), Member(maximum(T, prior(T)), T)),
        Step("all targets", le(1, M * BLIND), Expectation("best guess", (S, T))),
        Step("blind", le(1 / M, BLIND), Combination(((1 / M, "all targets"),))),
    ), "The best blind guess is right at least once in M times.", law=(ALPHABET_SIZE, ANSWER_LAW[1]), equality=_uniform_case)

blind_positive = _answers(
    "blind_positive", "Blind accuracy is positive", lt(0, BLIND),
    (
        Step("1/M", le(1 / M, BLIND), Lemma("blind_range", SAME)),
        Step("a positive share", lt(0, 1 / M), Sign()),
        Step("positive", lt(0, BLIND), Combination(((1, "a positive share"), (1, "1/M")))),
    ), "Some target is likelier than nothing.", law=(ALPHABET_SIZE, ANSWER_LAW[1]))

blind_at_most_one = _answers(
    "blind_at_most_one", "Blind accuracy is at most one", le(BLIND, 1),
    (
        Step("each prior is at most one", le(prior(T), 1), Member(integral((T, J), m[S, J, T]), T)),
        Step("the largest prior is at most one", le(maximum(T, prior(T)), 1), Least("each prior is at most one", maximum(T, prior(T)), T)),
        Step("averaged", le(BLIND, 1), Expectation("the largest prior is at most one", (S,))),
    ), "Blind accuracy is a probability.")

collision_ceiling = Theorem(
    "collision_ceiling", "What observations carry beyond habit", ROOM, PLACE, "Fano 1952; in this form Han and Verdu 1994",
    (M,), HYPOTHESES, le(kl(ACCURACY, COLLISION), INFORMATION),
    (
        *LAW, *MARGINALS, *_MEANS,
        Step("answers", le(kl(ACCURACY, COLLISION), ANSWER_INFORMATION), Lemma("answer_ceiling", SAME)),
        Step("processing", le(ANSWER_INFORMATION, INFORMATION), Lemma("information_processing", SAME)),
        Step("together", le(kl(ACCURACY, COLLISION), INFORMATION), Combination(((1, "answers"), (1, "processing")))),
    ),
    families=FAMILIES, spaces=SPACES, completed=answered_again, witness=setting, equality=_uniform_case,
    says="Observations carry at least the divergence between an accuracy and what the same habits would score unseen.",
)

_apart = (sqrt(n[S, O, T]) - sqrt(observed() * prior_seen())) ** 2
information_nonnegative = Theorem(
    "information_nonnegative", "Information is never negative", ROOM, PLACE, "classical",
    (M,), OBSERVATION_LAW, le(0, INFORMATION),
    (
        Step("squares", le(0, _apart), Sign()),
        Step("distance", le(0, integral((S, O, T), _apart)), Expectation("squares", (S, O, T))),
        Step("gibbs", le(integral((S, O, T), _apart), INFORMATION),
             Lemma("gibbs", Instance(families={"p": lambda x: n[x], "q": lambda x: observed_of(x) * prior_seen_of(x)}, indices={X: (S, O, T)}))),
        Step("together", le(0, INFORMATION), Combination(((1, "distance"), (1, "gibbs")))),
    ),
    families=FAMILIES, spaces=SPACES, witness=setting, kind="order",
    says="Frames cannot know less than nothing.",
)

READY = (  # what a ceiling needs to mean something
    *LAW, *_MEANS,
    Step("A0 is positive", lt(0, BLIND), Lemma("blind_positive", SAME)),
    Step("A0 is at most one", le(BLIND, 1), Lemma("blind_at_most_one", SAME)),
    Step("habit", le(COLLISION, BLIND), Lemma("habit_at_most_blind", SAME)),
    Step("collision", le(kl(ACCURACY, COLLISION), INFORMATION), Lemma("collision_ceiling", SAME)),
    Step("information is nonnegative", le(0, INFORMATION), Lemma("information_nonnegative", SAME)),
)


def _sighted(rng):
    """A model whose answers are at least as good as blind ones."""
    while True:
        model = setting(rng)
        q, mm, size = model.spaces["Question"], model.families["m"], int(model.variables["M"])
        right = sum(w * mm[s, t, t] for s, w in enumerate(q) for t in range(size))
        blind = sum(w * max(sum(mm[s, j, t] for j in range(size)) for t in range(size)) for s, w in enumerate(q))
        if right >= blind:
            return model


ceiling_divergence = Theorem(
    "ceiling_divergence", "Accuracy above blind accuracy costs information", ROOM, PLACE, "Fano 1952; in this form Han and Verdu 1994",
    (M,), (*HYPOTHESES, hyp("the accuracy is at least the blind accuracy", le(BLIND, ACCURACY))), le(kl(ACCURACY, BLIND), INFORMATION),
    (
        *READY,
        Step("q is positive", lt(0, COLLISION), Sign()),
        Step("A0 reaches one only with A", dominated(1 - ACCURACY, 1 - BLIND), Sign()),
        Step("blind instead of habit", le(kl(ACCURACY, BLIND), kl(ACCURACY, COLLISION)), Lemma("kl_second_up", Instance({p: ACCURACY, q: COLLISION, r: BLIND}))),
        Step("together", le(kl(ACCURACY, BLIND), INFORMATION), Combination(((1, "blind instead of habit"), (1, "collision")))),
    ),
    families=FAMILIES, spaces=SPACES, witness=_sighted, completed=answered_again,
    ablations={"the accuracy is at least the blind accuracy": habitual([Fraction(1, 10), Fraction(9, 10)])}, equality=lambda rng: symmetric(rng.randint(2, 4), Fraction(3, 4)),
    says="Whoever answers better than the best blind guess has at least this much information.",
)

_ceiling = inverse_first(BLIND, INFORMATION)
ceiling = Theorem(
    "ceiling", "The accuracy ceiling", ROOM, PLACE, "Fano 1952; in this form Han and Verdu 1994",
    (M,), HYPOTHESES, le(ACCURACY, _ceiling),
    (
        *READY,
        Step("blind is allowed", le(BLIND, _ceiling), Member(_ceiling, BLIND)),
        Step("not above blind", le(ACCURACY, _ceiling), Sign(), given=(le(ACCURACY, BLIND),)),
        Step("divergence", le(kl(ACCURACY, BLIND), INFORMATION), Lemma("ceiling_divergence", SAME), given=(lt(BLIND, ACCURACY),)),
        Step("above blind", le(ACCURACY, _ceiling), Member(_ceiling, ACCURACY), given=(lt(BLIND, ACCURACY),)),
        Step("ceiling", le(ACCURACY, _ceiling), Cases(("not above blind", "above blind"))),
    ),
    families=FAMILIES, spaces=SPACES, completed=answered_again, witness=setting, equality=lambda rng: symmetric(2, Fraction(1)),
    says="Accuracy is at most the largest probability whose divergence from the blind accuracy the information can pay for.",
)

_certified = kl(larger(a, BLIND), BLIND)
certified_information = Theorem(
    "certified_information", "Information certified by an accuracy", ROOM, PLACE, "contrapositive of the ceiling",
    (M, a), (*HYPOTHESES, hyp("a is at most the accuracy", le(a, ACCURACY))), le(_certified, INFORMATION),
    (
        *READY,
        Step("if a is small", le(larger(a, BLIND), 1), Sign(), given=(le(a, BLIND),)),
        Step("if a is large", le(larger(a, BLIND), 1), Sign(), given=(lt(BLIND, a),)),
        Step("at most one", le(larger(a, BLIND), 1), Cases(("if a is small", "if a is large"))),
        Step("at least blind", le(BLIND, larger(a, BLIND)), Member(larger(a, BLIND), BLIND)),
        Step("nothing shown", le(_certified, INFORMATION), Sign(), given=(le(a, BLIND),)),
        Step("divergence", le(kl(ACCURACY, BLIND), INFORMATION), Lemma("ceiling_divergence", SAME), given=(lt(BLIND, a),)),
        Step("A0 reaches one only with A", dominated(1 - ACCURACY, 1 - BLIND), Sign(), given=(lt(BLIND, a),)),
        Step("lower accuracy", le(kl(a, BLIND), kl(ACCURACY, BLIND)), Lemma("kl_first_down", Instance({p: ACCURACY, q: BLIND, r: a})), given=(lt(BLIND, a),)),
        Step("shown", le(_certified, INFORMATION), Combination(((1, "lower accuracy"), (1, "divergence"))), given=(lt(BLIND, a),)),
        Step("certified", le(_certified, INFORMATION), Cases(("nothing shown", "shown"))),
    ),
    families=FAMILIES, spaces=SPACES, completed=answered_again,
    witness=lambda rng: (lambda model: Model(model.variables | {"a": _accuracy(model) * Fraction(rng.randint(0, 4), 4)}, model.families, model.spaces))(setting(rng)),
    equality=lambda rng: (lambda model: Model(model.variables | {"a": Fraction(3, 4)}, model.families, model.spaces))(symmetric(rng.randint(2, 4), Fraction(3, 4))),
    says="A lower bound on an accuracy certifies information, never less than none; below the blind accuracy it certifies nothing.",
)


def _accuracy(model) -> Fraction:
    return sum(w * model.families["m"][s, t, t] for s, w in enumerate(model.spaces["Question"]) for t in range(int(model.variables["M"])))


THEOREMS = (accuracy_at_most_one, collision_at_most_one, right_answers, wrong_answers, answer_ceiling, information_processing, habit_at_most_blind, blind_range,
            blind_positive, blind_at_most_one, collision_ceiling, information_nonnegative, ceiling_divergence, ceiling, certified_information)
