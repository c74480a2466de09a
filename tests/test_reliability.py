"""A quick part of `make reliability`, and what stands behind it piece by piece."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import soundfile
from many_sessions import QUESTION, STRONG, WEAK, make_spoken_session, words_of_fixture
from reliability import kept
from reliability.frame import Options, Tried, all_parts
from reliability.parts import stderr_storm, suspend
from reliability.timed import TimedProcess, is_unbroken, ramp
from typer.testing import CliRunner

from mock_interviewer import wiring
from mock_interviewer.adapters import sound_stream, standstill, under_way
from mock_interviewer.adapters.capped_child import LAST_BYTES, run_to_end
from mock_interviewer.adapters.guarded_vad import GuardedVad
from mock_interviewer.adapters.home_lock import HomeInUse
from mock_interviewer.adapters.microphone import Microphone
from mock_interviewer.adapters.vad import VadStream, speech_probabilities
from mock_interviewer.adapters.wav_writer import WavWriter, repair
from mock_interviewer.app.interview import Interview
from mock_interviewer.app.resuming import ResumedAnswers
from mock_interviewer.cli.main import app
from mock_interviewer.core.dialogue import Dialogue
from mock_interviewer.core.moves import StopWanted, Turn
from mock_interviewer.core.rubric import Stage
from mock_interviewer.core.sound_heard import Fault, FaultKind
from mock_interviewer.core.transcript import Transcript
from mock_interviewer.errors import BadModel, HomeFault, InterviewError
from mock_interviewer.ports import Audio, RecordedAnswer, TypedAnswer
from mock_interviewer.settings import Home
from mock_interviewer.wiring import answers, filing, past, retold, unfinished

RATE_HZ = 16_000


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


class Nobody:
    def __getattr__(self, name: str) -> Any:
        return lambda *arguments, **options: None


class Known:
    name = "known"

    def transcribe(self, audio: object, progress: object = None) -> Transcript:
        return words_of_fixture("strong")


class Killed(BaseException):
    """What ends an interview in these tests, as a kill would: nothing tidies up."""


class Given:
    """Answers in order; an exception is raised as it is."""

    def __init__(self, *answers: object) -> None:
        self.left = list(answers)

    def listen(self, turn: Turn, asked: str, recording: Path) -> Any:
        answer = self.left.pop(0)
        if answer == "killed while speaking":
            with WavWriter(recording, RATE_HZ) as writer:
                writer.write(ramp(0, RATE_HZ))
            raise Killed
        if answer == "killed while judging":
            with WavWriter(recording, RATE_HZ) as writer:
                writer.write(ramp(0, RATE_HZ))
            return RecordedAnswer(recording)
        if answer == "left":
            with WavWriter(recording, RATE_HZ) as writer:
                writer.write(ramp(0, RATE_HZ))
            return StopWanted()
        return answer


class DiesJudging(Known):
    def transcribe(self, audio: object, progress: object = None) -> Transcript:
        raise Killed


def hold(home: Home, *answers: object, transcriber: object = None, probes: int = 0) -> Path:
    session = wiring.new_session(home)
    desk = wiring.desk(
        answers=Given(*answers),  # type: ignore[arg-type]
        view=Nobody(),
        transcriber=transcriber or Known(),  # type: ignore[arg-type]
        speaker=None,
        home=home,
    )
    with suppress(Killed):
        Interview(Dialogue((QUESTION,), probes_wanted=probes), desk, session).run()
    return session.path


def finished(home: Home) -> list[Any]:
    return [unfinished.finish(home, left, Known) for left in unfinished.unfinished(home)]


# ---- answers that broke off


@pytest.mark.parametrize("how", ["killed while speaking", "killed while judging"])
def test_an_answer_that_broke_off_is_found_and_finished(home: Home, how: str) -> None:
    session = hold(home, how, transcriber=DiesJudging())
    (left,) = unfinished.unfinished(home)
    assert left.recording == session / "q1-fixed-unasked" / "take1.wav"
    assert left.asked == QUESTION.text
    (outcome,) = finished(home)
    assert outcome.verdict is not None
    assert not unfinished.unfinished(home)
    (told,) = past.history(home).answers
    assert told.verdict == outcome.verdict.value


def test_a_reply_that_broke_off_is_judged_by_the_probe_it_answered(home: Home) -> None:
    session = hold(home, TypedAnswer(WEAK), "killed while speaking", probes=1)
    (left,) = unfinished.unfinished(home)
    assert left.turn.probe_index == 0
    finished(home)
    state = json.loads((session / "session.json").read_text())
    (probe,) = state["questions"][0]["probes"]
    assert probe["text"] == left.asked
    assert probe["quality"] in ("weak", "strong")


def test_what_was_left_on_purpose_is_not_offered(home: Home) -> None:
    hold(home, "left")
    assert not unfinished.unfinished(home)
    assert not list(home.sessions.glob("*/.under-way"))


def test_an_answer_kept_as_it_is_is_not_offered_again(home: Home) -> None:
    session = hold(home, "killed while speaking")
    (left,) = unfinished.unfinished(home)
    unfinished.keep(home, left)
    assert not unfinished.unfinished(home)
    assert (session / "q1-fixed-unasked" / "take1.wav").is_file()


def test_history_finish_says_what_it_did_and_keeps_what_it_cannot(home: Home) -> None:
    hold(home, TypedAnswer(STRONG))
    session = hold(home, TypedAnswer(STRONG))
    under_way.mark(session)
    (session / "q1-fixed-unasked" / "take1.analysis.json").unlink()
    run = CliRunner().invoke(app, ["history", "finish", "--home", str(home.path)])
    assert run.exit_code == 0, run.output
    assert "Judged: strong hire" in run.stdout
    hold(home, "killed while speaking")
    (broken,) = home.sessions.glob("*/q1-*/take1.wav")
    broken.write_bytes(broken.read_bytes()[:44] + b"\0")
    run = CliRunner().invoke(app, ["history", "finish", "--home", str(home.path)])
    assert isinstance(run.exception, InterviewError)
    assert "all are kept" in str(run.exception)
    assert broken.is_file()


def test_nothing_is_looked_for_while_an_interview_is_under_way(home: Home) -> None:
    hold(home, "killed while speaking")
    with unfinished.sole_use(home):
        assert not unfinished.unfinished(home)
        with pytest.raises(HomeInUse, match=r"under way .*--home"), unfinished.sole_use(home):
            pass
    assert unfinished.unfinished(home)


def test_a_session_in_which_nothing_happened_is_removed(home: Home) -> None:
    bare = wiring.new_session(home).path
    half = wiring.new_session(home).path
    (half / "session.json.part").write_text("{")
    under_way.unmark(bare)
    assert not unfinished.unfinished(home)
    assert not list(home.sessions.iterdir())


def test_going_on_writes_over_nothing(home: Home) -> None:
    session = hold(home, "killed while speaking")
    folder = session / "q1-fixed-unasked"
    os.replace(folder / "take1.wav", folder / "take2.wav")
    first = ramp(5, 3_000)
    soundfile.write(folder / "take1.wav", first, RATE_HZ, subtype="PCM_16")
    dialogue = wiring.dialogue_of(home, wiring.sessions(home).find(session.name))
    desk = wiring.desk(
        answers=ResumedAnswers(session, [0], Given()),
        view=Nobody(),
        transcriber=Known(),  # type: ignore[arg-type]
        speaker=None,
        home=home,
    )
    Interview(dialogue, desk, wiring.sessions(home).find(session.name)).run()
    kept_first, _ = soundfile.read(folder / "take1.wav", dtype="int16")
    assert kept_first.tolist() == first.tolist()
    assert (folder / "take2.analysis.json").is_file()


# ---- a stage told again


def retold_and_killed(home: Home) -> Path:
    """The recording of a result that is told again; nothing came after its last word."""
    folder = make_spoken_session(home, "weak")
    kept_before = answers.kept_answer(home, folder.parent.name, folder.name)
    recording = filing.next_stem(kept_before).with_name("take2-result.wav")
    retold.begin(kept_before, Stage.RESULT, recording)
    wiring.write_audio(recording, wiring.read_audio(wiring.fixtures_dir() / "weak-reply1.flac"))
    return recording


def test_a_stage_told_again_that_broke_off_is_offered_and_finished(home: Home) -> None:
    recording = retold_and_killed(home)
    run = CliRunner().invoke(app, ["history", "finish", "--keep", "--home", str(home.path)])
    assert "Your result, told again, of 2026" in run.stdout
    assert recording.is_file()
    assert not unfinished.unfinished(home)
    again = recording.with_name("take2-result-2.wav")
    retold.begin(
        answers.kept_answer(home, recording.parent.parent.name, recording.parent.name),
        Stage.RESULT,
        again,
    )
    os.replace(recording, again)
    (left,) = unfinished.unfinished(home)
    assert (left.recording, left.of_take) == (again, 1)
    (outcome,) = finished(home)
    assert outcome.verdict is not None
    assert not unfinished.unfinished(home)
    analysis = json.loads((recording.parent / "take2.analysis.json").read_text())
    assert analysis["verdict"] == outcome.verdict.value
    assert (recording.parent / "take2.wav").is_file()
    assert not list(home.sessions.glob("*/.under-way"))


def test_a_stage_told_again_and_left_is_not_offered(home: Home) -> None:
    retold.leave(retold_and_killed(home))
    assert not unfinished.unfinished(home)


# ---- files


def test_a_recording_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "take1.wav"
    with WavWriter(path, RATE_HZ):
        pass
    with WavWriter(path, RATE_HZ) as writer:  # nothing was in it
        writer.write(ramp(0, 700))
    with pytest.raises(HomeFault, match="already"):
        WavWriter(path, RATE_HZ)
    assert soundfile.info(path).frames == 700


@pytest.mark.parametrize("damage", ["short", "none", "zeros", "long"])
def test_a_header_is_mended_to_what_is_there(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "take1.wav"
    with WavWriter(path, RATE_HZ) as writer:
        writer.write(ramp(0, 700))
    whole = path.read_bytes()
    path.write_bytes(
        {
            "short": whole + ramp(700, 300).tobytes() + b"\1",
            "none": b"",
            "zeros": bytes(44) + whole[44:],
            "long": whole[: 44 + 2 * 500],
        }[damage]
    )
    assert repair(path, RATE_HZ)
    assert not repair(path, RATE_HZ)
    samples, _ = soundfile.read(path, dtype="int16")
    assert len(samples) == {"short": 1000, "none": 0, "zeros": 700, "long": 500}[damage]
    assert is_unbroken(samples)


def test_a_file_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "take1.wav"
    soundfile.write(path, np.zeros(100), 8_000, subtype="FLOAT")
    before = path.read_bytes()
    assert not repair(path, RATE_HZ)
    assert path.read_bytes() == before


def test_a_changed_byte_in_the_index_changes_nothing_in_history(home: Home) -> None:
    hold(home, TypedAnswer(STRONG))
    right = past.history(home)
    path = home.path / "index.sqlite"
    whole = path.read_bytes()
    assert b"strong_hire" in whole
    path.write_bytes(whole.replace(b"strong_hire", b"strong_hirE"))
    assert past.history(home) == right
    path.write_bytes(whole.replace(b"verdict", b"verdic\xff"))
    path.with_name("index.sqlite-journal").write_bytes(whole[:2_000])
    assert past.history(home) == right


# ---- the microphone


def test_an_answer_goes_on_with_the_next_microphone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def process(task: str, device: str | None) -> TimedProcess:
        silent = task == "record"
        sound = (lambda first, count: np.zeros(count, np.int16)) if silent else ramp
        return TimedProcess(task, device, speed=8.0, sound=sound)

    monkeypatch.setattr(sound_stream, "SoundProcess", process)
    faults: list[Fault] = []
    with Microphone(on_fault=faults.append) as microphone:
        microphone.begin(tmp_path / "take1.wav")
        until(lambda: FaultKind.ZEROS in {fault.kind for fault in faults})
        microphone.change()
        until(lambda: FaultKind.RESUMED in {fault.kind for fault in faults})
        heard_s = microphone.recorded_s
        until(lambda: microphone.recorded_s > heard_s + 1.0)
        take = microphone.end()
    assert [f.kind for f in faults] == [FaultKind.ZEROS, FaultKind.RESUMED]
    samples, _ = soundfile.read(take.path, dtype="int16")
    heard = samples[np.flatnonzero(samples)[0] :]
    assert len(heard) >= RATE_HZ
    assert is_unbroken(heard)


def test_a_microphone_that_went_away_is_opened_again_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[TimedProcess] = []

    def process(task: str, device: str | None) -> TimedProcess:
        opened.append(TimedProcess(task, device))
        return opened[-1]

    monkeypatch.setattr(sound_stream, "SoundProcess", process)
    faults: list[Fault] = []
    with Microphone(on_fault=faults.append) as microphone:
        microphone.begin(tmp_path / "take1.wav")
        until(lambda: microphone.recorded_s > 0.2)
        opened[0].end()  # the child died
        until(lambda: len(opened) > 1 and microphone.is_live)
        gone_on_s = microphone.recorded_s
        until(lambda: microphone.recorded_s > gone_on_s)
        take = microphone.end()
    assert [f.kind for f in faults] == [FaultKind.STOPPED, FaultKind.RESUMED]
    assert take.gaps[0].missing_s >= 0.9


def test_a_sleep_is_told_in_one_line_and_the_answer_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asleep_s, real = [0.0], standstill.with_sleep_s
    monkeypatch.setattr(standstill, "with_sleep_s", lambda: real() + asleep_s[0])
    monkeypatch.setattr(sound_stream, "SoundProcess", TimedProcess)
    faults: list[Fault] = []
    with Microphone(on_fault=faults.append) as microphone:
        asleep_s[0] += 60.0  # nobody was speaking: it is nobody's business
        until(lambda: microphone.is_live)
        time.sleep(0.2)
        microphone.begin(tmp_path / "take1.wav")
        asleep_s[0] += 3600.0
        until(lambda: faults)
        before_s = microphone.recorded_s
        until(lambda: microphone.recorded_s > before_s + 0.3)
        take = microphone.end()
    assert [f.kind for f in faults] == [FaultKind.STOOD_STILL]
    assert "asleep" in faults[0].line
    assert [gap.missing_s for gap in take.gaps] == pytest.approx([3600.0], abs=5)
    samples, _ = soundfile.read(take.path, dtype="int16")
    assert is_unbroken(samples)


def test_a_storm_on_stderr_and_a_recorder_that_is_held_lose_nothing(tmp_path: Path) -> None:
    for part in (stderr_storm, suspend):
        folder = tmp_path / part.NAME
        folder.mkdir()
        tried = part.run(Options(folder, 0.04))
        assert (tried.tried, tried.lost) == (1, 0)


def test_of_what_a_child_prints_only_the_last_is_kept() -> None:
    code = "import sys; [sys.stderr.write('x' * 9_999 + '\\n') for _ in range(5_000)]; "
    order = "print(sys.stdin.read()); sys.exit('it is broken')"
    ended = run_to_end((sys.executable, "-c", code + order), b"hello", 60.0)
    assert ended.status == 1
    assert ended.out == b"hello\n"
    assert len(ended.err) <= LAST_BYTES
    assert ended.err.endswith(b"x\nit is broken\n")


def test_a_detector_that_fails_or_hangs_costs_no_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mock_interviewer.adapters.guarded_vad.LATE_S", 0.1)
    samples = wiring.read_audio(wiring.fixtures_dir() / "weak-reply2.flac").samples[:40_000]

    class Failing(VadStream):
        def push(self, piece: Any) -> Any:
            raise MemoryError

    class Hanging(VadStream):
        def push(self, piece: Any) -> Any:
            time.sleep(30)

    right = speech_probabilities(Audio(samples, RATE_HZ))
    for network in (VadStream, Failing, Hanging):
        vad = GuardedVad(network)
        blocks = [samples[at : at + 8_000] for at in range(0, len(samples), 8_000)]
        found = np.concatenate([*(vad.push(block) for block in blocks), vad.finish()])
        assert len(found) == len(right)
        if network is VadStream:
            assert found == pytest.approx(right, abs=1e-4)
        else:
            assert np.mean((found > 0.5) == (right > 0.5)) > 0.9  # "speech" always has 0.7


# ---- the table


def test_a_few_kills_lose_nothing() -> None:
    root = Path(__file__).parent.parent
    run = subprocess.run(
        [sys.executable, "-m", "reliability", "--only", "kills_timed", "--share", "0.008"],
        env=os.environ | {"PYTHONPATH": f"{root / 'benchmarks'}{os.pathsep}{root / 'tests'}"},
        cwd=root,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert run.returncode == 0, run.stderr
    assert "8 tried, 0 lost" in run.stderr


def test_every_part_says_what_it_promises() -> None:
    parts = all_parts()
    names = [part.NAME for part in parts]
    assert {"kills_card", "kills_timed", "device_faults", "disk"} <= set(names)
    assert len(set(names)) == len(names)
    for part in parts:
        assert part.PROMISE.strip()
        assert part.HOW.strip()
        assert "|" not in part.PROMISE + part.HOW
        assert callable(part.run)


def test_what_is_found_is_kept_beside_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "RESULTS", tmp_path / "reliability.json")
    page = tmp_path / "page.md"
    page.write_text("Before.\n<!-- reliability -->\n<!-- /reliability -->\nAfter.\n")
    parts: list[Any] = [
        SimpleNamespace(NAME=name, PROMISE=f"{name} holds", HOW="tried hard") for name in "ab"
    ]
    kept.keep(parts[0], Tried(1_000, 0, ("quick",)), 1.0, 0.5)
    kept.write_table(parts, page)
    text = page.read_text()
    assert "| a holds | tried hard | 1,000 | 0 | quick |" in text
    assert "| b holds | tried hard | not measured |" in text
    assert text.endswith("After.\n")
    kept.keep(parts[1], Tried(2, 1), 1.0, 0.5)
    assert {name: told["lost"] for name, told in kept.known().items() if len(name) == 1} == {
        "a": 0,
        "b": 1,
    }
    assert Options(tmp_path, 0.001).times(60) == 1


def until(is_so: Any, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)


def test_a_recogniser_that_gives_up_is_stepped_in_for(home: Home, tmp_path: Path) -> None:
    from mock_interviewer.adapters.stepping_in import SteppingIn

    class GivesUp:
        def begin(self, recording: Path) -> None: ...

        def finish(self, *_: object) -> Transcript:
            raise BadModel("It stopped.")

        def close(self) -> None: ...

    class Rough(GivesUp):
        def finish(self, *_: object) -> Transcript:
            return Transcript((), engine="rough")

    along: Any = SteppingIn(GivesUp(), Rough)  # type: ignore[arg-type]
    along.begin(tmp_path / "a.wav")
    assert along.finish((), 1.0, None).engine == "rough"
    nobody: Any = SteppingIn(GivesUp(), None)  # type: ignore[arg-type]
    with pytest.raises(BadModel, match="It stopped"):
        nobody.finish((), 1.0, None)
