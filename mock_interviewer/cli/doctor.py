"""`doctor`: a line for everything an interview needs, and one remedy for what is at fault."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mock_interviewer.cli.options import DeviceOption, HomeOption, LanguageOption, SpeakerOption
from mock_interviewer.errors import InterviewError

if TYPE_CHECKING:
    from mock_interviewer.settings import Home

FIRST_BLOCK_S = 2.0
LISTEN_S = 1.0
LEAST_FREE_BYTES = 500_000_000
"""An hour of answers takes 115 MB; a Whisper model 148 MB."""
QUIETEST_DBFS = -65.0


@dataclass(frozen=True)
class Finding:
    """What was looked at, what was found, and whether it will do."""

    what: str
    told: str
    is_fine: bool = True


def doctor(
    device: DeviceOption = None,
    speaker: SpeakerOption = None,
    language: LanguageOption = None,
    home: HomeOption = None,
) -> None:
    """Check microphone, loudspeaker, voice, recogniser, judgement, disk and home folder.

    Example: mock-interviewer doctor
    """
    from rich.console import Console
    from rich.text import Text

    from mock_interviewer.settings import home_at

    console = Console(highlight=False)
    is_flawed = False
    for finding in _findings(home_at(home, language), device, speaker):
        is_flawed = is_flawed or not finding.is_fine
        mark, style = ("✓", "green") if finding.is_fine else ("✗", "red")
        line = Text(f"{mark} ", style=f"bold {style}")
        console.print(line.append(f"{finding.what:<12} ", style="bold").append(finding.told))
    if is_flawed:
        raise typer.Exit(1)


def _findings(place: Home, device: str | None, speaker: str | None) -> Iterator[Finding]:
    from mock_interviewer.settings import settings_of

    looks: tuple[tuple[str, Callable[[], Finding]], ...] = (
        ("microphone", lambda: _microphone(device)),
        ("voice", lambda: _voice(place)),
        ("loudspeaker", lambda: _loudspeaker(place, speaker)),
        ("recogniser", lambda: _recogniser(place)),
        ("judgement", lambda: _judgement(place)),
        ("home folder", lambda: _home(place)),
        ("disk", lambda: _disk(place)),
    )
    if settings_of(place).get("reader"):
        looks += (("reader", lambda: look_at_reader(place)),)
    for what, look in looks:
        try:
            yield look()
        except InterviewError as error:
            yield Finding(what, str(error), is_fine=False)


def _microphone(device: str | None) -> Finding:
    from mock_interviewer import wiring
    from mock_interviewer.core.sound_heard import LINES, SILENCE_DBFS, FaultKind

    faults: list[str] = []
    began_s = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        wiring.open_microphone(device)(faults.append) as microphone,
    ):
        while not microphone.is_live and time.monotonic() - began_s < FIRST_BLOCK_S + LISTEN_S:
            time.sleep(0.02)
        waited_s = time.monotonic() - began_s
        if not microphone.is_live:
            return Finding("microphone", "opens and gives no sound; try --device NAME", False)
        microphone.begin(Path(folder, "check.wav"))
        loudest_dbfs = SILENCE_DBFS
        until_s = time.monotonic() + LISTEN_S
        while time.monotonic() < until_s:
            loudest_dbfs = max(loudest_dbfs, microphone.level_dbfs)
            time.sleep(0.05)
        microphone.end()
    if faults:
        return Finding("microphone", faults[-1], False)
    if loudest_dbfs <= SILENCE_DBFS:  # the recording, which tells it too, may be slower than this
        return Finding("microphone", LINES[FaultKind.ZEROS], False)
    if loudest_dbfs < QUIETEST_DBFS:
        told = "gives next to no sound; raise its level, or try --device NAME"
        return Finding("microphone", told, False)
    return Finding(
        "microphone", f"live after {waited_s:.1f} s, level {loudest_dbfs:.0f} dBFS in the room"
    )


def _spoken(place: Home) -> Path:
    from mock_interviewer import wiring

    path = Path(tempfile.gettempdir(), f"mock-interviewer-{time.time_ns()}.wav")
    wiring.speaker(place).speak_to_file("Can you hear me?", path)
    return path


def _voice(place: Home) -> Finding:
    path = _spoken(place)
    path.unlink()
    return Finding("voice", "speaks")


def _loudspeaker(place: Home, speaker: str | None) -> Finding:
    from mock_interviewer import wiring

    path = _spoken(place)
    try:
        with wiring.play_sound(speaker)(path) as playing:
            if not playing.wait(15.0):
                return Finding("loudspeaker", "takes no sound; try --speaker NAME", False)
    finally:
        with suppress(OSError):
            path.unlink()
    return Finding("loudspeaker", "played 'Can you hear me?'")


def _recogniser(place: Home) -> Finding:
    from mock_interviewer import wiring

    transcriber, line = wiring.choose_engine("auto", None, place)
    if wiring.has_model(place):
        return Finding("recogniser", f"{transcriber.name}; {line}")
    told = f"{transcriber.name}, a rough draft; 'model fetch' brings a better one"
    return Finding("recogniser", told)


def _judgement(place: Home) -> Finding:
    from mock_interviewer.wiring.judgement import judged_by

    told, is_fine = judged_by(place)
    return Finding("judgement", told, is_fine)


def _home(place: Home) -> Finding:
    from mock_interviewer import wiring

    wiring.try_home(place)
    return Finding("home folder", str(place.path))


def _disk(place: Home) -> Finding:
    import shutil

    folder = place.path
    while not folder.is_dir():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    told = f"{free / 1e9:.1f} GB free"
    if free < LEAST_FREE_BYTES:
        return Finding("disk", f"{told}; free some space or use --home elsewhere", False)
    return Finding("disk", told)


def look_at_reader(place: Home) -> Finding:
    """Whether the second reader of the settings answers, and as which model."""
    from mock_interviewer.errors import ReaderFault
    from mock_interviewer.wiring.second_reader import second_reader

    reader = second_reader(place)
    try:
        return Finding("reader", reader.look() if reader else "off")
    except ReaderFault as fault:
        told = f"{fault}; start it, or take 'reader' out of settings.toml"
        return Finding("reader", told, is_fine=False)
