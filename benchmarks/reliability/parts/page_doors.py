"""Who is let into the page."""

from __future__ import annotations

import sys

from test_page_neighbours import COOKIE, HOST, KNOCKS, knock, routes

from reliability.frame import Options, Tried

NAME = "page_doors"
PROMISE = "The page lets in nobody but its own browser, on any route"
HOW = (
    "every method and path, as request and as socket, without a token, with an old one, by a "
    "foreign name, from a foreign page: refused before the app is reached; and let in rightly"
)
PLACE = 410


def run(options: Options) -> Tried:
    """Every route with every knock."""
    tried, lost = 0, []
    for method, path in routes():
        for how, headers in KNOCKS.items():
            for kind, status in (("http", 403), ("websocket", 1008)):
                tried += 1
                if knock(kind, method, path, headers) != (status, 0):
                    lost.append(f"{kind} {method} {path} {how}")
        tried += 1
        if knock("http", method, path, [HOST, COOKIE]) != (200, 1):
            lost.append(f"{method} {path} is closed to its own browser")
    for line in lost:
        print(line, file=sys.stderr)
    return Tried(tried, len(lost), (f"{len(routes())} routes",))
