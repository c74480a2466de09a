"""A moment as a person reads it: by the calendar and the clock of their own place.

Everything is kept in UTC. Who practises in the evening west of Greenwich would read tomorrow's date
there, so whatever is shown goes through here. A zone of None is the machine's.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo

_SESSION_BEGAN = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)-")


def begun_at(session: str) -> str:
    """When a session began, by its name; empty for a name of another kind.

    >>> begun_at("2026-11-23T163005-7f3a")
    '2026-11-23T16:30:05+00:00'
    """
    found = _SESSION_BEGAN.match(session)
    return f"{found[1]}T{found[2]}:{found[3]}:{found[4]}+00:00" if found else ""


def _here(at: str, zone: tzinfo | None) -> datetime:
    told = datetime.fromisoformat(at)
    return (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(zone)


def day_of(at: object, zone: tzinfo | None = None) -> date:
    """The person's day of an ISO time. Raises ValueError, TypeError."""
    if not isinstance(at, str):
        raise TypeError("no time")
    return _here(at, zone).date()


def day_and_minute(at: str, zone: tzinfo | None = None) -> str:
    """An ISO time as the person's day and minute; what is no time stays as it is.

    >>> from datetime import timedelta, timezone
    >>> day_and_minute("2026-11-23T22:30:05+00:00", timezone(timedelta(hours=9)))
    '2026-11-24 07:30'
    """
    try:
        return f"{_here(at, zone):%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError):
        return at[:16].replace("T", " ")


def day_told(at: str, zone: tzinfo | None = None) -> str:
    """The day alone: '2026-11-23'."""
    return day_and_minute(at, zone)[:10]
