"""`stories`: the stories a person can tell, which of them serves a question, and how they are told.

Stories are suggested from the sessions; the person confirms them.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from mock_interviewer.cli.options import HomeOption, LanguageOption, PrincipleOption, principle_of
from mock_interviewer.cli.stories_view import (
    count,
    plain,
    print_lines,
    retelling_json,
    served_json,
    show_map,
    show_retelling,
    show_story,
    signal_told,
    story_json,
    times_told,
)
from mock_interviewer.cli.telling import OTHERWISE
from mock_interviewer.errors import BadInput

if TYPE_CHECKING:
    from mock_interviewer.core.rubric import Principle
    from mock_interviewer.core.stories import Story
    from mock_interviewer.settings import Home

app = typer.Typer(rich_markup_mode=None)
JsonOption = Annotated[bool, typer.Option("--json", help="JSON, one object a line.")]
TitleOption = Annotated[
    str | None, typer.Option("--title", metavar="TEXT", help="What you call the story.")
]
PrinciplesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--principle",
        metavar="NAME",
        help="What it serves, the most important first; may be given again.",
    ),
]
StoryArgument = Annotated[str, typer.Argument(metavar="STORY", help="A story's id.")]
AnswerArgument = Annotated[
    str, typer.Argument(metavar="ANSWER", help="SESSION/ANSWER, as 'stories suggest' names it.")
]
MOST_QUOTED = 3


@app.callback(invoke_without_command=True)
def stories(context: typer.Context, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Your stories: which there are, which serves a question, how they change when told.

    Without a command: those you keep, how often each was told, and which principles have none.

    Example: mock-interviewer stories
    """
    if context.invoked_subcommand is not None:
        if as_json or home is not None:
            command = context.invoked_subcommand
            raise typer.BadParameter(f"options belong behind the command: stories {command} ...")
        return
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import stories as bank

    shelf = bank.shelf(home_at(home))
    if as_json:
        print_lines([story_json(story) for story in shelf.stories])
        return
    if not shelf.stories:
        print("No story is kept yet.")
    for story in shelf.stories:
        show_story(story)
    if shelf.stories:
        print()
        show_map(shelf.stories)
    if shelf.suggested:
        print(f"\n{count(len(shelf.suggested))} suggested: mock-interviewer stories suggest")


@app.command("suggest")
def suggest(as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Stories found in your sessions; in a terminal each is asked about.

    Example: mock-interviewer stories suggest
    """
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import stories as bank

    place = home_at(home)
    suggested = bank.shelf(place).suggested
    if as_json:
        print_lines([story_json(story) for story in suggested])
        return
    if not suggested:
        print(_nothing_suggested(place))
    for story in suggested:
        show_story(story)
        if sys.stdin.isatty() and sys.stdout.isatty():
            _ask(place, story)


def _nothing_suggested(place: Home) -> str:
    from mock_interviewer.wiring import past

    if past.history(place).answers:
        return "Nothing new: every story of your sessions is kept or passed over."
    return "There is no answer yet to find a story in; begin with: mock-interviewer interview"


def _ask(place: Home, story: Story) -> None:
    from mock_interviewer.wiring import stories as bank

    wish = typer.prompt("Keep it? y yes, n not now, p pass over for good", default="y")
    if wish[:1].lower() == "y":
        title = typer.prompt("Title", default=story.title)
        print(f"Kept as {bank.keep(place, story.id, title).id}\n")
    elif wish[:1].lower() == "p":
        bank.pass_over(place, story.id)


@app.command("keep")
def keep(
    answer: AnswerArgument,
    title: TitleOption = None,
    principle: PrinciplesOption = None,
    home: HomeOption = None,
) -> None:
    """Keep a suggested story.

    Example: mock-interviewer stories keep 2026-11-23T163005-7f3a/q1-missed-deadline --title "The
    two pagers"
    """
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import stories as bank

    print(f"Kept as {bank.keep(home_at(home), answer, title, _principles(principle)).id}")


@app.command("pass")
def pass_over(answer: AnswerArgument, home: HomeOption = None) -> None:
    """Do not suggest this again.

    Example: mock-interviewer stories pass 2026-11-23T163005-7f3a/q1-missed-deadline
    """
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import stories as bank

    bank.pass_over(home_at(home), answer)
    print(f"Passed over: {answer}")


@app.command("change")
def change(
    story: StoryArgument,
    title: TitleOption = None,
    principle: PrinciplesOption = None,
    home: HomeOption = None,
) -> None:
    """Give a story another title or other principles.

    Example: mock-interviewer stories change two-pagers --principle conflict --principle ownership
    """
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import stories as bank

    if title is None and not principle:
        raise BadInput("Nothing to change: name a --title or a --principle.")
    show_story(bank.change(home_at(home), story, title, _principles(principle)))


@app.command("remove")
def remove(story: StoryArgument, home: HomeOption = None) -> None:
    """Take a story out of the bank; its answers stay where they are.

    Example: mock-interviewer stories remove two-pagers
    """
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import stories as bank

    print(f"Removed: {bank.remove(home_at(home), story).title}. Its answers stay.")


@app.command("map")
def coverage(as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Which principles your stories serve, and which have none.

    Example: mock-interviewer stories map
    """
    from mock_interviewer.core.stories import coverage_of
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import stories as bank

    kept = bank.shelf(home_at(home)).stories
    if as_json:
        covered = coverage_of(kept).items()
        print_lines([{"principle": p.value, "stories": [s.id for s in of]} for p, of in covered])
        return
    show_map(kept)


@app.command("for")
def best_for(
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="An id, or any text in quotes.")
    ],
    principle: PrincipleOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = None,
    home: HomeOption = None,
) -> None:
    """Which story serves a question best, and why.

    Example: mock-interviewer stories for "Tell me about a time you disagreed with your boss."
    """
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import stories as bank
    from mock_interviewer.wiring.asking import question_named

    place = home_at(home, language)
    said: list[str] = []
    named = principle_of(principle)
    asked = question_named(place, question, said.append, named)
    if not bank.is_story(asked):
        raise BadInput(f"No story is asked for here. {' '.join(said)} {OTHERWISE}")
    served = bank.best(place, asked, named)
    if as_json:
        print_lines([served_json(each) for each in served])
        return
    if not served:
        print("None of your stories serves this question; see 'stories map' for the holes.")
    for number, each in enumerate(served[:MOST_QUOTED]):
        lead = "Tell" if number == 0 else "or"
        under = plain(each.principle)
        print(f"{lead}: {each.story.title} ({under}; {times_told(each.story)})")
        if each.quote:
            print(f"    {signal_told(place, each)}: “{each.quote}”")


@app.command("ledger")
def ledger(
    story: Annotated[
        str | None, typer.Argument(metavar="[STORY]", help="A story's id; else all.")
    ] = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """How a story changes from telling to telling: figures, details, words by heart.

    Example: mock-interviewer stories ledger two-pagers
    """
    from mock_interviewer.settings import home_at
    from mock_interviewer.wiring import stories as bank

    place = home_at(home)
    chosen = [bank.story_called(place, story)] if story else bank.shelf(place).stories
    if not chosen and not as_json:
        print("No story is kept yet; see which there are: mock-interviewer stories suggest")
    for each in chosen:
        found = bank.ledger(place, each)
        if as_json:
            print_lines([{"story": each.id, **retelling_json(one)} for one in found])
            continue
        print(f"{each.title}: {times_told(each)}")
        for one in found:
            show_retelling(one, place)


def _principles(names: list[str] | None) -> list[Principle]:
    found = [principle_of(name) for name in names or ()]
    return [principle for principle in found if principle is not None]
