"""Drills in the page: the drill of the terminal, with a browser for keys and screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_interviewer import wiring
from mock_interviewer.app.drill_entries import drill_entry, guess_entry
from mock_interviewer.app.drilling import Drill, DrillPhase, DrillState
from mock_interviewer.app.interrupting import speak_up
from mock_interviewer.core.drills import StageDrilled, drilled, mean_guess_error_s
from mock_interviewer.core.live import StageNow
from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import BUDGETS, STORY_STAGES, Level, budgets_for
from mock_interviewer.errors import BadInput, InterviewError, UnknownName
from mock_interviewer.ports import Cues, Following, OpenMicrophone, PlaySound
from mock_interviewer.settings import Home
from mock_interviewer.web.live import ENDING_S, begin_screen, screen_of
from mock_interviewer.web.screen import TICK_S, Screen, level_share, stage_values
from mock_interviewer.web.site import Fields, page, see, site_of, takes_form
from mock_interviewer.wiring import live as live_wiring
from mock_interviewer.wiring.asking import question_named
from mock_interviewer.wiring.unfinished import sole_use

PHASES = {
    DrillPhase.COUNTING: "counting",
    DrillPhase.TELLING: "listening",
    DrillPhase.CUT_IN: "interrupted",
}
"""What the browser's screen calls the phases of a drill."""


class DrillScreen(Screen):
    """One drill: shown while it goes on, and what came of it afterwards."""

    def __init__(
        self, home: Home, open_microphone: OpenMicrophone, question: Question, *, is_guessing: bool
    ) -> None:
        super().__init__("drill", open_microphone)
        self.home, self.question, self.is_guessing = home, question, is_guessing
        self.found: tuple[StageDrilled, ...] = ()
        self.show(asked=question.text or "Tell it stage by stage", is_coached=True, back="/drill")

    def hold(
        self,
        make: Callable[[ExitStack], Drill],
        recording: Path,
        play: PlaySound | None,
        interruption: Path | None,
    ) -> None:
        """The whole drill; make opens what it needs. Raises InterviewError."""
        language = wiring.language_of(self.home)
        with ExitStack() as open_things:
            drill = make(open_things)
            self.show(questions=len(drill.stages))
            self.forget_wishes()
            drill.begin(recording)
            try:
                while (state := drill.look()).phase is not DrillPhase.OVER:
                    self._show_state(drill, state)
                    if state.phase is DrillPhase.CUT_IN:
                        self.show(interruption=language.sentence("live", "interrupt"))
                        speak_up(interruption, play)
                        drill.go_on()
                    else:
                        self._wait(drill, state.due_s)
            finally:
                take = drill.end()
                self.close_microphone()
            self.show(phase="writing", interruption=None)
            if drill.told:
                transcript = None
                try:
                    transcript = drill.following.finish(take.regions, take.duration_s, None)
                except InterviewError as error:
                    self.tell(f"{error} The recording is kept: {recording}")
                self.found = drilled(drill.told, take.regions, transcript, language)
                wiring.keep_practice(self.home, "drill", drill_entry(self.found, recording))
        self.show(phase="over", next="/drill/done")

    def _wait(self, drill: Drill, due_s: float | None) -> None:
        """Until the person wants something, or something is due."""
        wished = self.next_wish(TICK_S if due_s is None else max(0.001, min(TICK_S, due_s)))
        if wished is not None and wished[0] == "stop":
            drill.stop()
        elif wished is not None and wished[0] == "done":
            self.show(interruption=None)
            drill.go_on()

    def _show_state(self, drill: Drill, state: DrillState) -> None:
        is_telling = state.phase is not DrillPhase.COUNTING
        told_s = state.now_s if is_telling else 0.0
        budget, stage = state.budget, state.stage
        now = StageNow(stage, told_s, budget, 0.0, cue=None)
        self.show(
            phase=PHASES[state.phase],
            question=state.number + 1,
            is_live=drill.microphone.is_live,
            recorded_s=round(told_s, 1),
            level=round(level_share(drill.microphone.level_dbfs), 2),
            countdown=None if is_telling else state.count,
            stage=stage_values(now) | {"age_s": None},
        )

    def guess(self, guesses: Sequence[float | None]) -> None:
        """Keep what the person thought the stages were, in their order; once."""
        self.is_guessing = False
        told = [
            replace(each.told, guess_s=guess)
            for each, guess in zip(self.found, guesses, strict=True)
        ]
        self.found = tuple(
            replace(each, told=one) for each, one in zip(self.found, told, strict=True)
        )
        for each in told:
            if each.guess_s is not None:
                wiring.keep_practice(self.home, "guess", guess_entry(each))


def choose(request: Request) -> Response:
    """Which stages, and for which question."""
    return page(
        "drill.html",
        request,
        budgets={stage.value: BUDGETS[stage] for stage in STORY_STAGES},
        asked=request.query_params.get("question", ""),
        chosen=set(request.query_params.getlist("stage")) or {s.value for s in STORY_STAGES},
        guesses=bool(request.query_params.get("guess")),
    )


def begin(request: Request, fields: Fields) -> Response:
    """Begin a drill."""
    site = site_of(request)
    stages = [stage for stage in STORY_STAGES if fields.get(stage.value)]
    if not stages:
        raise BadInput("Choose at least one stage to drill.")
    if fields.get("level", "") not in {"", *Level}:
        raise UnknownName("There is no such level.")
    level = Level(fields["level"]) if fields.get("level") else None
    named = fields.get("question", "").strip()
    asked = question_named(site.home, named, lambda _: None) if named else Question(text="")
    budgets = asked.budgets if level is None else budgets_for(level, asked.overrides)
    is_silent = bool(fields.get("silent"))
    interrupts = bool(fields.get("interrupt"))
    screen = DrillScreen(
        site.home,
        wiring.open_microphone(site.device),
        asked,
        is_guessing=bool(fields.get("guess")),
    )
    recording = live_wiring.drill_folder(site.home) / "drill.wav"
    play = None if is_silent else wiring.play_sound(site.speaker)

    def make(open_things: ExitStack) -> Drill:
        transcriber = site.transcriber()
        screen.show(engine=site.engine_line)
        following: Following = open_things.enter_context(closing(live_wiring.follower(transcriber)))
        cues: Cues | None = None
        if not is_silent:
            cues = open_things.enter_context(closing(live_wiring.tones(site.speaker)))
        microphone = screen.microphone()
        return Drill(microphone, following, cues, stages, budgets, interrupts=interrupts)

    def drill() -> None:
        interruption = None
        if interrupts and not is_silent:
            voice = wiring.speaker(site.home, site.voice, site.rate_wpm)
            interruption = live_wiring.interruption(site.home, voice)
        with sole_use(site.home, ENDING_S):
            screen.hold(make, recording, play, interruption)

    begin_screen(request, screen, drill)
    return see("/live")


def done(request: Request) -> Response:
    """What came of the drill; first the guesses, where they were wanted."""
    screen = screen_of(request)
    if not isinstance(screen, DrillScreen) or not screen.is_over:
        return see("/drill")
    is_guessing = screen.is_guessing and bool(screen.found)
    return page(
        "guess.html" if is_guessing else "drilled.html",
        request,
        found=screen.found,
        question=screen.question,
        lines=screen.shown["lines"],
        error_s=mean_guess_error_s([each.told for each in screen.found]),
    )


def guess(request: Request, fields: Fields) -> Response:
    """The guesses, a field for each stage; an empty or an unreadable one is none."""
    screen = screen_of(request)
    if isinstance(screen, DrillScreen) and screen.is_over and screen.is_guessing:
        screen.guess([_seconds(fields.get(f"guess{n}", "")) for n in range(len(screen.found))])
    return see("/drill/done")


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text.strip().removesuffix("s"))
    except ValueError:
        return None
    return seconds if 0 <= seconds < 3600 else None


ROUTES = [
    Route("/drill", choose),
    Route("/drill", takes_form(begin), methods=["POST"]),
    Route("/drill/done", done),
    Route("/drill/guess", takes_form(guess), methods=["POST"]),
]
