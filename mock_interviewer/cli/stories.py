"""`stories`: the stories a person can tell, which of them serves a question, and how they are told.

Stories are suggested from the sessions; the person confirms them.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mock_interviewer.cli.options import HomeOption, LanguageOption, PrincipleOption, principle_of
from mock_interviewer.errors import BadInput

if TYPE_CHECKING:
    from mock_interviewer.core.retelling import Retelling
    from mock_interviewer.core.rubric import Principle
    from mock_interviewer.core.stories import Served, Story
    from mock_interviewer.settings import Home

app = typer.Typer(
    help="Your stories: which there are, which serves a question, how they change when told.",
    rich_markup_mode=None,
)
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
    """The stories you keep, how often each was told, and which principles have none.

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
        _print_lines([story_json(story) for story in shelf.stories])
        return
    if not shelf.stories:
        print("No story is kept yet.")
    for story in shelf.stories:
        _show(story)
    if shelf.stories:
        print()
        _show_map(shelf.stories)
    if shelf.suggested:
        print(f"\n{_count(len(shelf.suggested))} suggested: mock-interviewer stories suggest")


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
        _print_lines([story_json(story) for story in suggested])
        return
    if not suggested:
        print("Nothing new: every story of your sessions is kept or passed over.")
    for story in suggested:
        _show(story)
        if sys.stdin.isatty() and sys.stdout.isatty():
            _ask(place, story)


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
    _show(bank.change(home_at(home), story, title, _principles(principle)))


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
        _print_lines([{"principle": p.value, "stories": [s.id for s in of]} for p, of in covered])
        return
    _show_map(kept)


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
        raise BadInput(f"No story is asked for here. {' '.join(said)}")
    served = bank.best(place, asked, named)
    if as_json:
        _print_lines([served_json(each) for each in served])
        return
    if not served:
        print("None of your stories serves this question; see 'stories map' for the holes.")
    for number, each in enumerate(served[:MOST_QUOTED]):
        lead = "Tell" if number == 0 else "or"
        under = _plain(each.principle)
        print(f"{lead}: {each.story.title} ({under}; {_times(each.story)})")
        if each.quote:
            print(f"    {_signal(place, each)}: “{each.quote}”")


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
    for each in chosen:
        found = bank.ledger(place, each)
        if as_json:
            _print_lines([{"story": each.id, **retelling_json(one)} for one in found])
            continue
        print(f"{each.title}: {_times(each)}")
        for one in found:
            _show_retelling(one, place)


def _principles(names: list[str] | None) -> list[Principle]:
    found = [principle_of(name) for name in names or ()]
    return [principle for principle in found if principle is not None]


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _count(number: int) -> str:
    return f"{number} {'story is' if number == 1 else 'stories are'}"


def _times(story: Story) -> str:
    number = len(story.told)
    return {0: "its answers were removed", 1: "told once", 2: "told twice"}.get(
        number, f"told {number} times"
    )


def _signal(place: Home, served: Served) -> str:
    from mock_interviewer import wiring
    from mock_interviewer.core.rubric import Noted, Signal
    from mock_interviewer.core.wording import Wording

    said = Wording(wiring.language_of(place))
    name = served.signal or ""
    return said.signal(Signal(name)) if name in set(Signal) else said.noted(Noted(name))


def _show(story: Story) -> None:
    principles = ", ".join(_plain(p) for p in story.principles) or "no principle yet"
    print(f"{story.title}\n    {story.id} · {principles} · {_times(story)}")
    if story.numbers:
        print(f"    numbers: {'; '.join(story.numbers)}")
    if story.quotes:
        print(f"    shows: {', '.join(_plain(name) for name in story.quotes)}")


def _show_map(kept: tuple[Story, ...]) -> None:
    from mock_interviewer.core.stories import coverage_of

    covered = coverage_of(kept)
    width = max(len(p) for p in covered)
    for principle, of in covered.items():
        titles = "; ".join(story.title for story in of) or "hole: no story"
        print(f"{_plain(principle):<{width}}  {titles}")


def _show_retelling(one: Retelling, place: Home) -> None:
    from mock_interviewer import wiring
    from mock_interviewer.core.wording import Wording

    said = Wording(wiring.language_of(place))
    print(f"  {one.before} → {one.after}" + (": as before" if one.is_clean else ""))
    for drift in one.drifts:
        print(f"    {drift.before} became {drift.after}: “{drift.told_after.text}”")
    for drift in one.rounded:
        print(f"    {drift.before} told as {drift.after}: rounded, no drift")
    for clause in one.lost_numbers:
        print(f"    no longer told: “{clause}”")
    if one.lost_names:
        print(f"    names no longer told: {', '.join(one.lost_names)}")
    for signal in one.lost_signals:
        print(f"    no longer heard: {said.signal(signal)}")
    for passage in one.passages:
        print(f"    word for word, {passage.words} words: “{passage.text}”")


# ---- JSON


def _print_lines(values: list[dict[str, Any]]) -> None:
    for value in values:
        print(json.dumps(value, ensure_ascii=False))


def story_json(story: Story) -> dict[str, Any]:
    """A story as one object."""
    return {
        "id": story.id,
        "title": story.title,
        "principles": [p.value for p in story.principles],
        "serves": {p.value: round(share, 3) for p, share in story.serves.items()},
        "numbers": list(story.numbers),
        "signals": dict(story.quotes),
        "told": list(story.told),
        "times_told": len(story.told),
    }


def served_json(served: Served) -> dict[str, Any]:
    """A story for a question, and why."""
    return {
        "story": served.story.id,
        "title": served.story.title,
        "principle": served.principle.value,
        "score": round(served.score, 3),
        "because": served.signal,
        "quote": served.quote,
        "words_in_common": list(served.shared_words),
        "times_told": len(served.story.told),
    }


def retelling_json(one: Retelling) -> dict[str, Any]:
    """What became of a story from one telling to the next."""
    from mock_interviewer.cli.compare_view import drifts_json

    return {
        "before": one.before,
        "after": one.after,
        "drifted": drifts_json(one.drifts),
        "rounded": drifts_json(one.rounded),
        "lost_numbers": list(one.lost_numbers),
        "lost_names": list(one.lost_names),
        "lost_signals": [signal.value for signal in one.lost_signals],
        "word_for_word": [{"text": p.text, "words": p.words} for p in one.passages],
    }
