"""What counts as a quantity in speech, as any recogniser may write it."""

from __future__ import annotations

import itertools

import pytest

from mock_interviewer.adapters.language_files import load_language
from mock_interviewer.core.quantities import quantities_in

ENGLISH = load_language("en")


def said(text: str) -> list[str]:
    return [text[start:end] for start, end in quantities_in(text, ENGLISH)]


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("it took forty minutes less", "forty"),
        ("we lost a third of the stock", "third"),
        ("twice as many came", "twice"),
        ("errors fell by nine percent", "nine percent"),
        ("of the tents that flew, none were ours", "none"),
        ("zero complaints since", "zero"),
        ("it halved in a week", "halved"),
        ("it cost $3,000 a night", "$3,000"),
        ("conversion rose 1.1%", "1.1%"),
        ("two hundred and six letters", "two hundred and six"),
        ("not one of them came back", "not one"),
        ("it went from nine to one", "to one"),
        ("we lost row fourteen hundred times over", "fourteen hundred"),
        ("every row lost nine in ten", "nine"),
    ],
)
def test_what_can_be_counted_is_a_quantity(text: str, quantity: str) -> None:
    assert quantity in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "one of the nurses was pleased",
        "first of all it looked better",
        "the one thing I changed was the lamp",
        "that was back in 2019",
        "it opened on the 14th",
        "we met in room four",
        "it hangs by row fourteen now",
        "they keep it in drawer 211",
        "she lives at number sixty two",
        "she turned eighty seven over it",
        "the smallest is six years old",
        "at half past the bell rang",
        "the two of us went home happy",
        "everybody was much happier with it",
    ],
)
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert said(text) == []


def test_spans_are_in_order_and_do_not_overlap() -> None:
    spans = quantities_in("from 12 to 4 in six weeks, a saving of £900 or nine percent", ENGLISH)
    assert len(spans) == 5
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))


def test_capitals_make_no_difference() -> None:
    text = "Forty of them, and Twice that by June."
    assert quantities_in(text, ENGLISH) == quantities_in(text.lower(), ENGLISH)
