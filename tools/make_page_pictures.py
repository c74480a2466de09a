"""Pictures of the page for the README: a report, a recording under way, a history.

    python tools/make_page_pictures.py

Real pages of a real server in Chromium, the microphone a null sink of PulseAudio into which an
answer is played. Written to docs/: page-report.png, page-live.png, page-history.png.
"""

from __future__ import annotations

import argparse
import base64
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from browser import Browser, browser, served  # noqa: E402
from many_sessions import WEAK, make_session, make_spoken_session  # noqa: E402
from sound_rig import sound_rig  # noqa: E402

from mock_interviewer.adapters.prompt_dir import fixtures_dir  # noqa: E402
from mock_interviewer.settings import Home  # noqa: E402

LEVEL = "return parseFloat(document.querySelector('.level .fill').getAttribute('width'))"


def picture(page: Browser, name: str, width: int, height: int) -> None:
    """What is to be seen, from the top."""
    page.run("return document.fonts.ready.then(() => 1)")
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    shot = page.driver.execute_cdp_cmd(
        "Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True}
    )
    (ROOT / "docs" / name).write_bytes(base64.b64decode(shot["data"]))


def main() -> None:
    """Make all three."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    with tempfile.TemporaryDirectory() as folder, sound_rig(Path(folder, "rig")) as rig:
        home = Home(Path(folder, "home"))
        make_session(home, WEAK, at=datetime(2026, 11, 18, 19, tzinfo=UTC))
        report = make_spoken_session(home, "weak", datetime(2026, 11, 20, 19, tzinfo=UTC))
        make_spoken_session(home, "strong", datetime(2026, 11, 22, 19, tzinfo=UTC))
        with served(home.path, "--rate", "300") as site, browser(site.root) as page:
            page.driver.get(site.address)
            page.look(1440)
            page.go(f"/answers/{report.parent.name}/{report.name}")
            picture(page, "page-report.png", 1440, 1900)
            page.go("/history")
            picture(page, "page-history.png", 1440, 900)
            page.look(1440, theme="dark")
            page.go("/interview?question=fixed-unasked")
            page.click("#begin")
            page.wait(lambda: page.all(".lamp.is-live"), "the lamp does not turn green")
            with rig.saying(fixtures_dir() / "strong.flac"):
                time.sleep(14)
                page.wait(lambda: page.run(LEVEL) > 50, "nothing is heard")
                picture(page, "page-live.png", 1440, 900)


if __name__ == "__main__":
    main()
