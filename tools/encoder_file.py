"""What ships of the small encoder: `encoder.onnx` and `tokenizer.json`.

Needs PyTorch and onnx.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path

import torch
from encoder_network import Encoder


def write_tokenizer(folder: Path, out: Path) -> None:
    """The whole vocabulary: what was learned with it must be asked with it."""
    told = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    told["truncation"] = told["padding"] = None
    out.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def write_model(encoder: Encoder, out: Path) -> None:
    """The encoder as ONNX with 7-bit weights, and word vectors of 8 bits."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    small = copy.deepcopy(encoder).eval()
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
