"""Recordings on disk: what is read, what is refused, and in which words."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from mock_interviewer.adapters.audio_files import RATE_HZ, read_audio, resample, write_wav
from mock_interviewer.errors import BadInput, HomeFault
from mock_interviewer.ports import Audio

TONE_HZ = 440.0


def tone(seconds: float, rate_hz: int, hz: float = TONE_HZ) -> np.ndarray:
    return (0.3 * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate_hz)) / rate_hz)).astype(
        np.float32
    )


def loudest_hz(audio: Audio) -> float:
    spectrum = np.abs(np.fft.rfft(audio.samples * np.hanning(len(audio.samples))))
    return float(np.fft.rfftfreq(len(audio.samples), 1 / audio.rate_hz)[spectrum.argmax()])


def loudness(audio: Audio) -> float:
    middle = audio.samples[len(audio.samples) // 4 : -len(audio.samples) // 4]
    return float(np.sqrt(np.mean(middle**2)))


@pytest.mark.parametrize(
    ("name", "rate_hz", "subtype"),
    [
        ("plain.wav", 16_000, "PCM_16"),
        ("eight-bit.wav", 11_025, "PCM_U8"),
        ("fast.wav", 96_000, "PCM_24"),
        ("float.wav", 44_100, "FLOAT"),
        ("telephone.wav", 8_000, "ULAW"),
        ("lossless.flac", 48_000, "PCM_16"),
        ("vorbis.ogg", 48_000, "VORBIS"),
        ("opus.ogg", 48_000, "OPUS"),
        ("mpeg.mp3", 44_100, "MPEG_LAYER_III"),
        ("apple.aiff", 22_050, "PCM_16"),
    ],
)
def test_a_common_format_at_any_rate_gives_the_same_tone(
    tmp_path: Path, name: str, rate_hz: int, subtype: str
) -> None:
    path = tmp_path / name
    container = "OGG" if path.suffix == ".ogg" else None
    soundfile.write(path, tone(2.0, rate_hz), rate_hz, subtype=subtype, format=container)

    audio = read_audio(path)

    assert (audio.rate_hz, audio.samples.dtype, audio.samples.ndim) == (RATE_HZ, np.float32, 1)
    assert audio.duration_s == pytest.approx(2.0, abs=0.01)
    assert loudest_hz(audio) == pytest.approx(TONE_HZ, abs=1.0)
    assert loudness(audio) == pytest.approx(0.3 / np.sqrt(2), rel=0.05)


def test_an_m4a_is_read(tmp_path: Path) -> None:
    path = tmp_path / "phone.m4a"
    write_m4a(path, tone(2.0, 44_100), 44_100)

    audio = read_audio(path)

    assert audio.duration_s == pytest.approx(2.0, abs=0.1)
    assert loudest_hz(audio) == pytest.approx(TONE_HZ, abs=1.0)


def write_m4a(path: Path, samples: np.ndarray, rate_hz: int) -> None:
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=rate_hz)
        stream.layout = "mono"
        size = stream.codec_context.frame_size or 1024
        for at in range(0, len(samples) - size, size):
            block = np.ascontiguousarray(samples[None, at : at + size])
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = rate_hz, at
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def test_the_channels_of_a_stereo_file_are_averaged(tmp_path: Path) -> None:
    left = tone(1.0, 16_000)
    soundfile.write(tmp_path / "s.wav", np.stack([left, np.zeros_like(left)], axis=1), 16_000)

    assert read_audio(tmp_path / "s.wav").samples == pytest.approx(left / 2, abs=1e-3)


def test_what_lies_above_the_new_rate_is_filtered_out_and_not_folded_down(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "high.wav", tone(1.0, 48_000, hz=15_000), 48_000)

    assert loudness(read_audio(tmp_path / "high.wav")) < 0.001


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
def test_a_wav_whose_writer_was_killed_before_it_wrote_its_size_is_read_whole(
    tmp_path: Path, subtype: str
) -> None:
    path = tmp_path / "killed.wav"
    soundfile.write(path, tone(2.0, 16_000), 16_000, subtype=subtype)
    content = bytearray(path.read_bytes())
    at = content.index(b"data") + 4
    content[at : at + 4] = content[4:8] = bytes(4)
    path.write_bytes(content)

    audio = read_audio(path)

    assert audio.duration_s == pytest.approx(2.0, abs=0.001)
    assert loudest_hz(audio) == pytest.approx(TONE_HZ, abs=1.0)
    assert path.read_bytes() == content, "reading must not change the file"


@pytest.mark.parametrize("name", ["half.wav", "half.flac", "half.mp3"])
def test_of_a_file_cut_in_half_the_first_half_is_kept(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    noise = np.random.default_rng(3).normal(0, 0.1, 64_000).astype(np.float32)
    soundfile.write(path, noise, 16_000)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])

    assert 1.5 < read_audio(path).duration_s < 2.2


def test_a_silent_second_is_a_recording_like_any_other(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silent.wav", np.zeros(16_000, np.float32), 16_000)

    audio = read_audio(tmp_path / "silent.wav")

    assert audio.duration_s == 1.0
    assert not audio.samples.any()


def test_samples_that_are_no_numbers_become_silence(tmp_path: Path) -> None:
    odd = np.array([np.nan, np.inf, -np.inf, 3.0, 0.25], np.float32)
    soundfile.write(tmp_path / "odd.wav", odd, 16_000, subtype="FLOAT")

    assert read_audio(tmp_path / "odd.wav").samples.tolist() == [0.0, 1.0, -1.0, 1.0, 0.25]


def whole_wav(rate_hz: int = 16_000) -> bytes:
    import io

    buffer = io.BytesIO()
    soundfile.write(buffer, tone(1.0, rate_hz), rate_hz, format="WAV")
    return buffer.getvalue()


def with_bytes(content: bytes, at: int, value: bytes) -> bytes:
    return content[:at] + value + content[at + len(value) :]


REFUSED = {
    "empty.wav": (b"", "empty"),
    "text.wav": (b"So this was in the spring of last year.\n" * 40, "no recording"),
    "one-byte.mp3": (b"R", "no recording"),
    "noise.mp3": (np.random.default_rng(5).bytes(40_000), "no recording"),
    "page.html": (b"<html><body>Not found</body></html>", "no recording"),
    "header-only.wav": (whole_wav()[:44], "0 samples"),
    "half-a-header.wav": (whole_wav()[:20], "no recording"),
    "rate-zero.wav": (with_bytes(whole_wav(), 24, bytes(4)), "no recording"),
    "garbled.flac": (b"fLaC" + np.random.default_rng(6).bytes(4_000), "no recording"),
    "garbled.ogg": (b"OggS" + np.random.default_rng(7).bytes(4_000), "no recording"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_refused_in_one_line_with_its_name(
    tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    content, says = REFUSED[name]
    (tmp_path / name).write_bytes(content)

    with pytest.raises(BadInput, match=says) as refusal:
        read_audio(tmp_path / name)

    assert name in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert ";" in str(refusal.value), "a remedy follows the fault"
    assert capfd.readouterr() == ("", ""), "no library may print of its own"


def test_a_made_up_rate_is_refused_also_where_only_ffmpeg_reads_the_file(tmp_path: Path) -> None:
    """libsndfile refuses the odd chunk; a resampler from 788 MHz would take all memory."""
    form = struct.pack("<HHIIHH", 3, 1, 788_537_152, 32_000, 4, 32)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form
    chunks += (
        b"fact" + struct.pack("<II", 4, 800) + b"PE\x01\x00" + struct.pack("<I", 16) + bytes(16)
    )
    chunks += b"data" + struct.pack("<I", 3200) + bytes(3200)
    path = tmp_path / "odd.wav"
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks)
    with pytest.raises(BadInput, match="788537152 samples a second, impossible"):
        read_audio(path)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        read_audio(tmp_path / "nothing.wav")
    with pytest.raises(BadInput, match="is a folder"):
        read_audio(tmp_path)


def test_a_recording_over_the_limit_is_refused_instead_of_filling_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mock_interviewer.adapters.audio_files.LONGEST_S", 3600.0)
    soundfile.write(tmp_path / "long.wav", np.zeros(1_001 * 3_600, np.int16), 1_000)

    with pytest.raises(BadInput, match="over 1 hours"):
        read_audio(tmp_path / "long.wav")


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    audio = Audio(tone(0.5, 16_000), 16_000)

    write_wav(tmp_path / "new" / "take.wav", audio)

    assert read_audio(tmp_path / "new" / "take.wav").samples == pytest.approx(
        audio.samples, abs=1e-4
    )


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(HomeFault, match=r"take\.wav: cannot be written .*Move away the file"):
        write_wav(tmp_path / "file" / "take.wav", Audio(tone(0.1, 16_000), 16_000))


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 44_100, 48_000, 96_000])
def test_resampling_keeps_the_length_and_the_pitch(rate_hz: int) -> None:
    audio = resample(Audio(tone(3.0, rate_hz), rate_hz), RATE_HZ)

    assert len(audio.samples) == pytest.approx(3 * RATE_HZ, abs=1)
    assert loudest_hz(audio) == pytest.approx(TONE_HZ, abs=0.5)
