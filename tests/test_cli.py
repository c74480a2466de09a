"""The program as a person runs it: real commands, real engines, real files."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from answers import CORPUS, labelled, whisper_json
from program import Ran, called, started

from mock_interviewer import __version__
from mock_interviewer.adapters.prompt_dir import fixtures_dir

Run = Callable[..., Ran]
DEV = labelled(["dev"])


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """In this process."""

    def with_home(*arguments: object, stdin: str = "", **environment: str) -> Ran:
        return called(tmp_path / "home", arguments, stdin, **environment)

    return with_home


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    home = tmp_path_factory.mktemp("home")
    ran = started(home, ["demo"])
    assert ran.returncode == 0, ran.stderr
    return ran.stdout, home


def is_one_plain_line(text: str) -> bool:
    return text.count("\n") == 1 and "Traceback" not in text


def test_the_demo_recognises_judges_and_probes_two_candidates(demo: tuple[str, Path]) -> None:
    shown, home = demo
    assert shown.count("Practice verdict:") == 2
    assert "Practice verdict: strong hire" in shown or "Practice verdict: hire" in shown
    assert "Practice verdict: no hire" in shown
    assert "The one thing to change:" in shown
    assert shown.count("Interviewer:") == 6
    assert "The whole interview" in shown
    assert "Start with answer 2:" in shown
    (session,) = (home / "sessions").iterdir()
    assert len(list(session.rglob("probe*.judgement.json"))) == 4
    assert len(list(session.rglob("*question.wav"))) in (0, 6)  # 0 where nothing can speak


def test_the_demos_stages_are_those_that_were_spoken(demo: tuple[str, Path]) -> None:
    (session,) = (demo[1] / "sessions").iterdir()
    right = total = 0.0
    for name, number in (("strong", 1), ("weak", 2)):
        truth = json.loads((fixtures_dir() / f"{name}.json").read_text())
        (written,) = session.glob(f"q{number}-*/take1.analysis.json")
        units = json.loads(written.read_text())["units"]
        for told in truth["units"]:
            for word in told["words"]:
                middle = (word["start_s"] + word["end_s"]) / 2
                near = min(units, key=lambda u: max(u["start_s"] - middle, middle - u["end_s"], 0))
                total += 1
                right += near["stage"] == told["stage"]
    assert right / total >= 0.85


def test_a_session_is_replayed_from_its_name(demo: tuple[str, Path]) -> None:
    home = demo[1]
    (session,) = (home / "sessions").iterdir()
    ran = called(home, ["replay", "--json"])
    values = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.returncode == 0
    assert [value["source"].split("/")[0] for value in values] == [session.name] * 2
    stored = [
        json.loads(path.read_text())["verdict"]
        for path in sorted(session.glob("q*/take1.analysis.json"))
    ]
    assert [value["verdict"] for value in values] == stored


def test_an_edit_corrects_the_transcript_and_keeps_what_was_heard(
    demo: tuple[str, Path], tmp_path: Path
) -> None:
    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\necho "and that was all" >> "$1"\n')
    editor.chmod(0o700)
    home = Path(shutil.copytree(demo[1], tmp_path / "home"))
    ran = called(home, ["replay", "--edit", "--json"], EDITOR=str(editor))
    assert ran.returncode == 0, ran.stderr
    for line in ran.stdout.splitlines():
        assert json.loads(line)["units"][-1]["text"].endswith("and that was all")


@pytest.mark.parametrize(
    ("script", "says"),
    [
        (': > "$1"', "no words"),
        ("exit 1", "Set EDITOR"),
        ("printf 'caf\\351' > \"$1\"", "UTF-8"),
        (None, "Set EDITOR"),
    ],
    ids=["emptied", "gave up", "not UTF-8", "not there"],
)
def test_an_edit_that_goes_wrong_changes_nothing_and_says_so(
    demo: tuple[str, Path], tmp_path: Path, script: str | None, says: str
) -> None:
    editor = tmp_path / "editor.sh"
    if script is not None:
        editor.write_text(f"#!/bin/sh\n{script}\n")
        editor.chmod(0o700)
    home = Path(shutil.copytree(demo[1], tmp_path / "home"))
    ran = called(home, ["replay", "--edit", "--json"], EDITOR=str(editor))
    assert says in ran.stdout + ran.stderr
    assert ".. Set" not in ran.stderr
    assert not list(home.rglob("*.corrections.json"))


def test_a_report_replaces_a_report_and_nothing_else(run: Run, tmp_path: Path) -> None:
    mine, report = tmp_path / "a.txt", tmp_path / "a.html"
    mine.write_text("I noticed the lists were wrong and I rebuilt them in a week.")
    for options in ((), ("--jobs", "1")):
        ran = run("replay", *options, "--html", mine, mine)
        assert ran.returncode == 1
        assert "not overwritten" in ran.stderr
    assert mine.read_text().startswith("I noticed")
    for _ in range(2):
        assert run("replay", "--html", report, mine).returncode == 0
    assert run("replay", "--compare", "--html", report, mine, mine).returncode == 1
    assert run("replay", "--jobs", "1", "--reader", "http://127.0.0.1:9", mine).returncode == 2


def test_a_typed_answer_in_another_encoding_is_taken(tmp_path: Path) -> None:
    typed = b"I noticed that backups failed.\nI rebuilt the caf\xe9 job.\nIt fell to 0.\n\n"
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "mock_interviewer.cli.main", "interview", b"What did \xff do?"),
            *("--typed", "--silent", "--probes", "0"),
        ],
        input=typed,
        capture_output=True,
        check=False,
        env=os.environ | {"MOCK_INTERVIEWER_HOME": str(tmp_path / "home"), "PYTHONUTF8": "1"},
    )
    assert b"Something went wrong" not in ran.stderr
    (written,) = (tmp_path / "home").rglob("take1.json")
    assert json.loads(written.read_text())["text"].endswith("It fell to 0.")


def test_version_says_it_and_stops(run: Run) -> None:
    ran = run("--version")
    assert (ran.returncode, ran.stdout) == (0, f"mock-interviewer {__version__}\n")


def test_help_names_the_commands_and_gives_examples(run: Run) -> None:
    for command in ("demo", "interview", "replay", "judge"):
        ran = run(command, "--help")
        assert ran.returncode == 0
        assert f"Example: mock-interviewer {command}" in " ".join(ran.stdout.split())
    assert run("dance").returncode == 2
    assert run("interview", "--probes", "many").returncode == 2


def test_a_typed_interview_asks_judges_and_keeps(run: Run, tmp_path: Path) -> None:
    answer = json.loads(DEV[0].read_text())
    story = "\n".join(unit["text"] for unit in answer["units"])
    reply = "I pulled one week of logs and counted the reprints for every printer myself."
    ran = run(
        "interview", "fixed-unasked", "--typed", "--silent", "--probes", "1",
        stdin=f"{story}\n\n{reply}\n\n",
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "Your answers stay on this machine" in ran.stdout
    assert "Practice verdict:" in ran.stdout
    assert len(list(tmp_path.rglob("probe1.judgement.json"))) == 1


def test_an_interview_that_broke_off_goes_on_where_it_stood(run: Run, tmp_path: Path) -> None:
    answer = json.loads(DEV[0].read_text())
    story = " ".join(unit["text"] for unit in answer["units"])
    options = ("--typed", "--silent", "--probes", "0")
    first = run("interview", "fixed-unasked", *options, "--questions", "2", stdin=f"{story}\n\n")
    assert "Stopped. What was said until here is kept." in first.stdout
    again = run("interview", "--resume", *options, stdin=f"{story}\n\n")
    assert again.returncode == 0, again.stderr
    assert "Going on after 1 of 2 questions." in again.stderr
    assert again.stdout.count("Interviewer:") == 1
    assert "The whole interview" in again.stdout
    (session,) = (tmp_path / "home" / "sessions").iterdir()
    states = [
        told["state"] for told in json.loads((session / "session.json").read_text())["questions"]
    ]
    assert states == ["judged", "judged"]
    assert run("interview", "--resume", *options).returncode == 1  # nothing is left
    for offers in (False, True):  # the second time, the one before has broken off
        other = run(
            "interview", "fixed-unasked", *options, "--questions", "2", stdin=f"{story}\n\n"
        )
        assert ("interview --resume goes on" in other.stdout) is offers


def typed_and_broken_off(home: Path, lines: list[str]) -> Path:
    """Where the lines of a typed answer are kept, after Ctrl-C."""
    command = ("interview", "fixed-unasked", "--typed", "--silent", "--probes", "0")
    program = subprocess.Popen(
        [sys.executable, "-m", "mock_interviewer.cli.main", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"MOCK_INTERVIEWER_HOME": str(home)},
    )
    assert program.stdin is not None
    for line in lines:
        program.stdin.write(f"{line}\n")
        program.stdin.flush()
    until = time.monotonic() + 60
    kept: list[Path] = []
    while not kept or kept[0].read_text().split("\n") != [*lines, ""]:
        assert time.monotonic() < until, "the lines are not on disk"
        time.sleep(0.05)
        kept = list(home.rglob("take1.typed.txt"))
    program.send_signal(signal.SIGINT)
    assert "What was said until here is kept" in program.communicate(timeout=60)[1]
    return kept[0]


def test_typed_lines_outlive_ctrl_c_and_the_answer_goes_on_from_them(
    run: Run, tmp_path: Path
) -> None:
    kept = typed_and_broken_off(tmp_path / "home", ["I did it alone.", "I measured [all] of it."])
    assert kept.stat().st_mode & 0o777 == 0o600
    options = ("--typed", "--silent", "--probes", "0")
    again = run("interview", "--resume", *options, stdin="Then I wrote it up.\n\n")
    assert "You had typed:" in again.stdout
    assert "I measured [all] of it." in again.stdout
    (written,) = kept.parent.glob("take?.json")
    told = json.loads(written.read_text())["text"]
    assert told.strip() == "I did it alone. I measured [all] of it. Then I wrote it up."
    assert not list(kept.parent.glob("*.typed.txt"))
    assert run("history", "finish").stdout == "No answer broke off.\n"


def test_typed_lines_that_broke_off_are_judged_by_history_finish(run: Run, tmp_path: Path) -> None:
    kept = typed_and_broken_off(tmp_path / "home", ["I did it alone."])
    finished = run("history", "finish")
    assert "Judged:" in finished.stdout
    assert (kept.parent / "take1.analysis.json").is_file()
    assert "I did it alone." in (kept.parent / "take1.json").read_text()
    assert not kept.exists()


@pytest.mark.parametrize("stdin", ["", "\n\n", "stop\n", "skip\n"])
def test_an_interview_without_an_answer_leaves_nothing(
    run: Run, tmp_path: Path, stdin: str
) -> None:
    options = ("interview", "fixed-unasked", "--typed", "--silent")
    ran = run(*options, stdin=stdin)
    assert ran.returncode == 0
    assert "No answer was given, so nothing is kept." in ran.stdout
    assert "Everything is kept" not in ran.stdout
    assert "See it again" not in ran.stdout
    assert not list((tmp_path / "home" / "sessions").iterdir())
    assert "broke off" not in run(*options, stdin=stdin).stdout
    assert "no session" in run("replay").stderr


@pytest.mark.parametrize("name", ["song.wav", "notes.txt", "cut.flac"])
@pytest.mark.parametrize("is_reply", [False, True])
def test_what_is_no_recording_is_refused_before_anything_is_asked(
    run: Run, tmp_path: Path, name: str, is_reply: bool
) -> None:
    path = tmp_path / name
    path.write_bytes(b"fLaC" if name == "cut.flac" else b"These are words and no sound. " * 100)
    before = ("--answer", fixtures_dir() / "strong.flac") if is_reply else ()
    ran = run("interview", "fixed-unasked", "--silent", *before, "--answer", path)
    assert ran.returncode == 1
    assert name in ran.stderr
    assert is_one_plain_line(ran.stderr), ran.stderr
    assert not ran.stdout
    assert not list(tmp_path.glob("home/sessions/*"))


def test_a_question_of_ones_own_needs_no_file(run: Run) -> None:
    ran = run("interview", "What did you build?", "--typed", "--silent", stdin="stop\n")
    assert ran.returncode == 0
    assert "What did you build?" in ran.stdout


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["interview", "no-such-question", "--typed"], "no question 'no-such-question'"),
        (["interview", "--typed", "--principle", "bravery"], "no principle 'bravery'"),
        (["interview", "--typed", "--level", "king"], "no level 'king'"),
        (["interview"], "--answer FILE"),
        (["interview", "--answer", "gone.wav"], "gone.wav does not exist"),
        (["replay"], "no session"),
        (["replay", "x.json", "--engine", "ears"], "no engine 'ears'"),
        (["questions", "list", "--principle", "bravery"], "no principle 'bravery'"),
        (["questions", "show", "deadline"], "no question 'deadline'"),
        (["questions", "check", "gone.toml"], "No such file"),
        (["judge", "gone.jsonl"], "gone.jsonl"),
    ],
)
def test_what_a_person_gets_wrong_is_one_plain_line(
    run: Run, arguments: list[str], line: str
) -> None:
    ran = run(*arguments)
    assert ran.returncode == 1
    assert line in ran.stderr
    assert is_one_plain_line(ran.stderr), ran.stderr


@pytest.mark.parametrize("model", ["nowhere", "./empty"])
def test_a_model_that_is_not_there_is_one_plain_line(run: Run, tmp_path: Path, model: str) -> None:
    (tmp_path / "empty").mkdir()
    named = model.replace("./", f"{tmp_path}/")
    ran = run("demo", "--model", named)
    assert ran.returncode == 1
    assert is_one_plain_line(ran.stderr), ran.stderr


def test_a_home_that_cannot_be_written_is_one_plain_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file, not a folder")
    ran = run("interview", "--typed", "--silent", stdin="hello\n")
    assert ran.returncode == 1
    assert "--home" in ran.stderr
    assert is_one_plain_line(ran.stderr), ran.stderr


def tone(seconds: float, rate_hz: int = 16000) -> np.ndarray:
    return 0.2 * np.sin(2 * np.pi * 220 * np.arange(int(seconds * rate_hz)) / rate_hz)


def recordings(folder: Path) -> dict[str, tuple[str | None, str | None]]:
    """File -> (part of its error, or None; its gate where it is read)."""
    soundfile.write(folder / "silent.wav", np.zeros(32000), 16000)
    soundfile.write(folder / "second.wav", tone(1), 16000)
    soundfile.write(folder / "eight-bit.wav", tone(2), 16000, subtype="PCM_U8")
    soundfile.write(folder / "stereo.wav", np.stack([tone(2), tone(2)], 1), 16000)
    soundfile.write(folder / "high.wav", tone(2, 96000), 96000)
    whole = (folder / "silent.wav").read_bytes()
    (folder / "truncated.wav").write_bytes(whole[: len(whole) // 2])
    (folder / "header.wav").write_bytes(whole[:20])
    (folder / "empty.wav").write_bytes(b"")
    (folder / "words.wav").write_bytes(b"These are words and no sound. " * 100)
    unheard = (None, "not_enough_heard")
    return {
        "silent.wav": unheard,
        "second.wav": unheard,
        "eight-bit.wav": unheard,
        "stereo.wav": unheard,
        "high.wav": unheard,
        "truncated.wav": unheard,
        "header.wav": ("header.wav", None),
        "empty.wav": ("empty", None),
        "words.wav": ("words.wav", None),
    }


def test_odd_recordings_are_read_or_told_and_the_others_go_on(run: Run, tmp_path: Path) -> None:
    expected = recordings(tmp_path)
    ran = run("replay", "--json", *(tmp_path / name for name in expected))
    values = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    for value, (name, (error, gate)) in zip(values, expected.items(), strict=True):
        assert value["source"] == str(tmp_path / name)
        if error is None:
            assert value["gate"] == gate, value
            assert value["verdict"] is None
        else:
            assert error in value["error"]
            assert "\n" not in value["error"]


def test_replies_are_judged_a_line_each_and_bad_lines_are_told(run: Run, tmp_path: Path) -> None:
    lines = (CORPUS / "probes-dev.jsonl").read_text().splitlines()[:3]
    path = tmp_path / "replies.jsonl"
    path.write_text("\n".join([lines[0], "not json", lines[1], '{"id": 3}', lines[2]]) + "\n")
    ran = run("judge", path)
    values = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.returncode == 1
    assert [value["id"] for value in values] == [
        json.loads(lines[0])["id"], None, json.loads(lines[1])["id"], None,
        json.loads(lines[2])["id"],
    ]  # fmt: skip
    assert [("error" in value) for value in values] == [False, True, False, True, False]
    assert set(values[0]) == {"id", "quality", "why", "evidence", "rescores"}


def test_json_is_all_that_stdout_holds(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(whisper_json(DEV[0])))
    ran = run("replay", "--json", path, tmp_path / "gone.json", path)
    values = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.returncode == 1
    assert [("error" in value) for value in values] == [False, True, False]
    assert values[0] == values[2]


def test_an_answer_in_the_terminal_shows_ruler_stages_findings_and_verdict(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(whisper_json(DEV[0])))
    shown = run("replay", path).stdout
    assert "SSS" in shown
    assert "within the target" in shown
    assert "you saw it yourself" in shown
    assert "Practice verdict:" in shown


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, mock_interviewer; print(sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    for heavy in ("numpy", "typer", "rich", "pydantic", "faster_whisper"):
        assert f"'{heavy}'" not in loaded


def test_the_commands_are_known_before_anything_heavy_is_loaded() -> None:
    code = "import sys, mock_interviewer.cli.main; print(sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    for heavy in ("numpy", "pydantic", "faster_whisper", "mock_interviewer.core.analysis"):
        assert f"'{heavy}'" not in loaded


def test_replaying_a_transcript_loads_no_engine(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(whisper_json(DEV[0])))
    code = (
        "import sys; from mock_interviewer.cli.main import app; "
        f"app(['replay', '--json', {str(path)!r}], standalone_mode=False); "
        "print(sorted(m for m in sys.modules if m in "
        "('faster_whisper', 'pocketsphinx', 'onnxruntime', 'soundfile', 'av')), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr.strip() == "[]"
