"""Voice, microphone and loudspeaker, and recordings as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mock_interviewer.wiring.languages import language_of

if TYPE_CHECKING:
    from mock_interviewer.adapters.sound_devices import SoundDevice
    from mock_interviewer.ports import Audio, OpenMicrophone, PlayAudio, PlaySound, Speaker
    from mock_interviewer.settings import Home

LISTENING_TICK_S = 0.05
Regions = tuple[tuple[float, float], ...]
"""Stretches of speech or sound: begin and end in seconds."""


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


def fixtures_dir() -> Path:
    """Where the recorded answers of the demo lie."""
    from mock_interviewer.adapters import prompt_dir

    return prompt_dir.fixtures_dir()
