"""What may be shown while somebody speaks: the stage so far, the cue, the screen, a drill."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from answers import labelled, whisper_json
from rich.console import Console

from mock_interviewer.adapters.audio_files import RATE_HZ, resample
from mock_interviewer.adapters.language_files import load_language
from mock_interviewer.adapters.tone_child import RATE_HZ as TONE_HZ
from mock_interviewer.adapters.tone_child import TONES, tone
from mock_interviewer.adapters.vad import speech_probabilities
from mock_interviewer.app.listening import AnswerUnderWay, Attention
from mock_interviewer.cli.live_view import screen
from mock_interviewer.core.drills import Told, drilled, marks_between
from mock_interviewer.core.endpointing import EndPhase
from mock_interviewer.core.live import LiveState, StageNow, StagesSoFar, follow_stages, stage_now
from mock_interviewer.core.rubric import BUDGETS, Stage
from mock_interviewer.core.speech_regions import SPEECH_THRESHOLD
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.core.voice_heard import VoiceHeard, hear
from mock_interviewer.core.wording import Wording
from mock_interviewer.ports import Audio

ENGLISH = load_language()


def spoken(name: str) -> list[Word]:
    (path,) = [path for path in labelled(["dev"]) if path.stem == name]
    return [
        Word(word["word"].strip(), word["start"], word["end"], word["probability"])
        for segment in whisper_json(path)["segments"]
        for word in segment["words"]
    ]


def followed(words: list[Word], step: int = 20) -> StagesSoFar:
    stages = StagesSoFar()
    for end in [*range(step, len(words), step), len(words)]:
        stages = follow_stages(stages, words[:end], ENGLISH, words[end - 1].end_s or 0.0)
    return stages


def test_the_stage_follows_the_story_and_its_seconds_add_up() -> None:
    words = spoken("a-01")
    early, late = followed(words[:40]), followed(words)
    assert early.stage is Stage.SITUATION
    assert late.stage in (Stage.RESULT, Stage.REFLECTION)
    total_s = sum(late.told_s(stage) for stage in Stage)
    assert total_s == pytest.approx((words[-1].end_s or 0) - (words[0].start_s or 0), abs=0.1)


def test_a_long_answer_is_read_again_only_in_its_last_part() -> None:
    once = spoken("a-01")
    last_s = once[-1].end_s or 0.0
    words = [
        Word(w.text, (w.start_s or 0) + k * last_s, (w.end_s or 0) + k * last_s, w.probability)
        for k in range(4)
        for w in once
    ]
    stages = followed(words, 50)
    assert stages.settled_words > len(words) / 2
    total_s = sum(stages.told_s(stage) for stage in Stage)
    assert total_s == pytest.approx((words[-1].end_s or 0) - (words[0].start_s or 0), abs=1.0)


def test_the_cue_comes_when_a_limit_nears_and_knowledge_has_an_age() -> None:
    stages = followed(spoken("a-01")[:40])
    soon = stage_now(stages, stages.as_of_s + 3.0, BUDGETS, ENGLISH)
    late = stage_now(stages, stages.as_of_s + 40.0, BUDGETS, ENGLISH)
    assert soon is not None
    assert (soon.age_s, soon.cue) == (pytest.approx(3.0), None)
    assert late is not None
    assert late.cue == ENGLISH.sentence("live", "situation")


def drawn(state: LiveState) -> str:
    console = Console(width=100, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(screen(state, ["Your voice is very quiet."], Wording(ENGLISH)))
    console.file.close()
    return console.export_text()


def test_the_screen_is_nearly_empty_unless_more_is_wanted() -> None:
    plain = LiveState(12.0, True, False, True, -30.0)
    assert len(drawn(plain).strip().splitlines()) == 3
    now = StageNow(Stage.TASK, 26.0, BUDGETS[Stage.TASK], 3.0, "What did you do first?")
    coached = drawn(LiveState(40.0, True, False, True, -30.0, stage=now))
    assert "26 of 20 s" in coached
    assert "as of 3 s ago" in coached
    assert "What did you do first?" in coached
    counting = LiveState(40.0, True, False, False, -60.0, EndPhase.COUNTING, countdown=2)
    assert "Ends in 2" in drawn(counting)


@pytest.mark.parametrize("name", sorted(TONES))
def test_no_tone_is_taken_for_a_voice(name: str) -> None:
    sound = np.concatenate([np.zeros(TONE_HZ // 2), tone(name) / 32_767, np.zeros(TONE_HZ // 2)])
    played = resample(Audio(np.tile(sound, 3).astype(np.float32), TONE_HZ), RATE_HZ)
    assert speech_probabilities(played).max() < SPEECH_THRESHOLD


class Microphone:
    is_live, level_dbfs, recorded_s = True, -30.0, 0.0

    def __init__(self) -> None:
        self.voice = VoiceHeard(0.1)

    def begin(self, path: Path, not_before: float | None = None) -> None: ...


class Scribe:
    fault = None

    def __init__(self, words: list[Word]) -> None:
        self.all, self.words, self.until_s = words, (), 0.0

    def begin(self, recording: Path) -> None: ...

    def hear(self, voice: VoiceHeard) -> None:
        self.until_s = voice.heard_s
        self.words = tuple(w for w in self.all if (w.end_s or 0.0) < voice.heard_s - 2.0)


def test_a_situation_that_goes_on_is_interrupted_once(tmp_path: Path) -> None:
    once = [w for w in spoken("a-01") if (w.end_s or 0) < 14]
    words = [
        Word(w.text, (w.start_s or 0) + 14 * k, (w.end_s or 0) + 14 * k, 0.9)
        for k in range(5)
        for w in once
    ]
    for interrupts, expected in ((True, 1), (False, 0)):
        microphone = Microphone()
        attention = Attention(ENGLISH, interrupts=interrupts, is_coached=True)
        answer = AnswerUnderWay(microphone, attention, Scribe(words), BUDGETS)  # type: ignore[arg-type]
        answer.begin(tmp_path / "a.wav", None)
        cuts = []
        for _ in range(70):
            microphone.voice = hear(microphone.voice, [0.9] * 10)
            if answer.look().is_interrupting:
                cuts.append(microphone.voice.heard_s)
        assert len(cuts) == expected
        assert all(45.0 <= at < 60.0 for at in cuts)


def test_a_drill_says_what_the_words_of_each_stage_did() -> None:
    words = spoken("a-01")
    half_s = (words[-1].end_s or 0.0) / 2
    told = [
        Told(Stage.ACTION, BUDGETS[Stage.ACTION], 0.0, half_s, guess_s=half_s + 10),
        Told(Stage.RESULT, BUDGETS[Stage.RESULT], half_s, 2 * half_s),
    ]
    first, second = drilled(told, ((0.0, half_s),), Transcript(tuple(words)), ENGLISH)
    assert first.spoken_s == pytest.approx(half_s)
    assert second.spoken_s == 0.0
    assert Stage.SITUATION in [stage for stage, _ in first.strayed]
    assert sum(first.did_s.values()) == pytest.approx(half_s, rel=0.2)
    assert told[0].error_s == pytest.approx(10.0)
    assert drilled(told, (), None, ENGLISH)[0].did_s == {}


def test_each_mark_is_reached_once_however_the_looks_fall() -> None:
    budget = BUDGETS[Stage.TASK]
    for step_s in (0.013, 0.05, 1.0, 40.0):
        at_s, marks = 0.0, []
        while at_s < 45.0:
            marks += [mark.value for mark in marks_between(at_s, at_s + step_s, budget)]
            at_s += step_s
        assert marks == ["target", "limit"]
