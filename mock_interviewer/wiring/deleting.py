"""A session removed whole: its folder, and what batches have kept of it.

A batch (`replay --jobs`) keeps the lines it has printed in `cohorts/`, with quotes. A line belongs
to a session if its source lies in a folder of the session's name, wherever that folder is: a copy
elsewhere says the same, and the name holds a second of one day and four characters by chance, so no
other folder has it.
"""

from __future__ import annotations

from pathlib import Path

from mock_interviewer import wiring
from mock_interviewer.adapters import batch_state
from mock_interviewer.settings import Home
from mock_interviewer.wiring.cohort import BATCHES


def delete_session(home: Home, name: str) -> Path:
    """Remove it, and say where it was. Raises UnknownName, HomeFault.

    What batches kept goes first: if that fails, the session is still there to be removed.
    """
    folders = wiring.sessions(home)
    found = folders.find(name)
    for state in sorted((home.path / BATCHES).glob("*.jsonl")):
        batch_state.forget(state, lambda place: found.name in Path(place).parts)
    folders.remove(found.name)
    return found.path
