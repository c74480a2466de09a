"""The story bank: past answers as stories, which of them serves a question, and what is missing.

A story is an episode, not an answer: told five times it is one story. Whether an answer tells a
known story is decided by what it is about, the stems of words that few other stories have (names
and nouns, mostly): two tellings of one story share half of them and more, tellings of two stories
hardly a fifth, even from the same trade. Every story is looked up by its words, so that recognising
is linear in the answer and no story is compared with every other.

Which principles a story serves is what it was told for, in shares where that had to be guessed, and
what the person says of it. A question has shares as well; the story that serves it best has the
most in common, then the stronger evidence, then the words of the question in it, and among equals
the one that was used least.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mock_interviewer.core.figures import content_stems, figures_in
from mock_interviewer.core.language import Language
from mock_interviewer.core.rubric import Noted, Principle, Signal
from mock_interviewer.core.transcript import Unit, straight

SAME_SHARE = 0.4
"""So much of the shorter telling's own words the other one has too (measured: 0.50 and more in
honest retellings, 0.38 at most between different stories of the corpus)."""
FEWEST_SHARED = 5
MOST_WORDS = 120
"""A story is known by so many of its words, the first ones told."""
MOST_NUMBERS = 8
_SHORT_WORD = 3
LEAST_SHARE = 0.15
"""A principle below this share is not one that the story serves."""
FURTHER_SHARE = 0.8
"""Of a principle that the person names second or later."""
_EVIDENCE_WORTH, _WORD_WORTH, _USED_COST = 0.1, 0.02, 0.005
_MOST_WORDS_COUNTED = 5

QUOTES: Mapping[Principle, tuple[Signal | Noted, ...]] = {
    Principle.OWNERSHIP: (Signal.SCOPE_BOUNDARY, Signal.SELF_INITIATED, Signal.INDIVIDUAL_ACTIONS),
    Principle.DELIVER_RESULTS: (Signal.METRIC_DELTA, Signal.BUSINESS_IMPACT),
    Principle.LEARN_AND_BE_CURIOUS: (Signal.SYSTEMIC_INSIGHT, Signal.SPECIFIC_INSIGHT),
    Principle.FAILURE_AND_RESILIENCE: (Noted.OWNED_FAILURE, Signal.SPECIFIC_INSIGHT),
    Principle.CONFLICT: (Noted.TRADE_OFF, Noted.INFLUENCE, Signal.INDIVIDUAL_ACTIONS),
    Principle.LEADERSHIP: (Noted.INFLUENCE, Signal.SECOND_ORDER_EFFECT),
    Principle.TEAMWORK: (Signal.GOAL_STATED, Signal.INDIVIDUAL_ACTIONS),
    Principle.CUSTOMER_FOCUS: (Signal.STAKES, Signal.BUSINESS_IMPACT),
}
"""What a principle leads with and emphasises (rubric: Principles); the first that is there is why a
story serves it."""


@dataclass(frozen=True)
class Telling:
    """One answer of a session, as the bank needs it."""

    name: str
    """SESSION/ANSWER."""
    serves: Mapping[Principle, float]
    """How likely it was told for each principle."""
    numbers: tuple[str, ...]
    quotes: Mapping[str, str]
    """Signal, or what is noted, to the words that show it."""
    words: tuple[str, ...]
    """Stems it is known by."""
    title: str
    question: str = ""


@dataclass(frozen=True)
class Story:
    """One episode that a person can tell."""

    id: str
    title: str
    serves: Mapping[Principle, float]
    numbers: tuple[str, ...]
    quotes: Mapping[str, str]
    words: tuple[str, ...]
    told: tuple[str, ...] = ()
    """The answers in which it was told, SESSION/ANSWER, oldest first."""

    @property
    def principles(self) -> tuple[Principle, ...]:
        """Those it serves, the one it serves best first."""
        fitting = [p for p in Principle if self.serves.get(p, 0.0) >= LEAST_SHARE]
        return tuple(sorted(fitting, key=lambda p: -self.serves[p]))

    def quote_for(self, principle: Principle) -> tuple[str, str] | None:
        """What speaks for the story under a principle: the signal's id and the words."""
        named = [each.value for each in QUOTES[principle]]
        for name in (*named, *self.quotes):
            if name in self.quotes:
                return name, self.quotes[name]
        return None


@dataclass(frozen=True)
class Bank:
    """The stories that the person confirmed, and the answers that shall not be suggested again."""

    stories: tuple[Story, ...] = ()
    passed_over: tuple[str, ...] = ()


def words_of(text: str, language: Language) -> tuple[str, ...]:
    """The stems a story is known by, each once, in the order told."""
    return tuple(dict.fromkeys(content_stems(text, language)))[:MOST_WORDS]


def numbers_of(units: Sequence[Unit], language: Language) -> tuple[str, ...]:
    """The figures with what they count, each once; a bare 'one' counts nothing.

    What they count is the word right behind, if it says anything by itself ('nine people', but not
    'nine were'); a figure that is told again without it is not told twice.
    """
    found: list[tuple[str, str]] = []
    for figure in figures_in(units, language):
        if figure.value == 1:
            continue
        behind = figure.unit.text[figure.end :].split(" ")[:2]
        noun = behind[1].strip(".,;:!?") if behind[0] == "" and len(behind) > 1 else ""
        is_noun = len(noun) > _SHORT_WORD and noun.isalpha() and figure.measure != ""
        found.append((figure.text, noun if is_noun else ""))
    named = {text.lower() for text, noun in found if noun}
    told = [
        f"{text.lower()} {noun}" if noun else text
        for text, noun in found
        if noun or text.lower() not in named
    ]
    return tuple(dict.fromkeys(told))[:MOST_NUMBERS]


def title_of(text: str, language: Language) -> str:
    """A title to begin with: the three words that the telling comes back to most.

    A person knows a better one; this one is recognised.
    """
    spoken: dict[str, str] = {}
    for word in straight(text).split():
        bare = word.strip(".,;:!?\"'()")
        for found in content_stems(bare, language)[:1]:
            spoken.setdefault(found, bare)
    counted = Counter(content_stems(text, language))
    first_said = {found: place for place, found in enumerate(spoken)}
    best = sorted(first_said, key=lambda found: (-counted[found], first_said[found]))
    named = [spoken[found] for found in best if not spoken[found][0].isdigit()][:3]
    title = ", ".join(named) or "A story"
    return title[0].upper() + title[1:]


class Recogniser:
    """Finds the story that words belong to."""

    def __init__(self) -> None:
        self._places: dict[str, list[int]] = {}
        self._lengths: list[int] = []

    def add(self, words: Sequence[str]) -> int:
        """One story more, by its number."""
        number = len(self._lengths)
        for word in set(words):
            self._places.setdefault(word, []).append(number)
        self._lengths.append(len(set(words)))
        return number

    def find(self, words: Sequence[str]) -> int | None:
        """The number of the story that these words tell; None for a new one."""
        heard = set(words)
        shared = Counter(n for word in heard for n in self._places.get(word, ()))
        enough = [n for n, many in shared.items() if many >= FEWEST_SHARED]
        best = max(enough, key=lambda n: (self._share(shared[n], n, len(heard)), -n), default=None)
        if best is None:
            return None
        return best if self._share(shared[best], best, len(heard)) >= SAME_SHARE else None

    def _share(self, shared: int, number: int, heard: int) -> float:
        return shared / max(1, min(self._lengths[number], heard))


@dataclass(frozen=True)
class Shelf:
    """The bank and what the sessions add to it."""

    stories: tuple[Story, ...]
    """Confirmed, with every answer that tells them."""
    suggested: tuple[Story, ...]
    """Found in answers and not confirmed yet, the one told last first."""


def shelved(bank: Bank, tellings: Iterable[Telling]) -> Shelf:
    """Every telling put to its story; oldest first. Linear in the words told."""
    recogniser = Recogniser()
    found = [replace(story, told=()) for story in bank.stories]
    for story in found:
        recogniser.add(story.words)
    known = {name: n for n, story in enumerate(bank.stories) for name in story.told}
    passed = set(bank.passed_over)
    for telling in tellings:
        number = known[telling.name] if telling.name in known else recogniser.find(telling.words)
        if number is None:
            if telling.name in passed:
                continue
            number = recogniser.add(telling.words)
            found.append(_as_story(telling))
        story = found[number]
        if number >= len(bank.stories):
            story = _joined(story, telling)
        found[number] = replace(story, told=(*story.told, telling.name))
    confirmed = len(bank.stories)
    return Shelf(tuple(found[:confirmed]), tuple(reversed(found[confirmed:])))


def _as_story(telling: Telling) -> Story:
    return Story(
        telling.name, telling.title, telling.serves, telling.numbers, telling.quotes, telling.words
    )


def _joined(story: Story, telling: Telling) -> Story:
    """A suggested story with what another telling adds."""
    serves = {p: max(story.serves.get(p, 0.0), telling.serves.get(p, 0.0)) for p in Principle}
    return replace(story, serves=serves, quotes={**telling.quotes, **story.quotes})


def served_as(principles: Sequence[Principle]) -> dict[Principle, float]:
    """Shares for principles that the person names, the most important first."""
    return {p: 1.0 if n == 0 else FURTHER_SHARE for n, p in enumerate(principles)}


# ---- which story for a question


@dataclass(frozen=True)
class Served:
    """How well a story serves a question, and why."""

    story: Story
    principle: Principle
    """The one under which it serves it."""
    score: float
    signal: str | None = None
    quote: str | None = None
    shared_words: tuple[str, ...] = field(default=())


def best_for(
    question: str,
    shares: Mapping[Principle, float],
    stories: Sequence[Story],
    language: Language,
) -> tuple[Served, ...]:
    """The stories that serve a question, best first; those that serve none of it left out."""
    asked = set(content_stems(question, language))
    found = []
    for story in stories:
        common = {p: shares.get(p, 0.0) * story.serves.get(p, 0.0) for p in Principle}
        principle = max(Principle, key=lambda p: common[p])
        if story.serves.get(principle, 0.0) < LEAST_SHARE or not common[principle]:
            continue
        signal, quote = story.quote_for(principle) or (None, None)
        shared = tuple(word for word in story.words if word in asked)[:_MOST_WORDS_COUNTED]
        leads = any(each.value in story.quotes for each in QUOTES[principle])
        score = (
            sum(common.values())
            + _EVIDENCE_WORTH * leads * common[principle]
            + _WORD_WORTH * len(shared)
            - _USED_COST * min(len(story.told), 10)
        )
        found.append(Served(story, principle, score, signal, quote, shared))
    return tuple(sorted(found, key=lambda served: -served.score))


def coverage_of(stories: Sequence[Story]) -> dict[Principle, tuple[Story, ...]]:
    """Principle -> the stories that serve it, best first; an empty one is a hole."""
    return {
        p: tuple(sorted((s for s in stories if p in s.principles), key=lambda s: -s.serves[p]))
        for p in Principle
    }
