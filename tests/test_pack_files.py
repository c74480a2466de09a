from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mock_interviewer.adapters.pack_files import check_pack, load_packs, read_pack
from mock_interviewer.adapters.prompt_dir import prompts_dir
from mock_interviewer.adapters.toml_places import places_of
from mock_interviewer.core.rubric import ALL_DISQUALIFIERS, Kind, Principle
from mock_interviewer.errors import UnknownName

TEN_FAULTS = """\
[[question]]
id = "Not An Id"
text = "Why?"
principle = "bravery"
probes = [{ text = "How?", tests = "mood" }]

[[question]]
id = "fine"
text = ""
principle = "conflict"
level = "king"
counts = ["shouting"]
colour = "red"

[question.targets]
action = { target_s = 90, limit_s = 30 }

[[question]]
id = "half"
probes = []
"""
TEN = [
    (2, "'question.0.id' is 'Not An Id'; use small letters"),
    (4, "'question.0.principle' is 'bravery'; it must be"),
    (5, "'question.0.probes.0.tests' is 'mood'"),
    (7, "'question.1.probes' is missing"),
    (9, "'question.1.text' is empty"),
    (11, "'question.1.level' is 'king'"),
    (12, "'question.1.counts.0' is 'shouting'"),
    (13, "'question.1.colour' is not known here"),
    (16, "limit_s is below target_s"),
    (18, "'question.2.principle' is missing"),
    (18, "'question.2.text' is missing"),
    (20, "'question.2.probes'"),
]


def pack(folder: Path, text: str, name: str = "own.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_every_fault_is_named_at_once_with_its_line(tmp_path: Path) -> None:
    faults = check_pack(pack(tmp_path, TEN_FAULTS))
    assert [
        (fault.line, what in fault.what) for fault, (_, what) in zip(faults, TEN, strict=True)
    ] == [(line, True) for line, _ in TEN], [str(fault) for fault in faults]


def test_a_fault_names_its_file_first(tmp_path: Path) -> None:
    path = pack(tmp_path, "x = 1\n")
    assert all(str(fault).startswith(f"{path}:") for fault in check_pack(path))


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("id = \n", 1, "this is not TOML"),
        ('a = "1"\nb = "open\n', 2, "this is not TOML"),
        ("", 1, "is missing"),
        ("question = 3\n", 1, "is missing"),
    ],
)
def test_what_is_no_pack_is_told(tmp_path: Path, text: str, line: int, what: str) -> None:
    faults = check_pack(pack(tmp_path, text))
    assert faults[0].line == line
    assert what in faults[0].what


def test_a_file_that_is_no_text_or_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in check_pack(tmp_path / "bad.toml")[0].what
    assert "No such file" in check_pack(tmp_path / "none.toml")[0].what


def test_an_id_that_stands_twice_is_told(tmp_path: Path) -> None:
    one = (
        '[[question]]\nid = "a"\ntext = "A?"\nprinciple = "conflict"\n'
        'probes = [{ text = "B?", tests = "depth" }]\n'
    )
    faults = check_pack(pack(tmp_path, one + one))
    assert [(fault.line, fault.what) for fault in faults] == [(7, "the id 'a' stands twice")]


def test_lines_are_found_past_strings_and_lists_of_several_lines() -> None:
    text = 'a = """\nb = 1\n"""\nc = [\n  "d = 2",\n]\n[[t]]\ne = 1\n[[t]]\n[t.u]\nf = 1\n'
    places = places_of(text)
    assert places[("c",)] == 4
    assert places[("t", 0, "e")] == 8
    assert places[("t", 1, "u", "f")] == 11
    assert ("b",) not in places


def test_what_a_deeper_table_opens_around_it_has_its_line() -> None:
    places = places_of("[question]\nid = 1\n\n[question.targetz.situation]\na.b = 2\n")
    assert places[("question",)] == 1
    assert places[("question", "targetz")] == 4
    assert places[("question", "targetz", "situation", "a")] == 5


def test_every_pack_of_ours_is_whole() -> None:
    packs = load_packs(None)
    stories = [question for question in packs.questions if question.kind is Kind.STORY]
    assert len(stories) >= 30
    for principle in Principle:
        assert sum(question.principle is principle for question in stories) >= 3, principle


def test_ownership_counts_everything_unless_a_question_says_otherwise() -> None:
    packs = load_packs(None)
    assert packs.find("fixed-unasked").counts == ALL_DISQUALIFIERS
    assert packs.find("long-run-choice").counts < ALL_DISQUALIFIERS


def test_a_persons_own_question_wins_over_ours(tmp_path: Path) -> None:
    pack(
        tmp_path,
        '[[question]]\nid = "missed-deadline"\ntext = "Mine?"\nprinciple = "conflict"\n'
        'probes = [{ text = "B?", tests = "depth" }]\n',
    )
    packs = load_packs(tmp_path)
    assert packs.find("missed-deadline").text == "Mine?"
    assert packs.pattern_of("missed-deadline") is None


def test_a_broken_pack_of_ones_own_stops_nothing(tmp_path: Path) -> None:
    pack(tmp_path, "id = ")
    packs = load_packs(tmp_path)
    assert packs.find("missed-deadline")
    assert len(packs.faults) == 1


def test_an_unknown_question_is_answered_with_those_near_it() -> None:
    with pytest.raises(UnknownName, match="missed-deadline"):
        load_packs(None).find("missed-deadlines")


def test_the_patterns_strong_answer_shows_its_cues() -> None:
    pattern = read_pack(prompts_dir() / "missed-deadline.toml").pattern
    assert pattern is not None
    for guide in pattern.stages.values():
        assert all(cue in guide.example for cue in guide.cues)
    by_difficulty = [item.difficulty for item in pattern.quiz]
    assert {level: by_difficulty.count(level) for level in ("easy", "medium", "hard")} == {
        "easy": 4,
        "medium": 3,
        "hard": 3,
    }


def test_prompts_are_found_from_any_folder(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "mock_interviewer.cli.main", "questions", "show", "missed-deadline"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert "Common mistake" in run.stdout


def test_faults_between_the_parts_are_told_with_those_of_the_form(tmp_path: Path) -> None:
    ours = (prompts_dir() / "missed-deadline.toml").read_text(encoding="utf-8")
    spoilt = {
        'title = "A missed': 'titel = "A missed',
        '"nobody had asked me"': '"somebody had asked me"',
        'key_phrase = "I counted all': 'key_phrase = "We counted all',
        'quote = "things got a lot better"': 'quote = "things got much better"',
        'after = "communication is': 'after = "talking is',
        '"The result has no customer in it"': '"It was started by somebody else"',
        'answer = 0\ndifficulty = "hard"': 'answer = 4\ndifficulty = "hard"',
        'difficulty = "medium"': 'difficulty = "easy"',
    }
    text = ours
    for whole, broken in spoilt.items():
        assert whole in text
        text = text.replace(whole, broken, 1)
    lines = text.splitlines()
    told = {
        fault.line: fault.what
        for fault in check_pack(pack(tmp_path, text))
        if "'title' is missing" not in fault.what
    }
    for broken in [*spoilt.values()][:-1]:
        (at,) = (
            n for n, line in enumerate(lines, 1) if broken.split("\n")[0] in line and n in told
        )
        assert told.pop(at)
    (items,) = told.values()
    assert "5 easy, 2 medium, 3 hard" in items


# ---- probes about a pattern's own example

ANYBODY = 'text = "Why was it you who took this on?"\n'


def with_probe(folder: Path, text: str, *more: str) -> Path:
    """Our first pattern with another probe in the place of one."""
    ours = (prompts_dir() / "missed-deadline.toml").read_text(encoding="utf-8")
    assert ours.count(ANYBODY) == 1
    lines = "\n".join((f'text = "{text}"', *more))
    return pack(folder, ours.replace(ANYBODY, f"{lines}\n"))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("And if Easter had been too early?", "Easter"),
        ("Eleven percent: who says so?", "Eleven"),
        ("What is the 0.2 worth?", "0.2"),
        ("Last of all: why not wait, once you knew?", None),
        ("Which of the two of you was nobody asking?", None),
    ],
)
def test_a_probe_that_names_what_only_the_example_has_is_told(
    tmp_path: Path, text: str, named: str | None
) -> None:
    path = with_probe(tmp_path, text)
    faults = check_pack(path)
    assert [f"only the example has ({named})" in fault.what for fault in faults] == (
        [True] if named else []
    )
    line = path.read_text(encoding="utf-8").splitlines().index(f'text = "{text}"') + 1
    assert all(fault.line == line for fault in faults)
    assert not check_pack(with_probe(tmp_path, text, "about_example = true"))


def test_a_probe_about_the_example_is_found_and_not_asked(tmp_path: Path) -> None:
    text = "Eleven percent: who says so?"
    with_probe(tmp_path, text, "about_example = true")
    packs = load_packs(tmp_path)
    pattern = packs.find_pattern("missed-deadline")
    assert [probe.text for probe in pattern.probes if probe.about_example] == [text]
    assert text not in {probe.text for probe in pattern.question.probes}
    assert packs.search(text=text) == (pattern.question,)


def test_figures_are_found_in_the_examples_own_language(tmp_path: Path) -> None:
    ours = (prompts_dir("es") / "fuera-de-tu-puesto.toml").read_text(encoding="utf-8")
    old = "¿Cuántas veces había pasado, y cómo lo sabes?"
    (fault,) = check_pack(pack(tmp_path, ours.replace(old, "¿Cómo sabes que fueron tres?")))
    assert "(tres)" in fault.what


def test_a_plain_question_has_no_example_to_be_about(tmp_path: Path) -> None:
    (fault,) = check_pack(
        pack(
            tmp_path,
            '[[question]]\nid = "a"\ntext = "A?"\nprinciple = "conflict"\n'
            'probes = [{ text = "B?", tests = "depth", about_example = true }]\n',
        )
    )
    assert "is not known here" in fault.what
