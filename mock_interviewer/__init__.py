"""A voice mock interviewer: hears an answer, times its STAR stages, judges it with quotes."""

__version__ = "0.1.0"
