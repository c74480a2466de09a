"""What rough recognition costs: labelled answers, spoken by flite and written down by pocketsphinx.

    python benchmarks/heard.py --answers 20

Prints for each answer the share of words that are wrong, the share of speaking time in its right
stage, and every disqualifier that its label does not have (there should be none). Needs flite.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "corpus"), str(ROOT / "tools")]

from labelled import labelled_answers  # noqa: E402
from make_fixtures import RATE_HZ, errors, recorded  # noqa: E402
from score import plain, stage_at  # noqa: E402

from mock_interviewer.adapters.language_files import load_language  # noqa: E402
from mock_interviewer.adapters.probe_phrases import load_probe_phrases  # noqa: E402
from mock_interviewer.adapters.sphinx import SphinxTranscriber  # noqa: E402
from mock_interviewer.adapters.vad import speech_regions  # noqa: E402
from mock_interviewer.app.replay import Wanted, question_for  # noqa: E402
from mock_interviewer.core.analysis import analyse  # noqa: E402
from mock_interviewer.core.question import AskedAs  # noqa: E402
from mock_interviewer.core.report import analysis_json  # noqa: E402
from mock_interviewer.core.rubric import Disqualifier, Level, Principle  # noqa: E402
from mock_interviewer.ports import Audio  # noqa: E402

VOICES = ("rms", "slt", "awb")


def heard(answer: dict[str, Any], voice: str) -> tuple[float, float, list[str]]:
    """Share of wrong words, stage accuracy, and disqualifiers that the label does not have."""
    units = [unit | {"pause_s": 0.5} for unit in answer["units"]]
    samples, told = recorded(units, voice)
    audio = Audio(samples.astype(np.float32), RATE_HZ)
    transcript = SphinxTranscriber().transcribe(audio)
    asked = AskedAs(
        answer["question"],
        Principle(answer["principle"]),
        Level(answer["level"]),
        frozenset(Disqualifier(each) for each in answer["counts"]),
    )
    analysis = analyse(
        transcript,
        question_for(asked, Wanted(), lambda _: None),
        load_language(with_encoder=True),
        load_probe_phrases(),
        speech_regions=speech_regions(audio),
    )
    got = analysis_json(analysis, answer["id"])
    words = [(word, unit["stage"]) for unit in told for word in unit["words"]]
    right = total = 0.0
    for word, stage in words:
        length = word["end_s"] - word["start_s"]
        total += length
        right += length * (stage_at(got["units"], (word["start_s"] + word["end_s"]) / 2) == stage)
    true = plain(" ".join(unit["text"] for unit in units)).split()
    wrong = errors(true, plain(transcript.text).split()) / len(true)
    invented = [d for d, found in got["disqualifiers"].items() if found]
    invented = [d for d in invented if not answer["disqualifiers"][d]]
    return wrong, right / total, invented


def main() -> None:
    """Speak, hear, compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=20)
    options = parser.parse_args()
    rows = []
    for number, answer in enumerate(labelled_answers(["dev"])[: options.answers]):
        voice = VOICES[number % len(VOICES)]
        wrong, accuracy, invented = heard(answer, voice)
        rows.append((wrong, accuracy, len(invented)))
        told = ", ".join(invented) or "none"
        print(
            f"{answer['id']} {voice}: {wrong:.2f} of the words wrong, stages {accuracy:.2f}, ",
            end="",
        )
        print(f"invented: {told}", flush=True)
    wrong, accuracy, invented_count = np.mean(rows, axis=0)
    print(
        f"mean: {wrong:.3f} wrong, stages {accuracy:.3f}, {invented_count * len(rows):.0f} invented"
    )


if __name__ == "__main__":
    main()
