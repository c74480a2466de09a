"""`test --ear`: a weak answer is spoken, and a key is hit at every phrase that costs it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console

from mock_interviewer.errors import BadInput

if TYPE_CHECKING:
    from mock_interviewer.core.ear import EarScore
    from mock_interviewer.core.pattern import Pattern
    from mock_interviewer.ports import PlayAudio
    from mock_interviewer.settings import Home

TICK_S = 0.02


def hear_out(
    console: Console, place: Home, pattern: Pattern, play: PlayAudio, voice: str | None, rate: int
) -> None:
    """Speak the pattern's weak answer and score the keys. Raises NoVoice, DeviceFault, BadInput."""
    from mock_interviewer import wiring
    from mock_interviewer.cli.keys import forget_keys, key_within, single_keys
    from mock_interviewer.core.ear import parts_of, score

    if not sys.stdin.isatty():
        raise BadInput("The ear test needs a terminal, for its keys.")
    weak = pattern.weak_answer
    parts = parts_of(weak.text, [point.quote for point in weak.points])
    audio, ends_s = wiring.spoken_parts(place, [part.text for part in parts], voice, rate)
    faults = sum(part.is_fault for part in parts)
    console.print(
        f"The question: {pattern.question.text}\nYou hear an answer with {faults} phrases that "
        "cost it. Hit the space bar at each, as soon as you know. q leaves."
    )
    hits_s: list[float] = []
    forget_keys()
    with single_keys(), play(audio) as playing:
        console.print("It begins.", style="bold")
        while not playing.wait(0):
            key = key_within(TICK_S)
            if key == "q":
                return
            if key:
                hits_s.append(playing.position_s)
                console.print("■", end=" ")
    found = score(parts, ends_s, hits_s)
    _show(console, pattern, found)
    wiring.keep_practice(
        place,
        "ear",
        {
            "pattern": pattern.question.id,
            "hits": found.hits,
            "phrases": len(found.heard),
            "false_alarms": len(found.false_alarms),
            "reaction_s": None if found.reaction_s is None else round(found.reaction_s, 2),
        },
    )


def _show(console: Console, pattern: Pattern, found: EarScore) -> None:
    from rich.table import Table
    from rich.text import Text

    reasons = {" ".join(p.quote.split()): p.fault for p in pattern.weak_answer.points}
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    for phrase in found.heard:
        hit = phrase.reaction_s
        style = "yellow" if hit is None else "green"
        told = Text("missed" if hit is None else f"heard, {hit:+.1f} s", style=style)
        table.add_row(told, Text(f"“{phrase.text}”", style=style))
        table.add_row("", Text(reasons.get(phrase.text, "")))
    console.print()
    console.print(table, width=min(console.width, 100))
    alarms = len(found.false_alarms)
    line = f"{found.hits} of {len(found.heard)} heard"
    if found.reaction_s is not None:
        when = "after" if found.reaction_s >= 0 else "before"
        line += f", {abs(found.reaction_s):.1f} s {when} the phrase had ended (median)"
    console.print(f"\n{line}, {alarms} false alarm{'' if alarms == 1 else 's'}.", style="bold")
