"""What holds for all tests: answers are judged by the readable tables alone.

The encoder has tests of its own (test_second_opinion.py, test_sentence_encoder.py); every other
test says what it means without loading a network in each process that it starts.

A file is run in one process. Those that wait longest for sound are begun first, so that the
processes end together; there are more of them than cores, for much of the time is waiting.
"""

import os
import signal

import pytest

LONGEST = ("test_live.py", "test_page_live.py", "test_coaching.py", "test_cli.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; the others as they were found."""
    place = {name: at for at, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


os.environ["MOCK_INTERVIEWER_ENCODER"] = "off"
signal.signal(signal.SIGINT, signal.default_int_handler)
"""A shell's background jobs ignore Ctrl-C, and so would every program that a test interrupts."""
