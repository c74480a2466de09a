"""`replay --compare`: two answers side by side, and what a second reader once said of each."""

from __future__ import annotations

import json

from rich.console import Console

from mock_interviewer.app.replay import Replayer, Wanted
from mock_interviewer.cli.compare_view import comparison_json, show_comparison
from mock_interviewer.cli.second_reader import show_opinion
from mock_interviewer.core.reader_remarks import opinion_json
from mock_interviewer.errors import BadInput
from mock_interviewer.wiring import mentor
from mock_interviewer.wiring.second_reader import kept_opinion


def compare_two(
    replayer: Replayer, opened: list[tuple[str, str]], wanted: Wanted, *, as_json: bool
) -> None:
    """Show two sources side by side, or print them as one object. Raises InterviewError."""
    if len(opened) != 2:
        raise BadInput(f"--compare takes two, not {len(opened)}: replay --compare FIRST SECOND.")
    compared = mentor.compared(replayer, opened[0][1], opened[1][1], wanted)
    names = (opened[0][0], opened[1][0])
    told = [kept_opinion(each.saying) for each in (compared.before, compared.after)]
    if as_json:
        value = comparison_json(compared.found, *names)
        value["second_reader"] = [each and opinion_json(each) for each in told]
        print(json.dumps(value, ensure_ascii=False))
        return
    assert compared.after.analysis is not None
    show_comparison(compared.found, *names, compared.after.analysis.language)
    console = Console(highlight=False, markup=False)
    for name, opinion in zip(names, told, strict=True):
        if opinion is not None:
            console.print(f"\n{name}:")
            show_opinion(console, opinion)
