"""A Whisper of base.en's size with random weights, to measure time and memory with.

    python benchmarks/make_base_model.py DIR

Needs PyTorch, transformers and ctranslate2, which this project does not install. The network has
base.en's form (6 + 6 layers of 512, 8 heads, 72 M parameters, stored as int8) and so its cost, but
has learned nothing. So that every window costs the same, what it writes does not depend on what it
hears: the place of a token decides which it is (each place's embedding points at one token), the
same TEXT in every window, the time at which it closes, and then the end. Without the closing time,
which released Whispers write, faster-whisper would take the text for unfinished and listen again
from its last word on, and random weights put that anywhere: a piece would cost two to five windows
and not one. A piece of six seconds holds about so many tokens; a window of 28 s of real speech
holds more, so transcribing a whole recording at once is flattered.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

TEXT = (
    " Last spring I noticed that the nightly job lost some orders. I wrote a small check and I "
    "fixed it before anybody asked, and losses fell from nine percent to one."
)
TEXT_TOKENS = 50_256
SPECIAL = (
    "<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|translate|>", "<|transcribe|>",
    "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>",
)  # fmt: skip
TIMES = tuple(f"<|{step / 50:.2f}|>" for step in range(1501))
CLOSING_TIME = "<|6.00|>"
END, START = TEXT_TOKENS, TEXT_TOKENS + 1
WIDTH, PLACES = 512, 448
LOUD = 30.0
"""How much a place outweighs everything else in the network."""
CERTAIN = 1.0


def main() -> None:
    """Write the model folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    from ctranslate2.converters import TransformersConverter

    tokenizer = make_tokenizer()
    written = ["Ġ" + word for word in TEXT.split()] + [CLOSING_TIME]
    model = make_network([tokenizer.token_to_id(token) for token in written])
    with tempfile.TemporaryDirectory() as rough:
        model.save_pretrained(rough)
        tokenizer.save(str(Path(rough, "tokenizer.json")))
        _write(Path(rough, "tokenizer_config.json"), {"tokenizer_class": "PreTrainedTokenizerFast"})
        _write(
            Path(rough, "preprocessor_config.json"),
            {
                "feature_extractor_type": "WhisperFeatureExtractor",
                "chunk_length": 30,
                "feature_size": 80,
                "hop_length": 160,
                "n_fft": 400,
                "n_samples": 480_000,
                "nb_max_frames": 3000,
                "sampling_rate": 16_000,
            },
        )
        TransformersConverter(
            rough, copy_files=["tokenizer.json", "preprocessor_config.json"]
        ).convert(str(options.folder), quantization="int8", force=True)
    weights = sum(parameter.numel() for parameter in model.parameters())
    print(f"{options.folder}: {weights / 1e6:.1f} M parameters")


def make_tokenizer() -> Any:
    """A vocabulary of base.en's size: bytes, TEXT's words, words that are never written."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    names = sorted(pre_tokenizers.ByteLevel.alphabet())
    names += sorted({"Ġ" + word for word in TEXT.split()})
    names += [f"Ġword{number}" for number in range(TEXT_TOKENS - len(names))]
    vocabulary = {name: number for number, name in enumerate(names)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(
        [AddedToken(each, special=True, normalized=False) for each in SPECIAL + TIMES]
    )
    assert tokenizer.token_to_id(SPECIAL[0]) == END
    return tokenizer


def make_network(written: list[int]) -> Any:
    """Random weights, and places that say which token comes next."""
    import torch
    from transformers import WhisperConfig, WhisperForConditionalGeneration

    torch.manual_seed(1)
    model = WhisperForConditionalGeneration(
        WhisperConfig(
            vocab_size=TEXT_TOKENS + len(SPECIAL) + len(TIMES),
            num_mel_bins=80,
            d_model=WIDTH,
            encoder_layers=6,
            decoder_layers=6,
            encoder_attention_heads=8,
            decoder_attention_heads=8,
            encoder_ffn_dim=4 * WIDTH,
            decoder_ffn_dim=4 * WIDTH,
            max_source_positions=1500,
            max_target_positions=PLACES,
            decoder_start_token_id=START,
            eos_token_id=END,
            bos_token_id=END,
            pad_token_id=END,
        )
    )
    directions, _ = torch.linalg.qr(torch.randn(WIDTH, WIDTH))
    decoder = model.model.decoder
    with torch.no_grad():
        tokens, places = decoder.embed_tokens.weight, decoder.embed_positions.weight
        # place 0 is the start, place 1 the first time; what follows place k is written[k - 1]
        for place, token in enumerate([*written, END], start=1):
            tokens[token] += CERTAIN * directions[place]
            places[place] += LOUD * directions[place]
        places[len(written) + 2 :] += LOUD * directions[len(written) + 1]
    made = model.generation_config
    made.no_timestamps_token_id = TEXT_TOKENS + SPECIAL.index("<|notimestamps|>")
    made.is_multilingual = False
    made.alignment_heads = [[3, 3], [4, 7], [5, 1], [5, 5]]
    made.begin_suppress_tokens, made.suppress_tokens = [END], []
    return model


def _write(path: Path, what: dict[str, Any]) -> None:
    path.write_text(json.dumps(what), encoding="utf-8")


if __name__ == "__main__":
    main()
