"""A WAV file that can be read at every moment of being written.

Sound goes to the disk first and the two size fields of the header after it, so the header never
promises what is not there; a program killed between the two loses one block. Every two seconds of
sound the disk is made to keep it (fsync), for the day the power fails. What a program that was
killed left behind is mended by `repair`. A recording is never written over another.
"""

from __future__ import annotations

import contextlib
import os
import struct
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

from mock_interviewer.adapters.disk_faults import remedy_or
from mock_interviewer.errors import HomeFault

SYNC_S = 2.0
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_LARGEST_SIZE = 0xFFFF_FFFF
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


def holds_sound(path: Path) -> bool:
    """True if a file is there with more in it than the header of an empty recording."""
    return path.is_file() and path.stat().st_size > _HEADER.size


def repair(path: Path, rate_hz: int) -> bool:
    """Make the header of a recording of ours say what is in the file; True if it did not.

    A header that is none (the power failed before the disk had it) is made anew. A file of any
    other kind is left as it is. Raises OSError.
    """
    size = path.stat().st_size
    right = _header(max(0, size - _HEADER.size) // 2 * 2, rate_hz)
    with path.open("r+b", buffering=0) as file:
        there = file.read(_HEADER.size)
        if there == right or not _is_ours(there, right):
            return False
        file.seek(0)
        file.write(right)
        os.fsync(file.fileno())
    return True


def _is_ours(there: bytes, right: bytes) -> bool:
    """True if a header differs from the right one in its sizes only, or is not there at all."""
    if len(there) < _HEADER.size or not there.strip(b"\0"):
        return right.startswith(there.rstrip(b"\0")) or right[:4] == there[:4]
    return there[:4] == right[:4] and there[8:40] == right[8:40]


def _header(data_bytes: int, rate_hz: int) -> bytes:
    data_bytes = min(data_bytes, _LARGEST_SIZE - _HEADER.size)
    return _HEADER.pack(
        b"RIFF", data_bytes + _HEADER.size - 8, b"WAVE", b"fmt ", 16, 1, 1,
        rate_hz, 2 * rate_hz, 2, 16, b"data", data_bytes,
    )  # fmt: skip


def _keep_name(folder: Path) -> None:
    """Make the disk keep a new file's name; not every system lets a folder be opened."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class WavWriter:
    """Writes 16-bit mono, for its owner's eyes only. Raises HomeFault where the disk refuses."""

    def __init__(self, path: Path, rate_hz: int) -> None:
        self.path, self.rate_hz = path, rate_hz
        self._frames = self._unsynced = 0
        try:
            path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
            if holds_sound(path):
                raise FileExistsError(0, "it holds a recording already")
            self._file = os.fdopen(os.open(path, _NEW, 0o600), "wb", buffering=0)
            self._write_all(self._header())
            _keep_name(path.parent)
        except OSError as error:
            raise self._fault(error) from None

    @property
    def duration_s(self) -> float:
        return self._frames / self.rate_hz

    def write(self, samples: npt.NDArray[np.int16]) -> None:
        """Append samples, shape (n,). If this fails, what was written before stays readable."""
        try:
            self._file.seek(_HEADER.size + 2 * self._frames)
            self._write_all(samples.astype("<i2", copy=False).tobytes())
            self._frames += len(samples)
            self._file.seek(0)
            self._write_all(self._header())
            self._unsynced += len(samples)
            if self._unsynced >= SYNC_S * self.rate_hz:
                self._unsynced = 0
                os.fsync(self._file.fileno())
        except OSError as error:
            raise self._fault(error) from None

    def close(self) -> None:
        """Make the disk keep it all; a second time does nothing."""
        if not self._file.closed:
            with contextlib.suppress(OSError):  # the file is readable as it is
                os.fsync(self._file.fileno())
            self._file.close()

    def __enter__(self) -> WavWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _write_all(self, data: bytes) -> None:
        written = 0
        while written < len(data):
            written += self._file.write(data[written:]) or 0

    def _header(self) -> bytes:
        return _header(2 * self._frames, self.rate_hz)

    def _fault(self, error: OSError) -> HomeFault:
        return HomeFault(
            f"{self.path}: cannot be written ({error.strerror or error}). "
            f"{remedy_or(error, 'choose another place')}."
        )
