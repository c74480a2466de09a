"""Learn without some of the answers, so that these can be judged by weights that never saw them.

    python tools/learn_folds.py        writes corpus/folds/1.tsv.gz ..., one file a fold
    python tools/learn_folds.py --language es      writes corpus/folds/es/1.tsv.gz ...

Which fold an answer belongs to follows from its id alone, so it never changes when others come.
To be run again whenever the labelled answers or what is learned of them change. In a language
where nothing is kept aside for the gate and the replies, these are learned without a fold too.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import io
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from labelled import (  # noqa: E402
    is_english,
    labelled_answers,
    language,
    language_option,
    lines_of,
    own_corpus,
    speak,
)

FOLDS = 3
MORE_FOLDS = 6
"""In a language with few answers: each fold leaves more of them to learn from."""
FOLDER = ROOT / "corpus" / "folds"
Tables = dict[str, dict[str, dict[str, float]]]


def folds() -> int:
    """How many there are in the language."""
    return FOLDS if is_english() else MORE_FOLDS


def fold_path(fold: int) -> Path:
    """Where the fold's tables lie."""
    return FOLDER / own_corpus().relative_to(ROOT / "corpus" / "own") / f"{fold}.tsv.gz"


def fold_of(answer_id: str) -> int:
    """1 to folds(). Twins of an answer ('t-07+3') share its fold."""
    base = answer_id.split("+")[0]
    return int(hashlib.sha1(base.encode(), usedforsecurity=False).hexdigest(), 16) % folds() + 1


def fold_tables(fold: int) -> Tables:
    """Table -> label -> phrase -> weight, learned without this fold's answers."""
    tables: Tables = {}
    with gzip.open(fold_path(fold), "rt", encoding="utf-8", newline="") as file:
        for table, label, phrase, weight in csv.reader(
            file, delimiter="\t", quoting=csv.QUOTE_NONE
        ):
            tables.setdefault(table, {}).setdefault(label, {})[phrase] = float(weight)
    return tables


def write_fold(fold: int, tables: Mapping[str, Mapping[str, Mapping[str, float]]]) -> None:
    """The same bytes for the same weights, whenever it is written."""
    lines = io.StringIO()
    for table, labels in tables.items():
        for label, weights in labels.items():
            for phrase, weight in weights.items():
                lines.write(f"{table}\t{label}\t{phrase}\t{weight:.3f}\n")
    fold_path(fold).parent.mkdir(parents=True, exist_ok=True)
    packed = gzip.compress(lines.getvalue().encode("utf-8"), mtime=0)
    fold_path(fold).write_bytes(packed)


def main() -> None:
    """Learn every table once for each fold."""
    import learn_agency
    import learn_signals
    import learn_stages

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    language_option(parser)
    speak(parser.parse_args().language)
    answers = labelled_answers()
    for fold in range(1, folds() + 1):
        kept = [answer for answer in answers if fold_of(answer["id"]) != fold]
        print(f"fold {fold}: {len(kept)} of {len(answers)} answers", flush=True)
        stories = () if is_english() else stories_of(fold)
        stages = learn_stages.learn(kept)
        assert stages.second is not None
        tables: Tables = {
            "stages": learn_stages.tables_of(stages),
            "course": learn_stages.second_tables_of(stages.second),
            "signals": learn_signals.learn(kept),
            "agency": learn_agency.learn(kept, without=stories),
        }
        if not is_english():
            tables |= gate_and_replies(fold, kept, stories)
        write_fold(fold, tables)


def stories_of(fold: int) -> set[str]:
    """The stories whose replies belong to a fold."""
    rows = lines_of(own_corpus() / "replies.jsonl")
    return {row["story"] for row in rows if fold_of(row["story"]) == fold}


def gate_and_replies(fold: int, kept: Sequence[dict[str, Any]], without: Collection[str]) -> Tables:
    """What the gate and the judging of replies learn from the other folds."""
    import learn_gate
    import learn_replies

    from mock_interviewer.core import gate

    rows = [row for row in learn_gate.rows() if fold_of(row.name.split("/")[0]) != fold]
    replies = lines_of(own_corpus() / "replies.jsonl")
    replies = [reply for reply in replies if reply["story"] not in without]
    return {
        "gate": {gate.LABEL: learn_gate.learn(rows)},
        "replies": learn_replies.learn(replies, kept, language()),
    }


if __name__ == "__main__":
    main()
