"""A session removed whole: its folder, and what lies elsewhere in the home because of it.

A batch (`replay --jobs`) keeps the lines it has printed in `cohorts/`, with quotes. A line belongs
to a session if its source lies in a folder of the session's name, wherever that folder is: a copy
elsewhere says the same, and the name holds a second of one day and four characters by chance, so no
other folder has it.

The voice keeps what it has spoken in `voice/`, and each session has a copy of what was asked in it.
Probes quote the answer; so what is the same there is removed, and spoken anew if it is ever asked
again. The index has a row for each session.
"""

from __future__ import annotations

from pathlib import Path

from mock_interviewer import wiring
from mock_interviewer.adapters import batch_state, session_index, under_way
from mock_interviewer.adapters.home_lock import HomeInUse, sole_use_of
from mock_interviewer.adapters.session_folders import SessionFolder, plain_disk_errors
from mock_interviewer.errors import HomeFault
from mock_interviewer.settings import Home
from mock_interviewer.wiring.cohort import BATCHES


def delete_session(home: Home, name: str) -> Path:
    """Remove it, and say where it was. Raises UnknownName, HomeFault.

    Of one that was not ended the home must be free: it may be under way. The folder goes last: if
    anything fails before, the session is still there to be removed.
    """
    found = wiring.sessions(home).find(name)
    if not (found.path / under_way.MARK).exists():
        return _delete(home, found)
    try:
        with sole_use_of(home.path):
            return _delete(home, found)
    except HomeInUse:
        raise HomeFault(f"{found.name} may be under way; end what goes on first.") from None


def _delete(home: Home, found: SessionFolder) -> Path:
    for state in sorted((home.path / BATCHES).glob("*.jsonl")):
        batch_state.forget(state, lambda place: found.name in Path(place).parts)
    _forget_spoken(home, found.path)
    session_index.forget(home.path, found.name)
    wiring.sessions(home).remove(found.name)
    return found.path


def _forget_spoken(home: Home, session: Path) -> None:
    """Remove what the voice keeps of a session's questions and probes. Raises HomeFault."""
    with plain_disk_errors(home.voice_cache):
        asked = {path.read_bytes() for path in session.glob("q*/*question.wav")}
        lengths = {len(sound) for sound in asked}
        for kept in home.voice_cache.glob("*.wav"):
            if kept.stat().st_size in lengths and kept.read_bytes() in asked:
                kept.unlink()
