"""The page of stories: which are kept, which are suggested, which serves a question."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import Noted, Principle, Signal
from mock_interviewer.core.stories import coverage_of
from mock_interviewer.errors import UnknownName
from mock_interviewer.web.site import Fields, page, path_of, see, site_of, takes_form
from mock_interviewer.wiring import stories as bank
from mock_interviewer.wiring import words_of_page
from mock_interviewer.wiring.asking import question_named

MOST_SERVED = 3


def overview(request: Request) -> Response:
    """All stories, the map of principles, and the best for a question if one was asked."""
    home = site_of(request).home
    shelf = bank.shelf(home)
    asked = " ".join(request.query_params.get("question", "").split())
    question: Question | None = None
    told: list[str] = []
    if asked:
        question = question_named(home, asked, told.append)
    served = bank.best(home, question) if question and bank.is_story(question) else ()
    return page(
        "stories.html",
        request,
        stories=shelf.stories,
        suggested=shelf.suggested,
        covered=coverage_of(shelf.stories),
        asked=asked,
        said="" if served else " ".join(told),
        read_as=bank.read_as(home, question) if question and served else (),
        served=served[:MOST_SERVED],
        words=_words(),
        place_of=_place_of,
    )


def _words() -> dict[str, str]:
    """What a person reads for a signal, or for what is noted."""
    said = words_of_page()
    return {s.value: said.signal(s) for s in Signal} | {n.value: said.noted(n) for n in Noted}


def _place_of(telling: str) -> str:
    """Where the report of SESSION/ANSWER is."""
    return path_of("answers", *telling.split("/"))


def story(request: Request) -> Response:
    """One story: what it shows, its tellings, and what changed between them."""
    home = site_of(request).home
    found = bank.story_called(home, request.path_params["story"])
    return page(
        "story.html",
        request,
        story=found,
        ledger=bank.ledger(home, found),
        words=_words(),
        place_of=_place_of,
    )


def _principles(fields: Fields) -> list[Principle]:
    name = fields.get("principle", "")
    if name and name not in set(Principle):
        raise UnknownName(f"There is no principle '{name}'.")
    return [Principle(name)] if name else []


def keep(request: Request, fields: Fields) -> Response:
    """Confirm a suggested story, or pass it over for good."""
    home, name = site_of(request).home, fields.get("answer", "")
    if fields.get("pass"):
        bank.pass_over(home, name)
    else:
        bank.keep(home, name, fields.get("title"), _principles(fields))
    return see("/stories")


def change(request: Request, fields: Fields) -> Response:
    """Another title or principle, or out of the bank."""
    home, name = site_of(request).home, request.path_params["story"]
    if fields.get("remove"):
        bank.remove(home, name)
        return see("/stories")
    changed = bank.change(home, name, fields.get("title"), _principles(fields))
    return see(path_of("stories", changed.id))


ROUTES = [
    Route("/stories", overview),
    Route("/stories", takes_form(keep), methods=["POST"]),
    Route("/stories/{story}", story),
    Route("/stories/{story}", takes_form(change), methods=["POST"]),
]
