"""`serve`: the page in the browser."""

from __future__ import annotations

from typing import Annotated

import typer

from mock_interviewer.cli.options import (
    DeviceOption,
    EngineOption,
    HomeOption,
    ModelOption,
    RateOption,
    SpeakerOption,
    VoiceOption,
    engine_of,
)


def serve(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")] = 0,
    no_open: Annotated[
        bool, typer.Option("--no-open", help="Only print the address, open no browser.")
    ] = False,
    device: DeviceOption = None,
    speaker: SpeakerOption = None,
    voice: VoiceOption = None,
    rate: RateOption = 165,
    engine: EngineOption = "auto",
    model: ModelOption = None,
    home: HomeOption = None,
) -> None:
    """Interview, reports, history and lessons in your browser, served to this machine only.

    Prints the page's address, which holds the key to it. Example: mock-interviewer serve
    """
    import sys
    from dataclasses import replace

    from mock_interviewer.settings import USUAL_LANGUAGE, home_at
    from mock_interviewer.web.server import serve as serve_site
    from mock_interviewer.web.site import Site

    place = replace(home_at(home), usual_language=USUAL_LANGUAGE)  # the page is English
    site = Site(
        place, engine_of(engine), model, device, speaker, voice, rate
    )  # fmt: skip
    print("Ctrl-C ends it. Nothing leaves this computer.", file=sys.stderr)
    serve_site(site, port, open_browser=not no_open)
