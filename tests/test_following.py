"""Writing along: pieces that hold every stretch once, and a child that may hang or die."""

from __future__ import annotations

import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_interviewer.adapters import following
from mock_interviewer.adapters.audio_files import read_audio
from mock_interviewer.adapters.following import Follower
from mock_interviewer.adapters.prompt_dir import fixtures_dir
from mock_interviewer.adapters.sphinx import SphinxTranscriber
from mock_interviewer.adapters.vad import FRAME_S, speech_probabilities
from mock_interviewer.core.pieces import Piece, Rhythm, next_piece, rest_of
from mock_interviewer.core.speech_regions import speech_seconds
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.core.voice_heard import VoiceHeard, hear
from mock_interviewer.errors import BadModel
from mock_interviewer.wiring import judging
from mock_interviewer.wiring.reading_ahead import reads_ahead

# what a child says, as a program: it answers each piece with one word, or does what it is told
CHILD = """
import json, sys, time
how = json.loads(sys.stdin.readline())
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    order = json.loads(line)
    if how["how"] == "hang":
        time.sleep(1000)
    if how["how"] == "die" or (how["how"] == "die once" and not __import__("os").path.exists(how["mark"])):
        open(how["mark"], "w").close()
        sys.exit(1)
    word = [f"piece{order['id']}", order["start_s"], order["end_s"], 0.9]
    print(json.dumps({"id": order["id"], "words": [word], "spent_s": how["spent_s"]}), flush=True)
"""  # noqa: E501


def follower(tmp_path: Path, how: str = "well", spent_s: float = 0.1) -> Follower:
    order = {"how": how, "spent_s": spent_s, "mark": str(tmp_path / "mark")}
    return Follower(order, "scripted", (sys.executable, "-c", CHILD))


def voice_of(*stretches: tuple[bool, float]) -> VoiceHeard:
    heard = VoiceHeard(0.1)
    for is_speech, seconds in stretches:
        heard = hear(heard, [0.9 if is_speech else 0.0] * round(seconds / 0.1))
    return heard


def cut(probabilities: list[float], rhythm: Rhythm) -> tuple[list[Piece], VoiceHeard]:
    """All pieces of a recording, cut while it is heard, and what is left at its end."""
    heard, pieces, at_s = VoiceHeard(FRAME_S), list[Piece](), 0.0
    for probability in probabilities:
        heard = hear(heard, [probability])
        while piece := next_piece(heard, at_s, rhythm):
            pieces.append(piece)
            at_s = piece.regions[-1][1]
    duration_s = heard.heard_s
    return pieces + rest_of(heard.regions(duration_s), at_s, duration_s, 14.0), heard


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.1, 30.0), st.floats(0.05, 4.0)), min_size=1, max_size=8),
    st.sampled_from([Rhythm(), Rhythm().slower()]),
)
def test_the_pieces_hold_all_speech_once_and_in_order(
    stretches: list[tuple[float, float]], rhythm: Rhythm
) -> None:
    probabilities = [
        p
        for spoken_s, silent_s in stretches
        for p in [0.9] * round(spoken_s / FRAME_S) + [0.1] * round(silent_s / FRAME_S)
    ]
    pieces, heard = cut(probabilities, rhythm)
    whole = heard.regions(heard.heard_s)
    inside = [region for piece in pieces for region in piece.regions]
    assert speech_seconds(inside) == pytest.approx(
        speech_seconds(whole), abs=0.02 + 0.1 * len(whole)
    )
    assert all(before[1] <= after[0] + 1e-6 for before, after in pairwise(inside))
    assert all(piece.end_s - piece.start_s < 29.0 for piece in pieces)


def test_a_silence_hands_everything_over_and_a_short_pause_does_not() -> None:
    assert next_piece(voice_of((True, 2.0), (False, 0.5)), 0.0, Rhythm()) is None
    assert next_piece(voice_of((True, 2.0), (False, 1.1)), 0.0, Rhythm()) is not None
    assert next_piece(voice_of((True, 0.6), (False, 1.1)), 0.0, Rhythm()) is None
    assert next_piece(voice_of((True, 0.6), (False, 1.7)), 0.0, Rhythm()) is not None


def test_only_the_tail_is_left_at_the_end(tmp_path: Path) -> None:
    along = follower(tmp_path)
    along.begin(tmp_path / "a.wav")
    heard = voice_of((True, 6.0), (False, 1.2), (True, 2.0))
    along.hear(heard)
    until = time.monotonic() + 20
    while not along.words and time.monotonic() < until:
        along.hear(heard)
        time.sleep(0.01)
    assert [word.text for word in along.words] == ["piece0"]
    assert along.until_s == pytest.approx(6.2, abs=0.1)
    transcript = along.finish(heard.regions(9.2), 9.2, None)
    assert [word.text for word in transcript.words] == ["piece0", "piece1"]
    assert transcript.words[1].start_s == pytest.approx(7.0, abs=0.2)
    along.close()


def test_what_waits_when_the_answer_ends_is_written_with_the_tail(tmp_path: Path) -> None:
    along = follower(tmp_path)
    along.begin(tmp_path / "a.wav")
    heard = voice_of(*[(True, 5.0), (False, 0.5)] * 2, (True, 2.0))
    along.hear(heard)
    along.hear(heard)  # the second piece is ready, the first is still being written down
    words = along.finish(heard.regions(13.0), 13.0, None).words
    assert [word.text for word in words] == ["piece0", "piece1"]
    assert words[1].end_s == pytest.approx(13.0, abs=0.1)
    along.close()


def test_what_is_known_is_read_once_while_the_tail_is_written(tmp_path: Path) -> None:
    read: list[str] = []
    order = {"how": "well", "spent_s": 0.1, "mark": str(tmp_path / "mark")}
    along = Follower(
        order,
        "scripted",
        (sys.executable, "-c", CHILD),
        meanwhile=lambda words: read.append(" ".join(word.text for word in words)),
    )
    along.begin(tmp_path / "a.wav")
    assert along.finish((), 3.0, None).words == ()
    assert not read
    heard = voice_of((True, 6.0), (False, 1.2), (True, 2.0))
    until = time.monotonic() + 20
    while not along.words and time.monotonic() < until:
        along.hear(heard)
        time.sleep(0.01)
    along.finish(heard.regions(9.2), 9.2, None)
    assert read == ["piece0"]
    along.close()


def test_reading_ahead_judges_what_is_known_and_never_raises(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged: list[str] = []

    def analyse(transcript: Transcript, *_: object, **__: object) -> None:
        judged.append(transcript.text)
        raise BadModel("of no interest yet")

    monkeypatch.setattr(judging, "analyse", analyse)
    reads_ahead(None)((Word("We", 0.0, 0.2), Word("shipped", 0.2, 0.6)))
    assert judged == ["We shipped"]


def test_a_child_that_dies_is_replaced_and_nothing_is_lost(tmp_path: Path) -> None:
    along = follower(tmp_path, "die once")
    along.begin(tmp_path / "a.wav")
    heard = voice_of((True, 6.0), (False, 1.2), (True, 2.0))
    along.hear(heard)
    words = along.finish(heard.regions(9.2), 9.2, None).words
    assert [word.text for word in words] == ["piece0", "piece1"]
    along.close()


def test_a_child_that_always_dies_is_one_plain_error(tmp_path: Path) -> None:
    along = follower(tmp_path, "die")
    along.begin(tmp_path / "a.wav")
    with pytest.raises(BadModel, match="recogniser stopped"):
        along.finish(((0.0, 3.0),), 3.0, None)
    along.close()


def test_a_child_that_hangs_is_ended_at_its_deadline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_DEADLINE_S", 0.2)
    monkeypatch.setattr(following, "_DEADLINE_TIMES", 0.0)
    monkeypatch.setattr(following, "LOAD_DEADLINE_S", 20.0)
    along = follower(tmp_path, "hang")
    along.begin(tmp_path / "a.wav")
    with pytest.raises(BadModel):
        along.finish(((0.0, 3.0),), 3.0, None)
    along.close()


def test_who_cannot_keep_pace_gets_longer_pieces_and_then_says_so(tmp_path: Path) -> None:
    along = follower(tmp_path, "hang")
    along.begin(tmp_path / "a.wav")
    along.hear(voice_of(*[(True, 6.0), (False, 0.5)] * 3))
    assert along.fault is None
    along.hear(voice_of(*[(True, 6.0), (False, 0.5)] * 8))
    assert along.fault == following.TOO_SLOW
    along.close()
    slow = follower(tmp_path, spent_s=60.0)
    slow.begin(tmp_path / "a.wav")
    slow.finish(((0.0, 8.0),), 8.0, None)
    assert slow._rhythm.shortest_s > Rhythm().shortest_s
    slow.close()


def test_the_real_recogniser_writes_along_what_it_writes_at_once(tmp_path: Path) -> None:
    audio = read_audio(fixtures_dir() / "weak-reply2.flac")
    soundfile.write(tmp_path / "a.wav", audio.samples, audio.rate_hz, subtype="PCM_16")
    at_once = SphinxTranscriber().transcribe(audio)
    along = Follower({"engine": "sphinx"}, "pocketsphinx en-us")
    along.begin(tmp_path / "a.wav")
    heard = hear(VoiceHeard(FRAME_S), speech_probabilities(audio).tolist())
    written = along.finish(heard.regions(audio.duration_s), audio.duration_s, None)
    along.close()
    assert written.engine == at_once.engine
    missing = set(at_once.text.split()) - set(written.text.split())
    assert len(missing) <= 0.2 * len(at_once.words)
    assert np.median([word.start_s or 0.0 for word in written.words]) > 0.5
