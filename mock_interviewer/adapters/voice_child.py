"""The voice's own process: reads what to say as JSON on stdin, writes a WAV (or lists), ends.

Nothing else of the program is loaded here, and espeak-ng (GPL-3) is loaded nowhere else.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Sequence


def preload_espeak() -> str | None:
    """Make the wheel's espeak-ng the one that pyttsx3 finds; the driver's name, None elsewhere."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    import espeakng_loader

    os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
    ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
    return "espeak"


def main() -> None:
    """Say one thing into a file."""
    order = json.loads(sys.stdin.buffer.read())
    driver = preload_espeak()

    import pyttsx3

    engine = pyttsx3.init(driver)
    if order.get("list"):
        known = [(v.id, v.name, list(v.languages or [])) for v in engine.getProperty("voices")]
        print(json.dumps(known, default=str))  # noqa: T201
        return
    engine.setProperty("rate", order["rate"])
    there = ((v.id, f"{v.id} {v.name} {v.languages}") for v in engine.getProperty("voices"))
    voice = order["voice"] or first_like(order["wanted"], there)
    if voice:
        engine.setProperty("voice", voice)
    elif not order["any_voice"]:
        raise LookupError("no voice of this machine speaks the language; see 'voices', --voice ID")
    path = order["path"]
    engine.save_to_file(order["text"], path)
    engine.runAndWait()
    as_wav(path)


def first_like(wanted: Sequence[str], known: Iterable[tuple[str, str]]) -> str | None:
    """The id of the first voice whose description an expression fits, the best expression first.

    known: ids with their descriptions.
    """
    voices = list(known)
    for expression in wanted:
        for voice, described in voices:
            if re.search(expression, described, re.IGNORECASE):
                return voice
    return None


def as_wav(path: str) -> None:
    """On macOS the driver writes AIFF whatever the suffix says: make it a WAV."""
    import soundfile

    if soundfile.info(path).format != "WAV":
        samples, rate_hz = soundfile.read(path)
        soundfile.write(path, samples, rate_hz, format="WAV", subtype="PCM_16")


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(1)
