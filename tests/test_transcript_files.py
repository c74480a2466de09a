from __future__ import annotations

import json
from pathlib import Path

import pytest
from answers import labelled, whisper_json
from hypothesis import given
from hypothesis import strategies as st

from mock_interviewer.adapters.transcript_files import (
    is_text,
    read_transcript,
    write_whisper_json,
)
from mock_interviewer.adapters.whisper_json import in_order
from mock_interviewer.core.question import AskedAs
from mock_interviewer.core.rubric import Disqualifier, Level, Principle
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.errors import BadInput


def written(folder: Path, value: object, name: str = "answer.json") -> Path:
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def texts(transcript: Transcript) -> list[str]:
    return [word.text for word in transcript.words]


def test_a_whisper_json_keeps_words_times_probabilities_and_the_question(tmp_path: Path) -> None:
    spoken = whisper_json(labelled()[0])
    read = read_transcript(written(tmp_path, spoken))
    told = [word for segment in spoken["segments"] for word in segment["words"]]
    assert texts(read.transcript) == [word["word"].strip() for word in told]
    assert read.transcript.words[3].start_s == told[3]["start"]
    assert read.transcript.words[3].probability == told[3]["probability"]
    assert read.transcript.duration_s == spoken["duration"]
    assert read.interview is not None
    assert read.interview.question == spoken["interview"]["question"]


def test_what_a_session_writes_it_reads_back(tmp_path: Path) -> None:
    transcript = Transcript(
        tuple(Word(f"w{at}", at * 1.0, at + 0.5, 0.9) for at in range(95)), 100.0, "whisper base.en"
    )
    asked = AskedAs("What?", Principle.CONFLICT, Level.SENIOR, frozenset({Disqualifier.HANDED_OFF}))
    path = tmp_path / "take1.json"
    write_whisper_json(path, transcript, asked)
    read = read_transcript(path)
    assert (read.transcript, read.interview) == (transcript, asked)
    assert [p.name for p in tmp_path.iterdir()] == ["take1.json"]


def test_typed_words_are_read_back_without_times(tmp_path: Path) -> None:
    transcript = Transcript((Word("I"), Word("did")), engine="typed")
    write_whisper_json(tmp_path / "take1.json", transcript)
    assert read_transcript(tmp_path / "take1.json").transcript == transcript


def test_whisperx_words_without_times_take_their_neighbours(tmp_path: Path) -> None:
    words = [
        {"word": "saved", "start": 1.0, "end": 2.0, "score": 0.8},
        {"word": "42"},
        {"word": "hours", "start": 3.0, "end": 4.0, "score": 0.7},
    ]
    value = {"segments": [{"start": 1.0, "end": 4.0, "text": "saved 42 hours", "words": words}]}
    read = read_transcript(written(tmp_path, value)).transcript
    assert [(w.text, w.start_s, w.end_s) for w in read.words][1] == ("42", 2.0, 3.0)
    assert read.words[0].probability == 0.8


def test_pieces_of_a_word_become_one_word(tmp_path: Path) -> None:
    words = [
        {"word": " didn", "start": 0.0, "end": 0.2},
        {"word": "'t", "start": 0.2, "end": 0.3},
        {"word": " go", "start": 0.3, "end": 0.5},
    ]
    read = read_transcript(written(tmp_path, {"segments": [{"words": words}]})).transcript
    assert texts(read) == ["didn't", "go"]
    assert read.words[0].end_s == 0.3


def test_segments_without_words_are_spread_over_their_seconds(tmp_path: Path) -> None:
    value = [{"start": 2.0, "end": 6.0, "text": " a bcd"}]
    read = read_transcript(written(tmp_path, value)).transcript
    assert [(w.text, w.start_s, w.end_s) for w in read.words] == [
        ("a", 2.0, 3.0),
        ("bcd", 3.0, 6.0),
    ]


SRT = (
    "1\n00:00:01,000 --> 00:00:03,000\nI <i>saw</i> it\n\n"
    "2\n00:00:04,500 --> 00:00:05,000\n and went\n"
)
VTT = (
    "WEBVTT\n\nNOTE nobody says this\n\n00:01.000 --> 00:03.000 align:start\n<v Ann>I saw it\n\n"
    "00:04.500 --> 00:05.000\nand went\n"
)


PRINTED = "[00:00:01.000 --> 00:00:03.000]   I saw it\n[00:00:04.500 --> 00:00:05.000]   and went\n"
TABLE = "start\tend\ttext\n1000\t3000\tI saw it\n4500\t5000\tand went\n"
LINES = (
    '{"start": 1, "end": 3, "text": " I saw it"}\n{"start": 4.5, "end": 5, "text": " and went"}\n'
)
LOOSE = "1\n0:0:1 --> 0:0:3\nI saw it\n\n2\n0:0:4.500000 --> 0:0:5.000000\nand went\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (SRT, "a.srt"),
        (VTT, "a.vtt"),
        (SRT, "a.txt"),
        (PRINTED, "a.txt"),
        (TABLE, "a.tsv"),
        (LINES, "a.jsonl"),
        (LOOSE, "a.srt"),
    ],
)
def test_lines_with_times_are_read_by_their_content(tmp_path: Path, text: str, name: str) -> None:
    read = read_transcript(written(tmp_path, text, name)).transcript
    assert texts(read) == ["I", "saw", "it", "and", "went"]
    assert (read.words[0].start_s, read.words[3].start_s) == (1.0, 4.5)
    assert read.duration_s == pytest.approx(5.0)


@pytest.mark.parametrize("text", ["[music] and more", "{I} did it.", "[00:00] I did it."])
def test_text_that_opens_like_json_is_text(tmp_path: Path, text: str) -> None:
    assert texts(read_transcript(written(tmp_path, text, "a.txt")).transcript) == text.split()
    with pytest.raises(BadInput, match="not whole JSON"):
        read_transcript(written(tmp_path, text, "a.json"))


def test_json_that_is_cut_off_is_told_whatever_the_file_is_called(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not whole JSON"):
        read_transcript(written(tmp_path, '{"segments": [{"wor', "a.txt"))


def test_whisper_cpps_json_is_read(tmp_path: Path) -> None:
    said = {"offsets": {"from": 1000, "to": 4000}, "text": " a bc"}
    value = {"result": {"language": "en"}, "transcription": [said]}
    read = read_transcript(written(tmp_path, value)).transcript
    assert read == Transcript((Word("a", 1.0, 2.0), Word("bc", 2.0, 4.0)), 4.0, None, "en")


@pytest.mark.parametrize("more", [{}, {"segments": []}, {"segments": [{"text": "So I did."}]}])
def test_words_beside_the_text_take_its_punctuation(tmp_path: Path, more: object) -> None:
    words = [{"word": w, "start": at, "end": at + 1} for at, w in enumerate(["So", "I", "did"])]
    value = {"text": "So I did.", "words": words, **more}  # type: ignore[dict-item]
    read = read_transcript(written(tmp_path, value)).transcript
    assert texts(read) == ["So", "I", "did."]
    assert read.words[2].start_s == 2.0


def test_words_that_the_text_does_not_have_one_by_one_are_read_as_they_are(tmp_path: Path) -> None:
    value = {"text": "So I did.", "words": [{"word": "So", "start": 0, "end": 1}]}
    assert texts(read_transcript(written(tmp_path, value)).transcript) == ["So"]


def timed(*starts_s: float, **more: object) -> dict[str, object]:
    words = [{"word": f" w{n}", "start": s, "end": s + 0.5} for n, s in enumerate(starts_s)]
    return {"segments": [{"words": words}], **more}


def test_a_time_beyond_a_day_is_none(tmp_path: Path) -> None:
    one_far = read_transcript(written(tmp_path, timed(0.0, 1.0, 1.7e9))).transcript
    assert [word.start_s for word in one_far.words] == [0.0, 1.0, 1.5]
    assert one_far.duration_s == 1.5
    apart = read_transcript(written(tmp_path, timed(1e300, 2e300, duration=1e308))).transcript
    assert apart.duration_s == 0.0
    far = [{"word": " a", "start": 1e12, "end": 1e12}, {"word": " b", "start": 2e12, "end": 2e12}]
    value = {"segments": [{"start": 0, "end": 4, "words": far}]}
    spread_out = read_transcript(written(tmp_path, value)).transcript
    assert [word.start_s for word in spread_out.words] == [0.0, 2.0]


def test_a_cue_without_words_is_none_and_signs_are_kept(tmp_path: Path) -> None:
    """A cue's number is no word, and not all between two signs is a mark."""
    srt = (
        "1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:02,000 --> 00:00:06,000\n"
        "<i>Our R&amp;D</i> had latency <5 ms and <c.loud>throughput</c> >100 a second.\n\n"
        "3\n00:00:06,000 --> 00:00:07,000\n12 lorries\n42\n00:00:07,000 --> 00:00:08,000\nin all\n"
    )
    read = read_transcript(written(tmp_path, srt, "a.srt")).transcript
    said = "Our R&D had latency <5 ms and throughput >100 a second. 12 lorries 42 in all"
    assert " ".join(texts(read)) == said


CUES = (
    ("Anna Smith", "Tell me about something you fixed."),
    ("Ben Jones (he)", "I saw the lists were wrong and I rebuilt them."),
    ("Ben Jones (he)", "Result: nobody waits."),
    ("Anna Smith", "And then?"),
)


@pytest.mark.parametrize("form", ["zoom", "teams"])
def test_of_several_speakers_the_one_who_says_most_is_the_candidate(
    tmp_path: Path, form: str
) -> None:
    cues = [
        f"00:00:0{n}.000 --> 00:00:0{n + 1}.000\n"
        + (f"{name}: {said}" if form == "zoom" else f"<v {name}>{said}</v>")
        for n, (name, said) in enumerate(CUES)
    ]
    read = read_transcript(written(tmp_path, "WEBVTT\n\n" + "\n\n".join(cues), "a.vtt")).transcript
    assert " ".join(texts(read)) == " ".join(said for _, said in CUES[1:3])
    assert read.speaker == "Ben Jones (he)"
    assert read.words[0].start_s == 1.0


@pytest.mark.parametrize(
    "labels",
    [
        ("Situation", "Task", "Action", "Result"),
        ("Result", "Result", "Action", "Action"),
        ("First", "Second", "Third", "Fourth"),
        ("My manager said", "Then I answered", "He went on", "I closed it"),
    ],
)
def test_what_stands_before_a_colon_is_not_always_a_speaker(
    tmp_path: Path, labels: tuple[str, ...]
) -> None:
    cues = [
        f"{n}\n00:00:0{n},000 --> 00:00:0{n + 1},000\n{label}: I did what\nthere was to do."
        for n, label in enumerate(labels, 1)
    ]
    read = read_transcript(written(tmp_path, "\n\n".join(cues), "a.srt")).transcript
    assert len(read.words) == sum(len(label.split()) + 7 for label in labels)
    assert read.speaker is None


def test_two_voices_in_one_cue_are_two(tmp_path: Path) -> None:
    vtt = (
        "WEBVTT\n\n00:01.000 --> 00:05.000\n<v Anna>Tell me.</v>\n<v Ben>I saw it break.</v>\n\n"
        "00:05.000 --> 00:09.000\n<v Ben>I mended it</v> <v Ben>and it held.</v>\n"
    )
    read = read_transcript(written(tmp_path, vtt, "a.vtt")).transcript
    assert " ".join(texts(read)) == "I saw it break. I mended it and it held."
    assert read.speaker == "Ben"
    again = tmp_path / "again.json"
    write_whisper_json(again, read)
    assert read_transcript(again).transcript.speaker == "Ben"


def test_notes_and_names_of_cues_are_no_words(tmp_path: Path) -> None:
    vtt = (
        "WEBVTT\n\nabc-1\n00:01.000 --> 00:02.000\n\nNOTE this is a comment\n\n"
        "abc-2\n00:02.000 --> 00:03.000\nI fixed it.\n"
    )
    assert texts(read_transcript(written(tmp_path, vtt, "a.vtt")).transcript) == [
        "I", "fixed", "it.",
    ]  # fmt: skip


def test_several_words_in_one_piece_are_several(tmp_path: Path) -> None:
    pieces = [{"word": " Last spring", "start": 0.0, "end": 1.0, "probability": 0.4}] * 3
    read = read_transcript(written(tmp_path, {"segments": [{"words": pieces}]})).transcript
    assert texts(read)[:2] == ["Last", "spring"]
    assert {word.probability for word in read.words} == {0.4}


def test_a_colon_in_some_cues_names_nobody_and_one_speaker_alone_is_not_told(
    tmp_path: Path,
) -> None:
    srt = "1\n00:00:01,000 --> 00:00:02,000\n{}\n\n2\n00:00:02,000 --> 00:00:03,000\n{}\n"
    some = read_transcript(
        written(tmp_path, srt.format("Result: it fell.", "Then we left."), "a.srt")
    ).transcript
    assert texts(some) == ["Result:", "it", "fell.", "Then", "we", "left."]
    alone = read_transcript(
        written(tmp_path, srt.format("Ben: It fell.", "Ben: Then we left."), "b.srt")
    ).transcript
    assert (texts(alone), alone.speaker) == (["It", "fell.", "Then", "we", "left."], None)


def test_times_of_a_clock_count_from_the_first(tmp_path: Path) -> None:
    read = read_transcript(written(tmp_path, timed(1.7e9, 1.7e9 + 4))).transcript
    assert [word.start_s for word in read.words] == [0.0, 4.0]
    assert read.duration_s == 4.5


def test_a_cue_beyond_a_day_stands_where_the_one_before_it_ends(tmp_path: Path) -> None:
    far = SRT + "\n3\n9999:00:00,000 --> 9999:00:05,000\nat last\n"
    read = read_transcript(written(tmp_path, far, "a.srt")).transcript
    assert (texts(read)[-1], read.words[-1].start_s, read.duration_s) == ("last", 5.0, 5.0)


def test_a_word_without_letters_and_times_is_no_word(tmp_path: Path) -> None:
    empty, said = {"word": " "}, {"word": " I", "start": 1, "end": 2}
    read = read_transcript(written(tmp_path, {"segments": [{"words": [said, empty]}]}))
    assert read.transcript.words == (Word("I", 1.0, 2.0),)
    with pytest.raises(BadInput, match="no words"):
        read_transcript(written(tmp_path, {"segments": [{"start": 0, "end": 1, "words": [empty]}]}))


def test_a_length_shorter_than_the_words_is_not_believed(tmp_path: Path) -> None:
    assert (
        read_transcript(written(tmp_path, timed(167.0, duration=5))).transcript.duration_s == 167.5
    )
    assert read_transcript(written(tmp_path, timed(1.0, duration=5))).transcript.duration_s == 5.0


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_plain_text_is_read_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "answer.txt"
    path.write_bytes("I saved the café £9 – it’s done".encode(encoding))
    assert is_text(path)
    read = read_transcript(path).transcript
    assert read.text == "I saved the café £9 – it’s done"
    assert not read.is_timed


def test_words_that_run_backwards_are_kept_and_put_in_order(tmp_path: Path) -> None:
    words = [{"word": f" w{n}", "start": s, "end": s + 0.5} for n, s in enumerate([5.0, 9.0, 2.0])]
    read = read_transcript(written(tmp_path, {"segments": [{"words": words}]})).transcript
    assert texts(read) == ["w0", "w1", "w2"]
    assert read.words[2].start_s == 9.0


@pytest.mark.parametrize("bad", ["NaN", "Infinity", "-3", '"soon"', "null", "1e999", "true"])
def test_times_that_are_no_times_cost_the_times_and_not_the_words(tmp_path: Path, bad: str) -> None:
    text = f'{{"segments": [{{"words": [{{"word": " I", "start": {bad}, "end": {bad}}}]}}]}}'
    read = read_transcript(written(tmp_path, text)).transcript
    assert (texts(read), read.is_timed) == (["I"], False)


@given(
    st.lists(
        st.tuples(st.floats(0, 1e4), st.floats(0, 1e4)).map(lambda t: Word("w", *t)), max_size=20
    )
)
def test_times_never_run_backwards_whatever_was_written(words: list[Word]) -> None:
    ordered = in_order(words)
    starts = [word.start_s for word in ordered]
    assert starts == sorted(starts)
    assert all(word.end_s >= word.start_s for word in ordered)
    assert len(ordered) == len(words)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", "is empty"),
        (b"  \n ", "is empty"),
        (b"\x00\x01\x02RIFF\x00" * 50, "is not text"),
        (b'{"segments": [{"wor', "line 1, column"),
        (b'{"text": "hello"}', "no list 'segments'"),
        (b"\xef\xbb\xbf", "no words in it"),
        (b'{"segments": [3]}', r"segments\[0\] is no object"),
        (b'{"segments": [{"words": [{"start": 1}]}]}', r"words\[0\] has no text"),
        (b'{"segments": [{}]}', "neither 'words' nor 'text'"),
        (b'{"segments": []}', "no words"),
        (b'{"segments": [{"text": ""}]}', "no words"),
        (b'{"segments": [{"text": "hi"}], "interview": {"level": "king"}}', "interview.level"),
        (b'{"segments": [{"text": "hi"}], "interview": {"counts": ["x"]}}', "interview.counts"),
        (b'{"segments": [{"text": "hi"}], "interview": 3}', "'interview' is no object"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "no cue"),
        (b"[" * 100_000, "JSON|nested"),
        (b"a" * 10_000_000, "10000000 letters"),
        *((value, "no Whisper JSON") for value in (b"null", b"5", b"true", b'"hi"')),
        (b"I fixed it.\x00" + b" and more" * 100, "is not text"),
        ("我发现了问题并修复了它。".encode() * 50, "written without blanks"),
        ("私は それを 直した".encode(), "written without blanks"),
        (b"start\tend\ttext\nsoon\t5\thi", "line 2 is no row"),
    ],
)
def test_a_bad_transcript_is_one_plain_line(tmp_path: Path, content: bytes, line: str) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=line) as raised:
        read_transcript(path)
    assert "\n" not in str(raised.value)
    assert "bad.json" in str(raised.value)


def test_a_faulty_line_of_json_lines_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"line 2 is not whole JSON.*Export"):
        read_transcript(written(tmp_path, '{"text": "I did"}\n{"text"\n', "a.jsonl"))


def test_a_file_called_text_is_no_sound_whatever_is_in_it(tmp_path: Path) -> None:
    path = written(tmp_path, "I fixed\0 it", "a.txt")
    assert is_text(path)
    with pytest.raises(BadInput, match="is not text"):
        read_transcript(path)


def test_ten_megabytes_of_one_word_are_read(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("word " * 2_000_000)
    assert len(read_transcript(path).transcript.words) == 2_000_000


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file"):
        read_transcript(tmp_path / "none.json")
    with pytest.raises(BadInput, match="is a folder"):
        read_transcript(tmp_path)
