from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sound_rig import sound_rig

from mock_interviewer.adapters.prompt_dir import fixtures_dir


def doctor(home: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mock_interviewer.cli.main", "doctor", "--home", str(home)],
        capture_output=True,
        text=True,
        check=False,
        env=environment | {"COLUMNS": "200"},
    )


def test_a_desk_where_everything_works_is_found_so(tmp_path: Path) -> None:
    with (
        sound_rig(tmp_path / "rig") as rig,
        rig.saying(fixtures_dir() / "strong.flac"),
    ):
        ran = doctor(tmp_path / "home", rig.environment)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.count("✓") == 7
    assert "live after" in ran.stdout


def test_a_muted_microphone_is_named_with_its_remedy(tmp_path: Path) -> None:
    with sound_rig(tmp_path / "rig") as rig:
        ran = doctor(tmp_path / "home", rig.environment)
    assert ran.returncode == 1
    (fault,) = [line for line in ran.stdout.splitlines() if line.startswith("✗")]
    assert "microphone" in fault
    assert "unmute" in fault


def test_what_is_missing_does_not_hide_the_rest(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    nowhere = {"PULSE_SERVER": f"unix:{tmp_path}/none", "ALSA_CONFIG_PATH": "/dev/null"}
    ran = doctor(tmp_path / "home", dict(os.environ) | nowhere)
    assert ran.returncode == 1
    assert len(ran.stdout.splitlines()) == 7
    assert "✗ home folder" in ran.stdout
    assert "Traceback" not in ran.stdout + ran.stderr
