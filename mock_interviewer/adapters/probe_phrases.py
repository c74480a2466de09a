"""The wordings of follow-up questions, read from `probes.toml` among a language's prompts."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from mock_interviewer.adapters.prompt_dir import prompts_dir
from mock_interviewer.core.probing import PhraseGroup, ProbePhrases
from mock_interviewer.core.rubric import Tests
from mock_interviewer.errors import BadInput

FILE_NAME = "probes.toml"
QUOTE_LIMITS = ("not_first", "not_last", "own_words")


def read_probe_phrases(path: Path) -> ProbePhrases:
    """Read the wordings. Raises BadInput for a file that is no such table."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        limits = {name: frozenset(table.pop(name)) for name in QUOTE_LIMITS}
        groups = {
            lack: PhraseGroup(Tests(group["tests"]), tuple(group["wordings"]))
            for lack, group in table.items()
        }
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as cause:
        raise BadInput(f"{path}: cannot be read ({cause}); put back the original file.") from cause
    except (KeyError, TypeError, ValueError) as cause:
        raise BadInput(
            f"{path}: a table or list is missing or wrong ({cause}); put back the original file."
        ) from cause
    for lack, group in groups.items():
        if all("{quote}" in wording for wording in group.wordings):
            raise BadInput(f"{path}: [{lack}] needs a wording without {{quote}}.")
    return ProbePhrases(groups, **limits)


@cache
def load_probe_phrases(language: str = "en") -> ProbePhrases:
    """The wordings that come with the program, read once a process."""
    return read_probe_phrases(prompts_dir(language) / FILE_NAME)
