"""`serve`, and a look at every page of it: what a browser would ask, without one.

    python -m reliability.ask_page HOME

Prints how many addresses were asked and how many answers were no answer (5xx, or none).
"""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
from urllib.parse import urlsplit

FIRST = (
    "/", "/history", "/history.csv", "/interview", "/upload", "/learn", "/learn/missed-deadline",
    "/concepts/missed-deadline", "/test/missed-deadline?seed=1", "/static/page.css", "/live",
    "/learn/missed-deadline/aloud?step=2",
)  # fmt: skip
MOST = 80


def main() -> None:
    """Serve, ask, end."""
    command = [sys.executable, "-m", "mock_interviewer.cli.main", "serve", "--no-open"]
    serve = subprocess.Popen(
        [*command, "--home", sys.argv[1], "--engine", "sphinx"], stdout=subprocess.PIPE, text=True
    )
    assert serve.stdout is not None
    try:
        address = urlsplit(serve.stdout.readline().strip())
        key = address.query
        waiting, asked, failed = list(FIRST), set[str](), 0
        while waiting and len(asked) < MOST:
            path = waiting.pop(0)
            if path in asked:
                continue
            asked.add(path)
            line = http.client.HTTPConnection("127.0.0.1", address.port or 0, timeout=60)
            line.request("GET", f"{path}{'&' if '?' in path else '?'}{key}")
            answer = line.getresponse()
            failed += answer.status >= 500
            told = answer.read().decode(errors="replace")
            line.close()
            waiting += re.findall(r'(?:href|src)="(/(?!live/events)[^"#]*)"', told)
        print(json.dumps({"asked": len(asked), "failed": failed}))
    finally:
        serve.terminate()
        serve.wait(20)


if __name__ == "__main__":
    main()
