"""The sieve: whatever matches passes it, and what is searched for finds the same words."""

from __future__ import annotations

import random
import re
from re import _constants as _op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import pytest
from answers import labelled, whisper_json

from mock_interviewer.adapters.language_files import languages_called, load_language
from mock_interviewer.core.language import MOST_WORDS, OF_WORDS, SEARCHED
from mock_interviewer.core.sieve import Sieve, compiled

ENGLISH = load_language()
TABLES = {table: ENGLISH.phrases[table] for table in SEARCHED}
LETTERS = "abk  s_19'$éß\u0301-\n"
"""Among them letters and an accent that are not ASCII."""


@pytest.mark.parametrize("code", languages_called())
def test_what_is_searched_for_is_in_lower_case(code: str) -> None:
    """A capital would never match; classes such as \\W are none."""
    phrases = load_language(code).phrases
    for table in SEARCHED:
        for group, expressions in phrases.get(table, {}).items():
            for expression in (re.sub(r"\\.", "", one) for one in expressions):
                assert expression == expression.lower(), (table, group)


def spoken_words() -> list[str]:
    files = labelled(["train"])[::8]
    return [word for path in files for word in whisper_json(path)["text"].lower().split()]


WORDS = spoken_words()


def text_like(tree: Any, rng: random.Random) -> str:
    """A text that the expression may match: one walk through its tree, assertions left out."""
    return "".join(_text_of_node(op, value, rng) for op, value in tree)


def _text_of_node(op: Any, value: Any, rng: random.Random) -> str:
    if op is _op.LITERAL:
        return chr(value)
    if op is _op.IN:
        return _text_of_node(*rng.choice([m for m in value if m[0] is not _op.NEGATE]), rng)
    if op is _op.RANGE:
        return chr(rng.randint(*value))
    if op is _op.SUBPATTERN:
        return text_like(value[-1], rng)
    if op is _op.BRANCH:
        return text_like(rng.choice(value[1]), rng)
    if op in (_op.MAX_REPEAT, _op.MIN_REPEAT):
        times = rng.randint(value[0], min(value[1], value[0] + 2))
        return "".join(text_like(value[2], rng) for _ in range(times))
    of_category = {_op.CATEGORY_DIGIT: "0123456789", _op.CATEGORY_NOT_WORD: " ,"}
    if op in (_op.AT, _op.ASSERT, _op.ASSERT_NOT):
        return ""
    return rng.choice(of_category.get(value, "abeiost"))


def spans(pattern: re.Pattern[str] | None, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)] if pattern else []


def told_around(text: str, rng: random.Random) -> str:
    """The text in the midst of what people say."""
    first = rng.randrange(len(WORDS) - 8)
    return " ".join([*WORDS[first : first + 4], text, *WORDS[first + 4 : first + 8]])


@pytest.mark.parametrize("texts_before", [0, 150])
def test_what_matches_an_expression_of_the_language_passes(texts_before: int) -> None:
    rng = random.Random(texts_before)
    sieve = Sieve(TABLES, pays_from=texts_before)
    for _ in range(texts_before):
        sieve.patterns_for("gate", told_around("", rng))
    missed, matched, held_back = [], 0, 0
    for table, groups in TABLES.items():
        for group, expressions in groups.items():
            for expression in expressions:
                tree = _parser.parse(expression)
                text = told_around(text_like(tree, rng), rng)
                wanted = spans(ENGLISH.pattern(table, group), text)
                patterns = sieve.patterns_for(table, text)
                if spans(patterns.get(group), text) != wanted:
                    missed.append((table, group, text))
                matched += bool(wanted)
                held_back += len(groups) - len(patterns)
    assert not missed
    assert matched > 250, "the texts are made to match"
    assert held_back > 5000, "and the sieve is no open door"


def test_what_is_said_is_found_as_without_a_sieve() -> None:
    sieve = Sieve(TABLES, pays_from=20)
    for first in range(0, 2000, 25):
        text = " ".join(WORDS[first : first + 25])
        for table, groups in TABLES.items():
            patterns = sieve.patterns_for(table, text)
            counts = sieve.counts(table, text)
            wanted = {group: spans(ENGLISH.pattern(table, group), text) for group in groups}
            assert {group: spans(patterns.get(group), text) for group in groups} == wanted
            assert {group: counts.get(group, 0) for group in groups} == {
                group: len(found) for group, found in wanted.items()
            }


def expression_of(rng: random.Random, depth: int = 3) -> str:
    """A small expression of any shape."""
    if depth == 0:
        return rng.choice(
            ["a", "b", "k", "é", "ab", "1", " ", "'", r"\b", r"\w", r"\W", r"\d", "[ks1]"]
        )
    part = [expression_of(rng, depth - 1) for _ in range(3)]
    shapes = ["{0}{1}", "{0}{1}{2}", "(?:{0}|{1}|{2})", "(?:{0}|{1}){2}", "(?:{0})?{1}", "(?:{0})?"]
    shapes += ["(?:{0})*{1}", "(?:{0})+", "(?:{0} ){{0,2}}{1}", "(?:{0}){{2,3}}{1}", "{0}.{1}"]
    shapes += ["(?!{0}){1}", "(?<!a){0}{1}", "[^{{a}}]{0}", r"\b(?:{0}|{1})\b", "^{0}", "({0})\\1"]
    return rng.choice(shapes).format(*part)


def test_what_matches_any_expression_passes() -> None:
    """Expressions and texts by chance, letters beyond ASCII among them; hundreds match."""
    rng = random.Random(5)
    matched = held_back = 0
    for _ in range(600):
        expression = expression_of(rng)
        try:
            pattern = re.compile(f"(?:{expression})")
        except re.error:
            continue  # a reference to a group of another number
        sieve = Sieve({"t": {"g": (expression,)}}, pays_from=0)
        for _ in range(6):
            text = "".join(rng.choices(LETTERS, k=rng.randint(1, 9)))
            passed = bool(sieve.patterns_for("t", text))
            found = spans(pattern, text)
            assert passed or not found, (expression, text)
            assert sieve.counts("t", text).get("g", 0) == len(found), (expression, text)
            matched += bool(found)
            held_back += not passed
    assert matched > 400
    assert held_back > 400


@pytest.mark.parametrize("code", languages_called())
def test_a_word_is_of_the_groups_that_match_it(code: str) -> None:
    """What is looked up and what is matched are together the group's expressions."""
    language = load_language(code)
    groups = [group for table in language.phrases.values() for group in table.values()]
    told = " ".join(one for group in groups for one in group)
    words = {word + end for word in re.findall(r"[\w'-]+", told.lower()) for end in ("", "s", "ed")}
    for table, of_words in OF_WORDS.items():
        expressions = language.phrases[table]
        patterns = {group: compiled(expressions[group]) for group in of_words or expressions}
        kinds = language.kinds_of_words(table)
        for word in words:
            matched = {group for group, one in patterns.items() if one.fullmatch(word)}
            assert kinds[word] == matched, (table, word)


def test_what_is_kept_of_words_has_an_end() -> None:
    kinds = ENGLISH.kinds_of_words("actors")
    for number in range(MOST_WORDS + 10):
        assert not kinds[f"qq{number}"]
    assert len(kinds) <= MOST_WORDS
    assert "self" in kinds["i"]
