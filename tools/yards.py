"""What the yardstick measures: labelled answers, minimal pairs, the gate, replies to probes.

Each is judged by the program's own core, as `replay --json` and `judge` would, and compared with
its labels by the corpus's scorers; a row is what is known of one of them. What was never learned
from is judged as the program ships, encoder and all; the rest by the readable tables alone, for the
encoder has seen every answer that teaches.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
sys.path[:0] = [str(ROOT), str(CORPUS), str(ROOT / "tools")]

import score  # noqa: E402
import score_gate  # noqa: E402
import score_pairs  # noqa: E402
import score_replies  # noqa: E402
import timed  # noqa: E402
from labelled import (  # noqa: E402
    folders_learned_from,
    is_english,
    labelled_answers,
    language,
    lines_of,
    most_told,
    own_corpus,
)
from learn_folds import fold_of, fold_tables  # noqa: E402

from mock_interviewer.adapters.language_files import load_language  # noqa: E402
from mock_interviewer.adapters.probe_phrases import load_probe_phrases  # noqa: E402
from mock_interviewer.adapters.reply_lines import read_reply_lines  # noqa: E402
from mock_interviewer.adapters.whisper_json import parse  # noqa: E402
from mock_interviewer.app.judging import judged_lines  # noqa: E402
from mock_interviewer.app.replay import Wanted, question_for  # noqa: E402
from mock_interviewer.core.analysis import analyse  # noqa: E402
from mock_interviewer.core.language import Language  # noqa: E402
from mock_interviewer.core.question import AskedAs  # noqa: E402
from mock_interviewer.core.report import analysis_json  # noqa: E402

Row = dict[str, Any]


@dataclass(frozen=True)
class Yard:
    """One set of labelled things: how to make a row of each, and the figures of rows."""

    name: str
    about: str
    rows: Callable[[], dict[str, Row]]
    figures: Callable[[Sequence[Row]], dict[str, float | None]]


def judged(spoken: Row, language: Language) -> Row:
    """What `replay --json` prints for a transcript."""
    transcript, asked = parse(spoken, "a labelled answer")
    question = question_for(asked or AskedAs(), Wanted(), lambda _: None)
    phrases = load_probe_phrases(language.code)
    found = analyse(transcript, question, language, phrases)
    return analysis_json(found, "a labelled answer")


def unseen_language(answer_id: str) -> Language:
    """The language with the weights that never saw this answer."""
    return _language_without(fold_of(answer_id))


@cache
def _language_without(fold: int) -> Language:
    spoken = language()
    return replace(spoken, weights={**spoken.weights, **fold_tables(fold)})


def answer_rows(
    folders: Sequence[str],
    language_of: Callable[[str], Language],
    bare: bool = False,
    noisy: bool = False,
) -> dict[str, Row]:
    """Every answer as the scorer judges it, with its units' confidence."""
    rows = {}
    for answer in labelled_answers(folders):
        spoken = timed.whisper_json(answer, bare, noisy)
        got = judged(spoken, language_of(answer["id"]))
        row = score.judge(answer, got, score.plain(spoken["text"]))
        row["sure"] = surenesses(answer, got, timed.heard(answer, bare, noisy))
        rows[answer["id"]] = row
    return rows


def surenesses(answer: Row, got: Row, heard: list[Row]) -> list[tuple[float, bool]]:
    """For each unit its confidence, and whether most of its words are of its stage."""
    found, at = [], 0
    for unit in got["units"]:
        stages: list[str] = []
        while at < len(heard) and heard[at]["start"] < unit["end_s"] - 1e-6:
            stages.append(answer["units"][heard[at]["unit"]]["stage"])
            at += 1
        if stages:
            found.append((unit["confidence"], most_told(stages) == unit["stage"]))
    return found


def calibration_error(rows: Sequence[Row]) -> float:
    """How far confidence is from being right, over ten bins, weighted by their units."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for row in rows:
        for sure, right in row["sure"]:
            bins.setdefault(min(int(sure * 10), 9), []).append((sure, right))
    total = sum(map(len, bins.values()))
    gaps = (abs(sum(s for s, _ in b) - sum(r for _, r in b)) for b in bins.values())
    return round(sum(gaps) / total, 3)


def answer_figures(rows: Sequence[Row]) -> dict[str, float | None]:
    """The scorer's figures, and the calibration."""
    found = score.figures([_in_tuples(row) for row in rows])
    kappas = [kappa for kappa in found["signals"].values() if kappa is not None]
    return {name: found[name] for name in ANSWER_FIGURES} | {
        "worst_signal_kappa": min(kappas, default=None),
        "calibration_error": calibration_error(rows),
    }


def _in_tuples(row: Row) -> Row:
    """The scorer compares its pairs as tuples; JSON has brought kept ones back as lists."""
    present = {
        kind: {name: tuple(pair) for name, pair in told.items()}
        for kind, told in row["present"].items()
    }
    return row | {"present": present}


ANSWER_FIGURES = (
    *("stage_accuracy", "boundary_f1", "duration_mae_s", "missing_stage_f1", "signals_kappa"),
    *("disqualifiers_f1", "weaknesses_f1", "grounded", "verdict_kappa", "verdict_within_one"),
    *("verdict_order", "next_change_better"),
)
LESS_IS_BETTER = {"duration_mae_s", "calibration_error"}


def pair_rows() -> dict[str, Row]:
    """Every minimal pair: is the label where it should be in both, and the verdict right."""
    spoken, rows = shipped(), {}
    bases = {answer["id"]: answer for answer in labelled_answers(["dev"])}
    got = {name: judged(timed.whisper_json(base), spoken) for name, base in bases.items()}
    for pair in lines_of(CORPUS / "pairs-dev.jsonl"):
        base, label = bases[pair["base"]], pair["label"]
        twin = judged(timed.whisper_json(score_pairs.edited(base, pair)), spoken)
        before = score_pairs.present(got[base["id"]], label) == score_pairs.labelled(base, label)
        after = score_pairs.present(twin, label) == pair["present"]
        is_verdict = twin["verdict"] == pair["verdict"]
        rows[pair["id"]] = {"kind": pair["kind"], "ok": before and after, "verdict": is_verdict}
    return rows


def pair_figures(rows: Sequence[Row]) -> dict[str, float | None]:
    """Shares that are right."""
    return {
        "flips": share([row["ok"] for row in rows if row["kind"] == "flip"]),
        "traps": share([row["ok"] for row in rows if row["kind"] == "trap"]),
        "verdict": share([row["verdict"] for row in rows]),
    }


def gate_rows(path: Path, language_of: Callable[[str], Language]) -> dict[str, Row]:
    """Every row of the gate: whether it is refused or let through as it should be."""
    rows = {}
    for row in lines_of(path):
        got = judged(score_gate.spoken(row), language_of(row["id"]))
        is_right = (got["gate"] == "no_story") == (row["gate"] == "no_story")
        rows[row["id"]] = {"gate": row["gate"], "ok": is_right}
    return rows


def gate_figures(rows: Sequence[Row]) -> dict[str, float | None]:
    """How many of what should be refused is, and of what should pass."""
    return {
        "no_story_recall": share([row["ok"] for row in rows if row["gate"] == "no_story"]),
        "story_recall": share([row["ok"] for row in rows if row["gate"] == "story"]),
    }


def reply_rows(path: Path, language_of: Callable[[str], Language]) -> dict[str, Row]:
    """Every reply to a probe: quality, reason, evidence and rescoring."""
    rows = {}
    for want, read in zip(lines_of(path), read_reply_lines(path), strict=True):
        (got,) = judged_lines([read], language_of(want["story"]))
        is_right = got["quality"] == want["quality"]
        evidence = score_replies.overlap(want["reply"], got["evidence"], want["evidence"])
        rows[want["id"]] = {
            "quality": is_right,
            "why": got["why"] == want["why"],
            "grounded": evidence if is_right else None,
            "rescores": (want["rescores"] == "no_hire", got["rescores"] == "no_hire"),
        }
    return rows


def reply_figures(rows: Sequence[Row]) -> dict[str, float | None]:
    """Shares that are right, and the f1 of rescoring."""
    wanted = sum(want for want, _ in (row["rescores"] for row in rows))
    given = sum(got for _, got in (row["rescores"] for row in rows))
    both = sum(want and got for want, got in (row["rescores"] for row in rows))
    return {
        "quality": share([row["quality"] for row in rows]),
        "why": share([row["why"] for row in rows]),
        "grounded": share([row["grounded"] for row in rows if row["grounded"] is not None]),
        "rescores_f1": round(2 * both / (wanted + given), 3) if wanted + given else None,
    }


def share(values: Sequence[bool]) -> float | None:
    """The mean of yes and no."""
    return round(sum(values) / len(values), 3) if values else None


def shipped(_: str = "") -> Language:
    """What ships, whatever the answer: tables and encoder."""
    return load_language(language().code, with_encoder=True)


def encoder_fault() -> str | None:
    """Why the encoder did not judge along, if it should have."""
    reader = shipped().encoder
    return reader.fault if reader else None


def yards() -> Iterator[Yard]:
    """Everything that is measured in the language."""
    yield from english_yards() if is_english() else own_yards()


def own_yards() -> Iterator[Yard]:
    """Where there are few labels, all of them teach, and are judged by weights unseen.

    But for a few answers that were written when the tables stood, and never taught.
    """
    own = own_corpus()
    folders = folders_learned_from()
    learned = partial(answer_rows, folders, unseen_language)
    yield Yard("learned", "learned from, cross-validated", learned, answer_figures)
    yield Yard("bare", "the same, no punctuation", partial(learned, bare=True), answer_figures)
    yield Yard("noisy", "the same, misheard words", partial(learned, noisy=True), answer_figures)
    aside = partial(answer_rows, [str((own / "kept").relative_to(CORPUS))], shipped)
    yield Yard("kept", "never learned from", aside, answer_figures)
    gate = partial(gate_rows, own / "gate.jsonl", unseen_language)
    yield Yard("gate", "is it a story", gate, gate_figures)
    replies = partial(reply_rows, own / "replies.jsonl", unseen_language)
    yield Yard("replies", "replies to probes", replies, reply_figures)


def english_yards() -> Iterator[Yard]:
    """Everything that is measured in English."""
    learned = partial(answer_rows, folders_learned_from(), unseen_language)
    yield Yard("learned", "learned from, cross-validated", learned, answer_figures)
    dev = partial(answer_rows, ["dev"], shipped)
    yield Yard("dev", "never learned from", dev, answer_figures)
    yield Yard("bare", "dev, no punctuation", partial(dev, bare=True), answer_figures)
    yield Yard("noisy", "dev, misheard words", partial(dev, noisy=True), answer_figures)
    messy = partial(answer_rows, ["messy", "own/kept"], shipped)
    yield Yard("messy", "unprepared, never learned from", messy, answer_figures)
    gate_dev = partial(gate_rows, CORPUS / "gate-dev.jsonl", shipped)
    reply_dev = partial(reply_rows, CORPUS / "probes-dev.jsonl", shipped)
    yield Yard("pairs", "minimal pairs on dev", pair_rows, pair_figures)
    yield Yard("gate", "is it a story", gate_dev, gate_figures)
    yield Yard("replies", "replies to probes", reply_dev, reply_figures)
