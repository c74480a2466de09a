"""The second reader on the page: asked when the person says so, shown in a section of its own."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_interviewer.errors import BadInput
from mock_interviewer.web.reports import AT, answer_context, kept
from mock_interviewer.web.site import Fields, page, site_of, takes_form
from mock_interviewer.wiring import answers
from mock_interviewer.wiring.second_reader import keep_opinion, second_reader


def ask(request: Request, fields: Fields) -> Response:
    """The report with what the second reader of the settings says of the answer."""
    answer = kept(request)
    reader = second_reader(site_of(request).home)
    if reader is None:
        raise BadInput('No second reader is named; settings.toml takes reader = "http://...".')
    analysis = answers.analysis_of(answer)
    opinion = reader(analysis)
    keep_opinion(answer.stem, opinion)
    return page(
        "answer.html",
        request,
        **answer_context(request, answer, analysis, opinion),
        is_other_light=False,
        siblings=answers.siblings(answer),
    )


ROUTES = [Route(f"{AT}/second-reader", takes_form(ask), methods=["POST"])]
