"""The same answer under every principle and level, heard and read once."""

from __future__ import annotations

from pathlib import Path

import pytest
from answers import labelled, whisper_json
from test_replay import Replayer, as_file, only, replayer

from mock_interviewer.app.replay import Wanted
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.lenses import sights_of
from mock_interviewer.core.rubric import Level, Principle

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
