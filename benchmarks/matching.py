"""Which story for a question, and what changed in a retelling, as figures.

    python benchmarks/matching.py

Written to results.json: the shares of questions read rightly and of right stories, of changed
figures and copied passages found in retellings, and the false alarms. The same everywhere: nothing
of it depends on how fast the machine is. tools/story_yard.py and retelling_yard.py say how
each is measured and print what was missed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools"), str(ROOT / "benchmarks")]

import labelled  # noqa: E402
from figures import Figure, keep, share  # noqa: E402
from learn_asked import asked_in, is_right  # noqa: E402
from retelling_yard import (  # noqa: E402
    figures_told,
    honest_pairs,
    is_copy_found,
    is_drift_found,
    retold_by_hand,
)
from story_yard import (  # noqa: E402
    FOLDS,
    fold,
    right_stories,
)

from mock_interviewer.core.comparing import same_passages  # noqa: E402

DRAWS, SEEDS = 40, 5


def measure() -> Iterator[Figure]:
    """Shares of right stories, of questions read rightly, of changes found; false alarms."""
    kept = asked_in("questions-kept")
    weights = labelled.language().weights["asked"]
    rights = [is_right(text, principle, weights) for text, principle in kept.items()]
    yield share("question_principle_right", sum(rights), len(rights))
    folds = [fold(number) for number in range(FOLDS)]
    asked: dict[str, dict[str, Any]] = {
        "story_right": {"is_named": True},
        "story_right_free_words": {"is_named": False, "kept": kept},
    }
    for name, how in asked.items():
        for is_confirmed in (False, True):
            runs = [
                right_stories(folds, DRAWS, seed, is_confirmed=is_confirmed, **how)
                for seed in range(SEEDS)
            ]
            shares = [run.share for run in runs]
            total = sum(run.total for run in runs)
            value = sum(run.right for run in runs) / total
            end = "_confirmed" if is_confirmed else ""
            yield Figure(f"{name}{end}", value, "share", min(shares), max(shares), total)
    retold = retold_by_hand()
    yield share("retelling_drifts_found", sum(is_drift_found(e.drift) for e in retold), 20)
    yield share("retelling_copies_found", sum(is_copy_found(e.copy) for e in retold), 20)
    honest = [*honest_pairs(), *(each.honest for each in retold)]
    language = labelled.language()
    alarms = sum(
        bool(figures_told(pair).drifts) or bool(same_passages(pair.first, pair.later, language))
        for pair in honest
    )
    yield Figure("retelling_false_alarms", alarms, "retellings", alarms, alarms, len(honest))


def main() -> None:
    """Measure everything and keep it."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    for figure in measure():
        keep([figure])
        print(figure)


if __name__ == "__main__":
    main()
