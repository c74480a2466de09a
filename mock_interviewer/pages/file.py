"""Answers as one HTML file to keep or to show: nothing beside it, nothing fetched.

Style, script, type and, where wanted, the recordings stand inside; a content security policy names
style and script by their hashes and forbids everything else. Without script the file reads the
same; only playing needs it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence

from mock_interviewer.core.rubric import RUBRIC_VERSION
from mock_interviewer.core.wording import Wording
from mock_interviewer.pages.answer import AnswerPage
from mock_interviewer.pages.rendering import STATIC_DIR, render


def html_file(answers: Sequence[tuple[AnswerPage, bytes | None]], title: str, said: Wording) -> str:
    """The document; with each answer its recording as FLAC, or None to leave it out.

    said: the words of the page's language.
    """
    style, script = style_inside(), (STATIC_DIR / "answer.js").read_text(encoding="utf-8")
    sounds = [
        None if sound is None else f"data:audio/flac;base64,{base64.b64encode(sound).decode()}"
        for _, sound in answers
    ]
    return render(
        "file.html",
        said,
        title=title,
        answers=[(page, sound) for (page, _), sound in zip(answers, sounds, strict=True)],
        style=style,
        script=script,
        style_hash=content_hash(style),
        script_hash=content_hash(script),
        rubric_version=RUBRIC_VERSION,
    )


def content_hash(text: str) -> str:
    """A text as a content security policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def style_inside() -> str:
    """The pages' style with its fonts inside."""

    def inside(match: re.Match[str]) -> str:
        font = base64.b64encode((STATIC_DIR / match[1]).read_bytes()).decode()
        return f'url("data:font/woff2;base64,{font}")'

    style = (STATIC_DIR / "page.css").read_text(encoding="utf-8")
    return re.sub(r'url\("([\w-]+\.woff2)"\)', inside, style)
