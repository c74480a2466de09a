"""Settings to adapters: the only place that picks which adapter serves which port.

Everything heavy is imported inside the function that needs it, so that help and replay of a
transcript start at once.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mock_interviewer.adapters import corrections
from mock_interviewer.adapters.language_files import (
    language_called,
    languages_called,
    load_language,
)
from mock_interviewer.adapters.session_folders import (
    SessionFolder,
    SessionFolders,
    as_text,
    plain_disk_errors,
    write_whole,
)
from mock_interviewer.core.question import AskedAs, Question
from mock_interviewer.core.rubric import Tests, Verdict
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.settings import USUAL_LANGUAGE, Home, uses_encoder

if TYPE_CHECKING:
    from mock_interviewer.adapters.pack_files import Fault, Packs
    from mock_interviewer.adapters.sound_devices import SoundDevice
    from mock_interviewer.app.interview import Desk
    from mock_interviewer.app.replay import Replayer
    from mock_interviewer.core.analysis import Analysis
    from mock_interviewer.core.correction import StageMark
    from mock_interviewer.core.dialogue import Dialogue
    from mock_interviewer.core.guessing import Guess
    from mock_interviewer.core.judging import Judgement
    from mock_interviewer.core.language import Language
    from mock_interviewer.core.models import OfferedModel
    from mock_interviewer.core.pattern import Pattern
    from mock_interviewer.core.probing import ChosenProbe, ProbePhrases
    from mock_interviewer.core.wording import Wording
    from mock_interviewer.ports import (
        Answers,
        Audio,
        InterviewView,
        OpenMicrophone,
        PlayAudio,
        PlaySound,
        Progress,
        Speaker,
        Transcriber,
    )

LISTENING_TICK_S = 0.05
Regions = tuple[tuple[float, float], ...]


def keep_private() -> None:
    """What this process writes is for its owner only."""
    os.umask(0o077)


class SystemClock:
    """The machine's clock."""

    def now_at(self) -> datetime:
        return datetime.now(UTC)


class NoTranscriber:
    """Stands where answers are typed and nothing is to be recognised."""

    name = "typed"

    def transcribe(self, audio: Audio, progress: Progress | None = None) -> Transcript:
        raise AssertionError("a typed interview has no recording")


@cache
def packs(home: Home) -> Packs:
    """Our questions in the language and the person's own."""
    from mock_interviewer.adapters.pack_files import load_packs

    return load_packs(home.questions, home.language)


def pattern(home: Home, name: str) -> Pattern:
    """A whole pattern by its id. Raises UnknownName."""
    return packs(home).find_pattern(name)


def guess_of(home: Home, question: str) -> Guess:
    """What a question in the person's own words asks for."""
    from mock_interviewer.core import guessing

    return guessing.guess_of(question, language_of(home))


def language_of(home: Home | None, transcript: Transcript | None = None) -> Language:
    """The language of the command line, else the transcript's if it is here, else the usual one."""
    asked = home.asked_language if home else None
    claimed = language_called(transcript.language) if transcript and transcript.language else None
    code = asked or claimed or (home.usual_language if home else USUAL_LANGUAGE)
    return load_language(code, with_encoder=uses_encoder(home))


def words_of_page() -> Wording:
    """The words of the page and the file, whose sentences are all in one language."""
    from mock_interviewer.core.wording import Wording

    return Wording(load_language(USUAL_LANGUAGE))


def default_question(home: Home, transcript: Transcript | None = None) -> str:
    """What was asked, in the language spoken, where nobody says."""
    return language_of(home, transcript).sentence("about", "default_question")


def probe_phrases(language: str) -> ProbePhrases:
    """The wordings of probes."""
    from mock_interviewer.adapters.probe_phrases import load_probe_phrases

    return load_probe_phrases(language)


def analyse(
    transcript: Transcript,
    question: Question,
    regions: Regions | None,
    hums: Regions | None = None,
    marks: Sequence[StageMark] = (),
    *,
    home: Home | None = None,
) -> Analysis:
    """The core's analysis with the language's tables and the probes' phrases."""
    from mock_interviewer.core import analysis

    language = language_of(home, transcript)
    return analysis.analyse(
        transcript,
        question,
        language,
        probe_phrases(language.code),
        speech_regions=regions,
        hums=hums,
        marks=marks,
    )


def find_hums(audio: Audio, transcript: Transcript) -> Regions:
    """Fillers in the sound that no word covers."""
    from mock_interviewer.core import hums

    return hums.find_hums(audio.samples, audio.rate_hz, transcript)


def judge_reply(
    question: Question,
    story: Transcript | None,
    probe: ChosenProbe,
    reply: Transcript,
    *,
    home: Home | None = None,
) -> Judgement:
    """The core's judgement of a reply to a probe."""
    from mock_interviewer.core import judging

    return judging.judge_reply(
        story=story.text if story else "",
        probe=probe.text,
        tests=Tests(probe.tests),
        reply=reply.text,
        counts=question.counts,
        language=language_of(home, reply),
    )


def choose_engine(engine: str, model: str | None, home: Home) -> tuple[Transcriber, str]:
    """The recogniser, and one line that says which it is and why."""
    from mock_interviewer.adapters import engines

    return engines.choose_engine(engine, model, home.models, home.language)


def speaker(home: Home, voice: str | None = None, rate_wpm: int = 165) -> Speaker:
    """The voice that speaks the questions."""
    from mock_interviewer.adapters.voice import Pyttsx3Voice

    about = language_of(home).phrases["about"]
    any_voice = bool(about["any_voice"])
    return Pyttsx3Voice(home.voice_cache, voice, rate_wpm, about["voices"], any_voice)


def voices() -> tuple[tuple[str, str], ...]:
    """The voices there are: id, and name with language. Raises NoVoice."""
    from mock_interviewer.adapters.voice import voices

    return voices()


def sound_devices() -> tuple[SoundDevice, ...]:
    """Microphones and loudspeakers. Raises DeviceFault."""
    from mock_interviewer.adapters import sound_devices

    return sound_devices.devices()


def open_microphone(device: str | None) -> OpenMicrophone:
    """Opening a microphone by name; what is wrong with it is told a plain line at a time."""
    from mock_interviewer.adapters.microphone import Microphone

    return lambda tell: Microphone(device, lambda fault: tell(fault.line))


def question_guard_s() -> float:
    """How long after the question's end the microphone does not count yet."""
    from mock_interviewer.adapters.take import QUESTION_GUARD_S

    return QUESTION_GUARD_S


def play_audio(device: str | None) -> PlayAudio:
    """Playing samples on a loudspeaker by name."""
    from mock_interviewer.adapters.player import SoundPlayer

    return SoundPlayer(device).play


def play_sound(device: str | None) -> PlaySound:
    """Playing a recording on a loudspeaker by name."""
    from mock_interviewer.adapters.player import SoundPlayer

    return lambda path: SoundPlayer(device).play(read_audio(path))


def say_aloud(
    home: Home,
    text: str,
    voice: str | None,
    rate_wpm: int,
    device: str | None,
    is_enough: Callable[[], bool],
) -> None:
    """Speak a text to its end, or until it is enough. Raises NoVoice, DeviceFault, UnknownName."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        spoken = Path(folder, "aloud.wav")
        speaker(home, voice, rate_wpm).speak_to_file(text, spoken)
        with play_sound(device)(spoken) as playing:
            while not playing.wait(LISTENING_TICK_S) and not is_enough():
                pass


def spoken_parts(
    home: Home, texts: Sequence[str], voice: str | None, rate_wpm: int
) -> tuple[Audio, tuple[float, ...]]:
    """Texts spoken one after the other, and when each of them ends. Raises NoVoice."""
    import tempfile

    import numpy as np

    from mock_interviewer.ports import Audio

    speaking = speaker(home, voice, rate_wpm)
    pieces, ends, total = [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            path = Path(folder, f"{number}.wav")
            speaking.speak_to_file(text, path)
            audio = read_audio(path)
            pieces.append(audio.samples)
            total += len(audio.samples)
            ends.append(total / audio.rate_hz)
    return Audio(np.concatenate(pieces), audio.rate_hz), tuple(ends)


def keep_practice(home: Home, kind: str, what: dict[str, Any]) -> None:
    """One line more in practice.jsonl. Raises HomeFault."""
    from mock_interviewer.adapters import practice_log

    keep_private()
    at = SystemClock().now_at().isoformat(timespec="seconds")
    practice_log.append(home.path, {"at": at, "kind": kind, **what})


def tested_patterns(home: Home) -> dict[str, bool]:
    """Every pattern that was tested to the end, and whether its last test found it strong."""
    from mock_interviewer.adapters import practice_log

    tests = practice_log.entries(home.path, "test")
    return {str(told.get("pattern")): told.get("strong") is True for told in tests}


def has_model(home: Home) -> bool:
    """True if a Whisper model that knows the language lies in the models folder, whole or not."""
    from mock_interviewer.adapters.engines import models_in
    from mock_interviewer.adapters.whisper import knows_english_only

    needs_more = home.language != "en"
    return any(
        not (needs_more and knows_english_only(folder)) for _, folder in models_in(home.models)
    )


def usual_model(home: Home) -> OfferedModel:
    """The model to fetch for the language."""
    from mock_interviewer.core.models import offered_model

    return offered_model(language_of(home).sentence("about", "models"))


def is_first_time(home: Home, what: str) -> bool:
    """True once for each home: the mark that it happened is left behind."""
    keep_private()
    mark = home.path / f".{what}"
    if mark.exists():
        return False
    with plain_disk_errors(home.path):
        home.path.mkdir(parents=True, exist_ok=True)
        mark.touch()
    return True


def read_audio(path: Path) -> Audio:
    """Any recording as mono 16 kHz."""
    from mock_interviewer.adapters import audio_files

    return audio_files.read_audio(path)


def write_audio(path: Path, audio: Audio) -> None:
    """A recording as WAV."""
    from mock_interviewer.adapters import audio_files

    audio_files.write_wav(path, audio)


def speech_regions(audio: Audio) -> Regions:
    """Where somebody speaks."""
    from mock_interviewer.adapters import vad

    return vad.speech_regions(audio)


def transcript_of_text(text: str, language: str | None = None) -> Transcript:
    """Typed words: no times, no doubts."""
    words = tuple(Word(word) for word in text.split())
    return Transcript(words, engine="typed", language=language)


def read_transcript(path: Path) -> tuple[Transcript, AskedAs]:
    """A transcript of any tool, and what it says was asked."""
    from mock_interviewer.adapters import transcript_files

    read = transcript_files.read_transcript(path)
    return read.transcript, read.interview or AskedAs()


def write_transcript(path: Path, transcript: Transcript, question: Question) -> None:
    """A session's transcript, as Whisper JSON."""
    from mock_interviewer.adapters import transcript_files

    asked = AskedAs(
        question.text, question.principle, question.level, question.counts, question.kind
    )
    transcript_files.write_whisper_json(path, transcript, asked)


def is_text(path: Path) -> bool:
    """True if a file holds text and not sound."""
    from mock_interviewer.adapters import transcript_files

    return transcript_files.is_text(path)


def write_json(path: Path, value: dict[str, Any]) -> None:
    """An analysis or judgement, whole or not at all."""
    write_whole(path, as_text(value))


def sessions(home: Home) -> SessionFolders:
    """The person's sessions."""
    return SessionFolders(home.sessions)


def new_session(home: Home) -> SessionFolder:
    """A fresh session folder."""
    keep_private()
    return sessions(home).begin(SystemClock().now_at(), secrets.randbits(20))


def write_correction(written: Path, text: str) -> None:
    """Keep the person's text beside a session's transcript."""
    before = corrections.read_correction(written)
    if before is None:
        before = read_transcript(written)[0].text
    corrections.write_correction(written, before, text, SystemClock().now_at())


def write_marks(written: Path, marks: Sequence[StageMark]) -> None:
    """Keep the person's stages beside a session's transcript."""
    corrections.write_marks(written, marks, SystemClock().now_at())


def replayer(
    home: Home,
    transcriber: Callable[[], Transcriber],
    progress: Progress | None = None,
) -> Replayer:
    """Replaying with the real readers."""
    from mock_interviewer.app.replay import Replayer

    return Replayer(
        read_transcript=read_transcript,
        read_audio=read_audio,
        is_text=is_text,
        speech_regions=speech_regions,
        find_hums=find_hums,
        transcriber=transcriber,
        analyse=partial(analyse, home=home),
        find_session=lambda name: sessions(home).find(name).path,
        find_question=lambda text: known_question(home, text),
        default_text=partial(default_question, home),
        read_correction=corrections.read_correction,
        read_marks=corrections.read_marks,
        progress=progress,
    )


def known_question(home: Home, text: str) -> Question | None:
    """The pack's question with exactly this id or text, or another wording of it.

    In the home's language or in another.
    """
    from mock_interviewer.adapters import pack_files

    for code in sorted(languages_called(), key=lambda code: code != home.language):
        spoken = replace(home, asked_language=code)
        if pack_files.is_mentioned(text, spoken.questions, code):
            found = packs(spoken).known(text)
            if found is not None:
                return found
    return None


def desk(
    *,
    answers: Answers,
    view: InterviewView,
    transcriber: Transcriber | None,
    speaker: Speaker | None,
    home: Home | None = None,
) -> Desk:
    """What an interview is held with, in the home's language."""
    from mock_interviewer.app.interview import Desk

    language = language_of(home).code

    return Desk(
        answers=answers,
        view=view,
        clock=SystemClock(),
        transcriber=transcriber or NoTranscriber(),
        speaker=speaker,
        read_audio=read_audio,
        write_audio=write_audio,
        speech_regions=speech_regions,
        find_hums=find_hums,
        transcript_of_text=partial(transcript_of_text, language=language),
        write_transcript=write_transcript,
        write_json=write_json,
        analyse=partial(analyse, home=home),
        judge_reply=partial(judge_reply, home=home),
        language=language,
    )


def fixtures_dir() -> Path:
    """Where the recorded answers of the demo lie."""
    from mock_interviewer.adapters import prompt_dir

    return prompt_dir.fixtures_dir()


def pack_files(home: Home) -> tuple[Path, ...]:
    """Every file of questions, ours before the person's own."""
    from mock_interviewer.adapters import pack_files

    return pack_files.pack_paths(home.questions, home.language)


def check_pack(path: Path) -> tuple[Fault, ...]:
    """Every fault of a pack."""
    from mock_interviewer.adapters import pack_files

    return pack_files.check_pack(path)


def earned_by_pattern(
    path: Path, home: Home | None = None
) -> tuple[Verdict | None, Verdict | None] | None:
    """The verdicts of a pattern's strong and weak answers; None for a pack of plain questions."""
    from mock_interviewer.adapters import pack_files

    found = pack_files.read_pack(path).pattern
    if found is None:
        return None
    strong, weak = (
        analyse(transcript_of_text(text), found.question, None, home=home).verdict
        for text in (found.strong_answer, found.weak_answer.text)
    )
    return strong, weak


def judged_replies(path: Path, home: Home) -> Iterator[dict[str, Any]]:
    """The judgement of every line of a file of replies. Raises BadInput."""
    from mock_interviewer.adapters.reply_lines import read_reply_lines
    from mock_interviewer.app.judging import judged_lines

    return judged_lines(read_reply_lines(path), language_of(home))


def try_home(home: Home) -> None:
    """Write a file into the home folder and remove it. Raises HomeFault."""
    keep_private()
    with plain_disk_errors(home.path):
        home.path.mkdir(parents=True, exist_ok=True)
        mark = home.path / f".try-{secrets.token_hex(4)}"
        mark.write_text("")
        mark.unlink()


def unfinished_session(home: Home) -> SessionFolder | None:
    """The last session with a question that was not judged; None where there is none."""
    from mock_interviewer.app.resuming import is_unfinished
    from mock_interviewer.errors import BadInput

    for name in reversed(sessions(home).names()):
        session = sessions(home).find(name)
        try:
            if is_unfinished(session.read_state()):
                return session
        except BadInput:
            continue
    return None


def did_last_break_off(home: Home) -> bool:
    """True if the last session of all was not finished."""
    unfinished = unfinished_session(home)
    return unfinished is not None and unfinished.path.name == sessions(home).names()[-1]


def home_of_session(home: Home, session: SessionFolder) -> Home:
    """The home with the language that was spoken in the session, unless another is asked for."""
    told = session.read_state().get("language")
    spoken = language_called(told) if isinstance(told, str) else None
    return home if home.asked_language or spoken is None else replace(home, asked_language=spoken)


def dialogue_of(home: Home, session: SessionFolder) -> Dialogue:
    """Where an interview that broke off stood. Raises BadInput."""
    from mock_interviewer.app import resuming
    from mock_interviewer.app.replay import Wanted

    def analysis_of(folder: Path) -> Analysis:
        replay = replayer(home, NoTranscriber)
        (saying,) = replay.sayings(str(folder))
        replayed = replay.analysed(saying, Wanted())
        assert replayed.analysis is not None
        return replayed.analysis

    def known(text: str) -> Question | None:
        return known_question(home, text)

    return resuming.dialogue_of(session.path, session.read_state(), known, analysis_of)


def resumed_answers(session: SessionFolder, dialogue: Dialogue, then: Answers) -> Answers:
    """A recording that was left behind, before whatever the person says."""
    from mock_interviewer.app.resuming import ResumedAnswers
    from mock_interviewer.core.moves import Turn

    return ResumedAnswers(session.path, Turn(len(dialogue.outcomes)), then)
