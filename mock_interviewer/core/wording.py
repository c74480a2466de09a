"""The words people read for the rubric's ids, in the language in which the answer was given.

What is said about an answer is said in its own language; the ids stay the same in every language.
All of it is a language's data (`languages/<code>/words.toml`): `<kind>_<id>` for what has an id,
`say_<what>` for the sentences around them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mock_interviewer.core.language import Language
from mock_interviewer.core.remark import Remark
from mock_interviewer.core.rubric import (
    Disqualifier,
    Gate,
    Kind,
    Noted,
    Principle,
    Quality,
    Signal,
    Stage,
    Status,
    Verdict,
    Weakness,
    Why,
)
from mock_interviewer.core.verdict import Rule

TABLE = "words"


@dataclass(frozen=True)
class Wording:
    """One language's words."""

    language: Language

    def stage(self, stage: Stage) -> str:
        """'situation'; for talk that belongs to no stage, 'between'."""
        return self._for("stage", stage)

    def letter(self, stage: Stage) -> str:
        """One letter for a stage, as the ruler shows it."""
        return self._for("letter", stage)

    def status(self, status: Status) -> str:
        return self._for("status", status)

    def verdict(self, verdict: Verdict) -> str:
        return self._for("verdict", verdict)

    def verdict_or_none(self, verdict: Verdict | str | None) -> str:
        """For a verdict, the id of one, or None where there is none."""
        return self.say("no_verdict") if verdict is None else self.verdict(Verdict(verdict))

    def signal(self, signal: Signal) -> str:
        return self._for("signal", signal)

    def fault(self, fault: Disqualifier | Weakness | str) -> str:
        """For a disqualifier or a weakness, or the id of one."""
        return self._for("fault", fault)

    def fault_alone(self, fault: Disqualifier | Weakness | str) -> str:
        """A fault in words that stand alone."""
        told = self.fault(fault)
        return f"{self.say('part_of_story')} {told}" if fault == Weakness.MISSING_STAGES else told

    def noted(self, noted: Noted) -> str:
        return self._for("noted", noted)

    def lack(self, signal: Signal) -> str:
        """For a signal that was not heard."""
        return self._for("lack", signal)

    def rule(self, rule: Rule, missing: Sequence[Stage] = ()) -> str:
        """The sentence for a line of the verdict's rule; missing are the stages left out."""
        if missing and rule.about == Weakness.MISSING_STAGES:
            return self.say("parts_missing", parts=", ".join(map(self.stage, missing)))
        return self._for("rule", rule.id.replace(":", "_"))

    def gate(self, gate: Gate) -> str:
        return self._for("gate", gate)

    def remedy(self, gate: Gate) -> str:
        """What a command can do about it; empty where there is nothing to do."""
        key = f"gate_{gate.value}_remedy"
        return self.language.sentence(TABLE, key) if key in self.language.phrases[TABLE] else ""

    def kind(self, kind: Kind) -> str:
        """For a question that asks for no story."""
        return self._for("kind", kind)

    def remark(self, remark: Remark) -> str:
        return self._for("remark", remark)

    def quality(self, quality: Quality) -> str:
        return self._for("quality", quality)

    def why(self, why: Why) -> str:
        return self._for("why", why)

    def principle(self, principle: Principle) -> str:
        return self._for("principle", principle)

    def lead_with(self, principle: Principle) -> str:
        """rubric: Principles, 'lead with'."""
        return self._for("lead_with", principle)

    def say(self, what: str, **told: object) -> str:
        """A sentence with its figures filled in."""
        return self._for("say", what).format(**told)

    def _for(self, kind: str, name: str) -> str:
        return self.language.sentence(TABLE, f"{kind}_{name}")


def clock(seconds: float) -> str:
    """Minutes and seconds.

    >>> clock(75.4)
    '1:15'
    """
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
