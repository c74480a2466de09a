"""An interview in the terminal, and answers from recordings."""

from __future__ import annotations

import sys
from collections import Counter, deque
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from mock_interviewer.app.unanswered import holds_an_answer
from mock_interviewer.cli import words
from mock_interviewer.cli.answer_view import show_answer, verdict_text
from mock_interviewer.cli.telling import tell
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.language import Language
from mock_interviewer.core.moves import (
    Event,
    Outcome,
    ProbeOutcome,
    SkipWanted,
    StopWanted,
    Turn,
)
from mock_interviewer.core.rubric import Kind, Quality, Verdict
from mock_interviewer.core.wording import Wording
from mock_interviewer.ports import Progress, RecordedAnswer, TypedAnswer


class TerminalView:
    """Shows an interview on a rich console."""

    def __init__(self, console: Console, language: Language) -> None:
        self._console = console
        self._said = Wording(language)
        self._verdict: Verdict | None = None

    def show_question(self, turn: Turn, text: str, spoken: Path | None) -> None:
        if turn.is_opening:
            asked = self._said.say("question", number=turn.question_index + 1)
            self._console.rule(asked, style="bright_black")
        else:
            self._console.print()
        who = Text(f"{self._said.say('interviewer')}: ", style="bright_black")
        self._console.print(who.append(text, style="bold"))

    def show_progress(self, turn: Turn) -> Progress:
        what = "the answer" if turn.is_opening else "the reply"

        def show(share: float) -> None:
            if sys.stderr.isatty():
                end = "" if share < 1 else "\r" + " " * 40 + "\r"
                print(f"\rWriting down {what}: {share:4.0%}", end=end, file=sys.stderr, flush=True)

        return show

    def show_answer(self, turn: Turn, analysis: Analysis) -> None:
        self._verdict = analysis.verdict
        self._console.print()
        show_answer(self._console, analysis)

    def show_reply(self, turn: Turn, outcome: ProbeOutcome, *, rescored: bool) -> None:
        judgement = outcome.judgement
        if judgement is None:
            return
        style = words.QUALITY_STYLES[judgement.quality]
        line = Text(self._said.quality(judgement.quality), style=f"bold {style}")
        line.append(f": {self._said.why(judgement.why)}", style="not bold")
        if judgement.evidence:
            line.append(f" “{judgement.evidence}”", style="italic not bold")
        self._console.print(Padding(line, (0, 2)))
        if rescored:
            if self._verdict is Verdict.NO_HIRE:
                reveals = Text(self._said.say("confirms"))
            else:
                reveals = Text(f"{self._said.say('decides')} ", style="bold red")
                reveals.append(self._said.say("rescores"), style="not bold")
            self._console.print(Padding(reveals, (0, 2)))

    def show_outcome(self, question_index: int, outcome: Outcome) -> None:
        said = self._said
        line = Text(f"{said.say('question', number=question_index + 1)}: ")
        if outcome.question.kind is not Kind.STORY:
            line.append(said.say("timed"))
        elif outcome.verdict is None:
            line.append(said.say("no_verdict"))
        elif outcome.is_rescored and outcome.verdict_at_first is not Verdict.NO_HIRE:
            assert outcome.verdict_at_first is not None
            line.append_text(verdict_text(outcome.verdict_at_first, said))
            line.append(f" {said.say('after_opening')}, ")
            line.append_text(verdict_text(outcome.verdict, said))
            line.append(f" {said.say('after_probes')}")
        else:
            line.append_text(verdict_text(outcome.verdict, said))
        replies = [p.judgement for p in outcome.probes if p.judgement]
        strong = sum(judgement.quality is Quality.STRONG for judgement in replies)
        if replies:
            line.append(f" · {said.say('strong_replies', strong=strong, count=len(replies))}")
        self._console.print()
        self._console.print(line)

    def explain(self, line: str) -> None:
        tell(line)

    def show_end(self, outcomes: Sequence[Outcome], folder: Path, *, was_stopped: bool) -> None:
        self._console.rule(style="bright_black")
        if sum(outcome.analysis is not None for outcome in outcomes) > 1:
            self._console.print(Padding(debrief(outcomes, self._said), (0, 0, 1, 0)))
        if not holds_an_answer(folder):
            stopped = "Stopped. " if was_stopped else ""
            self._console.print(f"{stopped}No answer was given, so nothing is kept.")
            return
        if was_stopped:
            self._console.print("Stopped. What was said until here is kept.")
        self._console.print("Everything is kept, on this machine only, in", end=" ")
        self._console.print(str(folder), soft_wrap=True)
        self._console.print(f"See it again: mock-interviewer replay {folder.name}", soft_wrap=True)


def debrief(outcomes: Sequence[Outcome], said: Wording) -> Text:
    """All answers of an interview at a glance, what was weak most often, and what to change."""
    text = Text(said.say("whole_interview"), style="bold")
    faults: Counter[str] = Counter()
    for number, outcome in enumerate(outcomes, start=1):
        text.append(f"\n{number:>3}  ", style="not bold bright_black")
        if outcome.verdict is not None:
            text.append_text(verdict_text(outcome.verdict, said))
        elif outcome.analysis is None:
            text.append(said.say("skipped"), style="not bold")
        elif outcome.question.kind is not Kind.STORY:
            text.append(said.say("timed"), style="not bold")
        else:
            text.append(said.say("too_little_heard"), style="not bold")
        text.append(f"  {outcome.question.text}", style="not bold")
        if outcome.analysis is not None:
            faults.update(_faults_of(outcome.analysis))
    worst, count = faults.most_common(1)[0] if faults else ("", 0)
    if count > 1:  # once is no habit
        habit = said.say(
            "most_often", fault=said.fault_alone(worst), count=count, answers=len(outcomes)
        )
        text.append(f"\n{habit}", style="not bold")
    weakest = min(
        (o for o in outcomes if o.analysis and o.analysis.next_change and o.verdict),
        key=lambda o: o.verdict.rank if o.verdict else 0,
        default=None,
    )
    if weakest and weakest.analysis and weakest.analysis.next_change:
        number = list(outcomes).index(weakest) + 1
        text.append(f"\n{said.say('start_with', number=number)}: ", style="bold")
        text.append(weakest.analysis.next_change.text, style="not bold")
    return text


def _faults_of(analysis: Analysis) -> set[str]:
    found = analysis.findings
    counted = {d for d in analysis.question.counts if found.disqualifiers.get(d)}
    return {fault.value for fault in (*counted, *found.weaknesses.present)}


class RecordedAnswers:
    """Answers from recordings, in the order in which the interview asks."""

    def __init__(self, paths: Sequence[Path], *, replies_follow: bool = True) -> None:
        self._left = deque(paths)
        self._replies_follow = replies_follow

    def listen(
        self, turn: Turn, asked: str, recording: Path
    ) -> RecordedAnswer | TypedAnswer | Event:
        if self._left and (turn.is_opening or self._replies_follow):
            return RecordedAnswer(self._left.popleft())
        return StopWanted() if turn.is_opening else SkipWanted()
