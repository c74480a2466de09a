"""The small encoder that learns what each unit of an answer tells.

Five of MiniLM's six layers are kept and learn; the word vectors stay as they are. (With the lower
two layers left as they were too, pairs of an unseen third were right in 0.754 instead of 0.773.) A
unit is read between the last words before it and the first after it, and is asked for each label
whether it shows it, and which stage it serves. Needs PyTorch and transformers.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from encoder_material import LABELS, Asked, Example
from transformers import AutoModel, AutoTokenizer

from mock_interviewer.adapters.sentence_encoder import COLUMNS, MOST_TOKENS, MOST_TOKENS_AFTER
from mock_interviewer.core.rubric import Stage

STAGES = [stage.value for stage in Stage]
LAYERS = 5
EPOCHS, LEARNING_RATE, HEAD_RATE, BATCH = 2, 2e-4, 1e-3, 32
FURTHER_EPOCHS, FURTHER_RATE, FURTHER_HEAD_RATE, FURTHER_SHARE = 2, 1e-4, 3e-4, 0.6
"""What is learned further on its own, and how much that counts in the mean with what was before."""
LABELS_A_UNIT, STAGE_WEIGHT = 5, 0.3
"""About so many labels can be shown in a unit's stage."""
DRAWN = 1 << 25
"""Numbers drawn once for dropout; a batch needs a tenth of them at most."""


class Encoder(torch.nn.Module):
    """Word vectors, layers, and the questions asked of a unit's own words."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        base = AutoModel.from_pretrained(folder, attn_implementation="eager")
        self.embeddings = base.embeddings
        self.layers = torch.nn.ModuleList(base.encoder.layer[:LAYERS])
        _draw_once(self.layers)
        self.head = torch.nn.Linear(2 * base.config.hidden_size, len(COLUMNS))
        self.dropout = torch.nn.Dropout(0.15)

    def tokens(self, unit: Asked) -> Any:
        """As adapters/sentence_encoder.py puts it."""
        before, text, after = unit
        told = self.tokenizer(before, text, truncation=True, max_length=MOST_TOKENS)
        if after:
            words = self.tokenizer(after, add_special_tokens=False)["input_ids"]
            more = [*words[:MOST_TOKENS_AFTER], self.tokenizer.sep_token_id]
            told["input_ids"] = [*told["input_ids"], *more]
            told["attention_mask"] = [1] * len(told["input_ids"])
            told["token_type_ids"] = [*told["token_type_ids"], *[0] * len(more)]
        return told

    def through(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """As transformers writes it; what is written to the file goes this way."""
        far = (1.0 - mask[:, None, None, :].to(torch.float32)) * -1e4
        for layer in self.layers:
            told = layer(hidden, far)
            hidden = told[0] if isinstance(told, tuple) else told
        return hidden

    def asked_of(self, hidden: torch.Tensor, own: torch.Tensor) -> torch.Tensor:
        """Logits (units, columns) from the mean and the maximum over the unit's own words."""
        mine = own.unsqueeze(-1).to(torch.float32)
        mean = (hidden * mine).sum(1) / mine.sum(1).clamp(min=1.0)
        most = (hidden * mine + (1.0 - mine) * -30.0).max(1).values
        return self.head(self.dropout(torch.cat([mean, most], 1).to(torch.float32)))

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        hidden = self.embeddings(input_ids=input_ids, token_type_ids=token_type_ids)
        hidden = self.through(hidden, attention_mask)
        return self.asked_of(hidden, token_type_ids)


class WordVectors(dict[Asked, tuple[torch.Tensor, torch.Tensor]]):
    """A unit -> its word vectors (tokens, width), and which tokens are its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        torch.manual_seed(0)  # all fits begin at the same place, or their mean would be nothing
        self.encoder = Encoder(folder).eval()

    @torch.no_grad()
    def prepare(self, units: Sequence[Asked]) -> None:
        """Compute what is not there yet, units of a like length together."""
        todo = sorted(set(units) - set(self), key=lambda unit: sum(map(len, unit)))
        encoder = self.encoder
        for k in range(0, len(todo), 64):
            batch = todo[k : k + 64]
            padded = encoder.tokenizer.pad(
                [encoder.tokens(unit) for unit in batch], return_tensors="pt"
            )
            mask, types = padded["attention_mask"], padded["token_type_ids"]
            hidden = encoder.embeddings(input_ids=padded["input_ids"], token_type_ids=types)
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


def logits_from(encoder: Encoder, batch: tuple[torch.Tensor, ...]) -> torch.Tensor:
    """Logits of a batch from its word vectors."""
    hidden, mask, own = batch
    hidden = hidden.bfloat16()
    far = ((1.0 - mask[:, None, None, :]) * -1e4).bfloat16()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        for layer in encoder.layers:
            hidden = _through_one(layer, hidden, far)
    return encoder.asked_of(hidden.float(), own)


def _through_one(layer: Any, hidden: torch.Tensor, far: torch.Tensor) -> torch.Tensor:
    """One layer as BertLayer reckons it, in half the time on a processor.

    hidden (units, tokens, width); far: what is added to the attention paid to padding. Only the
    softmax and the norms are reckoned in 32 bits (a step with three layers took 327 ms, now 179).
    """
    attention = layer.attention.self
    shape = (*hidden.shape[:2], attention.num_attention_heads, -1)
    query, key, value = (
        part(hidden).view(shape).transpose(1, 2)
        for part in (attention.query, attention.key, attention.value)
    )
    paid = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2) + far
    paid = torch.softmax(paid, -1, dtype=torch.float32).to(hidden.dtype)
    heard = (attention.dropout(paid) @ value).transpose(1, 2).reshape(hidden.shape)
    after = layer.attention.output
    hidden = after.LayerNorm(hidden + after.dropout(after.dense(heard))).to(hidden.dtype)
    wide = torch.nn.functional.gelu(layer.intermediate.dense(hidden))
    return layer.output.LayerNorm(hidden + layer.output.dropout(layer.output.dense(wide))).to(
        hidden.dtype
    )


class DrawnDropout(torch.nn.Module):
    """Dropout by numbers drawn once, begun at another place each time.

    Drawing anew took a third of a step's time on a processor.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, told: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return told
        kept = _drawn(self.share)
        first = int(torch.randint(kept.numel() - told.numel(), ()))
        return told * kept[first : first + told.numel()].view(told.shape).to(told.dtype)


@cache
def _drawn(share: float) -> torch.Tensor:
    """What numbers are multiplied by: a share of them by nothing, the others by more for it."""
    kept = torch.rand(DRAWN, generator=torch.Generator().manual_seed(0)) >= share
    return kept.bfloat16() / (1.0 - share)


def _draw_once(module: torch.nn.Module) -> None:
    for name, part in list(module.named_children()):
        if isinstance(part, torch.nn.Dropout):
            setattr(module, name, DrawnDropout(part.p))
        else:
            _draw_once(part)


def fit(examples: list[Example], vectors: WordVectors, seed: int) -> Encoder:
    """An encoder whose layers have learned the examples."""
    torch.manual_seed(seed)
    encoder = copy.deepcopy(vectors.encoder)
    _learn(encoder, examples, vectors, seed, EPOCHS, (LEARNING_RATE, HEAD_RATE))
    return encoder


def fit_further(
    encoder: Encoder, examples: list[Example], vectors: WordVectors, seed: int
) -> Encoder:
    """The mean of an encoder and of what it becomes when it learns these examples besides.

    What it had learned is kept so, where further learning alone would lose some of it (Wortsman
    2022, 'robust fine-tuning').
    """
    torch.manual_seed(seed)
    further = copy.deepcopy(encoder)
    _learn(further, examples, vectors, seed, FURTHER_EPOCHS, (FURTHER_RATE, FURTHER_HEAD_RATE))
    return mean_of([encoder, further], [1.0 - FURTHER_SHARE, FURTHER_SHARE])


def _learn(
    encoder: Encoder,
    examples: list[Example],
    vectors: WordVectors,
    seed: int,
    epochs: int,
    rates: tuple[float, float],
) -> None:
    """The layers learn the examples, the head at a rate of its own."""
    vectors.prepare([unit for unit, _, _ in examples])
    rng = random.Random(seed)
    encoder.train()
    taught = list(encoder.layers.parameters())
    optimiser = torch.optim.AdamW(
        [{"params": taught}, {"params": encoder.head.parameters()}], weight_decay=0.05, fused=True
    )
    steps, step = epochs * (len(examples) // BATCH + 1), 0
    for epoch in range(epochs):
        lost = 0.0
        for batch in batches(examples, vectors, rng):
            share = min(1.0, step / (0.1 * steps)) * max(0.02, 1.0 - step / steps)
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * share
            logits = logits_from(encoder, vectors.batch([unit for unit, _, _ in batch]))
            loss = lost_of(logits, batch)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimiser.step()
            lost, step = lost + float(loss.detach()) * len(batch), step + 1
        print(f"epoch {epoch + 1}: loss {lost / len(examples):.4f}", flush=True)
    encoder.eval()


def mean_of(encoders: Sequence[Encoder], shares: Sequence[float] | None = None) -> Encoder:
    """The encoder whose weights are the mean of some that began at the same place.

    It errs less where each of them errs in its own way (Wortsman 2022, 'model soups'). shares: what
    each of them counts, together 1; alike where none are given.
    """
    shares = shares or [1.0 / len(encoders)] * len(encoders)
    mean = copy.deepcopy(encoders[0])
    states = [encoder.state_dict() for encoder in encoders]
    mean.load_state_dict(
        {
            name: sum(s[name] * share for s, share in zip(states, shares, strict=True))
            if value.is_floating_point()
            else value
            for name, value in states[0].items()
        }
    )
    return mean.eval()


def lost_of(logits: torch.Tensor, batch: Sequence[Example]) -> torch.Tensor:
    """How wrong the logits (units, columns) are on the labels and on the stages, for each unit."""
    wanted = torch.zeros(len(batch), len(LABELS))
    weight = torch.zeros(len(batch), len(LABELS))
    for row, (_, _, known) in enumerate(batch):
        for label, (is_shown, counts) in known.items():
            wanted[row, LABELS.index(label)] = float(is_shown)
            weight[row, LABELS.index(label)] = counts
    labels = torch.nn.functional.binary_cross_entropy_with_logits(
        logits[:, : len(LABELS)], wanted, weight, reduction="sum"
    )
    stages = torch.nn.functional.cross_entropy(
        logits[:, len(LABELS) :], torch.tensor([STAGES.index(stage) for _, stage, _ in batch])
    )
    return labels / (LABELS_A_UNIT * len(batch)) + STAGE_WEIGHT * stages


def batches(
    examples: Sequence[Example], vectors: WordVectors, rng: random.Random
) -> Iterator[list[Example]]:
    """All examples in an order of chance, those of a like length together."""
    order = list(examples)
    rng.shuffle(order)
    cut = []
    for k in range(0, len(order), 16 * BATCH):
        part = sorted(order[k : k + 16 * BATCH], key=lambda example: len(vectors[example[0]][0]))
        cut += [part[j : j + BATCH] for j in range(0, len(part), BATCH)]
    rng.shuffle(cut)
    yield from cut


@torch.no_grad()
def logits_of(
    encoder: Encoder, units: Sequence[Asked], vectors: WordVectors
) -> dict[Asked, np.ndarray]:
    """Every unit's logits, one for each of COLUMNS."""
    vectors.prepare(units)
    order = sorted(set(units), key=lambda unit: len(vectors[unit][0]))
    told: dict[Asked, np.ndarray] = {}
    for k in range(0, len(order), 64):
        batch = order[k : k + 64]
        told |= zip(batch, logits_from(encoder, vectors.batch(batch)).numpy(), strict=True)
    return told
