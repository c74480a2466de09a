"""Which language is spoken, and its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_interviewer.adapters.language_files import language_called, load_language
from mock_interviewer.settings import USUAL_LANGUAGE, Home, uses_encoder

if TYPE_CHECKING:
    from mock_interviewer.core.language import Language
    from mock_interviewer.core.probing import ProbePhrases
    from mock_interviewer.core.transcript import Transcript
    from mock_interviewer.core.wording import Wording


def language_of(home: Home | None, transcript: Transcript | None = None) -> Language:
    """The language of the command line, else the transcript's if it is here, else the usual one."""
    asked = home.asked_language if home else None
    claimed = language_called(transcript.language) if transcript and transcript.language else None
    code = asked or claimed or (home.usual_language if home else USUAL_LANGUAGE)
    return load_language(code, with_encoder=uses_encoder(home))


def words_of_page() -> Wording:
    """The words of the page and the file, whose sentences are all in one language."""
    from mock_interviewer.core.wording import Wording

    return Wording(load_language(USUAL_LANGUAGE))


def default_question(home: Home, transcript: Transcript | None = None) -> str:
    """What was asked, in the language spoken, where nobody says."""
    return language_of(home, transcript).sentence("about", "default_question")


def probe_phrases(language: str) -> ProbePhrases:
    """The wordings of probes."""
    from mock_interviewer.adapters.probe_phrases import load_probe_phrases

    return load_probe_phrases(language)
