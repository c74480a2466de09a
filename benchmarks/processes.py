"""What a running process uses, as Linux tells it."""

from __future__ import annotations

import os
from pathlib import Path

TICKS_HZ = os.sysconf("SC_CLK_TCK")


def memory_mb(process: int) -> float:
    """Resident memory now."""
    return _status_mb(process, "VmRSS")


def peak_mb(process: int) -> float:
    """The highest resident memory so far."""
    return _status_mb(process, "VmHWM")


def processor_s(process: int) -> float:
    """Processor time until now, user and system."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_HZ


def _status_mb(process: int, what: str) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.split(f"{what}:")[1].split()[0]) / 1024
