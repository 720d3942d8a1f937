"""Texts in which mentions are marked: ``{name|words}``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stance.records import Span

_MARK = re.compile(r"\{([^{}|]+)\|([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark: its span in the text without marks, its name, and where it begins in the marked text."""

    span: Span
    name: str
    offset: int


def unmarked(marked: str) -> tuple[str, list[Mark]]:
    """A text without its marks, and the marks in order."""
    pieces: list[str] = []
    marks = []
    length = position = 0
    for match in _MARK.finditer(marked):
        gap = marked[position : match.start()]
        start = length + len(gap)
        length = start + len(match[2])
        pieces += (gap, match[2])
        marks.append(Mark(Span(start, length), match[1], match.start()))
        position = match.end()
    pieces.append(marked[position:])
    return "".join(pieces), marks
