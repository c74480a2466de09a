"""Words that many answers share, and so say nothing of which story is told: common.toml.

A stem is common if at least one answer in twenty-two of the corpus has it.
"""

from __future__ import annotations

import argparse
from collections import Counter

import labelled
import tomli_w

from mock_interviewer.core.searching import stems_of

SHARE = 0.045
FEWEST = 3


def common_stems() -> list[str]:
    """The stems, in the order of the alphabet."""
    answers = labelled.labelled_answers()
    seen = Counter(
        stem
        for answer in answers
        for stem in set(stems_of(" ".join(unit["text"] for unit in answer["units"])))
    )
    return sorted(s for s, n in seen.items() if n >= max(FEWEST, SHARE * len(answers)))


def main() -> None:
    """Count, and write the list."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    labelled.language_option(parser)
    labelled.speak(parser.parse_args().language)
    text = "# Stems of words that tell no story from another; made by tools/learn_common.py.\n"
    path = labelled.table_path("common").with_suffix(".toml")
    path.write_text(text + tomli_w.dumps({"stems": common_stems()}), encoding="utf-8")


if __name__ == "__main__":
    main()
