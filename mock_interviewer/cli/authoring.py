"""`questions new`: a question of one's own, or a whole pattern, asked for piece by piece.

Every answer is on disk before the next thing is asked, so Ctrl-C, a closed lid or the end of what
was piped in lose nothing.
"""

from __future__ import annotations

import contextlib
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from mock_interviewer.cli.options import HomeOption
from mock_interviewer.cli.telling import tell
from mock_interviewer.core.authoring import Ask, Misfit, Script, after, on, question_script
from mock_interviewer.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Collection

    from rich.console import Console

    from mock_interviewer.adapters.own_packs import Draft
    from mock_interviewer.core.authoring import Content
    from mock_interviewer.settings import Home

BACK = "<"
KEPT = "What you wrote is kept; go on with: mock-interviewer questions new --resume"


def new_question(
    pattern: Annotated[
        bool,
        typer.Option(
            "--pattern", help="A whole pattern: examples, coaching, probes, quiz (200 answers)."
        ),
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the one that was left unfinished.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Write a question of your own, step by step.

    Example: mock-interviewer questions new
    """
    from rich.console import Console

    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import own_packs

    place = home_at(home)
    console = Console(highlight=False, markup=False)
    left = own_packs.last_draft(place)
    if resume:
        if left is None:
            raise BadInput("No question was left unfinished; begin one without --resume.")
        draft = left
        console.print(f"Going on after answer {len(draft.answers)}.")
    else:
        draft = own_packs.new_draft(place, is_pattern=pattern)
        if left is not None:
            tell("One was left unfinished; 'questions new --resume' goes on with that.")
    console.print("Enter takes what stands in [brackets]; < goes back; Ctrl-C leaves it for later.")
    try:
        content = _ask_all(console, draft, own_packs.taken_names(place))
    except EOFError:
        raise BadInput("The answers ended before the question was whole. " + KEPT) from None
    except KeyboardInterrupt:
        print()
        tell(KEPT)
        raise
    _write(console, place, draft, content)


def _script(draft: Draft, taken: Collection[str]) -> Script:
    from mock_interviewer.core.pattern_script import pattern_script

    return pattern_script(taken) if draft.is_pattern else question_script(taken)


def _ask_all(console: Console, draft: Draft, taken: Collection[str]) -> Content:
    """Ask until the script has everything. Raises EOFError, KeyboardInterrupt."""
    script = _script(draft, taken)
    asked = after(script, draft.answers)
    while isinstance(asked, Ask):
        said = _said(console, asked, draft)
        if said is None:
            draft = replace(draft, answers=draft.answers[:-1], begun=draft.answers[-1])
            script = _script(draft, taken)
            asked = after(script, draft.answers)
            continue
        draft = replace(draft, answers=(*draft.answers, said), begun="")
        draft.save()
        asked = on(script, said)
    return asked


def _said(console: Console, asked: Ask, draft: Draft) -> str | None:
    """A valid answer to one thing; None to go back. What was begun on Ctrl-C is kept."""
    console.print(f"\n{len(draft.answers) + 1}. {asked.what}", style="bold")
    for number, choice in enumerate(asked.choices, start=1):
        console.print(f"   {number}  {choice.replace('_', ' ')}")
    proposal = f"[{asked.proposal}] " if asked.proposal else ""
    begun = draft.begun
    while True:
        try:
            typed = _line(f"{proposal}> ", begun)
        except KeyboardInterrupt:
            begun = _half_typed()
            if begun or draft.answers:
                replace(draft, begun=begun).save()
            raise
        begun = ""
        if typed.strip() == BACK:
            if draft.answers:
                return None
            console.print("   This is the first one.", style="yellow")
            continue
        try:
            return asked.read(typed)
        except Misfit as misfit:
            console.print(f"   {misfit}", style="yellow")


def _line(prompt: str, begun: str) -> str:
    """One line from the person; in a terminal it can be edited, and may be long."""
    if not sys.stdin.isatty():
        return input(prompt)
    try:
        import readline
    except ImportError:  # Windows edits lines as it is
        return input(prompt)
    readline.set_startup_hook(lambda: readline.insert_text(begun))
    try:
        return input(prompt)
    finally:
        readline.set_startup_hook(None)


def _half_typed() -> str:
    with contextlib.suppress(ImportError):
        import readline

        return str(readline.get_line_buffer()) if sys.stdin.isatty() else ""
    return ""


def _write(console: Console, place: Home, draft: Draft, content: Content) -> None:
    from mock_interviewer import wiring
    from mock_interviewer.wiring import own_packs

    asked = content["question"][0] if "question" in content else content
    path = own_packs.write_pack(place, asked["id"], content)
    draft.discard()
    console.print("\nWritten to", style="bold", end=" ")
    console.print(str(path), soft_wrap=True)
    faults = wiring.check_pack(path)
    for fault in faults:
        tell(str(fault))
    if faults:
        raise typer.Exit(1)
    console.print("Checked: it is whole. Answer it now:")
    console.print(f"  mock-interviewer interview {asked['id']}")
    if draft.is_pattern:
        console.print(f"  mock-interviewer learn {asked['id']}")
