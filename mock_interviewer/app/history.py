"""Past sessions as history: what each of their answers came to.

Read from what was stored when the answer was judged; where the person corrected text or stages
afterwards, or a stage was told again, from the analysis as it stands today. A session that cannot
be read is left out: its recordings stay where they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mock_interviewer.app.replay import latest_take, takes_in
from mock_interviewer.core.progress import Told
from mock_interviewer.core.rubric import STORY_STAGES, Verdict

Json = dict[str, Any]
_WHEN = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)-")


def begun_at(session: str) -> str:
    """When a session began, by its name; empty for a name of another kind.

    >>> begun_at("2026-11-23T163005-7f3a")
    '2026-11-23T16:30:05+00:00'
    """
    found = _WHEN.match(session)
    return f"{found[1]}T{found[2]}:{found[3]}:{found[4]}+00:00" if found else ""


def answers_of(
    session: Path, state: Json, analysis_today: Callable[[Path], Json]
) -> Iterator[Told]:
    """Every answer of a session. analysis_today takes an answer's folder."""
    for told in state["questions"]:
        if not isinstance(told, dict) or not told.get("folder"):
            continue
        folder = session / str(told["folder"])
        take = latest_take(folder)
        if take is None:
            continue
        yield _answer(session.name, folder, told, _analysis(folder, take, analysis_today))


def _analysis(folder: Path, take: Path, analysis_today: Callable[[Path], Json]) -> Json:
    if take.with_name(take.name + ".corrections.json").is_file():
        return analysis_today(folder)
    stored = take.with_name(take.name + ".analysis.json")
    if not stored.is_file():
        return {}
    told = json.loads(stored.read_text(encoding="utf-8"))
    return told if isinstance(told, dict) else {}


def _answer(session: str, folder: Path, told: Json, analysis: Json) -> Told:
    verdict = at_first = analysis.get("verdict")
    if at_first is not None and told.get("rescored"):
        verdict = Verdict.NO_HIRE.value
    replies = [probe for probe in told.get("probes", ()) if probe.get("quality")]
    stages = analysis.get("stages") or {}
    return Told(
        session=session,
        at=begun_at(session),
        folder=folder.name,
        question_id=str(told.get("id") or ""),
        question=str(told.get("text") or ""),
        principle=str(told.get("principle") or ""),
        level=str(told.get("level") or ""),
        verdict=verdict,
        verdict_at_first=at_first,
        duration_s=analysis.get("duration_s"),
        stage_s={s.value: (stages.get(s) or {}).get("duration_s") for s in STORY_STAGES},
        faults=_faults(told, analysis),
        signals=tuple(name for name, found in (analysis.get("signals") or {}).items() if found),
        take_numbers=takes_in(folder),
        strong_replies=sum(probe["quality"] == "strong" for probe in replies),
        replies=len(replies),
        words_per_minute=(analysis.get("delivery") or {}).get("words_per_minute"),
        gate=analysis.get("gate"),
    )


def _faults(told: Json, analysis: Json) -> tuple[str, ...]:
    counted = told.get("counts") or ()
    disqualifiers = analysis.get("disqualifiers") or {}
    weaknesses = analysis.get("weaknesses") or {}
    return (
        *(name for name, found in disqualifiers.items() if found and name in counted),
        *(name for name, found in weaknesses.items() if found),
    )


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
            told = json.loads(path.read_text(encoding="utf-8"))
            judged = told["judgement"]
            found.append(
                KeptReply(
                    str(told["probe"]),
                    str(told["tests"]),
                    str(told["reply"]),
                    judged["quality"],
                    judged["why"],
                    judged["evidence"],
                    judged["rescores"] == Verdict.NO_HIRE.value,
                    recording if recording.is_file() else None,
                )
            )
        except (OSError, KeyError, TypeError, ValueError):
            continue
    return tuple(found)
