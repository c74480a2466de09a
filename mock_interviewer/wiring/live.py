"""What a live answer needs: who writes along, how it may end, tones, the spoken interruption."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mock_interviewer.adapters import practice_log
from mock_interviewer.errors import NoVoice
from mock_interviewer.settings import Home

if TYPE_CHECKING:
    from mock_interviewer.adapters.stepping_in import SteppingIn
    from mock_interviewer.adapters.tones import Tones
    from mock_interviewer.app.listening import Attention
    from mock_interviewer.core.transcript import Word
    from mock_interviewer.ports import Speaker, Transcriber

PAUSES_KIND = "pauses"
LONGEST_PAUSE_S = 3600.0


def is_seconds(value: object) -> bool:
    """True for seconds that a pause may last, whatever a hand wrote into the file."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return 0 <= value <= LONGEST_PAUSE_S


def follower(
    transcriber: Transcriber, meanwhile: Callable[[tuple[Word, ...]], object] | None = None
) -> SteppingIn:
    """Somebody who writes along with the same recogniser, in a process of its own.

    meanwhile: what is done with the words so far while the last ones are written down.
    """
    from mock_interviewer.adapters.following import Follower
    from mock_interviewer.adapters.stepping_in import SteppingIn
    from mock_interviewer.adapters.whisper import WhisperTranscriber

    rough = {"engine": "sphinx"}, "pocketsphinx en-us"

    if isinstance(transcriber, WhisperTranscriber):
        order = {
            "engine": "whisper",
            "folder": str(transcriber.folder),
            "label": transcriber.label,
            "language": transcriber.language.code,
        }
        knows_rough = bool(transcriber.language.phrases["about"]["sphinx"])
        return SteppingIn(
            Follower(order, transcriber.name, meanwhile=meanwhile),
            (lambda: Follower(*rough)) if knows_rough else None,
        )
    return SteppingIn(Follower(rough[0], transcriber.name, meanwhile=meanwhile), None)


def apart(transcriber: Transcriber) -> Transcriber:
    """The same recogniser where nothing that it does can harm the interview.

    pocketsphinx already hears in processes of its own.
    """
    from mock_interviewer.adapters.stepping_in import ApartTranscriber
    from mock_interviewer.adapters.whisper import WhisperTranscriber

    if not isinstance(transcriber, WhisperTranscriber):
        return transcriber
    return ApartTranscriber(transcriber, lambda: follower(transcriber))


def attention(
    home: Home,
    *,
    is_auto: bool = False,
    patience_s: float | None = None,
    is_coached: bool = False,
    interrupts: bool = False,
) -> Attention:
    """What is watched for; patience_s None takes what was learned from earlier answers."""
    from mock_interviewer.app.listening import Attention
    from mock_interviewer.core.endpointing import EndingRules, learned_patience_s
    from mock_interviewer.wiring import keep_practice, language_of

    if patience_s is None:
        known = practice_log.entries(home.path, PAUSES_KIND)
        p95_s = [float(e["p95_s"]) for e in known if is_seconds(e.get("p95_s"))]
        patience_s = learned_patience_s(p95_s)

    def learn(p95_s: float) -> None:
        keep_practice(home, PAUSES_KIND, {"p95_s": round(p95_s, 2)})

    rules = EndingRules(is_auto, patience_s)
    return Attention(language_of(home), rules, is_coached, interrupts, learn)


def drill_folder(home: Home) -> Path:
    """A fresh folder for a drill's recording. Raises HomeFault."""
    import secrets

    from mock_interviewer.adapters.session_folders import SessionFolders
    from mock_interviewer.wiring import SystemClock, keep_private

    keep_private()
    folders = SessionFolders(home.drills)
    return folders.begin(SystemClock().now_at(), secrets.randbits(20)).path


def tones(device: str | None) -> Tones:
    """Short tones on a loudspeaker by name."""
    from mock_interviewer.adapters.tones import Tones

    return Tones(device)


def interruption(home: Home, voice: Speaker | None) -> Path | None:
    """The spoken interruption; None where nothing can speak."""
    if voice is None:
        return None
    from mock_interviewer.wiring import language_of

    language = language_of(home)
    path = home.voice_cache / f"interruption-{language.code}.wav"
    try:
        home.voice_cache.mkdir(parents=True, mode=0o700, exist_ok=True)
        voice.speak_to_file(language.sentence("live", "interrupt"), path)
    except (NoVoice, OSError):
        return None
    return path
