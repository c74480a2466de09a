"""Train the tests' own Whisper: 1.6 million weights that know one flite voice and 19 sentences.

The released models cannot lie in a repository. This one can (3 MB as int8), and it is Whisper in
every part: mel spectrogram, encoder, decoder, byte-level tokens, timestamps, heads for the times
of words. With it the tests load, hear and refuse through faster-whisper as a person's model does.
It hears the sentences of `audio_fixtures/strong*.flac` and nothing else, and is never offered.

A decoder that sees 19 sentences learns them by heart and stops listening. So it is told where to
listen: flite tells the time of each phone, and beside the usual loss stand two others, for the
encoder (which phone is spoken in this frame) and for the cross-attention (how much of it falls on
the frames of the token). Short windows at random places come first, with many chains of a few words
that cannot be guessed: they are cheap, and fill every position of the table; then whole windows of
30 s.

    pip install torch==2.13.0 transformers faster-whisper; apt-get install flite
    python tests/make_tiny_whisper.py FOLDER --minutes 45
    python tests/make_tiny_whisper.py FOLDER --minutes 30 --go-on --short 0   # from FOLDER.torch

PyTorch is needed by this script alone.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import shutil
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from faster_whisper import WhisperModel
from faster_whisper.audio import decode_audio
from faster_whisper.feature_extractor import FeatureExtractor
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from torch.nn import functional
from transformers import WhisperConfig, WhisperForConditionalGeneration

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from make_fixtures import PAUSE, RATE_HZ, errors, utterance, word_times  # noqa: E402

TEXT_TOKENS = 1456  # 256 bytes and 1,200 merges
SPECIAL = [
    *("<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|translate|>", "<|transcribe|>"),
    *("<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"),
]
END, START, NO_TIMES = TEXT_TOKENS, TEXT_TOKENS + 1, TEXT_TOKENS + 8
FIRST_TIME = TEXT_TOKENS + len(SPECIAL)
FRAMES_HZ = 50  # of the encoder; the mel spectrogram has twice as many
WINDOW_FRAMES = 1500
OPENING, OPENING_WEIGHT = 4, 5.0
NOTHING = -100  # a target that does not count
MEL = FeatureExtractor(feature_size=80)


@dataclass(frozen=True)
class Piece:
    """A stretch of words spoken in one breath, and where its tokens lie in it."""

    samples: np.ndarray
    phones: list[tuple[str, float]]
    tokens: list[tuple[int, float, float]]


@dataclass(frozen=True)
class Window:
    """What the network sees, and what it should say: frames (80, 2 T), tokens, their places."""

    mel: np.ndarray
    offset: int
    tokens: list[int]
    places: list[tuple[int, int]]
    heard: np.ndarray


def make_tokenizer() -> Tokenizer:
    """Bytes and merges learned from the labelled answers, then Whisper's own tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=TEXT_TOKENS,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    answers = sorted(Path(ROOT, "corpus", "train").glob("*.json"))
    texts = [
        unit["text"] for path in answers for unit in json.loads(path.read_text("utf-8"))["units"]
    ]
    tokenizer.train_from_iterator(texts + 20 * sentences(), trainer)
    tokenizer = without_bare_space(tokenizer)
    times = [f"<|{step / FRAMES_HZ:.2f}|>" for step in range(WINDOW_FRAMES + 1)]
    tokenizer.add_special_tokens(
        [AddedToken(each, special=True, normalized=False) for each in SPECIAL + times]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{SPECIAL[1]} {SPECIAL[8]} $A {SPECIAL[0]}",
        special_tokens=[(SPECIAL[0], END), (SPECIAL[1], START), (SPECIAL[8], NO_TIMES)],
    )
    assert tokenizer.token_to_id("<|30.00|>") == FIRST_TIME + WINDOW_FRAMES
    return tokenizer


def without_bare_space(tokenizer: Tokenizer) -> Tokenizer:
    """The same tokens, but ' -' and ' ♪' no longer begin with a space of its own.

    faster-whisper never says the first token of such a symbol, and a rare word at the start of a
    sentence needs the bare space. The youngest merges that no sentence needs give way.
    """
    told = json.loads(tokenizer.to_str())
    vocabulary, merges = told["model"]["vocab"], told["model"]["merges"]
    used = {token for text in sentences() for token in tokenizer.encode(" " + text).tokens}
    at = len(merges) - 1
    for symbol in ("-", "'", "\u00e2"):
        wanted = f"\u0120{symbol}"
        if wanted in vocabulary:
            continue
        while "".join(merges[at]) in used or _is_part(merges, "".join(merges[at])):
            at -= 1
        given_up = merges.pop(at)
        at -= 1
        vocabulary[wanted] = vocabulary.pop("".join(given_up))
        merges.append(["\u0120", symbol])
    return Tokenizer.from_str(json.dumps(told))


def _is_part(merges: list[list[str]], token: str) -> bool:
    return any(token in merge for merge in merges)


def interview() -> dict:
    """The one of the script that is read by the voice `rms`."""
    script = tomllib.loads((ROOT / "audio_fixtures" / "script.toml").read_text("utf-8"))
    return next(each for each in script["interview"] if each["voice"] == "rms")


def sentences() -> list[str]:
    """All that the fixtures say, in their order."""
    told = interview()
    return [unit["text"] for units in [told["units"], *told["replies"]] for unit in units]


def piece(text: str, tokenizer: Tokenizer) -> Piece:
    """The text spoken alone; a word's time is shared by its tokens."""
    samples, phones = utterance(text, "rms")
    tokens = []
    times = word_times(text, "rms", phones)
    for word, (start_s, end_s) in zip(text.split(), times, strict=True):
        ids = tokenizer.encode(" " + word, add_special_tokens=False).ids
        step_s = (end_s - start_s) / len(ids)
        tokens += [
            (id_, start_s + at * step_s, start_s + (at + 1) * step_s) for at, id_ in enumerate(ids)
        ]
    return Piece(samples, phones, tokens)


def make_pieces(tokenizer: Tokenizer) -> tuple[list[Piece], list[Piece]]:
    """The sentences, and chunks of one to five words of them."""
    whole = [piece(text, tokenizer) for text in sentences()]
    chunks = set()
    for text in sentences():
        words = text.split()
        for length in (1, 2, 3, 5):
            chunks |= {
                " ".join(words[at : at + length])
                for at in range(0, len(words) - length + 1, max(1, length - 1))
            }
    return whole, [piece(text, tokenizer) for text in sorted(chunks)]


class Speaker:
    """Puts pieces one after the other, as the fixtures do and otherwise."""

    def __init__(self, whole: list[Piece], chunks: list[Piece], dice: random.Random) -> None:
        self.whole, self.chunks, self.dice = whole, chunks, dice
        spoken = {phone for part in whole + chunks for phone, _ in part.phones}
        self.phones = {PAUSE: 0} | {p: k for k, p in enumerate(sorted(spoken - {PAUSE}), start=1)}

    def window(self, frames: int, chunks_share: float) -> Window:
        """A window of so many encoder frames, at a random place of the position table."""
        dice = self.dice
        chain = dice.random() < chunks_share
        parts: list[Piece] = []
        gaps_s: list[float] = []
        total_s, until_s = 0.0, dice.uniform(0.15, 1.2) * frames / FRAMES_HZ
        at = dice.randrange(len(self.whole))
        in_order = dice.random() < 0.5
        while not parts or total_s < until_s:
            if chain:
                parts.append(dice.choice(self.chunks))
            else:
                at = (at + 1) % len(self.whole) if in_order else dice.randrange(len(self.whole))
                parts.append(self.whole[at])
            gaps_s.append(dice.choice((0.05, 0.2, 0.4, 0.5, 0.9, 1.0)) * dice.uniform(0.8, 1.2))
            total_s += gaps_s[-1] + len(parts[-1].samples) / RATE_HZ
        return self.compose(parts, gaps_s, frames)

    def compose(self, parts: list[Piece], gaps_s: list[float], frames: int) -> Window:
        """Sound and truth of the pieces with these silences before them, cut to the frames."""
        dice = self.dice
        sound, segments, at = [], [], 0
        for part, gap_s in zip(parts, gaps_s, strict=True):
            gap = round(gap_s * RATE_HZ)
            sound += [np.zeros(gap, np.float32), part.samples]
            segments.append(((at + gap) / RATE_HZ, part))
            at += gap + len(part.samples)
        sound.append(np.zeros(round(dice.uniform(0.2, 1.5) * RATE_HZ), np.float32))
        samples = np.concatenate(sound) * dice.uniform(0.4, 1.3)
        noise = np.random.default_rng(dice.randrange(2**32)).normal(size=len(samples))
        samples = (samples + noise * dice.choice((0, 0, 1e-4, 1e-3))).astype(np.float32)
        mel = MEL(samples)[:, : 2 * frames]
        mel = np.pad(mel, ((0, 0), (0, 2 * frames - mel.shape[1])))
        offset = dice.randrange(WINDOW_FRAMES - frames + 1)
        tokens, places = self.written(segments, frames, offset, dice.random() < 0.75)
        heard = np.zeros(frames, np.int64)
        for start_s, part in segments:
            from_s = 0.0
            for phone, to_s in part.phones:
                first, end = int((start_s + from_s) * FRAMES_HZ), int((start_s + to_s) * FRAMES_HZ)
                heard[first:end] = self.phones[phone]
                from_s = to_s
        return Window(mel, offset, tokens, places, heard)

    @staticmethod
    def written(
        segments: list[tuple[float, Piece]], frames: int, offset: int, timed: bool
    ) -> tuple[list[int], list[tuple[int, int]]]:
        """The tokens, and for each the encoder frames it is heard in ((0, 0): nowhere)."""
        tokens = [START] if timed else [START, NO_TIMES]
        places = [(0, 0)] * len(tokens)

        def at_time(second: float) -> None:
            frame = min(frames, round(second * FRAMES_HZ))
            tokens.append(FIRST_TIME + offset + frame)
            places.append((max(0, frame - 5), min(frames, frame + 5)))

        for start_s, part in segments:
            end_s = start_s + len(part.samples) / RATE_HZ
            if start_s * FRAMES_HZ >= frames - 5:
                break
            if timed:
                at_time(start_s)
            if end_s * FRAMES_HZ > frames:  # cut off by the window: Whisper starts again here
                if timed:
                    break
                inside = [t for t in part.tokens if (start_s + t[2]) * FRAMES_HZ <= frames]
            else:
                inside = part.tokens
            for id_, from_s, to_s in inside:
                tokens.append(id_)
                first = max(0, int((start_s + from_s) * FRAMES_HZ) - 8)
                places.append((first, min(frames, int((start_s + to_s) * FRAMES_HZ) + 8)))
            if timed and inside:
                at_time(end_s)
        return [*tokens, END], [*places, (0, 0)]


def make_model() -> WhisperForConditionalGeneration:
    """Two layers on each side, of random weights."""
    config = WhisperConfig(
        vocab_size=FIRST_TIME + WINDOW_FRAMES + 1,
        d_model=128,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=512,
        decoder_ffn_dim=512,
        decoder_start_token_id=START,
        bos_token_id=END,
        eos_token_id=END,
        pad_token_id=END,
        suppress_tokens=None,
        begin_suppress_tokens=None,
        attn_implementation="eager",  # the weights of the attention are trained
        use_cache=False,
    )
    model = WhisperForConditionalGeneration(config)
    quick = copy.deepcopy(config)
    quick._attn_implementation = "sdpa"
    for layer in model.model.encoder.layers:
        layer.self_attn.config = quick
    return model


def openings(before: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """How much each token counts: the first words of a sentence more, for the rest follows.

    Whoever has heard 'On a bad day' can go on by heart, so few tokens teach to listen.
    """
    weight = (wanted != NOTHING).float()
    begins = (before >= FIRST_TIME) & (wanted < END) & (wanted >= 0)
    for later in range(OPENING):
        at = torch.zeros_like(begins)
        at[:, later:] = begins[:, : begins.shape[1] - later]
        weight[at & (wanted < END) & (wanted >= 0)] = OPENING_WEIGHT
    return weight


class Trainer:
    """Model, what the encoder takes its frames for, and the optimiser."""

    def __init__(self, speaker: Speaker, model: WhisperForConditionalGeneration) -> None:
        self.speaker, self.model = speaker, model
        self.frames_to_phones = torch.nn.Linear(128, len(speaker.phones))
        self.weights = [*self.model.parameters(), *self.frames_to_phones.parameters()]
        self.optimiser = torch.optim.AdamW(
            [w for w in self.weights if w.requires_grad], lr=1e-3, betas=(0.9, 0.98)
        )

    def encode(self, mel: torch.Tensor, offsets: list[int]) -> torch.Tensor:
        """The encoder over windows of any length, each at its place of the position table."""
        encoder = self.model.model.encoder
        x = functional.gelu(encoder.conv2(functional.gelu(encoder.conv1(mel)))).transpose(1, 2)
        table = encoder.embed_positions.weight
        x = x + torch.stack([table[at : at + x.shape[1]] for at in offsets])
        for layer in encoder.layers:
            x = layer(x, None)
        return encoder.layer_norm(x)

    def step(self, windows: list[Window], rate: float, hearing: float) -> tuple[float, ...]:
        """One step down; the losses of text, frames and attention."""
        mel = torch.from_numpy(np.stack([w.mel for w in windows]))
        width = max(len(w.tokens) for w in windows)
        tokens = torch.tensor([w.tokens + [END] * (width - len(w.tokens)) for w in windows])
        wanted = torch.tensor([w.tokens[1:] + [NOTHING] * (width - len(w.tokens)) for w in windows])
        states = self.encode(mel, [w.offset for w in windows])
        said = self.model.model.decoder(
            input_ids=tokens[:, :-1], encoder_hidden_states=states, output_attentions=True
        )
        scores = self.model.proj_out(said.last_hidden_state)
        each = functional.cross_entropy(
            scores.transpose(1, 2), wanted, ignore_index=NOTHING, reduction="none"
        )
        weight = openings(tokens[:, :-1], wanted)
        text = (each * weight).sum() / weight.sum()
        frames = functional.cross_entropy(
            self.frames_to_phones(states).transpose(1, 2),
            torch.from_numpy(np.stack([w.heard for w in windows])),
        )
        mask = torch.zeros(len(windows), width - 1, states.shape[1])
        for row, window in enumerate(windows):
            for at, (first, end) in enumerate(window.places[1:]):
                mask[row, at, first:end] = 1.0
        placed = mask.amax(-1)
        attention = torch.zeros(())
        for layer in said.cross_attentions:  # each (batch, heads, tokens, frames)
            on_it = (layer.mean(1) * mask).sum(-1).clamp_min(1e-6)
            attention = attention - (on_it.log() * placed).sum() / placed.sum()
        loss = text + hearing * (frames + attention)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.weights, 1.0)
        self.optimiser.step()
        return float(text), float(frames), float(attention)


def save(model: WhisperForConditionalGeneration, tokenizer: Tokenizer, folder: Path) -> None:
    """As CTranslate2's folder, in int8."""
    from ctranslate2.converters import TransformersConverter

    rough = folder.with_name(folder.name + ".torch")
    model.generation_config.no_timestamps_token_id = NO_TIMES
    model.generation_config.is_multilingual = False
    model.generation_config.alignment_heads = [[1, 0], [1, 1]]
    space = tokenizer.encode(" ", add_special_tokens=False).ids[0]
    model.generation_config.begin_suppress_tokens = [space, END]
    model.generation_config.suppress_tokens = []
    model.save_pretrained(rough)
    tokenizer.save(str(rough / "tokenizer.json"))
    (rough / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "PreTrainedTokenizerFast"})
    )
    (rough / "preprocessor_config.json").write_text(
        json.dumps(
            {
                "feature_extractor_type": "WhisperFeatureExtractor",
                "chunk_length": 30,
                "feature_size": 80,
                "hop_length": 160,
                "n_fft": 400,
                "n_samples": 480000,
                "nb_max_frames": 3000,
                "sampling_rate": RATE_HZ,
            },
            indent=1,
        )
    )
    TransformersConverter(
        str(rough), copy_files=["tokenizer.json", "preprocessor_config.json"]
    ).convert(str(folder), quantization="int8", force=True)


def plain(text: str) -> list[str]:
    """Words without capitals and stops."""
    return "".join(c for c in text.lower() if c.isalnum() or c in " '").split()


def wrong_share(folder: Path) -> float:
    """The word error rate of the saved model on the three recordings, through faster-whisper."""
    model = WhisperModel(str(folder), device="cpu", compute_type="int8", local_files_only=True)
    wrong = words = 0
    for path in sorted((ROOT / "audio_fixtures").glob("strong*.flac")):
        truth = json.loads(path.with_suffix(".json").read_text("utf-8"))
        told = plain(" ".join(unit["text"] for unit in truth["units"]))
        segments, _ = model.transcribe(
            decode_audio(str(path)),
            language="en",
            temperature=0.0,
            condition_on_previous_text=False,
        )
        heard = plain(" ".join(segment.text for segment in segments))
        wrong, words = wrong + errors(told, heard), words + len(told)
    return wrong / words


def main() -> None:
    """Train until nothing is heard wrongly twice in a row, or the time is over."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--go-on", action="store_true")
    parser.add_argument(
        "--short", type=float, default=0.5, help="share of the time in short windows"
    )
    options = parser.parse_args()
    subprocess.run(["flite", "--version"], capture_output=True, check=False)
    torch.manual_seed(options.seed)
    tokenizer = make_tokenizer()
    whole, chunks = make_pieces(tokenizer)
    print(f"{len(whole)} sentences, {len(chunks)} chunks", flush=True)
    model = make_model()
    if options.go_on:
        rough = options.folder.with_name(options.folder.name + ".torch")
        model.load_state_dict(
            WhisperForConditionalGeneration.from_pretrained(rough).state_dict(), strict=True
        )
    trainer = Trainer(Speaker(whole, chunks, random.Random(options.seed)), model)
    began_at, good, step, best = time.monotonic(), 0, 0, 1.0
    latest = options.folder.with_name(options.folder.name + ".latest")
    while good < 2:
        step += 1
        spent = (time.monotonic() - began_at) / 60 / options.minutes
        if spent > 1:
            break
        short = spent < options.short
        warm = min(1.0, step / 200)
        if short:
            rate = (8e-4 if options.go_on else 1.5e-3) * warm
            windows = [trainer.speaker.window(400, 0.6) for _ in range(12)]
        else:
            rate = warm * (4e-4 if options.go_on else 1e-3) * max(0.03, 1 - spent)
            windows = [trainer.speaker.window(WINDOW_FRAMES, 0.15) for _ in range(8)]
        losses = trainer.step(windows, rate, hearing=0.5)
        if step % 50 == 0:
            print(
                f"{step:5d} {'short' if short else 'long '} {spent:4.0%} "
                f"text {losses[0]:.3f} frames {losses[1]:.3f} attention {losses[2]:.3f}",
                flush=True,
            )
        if not short and step % 60 == 0:
            save(trainer.model, tokenizer, latest)
            share = wrong_share(latest)
            good = good + 1 if share == 0 else 0
            if share <= best:  # it rises and falls between two looks; the best is kept
                best = share
                for suffix in ("", ".torch"):
                    kept = options.folder.with_name(options.folder.name + suffix)
                    shutil.copytree(f"{latest}{suffix}", kept, dirs_exist_ok=True)
            print(f"{step:5d} word error rate {share:.3f}", flush=True)
    print(f"word error rate {best:.3f}")


if __name__ == "__main__":
    main()
