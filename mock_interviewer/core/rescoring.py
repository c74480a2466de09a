"""What the replies to the probes make of an answer (rubric: A reply to a probe).

The opening answer's own verdict stays what the rule gives it. A reply that reveals a disqualifier
which the question counts takes it down to no hire, whatever was said before; it is the question as
it is read now that counts. An answer without a verdict has none that could be taken down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import Verdict, Why


@dataclass(frozen=True)
class GivenReply:
    """A reply as far as it bears on the verdict."""

    probe: str
    why: Why | None
    quote: str | None
    """Exact words of the reply."""


@dataclass(frozen=True)
class AfterProbes:
    """An answer's verdict once its replies were heard."""

    verdict_at_first: Verdict | None
    rescored_by: GivenReply | None
    """The first reply that reveals what the question counts."""

    @property
    def verdict(self) -> Verdict | None:
        """The verdict after the probes."""
        return Verdict.NO_HIRE if self.rescored_by else self.verdict_at_first


def reveals(why: str | None, question: Question) -> bool:
    """Whether a reply of this quality names a disqualifier that the question counts."""
    return why is not None and why in {counted.value for counted in question.counts}


def after_probes(
    replies: Sequence[GivenReply], question: Question, verdict: Verdict | None
) -> AfterProbes | None:
    """What became of the opening answer's verdict; None where nobody replied to anything."""
    if not replies:
        return None
    revealing = (reply for reply in replies if reveals(reply.why, question))
    return AfterProbes(verdict, next(revealing, None) if verdict else None)


def after_probes_json(after: AfterProbes) -> dict[str, Any]:
    """The value of `after_probes` in the JSON of a session's answer."""
    reply = after.rescored_by
    return {
        "verdict": after.verdict.value if after.verdict else None,
        "rescored_by": reply
        and {
            "probe": reply.probe,
            "why": reply.why.value if reply.why else None,
            "quote": reply.quote,
        },
    }
