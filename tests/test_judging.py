"""Replies to probes: what they are called, and the command that judges a file of them."""

import json
from pathlib import Path

import pytest

from mock_interviewer.adapters.language_files import load_language
from mock_interviewer.adapters.reply_lines import read_reply_lines
from mock_interviewer.app.judging import judged_lines
from mock_interviewer.core import rubric
from mock_interviewer.core.judging import Judgement, judge_reply, sentences_of
from mock_interviewer.core.rubric import Disqualifier, Quality, Why
from mock_interviewer.errors import BadInput

ENGLISH = load_language("en")
STORY = "Ownership story of a ferry purser who found that the lifejacket lockers were half empty."
ALL = frozenset(Disqualifier)


def judged(reply: str, tests: rubric.Tests, counts: frozenset[Disqualifier] = ALL) -> Judgement:
    return judge_reply(
        story=STORY,
        probe="What did you do about the lockers yourself?",
        tests=tests,
        reply=reply,
        counts=counts,
        language=ENGLISH,
    )


HANDED_OFF = "I reported it to the mate. They took it from there, they counted and reordered all."
SOLID = (
    "I opened all forty lockers on the Sunday and counted 212 jackets, and there should be 300. "
    "So I drove to the depot in Harwich on Monday and loaded the other 88 myself."
)


def test_a_reply_of_ones_own_deeds_is_strong():
    judgement = judged(SOLID, rubric.Tests.INDIVIDUAL_CONTRIBUTION)
    assert (judgement.quality, judgement.why, judgement.rescores) == ("strong", "solid", "none")


def test_a_hand_off_is_weak_and_rescores_the_answer_where_the_question_counts_it():
    counted = judged(HANDED_OFF, rubric.Tests.INDIVIDUAL_CONTRIBUTION)
    assert (counted.quality, counted.why) == (Quality.WEAK, Why.HANDED_OFF)
    assert counted.rescores == "no_hire"
    uncounted = judged(HANDED_OFF, rubric.Tests.INDIVIDUAL_CONTRIBUTION, frozenset())
    assert (uncounted.why, uncounted.rescores) == (Why.HANDED_OFF, "none")


def test_general_words_about_a_lesson_are_a_generic_reflection():
    reply = "That communication is so important, and you should always trust your team."
    assert judged(reply, rubric.Tests.LEARNING).why is Why.GENERIC_REFLECTION


def test_a_reply_of_no_words_is_too_short_and_shows_nothing():
    judgement = judged("  ", rubric.Tests.DEPTH)
    assert (judgement.why, judgement.evidence) == (Why.TOO_SHORT, None)


@pytest.mark.parametrize("reply", [SOLID, HANDED_OFF, "so i i went there and " * 30])
def test_the_evidence_is_in_the_reply_word_for_word(reply: str):
    evidence = judged(reply, rubric.Tests.DIFFICULTY).evidence
    assert evidence
    assert evidence in reply


def test_a_reply_without_full_stops_is_cut_where_clauses_join():
    spoken = " ".join(["i went down and counted the jackets so then i rang the depot"] * 4)
    parts = sentences_of(spoken, ENGLISH)
    assert len(parts) > 2
    assert " ".join(parts) == spoken


def write(folder: Path, *lines: str) -> Path:
    path = folder / "replies.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def line(**changed: object) -> str:
    whole = {"id": "r1", "story": STORY, "probe": "Why?", "tests": "motivation", "reply": SOLID}
    return json.dumps({k: v for k, v in (whole | changed).items() if v is not None})


def test_every_line_gets_its_line_in_order_and_a_broken_one_its_error(tmp_path: Path):
    path = write(tmp_path, line(), "{not json", line(reply=None), "", "[1]", line(id="r2"))
    got = list(judged_lines(read_reply_lines(path), ENGLISH))
    assert [g["id"] for g in got] == ["r1", None, None, None, None, "r2"]
    assert set(got[0]) == {"id", "quality", "why", "evidence", "rescores"}
    assert all(set(g) == {"id", "error"} and "\n" not in g["error"] for g in got[1:5])
    assert "line 3: reply" in got[2]["error"]


def test_unknown_ids_are_named_and_absent_counts_are_none(tmp_path: Path):
    path = write(tmp_path, line(tests="charm"), line(counts=["assigned", "lazy"]), line())
    lines = list(read_reply_lines(path))
    assert isinstance(lines[0], BadInput)
    assert "tests" in str(lines[0])
    assert isinstance(lines[1], BadInput)
    assert not isinstance(lines[2], BadInput)
    assert lines[2].counts == frozenset()


def test_a_file_that_is_not_there_is_one_plain_line(tmp_path: Path):
    with pytest.raises(BadInput, match="no such file"):
        list(read_reply_lines(tmp_path / "none.jsonl"))


def test_what_is_said_outright_rescores_whatever_stands_beside_it() -> None:
    reply = "My manager asked me to take it on. I pulled the slips and I printed labels."
    found = judged(reply, rubric.Tests.MOTIVATION)
    assert (found.quality, found.why, found.rescores) == ("weak", Why.ASSIGNED, "no_hire")
    assert found.evidence
    assert found.evidence in reply
    assert judged(reply, rubric.Tests.MOTIVATION, frozenset()).rescores == "none"
    denied = judged("Nobody asked me to take it on; I pulled the slips.", rubric.Tests.MOTIVATION)
    assert denied.rescores == "none"


def test_an_empty_file_has_no_lines_and_counts_may_be_null(tmp_path: Path):
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    assert list(read_reply_lines(empty)) == []
    told = json.loads(line()) | {"counts": None}
    (read,) = read_reply_lines(write(tmp_path, json.dumps(told)))
    assert not isinstance(read, BadInput)
    assert read.counts == frozenset()
