"""Learn without some of the answers, so that these can be judged by weights that never saw them.

    python tools/learn_folds.py        writes corpus/folds/1.tsv.gz ..., one file a fold

Which fold an answer belongs to follows from its id alone, so it never changes when others come.
To be run again whenever the labelled answers or what is learned of them change.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

FOLDS = 3
FOLDER = ROOT / "corpus" / "folds"
Tables = dict[str, dict[str, dict[str, float]]]


def fold_of(answer_id: str) -> int:
    """1 to FOLDS. Twins of an answer ('t-07+3') share its fold."""
    base = answer_id.split("+")[0]
    return int(hashlib.sha1(base.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS + 1


def fold_tables(fold: int) -> Tables:
    """Table -> label -> phrase -> weight, learned without this fold's answers."""
    tables: Tables = {}
    with gzip.open(FOLDER / f"{fold}.tsv.gz", "rt", encoding="utf-8", newline="") as file:
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
    FOLDER.mkdir(exist_ok=True)
    packed = gzip.compress(lines.getvalue().encode("utf-8"), mtime=0)
    (FOLDER / f"{fold}.tsv.gz").write_bytes(packed)


def main() -> None:
    """Learn every table once for each fold."""
    import learn_agency
    import learn_signals
    import learn_stages
    from labelled import labelled_answers

    answers = labelled_answers()
    for fold in range(1, FOLDS + 1):
        kept = [answer for answer in answers if fold_of(answer["id"]) != fold]
        print(f"fold {fold}: {len(kept)} of {len(answers)} answers", flush=True)
        stages = learn_stages.learn(kept)
        assert stages.second is not None
        write_fold(
            fold,
            {
                "stages": learn_stages.tables_of(stages),
                "course": learn_stages.second_tables_of(stages.second),
                "signals": learn_signals.learn(kept),
                "agency": learn_agency.learn(kept),
            },
        )


if __name__ == "__main__":
    main()
