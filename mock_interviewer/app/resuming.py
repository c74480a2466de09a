"""Going on with an interview that broke off: what has been done, and what is left.

Questions that were judged or skipped stay as they are, the others come in turn. Where a recording
of one is there, that is its answer and need not be told again; otherwise it is told as a further
take, so that nothing is written over; whoever types goes on from what was typed before. Probes that
were never put are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from mock_interviewer.app.replay import EMPTY_WAV_BYTES, latest_take, takes_in
from mock_interviewer.app.typed_words import typed_takes
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.dialogue import Dialogue
from mock_interviewer.core.json_text import json_value
from mock_interviewer.core.judging import Judgement
from mock_interviewer.core.moves import Event, Outcome, ProbeOutcome, Turn
from mock_interviewer.core.probing import ChosenProbe
from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import Disqualifier, Kind, Level, Principle, Quality, Tests, Why
from mock_interviewer.errors import BadInput
from mock_interviewer.ports import Answers, RecordedAnswer, TypedAnswer

State = Mapping[str, Any]
MOST_PROBES = 20
DONE = frozenset({"judged", "skipped"})
"""States of a question that is not asked again."""


def is_unfinished(state: State) -> bool:
    """True if a question of the session is still to be answered."""
    return any(told.get("state") not in DONE for told in state["questions"])


def question_of(told: State, known: Callable[[str], Question | None]) -> Question:
    """A question as session.json tells it, with its pack's probes and budgets where it has any."""
    try:
        text, name = told["text"], told.get("id") or ""
        if not isinstance(text, str) or not isinstance(name, str):
            raise TypeError("a question's id and text are texts")
        pack = known(name) if name else None
        return Question(
            text=text,
            id=name,
            kind=Kind(told["kind"]),
            principle=Principle(told["principle"]),
            level=Level(told["level"]),
            counts=frozenset(Disqualifier(name) for name in told["counts"]),
            probes=pack.probes if pack else (),
            overrides=pack.overrides if pack else {},
            work=pack.work if pack else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"The session's list of questions is damaged ({error}).") from None


def dialogue_of(
    folder: Path,
    state: State,
    known: Callable[[str], Question | None],
    analysis_of: Callable[[Path], Analysis],
) -> Dialogue:
    """Where the interview stood. analysis_of takes the folder of a judged question."""
    questions = tuple(question_of(told, known) for told in state["questions"])
    probes_wanted = state.get("probes_wanted", 2)
    if not isinstance(probes_wanted, int) or not 0 <= probes_wanted <= MOST_PROBES:
        raise BadInput(f"{folder / 'session.json'} is damaged: 'probes_wanted' is no small number.")
    done = {}
    for index, (told, question) in enumerate(zip(state["questions"], questions, strict=True)):
        if told.get("state") == "skipped":
            done[index] = Outcome(question, is_skipped=True)
        elif told.get("state") == "judged" and told.get("folder"):
            answer = folder / told["folder"]
            done[index] = Outcome(question, analysis_of(answer), probes_of(answer))
    left = [index for index in range(len(questions)) if index not in done]
    first = left[0] if left else len(questions)
    return Dialogue(
        questions,
        probes_wanted=int(state.get("probes_wanted", 2)),
        outcomes=tuple(done[index] for index in range(first)),
        takes_before={index: _takes_before(folder, index) for index in left},
        done_before={index: outcome for index, outcome in done.items() if index > first},
    )


def left_behind(session: Path, question_index: int) -> Path | None:
    """The recording of a question's latest take; None where that was typed or nothing is there."""
    for answer in session.glob(f"q{question_index + 1}-*"):
        take = latest_take(answer)
        recording = take.with_name(take.name + ".wav") if take else None
        if (
            recording is not None
            and recording.is_file()
            and recording.stat().st_size > EMPTY_WAV_BYTES
        ):
            return recording
    return None


def waits_to_be_heard(session: Path, state: State) -> bool:
    """True if an answer that an interview goes on with is a recording."""
    left = [n for n, told in enumerate(state["questions"]) if told.get("state") not in DONE]
    return any(left_behind(session, index) is not None for index in left)


def _takes_before(session: Path, question_index: int) -> int:
    """How many takes stay as they are: all, but for the recording that is the answer."""
    spoken = _spoken(session, question_index)
    if left_behind(session, question_index) is not None:
        return spoken - 1
    return max(spoken, _typed(session, question_index))


def _spoken(session: Path, question_index: int) -> int:
    """The number of a question's last take that was heard or written down; 0 without any."""
    folders = session.glob(f"q{question_index + 1}-*")
    return max((take for folder in folders for take in takes_in(folder)), default=0)


def _typed(session: Path, question_index: int) -> int:
    """The same of the takes of which lines are kept."""
    folders = session.glob(f"q{question_index + 1}-*")
    return max((take for folder in folders for take in typed_takes(folder)), default=0)


def probes_of(answer: Path) -> tuple[ProbeOutcome, ...]:
    """The probes of a judged question; one whose judgement cannot be read is left out."""
    found = []
    for path in sorted(answer.glob("probe*.judgement.json")):
        try:
            told = json_value(path.read_text(encoding="utf-8"))
            judged = told["judgement"]
            probe = ChosenProbe(told["probe"], Tests(told["tests"]), told["because"])
            judgement = Judgement(
                Quality(judged["quality"]),
                Why(judged["why"]),
                judged["evidence"],
                judged["rescores"],
            )
        except (OSError, KeyError, TypeError, ValueError):
            continue
        found.append(ProbeOutcome(probe, judgement))
    return tuple(found)


class ResumedAnswers:
    """The recordings that were left behind, each once, else whatever the person says."""

    def __init__(self, folder: Path, questions: Iterable[int], then: Answers) -> None:
        """questions: those that are left, by index."""
        left = {index: left_behind(folder, index) for index in questions}
        self._left = {index: recording for index, recording in left.items() if recording}
        self._then = then

    @property
    def has_recording(self) -> bool:
        """True if an answer was left behind that nobody has judged."""
        return bool(self._left)

    def listen(
        self, turn: Turn, asked: str, recording: Path
    ) -> RecordedAnswer | TypedAnswer | Event:
        left = self._left.pop(turn.question_index, None)
        if left is not None and turn.is_opening:
            return RecordedAnswer(left)
        return self._then.listen(turn, asked, recording)
