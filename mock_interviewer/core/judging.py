"""The judgement of a reply to a probe (rubric: A reply to a probe).

A probe asks for one thing, so a reply is read for that thing. First who did it: a reply that tells
of others starting, deciding or doing the key work is weak for that, whatever else it says. Then
what was asked for: a figure and how it was got, a lesson that only this story could teach, a reason
of one's own. Then whether there is anything in it that could be checked: people, things, numbers,
deeds in the past. The evidence is the sentence that decided, word for word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from mock_interviewer.core.actors import Act, Actor
from mock_interviewer.core.agency import said_outright
from mock_interviewer.core.language import Language
from mock_interviewer.core.rubric import (
    Disqualifier,
    Quality,
    Signal,
    Stage,
    Tests,
    Verdict,
    Weakness,
    Why,
)
from mock_interviewer.core.second_opinion import asked_about, judges_along
from mock_interviewer.core.telltales import TABLE as AGENCY
from mock_interviewer.core.telltales import Reading, features, probability, read
from mock_interviewer.core.weight_rows import total_of

TABLE = "replies"
TABLE_TOLD = "replies_encoder"
"""The weights where an encoder judges along."""
STAGE_READ = {
    Disqualifier.ASSIGNED: Stage.TASK,
    Disqualifier.HANDED_OFF: Stage.ACTION,
    Disqualifier.COLLECTIVE_DECISION: Stage.ACTION,
}
"""As what part of a story a reply's sentence is read for each disqualifier."""
LABELS_TOLD: tuple[str, ...] = (
    *Disqualifier,
    Signal.METRIC_DELTA,
    Signal.SPECIFIC_INSIGHT,
    Weakness.VAGUE_RESULT,
    Weakness.GENERIC_REFLECTION,
)
"""What the encoder is asked about a reply's sentences."""


@dataclass(frozen=True)
class ReplyToJudge:
    """A reply with what it was a reply to."""

    id: str | int
    story: str
    probe: str
    tests: Tests | None
    """What the probe is after; None where nobody says."""
    reply: str
    counts: frozenset[Disqualifier] = frozenset()
    """The disqualifiers that the question counts."""


@dataclass(frozen=True)
class Judgement:
    """How one reply stands."""

    quality: Quality
    why: Why
    evidence: str | None
    """Exact words of the reply; None where there are none to show."""
    rescores: str
    """'no_hire' if the reply reveals a disqualifier that the question counts, else 'none'."""


@dataclass(frozen=True)
class Sentence:
    """A sentence of the reply as it stands there, and what it shows."""

    text: str
    reading: Reading
    disqualifiers: Mapping[Disqualifier, float]
    """The detectors' probabilities."""
    told: Mapping[str, float]
    """The encoder's log odds of each label that it was asked about; empty without one."""
    concrete: float
    """How much of it could be checked: numbers, names, own deeds, days, things."""
    groups: frozenset[str]
    """The groups of expressions of `replies.toml` that it matches."""


def judge_reply(
    *,
    story: str,
    probe: str,
    tests: Tests | None,
    reply: str,
    counts: frozenset[Disqualifier],
    language: Language,
) -> Judgement:
    """Judge one reply; story and probe say what it was a reply to."""
    sentences = read_reply(reply, language)
    if not sentences:
        return Judgement(Quality.WEAK, Why.TOO_SHORT, None, "none")
    chances = chances_of(reply_features(story, probe, tests, sentences, language), language)
    likely = frozenset(each for each in counts if chances[Why(each.value)] >= OUTRIGHT_FROM)
    revealed = _revealed_outright(sentences, likely, language)
    if revealed is not None:
        return revealed
    why = max(chances, key=lambda name: chances[name])
    rescores = "no_hire" if why.value in {d.value for d in counts} else "none"
    quality = Quality.STRONG if why is Why.SOLID else Quality.WEAK
    return Judgement(quality, why, evidence_for(why, sentences, tests), rescores)


OUTRIGHT_FROM = 2.5
"""So likely by its weights a disqualifier must be for its own words to decide: 'my manager asked me
to' may be about anything.
"""


def _revealed_outright(
    sentences: Sequence[Sentence], likely: frozenset[Disqualifier], language: Language
) -> Judgement | None:
    """The judgement of a reply that tells one of these disqualifiers in so many words."""
    for disqualifier in (each for each in Disqualifier if each in likely):
        for sentence in sentences:
            if said_outright(sentence.text, disqualifier, language):
                why = Why(disqualifier.value)
                return Judgement(Quality.WEAK, why, sentence.text, Verdict.NO_HIRE.value)
    return None


LONGEST_SENTENCE_WORDS = 28
TOLD = "_told"
TOLD_SCALE = 3.0
"""Brings the encoder's log odds to the size of the other features."""


def sentences_of(reply: str, language: Language) -> list[str]:
    """The reply's sentences, exactly as they stand in it; what runs on is cut at joining words."""
    parts: list[str] = []
    for sentence in re.findall(r"\S.*?(?:[.!?]+(?=\s|$)|$)", reply.strip(), re.DOTALL):
        parts.extend(_cut(sentence, language))
    return parts


def _cut(sentence: str, language: Language) -> list[str]:
    """A sentence in pieces of at most about LONGEST_SENTENCE_WORDS words."""
    words = list(re.finditer(r"\S+", sentence))
    if len(words) <= LONGEST_SENTENCE_WORDS:
        return [sentence]
    joining = language.pattern("actors", "joining_words")
    cuts = [k for k in range(6, len(words) - 5) if joining.fullmatch(words[k].group().lower())]
    middle = len(words) // 2
    at = min(cuts, key=lambda k: abs(k - middle)) if cuts else middle
    here = words[at].start()
    return _cut(sentence[:here].rstrip(), language) + _cut(sentence[here:], language)


def read_reply(reply: str, language: Language) -> list[Sentence]:
    """Every sentence of a reply, read."""
    texts = sentences_of(reply, language)
    words = [text.split() for text in texts]
    clear = [[True] * len(spoken) for spoken in words]
    chances: list[dict[Disqualifier, float]] = [{} for _ in texts]
    readings: list[Reading] = []
    for disqualifier, stage in STAGE_READ.items():
        readings = [read(w, c, stage, language) for w, c in zip(words, clear, strict=True)]
        weights = language.weights[AGENCY][disqualifier.value]
        for index, found in enumerate(features(readings)):
            chances[index][disqualifier] = probability(total_of(found, weights))
    told = told_of(texts, language)
    return [
        Sentence(
            text, reading, chance, said, concreteness(reading, text, language), groups_in(reading)
        )
        for text, reading, chance, said in zip(texts, readings, chances, told, strict=True)
    ]


def told_of(texts: Sequence[str], language: Language) -> list[dict[str, float]]:
    """What the encoder says of every sentence."""
    told: list[dict[str, float]] = [{} for _ in texts]
    reader = language.encoder
    if reader is None or not judges_along(language):
        return told
    asked = asked_about(texts)
    for index, opinion in enumerate(reader.opinions(asked) or ()):
        told[index] = {label: opinion[label] for label in LABELS_TOLD}
    return told


def groups_in(reading: Reading) -> frozenset[str]:
    """The reply groups that the sentence matches."""
    language, text = reading.language, reading.speech.text
    return frozenset(
        group for group in language.phrases[TABLE] if language.pattern(TABLE, group).search(text)
    )


def concreteness(reading: Reading, text: str, language: Language) -> float:
    """How many things in a sentence could be checked: numbers, names, days, places, own deeds."""
    words = reading.speech.text
    numbers = len(language.pattern(TABLE, "figures").findall(words))
    times = len(language.pattern(TABLE, "times").findall(words))
    names = len(language.pattern("letters", "name").findall(text))
    return reading.own_deeds + 0.7 * numbers + 0.7 * times + 0.7 * names


def reply_features(
    story: str,
    probe: str,
    tests: Tests | None,
    sentences: Sequence[Sentence],
    language: Language,
) -> dict[str, float]:
    """What a reply shows, as numbers of about 0 to 3 each."""
    count = sum(len(s.reading.speech.words) for s in sentences)
    found: dict[str, float] = {"bias": 1.0, f"tests={tests.value if tests else 'none'}": 1.0}
    for disqualifier in Disqualifier:
        chance = max(s.disqualifiers[disqualifier] for s in sentences)
        found[disqualifier.value] = 2 * chance
        threshold = language.weights[AGENCY][disqualifier.value]["threshold"]
        found[f"{disqualifier.value}_found"] = 2.0 * (chance >= threshold)
    for label in {label for s in sentences for label in s.told}:
        most = max(s.told[label] for s in sentences)
        found[label + TOLD] = max(-2.0, min(2.0, most / TOLD_SCALE))
    groups = language.phrases[TABLE]
    for group in groups:
        hits = sum(group in s.groups for s in sentences)
        found[f"has_{group}"] = float(min(hits, 2))
        if tests:
            found[f"{tests.value}:{group}"] = float(min(hits, 2))
    own = sum(s.reading.own_deeds for s in sentences)
    others = sum(s.reading.other_deeds for s in sentences)
    found["length"] = math.log(1 + count) / 2
    found["short"] = float(count < 18)
    found["very_short"] = float(count < 11)
    found["own_deeds"] = min(own, 5) / 2
    found["no_own_deeds"] = float(own == 0)
    found["own_clauses"] = (
        min(sum(c.actor is Actor.SELF for s in sentences for c in s.reading.clauses), 6) / 3
    )
    found["other_deeds"] = min(others, 4) / 2
    found["group_deeds"] = (
        min(sum(s.reading.count(Actor.GROUP, Act.DEED) for s in sentences), 4) / 2
    )
    found["concrete"] = min(sum(s.concrete for s in sentences), 8) / 3
    found["concrete_share"] = min(5.0, 20 * sum(s.concrete for s in sentences) / max(count, 8))
    about = content(f"{story} {probe}", language)
    said = [w for s in sentences for w in content(s.text, language)]
    found["on_topic"] = min(5.0, 10 * sum(w in about for w in said) / max(len(said), 6))
    return found


def content(text: str, language: Language) -> list[str]:
    """A text's content words, roughly stemmed."""
    empty = language.pattern(TABLE, "empty_words")
    words = language.pattern("letters", "long_word").findall(text.lower())
    ending = language.pattern("letters", "ending")
    return [ending.sub("", word)[:7] for word in words if not empty.fullmatch(word)]


def chances_of(found: Mapping[str, float], language: Language) -> dict[Why, float]:
    """The score of every reason, by the learned weights."""
    is_told = TABLE_TOLD in language.weights and any(name.endswith(TOLD) for name in found)
    table = language.weights[TABLE_TOLD if is_told else TABLE]
    return {
        why: sum(table[why.value].get(name, 0.0) * value for name, value in found.items())
        for why in Why
    }


WANTED_GROUPS: Mapping[Tests, frozenset[str]] = MappingProxyType(
    {
        Tests.LEARNING: frozenset({"insight", "reason"}),
        Tests.QUANTIFICATION: frozenset({"method", "figures"}),
        Tests.MOTIVATION: frozenset({"reason"}),
        Tests.INFLUENCE: frozenset({"persuaded"}),
        Tests.DEPTH: frozenset({"method", "insight"}),
    }
)
"""What a good reply to each test is made of, by groups of `replies.toml`."""


def convincing(sentence: Sentence, tests: Tests | None) -> float:
    """How much a sentence does for a good reply: what was asked for, deeds, and substance."""
    wanted = WANTED_GROUPS.get(tests, frozenset()) if tests else frozenset()
    asked_for = 0.7 * len(sentence.groups & wanted)
    substance = 0.1 * min(len(sentence.reading.speech.words), 25)
    deeds = 0.0 if tests is Tests.LEARNING else 0.5 * sentence.reading.own_deeds
    return asked_for + substance + deeds + 0.3 * sentence.concrete


def evidence_for(why: Why, sentences: Sequence[Sentence], tests: Tests | None) -> str | None:
    """The sentence that speaks most for the reason."""
    rank: dict[Why, Callable[[Sentence], float]] = {
        Why.ASSIGNED: lambda s: s.disqualifiers[Disqualifier.ASSIGNED],
        Why.HANDED_OFF: lambda s: s.disqualifiers[Disqualifier.HANDED_OFF],
        Why.COLLECTIVE_DECISION: lambda s: s.disqualifiers[Disqualifier.COLLECTIVE_DECISION],
        Why.GENERIC_REFLECTION: lambda s: 2.0 * ("generic" in s.groups) - 0.2 * s.concrete,
        Why.VAGUE: lambda s: len(s.groups & {"vague", "buzz", "hedged"}) - 0.2 * s.concrete,
        Why.UNQUANTIFIED: lambda s: len(s.groups & {"no_figure", "hedged"}) - 0.2 * s.concrete,
        Why.OFF_TOPIC: lambda s: len(s.reading.speech.words) / 10 - s.reading.own_deeds,
        Why.TOO_SHORT: lambda s: float(len(s.reading.speech.words)),
        Why.SOLID: lambda s: convincing(s, tests),
    }
    return max(sentences, key=rank[why]).text if sentences else None
