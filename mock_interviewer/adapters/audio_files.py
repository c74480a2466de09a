"""Recordings on disk: any common format in, mono float32 at the recognisers' rate out.

Two libraries share the work. libsndfile reads uncompressed sound (WAV, AIFF, CAF ...), told by its
first bytes; FFmpeg, through PyAV, reads the rest (FLAC, Ogg, mp3, m4a, webm, the sound of a video).
Both read block by block, so that a file which ends too early gives everything up to where it ends.
A WAV whose header still says 'no data' lost its writer while it was written: its data reach to the
end of the file, and are read so. Channels are averaged, and a rate is changed by FFmpeg's
band-limited resampler, never by leaving samples out. Every step is linear in the length and keeps a
block plus the result in memory.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np

from mock_interviewer.adapters.disk_faults import remedy_or
from mock_interviewer.errors import BadInput, HomeFault
from mock_interviewer.ports import Audio, Samples

RATE_HZ = 16_000
"""What the recognisers and the voice detector work at."""

LONGEST_S = 1.5 * 3600.0
"""A longer file is refused rather than read into memory: silence of many hours is a small file. So
much is 350 MB."""
_GROWN_BY_S = 300.0

_BLOCK_FRAMES = 1 << 16
_HEAD_BYTES = 4096
_LARGEST_SIZE = 0xFFFFFFFF
_LOWEST_RATE_HZ, _HIGHEST_RATE_HZ = 1_000, 768_000

_ONE_FILE_ONLY = {
    "format_whitelist": "aac,ac3,adts,aiff,amr,ape,asf,au,avi,caf,dts,eac3,flac,flv,"
    "matroska,mov,mp3,mpeg,mpegts,ogg,tta,w64,wav,wv",
    "protocol_whitelist": "file",
}
"""What FFmpeg may take a file for. A playlist (HLS, concat, DASH) is a list of other files and of
addresses in the network; such a form is never read, whatever the file is called."""

_WRITE_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
_SNDFILE_MAGIC: tuple[bytes, ...] = (
    b"RIFF", b"RIFX", b"RF64", b"FORM", b"caff", b"riff", b".snd",
)  # fmt: skip


def read_audio(path: Path, rate_hz: int = RATE_HZ) -> Audio:
    """The recording at path as mono float32 in [-1, 1] at rate_hz.

    What can still be read of a damaged file is read. Raises BadInput, in one plain line, for a file
    that is missing, unreadable, empty, no audio, without a single sample, or longer than LONGEST_S.
    """
    head = _first_bytes(path)
    read = _sndfile_blocks if head.startswith(_SNDFILE_MAGIC) else _ffmpeg_blocks
    limit = int(LONGEST_S * rate_hz)
    samples: Samples = np.empty(0, np.float32)
    total = 0
    for block in read(path, rate_hz):
        at, total = total, total + len(block)
        if total > limit:
            raise BadInput(
                f"{path} is over {LONGEST_S / 3600:g} hours long; cut out the answer and name that."
            )
        if total > len(samples):  # grown in place: a list of blocks would be in memory twice
            samples.resize(total + int(_GROWN_BY_S * rate_hz), refcheck=False)
        np.nan_to_num(block, copy=False, nan=0.0, posinf=1.0, neginf=-1.0)
        np.clip(block, -1.0, 1.0, out=samples[at:total])
    if not total:
        raise BadInput(f"{path} holds no sound at all (0 samples); record it again.")
    samples.resize(total, refcheck=False)
    return Audio(samples, rate_hz)


def resample(audio: Audio, rate_hz: int) -> Audio:
    """The same sound at another rate, band-limited."""
    if audio.rate_hz == rate_hz:
        return audio
    blocks = (
        audio.samples[at : at + _BLOCK_FRAMES] for at in range(0, len(audio.samples), _BLOCK_FRAMES)
    )
    pieces = list(_resampled(blocks, audio.rate_hz, rate_hz))
    samples = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
    return Audio(np.clip(samples, -1.0, 1.0), rate_hz)


def encoded(audio: Audio, kind: str) -> bytes:
    """A recording as the bytes of a 16-bit 'WAV' or 'FLAC' (half the size, nothing lost)."""
    import soundfile

    out = io.BytesIO()
    samples = np.clip(audio.samples, -1.0, 1.0)
    soundfile.write(out, samples, audio.rate_hz, subtype="PCM_16", format=kind)
    return out.getvalue()


def write_wav(path: Path, audio: Audio) -> None:
    """Write audio as 16-bit WAV, whole or not at all, making the folder. Raises HomeFault."""
    beside = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
        try:
            descriptor = os.open(beside, _WRITE_NEW, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(encoded(audio, "WAV"))
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as fault:
        raise HomeFault(
            f"{path}: cannot be written ({fault.strerror or fault}). "
            f"{remedy_or(fault, 'choose another place')}."
        ) from None


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except FileNotFoundError:
        raise BadInput(f"{path}: there is no such file; check the name.") from None
    except IsADirectoryError:
        raise BadInput(f"{path} is a folder; name a recording in it.") from None
    except OSError as fault:
        raise BadInput(
            f"{path} cannot be opened ({fault.strerror}); check its permissions."
        ) from None
    if not head:
        raise BadInput(f"{path}: the file is empty (0 bytes); record it again.")
    return head


def _not_audio(path: Path) -> BadInput:
    return BadInput(
        f"{path} is no recording that can be read (wav, flac, ogg, mp3, m4a ...), or is cut off "
        "too early; play it to see whether it is whole."
    )


def _sndfile_blocks(path: Path, rate_hz: int) -> Iterator[Samples]:
    """Mono blocks at rate_hz through libsndfile; through FFmpeg if libsndfile refuses the file."""
    import soundfile

    with _repaired(path) as source:
        try:
            file = soundfile.SoundFile(str(path) if source is None else source)
        except (soundfile.LibsndfileError, RuntimeError):
            yield from _ffmpeg_blocks(path, rate_hz)
            return
        with file:
            _check_rate(path, file.samplerate)
            yield from _resampled(_sndfile_mono(file), file.samplerate, rate_hz)


def _check_rate(path: Path, claimed_hz: int) -> None:
    """A made-up rate would want a resampler of gigabytes. Raises BadInput."""
    if not _LOWEST_RATE_HZ <= claimed_hz <= _HIGHEST_RATE_HZ:
        raise BadInput(
            f"{path}: its header claims {claimed_hz} samples a second, impossible; "
            "convert it again."
        )


def _sndfile_mono(file: Any) -> Iterator[Samples]:
    import soundfile

    while True:
        try:
            block = file.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError:  # what came before the damage is kept
            return
        if not len(block):
            return
        yield block.mean(axis=1, dtype=np.float32)


def _ffmpeg_blocks(path: Path, rate_hz: int) -> Iterator[Samples]:
    """Mono blocks at rate_hz through FFmpeg."""
    import av

    try:
        container = av.open(str(path), metadata_errors="ignore", options=_ONE_FILE_ONLY)
    except (av.error.FFmpegError, OSError, ValueError):
        raise _not_audio(path) from None
    with container:
        if not container.streams.audio:
            raise _not_audio(path)
        try:
            frames = container.decode(container.streams.audio[0])
            for from_hz, of_rate in groupby(frames, lambda frame: int(frame.sample_rate)):
                _check_rate(path, from_hz)
                yield from _resampled(map(_mono, of_rate), from_hz, rate_hz)
        except (av.error.FFmpegError, ValueError):  # what came before the damage is kept
            pass


def _mono(frame: Any) -> Samples:
    """The average of a frame's channels, which FFmpeg would add up louder."""
    told = frame.to_ndarray()
    if not frame.format.is_planar:
        told = told.reshape(-1, frame.layout.nb_channels).T
    if told.dtype == np.uint8:
        told = told.astype(np.float32) / 128 - 1
    elif told.dtype.kind == "i":
        told = told / -float(np.iinfo(told.dtype).min)
    mono: Samples = told.mean(axis=0, dtype=np.float32)
    return mono


def _frames_to_blocks(frames: Iterable[Any]) -> Iterator[Samples]:
    for frame in frames:
        yield frame.to_ndarray().reshape(-1).astype(np.float32)


def _resampled(blocks: Iterable[Samples], from_hz: int, to_hz: int) -> Iterator[Samples]:
    """The mono blocks at another rate; the total length is kept to within a sample."""
    if from_hz == to_hz:
        yield from blocks
        return
    import av

    resampler = av.AudioResampler(format="flt", layout="mono", rate=to_hz)
    for block in blocks:
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(block[None, :], np.float32), format="flt", layout="mono"
        )
        frame.sample_rate = from_hz
        yield from _frames_to_blocks(resampler.resample(frame))
    yield from _frames_to_blocks(resampler.resample(None))


@contextmanager
def _repaired(path: Path) -> Iterator[BinaryIO | None]:
    """The file with the data size that a killed writer left at 0 read as reaching to its end.

    None where the file is right as it is.
    """
    with path.open("rb") as file:
        head = bytearray(file.read(_HEAD_BYTES))
        at = _empty_data_chunk(head)
        if at is None:
            yield None
            return
        data_bytes = min(file.seek(0, io.SEEK_END) - at - 8, _LARGEST_SIZE)
        file.seek(0)
        head[at + 4 : at + 8] = data_bytes.to_bytes(4, "little")
        head[4:8] = min(data_bytes + at, _LARGEST_SIZE).to_bytes(4, "little")
        yield cast(BinaryIO, _WithHead(file, bytes(head)))


class _WithHead(io.RawIOBase):
    """A file whose first bytes read as others than those on the disk."""

    def __init__(self, file: BinaryIO, head: bytes) -> None:
        super().__init__()
        self._file, self._head = file, head

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        try:
            return self._file.seek(offset, whence)
        except (OSError, ValueError, OverflowError):  # a damaged header leads anywhere; nobody
            return self._file.tell()  # above libsndfile could take an error here

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: Any) -> int:
        at = self._file.tell()
        data = self._file.read(len(buffer))
        replaced = self._head[at : at + len(data)]
        buffer[: len(data)] = replaced + data[len(replaced) :]
        return len(data)


def _empty_data_chunk(head: bytes | bytearray) -> int | None:
    """Where a WAV's `data` chunk of stated size 0 begins, if sound follows it all the same."""
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return None
    at = 12
    while at + 8 <= len(head):
        name, size = head[at : at + 4], int.from_bytes(head[at + 4 : at + 8], "little")
        if name == b"data":
            return at if size == 0 and len(head) > at + 8 else None
        at += 8 + size + size % 2
    return None
