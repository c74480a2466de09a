"""Comments on answers that ask for no story: 'tell me about yourself', 'why us'.

Such an answer has no stages and gets no verdict (rubric: The gate). What helps is what any listener
would say: was it too long or too short, is there anything in it that can be checked, does it point
to this job, does it speak of them. How long each is given are this project's defaults. What was not
heard clearly is never held against anybody: then only what was found is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mock_interviewer.core.hearing import is_well_heard
from mock_interviewer.core.language import Language
from mock_interviewer.core.quantities import quantities_in
from mock_interviewer.core.rubric import Kind
from mock_interviewer.core.transcript import (
    Finding,
    StagedUnit,
    Transcript,
    finding,
    heard_clearly,
)

TABLE = "remarks"
ROOM_S: Mapping[Kind, tuple[float, float]] = {
    Kind.SELF_INTRODUCTION: (60, 120),
    Kind.MOTIVATION: (30, 90),
}
"""How many seconds such an answer is given, from and to."""
SHORT_SHARE = 0.5
"""Under half of what it is given at least, an answer is short."""
TYPED_WORDS_PER_MINUTE = 150
"""How fast typed words would be spoken."""
CLOSING_SHARE = 0.3
"""The last part of the answer, where it should point ahead."""


@dataclass(frozen=True)
class Remark:
    """One comment."""

    id: str
    """Its sentence in the language's table: 'too_long', 'names_them'."""
    text: str
    is_praise: bool
    quote: Finding | None = None
    """The candidate's words it rests on; None where it rests on an absence or a time."""


def remarks_on(
    kind: Kind, transcript: Transcript, units: Sequence[StagedUnit], language: Language
) -> tuple[Remark, ...]:
    """The comments on an answer of this kind; none on a story, or where nothing was said."""
    if kind is Kind.STORY or not units:
        return ()
    is_clear = is_well_heard(transcript)
    found = _remarks(kind, transcript, units, language)
    return tuple(remark for remark in found if is_clear or remark.quote or remark.is_praise)


def _remarks(
    kind: Kind, transcript: Transcript, units: Sequence[StagedUnit], language: Language
) -> Iterator[Remark]:
    def remark(name: str, *, is_praise: bool, quote: Finding | None = None) -> Remark:
        return Remark(name, language.sentence(TABLE, name), is_praise, quote)

    yield _on_length(kind, transcript, language)
    counted = _first(transcript, units, language, None)
    if counted:
        yield remark("countable", is_praise=True, quote=counted)
    else:
        yield remark("nothing_countable", is_praise=False)
    if kind is Kind.MOTIVATION:
        them = _first(transcript, units, language, "about_them")
        name = "names_them" if them else "leaves_them_out"
        yield remark(name, is_praise=them is not None, quote=them)
    else:
        opens_at = round(len(transcript.words) * (1 - CLOSING_SHARE))
        closing = [unit for unit in units if unit.end_word > opens_at]
        ahead = _first(transcript, closing[::-1], language, "towards_this_job")
        name = "ends_ahead" if ahead else "ends_behind"
        yield remark(name, is_praise=ahead is not None, quote=ahead)


def _on_length(kind: Kind, transcript: Transcript, language: Language) -> Remark:
    least_s, most_s = ROOM_S[kind]
    took_s = spoken_s(transcript)
    name = "fits"
    if took_s > most_s:
        name = "too_long"
    elif took_s < SHORT_SHARE * least_s:
        name = "too_short"
    length = f"{int(took_s) // 60}:{int(took_s) % 60:02d}"
    if not transcript.is_timed:
        length = f"About {length} when spoken"
    room = language.sentence(TABLE, f"{kind.value}_room")
    text = language.sentence(TABLE, name).format(length=length, room=room)
    return Remark(name, text, is_praise=name == "fits")


def spoken_s(transcript: Transcript) -> float:
    """From the first word to the last; for typed words an estimate."""
    words = transcript.words
    first_s, end_s = words[0].start_s, words[-1].end_s
    if first_s is None or end_s is None:
        return 60 * len(words) / TYPED_WORDS_PER_MINUTE
    return end_s - first_s


def _first(
    transcript: Transcript, units: Sequence[StagedUnit], language: Language, group: str | None
) -> Finding | None:
    """The first unit that was heard clearly and has a phrase of the group, or a quantity."""
    for unit in units:
        has_it = (
            bool(quantities_in(unit.text, language))
            if group is None
            else language.pattern(TABLE, group).search(unit.text) is not None
        )
        if has_it and heard_clearly(transcript, unit.first_word, unit.end_word):
            return finding(transcript, unit.first_word, unit.end_word)
    return None
