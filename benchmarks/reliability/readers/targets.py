"""The readers, each as a function of bytes, with valid seeds and the words of its form.

A reader may raise an InterviewError of one plain line and nothing else. What it made of a case is
handed on to what uses it next: often where that is quick, now and then where it is not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mock_interviewer.core.progress import Told
from mock_interviewer.settings import Home

ROOT = Path(__file__).resolve().parent.parent.parent.parent
SELDOM = 499
"""What takes long is done with one case in so many."""
WORDS = "I noticed that the till ate 12 cards a week. So I asked Ana, and she said 'leave it'."


@dataclass(frozen=True)
class Target:
    """A reader under fire."""

    read: Callable[[bytes], None]
    seeds: Sequence[bytes]
    words: Sequence[bytes] = ()
    """Keys and marks of its form."""


def make(name: str, folder: Path) -> Target:
    """The target called so; it works in the folder."""
    return MAKERS[name](folder)


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _words_of(*names: str) -> tuple[bytes, ...]:
    return tuple(f'"{name}"'.encode() for name in names)


# ---- transcripts


def _transcript(
    folder: Path, suffix: str, seeds: Sequence[bytes], words: Sequence[bytes]
) -> Target:
    from mock_interviewer import wiring
    from mock_interviewer.adapters.transcript_files import is_text, read_transcript
    from mock_interviewer.app.replay import Wanted, question_for
    from mock_interviewer.core.question import AskedAs
    from mock_interviewer.core.report import analysis_json

    path, count = folder / f"case{suffix}", 0

    def read(data: bytes) -> None:
        nonlocal count
        path.write_bytes(data)
        is_text(path)
        found = read_transcript(path)
        found.transcript.text.encode()
        count += 1
        if count % SELDOM == 0:
            question = question_for(found.interview or AskedAs(), Wanted(), lambda _: None, "Why?")
            analysis = wiring.analyse(found.transcript, question, None)
            told = json.dumps(analysis_json(analysis, "case"), allow_nan=False, ensure_ascii=False)
            told.encode()

    return Target(read, seeds, words)


def _whisper_json(folder: Path) -> Target:
    texts = WORDS.split()
    words = [
        {"word": f" {text}", "start": at * 0.4, "end": at * 0.4 + 0.3, "probability": 0.9}
        for at, text in enumerate(texts)
    ]
    asked = {"question": "Why?", "principle": "ownership", "level": "sde2", "counts": ["assigned"]}
    whole = {
        "text": WORDS, "language": "en", "engine": "whisper base.en", "duration": 9.0,
        "interview": asked,
        "segments": [{"id": 0, "start": 0.0, "end": 9.0, "text": WORDS, "words": words}],
    }  # fmt: skip
    bare = {"segments": [{"start": 0.0, "end": 4.0, "text": WORDS}, {"start": 4, "text": "Yes."}]}
    scored = {"segments": [{"words": [{"word": "So", "score": 0.5}, {"word": "we", "end": 2}]}]}
    keys = _words_of(
        *("segments", "words", "word", "start", "end", "probability", "score", "text"),
        *("interview", "counts", "level", "principle", "kind", "duration", "language", "engine"),
    )
    return _transcript(
        folder, ".json", [_json(whole), _json(bare), _json(scored), _json([{"text": "Hm."}])], keys
    )


def _srt(folder: Path) -> Target:
    seed = (
        f"1\r\n00:00:01,000 --> 00:00:04,500\r\n{WORDS}\r\n\r\n2\r\n0:04.500 -> 1:00:09.5\r\nYes\n"
    )
    return _transcript(
        folder, ".srt", [seed.encode(), seed.encode("utf-16")], (b" --> ", b"00:00:01,000", b"\n\n")
    )


def _vtt(folder: Path) -> Target:
    seed = (
        f"WEBVTT - call\n\nNOTE made by hand\n\nSTYLE\n::cue {{}}\n\nintro\n00:01.000 --> 00:04.000"
        f" align:start\n<v Ana><i>{WORDS}</i>\n\n01:00:05.000 --> 01:00:06.000\n"
        "{\\an8}Yes&nbsp;we\n"
    )
    return _transcript(folder, ".vtt", [seed.encode()], (b"WEBVTT", b" --> ", b"<v ", b"NOTE"))


def _text(folder: Path) -> Target:
    return _transcript(
        folder,
        ".txt",
        [WORDS.encode(), WORDS.encode("utf-16"), "Günther: café — “yes”…".encode("cp1252")],
        (b". ", b"\n\n", b"I ", b"we ", b"because "),
    )


# ---- packs and settings


def _packs(folder: Path) -> Target:
    from mock_interviewer.adapters.pack_files import read_pack

    path = folder / "case.toml"
    question = (
        '[[question]]\nid = "why-you"\ntext = "Why you?"\nprinciple = "ownership"\nlevel = "sde1"\n'
        'work = "tech"\nkind = "story"\ncounts = ["assigned"]\n'
        'probes = [ { text = "How?", tests = "depth" } ]\n'
        "[question.targets.result]\ntarget_s = 20.0\nlimit_s = 30.0\n"
    )
    pattern = (
        'id = "a"\ntext = """Why\nyou?"""\ntitle = "T"\nprinciple = "ownership"\nvariants = ["b"]\n'
        'overview = "o"\ntakeaway = \'t\'\nprobes = [{text = "How?", tests = "depth"}]\n'
        '[stages.task]\nexample = "I set out"\ncues = ["I set"]\ncoaching = "c"\nmistake = "m"\n'
        '[weak_answer]\ntext = "we"\nverdict = "no_hire"\npoints = [{quote = "we", fault = "f"}]\n'
        '[[quiz]]\nquestion = "q"\noptions = ["a", "b"]\nanswer = 1\ndifficulty = "easy"\n'
    )
    whole = (ROOT / "prompts" / "missed-deadline.toml").read_bytes()
    count = 0

    def read(data: bytes) -> None:
        nonlocal count
        count += 1
        path.write_bytes(data)
        if count % SELDOM == 0:  # a whole pattern takes long to read
            at = sum(data) % len(whole)
            path.write_bytes(whole[:at] + data[:40] + whole[at + 40 :])
        for fault in read_pack(path).faults:
            one_plain_line(str(fault))

    keys = (b"[[question]]", b"[question.targets.action]", b"probes", b"tests", b'"""', b"counts")
    return Target(read, [question.encode(), pattern.encode()], keys)


def _settings(folder: Path) -> Target:
    from mock_interviewer.settings import home_at

    path = folder / "settings.toml"

    def read(data: bytes) -> None:
        path.write_bytes(data)
        home_at(folder)

    return Target(
        read, [b'language = "es"\n', b'language = "English"\n[x]\ny = 1\n'], (b"language",)
    )


# ---- what lies in the home folder


STATE = {
    "version": 1, "mock_interviewer": "0.1.0", "rubric_version": 1, "engine": "typed",
    "language": "en", "probes_wanted": 2, "state": "over",
    "questions": [
        {
            "id": "fixed-unasked", "text": "Why?", "kind": "story", "principle": "ownership",
            "level": "sde2", "work": None, "counts": ["assigned"], "folder": "q1-fixed-unasked",
            "state": "judged", "phase": "over", "verdict_at_first": "hire", "verdict": "hire",
            "rescored": False,
            "probes": [{"text": "How?", "tests": "depth", "quality": "weak", "why": "vague"}],
        },
        {
            "id": None, "text": "And then?", "kind": "story", "principle": "conflict",
            "level": "sde1", "counts": [], "state": "not_asked",
        },
    ],
}  # fmt: skip


def _home_with_session(folder: Path) -> tuple[Home, Path]:
    """A home with one judged session, and the answer's folder."""
    from many_sessions import WEAK, make_session

    home = Home(folder / "home")
    return home, make_session(home, WEAK)


def _session_json(folder: Path) -> Target:
    from mock_interviewer import wiring
    from mock_interviewer.adapters.session_folders import SessionFolder
    from mock_interviewer.app.resuming import question_of
    from mock_interviewer.wiring import past

    home, answer = _home_with_session(folder)
    session = SessionFolder(answer.parent)
    path, count = session.path / "session.json", 0

    def read(data: bytes) -> None:
        nonlocal count
        path.write_bytes(data)
        count += 1
        wiring.unfinished_session(home)
        state = session.read_state()
        listed(past.history_of(home, session.path))
        for told in state["questions"]:
            question_of(told, lambda _: None)
        wiring.home_of_session(home, session)
        if count % SELDOM == 0:
            wiring.dialogue_of(home, session)

    keys = _words_of(*STATE, *STATE["questions"][0], "judged", "asked")  # type: ignore[index]
    kept = path.read_bytes()
    return Target(read, [_json(STATE), kept], keys)


def _beside_a_take(folder: Path) -> Target:
    """The other files of an answer: analysis, corrections, a coach's word, a reply, a draft."""
    from mock_interviewer.adapters.coach_notes import read_coach_word
    from mock_interviewer.adapters.corrections import read_whole_correction
    from mock_interviewer.adapters.own_packs import last_draft
    from mock_interviewer.app.history import replies_in
    from mock_interviewer.app.resuming import probes_of
    from mock_interviewer.errors import BadInput
    from mock_interviewer.wiring import past

    home, answer = _home_with_session(folder)
    names = ("analysis", "corrections", "coach", "probe1.judgement")
    paths = [answer / f"take1.{name}.json" for name in names[:3]] + [answer / f"{names[3]}.json"]
    draft = folder / "questions" / "drafts" / "2026-01-01T000000.json"
    draft.parent.mkdir(parents=True)
    readers: tuple[Callable[[], object], ...] = (
        lambda: read_whole_correction(answer / "take1.json"),
        lambda: last_draft(draft.parent.parent),
    )
    count = 0
    kept = paths[0].read_bytes()

    def read(data: bytes) -> None:
        nonlocal count
        count += 1
        for path in (*paths, draft):
            path.write_bytes(data)
        read_coach_word(answer / "take1")
        replies_in(answer)
        probes_of(answer)
        if count % SELDOM == 0:
            listed(past.history_of(home, answer.parent))
        for reader in readers:
            try:
                reader()
            except BadInput as fault:
                one_plain_line(str(fault))
        if count % 7 == 0:
            paths[1].unlink()  # with a correction the stored analysis is not looked at
            listed(past.history_of(home, answer.parent))

    judged = {
        "probe": "How?", "tests": "depth", "because": "vague", "reply": "I did.",
        "judgement": {"quality": "weak", "why": "vague", "evidence": None, "rescores": "none"},
    }  # fmt: skip
    corrected = {"corrected_at": "x", "text": WORDS, "stages": [[0, 4, "task"], [5, 6, "result"]]}
    coached = {"note": "n", "verdict": "hire", "at": "2026-01-01"}
    drafted = {"pattern": True, "answers": ["a", "b"], "begun": "c"}
    small = {
        "verdict": "hire", "duration_s": 9.0, "stages": {"task": {"duration_s": 2.0}},
        "signals": {"stakes": {"quote": "x"}}, "disqualifiers": {"assigned": None},
        "weaknesses": {"missing_stages": ["task"]}, "delivery": {"words_per_minute": 120},
        "gate": None,
    }  # fmt: skip
    seeds = [_json(each) for each in (judged, corrected, coached, drafted, small)]
    return Target(read, [*seeds, kept], _words_of(*judged, *corrected, *coached, *small))


def listed(answers: Sequence[Told]) -> None:
    """What a history does with its answers."""
    from mock_interviewer.core.progress import progress_of, search
    from mock_interviewer.pages.trends import trend_plot
    from mock_interviewer.wiring.past import as_csv

    progress = progress_of([*answers, *answers])
    as_csv(progress.answers).encode()
    search(progress.answers, "hire")
    for trend in (*progress.by_question, *progress.by_principle):
        trend_plot(trend)


def _practice(folder: Path) -> Target:
    from mock_interviewer import wiring
    from mock_interviewer.adapters import practice_log
    from mock_interviewer.wiring import live

    home, path = Home(folder), folder / practice_log.FILE
    lines = (
        {
            "at": "2026-11-01T10:00:00+00:00",
            "kind": "quiz",
            "pattern": "a",
            "item": 3,
            "right": True,
        },
        {"at": "2026-11-01T10:00:01+00:00", "kind": "test", "pattern": "a", "strong": True},
        {"at": "2026-11-01T10:00:02+00:00", "kind": "pauses", "p95_s": 1.25},
    )

    def read(data: bytes) -> None:
        path.write_bytes(data)
        list(practice_log.entries(folder))
        wiring.tested_patterns(home)
        live.attention(home)

    return Target(
        read,
        [b"\n".join(map(_json, lines)) + b"\n"],
        _words_of("kind", "pauses", "p95_s", "test", "pattern", "strong"),
    )


def _replies(folder: Path) -> Target:
    from mock_interviewer import wiring
    from mock_interviewer.adapters.reply_lines import read_reply_lines
    from mock_interviewer.app.judging import judged_lines
    from mock_interviewer.errors import BadInput

    path, count = folder / "replies.jsonl", 0
    language = wiring.language_of(None)
    line = {
        "id": "r1", "story": "It broke.", "probe": "How?", "tests": "depth", "reply": WORDS,
        "counts": ["assigned"],
    }  # fmt: skip

    def read(data: bytes) -> None:
        nonlocal count
        path.write_bytes(data)
        for found in read_reply_lines(path):
            if isinstance(found, BadInput):
                one_plain_line(str(found))
                continue
            count += 1
            if count % SELDOM == 0:
                for judged in judged_lines([found], language):
                    json.dumps(judged, allow_nan=False)

    return Target(
        read, [_json(line), _json(line | {"id": 7}) + b"\n" + _json(line)], _words_of(*line)
    )


# ---- sound


def _audio(folder: Path) -> Target:
    from mock_interviewer.adapters.audio_files import read_audio

    path = folder / "case"

    def read(data: bytes) -> None:
        path.write_bytes(data)
        audio = read_audio(path)
        if not len(audio.samples) or not -1.0 <= float(audio.samples.min()) <= 1.0:
            raise AssertionError("a recording without sound, or out of its range")

    return Target(
        read, _sounds(), (b"RIFF", b"WAVE", b"fmt ", b"data", b"fLaC", b"OggS", b"ID3", b"LIST")
    )


def _sounds() -> list[bytes]:
    """A tenth of a second in every common form."""
    import io

    import av
    import numpy as np
    import soundfile

    rate_hz = 8000
    tone = (0.3 * np.sin(np.arange(rate_hz // 10) * 0.3)).astype(np.float32)
    found = []
    for form, subtype in (
        ("WAV", "PCM_16"), ("WAV", "FLOAT"), ("WAV", "ULAW"), ("WAV", "IMA_ADPCM"),
        ("AIFF", "PCM_16"), ("CAF", "PCM_16"), ("AU", "PCM_16"), ("RF64", "PCM_16"),
        ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III"),
    ):  # fmt: skip
        out = io.BytesIO()
        soundfile.write(out, tone, rate_hz, format=form, subtype=subtype)
        found.append(out.getvalue())
    for form, codec in (("mp4", "aac"), ("webm", "libopus"), ("matroska", "pcm_s16le")):
        out = io.BytesIO()
        with av.open(out, "w", format=form) as container:
            stream: Any = container.add_stream(codec, rate=48_000)
            stream.layout = "mono"
            frame = av.AudioFrame.from_ndarray(
                np.resize(tone, (1, 4800)), format="flt", layout="mono"
            )
            frame.sample_rate = 48_000
            resampler = av.AudioResampler(stream.format, "mono", 48_000, stream.frame_size or None)
            for part in [*resampler.resample(frame), *resampler.resample(None), None]:
                container.mux(stream.encode(part))
        found.append(out.getvalue())
    return found


def one_plain_line(told: str) -> None:
    """Raises AssertionError where it is not what a person should be shown."""
    if not told.strip() or len(told.splitlines()) > 1 or len(told) > 1200 or "Traceback" in told:
        raise AssertionError(f"this is no plain line: {told[:200]!r}")


def _page(folder: Path) -> Target:
    from reliability.readers.page import page_target

    return page_target(folder)


MAKERS: dict[str, Callable[[Path], Target]] = {
    "whisper_json": _whisper_json,
    "srt": _srt,
    "vtt": _vtt,
    "text": _text,
    "packs": _packs,
    "settings": _settings,
    "session_json": _session_json,
    "beside_a_take": _beside_a_take,
    "practice": _practice,
    "replies": _replies,
    "audio": _audio,
    "page": _page,
}
