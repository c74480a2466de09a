"""An answer in the page as it goes on: what a browser is told, how it ends, what takes it back."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from mock_interviewer import wiring
from mock_interviewer.adapters.language_files import load_language
from mock_interviewer.app.listening import Attention
from mock_interviewer.core.endpointing import EndingRules
from mock_interviewer.core.moves import StopWanted, Turn
from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import LONG_SITUATION_S
from mock_interviewer.core.speech_regions import Regions
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.core.voice_heard import VoiceHeard, hear
from mock_interviewer.ports import RecordedAnswer
from mock_interviewer.web import live, screen
from mock_interviewer.web.room import Room

FRAME_S = 0.1
STORY = (
    "last summer the booking page of our hotel broke every weekend and nobody owned it "
    "so i had to find the reason before the season began and i read every line of the log"
)
SITUATION = (
    "last summer i worked at the front desk of a big hotel and the booking page broke every "
    "weekend and many guests stood in a long line at the desk and had nowhere to sleep"
)


class Take:
    thinking_s = None

    def __init__(self, voice: VoiceHeard) -> None:
        self.duration_s = voice.heard_s
        self.regions: Regions = voice.regions(voice.heard_s)


class Microphone:
    """Half a second goes by at each look: is_speech says in which there is a voice."""

    is_live, level_dbfs = True, -30.0

    def __init__(self, spoken: list[bool]) -> None:
        self.voice, self._spoken = VoiceHeard(FRAME_S), spoken
        self.held: list[float] = []

    @property
    def recorded_s(self) -> float:
        is_speech = self._spoken.pop(0) if self._spoken else False
        self.voice = hear(self.voice, [0.9 if is_speech else 0.0] * 5)
        return self.voice.heard_s

    def begin(self, path: Path, not_before: float | None = None) -> None: ...

    def pause(self) -> None:
        self.held += [self.voice.heard_s]

    resume = pause

    def end(self) -> Take:
        return Take(self.voice)

    def __enter__(self) -> Microphone:
        return self

    def __exit__(self, *_: object) -> None: ...


class Scribe:
    fault = None

    def __init__(self, story: str = STORY) -> None:
        self._story = story.split()
        self.words: tuple[Word, ...] = ()
        self.until_s = 0.0

    def begin(self, recording: Path) -> None: ...

    def hear(self, voice: VoiceHeard) -> None:
        self.until_s = min(10.0, voice.heard_s)
        told = int(self.until_s / 10.0 * len(self._story))
        step_s = 10.0 / len(self._story)
        self.words = tuple(
            Word(text, at * step_s, (at + 1) * step_s, 0.9)
            for at, text in enumerate(self._story[:told])
        )

    def finish(self, regions: Regions, duration_s: float, progress: object) -> Transcript:
        return Transcript(self.words, duration_s=duration_s)


class Tones(list[str]):
    play = list[str].append


class WatchedRoom(Room):
    """Keeps all that it showed; wishes at a moment of the countdown."""

    undo_at: int | None = None

    def show(self, **changes: Any) -> None:
        super().show(**changes)
        if "countdown" not in changes:
            return
        self.__dict__.setdefault("seen", []).append(changes)
        if changes["countdown"] is not None and changes["countdown"] == self.undo_at:
            self.undo_at = None
            self.wish("undo")


def room(attention: Attention, spoken: list[bool]) -> tuple[WatchedRoom, Tones]:
    made = WatchedRoom(
        lambda _: Microphone(spoken),  # type: ignore[arg-type, return-value]
        None,
        0.0,
        attention,
        wiring.words_of_page(),
        is_typed=False,
        questions=(Question("Tell me about a fault that nobody owned."),),
    )
    tones = Tones()
    made.keep_in("session")
    made.prepare(Scribe(), tones)  # type: ignore[arg-type]
    return made, tones


def runs(values: list[Any]) -> list[Any]:
    return [value for at, value in enumerate(values) if at == 0 or values[at - 1] != value]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "TICK_S", 0.001)


def test_a_silence_ends_an_answer_after_a_countdown_that_can_be_taken_back(tmp_path: Path) -> None:
    rules = EndingRules(is_auto=True, patience_s=2.0)
    watched, tones = room(Attention(load_language(), rules), [True] * 20)
    watched.undo_at = 2
    answer = watched.listen(Turn(0), "", tmp_path / "take1.wav")
    seen = watched.__dict__["seen"]
    assert runs([each["countdown"] for each in seen]) == [None, 3, 2, None, 3, 2, 1, None]
    told = [each["ending"] for each in seen]
    assert runs(told) == ["listening", "counting", "listening", "counting", "ended", "over"]
    assert tones == ["tick", "tick", "tick", "tick", "tick", "ended"]
    assert isinstance(answer, RecordedAnswer)
    assert answer.along is not None
    assert answer.along.finish is not None
    assert answer.along.finish(None).text == STORY  # written while it was spoken
    assert watched.shown["phase"] == "writing"


def test_without_a_wish_for_it_no_silence_ends_anything(tmp_path: Path) -> None:
    watched, tones = room(Attention(load_language()), [True] * 20)

    def stop_at_the_minute(**changes: Any) -> None:
        WatchedRoom.show(watched, **changes)
        if changes.get("recorded_s") == 60.0:
            watched.wish("done")

    watched.show = stop_at_the_minute  # type: ignore[method-assign]
    watched.listen(Turn(0), "", tmp_path / "take1.wav")
    seen = watched.__dict__["seen"]
    assert seen[-1]["recorded_s"] >= 60.0
    assert {each["ending"] for each in seen} == {"listening"}
    assert {each["stage"] for each in seen} == {None}
    assert tones == []


def test_a_coached_answer_shows_its_stage_against_the_questions_budget(tmp_path: Path) -> None:
    rules = EndingRules(is_auto=True, patience_s=2.0)
    watched, _ = room(Attention(load_language(), rules, is_coached=True), [True] * 20)
    watched.listen(Turn(0), "", tmp_path / "take1.wav")
    stages = [each["stage"] for each in watched.__dict__["seen"] if each["stage"]]
    budget = Question("").budgets
    first, last = stages[0], stages[-1]
    assert first["name"] == "situation"
    assert first["target_s"] == budget[first["name"]].target_s
    assert 0 < first["share"] < first["target_share"] < 1
    assert first["status"] == "on_target"
    assert first["age_s"] == 0
    assert last["age_s"] > 2  # nothing was said since
    reply, _ = room(Attention(load_language(), rules, is_coached=True), [True] * 20)
    reply.listen(Turn(0, probe_index=0), "", tmp_path / "probe1.wav")
    assert {str(each["stage"]) for each in reply.__dict__["seen"]} == {"None"}  # it has none


def test_a_long_situation_is_cut_into_once_and_what_is_said_then_is_not_recorded(
    tmp_path: Path,
) -> None:
    attention = Attention(load_language(), interrupts=True)
    microphone = Microphone([True] * 200)
    watched, _ = room(attention, [])
    watched.prepare(Scribe(SITUATION), None)  # type: ignore[arg-type]
    watched._open_microphone = lambda _: microphone  # type: ignore[assignment, return-value]
    shown: list[dict[str, Any]] = []

    def note(**changes: Any) -> None:
        WatchedRoom.show(watched, **changes)
        if changes.get("interruption"):
            shown.append(changes)
        if changes.get("recorded_s") == 80.0:
            watched.wish("done")

    watched.show = note  # type: ignore[method-assign]
    watched.listen(Turn(0), "", tmp_path / "take1.wav")
    (cut,) = shown
    assert cut["phase"] == "interrupted"
    assert cut["interruption"] == "Let me stop you there: what did you do?"
    held_at, went_on_at = microphone.held
    assert held_at == went_on_at
    assert LONG_SITUATION_S <= held_at < LONG_SITUATION_S + 6


class Playing:
    """A question that is being spoken until somebody wants something."""

    def __init__(self) -> None:
        self.is_stopped = False

    def __enter__(self) -> Playing:
        return self

    def __exit__(self, *_: object) -> None: ...

    def wait(self, seconds: float) -> bool:
        return self.is_stopped

    def stop(self) -> None:
        self.is_stopped = True


def test_a_stop_while_the_question_is_spoken_ends_the_interview(tmp_path: Path) -> None:
    spoken = [True] * 20
    watched, _ = room(Attention(load_language()), spoken)
    watched._play = lambda path: Playing()  # type: ignore[assignment, return-value]
    heard_out = watched._hear_out

    def press_stop(path: Path, play: Any) -> None:
        watched.wish("stop")
        heard_out(path, play)

    watched._hear_out = press_stop  # type: ignore[method-assign]
    watched.show_question(Turn(0), "Why?", tmp_path / "question.wav")
    assert isinstance(watched.listen(Turn(0), "Why?", tmp_path / "take1.wav"), StopWanted)
    assert len(spoken) == 20  # nothing was recorded


def test_only_a_stop_outlives_what_it_was_pressed_in(tmp_path: Path) -> None:
    watched, _ = room(Attention(load_language()), [])
    watched.wish("done")
    watched.forget_wishes()
    assert watched.next_wish(0.0) is None
    watched.stop()  # as another interview, or the program's end, does at any moment
    watched.wish("done")
    watched.forget_wishes()
    assert watched.next_wish(0.0) == ("stop", "")
    watched._is_typed = True
    assert isinstance(watched.listen(Turn(0), "Why?", tmp_path / "take1.wav"), StopWanted)


class StandIn:
    """A screen that takes its time to end."""

    def __init__(self) -> None:
        self.is_over = True

    def start(self, _: object) -> None:
        self.is_over = False

    def stop(self) -> None:
        time.sleep(0.1)
        self.is_over = True


def test_of_two_things_begun_at_once_only_the_one_that_can_be_reached_goes_on() -> None:
    app = SimpleNamespace(state=SimpleNamespace(screen=None, begins=threading.Lock()))
    request, screens = SimpleNamespace(app=app), [StandIn() for _ in range(3)]
    begun = [
        threading.Thread(target=live.begin_screen, args=(request, screen, lambda: None))
        for screen in screens
    ]
    with patch.object(live, "Screen", StandIn):
        for thread in begun:
            thread.start()
        for thread in begun:
            thread.join()
    assert [screen for screen in screens if not screen.is_over] == [app.state.screen]
