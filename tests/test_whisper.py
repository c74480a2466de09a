"""Whisper from a folder: what is refused, what is believed, and a true model end to end."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from make_fixtures import errors

from mock_interviewer.adapters.audio_files import read_audio
from mock_interviewer.adapters.engines import choose_engine, find_model, model_name, models_in
from mock_interviewer.adapters.language_files import load_language
from mock_interviewer.adapters.prompt_dir import fixtures_dir
from mock_interviewer.adapters.sphinx import SphinxTranscriber
from mock_interviewer.adapters.whisper import WhisperTranscriber, check_model_folder
from mock_interviewer.core.pieces import Piece
from mock_interviewer.errors import BadModel, UnknownName
from mock_interviewer.ports import Audio

TESTS = Path(__file__).parent
TINY = TESTS / "tiny_whisper"
FERRY = TESTS / "sounds" / "ferry.ogg"
ENGLISH = load_language()
needs_model = pytest.mark.skipif(
    not (TINY / "model.bin").is_file(), reason="the small test model tests/tiny_whisper is not here"
)


def make_folder(folder: Path) -> Path:
    """A folder that looks like a model, for all that can be seen without loading it."""
    folder.mkdir(parents=True)
    for name in ("config.json", "tokenizer.json", "preprocessor_config.json"):
        (folder / name).write_text("{}")
    (folder / "vocabulary.json").write_text("[]")
    (folder / "model.bin").write_bytes(b"\x06\0\0\0\x0c\0WhisperSpec\0" + bytes(100))
    return folder


def test_a_whole_folder_passes_the_check(tmp_path: Path) -> None:
    check_model_folder(make_folder(tmp_path / "m"))


def remove(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def put(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (remove("config.json"), "config.json is missing"),
        (remove("model.bin"), "model.bin is missing"),
        (remove("tokenizer.json"), "tokenizer.json is missing"),
        (remove("vocabulary.json"), "no vocabulary"),
        (put("model.bin", b""), "model.bin is empty"),
        (put("config.json", b'{"a":'), "config.json is damaged"),
        (put("tokenizer.json", b"\xff\xfe\x00"), "tokenizer.json is damaged"),
        (put("vocabulary.json", b"["), "vocabulary.json is damaged"),
        (put("preprocessor_config.json", b"?"), "preprocessor_config.json is damaged"),
        (put("model.bin", b"version https://git-lfs"), "holds no Whisper network"),
        (lambda folder: shutil.rmtree(folder), "no such model folder"),
        (lambda folder: (shutil.rmtree(folder), folder.write_text("x")), "is a file"),
    ],
)
def test_every_fault_of_a_model_folder_has_its_own_line(
    tmp_path: Path, damage: Callable[[Path], object], says: str
) -> None:
    folder = make_folder(tmp_path / "base.en")
    damage(folder)

    with pytest.raises(BadModel, match=says) as refusal:
        WhisperTranscriber(folder, ENGLISH)

    assert str(folder) in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_folder_that_only_looks_whole_is_refused_when_it_is_loaded(tmp_path: Path) -> None:
    transcriber = WhisperTranscriber(make_folder(tmp_path / "hollow"), ENGLISH)

    with pytest.raises(BadModel, match="cannot be loaded"):
        transcriber.transcribe(read_audio(FERRY))


class ScriptedModel:
    """Stands for faster_whisper.WhisperModel: says the given segments for the first piece."""

    def __init__(self, *segments: SimpleNamespace) -> None:
        self.segments = list(segments)
        self.heard_s: list[float] = []
        self.options: dict[str, object] = {}

    def transcribe(self, samples: np.ndarray, **options: object) -> tuple[object, None]:
        self.heard_s.append(len(samples) / 16_000)
        self.options = options
        said, self.segments = self.segments, []
        return iter(said), None


def segment(
    text: str, start_s: float, end_s: float, compression_ratio: float = 1.2
) -> SimpleNamespace:
    """The text's words spread evenly over the time, as Whisper cuts them (blank first)."""
    pieces = [" " + piece for piece in text.split()]
    step = (end_s - start_s) / len(pieces)
    words = [
        SimpleNamespace(
            word=piece,
            start=np.float64(start_s + index * step),
            end=np.float64(start_s + (index + 1) * step),
            probability=np.float64(0.9),
        )
        for index, piece in enumerate(pieces)
    ]
    return SimpleNamespace(text=text, words=words, compression_ratio=compression_ratio)


def transcriber_that_says(
    folder: Path, *segments: SimpleNamespace
) -> tuple[WhisperTranscriber, ScriptedModel]:
    model = ScriptedModel(*segments)
    transcriber = WhisperTranscriber(make_folder(folder), ENGLISH)
    transcriber.__dict__["_model"] = model
    return transcriber, model


def test_words_keep_their_place_in_the_recording_and_lie_within_speech(tmp_path: Path) -> None:
    # the piece starts 0.2 s before the first word, which is at 1.5 s; Whisper says: at once
    transcriber, _ = transcriber_that_says(tmp_path / "m", segment("Two winters ago", 0.0, 1.5))

    transcript = transcriber.transcribe(read_audio(FERRY))

    assert transcript.text == "Two winters ago"
    assert transcript.is_timed
    assert transcript.words[0].start_s == pytest.approx(1.5, abs=0.1)
    assert transcript.words[-1].end_s == pytest.approx(2.8, abs=0.1)
    assert type(transcript.words[0].start_s) is float


def test_the_pieces_of_a_word_are_put_together(tmp_path: Path) -> None:
    said = segment("I d left", 0.3, 1.5)
    said.words[1].word = "'d"
    transcriber, _ = transcriber_that_says(tmp_path / "m", said)

    assert transcriber.transcribe(read_audio(FERRY)).text == "I'd left"


@pytest.mark.parametrize("text", ["Thank you.", "Thanks for watching!", "you", "Bye-bye."])
def test_a_stock_phrase_in_near_silence_is_dropped(tmp_path: Path, text: str) -> None:
    # the first sentence ends at 5.2 s: only its last breath lies under the phrase
    transcriber, _ = transcriber_that_says(tmp_path / "m", segment(text, 3.6, 4.4))

    assert transcriber.transcribe(read_audio(FERRY)).words == ()


def test_a_stock_phrase_that_was_spoken_is_kept(tmp_path: Path) -> None:
    transcriber, _ = transcriber_that_says(tmp_path / "m", segment("Thank you.", 1.0, 2.0))

    assert transcriber.transcribe(read_audio(FERRY)).text == "Thank you."


def test_text_written_into_a_pause_is_dropped(tmp_path: Path) -> None:
    transcriber, _ = transcriber_that_says(
        tmp_path / "m", segment("And then we all went home", 14.2, 16.4)
    )

    assert transcriber.transcribe(read_audio(FERRY)).words == ()


def test_no_window_is_paid_for_where_no_speech_is_left(tmp_path: Path) -> None:
    asked: list[str] = []

    def windows() -> Iterator[SimpleNamespace]:
        asked.append("half")
        yield segment("Two winters ago", 0.2, 2.0)
        asked.append("rest")
        yield segment("the ferry stopped.", 2.0, 3.95)
        asked.append("nothing")

    transcriber, model = transcriber_that_says(tmp_path / "m")
    model.segments = windows()  # type: ignore[assignment]
    samples = np.zeros(round(4.2 * 16_000), np.float32)
    words = transcriber.hear(samples, Piece(10.0, 14.2, ((10.2, 14.0),)))

    assert [word.text for word in words][-2:] == ["ferry", "stopped."]
    assert asked == ["half", "rest"]


def test_a_loop_is_shown_but_counts_as_not_heard(tmp_path: Path) -> None:
    transcriber, _ = transcriber_that_says(
        tmp_path / "m", segment("the boat the boat the boat the boat", 0.3, 3.5, 4.0)
    )

    words = transcriber.transcribe(read_audio(FERRY)).words

    assert len(words) == 8
    assert not any(word.is_clear for word in words)


def test_silence_is_never_given_to_the_model(tmp_path: Path) -> None:
    transcriber, model = transcriber_that_says(tmp_path / "m", segment("you", 0.0, 1.0))
    shares: list[float] = []

    transcript = transcriber.transcribe(
        Audio(np.zeros(16_000 * 5, np.float32), 16_000), shares.append
    )

    assert (transcript.words, transcript.duration_s) == ((), 5.0)
    assert model.heard_s == []
    assert shares == [1.0]


def test_pieces_fit_whispers_window_and_progress_ends_at_one(tmp_path: Path) -> None:
    ferry = read_audio(FERRY)
    twice = Audio(np.concatenate([ferry.samples, ferry.samples]), ferry.rate_hz)
    transcriber, model = transcriber_that_says(tmp_path / "m")
    shares: list[float] = []

    transcriber.transcribe(twice, shares.append)

    assert max(model.heard_s) <= 30.0
    assert len(model.heard_s) > 1
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


def test_decoding_is_greedy_about_nothing_and_remembers_nothing(tmp_path: Path) -> None:
    transcriber, model = transcriber_that_says(tmp_path / "m")

    transcriber.transcribe(read_audio(FERRY))

    assert model.options["language"] == "en"
    assert model.options["temperature"] == 0.0
    assert model.options["condition_on_previous_text"] is False
    assert model.options["word_timestamps"] is True


@needs_model
def test_a_true_model_is_loaded_without_the_network_and_writes_timed_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.socket.connect", no_network)
    ferry = read_audio(FERRY)

    transcript = WhisperTranscriber(TINY, ENGLISH).transcribe(ferry)

    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert transcript.engine == "whisper tiny_whisper"
    assert transcript.is_timed
    starts = [word.start_s or 0.0 for word in transcript.words]
    assert starts == sorted(starts)
    assert all(0 <= (word.end_s or 0) <= ferry.duration_s for word in transcript.words)


STRONG = sorted(fixtures_dir().glob("strong*.flac"))


def truth_of(recording: Path) -> list[dict[str, Any]]:
    units = json.loads(recording.with_suffix(".json").read_text())["units"]
    assert isinstance(units, list)
    return units


def plain(text: str) -> list[str]:
    return re.sub(r"[^a-z' ]", "", text.lower()).split()


@needs_model
def test_the_fixtures_are_written_down_by_the_true_engine() -> None:
    transcriber = WhisperTranscriber(TINY, ENGLISH)
    wrong = words = 0
    for recording in STRONG:
        told = plain(" ".join(unit["text"] for unit in truth_of(recording)))
        wrong += errors(told, plain(transcriber.transcribe(read_audio(recording)).text))
        words += len(told)
    assert wrong / words < 0.05


@needs_model
def test_words_are_heard_when_they_are_spoken() -> None:
    recording = next(path for path in STRONG if path.stem == "strong")
    transcript = WhisperTranscriber(TINY, ENGLISH).transcribe(read_audio(recording))
    spoken = [word for unit in truth_of(recording) for word in unit["words"]]
    assert len(transcript.words) == pytest.approx(len(spoken), rel=0.1)
    starts = [word["start_s"] for word in spoken]
    late = [min(abs((word.start_s or 0.0) - at) for at in starts) for word in transcript.words]
    assert np.median(late) < 0.15


@needs_model
def test_faster_whisper_alone_finds_the_sentences_of_the_fixtures() -> None:
    """What the tests' model says of whole recordings, without our cutting at pauses."""
    from faster_whisper import WhisperModel

    model = WhisperModel(str(TINY), device="cpu", compute_type="int8", local_files_only=True)
    for recording in STRONG:
        segments, _ = model.transcribe(
            read_audio(recording).samples,
            language="en",
            temperature=0.0,
            condition_on_previous_text=False,
        )
        found = list(segments)
        begins = [unit["start_s"] for unit in truth_of(recording)]
        assert len(found) >= len(begins) - 1
        near = [min(abs(segment.start - at) for at in begins) < 0.5 for segment in found]
        assert np.mean(near) > 0.8


@needs_model
@pytest.mark.parametrize("kept_bytes", [30, 5_000, 500_000])
def test_a_true_model_cut_off_is_refused_in_one_line(tmp_path: Path, kept_bytes: int) -> None:
    folder = tmp_path / "cut"
    shutil.copytree(TINY, folder)
    content = (TINY / "model.bin").read_bytes()
    (folder / "model.bin").write_bytes(content[:kept_bytes])

    with pytest.raises(BadModel, match="cannot be loaded"):
        WhisperTranscriber(folder, ENGLISH).transcribe(read_audio(FERRY))


def test_auto_takes_the_preferred_model_of_the_folder(tmp_path: Path) -> None:
    for name in ("zulu", "faster-whisper-tiny.en", "models--Systran--faster-whisper-base.en"):
        make_folder(tmp_path / name)

    engine, why = choose_engine("auto", None, tmp_path)

    assert engine.name == "whisper base.en"
    assert "base.en" in why
    assert [name for name, _ in models_in(tmp_path)] == ["base.en", "tiny.en", "zulu"]


def test_a_hubs_cache_folder_is_looked_into(tmp_path: Path) -> None:
    cached = tmp_path / "models--Systran--faster-whisper-small.en"
    snapshot = make_folder(cached / "snapshots" / "0a1b")

    assert find_model("small.en", tmp_path) == snapshot
    assert model_name(snapshot) == "small.en"
    assert find_model(str(cached), tmp_path / "elsewhere") == snapshot


def test_auto_without_a_model_falls_back_and_says_what_to_do(tmp_path: Path) -> None:
    engine, why = choose_engine("auto", None, tmp_path / "nothing")

    assert isinstance(engine, SphinxTranscriber)
    assert str(tmp_path / "nothing") in why
    assert "--model" in why
    assert "\n" not in why


def test_auto_passes_over_a_broken_model_and_names_its_fault(tmp_path: Path) -> None:
    (make_folder(tmp_path / "base.en") / "model.bin").unlink()

    engine, why = choose_engine("auto", None, tmp_path)
    assert isinstance(engine, SphinxTranscriber)
    assert "model.bin is missing" in why

    make_folder(tmp_path / "tiny.en")
    assert choose_engine("auto", None, tmp_path)[0].name == "whisper tiny.en"


def test_whisper_without_any_model_is_an_error_and_no_silent_other_engine(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="--engine sphinx"):
        choose_engine("whisper", None, tmp_path)


def test_an_unknown_model_is_answered_with_those_there_are(tmp_path: Path) -> None:
    make_folder(tmp_path / "base.en")
    make_folder(tmp_path / "tiny.en")

    with pytest.raises(UnknownName, match=r"no model 'large'.*base\.en, tiny\.en"):
        choose_engine("auto", "large", tmp_path)
    with pytest.raises(UnknownName, match="no such model folder"):
        choose_engine("whisper", str(tmp_path / "no" / "where"), tmp_path)


def test_an_unknown_engine_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="auto, whisper, sphinx"):
        choose_engine("dragon", None, tmp_path)


def test_a_model_for_pocketsphinx_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="leave --model out"):
        choose_engine("sphinx", "base.en", tmp_path)


def test_a_named_folder_wins_whatever_lies_in_the_models_folder(tmp_path: Path) -> None:
    make_folder(tmp_path / "models" / "base.en")
    mine = make_folder(tmp_path / "mine")

    assert choose_engine("auto", str(mine), tmp_path / "models")[0].name == "whisper mine"


def test_the_language_knows_its_stock_phrases_as_whole_segments_only() -> None:
    phrases = ENGLISH.pattern("hearing", "silence_phrases")

    assert phrases.fullmatch("Thanks for watching")
    assert not phrases.fullmatch("Thank you for asking that I have a story")
