"""What a unit shows about the stage it serves, as named features that a person can read.

Three kinds: its words and phrases of up to three words ('i pulled', 'as a result', and, where the
unit begins with them, '^ so i'); what a clause
can show beside its words (tense, who does it, numbers, an opening: the groups of the language's
`stages` table), written '=group'; and where it stands (how far into the answer, how long, after how
long a pause), written '@name'. Groups of the neighbours are features too, '<group' before and
'>group' after. Features are binary, word features are scaled so that long units do not shout.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, zip_longest

from mock_interviewer.core.language import Language
from mock_interviewer.core.transcript import Unit, straight

TABLE = "stages"
OPENING = "^ "
"""Before a phrase with which the unit begins."""
POSITIONS = 12
_DIGIT = re.compile(r"[0-9]")


def tokens_of(text: str, language: Language) -> list[str]:
    """Lower-case words; every number is '#'.

    >>> letters = {"word": ("[a-z0-9]+(?:'[a-z]+)*",)}
    >>> tokens_of("It fell from 9 to 1.4, I'd say.", Language("en", phrases={"letters": letters}))
    ['it', 'fell', 'from', '#', 'to', '#', '#', "i'd", 'say']
    """
    found = language.pattern("letters", "word").findall(straight(text.lower()))
    return [token if token.isalpha() or not _DIGIT.search(token) else "#" for token in found]


def phrases_of(tokens: Sequence[str]) -> list[str]:
    """Phrases of one to three words, each once, in the order in which they begin; then openings."""
    found: dict[str, None] = {}
    for one, two, three in zip_longest(tokens, tokens[1:], tokens[2:]):
        found[one] = None
        if two is not None:
            found[f"{one} {two}"] = None
        if three is not None:
            found[f"{one} {two} {three}"] = None
    found.update({f"{OPENING}{' '.join(tokens[:n])}": None for n in (1, 2) if tokens[:n]})
    return list(found)


def different_phrases(tokens: Sequence[str]) -> int:
    """How many phrases_of() finds, without spelling them."""
    many, ones, openings = len(tokens), len(set(tokens)), min(len(tokens), 2)
    if ones == many:  # then no longer phrase comes twice either
        return many + max(many - 1, 0) + max(many - 2, 0) + openings
    twos = len(set(pairwise(tokens)))
    threes = len(set(zip(tokens, tokens[1:], tokens[2:], strict=False)))
    return ones + twos + threes + openings


def groups_of(text: str, language: Language) -> list[str]:
    """The groups of the language's stage table that the text shows."""
    plain = straight(text.lower())
    patterns = language.patterns_for(TABLE, plain)
    return [group for group, pattern in patterns.items() if pattern.search(plain)]


def unit_features(units: Sequence[Unit], language: Language) -> list[tuple[list[str], list[str]]]:
    """For every unit of a whole answer its phrases, and its other features."""
    phrases = [phrases_of(tokens_of(unit.text, language)) for unit in units]
    return list(zip(phrases, others_of(units, language), strict=True))


def others_of(
    units: Sequence[Unit], language: Language, expected_words: int | None = None
) -> list[list[str]]:
    """For every unit what it shows beside its phrases.

    expected_words: of an answer under way, how many it may have in the end; None where it is over.
    """
    groups = [groups_of(unit.text, language) for unit in units]
    total = max(units[-1].end_word if units else 0, expected_words or 0)
    after_last = "end" if expected_words is None else ""
    placed = [_place(unit, total) for unit in units]
    pauses = [False, *(_is_after_pause(before, unit) for before, unit in pairwise(units))]
    features = []
    for at in range(len(units)):
        others = [f"={group}" for group in groups[at]] + placed[at]
        others += [f"<{group}" for group in (groups[at - 1] if at else ["start"])]
        others += [
            f">{group}" for group in (groups[at + 1] if at + 1 < len(units) else [after_last])
        ]
        if pauses[at]:
            others.append("@after a pause")
        features.append(others)
    return features


def _place(unit: Unit, total_words: int) -> list[str]:
    middle = (unit.first_word + unit.end_word) / 2 / max(total_words, 1)
    position = min(int(middle * POSITIONS), POSITIONS - 1)
    length = unit.end_word - unit.first_word
    sizes = ((4, "tiny"), (9, "short"), (20, "middling"), (length, "long"))
    size = next(name for most, name in sizes if length <= most)
    return ["@", f"@part {position + 1} of {POSITIONS}", f"@{size}"]


def _is_after_pause(before: Unit, unit: Unit) -> bool:
    if before.end_s is None or unit.start_s is None:
        return False
    return unit.start_s - before.end_s > 0.8
