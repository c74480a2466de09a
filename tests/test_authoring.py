"""Writing a question of one's own: the script, its drafts, and the finished pack."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lesson_terminal import terminal
from typer.testing import CliRunner, Result

from mock_interviewer.adapters.own_packs import last_draft, new_draft, write_pack
from mock_interviewer.adapters.pack_files import check_pack, load_packs, read_pack
from mock_interviewer.adapters.prompt_dir import prompts_dir
from mock_interviewer.cli.main import app
from mock_interviewer.core.authoring import Ask, Misfit, after, id_for, on, question_script
from mock_interviewer.core.pattern import Pattern
from mock_interviewer.core.pattern_script import SEPARATOR, pattern_script
from mock_interviewer.core.rubric import Disqualifier, Kind, Principle
from mock_interviewer.errors import BadInput

TEXT = "Tell me about a time you calmed an angry parent."
QUESTION = [TEXT, "", "", "customer focus", "", "2", ""]
"""Its words, the proposed name, a story, a principle, the level, the work, the usual counts."""
PROBES = ["How did you know it had worked?", "quantification", ""]


def new(home: Path, *lines: str, options: Sequence[str] = ()) -> Result:
    return CliRunner().invoke(
        app,
        ["questions", "new", *options, "--home", str(home)],
        input="".join(f"{line}\n" for line in lines),
    )


def test_a_question_is_asked_for_written_and_whole(tmp_path: Path) -> None:
    ran = new(tmp_path, *QUESTION, *PROBES)
    assert ran.exit_code == 0, ran.output
    path = tmp_path / "questions" / "calmed-angry-parent.toml"
    assert check_pack(path) == ()
    asked = load_packs(tmp_path / "questions").find("calmed-angry-parent")
    assert (asked.text, asked.principle) == (QUESTION[0], Principle.CUSTOMER_FOCUS)
    assert [probe.text for probe in asked.probes] == [PROBES[0]]
    assert "interview calmed-angry-parent" in ran.output
    assert last_draft(tmp_path / "questions") is None


def test_what_was_answered_outlives_the_end_and_is_gone_on_with(tmp_path: Path) -> None:
    ran = new(tmp_path, *QUESTION[:4])
    assert isinstance(ran.exception, BadInput)
    assert "--resume" in str(ran.exception)
    assert list((tmp_path / "questions").glob("*.toml")) == []
    assert load_packs(tmp_path / "questions").faults == ()
    ran = new(tmp_path, *QUESTION[4:], *PROBES, options=["--resume"])
    assert ran.exit_code == 0, ran.output
    assert (tmp_path / "questions" / "calmed-angry-parent.toml").is_file()
    assert isinstance(new(tmp_path, options=["--resume"]).exception, BadInput)


def test_one_can_go_back_and_answer_again(tmp_path: Path) -> None:
    lines = [*QUESTION[:4], "<", "conflict", *QUESTION[4:], *PROBES]
    assert new(tmp_path, "<", *lines).exit_code == 0
    own = load_packs(tmp_path / "questions").find("calmed-angry-parent")
    assert own.principle is Principle.CONFLICT


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    assert new(tmp_path, *QUESTION, *PROBES).exit_code == 0
    path = tmp_path / "questions" / "calmed-angry-parent.toml"
    before = path.read_bytes()
    ran = new(tmp_path, QUESTION[0], "calmed-angry-parent", *QUESTION[1:], *PROBES)
    assert "You have a question 'calmed-angry-parent' already" in ran.output
    assert ran.exit_code == 0  # the second time it proposed another name
    assert (tmp_path / "questions" / "calmed-angry-parent-2.toml").is_file()
    assert path.read_bytes() == before
    with pytest.raises(BadInput, match="never overwritten"):
        write_pack(tmp_path / "questions", "calmed-angry-parent", {"question": []})


def test_a_damaged_draft_is_told_and_kept(tmp_path: Path) -> None:
    drafts = tmp_path / "questions" / "drafts"
    drafts.mkdir(parents=True)
    (drafts / "2026-11-23T163005.json").write_text("{")
    with pytest.raises(BadInput, match=r"163005\.json is damaged"):
        last_draft(tmp_path / "questions")
    assert (drafts / "2026-11-23T163005.json").is_file()


def test_ctrl_c_in_the_middle_of_a_line_keeps_that_line_too(tmp_path: Path) -> None:
    with terminal(tmp_path, "questions", "new") as shown:
        shown.until("1. The question")
        shown.press("What was hard?\n")
        shown.until("[hard]")
        shown.press("half-typ")
        shown.until("half-typ")
        time.sleep(0.5)  # readline misses a signal between its last key and its next wait
        shown.process.send_signal(signal.SIGINT)
        shown.until("--resume")
        assert shown.process.wait(30) == 130
    assert "Traceback" not in shown.shown
    draft = last_draft(tmp_path / "questions")
    assert draft is not None
    assert (draft.answers, draft.begun) == (("What was hard?",), "half-typ")


# ---- what an answer may be


@pytest.mark.parametrize("typed", ["Two Words", "under_score", "-edge", "mine"])
def test_a_name_that_cannot_be_used_says_why(typed: str) -> None:
    script = question_script({"mine"})
    asked = after(script, ["What was hard?"])
    assert isinstance(asked, Ask)
    with pytest.raises(Misfit, match="hyphens only" if typed != "mine" else "already"):
        asked.read(typed)


def test_a_choice_is_taken_by_number_or_name_and_nothing_else() -> None:
    asked = Ask("What?", ("customer_focus", "conflict"))
    assert [asked.read(typed) for typed in ("1", "Customer focus", "conflict")] == [
        "customer_focus",
        "customer_focus",
        "conflict",
    ]
    for typed in ("0", "3", "focus", "", "²"):
        with pytest.raises(Misfit):
            asked.read(typed)


def test_a_question_without_a_story_is_not_asked_for_a_principle() -> None:
    content = after(question_script(()), ["Why us?", "why-us-2", Kind.MOTIVATION, *PROBES])
    assert not isinstance(content, Ask)
    assert content["question"][0]["kind"] == "motivation"


def test_names_are_made_of_the_telling_words() -> None:
    assert id_for("When did you last change your mind?") == "last-change-mind"
    assert id_for("What was it?") == "what-was-it"
    assert id_for("¿?") == "question"


# ---- a whole pattern


def answers_for(pattern: Pattern) -> list[str]:
    """What a person would type to write exactly this pattern."""
    asked, weak = pattern.question, pattern.weak_answer
    counts = ", ".join(d for d in Disqualifier if d in asked.counts) or "none"
    work = asked.work.value if asked.work else ""
    typed = [asked.text, asked.id, asked.principle, asked.level, work, counts, pattern.title]
    typed += [*pattern.variants, "", pattern.overview, pattern.takeaway]
    for guide in pattern.stages.values():
        typed += [guide.example, SEPARATOR.join(guide.cues), guide.coaching, guide.mistake]
    for level in pattern.levels.values():
        typed += [level.focus, level.bar, level.length, level.reflection]
    for probe in pattern.probes:
        typed += [probe.text, probe.tests, probe.after, probe.weak, probe.weak_why, probe.strong]
        typed += [probe.key_phrase]
    typed += ["", weak.text, weak.verdict]
    for point in weak.points:
        typed += [point.quote, point.fault]
    typed.append("")
    for thought in weak.thoughts:
        typed += [thought.after, thought.thought]
    typed.append("")
    for principle, lens in pattern.lenses.items():
        typed += [principle, lens.lead_with, lens.emphasise, lens.play_down]
    typed.append("")
    for check in pattern.concepts:
        typed += [check.question, *check.options, str(check.answer + 1), check.explanation]
    for item in pattern.quiz:
        typed += [item.question, *item.options, str(item.answer + 1), item.kind]
        typed += [SEPARATOR.join(item.steps), item.hint, item.mistake]
    return [" ".join(line.split()) for line in typed]


def plain(value: object) -> object:
    """The same with every text on one line, for comparing."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


def test_a_whole_pattern_can_be_written_that_way(tmp_path: Path) -> None:
    ours = read_pack(prompts_dir() / "missed-deadline.toml").pattern
    assert ours is not None
    typed = answers_for(ours)
    assert len(typed) > 150
    ran = new(tmp_path, *typed[:77], options=["--pattern"])
    assert isinstance(ran.exception, BadInput)
    ran = new(tmp_path, *typed[77:], options=["--resume"])
    assert ran.exit_code == 0, ran.output
    written = load_packs(tmp_path / "questions").find_pattern("missed-deadline")
    assert plain(asdict(written)) == plain(asdict(ours))
    assert "learn missed-deadline" in ran.output


def test_a_quote_must_stand_word_for_word_in_what_it_quotes() -> None:
    ours = read_pack(prompts_dir() / "missed-deadline.toml").pattern
    assert ours is not None
    script = pattern_script(())
    asked: object = next(script)
    refused = []
    for typed in answers_for(ours):
        assert isinstance(asked, Ask)
        if "word for word" in asked.what:
            with pytest.raises(Misfit, match="Not word for word"):
                asked.read("words that nobody said here")
            refused.append(asked.what)
        asked = on(script, asked.read(typed))
    assert len(refused) > 15
    assert isinstance(asked, dict)


def test_a_draft_is_on_disk_after_every_answer(tmp_path: Path) -> None:
    draft = new_draft(tmp_path, datetime(2026, 11, 23, 16, 30, 5, tzinfo=UTC), is_pattern=True)
    assert last_draft(tmp_path) is None
    replace(draft, answers=("a", "b"), begun="c").save()
    kept = last_draft(tmp_path)
    assert kept is not None
    assert (kept.answers, kept.begun, kept.is_pattern) == (("a", "b"), "c", True)
    assert json.loads(kept.path.read_text())["answers"] == ["a", "b"]
