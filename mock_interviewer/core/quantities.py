"""Quantities in spoken English: what a listener could check by counting or measuring.

A recogniser writes '40%', '$3,000', 'forty percent' or 'a third' as it pleases, so figures and
number words count alike, and so do 'twice', 'none' and 'not one'. What only looks like a number
does not: years, dates and clock faces, 'room four', 'one of', 'first', 'one thing', 'on the one
hand'.
"""

from __future__ import annotations

from mock_interviewer.core.language import Language

TABLE = "quantities"


def quantities_in(text: str, language: Language) -> list[tuple[int, int]]:
    """Character spans [start, end) of the quantities, in order and without overlap."""
    text = text.replace("İ", "I").lower()  # the one letter that is two in lower case
    patterns = language.patterns_for(TABLE, text)
    if "quantity" not in patterns:
        return []
    denied = []
    if "not_quantity" in patterns:
        denied = [m.span() for m in patterns["not_quantity"].finditer(text)]
    spans: list[tuple[int, int]] = []
    for match in patterns["quantity"].finditer(text):
        start, end = match.span()
        if end > start and not any(a <= start and end <= b for a, b in denied):
            spans.append((start, end))
    return spans
