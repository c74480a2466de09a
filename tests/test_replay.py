from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from answers import labelled, told, whisper_json

from mock_interviewer import wiring
from mock_interviewer.app.replay import Replayed, Replayer, Wanted, question_for
from mock_interviewer.core.question import AskedAs, Question
from mock_interviewer.core.report import analysis_json
from mock_interviewer.core.rubric import (
    STORY_STAGES,
    Disqualifier,
    Gate,
    Kind,
    Level,
    Noted,
    Principle,
    Signal,
    Stage,
    Verdict,
)
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.settings import Home

DEV = labelled(["dev"])


@pytest.fixture
def replayer(tmp_path: Path) -> Replayer:
    def no_engine() -> None:
        raise AssertionError("nothing here is a recording")

    return wiring.replayer(Home(tmp_path / "home"), no_engine)


def only(replayer: Replayer, source: object, wanted: Wanted | None = None) -> Replayed:
    (replayed,) = replayer.replay(str(source), wanted or Wanted())
    return replayed


def as_file(folder: Path, value: dict[str, object], name: str = "answer.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(value))
    return path


NUMBER_OR_NONE = (int, float, type(None))


@pytest.mark.parametrize("path", DEV[::4], ids=lambda path: path.stem)
def test_the_json_holds_every_key_of_the_contract(
    replayer: Replayer, tmp_path: Path, path: Path
) -> None:
    spoken = whisper_json(path)
    replayed = only(replayer, as_file(tmp_path, spoken))
    assert replayed.analysis is not None
    value = json.loads(
        json.dumps(analysis_json(replayed.analysis, replayed.source), allow_nan=False)
    )
    assert set(value) >= {
        *("source", "question", "duration_s", "engine", "rubric_version", "gate", "units"),
        *("stages", "signals", "disqualifiers", "weaknesses", "noted", "delivery", "verdict"),
        *("because", "next_change", "probes"),
    }
    assert list(value["stages"]) == [stage.value for stage in STORY_STAGES]
    assert set(value["signals"]) == set(Signal)
    assert set(value["disqualifiers"]) == set(Disqualifier)
    assert set(value["noted"]) == set(Noted)
    assert set(value["weaknesses"]) == {
        *("we_dilution", "vague_result", "unquantified", "generic_reflection"),
        *("long_situation", "missing_stages"),
    }
    assert set(value["delivery"]) == {
        *("words_per_minute", "articulation_wpm", "thinking_s", "fillers", "pauses"),
        *("windows", "fillers_heard", "fillers_maybe_at", "pauses_at"),
    }
    assert len(value["delivery"]["pauses_at"]) == value["delivery"]["pauses"]["count"]
    assert len(value["delivery"]["fillers_heard"]) == value["delivery"]["fillers"]["at_least"]
    assert set(value["delivery"]["pauses"]) == {"count", "median_s", "p90_s", "longest_s"}
    assert all(isinstance(n, NUMBER_OR_NONE) for n in value["delivery"]["pauses"].values())
    said = " ".join(w["word"].strip() for s in spoken["segments"] for w in s["words"])
    assert " ".join(unit["text"] for unit in value["units"]) == said
    for found in (*value["signals"].values(), *value["disqualifiers"].values()):
        if found:
            assert found["quote"] in said
            assert 0 <= found["start_s"] <= found["end_s"] <= value["duration_s"]
    for unit in value["units"]:
        assert len(unit["text"].split()) <= 30
        assert 0 <= unit["confidence"] <= 1
        assert all(phrase in unit["text"] for phrase in unit["because"])
    if value["verdict"] != "strong_hire" and value["gate"] is None:
        assert value["next_change"]["text"]
    else:
        assert value["next_change"] is None


def test_stage_seconds_are_the_sum_of_their_spans(replayer: Replayer, tmp_path: Path) -> None:
    analysis = only(replayer, as_file(tmp_path, whisper_json(DEV[0]))).analysis
    assert analysis is not None
    for timing in analysis.stages.values():
        spans = sum(end - start for start, end in timing.spans)
        assert timing.duration_s == pytest.approx(spans)


def test_plain_text_is_judged_without_times(replayer: Replayer, tmp_path: Path) -> None:
    answer = json.loads(DEV[0].read_text())
    (tmp_path / "a.txt").write_text(" ".join(unit["text"] for unit in answer["units"]))
    analysis = only(replayer, tmp_path / "a.txt").analysis
    assert analysis is not None
    assert analysis.verdict is not None
    value = analysis_json(analysis, "a.txt")
    assert {stage["duration_s"] for stage in value["stages"].values()} == {None}
    assert {stage["status"] for stage in value["stages"].values()} <= {None, "missing"}
    assert value["delivery"]["words_per_minute"] is None
    assert value["engine"] is None


def test_a_file_that_cannot_be_read_is_an_error_in_its_place(
    replayer: Replayer, tmp_path: Path
) -> None:
    (tmp_path / "empty.json").write_text("")
    assert "is empty" in (only(replayer, tmp_path / "empty.json").error or "")
    assert "does not exist" in (only(replayer, tmp_path / "gone.wav").error or "")
    assert "no session called 'nope'" in (only(replayer, "nope").error or "")


def asked(**told_: object) -> AskedAs:
    return AskedAs(**told_)


def nothing_known(text: str) -> Question | None:
    return None


def test_without_any_word_about_it_an_answer_is_an_ownership_story() -> None:
    question = question_for(AskedAs(), Wanted(), nothing_known)
    assert (question.principle, question.level) == (Principle.OWNERSHIP, Level.SDE2)
    assert question.counts == frozenset(Disqualifier)


def test_the_command_line_wins_over_the_file_and_the_file_over_the_default() -> None:
    file = asked(principle=Principle.CONFLICT, level=Level.SENIOR, question="Who was right?")
    question = question_for(file, Wanted(), nothing_known)
    assert (question.text, question.level) == ("Who was right?", Level.SENIOR)
    assert question.counts == frozenset()
    question = question_for(file, Wanted(principle=Principle.OWNERSHIP), nothing_known)
    assert (question.principle, question.level) == (Principle.OWNERSHIP, Level.SENIOR)
    assert question.counts == frozenset(Disqualifier)
    question = question_for(file, Wanted(level=Level.SDE1), nothing_known)
    assert (question.principle, question.level) == (Principle.CONFLICT, Level.SDE1)


def test_what_a_file_counts_wins_over_what_its_principle_usually_counts() -> None:
    file = asked(principle=Principle.OWNERSHIP, counts=frozenset({Disqualifier.ASSIGNED}))
    assert question_for(file, Wanted(), nothing_known).counts == {Disqualifier.ASSIGNED}


def test_a_question_asked_by_its_text_is_the_packs_question() -> None:
    known = Question("Why us?", kind=Kind.MOTIVATION, counts=frozenset())
    question = question_for(asked(question="Why us?"), Wanted(), lambda text: known)
    assert question.kind is Kind.MOTIVATION


def analysed(transcript: Transcript, question: Question | None = None) -> object:
    return wiring.analyse(transcript, question or Question("Tell me about a time."), None)


def test_too_few_words_are_not_judged() -> None:
    analysis = analysed(Transcript((Word("well", 0.0, 0.5, 0.9),), 1.0))
    assert analysis.gate is Gate.NOT_ENOUGH_HEARD
    assert (analysis.verdict, analysis.next_change, analysis.probes) == (None, None, ())
    assert not any(analysis.findings.signals.values())


def test_an_opinion_is_no_story_and_nothing_else_is_said_of_it() -> None:
    text = (
        "In my view communication is the most important thing in any team. People should always "
        "talk to each other, and I always try to keep everybody informed. If something goes wrong "
        "I would sit down with them and find a solution that works for everyone."
    )
    analysis = analysed(Transcript(tuple(Word(word) for word in text.split())))
    assert (analysis.gate, analysis.verdict) == (Gate.NO_STORY, Verdict.NO_HIRE)
    assert not any(analysis.findings.disqualifiers.values())


def test_a_self_introduction_is_timed_and_not_judged() -> None:
    transcript, _ = told(
        (Stage.SITUATION, "I am a nurse and I have worked in Leeds for years. " * 4)
    )
    question = Question("Tell me about yourself.", kind=Kind.SELF_INTRODUCTION)
    analysis = analysed(transcript, question)
    assert (analysis.gate, analysis.verdict, analysis.next_change) == (None, None, None)
    assert analysis.delivery.words_per_minute is not None


def test_words_heard_badly_never_disqualify(replayer: Replayer, tmp_path: Path) -> None:
    for path in labelled()[:40]:
        answer = json.loads(path.read_text())
        if not any(answer["disqualifiers"].values()):
            continue
        spoken = whisper_json(path)
        read, _ = wiring.read_transcript(as_file(tmp_path, spoken))
        unclear = replace(read, words=tuple(replace(word, probability=0.2) for word in read.words))
        analysis = wiring.analyse(unclear, Question("Tell me about a time."), None)
        assert not any(analysis.findings.disqualifiers.values()), path


def test_the_labelled_answers_are_judged_far_better_than_by_shares(
    replayer: Replayer, tmp_path: Path
) -> None:
    right = total = 0.0
    for path in DEV:
        answer = json.loads(path.read_text())
        analysis = only(replayer, as_file(tmp_path, whisper_json(path))).analysis
        assert analysis is not None
        texts = {unit["text"]: unit["stage"] for unit in answer["units"]}
        for unit in analysis.units:
            stage = next((s for text, s in texts.items() if unit.text in text), None)
            if stage is not None:
                total += 1
                right += unit.stage == stage
    assert total > 500
    assert right / total > 0.88  # cutting at the targets' shares reaches 0.75


def test_a_session_is_replayed_with_its_correction(tmp_path: Path, replayer: Replayer) -> None:
    folder = tmp_path / "home" / "sessions" / "2026-11-23T163005-7f3a" / "q1-fix"
    folder.mkdir(parents=True)
    (folder / "take1.json").write_text(json.dumps(whisper_json(DEV[0])))
    (folder / "take1.analysis.json").write_text("{}")
    heard = only(replayer, "2026-11-23").analysis
    assert heard is not None
    wiring.write_correction(folder / "take1.json", heard.transcript.text + " And that is all.")
    corrected = only(replayer, "2026-11-23T163005-7f3a").analysis
    assert corrected is not None
    assert corrected.transcript.text.endswith("And that is all.")
    assert json.loads((folder / "take1.json").read_text()) == whisper_json(DEV[0])
    (folder / "take1.corrections.json").write_text("{")
    assert "is damaged" in (only(replayer, "2026-11-23").error or "")


def test_the_latest_take_is_the_one_that_counts(tmp_path: Path, replayer: Replayer) -> None:
    folder = tmp_path / "s" / "q1-fix"
    folder.mkdir(parents=True)
    for take, path in ((1, DEV[0]), (2, DEV[1]), (10, DEV[2])):
        (folder / f"take{take}.json").write_text(json.dumps(whisper_json(path)))
    analysis = only(replayer, tmp_path / "s").analysis
    assert analysis is not None
    assert analysis.question.text == whisper_json(DEV[2])["interview"]["question"]


def test_an_empty_session_is_one_plain_line(tmp_path: Path, replayer: Replayer) -> None:
    (tmp_path / "s").mkdir()
    assert "holds no answer" in (only(replayer, tmp_path / "s").error or "")
