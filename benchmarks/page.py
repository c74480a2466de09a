"""How quick the page is, in Chromium without a window on a real server.

    python benchmarks/page.py

Written to results.json: the first page after the server is up, the report of a 3-minute answer
looked at for the first time (its sound is read and searched for speech) and again, a unit named
anew until the new verdict stands there, a history of a thousand sessions with and without its
index, and what 200 page loads leave behind in the server's memory. Linux only (it reads /proc).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]

from browser import Browser, Served, browser, served  # noqa: E402
from figures import Figure, keep, over_runs  # noqa: E402
from many_sessions import make_many, make_spoken_session  # noqa: E402
from processes import memory_mb  # noqa: E402

from mock_interviewer import wiring  # noqa: E402
from mock_interviewer.ports import Audio  # noqa: E402
from mock_interviewer.settings import Home  # noqa: E402

RUNS = 7
ANSWER_S = 180.0
LOADS = 200
RELABEL = """
const done = arguments[0];
const stages = ['task', 'action'];
const panel = document.querySelector('#unit-panel');
document.querySelector('.ruler .unit').dispatchEvent(
  new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}));
const pressed = panel.querySelector('[aria-pressed=true]').dataset.stage;
const began = performance.now();
document.addEventListener('answer-anew', () => requestAnimationFrame(
  () => done(performance.now() - began)), {once: true});
panel.querySelector(`[data-stage=${pressed === 'task' ? 'action' : 'task'}]`).click();
"""


def long_answer(home: Home, at: datetime) -> str:
    """A session with an answer of three minutes; the path of its report."""
    folder = make_spoken_session(home, at=at)
    sound = wiring.read_audio(folder / "take1.wav")
    times = round(ANSWER_S * sound.rate_hz / len(sound.samples) + 0.5)
    samples = np.tile(sound.samples, times)[: round(ANSWER_S * sound.rate_hz)]
    wiring.write_audio(folder / "take1.wav", Audio(samples, sound.rate_hz))
    told = json.loads((folder / "take1.json").read_text(encoding="utf-8"))
    words = [word for segment in told["segments"] for word in segment["words"]]
    spread = []
    for number in range(times):
        for word in words:
            moved = {key: word[key] + number * sound.duration_s for key in ("start", "end")}
            if moved["end"] < ANSWER_S:
                spread.append({**word, **moved})
    told |= {"segments": [{"words": spread}], "duration": ANSWER_S}
    wiring.write_json(folder / "take1.json", told)
    return f"/answers/{folder.parent.name}/{folder.name}"


def load_s(page: Browser, path: str) -> float:
    """From the request to the last script having run."""
    page.go(path)
    page.wait(
        lambda: page.run("return performance.getEntriesByType('navigation')[0].loadEventEnd"),
        f"{path} does not load",
    )
    found = page.run("return performance.getEntriesByType('navigation')[0].loadEventEnd")
    return float(found) / 1000


def first_page(home: Home, page: Browser) -> Iterator[float]:
    """From the printed address to the page having loaded, a new server each time."""
    for _ in range(RUNS):
        with served(home.path) as site:
            began_at = time.monotonic()
            page.driver.get(site.address)
            yield time.monotonic() - began_at


def history(home: Home, page: Browser, *, with_index: bool) -> Iterator[float]:
    """The history's page on a new server each time."""
    for _ in range(RUNS):
        if not with_index:
            (home.path / "index.sqlite").unlink(missing_ok=True)
        with served(home.path) as site:
            page.driver.get(site.address.replace("/?", "/static/icon.svg?"))
            page.root = site.root
            yield load_s(page, "/history")


def growth(site: Served, page: Browser, paths: list[str]) -> Figure:
    """What 200 loads of reports and history add to the server's memory."""
    for path in paths * 3:
        load_s(page, path)
    before_mb = memory_mb(site.process.pid)
    for number in range(LOADS):
        page.go(paths[number % len(paths)])
    after_mb = memory_mb(site.process.pid)
    grown = after_mb - before_mb
    return Figure("page_memory_growth_mb", grown, "MB", grown, grown, LOADS)


def measure() -> Iterator[Figure]:
    """All figures of the page."""
    with tempfile.TemporaryDirectory() as folder, browser() as page:
        home = Home(Path(folder, "home"))
        begun = datetime(2026, 11, 1, 9, tzinfo=UTC)
        paths = [long_answer(home, begun + timedelta(hours=n)) for n in range(RUNS)]
        yield over_runs("page_first_s", "s", list(first_page(home, page)))
        with served(home.path) as site:
            page.driver.get(site.address)
            page.root = site.root
            cold = [load_s(page, path) for path in paths]
            yield over_runs("page_report_s", "s", cold)
            again = [load_s(page, path) for path in paths[-3:] * 3]
            yield over_runs("page_report_again_s", "s", again)
            page.go(paths[-1])
            page.driver.set_script_timeout(30)
            relabels = [float(page.driver.execute_async_script(RELABEL)) for _ in range(15)]
            yield over_runs("page_relabel_ms", "ms", relabels)
            yield growth(site, page, [*paths[-3:], "/history", "/"])
        many = Home(Path(folder, "many"))
        make_many(many, 1000)
        cold = list(history(many, page, with_index=False))
        yield over_runs("page_history_cold_s", "s", cold)
        warm = list(history(many, page, with_index=True))
        yield over_runs("page_history_s", "s", warm)


def main() -> None:
    """Measure everything and keep it."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    for figure in measure():
        keep([figure])
        print(
            f"{figure.name:24} {figure.value:8.3f} {figure.unit:3} "
            f"({figure.low:.3f} to {figure.high:.3f}, {figure.runs} runs)",
            flush=True,
        )


if __name__ == "__main__":
    main()
