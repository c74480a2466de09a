"""Figures in an answer: what they are worth, what they count, and whether they are meant roughly.

'41 letters', 'forty one letters' and 'about forty letters' are one thing said three times. So a
figure has a value where its words have one, a measure (a sign, or the stem of the word behind it),
and what its clause is about. One value is a rounding of another if it is what remains when the
other is cut to fewer digits, or if it is said roughly and lies within a tenth of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import floor, isclose, log10

from mock_interviewer.core.language import Language
from mock_interviewer.core.quantities import quantities_in
from mock_interviewer.core.searching import stem, stems_of
from mock_interviewer.core.transcript import Unit

TABLE = "numbers"
ROUGH_SHARE = 0.1
"""So far from the exact value a rough one may lie."""
_CLAUSE_END = re.compile(r"[,;:.]\s|\s(?:and|but|so|then|because|y|pero|porque)\s")
_SIGN = re.compile(r"[$€£¥%]|per ?cent|por cien(?:to)?", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_PERCENT = "%"
_BESIDE = 2
"""So many figures before and after one stand beside it."""
_BEGUN = re.compile(r"\b(?:one|a) point $|\bun[oa]? (?:punto|coma) $")
_AND_A_HALF = re.compile(r" (?:and a half|y medi[oa])\b", re.IGNORECASE)
_POINTS = ("point", "punto", "coma")


@dataclass(frozen=True)
class Figure:
    """One quantity of an answer."""

    text: str
    value: float | None
    """None where its words have none that can be told: '2:35'."""
    span: tuple[float, float] | None
    """From the lower to the higher value of 'seven eight', 'six to seven' said as one."""
    measure: str
    """'$', '%', or the stem of the word behind the figure; empty where that counts nothing."""
    is_rough: bool
    unit: Unit
    end: int
    """Where it ends among the unit's characters."""
    about: frozenset[str]
    """Stems of its clause that tell this clause from others."""
    clause: frozenset[str]
    """All stems of its clause, the figure's own left out."""
    near: frozenset[str]
    """Stems that tell its sentence and the two around it from others."""
    beside: frozenset[tuple[float | str, str]] = frozenset()
    """What the figures before and after it are worth."""

    @property
    def key(self) -> tuple[float | str, str]:
        """The same for the same quantity, however it is said.

        Four per cent are not four doctors; other measures go by several names.
        """
        sign = "" if self.measure.isalpha() else self.measure
        return (self.text.lower() if self.value is None else self.value), sign


def figures_in(units: Sequence[Unit], language: Language) -> Iterator[Figure]:
    """The figures of some units, in order."""
    found = list(_figures_alone(units, language))
    for place, figure in enumerate(found):
        others = (*found[max(0, place - _BESIDE) : place], *found[place + 1 : place + 1 + _BESIDE])
        yield replace(figure, beside=frozenset(other.key for other in others))


def _figures_alone(units: Sequence[Unit], language: Language) -> Iterator[Figure]:
    stems = [frozenset(content_stems(unit.text, language)) for unit in units]
    for place, unit in enumerate(units):
        near = frozenset[str]().union(*stems[max(0, place - 1) : place + 2])
        for start, end in _joined(quantities_in(unit.text, language), unit.text, language):
            text = unit.text[start:end].strip(" .,;:")
            before, after = unit.text[:start], unit.text[end:]
            behind = _WORD.findall(after[:40].lower())[:1] if after[:1] in " -" else []
            sign = _SIGN.search(unit.text[max(0, start - 1) : end + 10].lower().split(",")[0])
            marked = _SIGN.search(text) or (sign if sign and after.lstrip()[:1] in "%p" else None)
            noun = _noun_of(behind[0], language) if behind else ""
            around = _CLAUSE_END.split(before)[-1] + " " + _CLAUSE_END.split(after)[0]
            is_rough = bool(
                language.pattern(TABLE, "roughly").search(before)
                or language.pattern(TABLE, "roughly_after").search(after)
            )
            measure = _measure_of_sign(marked[0]) if marked else noun
            clause = frozenset(stems_of(around))
            about = frozenset(content_stems(around, language))
            whole = _BEGUN.search(before)  # 'one point' before 'eight million'
            text = (whole[0] + text if whole else text).strip()
            value, span = value_of(text, language), span_of(text, language)
            end = start + len(unit.text[start:end].rstrip(" .,;:"))
            yield Figure(text, value, span, measure, is_rough, unit, end, about, clause, near)


def _joined(
    spans: Iterable[tuple[int, int]], text: str, language: Language
) -> Iterator[tuple[int, int]]:
    """The quantities of a text, those that are said as one put together.

    'one thousand', 'one hundred' and 'forty' in a row are one figure: each is smaller than the last
    scale before it, and nothing but 'and' stands between.
    """
    held: tuple[int, int] | None = None
    for start, end in spans:
        if held and _goes_on(text[slice(*held)], text[held[1] : start], text[start:end], language):
            held = (held[0], end)
            continue
        if held:
            yield held
        held = (start, end)
    if held:
        yield held


def _goes_on(first: str, between: str, then: str, language: Language) -> bool:
    words = _words_of(first, language)
    scale = _worth(language, "scales").get(words[-1]) if words else None
    value = value_of(then, language)
    joins = between.strip(" -").lower() in ("", "and", "y")
    return bool(joins and scale and value and 1 <= value < scale and not _DIGITS.search(then))


def _noun_of(word: str, language: Language) -> str:
    """The stem of what is counted, of one person and of many the same; empty for no noun."""
    if word in _no_measure(language):
        return ""
    return stem(_singulars(language).get(word, word))


def _measure_of_sign(sign: str) -> str:
    return _PERCENT if sign.lower()[0] in "p%" else sign


def content_stems(text: str, language: Language) -> list[str]:
    """The stems of a text's words that tell one story from another, in order, repeated."""
    common = _common(language)
    return [found for found in stems_of(text) if len(found) > 2 and found not in common]


def is_common(word: str, language: Language) -> bool:
    """True if the word says nothing of which story is told."""
    return stem(word) in _common(language)


@lru_cache(maxsize=8)
def _common(language: Language) -> frozenset[str]:
    return frozenset(language.phrases.get("common", {}).get("stems", ()))


@lru_cache(maxsize=8)
def _no_measure(language: Language) -> frozenset[str]:
    return frozenset(language.phrases[TABLE]["no_measure"])


@lru_cache(maxsize=8)
def _singulars(language: Language) -> dict[str, str]:
    pairs = (entry.split() for entry in language.phrases[TABLE]["singulars"])
    return {many: one for many, one in pairs}


@lru_cache(maxsize=8)
def _worth(language: Language, group: str) -> dict[str, float]:
    pairs = (entry.split() for entry in language.phrases[TABLE][group])
    return {word: float(value) for word, value in pairs}


def value_of(text: str, language: Language) -> float | None:
    """What a quantity is worth; None where that cannot be told.

    '$8,000', 'eight thousand' and '8k' are 8000.
    """
    if re.search(r"\d[:/]\d", text):
        return None
    units, scales = _worth(language, "units"), _worth(language, "scales")
    total, part, last, seen, decimals = 0.0, 0.0, 0.0, False, 0
    for word in _words_of(text, language):
        value = _float(word) if word[0].isdigit() else units.get(word)
        if word in _POINTS:
            decimals = 1
        elif word in scales:
            part = (part or 1.0) * scales[word]
            if scales[word] >= 1000:
                total, part = total + part, 0.0
            last, seen, decimals = scales[word], True, 0
        elif value is not None and decimals and value < 10:
            part, seen, decimals = part + value * 10.0**-decimals, True, decimals + 1
        elif value is not None:
            if seen and part and value >= last and last < 100:
                return None  # 'seven eight': two figures in a row
            part, last, seen = part + value, value, True
    return total + part if seen else None


def _words_of(text: str, language: Language) -> list[str]:
    """The words of a figure, digits apart from signs; 'and a half' is ' point 5'."""
    text = _AND_A_HALF.sub(" point 5", text)
    plain = _DIGITS.sub(lambda m: f" {_number(m[0], language)} ", text.lower().replace("-", " "))
    return plain.replace("$", " ").replace("%", " ").split()


def span_of(text: str, language: Language) -> tuple[float, float] | None:
    """What lies between two figures said in a row, the lower first; None for anything else."""
    units = _worth(language, "units")
    values = [
        value
        for word in _words_of(text, language)
        if (value := _float(word) if word[0].isdigit() else units.get(word)) is not None
    ]
    if len(values) == 2 and values[0] < values[1] and value_of(text, language) is None:
        return values[0], values[1]
    return None


def _number(digits: str, language: Language) -> str:
    decimal = language.phrases[TABLE]["decimal"][0]
    other = "," if decimal == "." else "."
    plain = digits.replace(other, "")
    if decimal == "," and re.fullmatch(r"\d+,\d{3}", plain):
        plain = plain.replace(",", "")
    return plain.replace(",", ".")


def _float(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None


def is_rounding(one: Figure, other: Figure) -> bool:
    """True if one of the two values is the other one told roughly."""
    for here, there in ((one, other), (other, one)):
        if here.span and there.value is not None:
            return here.span[0] <= there.value <= here.span[1]
    if one.value is None or other.value is None:
        return False
    return _rounds(one.value, other) or _rounds(other.value, one)


def _rounds(exact: float, told: Figure) -> bool:
    if not exact or not told.value:
        return False
    if told.is_rough and abs(exact - told.value) <= ROUGH_SHARE * abs(exact):
        return True
    size = floor(log10(abs(exact)))
    for digits in (1, 2):
        step = 10.0 ** (size - digits + 1)
        if step >= 10 and isclose(round(exact / step) * step, told.value):
            return True
    return False
