from __future__ import annotations

import sys
from pathlib import Path

import pytest
import soundfile

from mock_interviewer.adapters.voice import Pyttsx3Voice
from mock_interviewer.errors import NoVoice

linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="tried with espeak-ng on Linux only"
)
QUESTION = 'Tell me about a time you said "no", and why.\nWhat came of it? Café, naïve, 9 %.'


@linux
def test_a_question_becomes_a_recording(tmp_path: Path) -> None:
    voice = Pyttsx3Voice(tmp_path / "voice")
    voice.speak_to_file(QUESTION, tmp_path / "question.wav")
    samples, rate_hz = soundfile.read(tmp_path / "question.wav")
    assert 3 < len(samples) / rate_hz < 15
    assert abs(samples).max() > 0.05


@linux
def test_a_faster_voice_says_it_in_less_time(tmp_path: Path) -> None:
    lengths = []
    for rate_wpm in (120, 220):
        Pyttsx3Voice(tmp_path / "v", rate_wpm=rate_wpm).speak_to_file(QUESTION, tmp_path / "q.wav")
        lengths.append(soundfile.info(tmp_path / "q.wav").duration)
    assert lengths[1] < 0.8 * lengths[0]


def child(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


WRITES = (
    "import json,sys,wave;o=json.load(sys.stdin);w=wave.open(o['path'],'wb');"
    "w.setnchannels(1);w.setsampwidth(2);w.setframerate(16000);w.writeframes(bytes(16000*{n}));"
    "w.close();open(o['path']+'.calls','a')"
)


def test_a_text_is_synthesised_once(tmp_path: Path) -> None:
    once = Pyttsx3Voice(tmp_path / "v", child=child(WRITES.format(n=2)))
    once.speak_to_file("hello", tmp_path / "a.wav")
    never = Pyttsx3Voice(tmp_path / "v", child=child("raise SystemExit('called again')"))
    never.speak_to_file("hello", tmp_path / "b.wav")
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()
    with pytest.raises(NoVoice, match="called again"):
        never.speak_to_file("something else", tmp_path / "c.wav")


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("raise RuntimeError('libespeak-ng.so.1 is missing')", "libespeak-ng"),
        ("pass", "wrote no sound"),
        (WRITES.format(n=0), "wrote no sound"),
        ("import time; time.sleep(60)", "took over"),
    ],
)
def test_a_voice_that_fails_is_one_plain_line_and_leaves_nothing(
    tmp_path: Path, code: str, why: str
) -> None:
    deadline_s = 1.0 if why == "took over" else 20.0
    voice = Pyttsx3Voice(tmp_path / "v", child=child(code), deadline_s=deadline_s)
    with pytest.raises(NoVoice, match=why) as raised:
        voice.speak_to_file("hello", tmp_path / "q.wav")
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "q.wav").exists()
    assert not list((tmp_path / "v").glob("*.wav"))
