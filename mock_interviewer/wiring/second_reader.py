"""Which second reader is asked, if any: the command line's, else the one of `settings.toml`.

reader = "http://127.0.0.1:11434"   an OpenAI-compatible server; without it nobody is asked
reader_model = "llama3.2"           else the first model that the server names
reader_seconds = 60                 how long it may take over one answer
reader_anywhere = false             true: it need not be on this machine
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from mock_interviewer import wiring
from mock_interviewer.adapters.prompt_dir import prompts_dir
from mock_interviewer.adapters.reader_words import read_opinion, write_opinion
from mock_interviewer.adapters.second_reader import LIMIT_S, ReaderServer, address_of
from mock_interviewer.app.replay import Saying
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.reader_remarks import Opinion, opinion_of, put_to_reader
from mock_interviewer.errors import BadInput, ReaderFault, ReaderGone
from mock_interviewer.settings import SETTINGS, Home, settings_of

NOBODY = "off"
"""As an address: nobody is asked this time, whatever the settings say."""
PROMPT = "second-reader.txt"
MOST_SECONDS = 600
STANDS = "the report stands without it."


@dataclass
class SecondReader:
    """A second reader to put answers to."""

    server: ReaderServer
    _gone: str | None = field(default=None, init=False)

    @property
    def where(self) -> str:
        return str(self.server.address)

    @property
    def warning(self) -> str | None:
        """What is sent where, in one line; None where nothing leaves this machine."""
        if self.server.address.is_here:
            return None
        return (
            f"The question, your words and our findings are sent to {self.where}, which is not "
            "this machine."
        )

    def __call__(self, analysis: Analysis) -> Opinion:
        """What it says of an answer; never an error. One that is gone is not asked again."""
        name = self.server.model or self.where
        if self._gone is None:
            try:
                reply, name = self.server.reply(_instruction(), put_to_reader(analysis))
                return opinion_of(reply, name, analysis.transcript)
            except ReaderGone as fault:
                self._gone = str(fault)
            except ReaderFault as fault:
                return Opinion(name, note=f"{fault}; {STANDS}")
        return Opinion(name, note=f"{self._gone}; {STANDS}")

    def look(self) -> str:
        """Whether it answers, in words. Raises ReaderFault."""
        return f"{self.server.model_name()} at {self.where}"


@cache
def _instruction() -> str:
    try:
        return (prompts_dir() / PROMPT).read_text(encoding="utf-8")
    except OSError:
        raise BadInput(f"'{PROMPT}' is missing from this installation; install it again.") from None


def keep_opinion(take: Path, opinion: Opinion) -> None:
    """Keep what was said of a session's take; a reader that was gone says nothing to keep.

    What was kept before stays then. Raises HomeFault.
    """
    if opinion.is_worth_keeping:
        write_opinion(take, opinion, wiring.SystemClock().now_at())


def kept_opinion(saying: Saying | None) -> Opinion | None:
    """What a second reader once said of a session's answer; None where nobody was asked."""
    if saying is None or saying.written_down_at is None:
        return None
    return read_opinion(saying.written_down_at.with_suffix(""), saying.transcript)


def is_named(home: Home) -> bool:
    """True if the settings name a second reader."""
    return bool(settings_of(home).get("reader"))


def goes_where(home: Home) -> str:
    """Where an answer would be sent by the settings, or what is wrong with them, in one line."""
    try:
        reader = second_reader(home)
    except BadInput as fault:
        return str(fault)
    if reader is None:
        return "It is switched off."
    return reader.warning or f"It stays on this machine: {reader.where}"


def second_reader(
    home: Home, url: str | None = None, model: str | None = None, *, is_anywhere: bool = False
) -> SecondReader | None:
    """The reader that the command line names, else the settings; None where neither does.

    Raises BadInput, also for one that is not on this machine and was not allowed to be elsewhere.
    """
    told = settings_of(home)
    where = url if url is not None else _told(told, "reader", str, "", home)
    if where == NOBODY:
        return None
    if url is None and not where:
        if model or is_anywhere:
            raise BadInput("--reader-model and --reader-anywhere go with --reader URL.")
        return None
    address = address_of(where)
    is_allowed = is_anywhere or _told(told, "reader_anywhere", bool, False, home)
    if not address.is_here and not is_allowed:
        raise BadInput(
            f"{address} is not this machine, and your answers stay here; --reader-anywhere sends "
            "them there all the same."
        )
    limit_s = float(_told(told, "reader_seconds", (int, float), LIMIT_S, home))
    if not 0 < limit_s <= MOST_SECONDS:
        raise BadInput(f"{home.path / SETTINGS}: reader_seconds is 1 to {MOST_SECONDS}.")
    named = model or _told(told, "reader_model", str, "", home) or None
    return SecondReader(ReaderServer(address, named, limit_s))


def _told(
    told: dict[str, Any],
    name: str,
    kind: type | tuple[type, ...],
    otherwise: Any,
    home: Home,
) -> Any:
    value = told.get(name, otherwise)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        words = {str: "a text in quotes", bool: "true or false"}
        wanted = words.get(kind, "a number") if isinstance(kind, type) else "a number"
        raise BadInput(f"{home.path / SETTINGS}: {name} is {wanted}.")
    return value
