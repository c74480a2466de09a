"""What was found: `benchmarks/reliability.json`, and the table in `docs/reliability.md`."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from figures import ROOT, machine
from filelock import FileLock

from reliability.frame import Part, Tried

RESULTS = ROOT / "benchmarks" / "reliability.json"
PAGE = ROOT / "docs" / "reliability.md"
_TABLE = re.compile(r"<!-- reliability -->.*<!-- /reliability -->", re.DOTALL)


def known() -> dict[str, Any]:
    """Everything that was found so far, by the parts' names."""
    if not RESULTS.is_file():
        return {}
    return dict(json.loads(RESULTS.read_text(encoding="utf-8")))


def keep(part: Part, tried: Tried, took_s: float, cpu_s: float) -> None:
    """Put what one part found beside what the others did; two may want to at one time."""
    with FileLock(Path(tempfile.gettempdir()) / f"reliability-{os.getuid()}.lock"):
        whole = known()
        whole[part.NAME] = {
            "tried": tried.tried,
            "lost": tried.lost,
            "notes": list(tried.notes),
            "took_s": round(took_s, 1),
            "cpu_s": round(cpu_s, 1),
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
        }
        whole["machine"] = machine()
        ordered = {name: whole[name] for name in sorted(whole)}
        text = json.dumps(ordered, indent=1, ensure_ascii=False)
        RESULTS.write_text(text + "\n", encoding="utf-8")


def table(parts: Sequence[Part]) -> str:
    """Every promise, how it was tried, how often, and what was lost, as Markdown."""
    found = known()
    rows = ["| promise | how it was tried | tried | lost | |", "| --- | --- | ---: | ---: | --- |"]
    for part in parts:
        told = found.get(part.NAME)
        if told is None:
            cells = ["not measured", "", ""]
        else:
            cells = [f"{told['tried']:,}", str(told["lost"]), "; ".join(told["notes"])]
        rows.append(f"| {' | '.join([part.PROMISE, part.HOW, *cells])} |")
    if "machine" in found:
        about = found["machine"]
        rows += ["", f"Tried at {about['commit']} on {about['processor']}, {about['date']}."]
    return "\n".join(rows)


def write_table(parts: Sequence[Part], page: Path = PAGE) -> None:
    """Put the table into the page, which says everything else itself."""
    text = page.read_text(encoding="utf-8")
    marked = f"<!-- reliability -->\n{table(parts)}\n<!-- /reliability -->"
    page.write_text(_TABLE.sub(lambda _: marked, text), encoding="utf-8")
