"""One analysed answer in the terminal: the ruler, the stages, the words, the findings, the verdict.

Colour says nothing that letters do not say too. What was not heard clearly is shown dimmed in
square brackets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mock_interviewer.cli import words
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.remark import remark_on
from mock_interviewer.core.report import quote_of_rule
from mock_interviewer.core.rescoring import AfterProbes, GivenReply
from mock_interviewer.core.rubric import (
    STORY_STAGES,
    Gate,
    Kind,
    Verdict,
    Weakness,
)
from mock_interviewer.core.timing import unit_ends
from mock_interviewer.core.transcript import Finding, StagedUnit
from mock_interviewer.core.verdict import Rule
from mock_interviewer.core.wording import Wording, clock

RULER_WIDTH = 68


def show_answer(console: Console, analysis: Analysis, after: AfterProbes | None = None) -> None:
    """Everything about one answer, the verdict and the one thing to change last.

    after is what the replies to its probes made of it, once they were heard.
    """
    console.print(_heading(analysis))
    if analysis.question.kind is not Kind.STORY:
        _show_unjudged(console, analysis)
        return
    if analysis.transcript.is_timed and analysis.units:
        console.print(Padding(ruler(analysis), (1, 2, 0, 2)))
    if analysis.units:
        console.print(Padding(_stage_table(analysis), (1, 2, 0, 2)))
        console.print(Padding(transcript_by_stage(analysis), (1, 2, 0, 2)))
    if analysis.gate is None and analysis.question.kind is Kind.STORY:
        console.print(Padding(_findings(analysis), (1, 2, 0, 2)))
    console.print(Padding(_delivery(analysis), (1, 2, 0, 2)))
    console.print(Padding(verdict_lines(analysis, after), (1, 2, 1, 2)))


def _show_unjudged(console: Console, analysis: Analysis) -> None:
    """An answer that asks for no story: the words, how they were spoken, and comments."""
    said = Text()
    for unit in analysis.units:
        said.append_text(_unit_text(analysis, unit)).append(" ")
    console.print(Padding(said, (1, 2, 0, 2)))
    console.print(Padding(_delivery(analysis), (1, 2, 0, 2)))
    comments = Text()
    for remark in analysis.remarks:
        comments.append("\n" if comments else "")
        comments.append("+ " if remark.is_praise else "- ", style="bold")
        comments.append(remark.text)
        if remark.quote:
            comments.append(f" “{remark.quote.quote}”", style="italic")
    if comments:
        console.print(Padding(comments, (1, 2, 0, 2)))
    console.print(Padding(verdict_lines(analysis), (1, 2, 1, 2)))


def _heading(analysis: Analysis) -> Text:
    question, transcript = analysis.question, analysis.transcript
    said = Wording(analysis.language)
    text = Text(question.text, style="bold")
    if question.kind is Kind.STORY:
        facts = [said.principle(question.principle), question.level.value]
    else:
        facts = [said.kind(question.kind)]
    if transcript.duration_s is not None:
        facts.append(clock(transcript.duration_s))
    count = len(transcript.words)
    facts.append(said.say("one_word") if count == 1 else said.say("words", count=count))
    if transcript.speaker:
        facts.append(said.say("only_of", speaker=transcript.speaker))
    if transcript.engine:
        typed = transcript.engine == "typed"
        facts.append(
            said.say("typed") if typed else said.say("written_by", engine=transcript.engine)
        )
    return text.append("\n" + " · ".join(facts), style="not bold bright_black")


def ruler(analysis: Analysis) -> Text:
    """The answer as a bar in time: one letter and one colour a stage."""
    units, ends = analysis.units, unit_ends(analysis.units)
    begin_s, total_s = units[0].start_s or 0.0, max(ends[-1] - (units[0].start_s or 0.0), 0.01)
    said, bar, at = Wording(analysis.language), Text(), 0
    for column in range(RULER_WIDTH):
        time_s = begin_s + (column + 0.5) * total_s / RULER_WIDTH
        while at + 1 < len(units) and time_s >= ends[at]:
            at += 1
        stage = units[at].stage
        bar.append(said.letter(stage), style=f"{words.STAGE_STYLES[stage]} reverse")
    right = clock(ends[-1])
    return bar.append(f"\n{clock(begin_s)}{right:>{RULER_WIDTH - 4}}", style="bright_black")


def _stage_table(analysis: Analysis) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    said = Wording(analysis.language)
    for stage in STORY_STAGES:
        timing = analysis.stages[stage]
        name = Text(f"{said.letter(stage)} {said.stage(stage)}", style=words.STAGE_STYLES[stage])
        told_s = "" if timing.duration_s is None else said.say("seconds", seconds=timing.duration_s)
        target = said.say("of_target", seconds=timing.budget.target_s)
        status = Text()
        if timing.status:
            style = words.STATUS_STYLES[timing.status]
            status = Text(said.status(timing.status), style=style)
        table.add_row(name, Text(told_s, justify="right"), target if told_s else "", status)
    return table


def transcript_by_stage(analysis: Analysis) -> Text:
    """The words under their stages, the phrases that decided a stage underlined."""
    said, text = Wording(analysis.language), Text()
    for stage, run in groupby(analysis.units, key=lambda unit: unit.stage):
        units = list(run)
        if text:
            text.append("\n")
        at_s = units[0].start_s
        text.append(said.stage(stage), style=f"bold {words.STAGE_STYLES[stage]}")
        text.append(f"  {clock(at_s)}\n" if at_s is not None else "\n", style="bright_black")
        for unit in units:
            text.append_text(_unit_text(analysis, unit)).append(" ")
    return text


def _unit_text(analysis: Analysis, unit: StagedUnit) -> Text:
    text = Text()
    for at in range(unit.first_word, unit.end_word):
        word = analysis.transcript.words[at]
        gap = " " if at + 1 < unit.end_word else ""
        if word.is_clear:
            text.append(word.text + gap)
        else:
            text.append(f"[{word.text}]", style="bright_black").append(gap)
    if all(analysis.transcript.words[at].is_clear for at in range(unit.first_word, unit.end_word)):
        for phrase in unit.because:
            start = unit.text.lower().find(phrase.lower())
            if start >= 0:
                text.stylize("underline", start, start + len(phrase))
    return text


def _findings(analysis: Analysis) -> Text:
    """What was found, each with its second and the candidate's words; faults say why."""
    found, text, said = analysis.findings, Text(), Wording(analysis.language)
    for signal, finding in found.signals.items():
        if finding:
            _add_finding(text, "+", "green", said.signal(signal), finding)
    for name, fault in _faults(analysis):
        _add_finding(text, "-", "red", said.fault(name), fault, with_reason=True)
    for stage in found.weaknesses.missing_stages:
        left_out = f"{said.stage(stage)}: {said.fault(Weakness.MISSING_STAGES)}"
        _add_finding(text, "-", "red", left_out, None)
    for noted, finding in found.noted.items():
        if finding:
            _add_finding(text, "*", "bold", said.noted(noted), finding)
    absent = [said.lack(signal) for signal, f in found.signals.items() if not f]
    if absent:
        not_heard = said.say("not_heard", signals="; ".join(absent))
        text.append(f"\n· {not_heard}", style="bright_black")
    return text


def _add_finding(
    text: Text,
    mark: str,
    style: str,
    name: str,
    finding: Finding | None,
    *,
    with_reason: bool = False,
) -> None:
    at = "" if finding is None or finding.start_s is None else clock(finding.start_s)
    text.append("\n" if text else "").append(mark, style=f"bold {style}")
    text.append(f" {at:>5}  ", style="bright_black").append(name, style="bold")
    if finding:
        text.append(f"  “{finding.quote}”")
        if with_reason and finding.reason:
            text.append(f" – {finding.reason}", style="italic")


def _faults(analysis: Analysis) -> Iterator[tuple[str, Finding | None]]:
    found = analysis.findings
    for disqualifier, finding in found.disqualifiers.items():
        if finding and disqualifier in analysis.question.counts:
            yield disqualifier, finding
    weak = found.weaknesses
    quotable: Iterable[tuple[Weakness, Finding | None]] = (
        (Weakness.WE_DILUTION, weak.we_dilution),
        (Weakness.VAGUE_RESULT, weak.vague_result),
        (Weakness.GENERIC_REFLECTION, weak.generic_reflection),
    )
    for weakness, finding in quotable:
        if finding:
            yield weakness, finding
    if weak.unquantified:
        yield Weakness.UNQUANTIFIED, None
    if weak.long_situation:
        yield Weakness.LONG_SITUATION, None


def _delivery(analysis: Analysis) -> Text:
    measured, said = analysis.delivery, Wording(analysis.language)
    parts = []
    if measured.words_per_minute is None:
        parts.append(said.say("not_measured"))
    else:
        pace = said.say("words_a_minute", count=measured.words_per_minute)
        if measured.articulation_wpm is not None:
            pace += f" ({said.say('without_pauses', count=measured.articulation_wpm)})"
        parts.append(pace)
    if measured.pauses and measured.pauses.longest_s is not None:
        count, longest_s = measured.pauses.count, measured.pauses.longest_s
        pauses = "one_pause" if count == 1 else "pauses"
        parts.append(said.say(pauses, count=count, longest_s=longest_s))
    fillers = measured.fillers
    if fillers.at_least or fillers.maybe:
        told = said.say("fillers", count=fillers.at_least)
        more = said.say("more_fillers", count=fillers.maybe)
        parts.append(f"{told}, {more}" if fillers.maybe else told)
    text = Text(" · ".join(parts), style="bright_black")
    remark = remark_on(measured, analysis.transcript)
    if remark is not None:
        text.append(f"\n{said.remark(remark)}", style="not bright_black")
    return text


def verdict_lines(analysis: Analysis, after: AfterProbes | None = None) -> Text:
    """The practice verdict, what decided it, what a reply did, and the one thing to change.

    Where a reply decides the question, no better verdict is promised for a better opening answer.
    """
    text, said = Text(), Wording(analysis.language)
    is_rescored = after is not None and after.rescored_by is not None
    if analysis.verdict is not None:
        text.append(f"{said.say('practice_verdict')}: ")
        text.append_text(verdict_text(analysis.verdict, said))
    elif analysis.gate is None:
        text.append(said.say("not_judged"))
    if analysis.gate is not None:
        told = f"{said.gate(analysis.gate)} {said.remedy(analysis.gate)}".strip()
        text.append("\n" if text else "").append(told)
    if analysis.ruling and analysis.gate is not Gate.NO_STORY:
        for rule in _deciding(analysis):
            missing = analysis.findings.weaknesses.missing_stages
            text.append(f"\n  {said.rule(rule, missing)}")
            quote = quote_of_rule(rule, analysis.findings)
            if quote and rule.kind != "start":
                text.append(f" “{quote.quote}”", style="italic")
    if after is not None and after.rescored_by is not None:
        text.append("\n\n").append_text(_rescored(after, after.rescored_by, said))
    change = analysis.next_change
    if change:
        heading = said.say("change_two" if change.also else "change_one")
        text.append(f"\n\n{heading}: ", style="bold").append(change.text)
        is_better = analysis.verdict and change.verdict_if_changed.rank > analysis.verdict.rank
        if is_better and not is_rescored:
            text.append(f"\n  {said.say('then')}: ")
            text.append_text(verdict_text(change.verdict_if_changed, said))
    return text


def _rescored(after: AfterProbes, reply: GivenReply, said: Wording) -> Text:
    """The verdict before and after the probes, and the reply that took it down."""
    text = Text()
    if after.verdict_at_first is Verdict.NO_HIRE:
        text.append(said.say("confirms"))
    else:
        for verdict, when in ((after.verdict_at_first, "opening"), (after.verdict, "probes")):
            assert verdict is not None
            text.append(", " if text else "").append_text(verdict_text(verdict, said))
            text.append(f" {said.say(f'after_{when}')}")
        text.append(f"\n  {said.say('decides')} {said.say('rescores')}")
    return text.append(f" “{reply.quote}”", style="italic") if reply.quote else text


def _deciding(analysis: Analysis) -> list[Rule]:
    """The lines of the rule that held the verdict where it is; the start where nothing did."""
    assert analysis.ruling is not None
    rules = analysis.ruling.rules
    holding = [rule for rule in rules if rule.kind in ("disqualifier", "cap", "step")]
    return holding or [rule for rule in rules if rule.kind == "start"]


def verdict_text(verdict: Verdict, said: Wording) -> Text:
    """A verdict in its colour."""
    return Text(said.verdict(verdict), style=f"bold {words.VERDICT_STYLES[verdict]}")
