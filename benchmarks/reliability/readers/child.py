"""One engine on one target, in a process of its own.

    python -m reliability.readers.child TARGET ENGINE CASES SEED FOLDER

Prints one JSON object: how many cases were read, how many were refused with a plain line, the
slowest in processor seconds, the largest memory, and the faults, one for each place where they came
up, each with the shortest case. While a case is read it lies in FOLDER/now, so that one that ends
the process is known.
"""

from __future__ import annotations

import base64
import contextlib
import json
import mmap
import os
import resource
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

MOST_BYTES = 500_000_000
"""Of memory, by which is meant address space."""
MOST_CPU_S = 1.0
ENGINES = ("changed", "hypothesis", "atheris")
_NOW_BYTES = 1 << 17


class TookTooLong(BaseException):
    """Not an Exception, so that nothing on the way takes it for a fault of its own."""


class Watch:
    """Reads cases and keeps what came of them."""

    def __init__(self, target: Any, folder: Path) -> None:
        self._target = target
        self.cases = self.refused = 0
        self.slowest_s = 0.0
        self.faults: dict[str, tuple[bytes, str]] = {}
        now = folder / "now"
        now.write_bytes(bytes(_NOW_BYTES))
        with now.open("r+b") as file:
            self._now = mmap.mmap(file.fileno(), _NOW_BYTES)
        signal.signal(signal.SIGVTALRM, _too_long)
        self._unseen: list[BaseException] = []
        sys.unraisablehook = lambda told: self._unseen.append(_fault_of(told.exc_value))
        threading.excepthook = lambda told: self._unseen.append(_fault_of(told.exc_value))

    def read(self, case: bytes) -> str | None:
        """Read a case; the place of its fault, None if all is well."""
        from mock_interviewer.errors import InterviewError
        from reliability.readers.targets import one_plain_line

        self._now[:4] = len(case).to_bytes(4, "little")
        kept = case[: _NOW_BYTES - 4]
        self._now[4 : 4 + len(kept)] = kept
        began_s = time.thread_time()
        signal.setitimer(signal.ITIMER_VIRTUAL, MOST_CPU_S)
        place = None
        try:
            self._target.read(case)
        except InterviewError as refusal:
            self.refused += 1
            try:
                one_plain_line(str(refusal))
            except AssertionError as fault:
                place = self._keep(case, fault)
        except (Exception, TookTooLong) as fault:
            place = self._keep(case, fault)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        while self._unseen:  # it went to stderr as a traceback, past everybody
            place = self._keep(case, self._unseen.pop())
        self.slowest_s = max(self.slowest_s, time.thread_time() - began_s)
        self.cases += 1
        return place

    def _keep(self, case: bytes, fault: BaseException) -> str:
        frames = traceback.extract_tb(fault.__traceback__)
        ours = [f for f in frames if "mock_interviewer" in f.filename] or list(frames)
        place = f"{type(fault).__name__} at {Path(ours[-1].filename).name}:{ours[-1].lineno}"
        known = self.faults.get(place)
        if known is None or len(case) < len(known[0]):
            self.faults[place] = (case, f"{place}: {' '.join(str(fault).split())[:200]}")
        return place

    def told(self) -> str:
        """Everything, as a line of JSON."""
        return json.dumps(
            {
                "cases": self.cases,
                "refused": self.refused,
                "slowest_s": round(self.slowest_s, 3),
                "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
                "faults": [
                    {"case": base64.b64encode(case).decode(), "what": what}
                    for case, what in self.faults.values()
                ],
            }
        )


def _fault_of(fault: BaseException | None) -> BaseException:
    return fault or AssertionError("something failed where nobody sees it")


def _too_long(_number: int, _frame: FrameType | None) -> None:
    raise TookTooLong(f"more than {MOST_CPU_S:g} s of processor time")


def main() -> None:
    """Run what the command line says."""
    name, engine, count, seed, place = sys.argv[1:6]
    warnings.simplefilter("ignore")
    folder, dice = Path(place), Random(f"{name} {engine} {seed}")
    if engine == "atheris":
        import atheris

        with atheris.instrument_imports(include=["mock_interviewer"], enable_loader_override=False):
            _import_readers()
    from reliability.readers.targets import make

    target = make(name, folder)
    for each in target.seeds:  # everything that is imported or read once is there now
        with contextlib.suppress(Exception):
            target.read(each)
    if engine != "atheris":  # libFuzzer keeps a map of its own; it has its own limit
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    watch = Watch(target, folder)
    {"changed": _changed, "hypothesis": _hypothesis, "atheris": _atheris}[engine](
        watch, target, int(count), dice, folder
    )
    print(watch.told(), flush=True)
    os._exit(0)  # threads that the readers started are of no more use


def _import_readers() -> None:
    import mock_interviewer.adapters.audio_files
    import mock_interviewer.adapters.coach_notes
    import mock_interviewer.adapters.corrections
    import mock_interviewer.adapters.own_packs
    import mock_interviewer.adapters.pack_files
    import mock_interviewer.adapters.pack_schema
    import mock_interviewer.adapters.practice_log
    import mock_interviewer.adapters.reply_lines
    import mock_interviewer.adapters.session_folders
    import mock_interviewer.adapters.subtitles
    import mock_interviewer.adapters.transcript_files
    import mock_interviewer.adapters.whisper_json
    import mock_interviewer.app.history
    import mock_interviewer.app.resuming
    import mock_interviewer.settings
    import mock_interviewer.web.app
    import mock_interviewer.web.guard  # noqa: F401


def _changed(watch: Watch, target: Any, count: int, dice: Random, _folder: Path) -> None:
    from reliability.readers.changing import changed

    for _ in range(count):
        watch.read(changed(dice.choice(target.seeds), target.seeds, target.words, dice))


def _hypothesis(watch: Watch, target: Any, count: int, dice: Random, _folder: Path) -> None:
    from hypothesis import HealthCheck, Phase, given, seed, settings

    @seed(dice.randrange(2**32))
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(_cases(target.seeds, target.words))
    def read(case: bytes) -> None:
        watch.read(case)

    while watch.cases < count:
        before = watch.cases
        read()
        if watch.cases == before:
            return


def _cases(seeds: Sequence[bytes], words: Sequence[bytes]) -> Any:
    from hypothesis import strategies as st

    keys = st.sampled_from([word.decode("latin-1").strip('"') for word in words] or ["a"])
    leaf = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), keys
    )
    value = st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=6)
        ),
        max_leaves=24,
    )
    pieces = st.lists(
        st.one_of(
            st.sampled_from(list(words) or [b" "]),
            st.binary(max_size=8),
            st.text(max_size=8).map(lambda text: text.encode("utf-8", "surrogatepass")),
        ),
        max_size=24,
    ).map(b"".join)
    return st.one_of(
        value.map(lambda each: json.dumps(each).encode()), pieces, st.binary(max_size=200)
    )


def _atheris(watch: Watch, target: Any, count: int, dice: Random, folder: Path) -> None:
    import atheris

    from reliability.readers.changing import TOKENS

    corpus = folder / "corpus"
    corpus.mkdir()
    for number, each in enumerate(target.seeds):
        (corpus / f"seed{number}").write_bytes(each)
    lines = (
        '"' + "".join(f"\\x{byte:02x}" for byte in word) + '"\n'
        for word in (*target.words, *(token for token in TOKENS if len(token) < 60))
    )
    (folder / "words").write_text("".join(lines), encoding="ascii")

    def one(case: bytes) -> None:
        watch.read(case)
        if watch.cases >= count:
            print(watch.told(), flush=True)
            os._exit(0)

    arguments = [
        sys.argv[0], f"-runs={count + 1000}", f"-seed={dice.randrange(1, 2**31)}", "-max_len=4096",
        f"-dict={folder / 'words'}", f"-rss_limit_mb={MOST_BYTES // 10**6}", "-timeout=20",
        "-verbosity=0", f"-artifact_prefix={folder}/", str(corpus),
    ]  # fmt: skip
    atheris.Setup(arguments, one)
    with _quiet():
        atheris.Fuzz()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What libFuzzer says of itself is of no use here."""
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    yield


if __name__ == "__main__":
    main()
