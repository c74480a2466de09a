"""A second opinion on what a unit tells: a small encoder, run with onnxruntime.

A folder holds `encoder.onnx` (int64 `input_ids`, `attention_mask`, `token_type_ids` of shape
(units, tokens) to `logits`, float32 (units, columns), as COLUMNS has them) and its
`tokenizer.json`. A unit is put as a pair, the words before it and its own words, and the words
after it follow as more of the first kind.
Nothing is loaded before the first question, and nothing uses the network.

Units are run one at a time. The 8-bit network scales its numbers by the largest of a batch, so in a
batch a unit's answer would depend on its neighbours, and the same answer could be judged in two
ways; alone it takes a fifth longer and is always the same.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from mock_interviewer.core.rubric import Disqualifier, Signal, Stage, Weakness

if TYPE_CHECKING:
    from mock_interviewer.core.second_opinion import Asked, Opinion

NETWORK, TOKENIZER = "encoder.onnx", "tokenizer.json"
COLUMNS = (
    *Disqualifier,
    *(signal for signal in Signal if signal is not Signal.INDIVIDUAL_ACTIONS),
    Weakness.VAGUE_RESULT,
    Weakness.GENERIC_REFLECTION,
    *Stage,
)
"""The labels and stages that the network was asked about, in the order of its answers."""
MOST_TOKENS, MOST_TOKENS_AFTER = 56, 18
MOST_KEPT = 6000
"""Opinions, about 4 MB: a part named anew asks about one unit, not about all again."""
Put = Callable[["Asked"], "Opinion"]


class SentenceEncoder:
    """The encoder of a folder; one that cannot be used answers nothing and says why."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self._folder, self._threads = folder, threads
        self._lock = Lock()
        self._kept: OrderedDict[Asked, Opinion] = OrderedDict()
        self._put: Put | None = None
        self._why: str | None = None

    @property
    def fault(self) -> str | None:
        """Why nothing is answered, as far as it has turned out; None where all is well."""
        return self._why

    def opinions(self, units: Sequence[Asked]) -> Sequence[Opinion] | None:
        """One for each unit, in order; None from the first failure on."""
        with self._lock:
            if self._why is not None:
                return None
            try:
                return [self._opinion(unit) for unit in units]
            except _Fault as fault:
                self._why = str(fault)
            except Exception as error:  # neither library's errors share a base class
                self._why = f"it fails ({type(error).__name__})"
            return None

    def _opinion(self, unit: Asked) -> Opinion:
        told = self._kept.get(unit)
        if told is None:
            self._put = self._put or _loaded(self._folder, self._threads)
            told = self._kept[unit] = self._put(unit)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(unit)
        return told


class _Fault(Exception):
    """Why the encoder cannot be loaded."""


def _loaded(folder: Path, threads: int) -> Put:
    """The network behind its tokenizer. Raises _Fault."""
    for name in (NETWORK, TOKENIZER):
        if not (folder / name).is_file():
            raise _Fault(f"{folder / name} is missing")
    try:
        import numpy as np
        import onnxruntime
        import tokenizers
    except ImportError as error:
        raise _Fault(f"{error.name or 'onnxruntime'} cannot be loaded") from None
    try:
        tokenizer = tokenizers.Tokenizer.from_file(str(folder / TOKENIZER))
        session = onnxruntime.InferenceSession(
            str(folder / NETWORK),
            _options(onnxruntime, threads),
            providers=["CPUExecutionProvider"],
        )
    except Exception:  # neither library's errors share a base class
        raise _Fault(f"the files in {folder} are broken") from None
    tokenizer.enable_truncation(MOST_TOKENS)
    tokenizer.no_padding()

    def put(unit: Asked) -> Opinion:
        told = tokenizer.encode(unit.before, unit.text)
        after = _after(tokenizer, unit.after)
        ids = np.array([told.ids + after], np.int64)
        (logits,) = session.run(
            ["logits"],
            {
                "input_ids": ids,
                "attention_mask": np.ones_like(ids),
                "token_type_ids": np.array([told.type_ids + [0] * len(after)], np.int64),
            },
        )
        if not np.isfinite(logits).all():
            raise _Fault("its answers are no numbers")
        return dict(zip(COLUMNS, map(float, logits[0]), strict=True))

    return put


def _after(tokenizer: Any, text: str) -> list[int]:
    """What follows the pair: the words after the unit, and the end of a sequence."""
    if not text:
        return []
    words = tokenizer.encode(text, add_special_tokens=False).ids[:MOST_TOKENS_AFTER]
    return [*words, tokenizer.token_to_id("[SEP]")]


def _options(onnxruntime: Any, threads: int) -> Any:
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return options
