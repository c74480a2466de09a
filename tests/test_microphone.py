"""The microphone over a real sound system, and its parts without one."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sound_rig import SoundRig, best_match, sound_rig

from mock_interviewer.adapters import kept_stream, sound_devices, sound_process
from mock_interviewer.adapters.audio_files import read_audio, write_wav
from mock_interviewer.adapters.microphone import Microphone
from mock_interviewer.adapters.resampling import Resampler
from mock_interviewer.adapters.sound_child import HEAD
from mock_interviewer.adapters.sound_devices import SoundDevice, index_of
from mock_interviewer.adapters.take import QUESTION_GUARD_S, Take
from mock_interviewer.adapters.vad import VadStream, speech_probabilities, speech_regions
from mock_interviewer.adapters.wav_writer import WavWriter
from mock_interviewer.core.sound_heard import Fault, FaultKind
from mock_interviewer.errors import DeviceFault, HomeFault, UnknownName
from mock_interviewer.ports import Audio

FERRY = Path(__file__).parent / "sounds" / "ferry.ogg"
RATE_HZ = 16_000
LIVE_S = 20.0
"""A busy machine may take its time."""


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Audio:
    """About six seconds of a voice, with silence at both ends."""
    whole = read_audio(FERRY)
    samples = whole.samples[: 6 * RATE_HZ]
    edge = np.zeros(RATE_HZ // 2, np.float32)
    return Audio(np.concatenate((edge, samples, edge)), RATE_HZ)


@pytest.fixture(scope="module")
def speech_file(speech: Audio, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("speech") / "speech.wav"
    write_wav(path, speech)
    return path


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundRig]:
    with sound_rig(tmp_path_factory.mktemp("rig")) as running:
        yield running


def test_what_is_said_is_recorded_whole_and_in_time(
    rig: SoundRig, speech: Audio, speech_file: Path, tmp_path: Path
) -> None:
    with Microphone() as microphone:
        assert microphone.wait_until_live(LIVE_S)
        asked_until = time.monotonic()
        microphone.begin(tmp_path / "answer.wav", asked_until + QUESTION_GUARD_S)
        rig.say(speech_file)
        time.sleep(0.5)
        take = microphone.end()

    recorded = read_audio(take.path).samples
    at, likeness = best_match(recorded, speech.samples[RATE_HZ:])
    at -= RATE_HZ
    assert likeness > 0.96  # nothing missing and no gap: the whole lies on the whole
    assert take.gaps == ()
    assert take.duration_s == len(recorded) / RATE_HZ
    expected = speech_regions(speech)
    assert take.regions[0][0] == pytest.approx(at / RATE_HZ + expected[0][0], abs=0.1)
    assert take.regions[-1][1] == pytest.approx(at / RATE_HZ + expected[-1][1], abs=0.2)
    assert take.thinking_s is not None
    assert take.thinking_s >= take.regions[0][0]


def test_pauses_are_left_out_and_a_second_answer_starts_afresh(
    rig: SoundRig, speech_file: Path, tmp_path: Path
) -> None:
    with Microphone() as microphone:
        assert microphone.wait_until_live(LIVE_S)
        with rig.saying(speech_file):
            microphone.begin(tmp_path / "one.wav", time.monotonic())
            _until(lambda: microphone.recorded_s >= 0.5)
            microphone.pause()
            held_s = microphone.recorded_s
            time.sleep(0.5)
            assert microphone.recorded_s == held_s
            microphone.resume()
            _until(lambda: microphone.recorded_s >= held_s + 0.3)
            one = microphone.end()
            microphone.begin(tmp_path / "two.wav")
            two = microphone.end()

    assert held_s + 0.3 <= one.duration_s
    assert two.duration_s < 1.0  # the second that went before belongs to the first


def test_the_last_second_before_the_beginning_counts(
    rig: SoundRig, speech_file: Path, tmp_path: Path
) -> None:
    with Microphone() as microphone:
        assert microphone.wait_until_live(LIVE_S)
        _until(lambda: microphone._ring_frames >= RATE_HZ)
        microphone.begin(tmp_path / "a.wav")
        assert microphone.recorded_s >= 1.0
        microphone.end()


def test_when_the_sound_system_dies_what_was_said_is_kept_and_it_says_so(
    speech_file: Path, tmp_path: Path
) -> None:
    faults: list[Fault] = []
    told = threading.Event()

    def hear(fault: Fault) -> None:
        faults.append(fault)
        if fault.kind is FaultKind.STOPPED:
            told.set()

    with sound_rig(tmp_path / "rig") as rig:
        microphone = Microphone(on_fault=hear)
        with microphone:
            assert microphone.wait_until_live(LIVE_S)
            microphone.begin(tmp_path / "answer.wav", time.monotonic())
            with rig.saying(speech_file):
                _until(lambda: microphone.recorded_s >= 1.0)
                said_s = microphone.recorded_s
                rig.kill()
                assert told.wait(LIVE_S)
            assert not microphone.is_live
            started = time.monotonic()
        assert time.monotonic() - started < 10
        take = microphone.end()

    assert take.duration_s >= said_s
    with wave.open(str(take.path)) as file:
        assert file.getnframes() == round(take.duration_s * RATE_HZ)
    assert [fault.kind for fault in take.faults].count(FaultKind.STOPPED) == 1


def test_an_unknown_microphone_is_refused_with_the_names_there_are(rig: SoundRig) -> None:
    with (
        pytest.raises(UnknownName, match=r"'gramophone'; there are: .*pulse"),
        Microphone("gramophone"),
    ):
        pass


def test_devices_are_listed_by_name(rig: SoundRig) -> None:
    found = sound_devices.devices()
    assert any(device.is_default_input for device in found)
    assert sound_devices.find_input("PUL").name == "pulse"
    assert sound_devices.find_output(None).is_default_output


# --- without a sound system


def scripted(folder: Path, blocks: bytes, wait_for: Path | None = None, **told: object) -> Any:
    """A sound_child that says what it is told to say, once a file is there."""
    said = folder / "said"
    said.write_bytes(blocks)
    code = (
        "import sys, time, json; from pathlib import Path\n"
        f"print(json.dumps({told!r}), flush=True)\n"
        f"while {wait_for is not None} and not Path({str(wait_for)!r}).exists(): time.sleep(0.01)\n"
        f"sys.stdout.buffer.write(Path({str(said)!r}).read_bytes()); sys.stdout.flush()\n"
        "time.sleep(60)"
    )

    def spawn(task: str, device: str | None) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    return spawn


def block(at: float, samples: np.ndarray, dropped: int = 0) -> bytes:
    pcm = samples.astype("<i2").tobytes()
    return HEAD.pack(at, dropped, len(pcm)) + pcm


def scripted_take(
    monkeypatch: pytest.MonkeyPatch, path: Path, blocks: bytes, not_before: float, rate_hz: int
) -> Take:
    """What becomes of blocks that come after the beginning; then the microphone falls silent."""
    spawn = scripted(path.parent, blocks, path, device="paper", rate_hz=rate_hz, channels=1)
    monkeypatch.setattr(sound_process, "_spawn", spawn)
    stopped = threading.Event()

    def hear(fault: Fault) -> None:
        if fault.kind is FaultKind.STOPPED:
            stopped.set()

    with Microphone(on_fault=hear) as microphone:
        microphone.begin(path, not_before)
        assert stopped.wait(LIVE_S)
        return microphone.end()


def test_a_microphone_that_never_gives_a_block_never_gets_a_green_lamp(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(kept_stream, "FIRST_BLOCK_S", 0.2)
    told = {"device": "paper", "rate_hz": RATE_HZ, "channels": 1}
    monkeypatch.setattr(sound_process, "_spawn", scripted(tmp_path, b"", **told))
    faults: list[Fault] = []
    with Microphone(on_fault=faults.append) as microphone:
        _until(lambda: faults)
        assert not microphone.wait_until_live(0)
    assert [fault.kind for fault in faults] == [FaultKind.NO_SOUND]


def ramp(first: int, count: int) -> np.ndarray:
    return (np.arange(first, first + count) % 30_000 + 1).astype(np.int16)


def test_nothing_from_before_the_questions_end_counts_to_the_sample(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    start = time.monotonic()
    blocks = b"".join(block(start + (n + 1) * 0.05, ramp(800 * n, 800)) for n in range(20))

    take = scripted_take(monkeypatch, tmp_path / "a.wav", blocks, start + 0.3, RATE_HZ)

    with wave.open(str(take.path)) as file:
        recorded = np.frombuffer(file.readframes(-1), "<i2")
    assert len(recorded) == pytest.approx(0.7 * RATE_HZ, abs=2)
    assert recorded.tolist() == ramp(16_000 - len(recorded), len(recorded)).tolist()


def test_dropped_frames_are_told_as_a_gap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    start = time.monotonic()
    blocks = b"".join(
        block(start + (n + 1) * 0.05, ramp(1, 800), dropped=0 if n < 5 else 4_000)
        for n in range(10)
    )

    take = scripted_take(monkeypatch, tmp_path / "a.wav", blocks, 0.0, RATE_HZ)

    assert [gap.missing_s for gap in take.gaps] == [0.25]


def test_another_rate_is_brought_to_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tone = (9_000 * np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)).astype(np.int16)
    blocks = b"".join(block(n * 0.05, tone[n * 2_400 : (n + 1) * 2_400]) for n in range(20))

    take = scripted_take(monkeypatch, tmp_path / "a.wav", blocks, -1.0, 48_000)

    samples = read_audio(take.path).samples
    peak_hz = np.argmax(np.abs(np.fft.rfft(samples))) * RATE_HZ / len(samples)
    assert take.duration_s == pytest.approx(1.0, abs=0.01)
    assert peak_hz == pytest.approx(440, abs=2)


def test_a_full_disk_keeps_what_was_said_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    written = WavWriter.write

    def write(self: WavWriter, samples: np.ndarray) -> None:
        if self.duration_s >= 0.2:
            raise HomeFault("no room")
        written(self, samples)

    monkeypatch.setattr(WavWriter, "write", write)
    blocks = b"".join(block(n * 0.05, ramp(1, 800)) for n in range(20))

    take = scripted_take(monkeypatch, tmp_path / "a.wav", blocks, -1.0, RATE_HZ)

    assert take.duration_s == pytest.approx(0.2)
    assert [fault.kind for fault in take.faults].count(FaultKind.DISK) == 1


def test_a_sound_system_that_breaks_down_is_one_plain_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spawn = scripted(tmp_path, b"", fault="It is gone.", error="x")
    monkeypatch.setattr(sound_process, "_spawn", spawn)
    with pytest.raises(DeviceFault, match=r"^It is gone\.$"), Microphone():
        pass


def test_a_missing_portaudio_names_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(DeviceFault, match="pip install sounddevice"):
        sound_devices.port_audio()


def device(name: str, inputs: int = 1, is_default: bool = False) -> SoundDevice:
    return SoundDevice(name, "ALSA", inputs, 0, 48_000, is_default, False)


def test_a_device_is_found_by_its_name_then_by_part_of_it_never_by_its_place() -> None:
    found = (device("HDMI", inputs=0), device("USB mic two"), device("USB mic", is_default=True))
    assert index_of(found, "usb MIC", is_input=True) == 2
    assert index_of(found, "two", is_input=True) == 1
    assert index_of(found, None, is_input=True) == 2
    with pytest.raises(UnknownName, match="USB mic two, USB mic"):
        index_of(found, "1", is_input=True)
    with pytest.raises(DeviceFault, match="no microphone"):
        index_of(found[:1], None, is_input=True)


def test_the_streamed_detector_says_what_the_whole_one_says(speech: Audio) -> None:
    stream, found = VadStream(), []
    rng = np.random.default_rng(3)
    at = 0
    while at < len(speech.samples):
        size = int(rng.integers(1, 3_000))
        found.append(stream.push(speech.samples[at : at + size]))
        at += size
    found.append(stream.finish())

    assert np.concatenate(found) == pytest.approx(speech_probabilities(speech), abs=1e-4)


def test_a_recording_is_readable_after_every_block(tmp_path: Path) -> None:
    writer = WavWriter(tmp_path / "new" / "a.wav", RATE_HZ)
    for n in range(5):
        with wave.open(str(writer.path)) as file:
            assert file.getnframes() == n * 700
        writer.write(ramp(n * 700, 700))
    writer.close()
    writer.close()
    with wave.open(str(writer.path)) as file:
        assert np.frombuffer(file.readframes(-1), "<i2").tolist() == ramp(0, 3_500).tolist()


def test_a_killed_writer_leaves_a_readable_file(tmp_path: Path) -> None:
    code = (
        "import numpy as np, os, signal; from pathlib import Path\n"
        "from mock_interviewer.adapters.wav_writer import WavWriter\n"
        f"writer = WavWriter(Path({str(tmp_path / 'a.wav')!r}), 16000)\n"
        "writer.write(np.ones(32000, np.int16)); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert file.getnframes() == 32_000


def test_where_nothing_can_be_written_it_is_one_plain_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeFault, match="cannot be written") as told:
        WavWriter(tmp_path / "file" / "a.wav", RATE_HZ)
    assert "\n" not in str(told.value)


def test_resampling_in_pieces_is_resampling_the_whole() -> None:
    tone = (9_000 * np.sin(2 * np.pi * 300 * np.arange(44_100) / 44_100)).astype(np.int16)
    whole = Resampler(44_100, RATE_HZ).push(tone)
    pieces = Resampler(44_100, RATE_HZ)
    parts = np.concatenate([pieces.push(tone[at : at + 777]) for at in range(0, 44_100, 777)])

    count = min(len(whole), len(parts))
    assert count > 15_900
    assert np.abs(whole[:count].astype(int) - parts[:count]).max() <= 2


def _until(is_so: object, deadline_s: float = 30.0) -> None:
    deadline = time.monotonic() + deadline_s
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)


def test_no_child_outlives_its_microphone(rig: SoundRig) -> None:
    with Microphone() as microphone:
        pid = microphone._process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
