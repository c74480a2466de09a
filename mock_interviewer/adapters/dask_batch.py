"""Many like pieces of work on Dask: a cluster on this machine, or one that runs already.

Ours listens on loopback only and speaks TLS with keys made for this run, so that nobody else on
the machine can hand it work; it serves no page. A worker is a process with one thread.

Handing work out costs about as much as judging a short transcript, so small pieces go several to
a handful. A worker that dies takes down what it had in hand, and which of those pieces killed it
cannot be known. So each is tried once more at the end, alone on the cluster: a piece whose worker
dies then was at fault itself. Nothing is retried for any other reason.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mock_interviewer.errors import BadInput

if TYPE_CHECKING:
    from distributed import Client

IN_HAND_PER_WORKER = 2
"""One at work and one waiting: no worker idles while an answer travels."""
CONNECT_S = 10
NEEDED = (
    "Many recordings at once need the package 'distributed': "
    "pip install distributed, or leave out --jobs and --dask."
)
QUIET: dict[str, Any] = {
    "distributed.scheduler.allowed-failures": 0,  # we try again ourselves, alone
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    # what Dask would look at all the time to show on its page
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.scheduler.work-stealing": False,
}


class WorkerDied:
    """What comes of a piece whose worker died twice, the second time with nothing else in hand."""


Outcome = Any


@contextmanager
def cluster(jobs: int | None, address: str | None) -> Iterator[Client]:
    """A client of the cluster at this address, or of one made here with so many workers.

    Raises BadInput where Dask is not installed or nobody answers.
    """
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError:
        raise BadInput(NEEDED) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL + 1)
    if address is not None:
        if not re.fullmatch(r"(?:\w+://)?[^/\s]+:\d{1,5}", address):
            raise BadInput(f"'{address}' is no address of a Dask scheduler, like 127.0.0.1:8786.")
        try:
            client = Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as fault:
            raise BadInput(
                f"No Dask scheduler answers at {address} ({type(fault).__name__}); start one with "
                "'dask scheduler', or leave out --dask."
            ) from None
        with client:
            yield client
        return
    with (
        dask.config.set(QUIET),
        LocalCluster(
            n_workers=jobs or os.cpu_count() or 1,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            worker_dashboard_address="127.0.0.1:0",
            security=True,
            memory_limit=0,
            silence_logs=logging.CRITICAL + 1,
        ) as made,
        Client(made, set_as_default=False) as client,
    ):
        yield client


def worked_off(
    client: Client,
    work: Callable[[Any], Any],
    pieces: Sequence[Any],
    handfuls: Sequence[Sequence[int]] | None = None,
) -> Iterator[tuple[int, Outcome]]:
    """Each piece's number and what came of it, as they are done, each once.

    What came of it is what work returns, the exception that it raised, or WorkerDied. handfuls: the
    numbers of the pieces that are handed out together; one by one if None.
    """
    suspects: list[int] = []
    workers = max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
    alone = [[number] for number in range(len(pieces))]
    for number, outcome in _tried(
        client,
        work,
        pieces,
        alone if handfuls is None else handfuls,
        IN_HAND_PER_WORKER * workers,
    ):
        if isinstance(outcome, WorkerDied):
            suspects.append(number)
        else:
            yield number, outcome
    yield from _tried(client, work, pieces, [[number] for number in sorted(suspects)], 1)


def _tried(
    client: Client,
    work: Callable[[Any], Any],
    pieces: Sequence[Any],
    handfuls: Sequence[Sequence[int]],
    in_hand: int,
) -> Iterator[tuple[int, Outcome]]:
    from distributed import as_completed

    waiting = iter(handfuls)
    asked: dict[Any, Sequence[int]] = {}
    done = as_completed([], loop=client.loop)

    def hand_out() -> None:
        numbers = next(waiting, None)
        if numbers is not None:
            future = client.submit(_worked, work, [pieces[n] for n in numbers], pure=False)
            asked[future] = numbers
            done.add(future)

    for _ in range(in_hand):
        hand_out()
    for future in done:
        numbers, outcomes = asked.pop(future), _outcome(future)
        future.release()
        hand_out()
        each = outcomes if isinstance(outcomes, list) else [outcomes] * len(numbers)
        yield from zip(numbers, each, strict=True)


def _worked(work: Callable[[Any], Any], pieces: Sequence[Any]) -> list[Outcome]:
    """What comes of a handful, an exception in the place of the piece that raised it."""
    found: list[Outcome] = []
    for piece in pieces:
        try:
            found.append(work(piece))
        except Exception as fault:
            found.append(fault)
    return found


def _outcome(future: Any) -> Outcome:
    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        return WorkerDied()
    except Exception as fault:
        return fault
