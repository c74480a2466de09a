"""`devices` and `voices`: what can be heard with and spoken through."""

from __future__ import annotations

from typing import Annotated

import typer


def devices() -> None:
    """List microphones and loudspeakers.

    Example: mock-interviewer devices
    """
    from rich.console import Console
    from rich.table import Table

    from mock_interviewer import wiring

    found = wiring.sound_devices()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for device in found:
        kinds = [
            f"{kind}{' (default)' if is_default else ''}"
            for kind, channels, is_default in (
                ("microphone", device.inputs, device.is_default_input),
                ("loudspeaker", device.outputs, device.is_default_output),
            )
            if channels
        ]
        table.add_row(device.name, ", ".join(kinds), device.host_api)
    console = Console(highlight=False, markup=False)
    console.print(table if found else "There is no microphone and no loudspeaker.")


def voices(
    search: Annotated[
        str, typer.Argument(metavar="[WORD]", help="Only voices with this word.")
    ] = "",
) -> None:
    """List the voices that can speak the questions.

    Example: mock-interviewer voices en-us
    """
    from mock_interviewer import wiring

    for voice_id, name in wiring.voices():
        if search.lower() in f"{voice_id} {name}".lower():
            print(f"{voice_id:24} {name}")
