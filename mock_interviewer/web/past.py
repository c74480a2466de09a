"""The pages that look back: the first page, and the history of every session."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_interviewer import wiring
from mock_interviewer.core.progress import DOSE_SOURCE, EFFICIENT_DOSE, search
from mock_interviewer.pages.trends import trend_plot
from mock_interviewer.web.site import number_in, page, site_of
from mock_interviewer.wiring import past, practising

A_PAGE = 50


def first(request: Request) -> Response:
    """Where to begin: practise, look at the last answers, prepare."""
    progress = past.history(site_of(request).home)
    return page(
        "first.html",
        request,
        progress=progress,
        latest=progress.answers[:5],
        dose=EFFICIENT_DOSE,
        dose_source=DOSE_SOURCE,
        patterns=wiring.packs(site_of(request).home).patterns,
    )


def history(request: Request) -> Response:
    """Every answer, and what they come to."""
    progress = past.history(site_of(request).home)
    wanted = request.query_params.get("search", "")
    found = search(progress.answers, wanted)
    asked = request.query_params.get("page", "1")
    pages = max(1, -(-len(found) // A_PAGE))
    number = min(pages, max(1, number_in(asked) or 1))
    return page(
        "history.html",
        request,
        progress=progress,
        found=found[(number - 1) * A_PAGE : number * A_PAGE],
        count=len(found),
        number=number,
        pages=pages,
        wanted=wanted,
        calibration=practising.calibration_lines(site_of(request).home),
        trends=[trend_plot(trend) for trend in progress.by_question if len(trend.answers) > 1][:12],
        principles=[trend_plot(t) for t in progress.by_principle if len(t.answers) > 1],
        dose=EFFICIENT_DOSE,
        dose_source=DOSE_SOURCE,
    )


def table(request: Request) -> Response:
    """Every answer as a table for spreadsheets."""
    answers = past.history(site_of(request).home).answers
    return Response(
        past.as_csv(answers),
        media_type="text/csv",
        headers={"content-disposition": 'attachment; filename="mock-interviewer-history.csv"'},
    )


ROUTES = [Route("/", first), Route("/history", history), Route("/history.csv", table)]
