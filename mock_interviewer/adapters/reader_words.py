"""What a second reader said of a take: `takeN.reader.json` beside it, apart from our judgement.

It is read as a reply of the reader is: a remark whose quote no longer stands in the transcript,
since that was corrected, is left out. It goes with its session, and no zip of `export` takes it
along.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from mock_interviewer.adapters.session_folders import as_text, write_whole
from mock_interviewer.core.json_text import json_value
from mock_interviewer.core.reader_remarks import Opinion, opinion_json, opinion_of
from mock_interviewer.core.transcript import Transcript


def _path(take: Path) -> Path:
    return take.with_name(take.name + ".reader.json")


def write_opinion(take: Path, opinion: Opinion, at: datetime) -> None:
    """Keep what was said of a take (a path without suffix). Raises HomeFault."""
    told = opinion_json(opinion) | {"at": at.isoformat(timespec="seconds")}
    write_whole(_path(take), as_text(told))


def read_opinion(take: Path, transcript: Transcript) -> Opinion | None:
    """What was said of a take; None where nothing readable is there."""
    try:
        told = json_value(_path(take).read_text(encoding="utf-8"))
        remarks = json.dumps({"remarks": told["remarks"]})
        found = opinion_of(remarks, str(told["name"]), transcript)
        return replace(found, at=str(told["at"])[:10])
    except (OSError, KeyError, TypeError, ValueError):
        return None
