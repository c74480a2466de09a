"""Answers that broke off, offered where an interview begins: finish one, or keep it as it is."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_interviewer import wiring
from mock_interviewer.app.unfinished import UnfinishedAnswer
from mock_interviewer.errors import UnknownName
from mock_interviewer.ports import Transcriber
from mock_interviewer.web.live import begin_screen
from mock_interviewer.web.screen import Screen
from mock_interviewer.web.site import Fields, path_of, see, site_of, takes_form
from mock_interviewer.wiring import unfinished


def settle(request: Request, fields: Fields) -> Response:
    """Finish or keep the answer that the form names."""
    site = site_of(request)
    answer = _named(unfinished.unfinished(site.home), fields.get("answer", ""))
    if fields.get("wish") == "keep":
        unfinished.keep(site.home, answer)
        return see("/interview")
    screen = Screen("upload", wiring.open_microphone(site.device))
    screen.show(
        phase="writing", progress=0.0, asked=answer.asked, results=[], reply=None, is_typed=False,
        question=1, questions=1, probe=0, back="/interview",
    )  # fmt: skip

    def transcriber() -> Transcriber:
        return wiring.NoTranscriber() if answer.recording is None else site.transcriber()

    def finish() -> None:
        unfinished.finish(
            site.home,
            answer,
            transcriber,
            lambda share: screen.show(progress=round(share, 2)),
        )
        there = path_of("answers", answer.session.name, answer.stem.parent.name)
        screen.show(phase="over", next=there)

    begin_screen(request, screen, finish)
    return see("/live")


def _named(left: list[UnfinishedAnswer], name: str) -> UnfinishedAnswer:
    for answer in left:
        if answer.name == name:
            return answer
    raise UnknownName("That answer is finished already, or an interview is under way.")


ROUTES = [Route("/unfinished", takes_form(settle), methods=["POST"])]
