"""The page of an answer: the report, its sound, and what a person puts right in it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import numpy as np
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from mock_interviewer import wiring
from mock_interviewer.app.replay import Replayed
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.correction import StageMark
from mock_interviewer.core.moments import day_and_minute
from mock_interviewer.core.reader_remarks import Opinion
from mock_interviewer.core.rubric import Level, Principle, Stage, Verdict
from mock_interviewer.errors import BadInput, UnknownName
from mock_interviewer.pages.answer import GAP_S
from mock_interviewer.pages.rendering import render
from mock_interviewer.ports import Audio
from mock_interviewer.web.site import Fields, number_in, page, path_of, see, site_of, takes_form
from mock_interviewer.wiring import answers, past, second_reader
from mock_interviewer.wiring.answers import KeptAnswer
from mock_interviewer.wiring.deleting import delete_session

MOST_SPANS = 200


def kept(request: Request) -> KeptAnswer:
    """The answer that a request is about. Raises InterviewError."""
    asked = request.query_params.get("take")
    take = None if asked is None else number_in(asked)
    if asked is not None and take is None:
        raise UnknownName(f"There is no take '{asked}'.")
    names = request.path_params
    home = site_of(request).home
    return answers.kept_answer(home, names["session"], names["answer"], take)


def place_of(answer: KeptAnswer) -> str:
    """Where the report of an answer is."""
    return path_of("answers", answer.session, answer.folder.name)


def links_of(answer: KeptAnswer) -> dict[str, str]:
    """Where the actions of an answer's page go."""
    here, take = place_of(answer), urlencode({"take": answer.take})
    names = ("sound", "marks", "text", "coach", "repair")
    links = {name: f"{here}/{name}?{take}" for name in names}
    links["lens"] = f"{here}?{take}"
    if answer.saying.marks:
        links["forget"] = f"{here}/forget?{take}"
    if answer.audio is None:
        del links["sound"]
    return links


def _named(kind: type[Principle] | type[Level], value: str | None) -> Principle | Level | None:
    if not value:
        return None
    try:
        return kind(value)
    except ValueError:
        raise UnknownName(f"There is no {kind.__name__.lower()} '{value}'.") from None


def _ask_link(request: Request, answer: KeptAnswer) -> dict[str, str]:
    """Where the second reader of the settings is asked, and where that goes."""
    home = site_of(request).home
    if not second_reader.is_named(home):
        return {}
    link = f"{place_of(answer)}/second-reader?take={answer.take}"
    return {"reader": link, "reader_goes": second_reader.goes_where(home)}


def answer_context(
    request: Request, answer: KeptAnswer, analysis: Analysis, opinion: Opinion | None = None
) -> dict[str, Any]:
    """What the template of an answer needs.

    opinion is a second reader's, where one was asked just now; else what is kept is shown.
    """
    opinion = opinion or second_reader.kept_opinion(answer.saying)
    replies = f"{place_of(answer)}/reply?name="
    links = links_of(answer) | _ask_link(request, answer)
    laid_out = replace(answers.page_of(answer, analysis, links, replies), opinion=opinion)
    return {"page": laid_out, "sound": None, "answer": answer, "place": place_of(answer)}


def report(request: Request) -> Response:
    """The whole report."""
    answer = kept(request)
    principle = _named(Principle, request.query_params.get("principle"))
    level = _named(Level, request.query_params.get("level"))
    assert principle is None or isinstance(principle, Principle)
    assert level is None or isinstance(level, Level)
    analysis = answers.analysis_of(answer, principle, level)
    is_asked = (analysis.question.principle, analysis.question.level) == (
        answer.question.principle,
        answer.question.level,
    )
    return page(
        "answer.html",
        request,
        **answer_context(request, answer, analysis),
        is_other_light=not is_asked,
        siblings=answers.siblings(answer),
    )


def sound(request: Request) -> Response:
    """The answer's sound; with spans exactly those seconds, a short silence between them."""
    audio = kept(request).audio
    if audio is None:
        raise UnknownName("There is no recording of this answer.")
    spans = request.query_params.get("spans")
    return _wav(parts_of(audio, spans_of(spans)) if spans else audio)


def spans_of(text: str) -> list[tuple[float, float]]:
    """Spans as the page writes them. Raises BadInput.

    >>> spans_of("1.5-2,3-4.25")
    [(1.5, 2.0), (3.0, 4.25)]
    """
    found = [re.fullmatch(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)", part) for part in text.split(",")]
    spans = [(float(match[1]), float(match[2])) for match in found if match]
    if len(spans) != len(found) or len(spans) > MOST_SPANS or any(a > b for a, b in spans):
        raise BadInput(f"'{text[:80]}' are no seconds; write them as 1.5-2,3-4.25.")
    return spans


def parts_of(audio: Audio, spans: list[tuple[float, float]]) -> Audio:
    """Exactly the samples of the spans, GAP_S of silence between two."""
    gap = np.zeros(round(GAP_S * audio.rate_hz), np.float32)
    pieces: list[np.ndarray[tuple[int], np.dtype[np.float32]]] = []
    for start_s, end_s in spans:
        if pieces:
            pieces.append(gap)
        pieces.append(audio.part(start_s, end_s).samples)
    return replace(audio, samples=np.concatenate(pieces))


def _wav(audio: Audio) -> Response:
    return Response(answers.wav(audio), media_type="audio/wav")


def reply_sound(request: Request) -> Response:
    """The recording of one reply."""
    name = request.query_params.get("name", "")
    folder = kept(request).folder
    if not re.fullmatch(r"probe\d+(-take\d+)?", name) or not (folder / f"{name}.wav").is_file():
        raise UnknownName(f"There is no recording of a reply '{name}'.")
    return _wav(wiring.read_audio(folder / f"{name}.wav"))


def mark(request: Request, fields: Fields) -> Response:
    """Words belong to another stage; the answer as it reads now."""
    try:
        wanted = StageMark(int(fields["first"]), int(fields["end"]), Stage(fields["stage"]))
    except (KeyError, ValueError):
        raise BadInput("A correction names its first and last word and a stage.") from None
    answer = answers.mark_stage(kept(request), wanted)
    analysis = answers.analysis_of(answer)
    return HTMLResponse(
        render("_answer.html", wiring.words_of_page(), **answer_context(request, answer, analysis))
    )


def forget(request: Request, fields: Fields) -> Response:
    """Back to the stages as they were found."""
    answer = kept(request)
    assert answer.saying.written_down_at is not None
    wiring.write_marks(answer.saying.written_down_at, ())
    return see(f"{place_of(answer)}?take={answer.take}")


def correct(request: Request, fields: Fields) -> Response:
    """Other words than those that were heard."""
    answer = kept(request)
    text = " ".join(fields.get("text", "").split())
    if not text:
        raise BadInput("A correction needs words; nothing was changed.")
    assert answer.saying.written_down_at is not None
    if text != answer.saying.transcript.text:
        wiring.write_correction(answer.saying.written_down_at, text)
    return see(f"{place_of(answer)}?take={answer.take}")


def coach(request: Request, fields: Fields) -> Response:
    """A coach's note and verdict."""
    answer = kept(request)
    verdict = fields.get("verdict", "")
    if verdict and verdict not in set(Verdict):
        raise UnknownName(f"There is no verdict '{verdict}'.")
    note = fields.get("note", "").strip()
    answers.keep_coach_word(answer, note, Verdict(verdict) if verdict else None)
    return see(f"{place_of(answer)}?take={answer.take}")


def as_file(request: Request) -> Response:
    """The report as one file to keep."""
    answer = kept(request)
    opinion = second_reader.kept_opinion(answer.saying)
    analysis = answers.analysis_of(answer)
    replayed = Replayed(answer.saying.source, answer.saying, analysis, opinion=opinion)
    with_sound = request.query_params.get("sound") == "1"
    name = f"{answer.session}-{answer.folder.name}.html"
    return HTMLResponse(
        answers.as_file([replayed], with_sound=with_sound),
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def compare(request: Request) -> Response:
    """Two takes of a question side by side, of one session or of two; else the first and last."""
    names = request.path_params
    latest = answers.kept_answer(site_of(request).home, names["session"], names["answer"])
    tellings = _tellings(request, latest)
    asked = request.query_params
    first_name, last_name = asked.get("before"), asked.get("after")
    if not first_name and not last_name and len(latest.takes) == 1:
        first_name, last_name = _neighbours(
            latest, [name for name, _, is_judged in tellings if is_judged]
        )
    before = _take_named(request, latest, first_name, latest.takes[0])
    after = _take_named(request, latest, last_name, latest.takes[-1])
    return page(
        "compare.html",
        request,
        before=before,
        after=after,
        tellings=tellings,
        found=answers.compared(before, after),
        opinions=[second_reader.kept_opinion(take.saying) for take in (before, after)],
        place_of=place_of,
        question=latest.question,
    )


def _neighbours(here: KeptAnswer, names: list[str]) -> tuple[str | None, str | None]:
    """An answer and the one before it, or the one after it where it is the first.

    names: of the tellings of its question that were judged, the newest first.
    """
    name = f"{here.session}/{here.folder.name}/{here.take}"
    if name not in names or len(names) == 1:
        return None, None
    at = names.index(name)
    return (names[at + 1], name) if at + 1 < len(names) else (name, names[at - 1])


def _take_named(request: Request, here: KeptAnswer, name: str | None, otherwise: int) -> KeptAnswer:
    """A take by its number, or as SESSION/ANSWER/TAKE. Raises UnknownName."""
    session, answer, number = here.session, here.folder.name, str(otherwise)
    if name and name.count("/") == 2:
        session, answer, number = name.split("/")
    elif name:
        number = name
    take = number_in(number)
    if take is None:
        raise UnknownName(f"There is no take '{name}'.")
    return answers.kept_answer(site_of(request).home, session, answer, take)


def _tellings(request: Request, here: KeptAnswer) -> list[tuple[str, str, bool]]:
    """Every take of every answer to the same question, the newest answer first.

    Its name, how a person calls it, and whether the answer has a verdict.
    """
    asked = {here.question.id or here.question.text, here.question.text}
    found = []
    for told in past.history(site_of(request).home).answers:
        if told.question_id in asked or told.question in asked:
            for take in told.take_numbers:
                name = f"{told.session}/{told.folder}/{take}"
                words = f"{day_and_minute(told.at)}, take {take}"
                found.append((name, words, told.verdict is not None))
    return found


def remove(request: Request, fields: Fields) -> Response:
    """Remove a session whole."""
    session = request.path_params["session"]
    if session not in wiring.sessions(site_of(request).home).names():
        raise UnknownName(f"There is no session '{session}'.")
    delete_session(site_of(request).home, session)
    return see("/history")


AT = "/answers/{session}/{answer}"
ROUTES = [
    Route(AT, report),
    Route(f"{AT}/sound", sound),
    Route(f"{AT}/reply", reply_sound),
    Route(f"{AT}/marks", takes_form(mark), methods=["POST"]),
    Route(f"{AT}/forget", takes_form(forget), methods=["POST"]),
    Route(f"{AT}/text", takes_form(correct), methods=["POST"]),
    Route(f"{AT}/coach", takes_form(coach), methods=["POST"]),
    Route(f"{AT}/file", as_file),
    Route(f"{AT}/compare", compare),
    Route("/sessions/{session}/remove", takes_form(remove), methods=["POST"]),
]
