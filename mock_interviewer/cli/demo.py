"""`demo`: a whole interview with the recorded answers that come with the program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mock_interviewer.cli.options import EngineOption, HomeOption, ModelOption, engine_of

if TYPE_CHECKING:
    from mock_interviewer.core.question import Question


def demo(engine: EngineOption = "auto", model: ModelOption = None, home: HomeOption = None) -> None:
    """A whole interview with recorded answers: no microphone needed.

    Two candidates, one strong and one weak, with their replies to the probes; recognised, timed and
    judged for real. Example: mock-interviewer demo
    """
    import json

    from rich.console import Console

    from mock_interviewer import wiring
    from mock_interviewer.cli.holding import Spoken, hold
    from mock_interviewer.cli.interview_view import RecordedAnswers, TerminalView
    from mock_interviewer.settings import USUAL_LANGUAGE, home_at

    place = home_at(home, USUAL_LANGUAGE)  # the recordings are English
    folder = wiring.fixtures_dir()
    manifest = json.loads((folder / "demo.json").read_text(encoding="utf-8"))["interviews"]
    recordings = [folder / name for told in manifest for name in (told["answer"], *told["replies"])]
    console = Console(highlight=False)
    hold(
        place,
        tuple(_question(told["question"]) for told in manifest),
        RecordedAnswers(recordings),
        TerminalView(console, wiring.language_of(place)),
        console,
        Spoken(),
        engine_of(engine),
        model,
        probes=2,
    )


def _question(told: dict[str, Any]) -> Question:
    from mock_interviewer.core.question import Question
    from mock_interviewer.core.rubric import Disqualifier, Level, Principle

    return Question(
        text=told["text"],
        id=told.get("id", ""),
        principle=Principle(told["principle"]),
        level=Level(told["level"]),
        counts=frozenset(Disqualifier(name) for name in told["counts"]),
    )
