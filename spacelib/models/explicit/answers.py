"""Answers of the geometric pipeline: what would be right if the world were as it was reconstructed."""

from collections.abc import Sequence

from spacelib.models.explicit.solids import reconstruct
from spacelib.scenes import Cameras, Tracks
from spacelib.scenes.questions import FAMILIES, FORMATS, Question
from spacelib.scenes.questions.view import View, views

MOVING = "object_movement"  # the subtasks about what moves: points that move are not triangulated
ELSEWHERE = "visual_correspondence"  # the subtasks whose pixels after the first are the second picture's
NO_ANSWER = ""


def answers(questions: Sequence[Question], tracks: Tracks, cameras: Cameras) -> list[str]:
    """An answer to each question, in the form that its benchmark asks for; "" where there is none.

    The scenes are reconstructed from the tracks (`reconstruct`) of all frames of the log, of which a question shows
    some, in the cameras as they are believed; then each question is asked of the reconstructed scene, whose exact
    answer is known. Nothing is read of a question but what it asks. There is no answer where the question is about
    moving objects, about an object that the first picture would not show, or ambiguous in the reconstructed scene.
    Parameters: questions about the B scenes of the tracks; cameras of the tracks' frames.
    Errors: ValueError for a question about a scene that has no tracks; as `triangulate`.
    """
    worlds = list(views(reconstruct(tracks, cameras), cameras))
    if wrong := [question for question in questions if not 0 <= question.scene < len(worlds)]:
        known = f"one of the {len(worlds)} scenes of the tracks"
        raise ValueError(f"answers: questions must be about {known}, got scene {wrong[0].scene} in {wrong[0].id}")
    return [_answer(question, worlds[question.scene]) for question in questions]


def _answer(question: Question, world: View) -> str:
    if question.task.startswith(MOVING) or not _shows(world, question):
        return NO_ANSWER
    families = FAMILIES[question.benchmark, question.task]
    family = next(f for f in families if f.answer_format == question.answer_format)
    exact = family.gold(world, question.frames, question.subject)
    return NO_ANSWER if exact is None else FORMATS[question.answer_format].write(exact, _FirstUnit())


def _shows(world: View, question: Question) -> bool:
    """Whether the first picture would show the objects that are asked about, and some object at its pixels."""
    first, subject = question.frames[0], question.subject
    its = subject.pixels[:1] if question.task.startswith(ELSEWHERE) else subject.pixels
    hit = (world.cast(first, pixel)[1] >= 0 for pixel in its)
    return all(world.visible_pixels[first, n] > 0 for n in subject.objects) and all(hit)


class _FirstUnit:
    """In the place of chance: of the units in which a length can be written, the first."""

    @staticmethod
    def one(values: Sequence):
        """The first of the values."""
        return values[0]
