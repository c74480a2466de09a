"""The voice's own process: reads what to say as JSON on stdin, writes a WAV (or lists), ends.

Nothing else of the program is loaded here, and espeak-ng (GPL-3) is loaded nowhere else.
"""

from __future__ import annotations

import json
import os
import sys


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
    if order["voice"]:
        engine.setProperty("voice", order["voice"])
    elif driver == "espeak":
        engine.setProperty("voice", "gmw/en-us")
    path = order["path"]
    engine.save_to_file(order["text"], path)
    engine.runAndWait()
    as_wav(path)


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
