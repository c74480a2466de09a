"""The stories a person keeps: `stories.toml` in the home folder, theirs to read and to edit.

    passed_over = ["2026-11-23T163005-7f3a/q2-..."]

    [[story]]
    id = "rope-tug-board"
    title = "The rope with no birthday"
    told = ["2026-11-23T163005-7f3a/q1-missed-deadline"]
    numbers = ["eighteen months"]
    words = ["rope", "tug"]                    # stems it is recognised by
    serves = { ownership = 1.0 }               # principle -> how well, 0 to 1
    quotes = { metric_delta = "..." }          # signal -> the person's own words

It is written whole or not at all. What does not read so is one plain line, and nothing is written
over it.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from mock_interviewer.adapters.session_folders import plain_disk_errors, write_whole
from mock_interviewer.core.rubric import Principle
from mock_interviewer.core.stories import Bank, Story
from mock_interviewer.errors import BadInput

FILE = "stories.toml"


def read_bank(home: Path) -> Bank:
    """The stories kept; none where there is no file. Raises BadInput."""
    path = home / FILE
    if not path.exists():
        return Bank()
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        stories = tuple(_story(each) for each in told.get("story", ()))
        passed = _texts(told.get("passed_over", ()))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as fault:
        raise BadInput(f"{path} cannot be read ({fault}); mend it, or move it away.") from None
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise BadInput(
            f"{path}: a story there is not whole or not well formed ({fault}); mend it, or move it "
            "away."
        ) from None
    for one, number in Counter(story.id for story in stories).items():
        if number > 1:
            raise BadInput(f"{path} has two stories with the id '{one}'; give one another id.")
    return Bank(stories, passed)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"{value!r} is no list of texts")
    return tuple(value)


def _story(told: dict[str, Any]) -> Story:
    return Story(
        id=str(told["id"]),
        title=str(told["title"]),
        serves={Principle(name): float(share) for name, share in told["serves"].items()},
        numbers=_texts(told.get("numbers", ())),
        quotes={str(name): str(quote) for name, quote in told.get("quotes", {}).items()},
        words=_texts(told["words"]),
        told=_texts(told.get("told", ())),
    )


def write_bank(home: Path, bank: Bank) -> None:
    """Keep the stories, whole. Raises HomeFault."""
    import tomli_w

    content = {
        "passed_over": list(bank.passed_over),
        "story": [
            {
                "id": story.id,
                "title": story.title,
                "told": list(story.told),
                "numbers": list(story.numbers),
                "words": list(story.words),
                "serves": {p.value: round(story.serves[p], 3) for p in story.principles},
                "quotes": dict(story.quotes),
            }
            for story in bank.stories
        ],
    }
    with plain_disk_errors(home):
        home.mkdir(parents=True, mode=0o700, exist_ok=True)
    write_whole(home / FILE, tomli_w.dumps(content))
