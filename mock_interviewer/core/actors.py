"""Who does what in a stretch of speech: the speaker, a group with the speaker in it, or others.

No parser is needed for this much. In English the words I, we, he, she and they are always subjects,
so each of them opens a clause with a known actor; an office ('the vendor', 'their engineer') opens
one where a past-tense verb follows; 'was moved' has no actor at all; and a bare verb after 'and'
keeps the actor before it. In Spanish the verb itself says who acts ('llamé', 'llamaron'), and the
pronoun is mostly left out; the groups `self_verbs`, `group_verbs` and `others_verbs` hold such
forms, and are empty where verbs do not tell. What a clause is about is read from its verb: a deed,
a message that only routes the matter to somebody ('I flagged it'), or neither (thinking, being,
wishing). What is read is plain speech (core/plain_speech.py), so noise costs nobody anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from mock_interviewer.core.plain_speech import UNHEARD, PlainSpeech

FARTHEST_SUBJECT = 7
"""Words before a verb in which its subject is looked for."""


class Actor(StrEnum):
    """Whose doing a clause is."""

    SELF = "i"
    GROUP = "we"
    OTHERS = "they"
    NOBODY = "passive"


SUBJECTS = {"self": Actor.SELF, "group": Actor.GROUP, "others": Actor.OTHERS}
"""The kinds of words that are always subjects."""
SPEAKING_VERBS = {
    "self_verbs": Actor.SELF,
    "group_verbs": Actor.GROUP,
    "others_verbs": Actor.OTHERS,
}
"""The kinds of verbs that name their actor by their own form."""
OPENING_KINDS = frozenset({*SUBJECTS, *SPEAKING_VERBS, "offices", "passive_forms", "past_verbs"})
"""A clause opens with a word of one of these kinds, or with a name."""


class Act(StrEnum):
    """What sort of doing it is."""

    DEED = "deed"
    ROUTING = "routing"
    OTHER = "other"


class Clause(NamedTuple):
    """One actor with one verb: the plain words [first, end) of the speech."""

    actor: Actor
    act: Act
    verb: str
    first: int
    end: int


def clauses_of(speech: PlainSpeech) -> list[Clause]:
    """Every clause with an actor, in order; a clause ends where the next one begins."""
    starts = list(_clause_starts(speech))
    ends = [start[0] for start in starts[1:]] + [len(speech.words)] * bool(starts)
    return [
        Clause(actor, act, verb, first, end)
        for (first, actor, act, verb), end in zip(starts, ends, strict=True)
    ]


def _clause_starts(speech: PlainSpeech) -> Iterator[tuple[int, Actor, Act, str]]:
    words, kinds = speech.words, speech.kinds
    actor: Actor | None = None
    index = 0
    while index < len(words):
        if OPENING_KINDS.isdisjoint(kinds[index]) and not speech.named[index]:
            index += 1
            continue
        named = _actor_named(speech, index)
        if named is not None:
            verb_at, act = _verb_after(speech, index)
            actor = named
            yield index, named, act, words[verb_at] if verb_at < len(words) else ""
            index = max(verb_at, index) + 1
            continue
        in_verb = _actor_of(SPEAKING_VERBS, kinds[index])
        if in_verb is not None:
            verb_at, act = _verb_here(speech, index)
            actor = in_verb
            yield index, in_verb, act, words[verb_at]
            index = verb_at + 1
            continue
        if "passive_forms" in kinds[index]:
            done_at = _skip(kinds, index + 1, "adverbs")
            is_done = done_at < len(words) and "past_verbs" in kinds[done_at]
            if is_done and "never_passive" not in kinds[done_at]:
                actor = None
                yield index, Actor.NOBODY, _act_of(speech, done_at), words[done_at]
                index = done_at
        elif actor and speech.keeps_actor and speech.opens[index] and "past_verbs" in kinds[index]:
            yield index, actor, _act_of(speech, index), words[index]
        index += 1


def _actor_named(speech: PlainSpeech, index: int) -> Actor | None:
    """Whom a word names as the subject of what follows; None if it is no subject."""
    kinds = speech.kinds
    subject = _actor_of(SUBJECTS, kinds[index])
    if subject is not None:
        return subject
    is_name = speech.named[index] and "never_names" not in kinds[index]
    if is_name or "offices" in kinds[index]:
        verb_at = _skip(kinds, index + 1, "adverbs")
        if verb_at < len(kinds) and "past_verbs" in kinds[verb_at]:
            return Actor.OTHERS
    return None


def _actor_of(actors: Mapping[str, Actor], kinds: frozenset[str]) -> Actor | None:
    """The actor that a word of these kinds names, the first if there are several."""
    for group, actor in actors.items():
        if group in kinds:
            return actor
    return None


def _verb_here(speech: PlainSpeech, index: int) -> tuple[int, Act]:
    """The verb that a clause without a subject opens with, unless what stands before denies it."""
    before = index - 1
    while before >= 0 and "before_the_verb" in speech.kinds[before]:
        before -= 1
    if before >= 0 and "not_done" in speech.kinds[before]:
        return index, Act.OTHER
    return _verb_at(speech, index)


def _skip(kinds: Sequence[frozenset[str]], index: int, group: str) -> int:
    while index < len(kinds) and group in kinds[index]:
        index += 1
    return index


def _verb_after(speech: PlainSpeech, subject: int) -> tuple[int, Act]:
    """Where the subject's verb is, and what sort of act it makes."""
    kinds = speech.kinds
    index = _skip(kinds, subject + 1, "before_the_verb")
    if index < len(kinds) and any("having" in kind for kind in kinds[subject + 1 : index]):
        completed = "past_verbs" in kinds[index]
        if not completed and "be_forms" not in kinds[index]:
            return index, Act.OTHER  # 'we had one': possession, not a deed
    if index >= len(kinds) or "not_done" in kinds[index]:
        return index, Act.OTHER
    return _verb_at(speech, index, after_being="self_being" in kinds[subject])


def _verb_at(speech: PlainSpeech, index: int, *, after_being: bool = False) -> tuple[int, Act]:
    """The verb that begins at a word ('was moving' is one), and what sort of act it makes."""
    kinds = speech.kinds
    if "be_forms" in kinds[index] or after_being:
        doing = _skip(kinds, index + 1, "adverbs") if "be_forms" in kinds[index] else index
        if doing < len(kinds) and "doing_forms" in kinds[doing]:
            return doing, _act_of(speech, doing)
        return index, Act.OTHER
    get_passive = (
        "get_forms" in kinds[index] and index + 1 < len(kinds) and "past_verbs" in kinds[index + 1]
    )
    return index, Act.OTHER if get_passive else _act_of(speech, index)


def _act_of(speech: PlainSpeech, verb: int) -> Act:
    if speech.words[verb] == UNHEARD or "stative_verbs" in speech.kinds[verb]:
        return Act.OTHER
    if "routing_verbs" in speech.kinds[verb]:
        return Act.ROUTING
    return Act.DEED


NAMED_OR_BEING = frozenset({"self", "group", "others", "be_forms"})


def deeds_of_unnamed(speech: PlainSpeech) -> int:
    """Deeds whose doer is a noun: 'the council's firm filmed it', 'one of the women amended it'.

    Whatever was done in a past tense and, as far back as its clause begins, by no pronoun. Things
    do deeds too ('the pump tripped'), so this is a hint to be weighed and no clause of its own.
    """
    kinds = speech.kinds

    def has_pronoun(verb: int) -> bool:
        for at in range(verb - 1, max(-1, verb - FARTHEST_SUBJECT - 1), -1):
            if "no_doer_after" in kinds[at] or not NAMED_OR_BEING.isdisjoint(kinds[at]):
                return True
            if speech.opens[at] and at < verb - 1:
                return False
        return False

    verbs = [at for at, kind in enumerate(kinds) if at and "past_verbs" in kind]
    return sum(
        _act_of(speech, at) is Act.DEED
        and "joining_words" not in kinds[at - 1]
        and not has_pronoun(at)
        for at in verbs
    )
