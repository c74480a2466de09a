"""Nothing leaves the computer: no report of any library, and no look for a network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from reliability.netless import attempts, missing, ran

LISTEN = """
import numpy as np
from mock_interviewer.adapters import vad
from mock_interviewer.ports import Audio
vad.speech_regions(Audio(np.zeros(16000, np.float32), 16000))
"""


def test_the_voice_detector_keeps_no_list_for_its_maker(tmp_path: Path) -> None:
    """With its telemetry on, onnxruntime opens a list of events in the cache folder at once."""
    environment = {name: value for name, value in os.environ.items() if not _is_a_wish(name)}
    environment |= {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-c", LISTEN], env=environment, check=True)
    assert [path.name for path in tmp_path.rglob("*")] == []


def _is_a_wish(name: str) -> bool:
    return "TELEMETRY" in name or name == "DO_NOT_TRACK" or name.startswith("XDG_")


@pytest.mark.skipif(missing() is not None, reason=str(missing()))
def test_commands_do_their_work_without_a_network_and_never_look_for_one(tmp_path: Path) -> None:
    program = (sys.executable, "-m", "mock_interviewer.cli.main")
    answer = tmp_path / "answer.txt"
    answer.write_text("I noticed that the till was wrong and I mended it.")
    for arguments, stdin in (
        (("replay", "--json", str(answer)), ""),
        (("test", "missed-deadline", "--seed", "7"), "1\n" * 40),
    ):
        home, log = str(tmp_path / "home"), tmp_path / "log"
        done = ran([*program, *arguments], log, stdin, MOCK_INTERVIEWER_HOME=home)
        assert done.returncode == 0, done.stderr
        assert attempts(log) == []


def test_a_look_for_a_network_is_seen(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(
        '7 connect(3, {sa_family=AF_UNIX, sun_path="/run/pulse"}, 110) = 0\n'
        "7 connect(3, {sa_family=AF_INET, sin_port=htons(8000), "
        'sin_addr=inet_addr("127.0.0.1")}, 16) = 0\n'
    )
    assert attempts(log) == []
    for port, address in ((443, "10.0.0.1"), (53, "127.0.0.53"), (53, "10.0.0.1")):
        log.write_text(
            f"7 connect(3, {{sa_family=AF_INET, sin_port=htons({port}), "
            f'sin_addr=inet_addr("{address}")}}, 16) = -1 ENETUNREACH\n'
        )
        assert len(attempts(log)) == 1
