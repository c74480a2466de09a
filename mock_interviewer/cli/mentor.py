"""`export` and `import`: answers out to a mentor, and the mentor's notes back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mock_interviewer.cli.options import HomeOption
from mock_interviewer.cli.sessions import last_session
from mock_interviewer.cli.telling import tell

if TYPE_CHECKING:
    from mock_interviewer.ports import Transcriber
    from mock_interviewer.settings import Home


def export(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="The zip to write.")],
    sessions: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SESSION]...",
            help="Which sessions; without any, the last.",
            show_default=False,
        ),
    ] = None,
    notes: Annotated[
        bool,
        typer.Option("--notes", help="Only the notes and verdicts you wrote, to send them back."),
    ] = False,
    home: HomeOption = None,
) -> None:
    """Put sessions, with sound, words and report, into one zip for a mentor.

    Example: mock-interviewer export for-anna.zip 2026-11-23T163005-7f3a
    """
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import mentor

    place = home_at(home)
    if notes:
        written = mentor.export_notes(place, file, sessions or ())
        what = f"{len(written)} {'note' if len(written) == 1 else 'notes'}"
    else:
        named = sessions or [last_session(place)]
        written = mentor.export(place, file, named, lambda: _engine(place))
        what = f"{len(written)} {'session' if len(written) == 1 else 'sessions'}"
    print(f"Written: {file} ({what})")


def _engine(place: Home) -> Transcriber:
    from mock_interviewer import wiring

    recogniser, line = wiring.choose_engine("auto", None, place)
    tell(line)
    return recogniser


def take_in(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="A zip that 'export' wrote.")],
    home: HomeOption = None,
) -> None:
    """Take in a zip: a candidate's sessions, or a mentor's notes. Nothing is overwritten.

    A mentor keeps a candidate's sessions apart from their own with --home.

    Example: mock-interviewer import notes-from-anna.zip
    """
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import mentor

    taken = mentor.take_in(home_at(home), file)
    for name in taken.sessions:
        print(f"Taken in: session {name}")
    for name in taken.notes:
        print(f"A note on {name}; read it on its page or with 'replay {name.split('/')[0]}'")
    for name in taken.there:
        print(f"Left as it is: session {name} is here already")
    for name in taken.kept:
        tell(f"Not taken in: {name} has another note already, and it stays.")
    for name in taken.unknown:
        tell(f"Not taken in: the answer {name} is not here.")
