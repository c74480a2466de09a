"""The command `mock-interviewer`: its commands, and what becomes of an error.

A person sees one plain line on stderr and exit status 1, never a traceback; wrong usage is status
2.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from mock_interviewer.cli import (
    demo,
    doctor,
    drill,
    history,
    interview,
    judge,
    learning,
    mentor,
    model,
    plan,
    questions,
    quizzing,
    replay,
    serve,
    sound,
    stories,
    today,
)
from mock_interviewer.cli.streams import OutputLost, give_up, make_fit
from mock_interviewer.cli.telling import tell
from mock_interviewer.errors import InterviewError

DEBUG_VARIABLE = "MOCK_INTERVIEWER_DEBUG"

app = typer.Typer(
    name="mock-interviewer",
    help="A voice mock interviewer for your own desk. Nothing leaves this computer.",
    epilog="Without a command: what is due today. See it work: mock-interviewer demo",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _say_version(is_asked: bool) -> None:
    if is_asked:
        from mock_interviewer import __version__

        print(f"mock-interviewer {__version__}")
        raise typer.Exit


@app.callback()
def without_command(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Say the version and stop."
        ),
    ] = False,
) -> None:
    """What is due today, where no command is given."""
    if context.invoked_subcommand is None:
        today.show()


app.command("today")(today.today)
app.command("plan")(plan.plan)
app.command("demo")(demo.demo)
app.command("interview")(interview.interview)
app.command("drill")(drill.drill)
app.command("replay")(replay.replay)
app.command("export")(mentor.export)
app.command("import")(mentor.take_in)
app.command("serve")(serve.serve)
app.command("judge")(judge.judge)
app.command("learn")(learning.learn)
app.command("concepts")(quizzing.concepts)
app.command("test")(quizzing.take_test)
app.add_typer(history.app, name="history")
app.add_typer(questions.app, name="questions")
app.add_typer(stories.app, name="stories")
app.command("doctor")(doctor.doctor)
app.command("devices")(sound.devices)
app.command("voices")(sound.voices)
app.add_typer(model.app, name="model")


def main() -> None:
    """Run the command line; the entry point of the installed program."""
    os.umask(0o077)  # whatever is written is for its owner only
    make_fit()
    output = sys.stdout  # typer may put another in its place
    try:
        try:
            app()
        finally:
            output.flush()  # what is written last may fail too
    except InterviewError as error:
        fail(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except OutputLost as lost:
        give_up(output)
        if lost.is_enough:
            sys.exit(0)
        fail(str(lost))
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        what = " ".join(str(error).split())[:200]
        fail(
            f"Something went wrong inside the program ({type(error).__name__}: {what}). Your files "
            f"are untouched. Run it again with {DEBUG_VARIABLE}=1 to see where."
        )


def fail(line: str) -> None:
    """Say what is wrong in one line, if anybody can be told, and leave with status 1."""
    try:
        tell(line)
    except OSError:
        give_up(sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    main()
