from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from answers import labelled, told, whisper_json
from many_sessions import STRONG, WEAK, make_session
from typer.testing import CliRunner

from mock_interviewer import wiring
from mock_interviewer.adapters.mentor_folder import is_folder_file
from mock_interviewer.app.replay import Replayed, Replayer, Wanted, question_for
from mock_interviewer.cli.compare_view import show_comparison
from mock_interviewer.cli.main import app
from mock_interviewer.core.comparing import compare
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
from mock_interviewer.core.verdict import Change
from mock_interviewer.errors import BadInput
from mock_interviewer.settings import Home
from mock_interviewer.wiring.cohort import expanded

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


# ---- what the command line says against what the file says


def test_another_principle_brings_what_it_usually_counts_whatever_the_file_counts() -> None:
    file = asked(principle=Principle.OWNERSHIP, counts=frozenset(Disqualifier))
    other = question_for(file, Wanted(principle=Principle.TEAMWORK), nothing_known)
    assert (other.principle, other.counts) == (Principle.TEAMWORK, frozenset())
    same = question_for(file, Wanted(principle=Principle.OWNERSHIP), nothing_known)
    assert same.counts == frozenset(Disqualifier)


def test_a_files_question_that_asks_for_no_story_is_not_judged_as_one(
    replayer: Replayer, tmp_path: Path
) -> None:
    spoken = whisper_json(DEV[0])
    spoken["interview"] = {"question": "Tell me about yourself"}
    file = as_file(tmp_path, spoken)
    analysis = only(replayer, file).analysis
    assert analysis is not None
    assert (analysis.question.kind, analysis.verdict) == (Kind.SELF_INTRODUCTION, None)
    assert analysis.question.counts == frozenset()
    judged = only(replayer, file, Wanted(principle=Principle.OWNERSHIP)).analysis
    assert judged is not None
    assert judged.verdict is not None
    spoken["interview"] |= {"principle": "ownership", "counts": ["assigned"]}
    asked_for_all = only(replayer, as_file(tmp_path, spoken)).analysis
    assert asked_for_all is not None
    assert asked_for_all.verdict is None
    spoken["interview"] = {"question": "Tell me about a time in your career when you failed."}
    story = only(replayer, as_file(tmp_path, spoken)).analysis
    assert story is not None
    assert story.question.kind is Kind.STORY


# ---- faults, and what is named


def test_an_inner_fault_at_one_file_is_an_error_in_its_place(
    replayer: Replayer, tmp_path: Path
) -> None:
    def failing(transcript: Transcript, *others: object) -> None:
        raise ZeroDivisionError("division by zero")

    file = as_file(tmp_path, whisper_json(DEV[0]))
    failed = only(replace(replayer, analyse=failing), file)
    assert failed.analysis is None
    assert failed.error == (
        f"{file}: it could not be judged (ZeroDivisionError: division by zero); leave the file out."
    )


def test_an_answer_is_called_by_its_session_and_its_folder(replayer: Replayer, home: Home) -> None:
    folder = make_session(home, WEAK)
    (folder.parent / "q2-other").mkdir()
    second = folder.parent / "q2-other" / "take1.json"
    second.write_text((folder / "take1.json").read_text())
    session = folder.parent.name
    named = [each.source for each in replayer.replay(session, Wanted())]
    assert named == [f"{session}/q1-fixed-unasked", f"{session}/q2-other"]
    for name in (*named, f"{named[0]}/1"):
        replayed = only(replayer, name)
        assert (replayed.source, replayed.error) == (name, None)
    assert "no answer 'q9-x'" in (only(replayer, f"{session}/q9-x").error or "")
    assert "no take '7'" in (only(replayer, f"{named[0]}/7").error or "")
    assert "does not exist" in (only(replayer, f"{session}/notes.txt").error or "")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def shown(home: Home, *arguments: str) -> str:
    result = CliRunner().invoke(app, ["replay", *arguments, "--home", str(home.path)])
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


def test_without_a_name_it_is_the_last_session_that_holds_an_answer(home: Home) -> None:
    folder = make_session(home)
    (home.sessions / "2026-12-01T090000-aaaa" / "q1-x").mkdir(parents=True)
    assert json.loads(shown(home, "--json"))["source"] == folder.parent.name


def test_a_named_session_without_an_answer_says_what_to_do(home: Home, replayer: Replayer) -> None:
    (home.sessions / "2026-12-01T090000-aaaa" / "q1-x").mkdir(parents=True)
    assert "mock-interviewer history" in (only(replayer, "2026-12-01").error or "")


def test_sound_without_a_file_to_put_it_into_is_one_plain_line(home: Home) -> None:
    make_session(home)
    result = CliRunner().invoke(app, ["replay", "--with-sound", "--home", str(home.path)])
    assert isinstance(result.exception, BadInput)
    assert "--html FILE" in str(result.exception)


def test_one_word_is_no_words(home: Home, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("hello")
    assert "· 1 word " in shown(home, str(tmp_path / "one.txt"))
    assert "· 1 palabra " in shown(home, str(tmp_path / "one.txt"), "--language", "es")


# ---- what the replies made of an answer

HAND_OFF = "I sent it to the vendor and they handled it."


def with_reply(folder: Path, why: str = "handed_off") -> Path:
    judged = {"quality": "weak", "why": why, "evidence": HAND_OFF, "rescores": "no_hire"}
    reply = {"probe": "Who fixed it?", "tests": "depth", "reply": HAND_OFF, "judgement": judged}
    wiring.write_json(folder / "probe1.judgement.json", reply)
    return folder


def test_a_reply_that_rescores_is_told_with_its_quote_and_the_verdict(home: Home) -> None:
    session = with_reply(make_session(home, STRONG)).parent.name
    text = shown(home, session)
    assert "strong hire after the opening answer, no hire after the probes" in text
    assert f"“{HAND_OFF}”" in text
    value = json.loads(shown(home, session, "--json"))
    assert value["verdict"] == "strong_hire"  # the opening answer's own
    told_by = {"probe": "Who fixed it?", "why": "handed_off", "quote": HAND_OFF}
    assert value["after_probes"] == {"verdict": "no_hire", "rescored_by": told_by}


def test_no_better_verdict_is_promised_where_a_reply_decides(home: Home) -> None:
    session = make_session(home, WEAK).parent.name
    assert "Told so, it would earn: " in shown(home, session)
    with_reply(home.sessions / session / "q1-fixed-unasked")
    text = shown(home, session)
    assert "Told so, it would earn: " not in text
    assert "This reply confirms the no hire of your opening answer." in text


def test_a_reply_rescores_only_by_what_the_question_counts(home: Home) -> None:
    folder = make_session(home, STRONG)
    assert "after_probes" not in json.loads(shown(home, folder.parent.name, "--json"))
    with_reply(folder, why="unquantified")
    kept = {"verdict": "strong_hire", "rescored_by": None}
    assert json.loads(shown(home, folder.parent.name, "--json"))["after_probes"] == kept
    with_reply(folder)
    other = ("--principle", "teamwork", "--json")
    assert json.loads(shown(home, folder.parent.name, *other))["after_probes"] == kept


# ---- beside another telling


def test_where_one_of_two_has_no_verdict_neither_is_called_better_or_worse(
    capsys: pytest.CaptureFixture[str],
) -> None:
    judged = analysed(wiring.transcript_of_text(STRONG))
    unheard = analysed(Transcript((Word("well", 0.0, 0.5, 0.9),), 1.0))
    language = judged.language
    for first, second in ((unheard, judged), (judged, unheard)):
        show_comparison(compare(first, second, language), "one", "two", language)
        text = " ".join(capsys.readouterr().out.split())
        assert "One of the two has no verdict, so neither is called better or worse." in text
        assert not any(word in text for word in ("now there:", "no longer there:", "mended:"))
    show_comparison(compare(judged, judged, language), "one", "two", language)
    assert "neither is called" not in capsys.readouterr().out


ASIDE = (
    "In our parish library I noticed that returned books lay in the lobby for days, and readers "
    "waited three weeks for titles that were in the building. Sorting was not my job, the "
    "caretakers had it, and nobody had asked me. I set out to get every book back on its shelf "
    "within a day. First I counted the carts for two weeks. Then I drew a route with the shelves "
    "in order of the carts, and I tried it alone on Sundays. I trained both evening assistants "
    "myself. The waiting time dropped from three weeks to two days. The weather that spring was "
    "awful, by the way. I learned that a full cart looks like somebody's work to everybody else. "
    "There was no rule for who empties a cart, so nobody was responsible for it."
)


def test_what_to_add_is_asked_for_after_the_number_and_not_after_an_aside(
    replayer: Replayer, tmp_path: Path
) -> None:
    path = tmp_path / "library.txt"
    path.write_text(ASIDE)
    change = only(replayer, path, Wanted(principle=Principle.OWNERSHIP)).analysis.next_change
    assert change is not None
    assert change.change is Change.SAY_WHAT_LASTED
    assert '"The waiting time dropped from three weeks to two days"' in change.text


def test_a_source_with_an_endless_name_stands_in_its_own_line() -> None:
    for name in ("a" * 300, "a" * 300 + ".zip"):
        assert expanded([name, "b.json"]) == [name, "b.json"]
        assert not is_folder_file(name)
