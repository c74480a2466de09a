"""Past sessions as history: what each of their answers came to.

Read from what was stored when the answer was judged; where the person corrected text or stages
afterwards, or a stage was told again, from the analysis as it stands today. A session that cannot
be read is left out: its recordings stay where they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mock_interviewer.app.replay import latest_take, takes_in
from mock_interviewer.core.json_text import json_value
from mock_interviewer.core.moments import begun_at
from mock_interviewer.core.progress import Told
from mock_interviewer.core.rubric import STORY_STAGES, Quality, Verdict, Weakness, Why

Json = dict[str, Any]
_MOST = 1e9
TAKEN_IN = "taken_in"
"""The key of a session that another person sent: true."""


def answers_of(
    session: Path, state: Json, analysis_today: Callable[[Path], Json]
) -> Iterator[Told]:
    """Every answer of a session. analysis_today takes an answer's folder."""
    for told in state["questions"]:
        if not told.get("folder"):
            continue
        folder = session / str(told["folder"])
        take = latest_take(folder)
        if take is None:
            continue
        yield replace(
            _answer(session.name, folder, told, _analysis(folder, take, analysis_today)),
            is_own=not state.get(TAKEN_IN),
            is_uploaded=bool(state.get("uploaded")),
        )


def _analysis(folder: Path, take: Path, analysis_today: Callable[[Path], Json]) -> Json:
    if take.with_name(take.name + ".corrections.json").is_file():
        return analysis_today(folder)
    stored = take.with_name(take.name + ".analysis.json")
    if not stored.is_file():
        return {}
    try:
        return _table(json_value(stored.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}  # damaged: the answer is listed all the same, without a judgement


def _answer(session: str, folder: Path, told: Json, analysis: Json) -> Told:
    """An answer as history needs it; what is of the wrong kind in its files counts as not there."""
    verdict = at_first = _verdict(analysis.get("verdict"))
    if at_first is not None and told.get("rescored"):
        verdict = Verdict.NO_HIRE.value
    probes = told.get("probes")
    qualities = [
        _table(probe).get("quality") for probe in (probes if isinstance(probes, list) else ())
    ]
    stages = _table(analysis.get("stages"))
    gate = analysis.get("gate")
    return Told(
        session=session,
        at=begun_at(session),
        folder=folder.name,
        question_id=_text(told.get("id")),
        question=_text(told.get("text")),
        principle=_text(told.get("principle")),
        level=_text(told.get("level")),
        verdict=verdict,
        verdict_at_first=at_first,
        duration_s=_number(analysis.get("duration_s")),
        stage_s={s.value: _number(_table(stages.get(s)).get("duration_s")) for s in STORY_STAGES},
        faults=_faults(told, analysis),
        signals=tuple(name for name, found in _table(analysis.get("signals")).items() if found),
        take_numbers=takes_in(folder),
        strong_replies=qualities.count("strong"),
        replies=sum(bool(quality) for quality in qualities),
        words_per_minute=_number(_table(analysis.get("delivery")).get("words_per_minute")),
        gate=gate if isinstance(gate, str) else None,
    )


def _faults(told: Json, analysis: Json) -> tuple[str, ...]:
    counted = told.get("counts")
    counted = counted if isinstance(counted, list) else []
    disqualifiers, weaknesses = analysis.get("disqualifiers"), analysis.get("weaknesses")
    return (
        *(name for name, found in _table(disqualifiers).items() if found and name in counted),
        *(name for name, found in _table(weaknesses).items() if found and name in set(Weakness)),
    )


def _table(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return str(value) if value else ""


def _number(value: Any) -> float | None:
    """A finite number of a size that can be shown."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and abs(value) < _MOST else None


def _verdict(value: Any) -> str | None:
    return value if isinstance(value, str) and value in set(Verdict) else None


@dataclass(frozen=True)
class KeptReply:
    """A probe as it was put, and what was made of the reply."""

    probe: str
    tests: str
    reply: str
    quality: str | None
    why: str | None
    evidence: str | None
    rescores: bool
    recording: Path | None


def replies_in(folder: Path) -> tuple[KeptReply, ...]:
    """The replies of an answer's folder, in the order of the probes; unreadable ones left out."""
    found = []
    for path in sorted(folder.glob("probe*.judgement.json")):
        recording = path.with_name(path.name.removesuffix(".judgement.json") + ".wav")
        try:
            told = json_value(path.read_text(encoding="utf-8"))
            judged = told["judgement"]
            found.append(
                KeptReply(
                    str(told["probe"]),
                    str(told["tests"]),
                    str(told["reply"]),
                    judged["quality"] and Quality(judged["quality"]).value,
                    judged["why"] and Why(judged["why"]).value,
                    None if judged["evidence"] is None else str(judged["evidence"]),
                    judged["rescores"] == Verdict.NO_HIRE.value,
                    recording if recording.is_file() else None,
                )
            )
        except (OSError, KeyError, TypeError, ValueError):
            continue
    return tuple(found)
