"""Who does what in a stretch of speech: the speaker, a group with the speaker in it, or others.

No parser is needed for this much. In English the words I, we, he, she and they are always subjects,
so each of them opens a clause with a known actor; an office ('the vendor', 'their engineer') opens
one where a past-tense verb follows; 'was moved' has no actor at all; and a bare verb after 'and'
keeps the actor before it. In Spanish the verb itself says who acts ('llamé', 'llamaron'), and the
pronoun is mostly left out; the groups `self_verbs`, `group_verbs` and `others_verbs` hold such
forms, and are empty where verbs do not tell. What a clause is about is read from its verb: a deed,
a message that only routes the matter to somebody ('I flagged it'), or neither (thinking, being,
wishing). Fillers, stammers and repeated words are taken out first, so they cost nobody anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from mock_interviewer.core.language import Language

TABLE = "actors"
FARTHEST_SUBJECT = 7
"""Words before a verb in which its subject is looked for."""
UNHEARD = "_"
"""Stands for a word that was not heard well: it can be no part of any evidence."""


class Actor(StrEnum):
    """Whose doing a clause is."""

    SELF = "i"
    GROUP = "we"
    OTHERS = "they"
    NOBODY = "passive"


class Act(StrEnum):
    """What sort of doing it is."""

    DEED = "deed"
    ROUTING = "routing"
    OTHER = "other"


@dataclass(frozen=True)
class Clause:
    """One actor with one verb: the plain words [first, end) of the speech."""

    actor: Actor
    act: Act
    verb: str
    first: int
    end: int


@dataclass(frozen=True)
class PlainSpeech:
    """Words in lower case without punctuation, fillers, stammers and repetitions."""

    words: tuple[str, ...]
    at: tuple[int, ...]
    """Which of the words as spoken each of them is."""
    opens: tuple[bool, ...]
    """Whether a clause may begin here: after a comma, a stop, or a joining word."""
    named: tuple[bool, ...] = ()
    """Whether it was written with a capital, as names are."""

    @cached_property
    def text(self) -> str:
        return " ".join(self.words)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The spoken words [first, end) that the characters [start, end) of `text` touch."""
        text = self.text
        first = text.count(" ", 0, start)
        last = text.count(" ", 0, max(start, end - 1))
        return self.at[first], self.at[last] + 1


@lru_cache(maxsize=8192)
def _plain(spoken: str, language: Language) -> tuple[str, bool]:
    """A word in lower case without its punctuation and stammer, and whether a stop follows it."""
    lower = spoken.lower().replace("\u2019", "'")
    word = language.pattern("letters", "no_letter").sub("", lower).strip("'-")
    word = language.pattern("letters", "stammer").sub("", word)
    return word, bool(re.search(r"[.,;:!?]$", spoken))


def plain_speech(
    words: Sequence[str], language: Language, clear: Sequence[bool] | None = None
) -> PlainSpeech:
    """The spoken words without their noise; those not clear become UNHEARD."""
    return _plain_speech(tuple(words), language, None if clear is None else tuple(clear))


@lru_cache(maxsize=1024)
def _plain_speech(
    words: tuple[str, ...], language: Language, clear: tuple[bool, ...] | None
) -> PlainSpeech:
    """A unit is read by several detectors; its noise is taken out once."""
    plain: list[str] = []
    at: list[int] = []
    opens: list[bool] = []
    named: list[bool] = []
    fresh = True
    for index, spoken in enumerate(words):
        word, stop = _plain(spoken, language)
        if not word or language.is_word_of(TABLE, "fillers", word):
            fresh = fresh or stop
            continue
        if clear is not None and not clear[index]:
            word = UNHEARD
        if plain and plain[-1] == word and word != UNHEARD:
            at[-1] = index  # 'the the': the last one counts
            fresh = stop
            continue
        joins = language.is_word_of(TABLE, "joining_words", word)
        plain.append(word)
        at.append(index)
        opens.append(fresh or joins)
        named.append(spoken[:1].isupper() and len(word) > 2)
        fresh = stop or joins
    return PlainSpeech(tuple(plain), tuple(at), tuple(opens), tuple(named))


def clauses_of(speech: PlainSpeech, language: Language) -> list[Clause]:
    """Every clause with an actor, in order; a clause ends where the next one begins."""
    starts = list(_clause_starts(speech, language))
    ends = [start[0] for start in starts[1:]] + [len(speech.words)] * bool(starts)
    return [
        Clause(actor, act, verb, first, end)
        for (first, actor, act, verb), end in zip(starts, ends, strict=True)
    ]


def _clause_starts(
    speech: PlainSpeech, language: Language
) -> Iterator[tuple[int, Actor, Act, str]]:
    words = speech.words

    def is_a(group: str, word: str) -> bool:
        return language.is_word_of(TABLE, group, word)

    keeps_actor = not language.phrases[TABLE]["self_verbs"]  # else a bare verb has its own
    actor: Actor | None = None
    index = 0
    while index < len(words):
        named = _actor_named(speech, index, language)
        if named is not None:
            verb_at, act = _verb_after(words, index, language)
            actor = named
            yield index, named, act, words[verb_at] if verb_at < len(words) else ""
            index = max(verb_at, index) + 1
            continue
        in_verb = _actor_in_verb(words[index], language)
        if in_verb is not None:
            verb_at, act = _verb_here(words, index, language)
            actor = in_verb
            yield index, in_verb, act, words[verb_at]
            index = verb_at + 1
            continue
        if is_a("passive_forms", words[index]):
            done_at = _skip(words, index + 1, "adverbs", language)
            is_done = done_at < len(words) and is_a("past_verbs", words[done_at])
            if is_done and not is_a("never_passive", words[done_at]):
                actor = None
                yield index, Actor.NOBODY, _act_of(words[done_at], language), words[done_at]
                index = done_at
        elif actor and keeps_actor and speech.opens[index] and is_a("past_verbs", words[index]):
            yield index, actor, _act_of(words[index], language), words[index]
        index += 1


def _actor_named(speech: PlainSpeech, index: int, language: Language) -> Actor | None:
    """Whom a word names as the subject of what follows; None if it is no subject."""
    words, word = speech.words, speech.words[index]
    for actor, group in ((Actor.SELF, "self"), (Actor.GROUP, "group"), (Actor.OTHERS, "others")):
        if language.is_word_of(TABLE, group, word):
            return actor
    is_name = speech.named[index] and not language.is_word_of(TABLE, "never_names", word)
    if is_name or language.is_word_of(TABLE, "offices", word):
        verb_at = _skip(words, index + 1, "adverbs", language)
        if verb_at < len(words) and language.is_word_of(TABLE, "past_verbs", words[verb_at]):
            return Actor.OTHERS
    return None


def _actor_in_verb(word: str, language: Language) -> Actor | None:
    """Whom a verb names by its own form; None for any other word."""
    for actor, group in (
        (Actor.SELF, "self_verbs"),
        (Actor.GROUP, "group_verbs"),
        (Actor.OTHERS, "others_verbs"),
    ):
        if language.is_word_of(TABLE, group, word):
            return actor
    return None


def _verb_here(words: Sequence[str], index: int, language: Language) -> tuple[int, Act]:
    """The verb that a clause without a subject opens with, unless what stands before denies it."""
    before = index - 1
    while before >= 0 and language.is_word_of(TABLE, "before_the_verb", words[before]):
        before -= 1
    if before >= 0 and language.is_word_of(TABLE, "not_done", words[before]):
        return index, Act.OTHER
    return _verb_at(words, index, language)


def _skip(words: Sequence[str], index: int, group: str, language: Language) -> int:
    while index < len(words) and language.is_word_of(TABLE, group, words[index]):
        index += 1
    return index


def _verb_after(words: Sequence[str], subject: int, language: Language) -> tuple[int, Act]:
    """Where the subject's verb is, and what sort of act it makes."""

    def is_a(group: str, word: str) -> bool:
        return language.is_word_of(TABLE, group, word)

    index = _skip(words, subject + 1, "before_the_verb", language)
    if index < len(words) and any(is_a("having", word) for word in words[subject + 1 : index]):
        completed = is_a("past_verbs", words[index])
        if not completed and not is_a("be_forms", words[index]):
            return index, Act.OTHER  # 'we had one': possession, not a deed
    if index >= len(words) or is_a("not_done", words[index]):
        return index, Act.OTHER
    return _verb_at(words, index, language, after_being=is_a("self_being", words[subject]))


def _verb_at(
    words: Sequence[str], index: int, language: Language, *, after_being: bool = False
) -> tuple[int, Act]:
    """The verb that begins at a word ('was moving' is one), and what sort of act it makes."""

    def is_a(group: str, word: str) -> bool:
        return language.is_word_of(TABLE, group, word)

    if is_a("be_forms", words[index]) or after_being:
        doing = (
            _skip(words, index + 1, "adverbs", language)
            if is_a("be_forms", words[index])
            else index
        )
        if doing < len(words) and is_a("doing_forms", words[doing]):
            return doing, _act_of(words[doing], language)
        return index, Act.OTHER
    get_passive = (
        is_a("get_forms", words[index])
        and index + 1 < len(words)
        and is_a("past_verbs", words[index + 1])
    )
    return index, Act.OTHER if get_passive else _act_of(words[index], language)


def _act_of(verb: str, language: Language) -> Act:
    if verb == UNHEARD or language.is_word_of(TABLE, "stative_verbs", verb):
        return Act.OTHER
    if language.is_word_of(TABLE, "routing_verbs", verb):
        return Act.ROUTING
    return Act.DEED


def deeds_of_unnamed(speech: PlainSpeech, language: Language) -> int:
    """Deeds whose doer is a noun: 'the council's firm filmed it', 'one of the women amended it'.

    Whatever was done in a past tense and, as far back as its clause begins, by no pronoun. Things
    do deeds too ('the pump tripped'), so this is a hint to be weighed and no clause of its own.
    """
    words = speech.words

    def is_a(group: str, word: str) -> bool:
        return language.is_word_of(TABLE, group, word)

    def has_pronoun(verb: int) -> bool:
        for at in range(verb - 1, max(-1, verb - FARTHEST_SUBJECT - 1), -1):
            word = words[at]
            if any(is_a(group, word) for group in ("self", "group", "others", "be_forms")):
                return True
            if is_a("no_doer_after", word):
                return True
            if speech.opens[at] and at < verb - 1:
                return False
        return False

    return sum(
        _act_of(word, language) is Act.DEED
        and at > 0
        and is_a("past_verbs", word)
        and not is_a("joining_words", words[at - 1])
        and not has_pronoun(at)
        for at, word in enumerate(words)
    )
