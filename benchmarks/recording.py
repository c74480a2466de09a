"""What recording costs: memory and processor time while somebody speaks, and what is missing.

    python benchmarks/recording.py --minutes 30

A sound card of its own (PulseAudio null sinks) plays a recorded answer again and again into the
microphone; the recording, the voice detector and the level run as in an interview. A line a
minute: seconds recorded, memory of this process and of the child that holds the device, processor
time of both in per cent of one core. Linux only (it reads /proc).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks"), str(ROOT / "tests")]

from processes import memory_mb, processor_s  # noqa: E402
from sound_rig import sound_rig  # noqa: E402

from mock_interviewer.adapters.microphone import Microphone  # noqa: E402
from mock_interviewer.adapters.prompt_dir import fixtures_dir  # noqa: E402


def main() -> None:
    """Record for as long as asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=3.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sound_rig(Path(folder, "rig")) as rig:
        with Microphone() as microphone:
            microphone.wait_until_live(10.0)
            processes = {"program": os.getpid(), "device": microphone._process.pid}
            microphone.begin(Path(folder, "answer.wav"))
            began_at = time.monotonic()
            before = {name: processor_s(each) for name, each in processes.items()}
            minute = 0.0
            while time.monotonic() - began_at < options.minutes * 60:
                rig.say(fixtures_dir() / "weak.flac")
                spent_s = time.monotonic() - began_at
                if spent_s < 60 * minute:
                    continue
                minute += 1
                told = [
                    f"{name} {memory_mb(each):.1f} MB "
                    f"{(processor_s(each) - before[name]) / spent_s:.1%}"
                    for name, each in processes.items()
                ]
                print(
                    f"{spent_s:6.0f} s, {microphone.recorded_s:7.1f} recorded;", *told, flush=True
                )
            take = microphone.end()
            spent_s = time.monotonic() - began_at
        print(f"gaps: {take.gaps or 'none'}; recorded {take.duration_s:.2f} s in {spent_s:.2f} s")


if __name__ == "__main__":
    main()
