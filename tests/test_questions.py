"""Finding a question, drawing one, bringing one's own, and what the packs cover."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from test_authoring import answers_for
from test_patterns import EXPORT, common_stems, out_of
from typer.testing import CliRunner

from mock_interviewer import wiring
from mock_interviewer.adapters.pack_files import load_packs
from mock_interviewer.cli.main import app
from mock_interviewer.cli.telling import tell, tell_guess
from mock_interviewer.core.authoring import Ask, Misfit, on
from mock_interviewer.core.coverage import counts_of, coverage_of
from mock_interviewer.core.pattern_script import ABOUT_EXAMPLE, pattern_script
from mock_interviewer.core.rubric import USUAL_COUNTS, Kind, Level, Principle, Work
from mock_interviewer.core.searching import stems_of
from mock_interviewer.errors import BadInput, UnknownName
from mock_interviewer.settings import Home
from mock_interviewer.wiring.asking import (
    WARM_UP_FROM,
    Wish,
    drawn,
    question_named,
    questions_to_ask,
    with_warm_up,
)

PACKS = load_packs(None)
OWN = """\
[[question]]
id = "{id}"
text = "{text}"
principle = "conflict"
probes = [{{ text = "And then?", tests = "depth" }}]
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def own_pack(home: Home, text: str, name: str = "own.toml") -> Path:
    home.questions.mkdir(parents=True, exist_ok=True)
    path = home.questions / name
    path.write_text(text, encoding="utf-8")
    return path


def run(home: Home, *arguments: str, stdin: str = "") -> tuple[int, str, str]:
    ran = CliRunner().invoke(app, [*arguments, "--home", str(home.path)], input=stdin)
    assert ran.exception is None or isinstance(ran.exception, SystemExit | UnknownName | BadInput)
    return ran.exit_code, ran.stdout, ran.stderr


# ---- finding


@pytest.mark.parametrize(
    "words",
    ["missed deadline", "DEADLINES missing", "handled deadline miss"],
)
def test_words_are_found_in_any_order_case_and_form(words: str) -> None:
    assert "missed-deadline" in {question.id for question in PACKS.search(text=words)}


def test_a_word_that_stands_nowhere_finds_nothing() -> None:
    assert not list(PACKS.search(text="ferry-free deadline"))


def test_words_are_found_in_other_wordings_in_titles_and_in_probes() -> None:
    pattern = PACKS.find_pattern("missed-deadline")
    places = [*pattern.variants, pattern.title, *(probe.text for probe in pattern.probes)]
    for text in places:
        assert pattern.question in PACKS.search(text=text), text


def test_a_search_is_narrowed_by_principle_level_and_work() -> None:
    for work in Work:
        found = PACKS.search(Principle.CONFLICT, None, None, work)
        assert found
        assert {(q.principle, q.work) for q in found} == {(Principle.CONFLICT, work)}
    senior = PACKS.search(level=Level.SENIOR)
    assert senior
    assert {question.level for question in senior} == {Level.SENIOR}


def test_the_list_is_one_object_a_line_and_what_finds_nothing_says_so(home: Home) -> None:
    narrowed = ("--principle", "customer_focus", "--work", "care_and_education")
    code, out, _ = run(home, "questions", "list", *narrowed, "--json")
    told = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert told
    assert {(q["principle"], q["work"]) for q in told} == {(narrowed[1], narrowed[3])}
    assert all(q["probes"] for q in told)
    code, out, err = run(home, "questions", "list", "--search", "deadline zebra", "--json")
    assert (code, out) == (0, "")
    assert "zebra (0)" in err


def test_a_name_that_is_none_is_answered_with_those_there_are(home: Home) -> None:
    ran = CliRunner().invoke(app, ["questions", "list", "--work", "farming"])
    assert isinstance(ran.exception, UnknownName)
    assert "there are tech, care_and_education" in str(ran.exception)


# ---- drawing


def test_a_seed_draws_the_same_question_in_the_list_and_in_an_interview(home: Home) -> None:
    in_list = [
        json.loads(run(home, "questions", "list", "--surprise", "--seed", str(n), "--json")[1])[
            "id"
        ]
        for n in range(6)
    ]
    asked = [
        questions_to_ask(home, Wish(is_surprise=True), Random(seed), tell)[0].id
        for seed in range(6)
    ]
    assert in_list == asked
    assert len(set(asked)) > 1
    _, shown, _ = run(home, "questions", "--surprise", "--seed", "3")
    assert f"interview {in_list[3]}" in shown


def test_what_is_drawn_is_a_story_of_the_wanted_kind_and_nothing_twice(home: Home) -> None:
    wish = Wish(principle=Principle.TEAMWORK, work=Work.TECH, how_many=3)
    for seed in range(10):
        asked = questions_to_ask(home, wish, Random(seed), tell)
        assert len({question.id for question in asked}) == 3
        assert {(q.principle, q.work, q.kind) for q in asked} == {
            (Principle.TEAMWORK, Work.TECH, Kind.STORY)
        }
    with pytest.raises(UnknownName, match="only"):
        drawn(PACKS.search(principle=Principle.TEAMWORK, work=Work.TECH), 99, Random(1))
    with pytest.raises(UnknownName, match="No question fits"):
        drawn((), 1, Random(1))


def test_a_name_and_a_surprise_exclude_each_other(home: Home) -> None:
    with pytest.raises(BadInput, match="not both"):
        questions_to_ask(home, Wish("missed-deadline", is_surprise=True), Random(1), tell)


# ---- a question of one's own words


@pytest.mark.parametrize(
    ("text", "principle"),
    [
        ("What was your worst mistake at work, and what came of it?", "failure_and_resilience"),
        ("Tell me about a conflict with a coworker", "conflict"),
        ("Have you ever disagreed with your boss?", "conflict"),
        ("Give an example of when you led people who did not report to you", "leadership"),
        ("When have you gone above and beyond your role?", "ownership"),
        ("Describe a time you worked closely with people from another department", "teamwork"),
        ("How did you deal with an angry customer?", "customer_focus"),
        ("When did you have to learn something quickly?", "learn_and_be_curious"),
        ("Tell me about a goal you achieved with too little time", "deliver_results"),
    ],
)
def test_a_questions_principle_is_guessed_and_told(
    home: Home, capsys: pytest.CaptureFixture[str], text: str, principle: str
) -> None:
    asked = question_named(home, text, tell_guess)
    assert (asked.text, asked.principle) == (text, principle)
    assert asked.counts == USUAL_COUNTS[asked.principle]
    told = capsys.readouterr().err
    assert f"Taken for a question of {principle.replace('_', ' ')} ('" in told
    assert "--principle NAME" in told


def test_a_principle_that_is_named_is_not_guessed(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = question_named(home, "What was your worst mistake?", tell, Principle.LEADERSHIP)
    assert (asked.principle, asked.counts) == (Principle.LEADERSHIP, frozenset())
    assert capsys.readouterr().err == ""


def test_where_nothing_speaks_for_a_principle_that_is_said(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert question_named(home, "Anything else?", tell).principle is Principle.OWNERSHIP
    assert "none can be read from the question" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Walk me through your CV", Kind.SELF_INTRODUCTION),
        ("So, tell me a bit about yourself", Kind.SELF_INTRODUCTION),
        ("Why do you want to leave your job?", Kind.MOTIVATION),
        ("Why this hospital?", Kind.MOTIVATION),
    ],
)
def test_a_question_that_asks_for_no_story_is_known_as_one(
    home: Home, capsys: pytest.CaptureFixture[str], text: str, kind: Kind
) -> None:
    assert question_named(home, text, tell).kind is kind
    assert "not judged" in capsys.readouterr().err


def test_a_packs_question_is_known_in_other_punctuation_and_its_other_wordings(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert question_named(home, "tell me about yourself", tell).id == "about-yourself"
    pattern = PACKS.find_pattern("missed-deadline")
    asked = question_named(home, pattern.variants[0], tell)
    assert (asked.id, asked.text) == ("missed-deadline", pattern.variants[0])
    assert capsys.readouterr().err == ""


def test_a_guessed_question_is_replayed_as_it_was_asked(home: Home) -> None:
    answer = "I grew up near the docks and I like ships more than anything else I know of.\n\n"
    code, out, _ = run(home, "interview", "Why this shipyard?", "--typed", "--silent", stdin=answer)
    assert code == 0
    assert "Practice verdict" not in out
    _, out, _ = run(home, "replay", "--json")
    told = json.loads(out)
    assert (told["question"]["kind"], told["verdict"], told["gate"]) == ("motivation", None, None)


def test_an_empty_question_is_refused(home: Home) -> None:
    with pytest.raises(BadInput, match="empty"):
        question_named(home, " ?! ", tell)


# ---- one's own packs


def test_an_own_question_wins_over_ours_wherever_it_is_named(home: Home) -> None:
    own_pack(home, OWN.format(id="missed-deadline", text="Mine?"))
    wiring.packs.cache_clear()
    assert questions_to_ask(home, Wish("missed-deadline"), Random(1), tell)[0].text == "Mine?"
    with pytest.raises(UnknownName, match="no pattern 'missed-deadline'"):
        wiring.pattern(home, "missed-deadline")
    _, out, _ = run(home, "questions", "list", "--search", "mine", "--json")
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["missed-deadline"]


def test_an_own_file_may_have_any_name(home: Home) -> None:
    own_pack(home, OWN.format(id="own-one", text="Mine?"), "probes.toml")
    assert load_packs(home.questions).find("own-one").text == "Mine?"


def test_one_id_in_two_own_files_is_told_with_file_and_line(home: Home) -> None:
    own_pack(home, OWN.format(id="one", text="A?"), "a.toml")
    path = own_pack(home, "# mine\n" + OWN.format(id="one", text="B?"), "b.toml")
    (fault,) = load_packs(home.questions).faults
    assert (fault.path, fault.line) == (path, 3)
    assert "a.toml" in fault.what


def test_a_probe_that_only_the_authors_example_can_be_asked_is_marked_as_one() -> None:
    marked = f"{ABOUT_EXAMPLE} And if Easter had been too early?"
    script = pattern_script(())
    asked: object = next(script)
    for typed in answers_for(PACKS.find_pattern("missed-deadline")):
        assert isinstance(asked, Ask)
        is_first = asked.what.startswith("Probe 1, as any candidate")
        if is_first:
            with pytest.raises(Misfit, match="Only your example has Easter"):
                asked.read(marked.removeprefix(ABOUT_EXAMPLE))
            with pytest.raises(Misfit, match="Behind"):
                asked.read(ABOUT_EXAMPLE)
        asked = on(script, asked.read(marked if is_first else typed))
    assert isinstance(asked, dict)
    first, *others = asked["probes"]
    assert (first["text"], first["about_example"]) == ("And if Easter had been too early?", True)
    assert others
    assert not any("about_example" in probe for probe in others)


def test_an_interview_asks_nothing_of_the_patterns_own_example(home: Home) -> None:
    story, reply = " ".join(EXPORT), "I counted the dealers I had called, all four hundred.\n\n"
    options = ("--typed", "--silent", "--probes", "3")
    code, out, _ = run(
        home, "interview", "missed-deadline", *options, stdin=f"{story}\n\n{reply * 3}"
    )
    first, *probes = (line for line in out.splitlines() if line.startswith("Interviewer: "))
    pattern = PACKS.find_pattern("missed-deadline")
    assert (code, first) == (0, f"Interviewer: {pattern.question.text}")
    assert len(probes) == 3
    common = common_stems(PACKS, "en") | set(stems_of(f"Interviewer {story}"))
    for probe in probes:
        assert not out_of(pattern, probe, "en", common) - set(story.split()), probe


# ---- what is covered


def test_our_packs_have_no_hole(home: Home) -> None:
    code, out, _ = run(home, "questions", "check", "--table")
    assert code == 0, out
    assert "no hole" in out
    for pattern in PACKS.patterns:
        assert f"\n{pattern.question.id} " in f"\n{out}"
    for principle in Principle:
        assert f"\n{principle.value.replace('_', ' ')} " in out


def test_there_are_more_than_two_hundred_questions_each_with_its_probes() -> None:
    assert len(PACKS.questions) >= 200
    assert PACKS.faults == ()
    texts = [question.text for question in PACKS.questions]
    assert len(set(texts)) == len(texts)
    assert all(len(question.probes) >= 2 for question in PACKS.questions)


def test_every_hole_is_named(home: Home) -> None:
    broken = own_pack(home, 'id = "half"\ntext = "A?"\n')
    code, out, _ = run(home, "questions", "check", "--table")
    assert code == 1
    assert f"hole: {broken}:1: 'principle' is missing" in out
    few = [question for question in PACKS.questions if question.work is not Work.TECH]
    holes = counts_of(few).holes
    assert len(holes) == len(Principle)
    assert "questions: none on conflict for tech" in holes
    assert "questions: none of kind motivation" in counts_of(PACKS.search(Principle.CONFLICT)).holes


def test_a_pattern_with_less_than_the_others_has_holes_in_its_modes() -> None:
    from dataclasses import replace

    whole = PACKS.patterns[0]
    less = replace(
        whole, concepts=whole.concepts[:2], quiz=whole.quiz[:9], probes=whole.probes[:1], lenses={}
    )
    modes = {hole.split(", ")[1].split(":")[0] for hole in coverage_of(less).holes}
    assert modes == {"learn", "concepts", "practise", "test"}
    assert coverage_of(whole).holes == ()


def test_checking_without_a_file_checks_all_there_are(home: Home) -> None:
    own_pack(home, OWN.format(id="one", text="A?"))
    code, out, _ = run(home, "questions", "check")
    assert code == 0
    assert f"{home.questions / 'own.toml'}: ok" in out
    assert "missed-deadline.toml: ok (strong answer: strong hire; weak answer: no hire)" in out
    assert CliRunner().invoke(app, ["questions"]).exit_code == 2


# ---- the warm-up of a full mock


@pytest.mark.parametrize("work", [None, Work.TECH, Work.CARE_AND_EDUCATION])
def test_a_full_mock_opens_with_an_introduction_of_the_work_asked_about(
    home: Home, work: Work | None
) -> None:
    stories = [q for q in PACKS.search(work=work) if q.kind is Kind.STORY and q.work is work]
    asked = tuple(stories[:WARM_UP_FROM])
    warm_up, *others = with_warm_up(home, asked)
    assert tuple(others) == asked
    assert warm_up.kind is Kind.SELF_INTRODUCTION
    assert warm_up.work is work
    assert not warm_up.probes
    assert with_warm_up(home, asked[1:]) == asked[1:]


def test_questions_of_many_kinds_of_work_are_opened_by_none_of_them(home: Home) -> None:
    stories = [q for q in PACKS.questions if q.kind is Kind.STORY]
    asked = tuple(next(q for q in stories if q.work is work) for work in list(Work)[:3])
    assert with_warm_up(home, asked)[0].work is None
