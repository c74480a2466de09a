"""A voice mock interviewer: hears an answer, times its STAR stages, judges it with quotes.

Nothing leaves the computer. onnxruntime, which runs the voice detector, reports what it does to its
maker (it keeps a number for the machine and a list of events under ~/.cache/Microsoft and sends
them over the network), and the model hub's library counts its use: both are told not to before
anything can load them, in this process and, by inheritance, in every child.
"""

import os

__version__ = "0.1.0"

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["DO_NOT_TRACK"] = "1"
