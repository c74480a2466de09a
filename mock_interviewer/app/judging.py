"""Replies to probes, judged one after the other: a line that is no reply does not stop the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mock_interviewer.core.judging import ReplyToJudge, judge_reply
from mock_interviewer.core.language import Language
from mock_interviewer.errors import BadInput


def judged_lines(
    replies: Iterable[ReplyToJudge | BadInput], language: Language
) -> Iterator[dict[str, Any]]:
    """One JSON-ready object for each line, in order; `error` says why one was not judged."""
    for reply in replies:
        if isinstance(reply, BadInput):
            yield {"id": None, "error": str(reply)}
            continue
        judgement = judge_reply(
            story=reply.story,
            probe=reply.probe,
            tests=reply.tests,
            reply=reply.reply,
            counts=reply.counts,
            language=language,
        )
        yield {
            "id": reply.id,
            "quality": judgement.quality.value,
            "why": judgement.why.value,
            "evidence": judgement.evidence,
            "rescores": judgement.rescores,
        }
