"""How well the story bank finds the right story for a question, and knows a retelling again.

Twenty stories are drawn from the labelled answers and made as a session makes them, what
they serve read from the question they were told for, by weights learned without these answers. For
each principle that the labels say is among the twenty, a question of the packs is asked; right is a
story whose label, which nobody was shown, is that principle. A question in `people's words` is one
of corpus/own/questions-kept.jsonl, from which nothing was learned; one in `the packs' words` has
the pack's name withheld and is left out of what was learned. All are asked of stories whose
principle was guessed, and of the same stories as their owner confirmed them: by their label.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import labelled
from learn_asked import NOWHERE, asked_in, learn, questions
from retelling_yard import Pair, honest_pairs

from mock_interviewer.adapters.pack_files import load_packs
from mock_interviewer.core.guessing import shares_of
from mock_interviewer.core.rubric import Kind, Principle
from mock_interviewer.core.stories import Recogniser, Story, best_for, served_as, words_of

STORIES = 20
FOLDS = 5
FOLDERS = ("train", "dev", "messy", "own/answers")


@dataclass(frozen=True)
class Fold:
    """Answers and questions that the weights were learned without."""

    answers: Sequence[dict[str, Any]]
    asked: Mapping[str, str]
    """Questions of the packs -> principle."""
    weights: Mapping[str, Mapping[str, float]]


def fold(number: int, of: int = FOLDS) -> Fold:
    """One of the folds, with weights learned from the others."""
    answers = labelled.labelled_answers(FOLDERS)
    Random(5).shuffle(answers)
    packs = load_packs(NOWHERE, "en").questions
    stories = sorted((q.text, q.principle.value) for q in packs if q.kind is Kind.STORY)
    Random(6).shuffle(stories)
    held = answers[number::of]
    asked = dict(stories[number::of])
    return Fold(held, asked, learn(questions(), {*asked, *(a["question"] for a in held)}))


def story_of(answer: Mapping[str, Any], weights: Mapping[str, Mapping[str, float]]) -> Story:
    """The story that a session would make of an answer; its label is not looked at."""
    text = " ".join(unit["text"] for unit in answer["units"])
    return Story(
        id=answer["id"],
        title=answer["id"],
        serves=shares_of(answer["question"], labelled.language(), weights),
        numbers=(),
        quotes={name: quote for name, quote in answer["signals"].items() if quote},
        words=words_of(text, labelled.language()),
    )


@dataclass(frozen=True)
class Matched:
    """How the questions of some draws were answered."""

    right: int
    """Questions that got a story of their principle."""
    total: int

    @property
    def share(self) -> float:
        """The right ones among all."""
        return self.right / self.total


def right_stories(
    folds: Sequence[Fold],
    draws: int,
    seed: int,
    *,
    is_named: bool,
    is_confirmed: bool = False,
    kept: Mapping[str, str] | None = None,
) -> Matched:
    """Stories drawn, and a question for every principle among them.

    is_named: the question's principle is known. is_confirmed: the stories' are. kept: questions to
    ask, with their principle, in place of the packs'; each fold's weights never saw them.
    """
    dice = Random(seed)
    language = labelled.language()
    label, story, weights, asked = {}, {}, {}, defaultdict(list)
    for each in folds:
        for answer in each.answers:
            label[answer["id"]] = Principle(answer["principle"])
            made = story_of(answer, each.weights)
            confirmed = replace(made, serves=served_as([label[answer["id"]]]))
            story[answer["id"]] = confirmed if is_confirmed else made
        for text, principle in (each.asked if kept is None else kept).items():
            asked[Principle(principle)].append(text)
            weights[text] = each.weights
    right = total = 0
    for _ in range(draws):
        drawn = dice.sample(sorted(story), STORIES)
        for principle in sorted({label[name] for name in drawn}):
            question = dice.choice(asked[principle])
            shares = (
                {principle: 1.0} if is_named else shares_of(question, language, weights[question])
            )
            served = best_for(question, shares, [story[name] for name in drawn], language)
            total += 1
            right += bool(served) and label[served[0].story.id] is principle
    return Matched(right, total)


def recognised(pairs: Sequence[Pair], others: Sequence[dict[str, Any]]) -> tuple[int, int]:
    """Retellings put to their own story among all others, and answers put to a wrong one."""
    language, recogniser = labelled.language(), Recogniser()
    number = {pair.name: recogniser.add(words_of(pair.first.text, language)) for pair in pairs}
    right = sum(
        recogniser.find(words_of(pair.later.text, language)) == number[pair.name] for pair in pairs
    )
    wrong = sum(
        recogniser.find(words_of(" ".join(u["text"] for u in a["units"]), language)) is not None
        for a in others
        if a["id"] not in number
    )
    return right, wrong


def main() -> None:
    """Measure everything, and print it."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    folds = [fold(number) for number in range(FOLDS)]
    kept = asked_in("questions-kept")
    asked_as: dict[str, dict[str, Any]] = {
        "a pack's question": {"is_named": True},
        "the packs' words": {"is_named": False},
        "people's words": {"is_named": False, "kept": kept},
    }
    for is_confirmed in (True, False):
        for name, how in asked_as.items():
            runs = [
                right_stories(folds, 40, seed, is_confirmed=is_confirmed, **how)
                for seed in range(5)
            ]
            right, total = sum(run.right for run in runs), sum(run.total for run in runs)
            told = "stories confirmed" if is_confirmed else "stories guessed"
            spread = ", ".join(f"{run.share:.3f}" for run in runs)
            print(f"{name}, {told}: {right} of {total} ({right / total:.3f}; {spread})")
    pairs, others = honest_pairs(), labelled.labelled_answers(FOLDERS)
    right, wrong = recognised(pairs, others)
    print(f"retellings recognised: {right} of {len(pairs)}; other answers taken for one: {wrong}")


if __name__ == "__main__":
    main()
