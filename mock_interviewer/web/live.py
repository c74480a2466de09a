"""What goes on at this moment: an interview, a stage told again, an upload being written down."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from random import SystemRandom
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from mock_interviewer import wiring
from mock_interviewer.app.interview import Interview
from mock_interviewer.core.dialogue import Dialogue
from mock_interviewer.core.endpointing import LEAST_PATIENCE_S, MOST_PATIENCE_S
from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import (
    Level,
    Principle,
    Work,
)
from mock_interviewer.errors import BadInput, UnknownName
from mock_interviewer.ports import Speaker
from mock_interviewer.web.guessing import GuessingRoom
from mock_interviewer.web.room import Room
from mock_interviewer.web.screen import Screen, events
from mock_interviewer.web.site import (
    Fields,
    Site,
    number_in,
    page,
    see,
    site_of,
    takes_form,
)
from mock_interviewer.wiring import live as live_wiring
from mock_interviewer.wiring import practising
from mock_interviewer.wiring.asking import Wish, questions_to_ask, with_warm_up
from mock_interviewer.wiring.reading_ahead import reads_ahead
from mock_interviewer.wiring.unfinished import sole_use, unfinished

ASKED = (
    *("principle", "work", "level", "search", "questions", "probes", "how", "voice"),
    *("end", "patience", "coach", "interrupt", "guess"),
)
"""What is set when a question is looked for stays set."""
SHOWN_AT_ONCE = 12
"""Questions to choose from; the others are folded away."""
MOST_OFFERED = 3
ENDING_S = 3.0
"""How long an interview that another one ends may still have the home."""


def screen_of(request: Request) -> Screen | None:
    """What goes on, None if nothing ever did."""
    screen = request.app.state.screen
    assert screen is None or isinstance(screen, Screen)
    return screen


def begin_screen(request: Request, screen: Screen, work: Callable[[], None]) -> None:
    """Let one thing go on; what went on before is ended, and what it recorded is kept."""
    with request.app.state.begins:  # one after the other: who is not reached cannot be stopped
        before = screen_of(request)
        if before is not None and not before.is_over:
            before.stop()
        request.app.state.screen = screen
        screen.start(work)


def choose(request: Request) -> Response:
    """What to be asked."""
    asked = request.query_params
    principle = Principle(asked["principle"]) if asked.get("principle") in set(Principle) else None
    level = Level(asked["level"]) if asked.get("level") in set(Level) else None
    work = Work(asked["work"]) if asked.get("work") in set(Work) else None
    site = site_of(request)
    known = wiring.known_question(site.home, asked.get("question", ""))
    found = wiring.packs(site.home).search(principle, level, asked.get("search") or None, work)
    if known is not None:  # what is chosen is seen
        found = tuple(sorted(found, key=lambda question: question.id != known.id))
    return page(
        "choose.html",
        request,
        questions=found,
        asked={name: asked.get(name, "") for name in ASKED},
        chosen=known.id if known else None,
        own=asked.get("own", "") or ("" if known is not None else asked.get("question", "")),
        shown_at_once=SHOWN_AT_ONCE,
        under_way=_under_way(request),
        left=[] if _under_way(request) else unfinished(site.home)[-MOST_OFFERED:],
        sessions=len(wiring.sessions(site.home).names()),
    )


def _under_way(request: Request) -> bool:
    screen = screen_of(request)
    return screen is not None and not screen.is_over


def begin(request: Request, fields: Fields) -> Response:
    """Begin an interview."""
    site = site_of(request)
    asked = _asked(site, fields)
    is_typed = fields.get("how") == "typed"
    if not is_typed:
        asked = with_warm_up(site.home, asked)
    is_silent = is_typed or fields.get("voice") == "silent"
    is_auto = fields.get("end") == "auto"
    attention = live_wiring.attention(
        site.home,
        is_auto=is_auto,
        patience_s=_patience_s(fields) if is_auto else None,
        is_coached=bool(fields.get("coach")),
        interrupts=bool(fields.get("interrupt")),
    )
    room_kind = GuessingRoom if fields.get("guess") else Room
    room = room_kind(
        wiring.open_microphone(site.device),
        None if is_silent else wiring.play_sound(site.speaker),
        wiring.question_guard_s(),
        attention,
        wiring.words_of_page(),
        is_typed=is_typed,
        questions=asked,
    )
    set_so = {name: fields[name] for name in (*ASKED, "question", "own") if fields.get(name)}
    room.show(
        back=f"/interview?{urlencode(set_so)}",
        by_typing=f"/interview?{urlencode(set_so | {'how': 'typed'})}",
    )
    if isinstance(room, GuessingRoom):
        room.keep = practising.keep_guess(site.home)
    speaker: Speaker | None = None
    if not is_silent:
        speaker = wiring.speaker(site.home, site.voice, site.rate_wpm)
    dialogue = Dialogue(asked, probes_wanted=_count(fields, "probes", 0, 3, 2))

    def hold() -> None:
        transcriber = None if is_typed else site.transcriber()
        heard = None if transcriber is None else live_wiring.apart(transcriber)
        desk = wiring.desk(
            answers=room, view=room, transcriber=heard, speaker=speaker, home=site.home
        )
        with ExitStack() as open_things:
            open_things.enter_context(sole_use(site.home, ENDING_S))
            session = wiring.new_session(site.home)  # who leaves the home tidies empty ones away
            room.keep_in(session.name)
            if transcriber is not None:
                room.show(engine=site.engine_line)
                following = open_things.enter_context(
                    closing(live_wiring.follower(transcriber, reads_ahead(site.home)))
                )
                tones = None
                if is_auto and not is_silent:
                    tones = open_things.enter_context(closing(live_wiring.tones(site.speaker)))
                interruption = None
                if attention.interrupts:
                    interruption = live_wiring.interruption(site.home, speaker)
                room.prepare(following, tones, interruption)
            Interview(dialogue, desk, session).run()

    begin_screen(request, room, hold)
    return see("/live")


def _asked(site: Site, fields: Fields) -> tuple[Question, ...]:
    principle = fields.get("principle") or None
    level = fields.get("level") or None
    named = fields.get("own", "").strip() or fields.get("question", "").strip() or None
    if fields.get("surprise"):
        named = None
    work = fields.get("work") or None
    if (
        principle not in {None, *Principle}
        or level not in {None, *Level}
        or work not in {None, *Work}
    ):
        raise UnknownName("There is no such principle, level or kind of work.")
    return questions_to_ask(
        site.home,
        Wish(
            named,
            Principle(principle) if principle else None,
            Level(level) if level else None,
            Work(work) if work else None,
            how_many=_count(fields, "questions", 1, 20, 1),
            is_surprise=bool(fields.get("surprise")),
        ),
        SystemRandom(),
        lambda _: None,
    )


def _count(fields: Fields, name: str, least: int, most: int, otherwise: int) -> int:
    value = number_in(fields.get(name, ""))
    return otherwise if value is None else min(most, max(least, value))


def _patience_s(fields: Fields) -> float | None:
    """How long a silence is waited for; None is learned. Raises BadInput."""
    value = fields.get("patience", "")
    if not value:
        return None
    least, most, patience_s = LEAST_PATIENCE_S, MOST_PATIENCE_S, number_in(value)
    if patience_s is None or not least <= patience_s <= most:
        raise BadInput(f"A silence is waited for {least:g} to {most:g} seconds, not '{value}'.")
    return float(patience_s)


def look(request: Request) -> Response:
    """The screen of what goes on."""
    screen = screen_of(request)
    if screen is None:
        return see("/interview")
    return page("live.html", request, shown=screen.shown)


def stream(request: Request) -> Response:
    """How it stands, as it changes."""
    screen = screen_of(request)
    if screen is None:
        raise UnknownName("Nothing goes on here.")
    return events(request, screen)


def wish(request: Request, fields: Fields) -> Response:
    """A key of the person."""
    screen = screen_of(request)
    if screen is None:
        raise UnknownName("Nothing goes on here.")
    screen.wish(fields.get("wish", ""), fields.get("text", ""))
    return PlainTextResponse("heard")


ROUTES = [
    Route("/interview", choose),
    Route("/interview", takes_form(begin), methods=["POST"]),
    Route("/live", look),
    Route("/live/events", stream),
    Route("/live/wish", takes_form(wish), methods=["POST"]),
]
