"""Which session is meant where none is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_interviewer.cli.telling import tell
from mock_interviewer.errors import BadInput

if TYPE_CHECKING:
    from mock_interviewer.settings import Home


def last_session(place: Home) -> str:
    """The last one that holds an answer; one just begun may hold none. Raises BadInput."""
    from mock_interviewer import wiring
    from mock_interviewer.app.replay import takes_that_count

    names = wiring.sessions(place).names()[::-1]
    found = next((name for name in names if takes_that_count(place.sessions / name)), None)
    if found is None:
        raise BadInput(
            f"There is no session with an answer in {place.sessions} yet; name a recording or a "
            "transcript, or hold an interview first."
        )
    if found != names[0]:
        tell(f"{names[0]} holds no answer; this is {found}, the last session that does.")
    return found
