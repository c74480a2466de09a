"""How the story bank looks in the terminal, and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mock_interviewer.core.retelling import Retelling
    from mock_interviewer.core.stories import Served, Story
    from mock_interviewer.settings import Home

MOST_QUOTED = 3


def plain(name: str) -> str:
    return name.replace("_", " ")


def count(number: int) -> str:
    return f"{number} {'story is' if number == 1 else 'stories are'}"


def times_told(story: Story) -> str:
    number = len(story.told)
    return {0: "its answers were removed", 1: "told once", 2: "told twice"}.get(
        number, f"told {number} times"
    )


def signal_told(place: Home, served: Served) -> str:
    from mock_interviewer import wiring
    from mock_interviewer.core.rubric import Noted, Signal
    from mock_interviewer.core.wording import Wording

    said = Wording(wiring.language_of(place))
    name = served.signal or ""
    return said.signal(Signal(name)) if name in set(Signal) else said.noted(Noted(name))


def show_story(story: Story) -> None:
    principles = ", ".join(plain(p) for p in story.principles) or "no principle yet"
    print(f"{story.title}\n    {story.id} · {principles} · {times_told(story)}")
    if story.numbers:
        print(f"    numbers: {'; '.join(story.numbers)}")
    if story.quotes:
        print(f"    shows: {', '.join(plain(name) for name in story.quotes)}")


def show_map(kept: tuple[Story, ...]) -> None:
    from mock_interviewer.core.stories import coverage_of

    covered = coverage_of(kept)
    width = max(len(p) for p in covered)
    for principle, of in covered.items():
        titles = "; ".join(story.title for story in of) or "hole: no story"
        print(f"{plain(principle):<{width}}  {titles}")


def show_retelling(one: Retelling, place: Home) -> None:
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


def print_lines(values: list[dict[str, Any]]) -> None:
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
