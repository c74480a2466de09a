"""Two tellings side by side in the terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from mock_interviewer.core.comparing import Comparison
from mock_interviewer.core.drifting import Drift
from mock_interviewer.core.language import Language
from mock_interviewer.core.wording import Wording


def show_comparison(found: Comparison, before: str, after: str, language: Language) -> None:
    """Verdicts, seconds, what came and went, figures that drifted, passages said alike."""
    console, said = Console(highlight=False, markup=False), Wording(language)
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="not bold")
    for head in ("", before, after):
        table.add_column(head)
    verdicts = (found.verdict_before, found.verdict_after)
    table.add_row("verdict", *(said.verdict_or_none(verdict) for verdict in verdicts))
    for each in found.stages:
        pairs = ((each.before_s, each.status_before), (each.after_s, each.status_after))
        cells = (
            " ".join(
                [
                    *([] if seconds is None else [f"{seconds:.0f} s"]),
                    *([] if status is None else [said.status(status)]),
                ]
            )
            for seconds, status in pairs
        )
        table.add_row(said.stage(each.stage), *cells)
    console.print(table)
    console.print()
    if not found.is_judged:
        who = "One of the two has no verdict" if any(verdicts) else "Neither has a verdict"
        console.print(f"{who}, so neither is called better or worse.")
    for signal in found.gained:
        console.print(f"now there: {said.signal(signal)}")
    for signal in found.lost:
        console.print(f"no longer there: {said.signal(signal)}")
    for fault in found.mended:
        console.print(f"mended: {said.fault_alone(fault)}")
    for fault in found.new_faults:
        console.print(f"new: {said.fault_alone(fault)}")
    for drift in found.drifts:
        console.print(f"drifted: {drift.before} became {drift.after}: “{drift.told_after.text}”")
    for drift in found.rounded:
        console.print(f"rounded, no drift: {drift.before}, {drift.after}")
    for passage in found.passages:
        console.print(f"word for word, {passage.words} words: “{passage.text}”")


def comparison_json(found: Comparison, before: str, after: str) -> dict[str, Any]:
    """The comparison as one object."""
    verdicts = (found.verdict_before, found.verdict_after)
    return {
        "before": before,
        "after": after,
        "verdicts": [verdict.value if verdict else None for verdict in verdicts],
        "stages": {
            each.stage.value: {
                "duration_s": [each.before_s, each.after_s],
                "status": [s.value if s else None for s in (each.status_before, each.status_after)],
            }
            for each in found.stages
        },
        "gained": [signal.value for signal in found.gained],
        "lost": [signal.value for signal in found.lost],
        "mended": [fault.value for fault in found.mended],
        "new_faults": [fault.value for fault in found.new_faults],
        "drifted": drifts_json(found.drifts),
        "rounded": drifts_json(found.rounded),
        "word_for_word": [{"text": p.text, "words": p.words} for p in found.passages],
    }


def drifts_json(drifts: Sequence[Drift]) -> list[dict[str, str]]:
    """Figures that became others, with both clauses."""
    return [
        {
            "before": each.before,
            "after": each.after,
            "told_before": each.told_before.text,
            "told_after": each.told_after.text,
        }
        for each in drifts
    ]
