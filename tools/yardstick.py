"""How good the judgement is, on labelled answers: every figure measured now, none remembered.

    python tools/yardstick.py                    print the table
    python tools/yardstick.py --check            and fail if a figure is worse than it was
    python tools/yardstick.py --write            and keep it as what the next check compares with
    python tools/yardstick.py --language es      the same for another language

Answers that were learned from are judged by weights that have not seen them: `corpus/folds/` holds,
for each fold, the tables learned without it (tools/learn_folds.py). `dev`, `messy`, the pairs, the
replies and the gate's rows were never learned from and are judged by what ships, the encoder with
it; that one has seen all answers that teach, so these are judged by the readable tables alone.

A figure is worse only if chance does not explain it: the same answers are drawn again and again
(a paired bootstrap), and the whole of the 95 % interval of the difference must lie below zero.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from labelled import is_english, language, language_option, speak  # noqa: E402
from yards import CORPUS, LESS_IS_BETTER, Row, Yard, encoder_fault, shipped, yards  # noqa: E402

DRAWS = 1000
MANY, VERY_MANY = 100, 1000
"""Above these a tenth and a twenty-fifth of the draws must do: figures grow with the square."""
Figures = dict[str, float | None]


def is_worse(name: str, before: float | None, now: float | None) -> bool:
    """True if a figure went the wrong way at all."""
    if before is None or now is None:
        return before is not None
    return now > before if name in LESS_IS_BETTER else now < before


def drawn(yard: Yard, before: dict[str, Row], now: dict[str, Row]) -> list[tuple[Figures, Figures]]:
    """All figures before and now, on draws from the things that both hold: a paired bootstrap."""
    both = sorted(before.keys() & now.keys())
    dice = random.Random(len(both))
    times = DRAWS if len(both) < MANY else DRAWS // 10 if len(both) < VERY_MANY else DRAWS // 25
    draws = (dice.choices(both, k=len(both)) for _ in range(times))
    return [
        (yard.figures([before[key] for key in keys]), yard.figures([now[key] for key in keys]))
        for keys in draws
    ]


def surely_worse(name: str, draws: Sequence[tuple[Figures, Figures]]) -> bool:
    """True if chance does not explain that a figure is worse."""
    told = ((before[name], now[name]) for before, now in draws)
    pairs = [(old, new) for old, new in told if old is not None and new is not None]
    sign = -1 if name in LESS_IS_BETTER else 1
    differences = sorted(sign * (new - old) for old, new in pairs)
    return bool(differences) and differences[int(0.975 * (len(differences) - 1))] < 0


def measured() -> dict[str, tuple[Yard, dict[str, Row]]]:
    """Every yard's rows, measured now, on all cores. JSON's own types, as the kept ones have."""
    found = {yard.name: yard for yard in yards()}
    with ProcessPoolExecutor() as pool:
        told = dict(zip(found, pool.map(rows_of, repeat(language().code), found), strict=True))
    if faults := {fault for _, fault in told.values() if fault}:
        sys.exit(f"The encoder did not judge along, for {faults.pop()}; nothing was kept.")
    return {name: (yard, told[name][0]) for name, yard in found.items()}


def rows_of(code: str, name: str) -> tuple[dict[str, Row], str | None]:
    """The rows of one yard of a language, and why the encoder did not judge along, if so."""
    speak(code)
    yard = next(yard for yard in yards() if yard.name == name)
    return json.loads(json.dumps(yard.rows())), encoder_fault()


def table(figures: dict[str, dict[str, float | None]], counts: dict[str, int]) -> str:
    """The figures as Markdown, answers first."""
    columns = [name for name in figures if "stage_accuracy" in figures[name]]
    head = " | ".join(f"{HEADINGS[name]} ({counts[name]})" for name in columns)
    lines = [f"| | {head} |", "| --- |" + " --- |" * len(columns)]
    for figure in figures[columns[0]]:
        cells = " | ".join(shown(figures[name][figure]) for name in columns)
        lines.append(f"| {figure} | {cells} |")
    lines.append("")
    if shipped().encoder:
        lines += [ENCODER_TOLD, ""]
    for name in [name for name in figures if name not in columns]:
        told = ", ".join(f"{figure} {shown(value)}" for figure, value in figures[name].items())
        lines.append(f"- {HEADINGS[name]} ({counts[name]}): {told}")
    return "\n".join(lines)


def suffix() -> str:
    """What tells another language's figures from the English ones."""
    return "" if is_english() else f"-{language().code}"


def kept_path() -> Path:
    """Where the figures lie that the next check compares with."""
    return CORPUS / f"yardstick{suffix()}.json.gz"


HEADINGS = {
    "learned": "learned from, cross-validated",
    "dev": "never seen",
    "bare": "the same, no punctuation",
    "noisy": "the same, misheard words",
    "messy": "mostly unprepared, never seen",
    "kept": "never seen",
    "pairs": "Minimal pairs",
    "gate": "The gate",
    "replies": "Replies to probes",
}
ENCODER_TOLD = (
    "The encoder judges along everywhere but in the first column: it has seen those answers."
)


def shown(value: float | None) -> str:
    """A figure in the table."""
    return "-" if value is None else f"{value:.3f}".rstrip("0").rstrip(".")


def in_readme(text: str, told: str) -> str:
    """The README with the table between its marks."""
    begin, end = f"<!-- yardstick{suffix()} -->\n", f"<!-- /yardstick{suffix()} -->"
    before, rest = text.split(begin)
    return f"{before}{begin}\n{told}\n\n{end}{rest.split(end)[1]}"


def main() -> None:
    """Measure, print, and compare or keep."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--write", action="store_true")
    language_option(parser)
    options = parser.parse_args()
    speak(options.language)
    found = measured()
    figures = {name: yard.figures(list(rows.values())) for name, (yard, rows) in found.items()}
    told = table(figures, {name: len(rows) for name, (_, rows) in found.items()})
    print(told)
    if options.write:
        kept_path().write_bytes(gzip.compress(json.dumps(rows_alone(found)).encode(), mtime=0))
        readme = ROOT / "README.md"
        readme.write_text(in_readme(readme.read_text("utf-8"), told), "utf-8")
    if options.check:
        sys.exit(1 if worse_than_kept(found, figures) else 0)


def rows_alone(found: dict[str, tuple[Yard, dict[str, Row]]]) -> dict[str, dict[str, Row]]:
    """What is kept: the rows, from which every figure follows."""
    return {name: rows for name, (_, rows) in found.items()}


def worse_than_kept(
    found: dict[str, tuple[Yard, dict[str, Row]]], figures: dict[str, dict[str, float | None]]
) -> bool:
    """Name every figure that is worse than the kept one beyond chance."""
    kept: dict[str, dict[str, Row]] = json.loads(gzip.decompress(kept_path().read_bytes()))
    is_any = False
    for name, (yard, rows) in found.items():
        before = yard.figures(list(kept[name].values()))
        worse = [
            figure
            for figure, value in figures[name].items()
            if is_worse(figure, before[figure], value)
        ]
        draws = drawn(yard, kept[name], rows) if worse else []
        for figure in worse:
            if surely_worse(figure, draws):
                is_any = True
                was, value = before[figure], figures[name][figure]
                print(f"WORSE: {name} {figure} was {was}, is {value}", file=sys.stderr)
    return is_any


if __name__ == "__main__":
    main()
