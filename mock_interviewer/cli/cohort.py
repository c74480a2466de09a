"""`replay` of many files at once (--jobs, --dask): progress, the lines in order, the group."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mock_interviewer.cli.telling import tell
from mock_interviewer.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_interviewer.app.cohort import Found
    from mock_interviewer.wiring.cohort import Asked

TOLD_PARTS = 10
"""Where nobody watches, so many lines of progress at most."""


def replay_many(
    asked: Asked,
    names: Sequence[str],
    *,
    jobs: int | None,
    address: str | None,
    again: bool,
    as_json: bool,
    html: Path | None,
) -> bool:
    """Replay them on Dask; True if any could not be read. Raises InterviewError."""
    from dataclasses import replace

    from mock_interviewer.wiring import cohort

    if any(name.lower().endswith(".zip") for name in names):
        raise BadInput("A zip of 'export' is one person's: take it in first ('import FILE').")
    if html is not None:
        asked = replace(asked, reports=cohort.reports_beside(html))
    sources = cohort.expanded(names)
    told: list[Found] = []
    work_off = cohort.on_dask(asked, jobs, address)
    progress = _Progress()
    for found in cohort.found_in(asked, sources, work_off, progress, batch=names, again=again):
        told.append(found)
        _print(found, as_json=as_json)
    if html is not None:
        cohort.write_page(html, told, asked.reports)
        print(f"Written: {html}", file=sys.stderr)
    elif not as_json:
        _print_group(told)
    return any(each.is_flawed for each in told)


def _print(found: Found, *, as_json: bool) -> None:
    for line in found.lines:
        if as_json:
            print(line, flush=True)
        elif found.is_flawed and (error := json.loads(line).get("error")):
            tell(error)


def _print_group(told: Sequence[Found]) -> None:
    from mock_interviewer import wiring
    from mock_interviewer.core.cohort import grouped

    said = wiring.words_of_page()
    group = grouped([json.loads(line) for each in told for line in each.lines])
    print(f"{group.answers} answers")
    for verdict in group.verdicts:
        print(f"  {said.verdict_or_none(verdict.name):24} {verdict.count}")
    for stage in group.stages:
        if stage.median_s is not None:
            targets = ", ".join(f"{target:.0f}" for target in stage.targets_s)
            print(f"  {stage.stage:24} median {stage.median_s:.0f} s (target {targets} s)")
    print("A page over all of them: --html FILE; a line for each: --json")


class _Progress:
    """How many are done, on stderr: one line that changes in a terminal, else some lines."""

    def __init__(self) -> None:
        self._part = -1

    def __call__(self, done: int, of: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done == of else ""
            print(f"\r{done} of {of} files", end=end, file=sys.stderr, flush=True)
        elif of and (part := TOLD_PARTS * done // of) != self._part:
            self._part = part
            print(f"{done} of {of} files", file=sys.stderr, flush=True)
