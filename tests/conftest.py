"""What holds for all tests: answers are judged by the readable tables alone.

The encoder has tests of its own (test_second_opinion.py, test_sentence_encoder.py); every other
test says what it means without loading a network in each process that it starts.
"""

import os

os.environ["MOCK_INTERVIEWER_ENCODER"] = "off"
