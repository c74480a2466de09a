"""The same answer under every principle and level, heard and read once."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from answers import labelled, whisper_json
from rich.console import Console
from test_replay import Replayer, as_file, only, replayer

from mock_interviewer.app.replay import Wanted
from mock_interviewer.cli.lenses_view import show_lenses
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.lenses import sights_of
from mock_interviewer.core.rubric import Level, Principle
from mock_interviewer.core.wording import Wording

__all__ = ["replayer"]


@pytest.mark.parametrize("path", labelled(["dev"])[::9], ids=lambda path: path.stem)
def test_every_light_shows_what_the_question_itself_would_have(
    replayer: Replayer, tmp_path: Path, path: Path
) -> None:
    spoken = whisper_json(path)
    spoken.pop("interview", None)
    file = as_file(tmp_path, spoken)
    seen = sights_of(analysis_of(replayer, file, Wanted()))
    assert len(seen) == len(Principle) * len(Level)
    for sight in seen[::5]:
        asked = Wanted(principle=sight.principle, level=sight.level)
        assert analysis_of(replayer, file, asked).verdict is sight.verdict


def analysis_of(replayer: Replayer, file: Path, wanted: Wanted) -> Analysis:
    analysis = only(replayer, file, wanted).analysis
    assert analysis is not None
    return analysis


def test_what_is_no_story_is_one_under_no_light(replayer: Replayer, tmp_path: Path) -> None:
    file = tmp_path / "opinion.txt"
    file.write_text("I always think that people should talk more. " * 12)
    assert sights_of(analysis_of(replayer, file, Wanted())) == ()


@pytest.mark.parametrize("columns", [60, 80, 200])
@pytest.mark.parametrize("path", labelled(["dev"])[::9][:3], ids=lambda path: path.stem)
def test_the_table_of_lenses_is_readable_in_a_narrow_terminal(
    replayer: Replayer, tmp_path: Path, columns: int, path: Path
) -> None:
    analysis = analysis_of(replayer, as_file(tmp_path, whisper_json(path)), Wanted())
    console = Console(file=io.StringIO(), width=columns)
    show_lenses(console, analysis)
    lines = console.file.getvalue().splitlines()
    said = Wording(analysis.language)
    assert not any("…" in line for line in lines)
    told = {word for line in lines for word in line.split()}
    for principle in Principle:
        assert {*said.principle(principle).split(), *said.lead_with(principle).split()} <= told
    rows = len(Principle) * (1 if columns >= 80 else 2)
    assert len(lines) <= 2 * (rows + 2)
