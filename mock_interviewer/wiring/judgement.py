"""By what the content of an answer is judged: the readable tables, and the encoder beside them."""

from __future__ import annotations

from mock_interviewer import wiring
from mock_interviewer.settings import ENCODER_VARIABLE, SETTINGS, Home, uses_encoder


def judged_by(home: Home) -> tuple[str, bool]:
    """What judges in the home's language, in a few words, and whether that is as it should be."""
    from mock_interviewer.core.second_opinion import Asked

    if not uses_encoder(home):
        by = f"in {SETTINGS}" if not home.wants_encoder else f"by {ENCODER_VARIABLE}"
        return f"word lists alone; the sentence encoder is turned off {by}", True
    reader = wiring.language_of(home).encoder
    if reader is None:
        return "word lists; there is no sentence encoder for this language", True
    if reader.opinions([Asked("", "I told them and they fixed it.")]) is None:
        return f"word lists alone: the sentence encoder cannot be used, for {reader.fault}", False
    return "word lists that you can read, and a small sentence encoder beside them", True
