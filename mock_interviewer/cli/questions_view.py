"""Questions and patterns in the terminal: lists of them, and all that one says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mock_interviewer.core.rubric import Kind

if TYPE_CHECKING:
    from rich.console import Console

    from mock_interviewer.core.pattern import Pattern
    from mock_interviewer.core.question import Question


def topic_of(question: Question) -> str:
    """What a question is about: its principle, or its kind where it asks for no story."""
    topic = question.principle if question.kind is Kind.STORY else question.kind
    return topic.value.replace("_", " ")


def _facts_of(question: Question) -> str:
    work = question.work.value.replace("_", " ") if question.work else "any work"
    return f"{question.level.value} · {work}"


def show_list(console: Console, found: Sequence[Question]) -> None:
    """The questions by topic; where nobody watches, one a line for other programs to cut."""
    by_topic: dict[str, list[Question]] = {}
    for question in found:
        by_topic.setdefault(topic_of(question), []).append(question)
    if not console.is_terminal:
        widest = max(len(question.id) for question in found)
        for topic, questions in by_topic.items():
            for q in questions:
                work = q.work.value if q.work else "-"
                print(f"{q.id:{widest}}  {topic:22}  {work:25}  {q.level.value:6}  {q.text}")
        return
    for topic, questions in by_topic.items():
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
        table.add_column(no_wrap=True, style="bold", width=26)
        table.add_column()
        for question in questions:
            facts = Text(f"  {_facts_of(question)}", style="bright_black")
            table.add_row(question.id, Text(question.text).append_text(facts))
        console.print(Text(f"\n{topic} ({len(questions)})", style="bold"))
        console.print(Padding(table, (0, 0, 0, 2)))
    console.print("\nAnswer one aloud: mock-interviewer interview ID", style="bright_black")


def show_drawn(console: Console, question: Question) -> None:
    """One question that the lot fell on, and how to answer it."""
    console.print(question.text, style="bold")
    console.print(f"{topic_of(question)} · {_facts_of(question)}", style="bright_black")
    console.print(f"Answer it aloud: mock-interviewer interview {question.id}", soft_wrap=True)


def show_question(console: Console, question: Question) -> None:
    """A question, what it counts, and its probes."""
    console.print(question.text, style="bold")
    counts = ", ".join(sorted(d.value.replace("_", " ") for d in question.counts)) or "none"
    facts = f"{topic_of(question)} · {_facts_of(question)} · counts: {counts}"
    console.print(facts, style="bright_black")
    console.print("\nProbes", style="bold")
    for probe in question.probes:
        console.print(f"  {probe.text} ({probe.tests.value.replace('_', ' ')})")


def show_pattern(console: Console, pattern: Pattern) -> None:
    """All that a pattern says, except its quiz."""

    def head(text: str) -> None:
        console.print(f"\n{text}", style="bold")

    head("Also asked as")
    for variant in pattern.variants:
        console.print(f"  {variant}")
    head("The scenario")
    console.print(" ".join(pattern.overview.split()))
    console.print(" ".join(pattern.takeaway.split()), style="italic")
    for stage, guide in pattern.stages.items():
        budget = pattern.question.budgets[stage]
        head(f"{stage.value.capitalize()}, {budget.target_s:.0f} s")
        console.print(f"  “{guide.example}”")
        console.print(f"  Carried by: {'; '.join(guide.cues)}", style="bright_black")
        console.print(f"  {guide.coaching}")
        console.print(f"  Common mistake: {guide.mistake}")
    for level, ask in pattern.levels.items():
        head(f"At {level.value} ({ask.length})")
        console.print(f"  {ask.focus}\n  The bar: {ask.bar}\n  The lesson: “{ask.reflection}”")
    for probe in pattern.probes:
        head(probe.text)
        console.print(f"  After: {probe.after}")
        console.print(f"  Weak: “{probe.weak}” {probe.weak_why}")
        console.print(f"  Strong: “{probe.strong}”")
    head("A weak answer")
    console.print(f"  “{pattern.weak_answer.text}”")
    for point in pattern.weak_answer.points:
        console.print(f"  - “{point.quote}”: {point.fault}")
    console.print(f"  The interviewer: {pattern.weak_answer.verdict}", style="italic")
    for principle, lens in pattern.lenses.items():
        head(f"For {principle.value.replace('_', ' ')}")
        console.print(f"  Lead with: {lens.lead_with}\n  Emphasise: {lens.emphasise}")
        console.print(f"  Play down: {lens.play_down}")
    quiz = f"{len(pattern.concepts)} concept checks and {len(pattern.quiz)} test items"
    console.print(f"\nIn the pack besides: {quiz} (--json shows them).", style="bright_black")
