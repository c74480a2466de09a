"""What is judged: answers, replies to probes, and what was kept of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mock_interviewer.adapters import corrections
from mock_interviewer.core.rescoring import GivenReply
from mock_interviewer.core.rubric import Kind, Tests, Verdict, Why
from mock_interviewer.wiring.home import sessions
from mock_interviewer.wiring.languages import default_question, language_of, probe_phrases
from mock_interviewer.wiring.questions import known_question
from mock_interviewer.wiring.sound import Regions, read_audio, speech_regions
from mock_interviewer.wiring.written import is_text, read_transcript, transcript_of_text

if TYPE_CHECKING:
    from mock_interviewer.app.replay import Replayer
    from mock_interviewer.core.analysis import Analysis
    from mock_interviewer.core.correction import StageMark
    from mock_interviewer.core.judging import Judgement
    from mock_interviewer.core.probing import ChosenProbe
    from mock_interviewer.core.question import Question
    from mock_interviewer.core.transcript import Transcript
    from mock_interviewer.ports import Audio, Progress, Transcriber
    from mock_interviewer.settings import Home


def find_hums(audio: Audio, transcript: Transcript) -> Regions:
    """Fillers in the sound that no word covers."""
    from mock_interviewer.core import hums

    return hums.find_hums(audio.samples, audio.rate_hz, transcript)


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


def replies_of(folder: Path) -> tuple[GivenReply, ...]:
    """The judged replies in the folder of a session's answer."""
    from mock_interviewer.app.history import replies_in

    return tuple(
        GivenReply(told.probe, Why(told.why) if told.why else None, told.evidence)
        for told in replies_in(folder)
    )


def kind_asked_for(home: Home, question: str, transcript: Transcript) -> Kind:
    """What a question in a person's own words asks for, in the transcript's language."""
    from mock_interviewer.core.guessing import guess_of

    return guess_of(question, language_of(home, transcript)).kind


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
        kind_of=partial(kind_asked_for, home),
        default_text=partial(default_question, home),
        read_correction=corrections.read_correction,
        read_marks=corrections.read_marks,
        read_replies=replies_of,
        progress=progress,
    )
