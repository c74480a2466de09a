"""Packs that a person writes, in their questions folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mock_interviewer.settings import Home
from mock_interviewer.wiring.home import SystemClock, keep_private

if TYPE_CHECKING:
    from mock_interviewer.adapters.own_packs import Draft


def new_draft(home: Home, *, is_pattern: bool) -> Draft:
    """A draft without an answer."""
    from mock_interviewer.adapters import own_packs

    keep_private()
    return own_packs.new_draft(home.questions, SystemClock().now_at(), is_pattern=is_pattern)


def last_draft(home: Home) -> Draft | None:
    """The draft begun last; None where there is none. Raises BadInput."""
    from mock_interviewer.adapters import own_packs

    keep_private()
    return own_packs.last_draft(home.questions)


def taken_names(home: Home) -> frozenset[str]:
    """Ids and file names that the person's own packs have."""
    from mock_interviewer.adapters.pack_files import own_paths, read_pack

    paths = own_paths(home.questions)
    ids = (question.id for path in paths for question in read_pack(path).questions)
    return frozenset([*ids, *(path.stem for path in paths)])


def write_pack(home: Home, name: str, content: dict[str, Any]) -> Path:
    """Write a pack under its id. Raises BadInput, HomeFault."""
    from mock_interviewer.adapters import own_packs

    keep_private()
    return own_packs.write_pack(home.questions, name, content)
