"""Nothing leaves the computer: every command where there is no network, and watched for trying."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sound_rig import sound_rig
from terminal import ENTER, Terminal

from mock_interviewer.adapters.prompt_dir import fixtures_dir
from reliability.frame import Options, Tried
from reliability.netless import attempts, ran, watched

NAME = "offline"
PROMISE = "No command but `model fetch` reaches for anything beyond this machine"
HOW = (
    "each command in a network namespace without a route, under strace: it does its work, and no "
    "call names an address beyond loopback or asks for a name; `model fetch` shows that it is seen"
)
PLACE = 430

PROGRAM = (sys.executable, "-m", "mock_interviewer.cli.main")


def run(options: Options) -> Tried:
    """Every command once. Raises NotHere."""
    home, weak = options.folder / "home", fixtures_dir() / "weak.flac"
    words = options.folder / "answer.txt"
    words.write_text("I noticed that the till was wrong. I mended it. It fell to 4 a week.")
    replies = options.folder / "replies.jsonl"
    replies.write_text(
        json.dumps({"id": 1, "story": "s", "probe": "Why?", "tests": "depth", "reply": "I saw it."})
    )
    spoken = ("--answer", weak, "--probes", "0", "--engine", "sphinx")
    commands: list[tuple[str, tuple[object, ...], str]] = [
        ("demo", ("demo",), ""),
        ("interview", ("interview", "fixed-unasked", *spoken), ""),
        (
            "interview typed",
            ("interview", "--typed", "--probes", "1"),
            f"{words.read_text()}\n\n" * 2,
        ),
        ("replay", ("replay",), ""),
        ("replay recording", ("replay", weak, "--engine", "sphinx", "--json"), ""),
        ("replay text", ("replay", words, "--lenses"), ""),
        ("replay file", ("replay", "--html", options.folder / "r.html", "--with-sound"), ""),
        ("test", ("test", "missed-deadline", "--seed", "7"), "1\n" * 40),
        ("concepts", ("concepts", "missed-deadline"), "1\n" * 20),
        ("learn", ("learn", "missed-deadline", "--silent"), "\n" * 80),
        ("history", ("history", "--json"), ""),
        ("questions", ("questions", "list", "--search", "late"), ""),
        ("questions check", ("questions", "check", "--table"), ""),
        ("judge", ("judge", replies), ""),
        ("doctor", ("doctor",), ""),
        ("devices", ("devices",), ""),
        ("voices", ("voices",), ""),
        ("model", ("model",), ""),
    ]
    lost: list[str] = []
    with sound_rig(options.folder / "rig") as rig:
        for name, arguments, stdin in commands:
            log = options.folder / "log"
            done = ran(
                [*PROGRAM, *map(str, arguments)], log, stdin, MOCK_INTERVIEWER_HOME=str(home),
                COLUMNS="100",
            )  # fmt: skip
            is_whole = done.returncode == 0 or name in MAY_COMPLAIN
            if not is_whole or "Traceback" in done.stderr:
                lost.append(f"{name}: status {done.returncode} {done.stderr[-300:]}")
            lost += [f"{name}: {line}" for line in attempts(log)[:3]]
        lost += _live(rig, home, options.folder)
    page = options.folder / "page-log"
    asked = ran([sys.executable, "-m", "reliability.ask_page", str(home)], page)
    told = json.loads(asked.stdout or '{"asked": 0, "failed": 1}')
    if told["failed"]:
        lost.append(f"serve: {told['failed']} pages failed {asked.stderr[-300:]}")
    lost += [f"serve: {line}" for line in attempts(page)[:3]]
    control = options.folder / "control"
    ran([*PROGRAM, "model", "fetch", "--yes", "--home", str(home)], control)
    if not attempts(control):
        raise AssertionError("model fetch was not seen to try: this would see nothing at all")
    for line in lost:
        print(line, file=sys.stderr)
    return Tried(len(commands) + 2 + told["asked"], len(lost), (f"{told['asked']} pages of serve",))


MAY_COMPLAIN = ("doctor", "model")
"""They say with their status that no model is there."""


def _live(rig: object, home: Path, folder: Path) -> list[str]:
    """An interview and a drill with microphone and loudspeaker."""
    lost = []
    for name, arguments in (
        ("interview", ("nobody-owned-it", "--probes", "0", "--engine", "sphinx")),
        ("drill", ("situation", "--engine", "sphinx")),
    ):
        log = folder / f"{name}-log"
        terminal = Terminal(rig, home, *arguments, command=name, under=watched(log))  # type: ignore[arg-type]
        terminal.see("listening" if name == "interview" else "silent")
        rig.say(fixtures_dir() / "weak-reply1.flac")  # type: ignore[attr-defined]
        terminal.hit(ENTER)
        status = terminal.end()
        if status:
            lost.append(f"{name} aloud: status {status}")
        lost += [f"{name} aloud: {line}" for line in attempts(log)[:3]]
    return lost
