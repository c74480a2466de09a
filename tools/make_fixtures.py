"""Make the recorded answers of the demo from `audio_fixtures/script.toml`, with flite's voices.

Every sentence is spoken alone and flite tells when each of its phones ends, so the times are exact.
Beside each FLAC (16 kHz, mono) stands a JSON with the true words, times and stages. Needs the
program `flite` (Debian package of that name); nothing else does.

    make_fixtures.py            make everything again
    make_fixtures.py --hear     and print how many words pocketsphinx gets wrong
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "audio_fixtures"
RATE_HZ = 16000
PAUSE = "pau"
END_S = 0.8
"""Silence after the last word."""


def utterance(text: str, voice: str) -> tuple[np.ndarray, list[tuple[str, float]]]:
    """A sentence as samples, and its phones, each with its end in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "s.wav")
        run = subprocess.run(
            ["flite", "-voice", voice, "-psdur", "-t", text, "-o", str(path)],
            capture_output=True,
            text=True,
            check=True,
        )
        samples, rate_hz = soundfile.read(path, dtype="float32")
    assert rate_hz == RATE_HZ
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    first, end = max(0, loud[0] - 160), min(len(samples), loud[-1] + 800)
    phones = [
        (phone, min(float(at), end / RATE_HZ) - first / RATE_HZ)
        for phone, at in re.findall(r"([\w@]+):(\d+\.\d+)", run.stdout)
    ]
    return samples[first:end], phones


def spoken(text: str, voice: str) -> tuple[np.ndarray, list[tuple[float, float]]]:
    """A sentence as samples, and the start and end of every word in seconds."""
    samples, phones = utterance(text, voice)
    return samples, word_times(text, voice, phones)


@cache
def phones_alone(word: str, voice: str) -> tuple[str, ...]:
    """The phones of a word spoken by itself."""
    return tuple(phone for phone, _ in utterance(word, voice)[1] if phone != PAUSE)


def word_times(text: str, voice: str, phones: list[tuple[str, float]]) -> list[tuple[float, float]]:
    """When each word is spoken: its phones are found again among those of the sentence.

    A sentence changes a few of them ('the', 'and'), so the two rows are laid beside each other as
    well as they go; a word ends where the next one begins, or with its last phone before a pause.
    """
    ends = [end_s for _, end_s in phones]
    starts = [0.0, *ends[:-1]]
    heard = [k for k, (phone, _) in enumerate(phones) if phone != PAUSE]
    alone = [phones_alone(word, voice) for word in text.split()]
    row = [phone for word in alone for phone in word]
    firsts = list(accumulate((len(word) for word in alone), initial=0))
    place = _beside(row, [phones[k][0] for k in heard])
    times = []
    for first, following in pairwise(firsts):
        at = heard[place[first]]
        last = heard[max(place[first], place[following] - 1)] if following < len(row) else heard[-1]
        times.append((starts[at], ends[last]))
    return times


def _beside(row: list[str], heard: list[str]) -> list[int]:
    """For each phone of the row, which of those heard stands for it, in order."""
    cost = np.zeros((len(row) + 1, len(heard) + 1))
    cost[:, 0], cost[0] = range(len(row) + 1), range(len(heard) + 1)
    for i, phone in enumerate(row, start=1):
        for j, other in enumerate(heard, start=1):
            cost[i, j] = min(
                cost[i - 1, j - 1] + (phone != other), cost[i - 1, j] + 1, cost[i, j - 1] + 1
            )
    place, j = [0] * len(row), len(heard)
    for i in range(len(row), 0, -1):
        while j > 1 and cost[i, j] == cost[i, j - 1] + 1:
            j -= 1
        place[i - 1] = max(0, j - 1)
        if j and cost[i, j] == cost[i - 1, j - 1] + (row[i - 1] != heard[j - 1]):
            j -= 1
    return place


def recorded(units: list[dict[str, Any]], voice: str) -> tuple[np.ndarray, list[dict[str, Any]]]:
    """All units one after the other, and each with its words and their times."""
    pieces, told = [], []
    at = 0
    for unit in units:
        silence = np.zeros(int(unit["pause_s"] * RATE_HZ), np.float32)
        samples, times = spoken(unit["text"], voice)
        at += len(silence)
        start_s = at / RATE_HZ
        words = [
            {"word": word, "start_s": round(start_s + a, 3), "end_s": round(start_s + b, 3)}
            for word, (a, b) in zip(unit["text"].split(), times, strict=True)
        ]
        told.append(
            {
                "stage": unit["stage"],
                "text": unit["text"],
                "start_s": round(start_s, 3),
                "end_s": round(start_s + len(samples) / RATE_HZ, 3),
                "words": words,
            }
        )
        pieces += [silence, samples]
        at += len(samples)
    pieces.append(np.zeros(int(END_S * RATE_HZ), np.float32))
    return np.concatenate(pieces), told


def write(name: str, units: list[dict[str, Any]], told: dict[str, Any]) -> float:
    """One recording with its truth beside it; its length in seconds."""
    samples, spoken_units = recorded(units, told["voice"])
    soundfile.write(FOLDER / f"{name}.flac", samples, RATE_HZ, subtype="PCM_16")
    duration_s = len(samples) / RATE_HZ
    truth = told | {"duration_s": round(duration_s, 3), "units": spoken_units}
    (FOLDER / f"{name}.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
    return duration_s


def main() -> None:
    """Make all recordings and the list that the demo reads."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hear", action="store_true")
    options = parser.parse_args()
    script = tomllib.loads((FOLDER / "script.toml").read_text(encoding="utf-8"))
    version = subprocess.run(["flite", "--version"], capture_output=True, text=True, check=False)
    maker = re.search(r"flite-[\d.]+\S*", version.stdout + version.stderr)
    interviews, total_s = [], 0.0
    for interview in script["interview"]:
        about = {
            "voice": interview["voice"],
            "made_with": maker[0] if maker else "flite",
            "interview": interview["question"],
        }
        name = interview["name"]
        total_s += write(name, interview["units"], about)
        replies = []
        for number, units in enumerate(interview["replies"], start=1):
            replies.append(f"{name}-reply{number}.flac")
            total_s += write(f"{name}-reply{number}", units, about)
        interviews.append(
            {
                "question": interview["question"],
                "answer": f"{name}.flac",
                "replies": replies,
            }
        )
    demo = {"interviews": interviews}
    (FOLDER / "demo.json").write_text(json.dumps(demo, indent=1) + "\n", encoding="utf-8")
    print(f"{total_s:.1f} s in all")
    if options.hear:
        hear()


def hear() -> None:
    """What pocketsphinx makes of every recording."""
    sys.path.insert(0, str(ROOT))
    from mock_interviewer.adapters.audio_files import read_audio
    from mock_interviewer.adapters.sphinx import SphinxTranscriber

    for path in sorted(FOLDER.glob("*.flac")):
        truth = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        told = [
            re.sub(r"[^\w']", "", w["word"].lower()) for u in truth["units"] for w in u["words"]
        ]
        heard = [word.text for word in SphinxTranscriber().transcribe(read_audio(path)).words]
        print(f"{path.stem}: {errors(told, heard)} of {len(told)} words wrong\n  {' '.join(heard)}")


def errors(told: list[str], heard: list[str]) -> int:
    """Words put in, left out or changed (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for at, word in enumerate(told, start=1):
        above, row[0] = row[0], at
        for column, other in enumerate(heard, start=1):
            best = min(row[column] + 1, row[column - 1] + 1, above + (word != other))
            above, row[column] = row[column], best
    return row[-1]


if __name__ == "__main__":
    main()
