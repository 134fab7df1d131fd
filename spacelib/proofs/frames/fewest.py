"""The least number of frames for an accuracy; what the scene's frames tell bounds what they tell about any target in it."""

from __future__ import annotations

from fractions import Fraction

from ..capacity.ceiling import HYPOTHESES, READY
from ..capacity.setting import ACCURACY, ALPHABET, ALPHABET_SIZE, BLIND, CHAIN, INFORMATION, M, O, OBSERVATION, OBSERVATION_LAW, QUESTION, S, answered_again, g, m
from ..capacity.setting import T as LETTER
from ..capacity.setting import n as lettered
from ..kernel import Combination, Expectation, Family, Hypothesis, Identity, Instance, Lemma, Model, Null, Sign, Space, Step, Theorem, dominated, eq, integral, le, lt, named, relative
from ..words import X as POINT
from ..words import hyp, kl, simplex
from .many import ABLATIONS, EACH, FRAME_MASS, FRAMES, INDEPENDENT, MASS, POSITIVE, VIEWS, b, budgeted, frames_model, most, number, one_frame, r
from .setting import PLACE, ROOM, T, TARGET, spaces_of, version

SCENE = Space("Scene", "measure", ("c",))
(C,) = SCENE.indices
d, h = Family("d", (QUESTION, OBSERVATION, SCENE)), Family("h", (QUESTION, SCENE, TARGET))
view, scene = integral(C, d[S, O, C]), integral(O, d[S, O, C])
asked = lambda o, t: integral(C, h[S, C, t] * d[S, o, C])
SCENE_INFORMATION = named(r"I(O;Z\mid Q)", (), integral((S, O, C), relative(d[S, O, C], view * scene)))
_priors = integral(O, asked(O, T))
TARGET_INFORMATION = named(r"I(O;T\mid Q)", (), integral((S, O, T), relative(asked(O, T), view * _priors)))


def scenes(rng) -> Model:
    """A random law of views and scene, and a target read off the scene."""
    q, i, c, k = rng.randint(1, 2), rng.randint(1, 3), rng.randint(1, 3), rng.randint(1, 3)
    spaces = spaces_of(rng, q, Observation=i, Scene=c, Target=k)
    law, rule = {}, {}
    for s in range(q):
        cells = [(o, z) for o in range(i) for z in range(c)]
        law |= {(s, o, z): mass / spaces["Observation"][o] / spaces["Scene"][z] for (o, z), mass in zip(cells, simplex(rng, len(cells)))}
        for z in range(c):
            rule |= {(s, z, t): p / spaces["Target"][t] for t, p in enumerate(simplex(rng, k))}
    return Model({}, {"d": law, "h": rule}, spaces)


_cost = relative(h[S, C, T] * d[S, O, C], h[S, C, T] * view * scene)
scene_processing = Theorem(
    "scene_processing", "No target is seen better than its scene", ROOM, PLACE, "data processing inequality; Cover and Thomas 2006, Theorem 2.8.1", (),
    (hyp("d is nonnegative", le(0, d[S, O, C])), *version("d", d[S, O, C], ("the law of the views", view), ("the law of the scene", scene)),
     hyp("h is nonnegative", le(0, h[S, C, T])), hyp("h has total mass one", eq(integral(T, h[S, C, T]), 1))),
    le(TARGET_INFORMATION, SCENE_INFORMATION),
    (
        Step("same zeros", dominated(h[S, C, T] * d[S, O, C], h[S, C, T] * view * scene), Sign()),
        Step("same zeros in all", dominated(asked(O, T), view * _priors), Null(("same zeros",), (C,))),
        Step("one view, one target", le(relative(asked(O, T), view * _priors), integral(C, _cost)),
             Lemma("log_sum", Instance(families={"u": lambda c: h[(S, *c, T)] * d[(S, O, *c)], "v": lambda c: h[(S, *c, T)] * view * integral(O, d[(S, O, *c)])}, indices={POINT: (C,)}))),
        Step("all of them", le(TARGET_INFORMATION, SCENE_INFORMATION), Expectation("one view, one target", (S, O, T))),
    ),
    families=(d, h), spaces=(QUESTION, OBSERVATION, SCENE, TARGET), witness=scenes, kind="order",
    says="Whatever is asked about a scene, frames tell no more about the answer than about the scene.")

# K frames, independent given the target or given the scene
_letters = Family("a", (QUESTION, FRAMES, OBSERVATION, ALPHABET))
ON_TARGET = Instance({number: number, most: most}, {"n": lambda s, o, t: lettered[(*s, *o, *t)], "a": lambda s, k, o, t: _letters[(*s, *k, *o, *t)]}, {T: (LETTER,)})
_about_scene = Family("a", (QUESTION, FRAMES, OBSERVATION, SCENE))
ON_SCENE = Instance({number: number, most: most}, {"n": lambda s, o, c: d[(*s, *o, *c)], "a": lambda s, k, o, c: _about_scene[(*s, *k, *o, *c)]}, {T: (C,)})


def at(instance, hypotheses):
    return tuple(Hypothesis(h.name, instance.claims(h.claim)[0], h.structural) for h in hypotheses)


SIGHTED = hyp("the accuracy is at least the blind accuracy", le(BLIND, ACCURACY))
TELLING = Hypothesis("some frame tells something", lt(0, most), structural=True)
FRAMES_LAW = (*POSITIVE, VIEWS, FRAME_MASS, INDEPENDENT, EACH)
_claim = le(kl(ACCURACY, BLIND) / most, number)


def answering(model: Model, always=None) -> Model:
    """The frames' model with the answer that names the likeliest target, or always the same one."""
    size, views = len(model.spaces["Target"]), len(model.spaces["Observation"])
    law = model.families["n"]
    rule = {}
    for o in range(views):
        best = max(range(size), key=lambda t: law[0, o, t]) if always is None else always
        rule |= {(0, o, j): Fraction(int(j == best)) for j in range(size)}
    families = {**model.families, "g": rule}
    return answered_again(Model(budgeted(model).variables | {"M": size}, families, {"Question": [1], "Frames": model.spaces["Frames"], "Alphabet": [1] * size, "Observation": [1] * views}))


def asked_about_all(model: Model, share=1, **how) -> Model:
    """The scene is the target, read off rightly; or the reading has total mass `share`. For ablations."""
    size, law = len(model.spaces["Target"]), model.families["n"]
    told = answering(Model(model.variables, model.families | {"n": {c: share * v for c, v in law.items()}}, model.spaces), **how)
    return Model(told.variables | budgeted(model).variables, told.families | {"d": law, "h": {(0, z, t): Fraction(share * int(z == t)) for z in range(size) for t in range(size)}},
                 told.spaces | {"Scene": [1] * size})


_FOUR_FIFTHS, _RARE = Fraction(4, 5), one_frame(Fraction(1, 2), prior=Fraction(9, 10))
fewest_frames = Theorem(
    "fewest_frames", "How many frames an accuracy takes", ROOM, PLACE, "from the ceiling and the sum bound",
    (M, number, most), (*(h for h in HYPOTHESES if h.name != "n is nonnegative"), SIGHTED, TELLING, *at(ON_TARGET, FRAMES_LAW)), _claim,
    (
        *READY,
        Step("accuracy", le(kl(ACCURACY, BLIND), INFORMATION), Lemma("ceiling_divergence", Instance({M: M}))),
        Step("frames", le(INFORMATION, number * most), Lemma("frames_budget", ON_TARGET)),
        Step("together", le(kl(ACCURACY, BLIND), number * most), Combination(((1, "accuracy"), (1, "frames")))),
        Step("fewest", _claim, Combination(((1 / most, "together"),))),
    ),
    families=(m, lettered, g, r, _letters, b), spaces=(QUESTION, ALPHABET, OBSERVATION, FRAMES), witness=lambda rng: answering(frames_model(rng)), kind="order",
    completed=answered_again,
    ablations={name: answering(model) for name, model in ABLATIONS.items() if name != MASS.name}
    | {MASS.name: answering(one_frame(_FOUR_FIFTHS, mass=Fraction(6, 5))), SIGHTED.name: answering(_RARE, always=1)},
    says="If frames are independent given the target, an accuracy takes at least its divergence from the blind accuracy, over what the best frame tells.")
_rule = Family("h", (QUESTION, SCENE, ALPHABET))
FROM_SCENE = hyp("the target comes from the scene", eq(lettered[S, O, LETTER], integral(C, _rule[S, C, LETTER] * d[S, O, C])))
SCENE_LAW = (hyp("h is nonnegative", le(0, _rule[S, C, LETTER])), hyp("h has total mass one", eq(integral(LETTER, _rule[S, C, LETTER]), 1)), FROM_SCENE,
             hyp("d has total mass one", eq(integral((O, C), d[S, O, C]), 1)))


def asking(model: Model, rng) -> Model:
    """A scene seen by frames that are independent given it; the target says which part of the scenes it is from."""
    size = len(model.spaces["Target"])
    letters = rng.randint(1, size)
    law = model.families["n"]
    rule = {(0, z, t): Fraction(int(z % letters == t)) for z in range(size) for t in range(letters)}
    seen = {(0, o, t): sum(law[0, o, z] * rule[0, z, t] for z in range(size)) for o in range(len(model.spaces["Observation"])) for t in range(letters)}
    told = answering(Model(model.variables, model.families | {"n": seen}, model.spaces | {"Target": [1] * letters}))
    return Model(told.variables | budgeted(model).variables, told.families | {"d": law, "h": rule, "r": model.families["r"], "a": model.families["a"], "b": model.families["b"]}, told.spaces | {"Scene": [1] * size})


fewest_frames_scene = Theorem(
    "fewest_frames_scene", "How many frames an accuracy takes, given the scene", ROOM, PLACE, "from the ceiling, data processing and the sum bound",
    (M, number, most), (ALPHABET_SIZE, OBSERVATION_LAW[2], *CHAIN, SIGHTED, TELLING, *SCENE_LAW, *at(ON_SCENE, FRAMES_LAW)), _claim,
    (
        Step("n is nonnegative", le(0, lettered[S, O, LETTER]), Sign()),
        Step("n has total mass one", eq(integral((O, LETTER), lettered[S, O, LETTER]), 1), Identity()),
        *READY,
        Step("accuracy", le(kl(ACCURACY, BLIND), INFORMATION), Lemma("ceiling_divergence", Instance({M: M}))),
        Step("scene", le(INFORMATION, SCENE_INFORMATION), Lemma("scene_processing", Instance(families={"h": lambda s, c, t: _rule[(*s, *c, *t)]}, indices={T: (LETTER,)}))),
        Step("frames", le(SCENE_INFORMATION, number * most), Lemma("frames_budget", ON_SCENE)),
        Step("together", le(kl(ACCURACY, BLIND), number * most), Combination(((1, "accuracy"), (1, "scene"), (1, "frames")))),
        Step("fewest", _claim, Combination(((1 / most, "together"),))),
    ),
    families=(m, lettered, g, r, d, _rule, _about_scene, b), spaces=(QUESTION, ALPHABET, OBSERVATION, FRAMES, SCENE), witness=lambda rng: asking(frames_model(rng), rng), kind="order",
    completed=answered_again,
    ablations={name: asked_about_all(model) for name, model in ABLATIONS.items() if name != MASS.name}
    | {"d has total mass one": asked_about_all(one_frame(_FOUR_FIFTHS, mass=Fraction(6, 5))), SIGHTED.name: asked_about_all(_RARE, always=1),
       "h has total mass one": asked_about_all(one_frame(_FOUR_FIFTHS), Fraction(6, 5))},
    says="If frames are independent only given the scene, count what a frame tells about the scene, not about the target.")

THEOREMS = (scene_processing, fewest_frames, fewest_frames_scene)
