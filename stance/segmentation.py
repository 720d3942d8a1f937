"""From a text as it was given to the sentences that count as evidence.

Nothing is rewritten: a sentence is a span of the given text, and what is not part of the article
(datelines, related links, photo credits, share buttons, keyword lists) is not among the sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

from stance.records import Span

MAX_SENTENCE = 2_000
"""Characters. What is longer is no sentence of news prose (tables, data, minified code) and is left out."""

_WRAPPED = 100  # columns; text wrapped by hand or by a mail program stays below
_UNWRAPPED_END = tuple(".!?:;\"”’')]»…")
_NOISE = re.compile(
    r"""
      \[[^\[\]]*\]                                              # [Related headline]
    | (?:read|see|watch)\s+(?:more|also|next)\b.{0,150}
    | (?:related|more\s+(?:on|from)|most\s+read|recommended|trending|keywords?|tags?|topics?|filed\s+under)\s*:.*
    | (?:photo|image|picture|file\s+photo|video|credit|source|graphic)s?(?:\s+(?:by|credit|courtesy))?\s*[:/].*
    | (?:©|\(c\)|copyright\b).*
    | .{0,200}(?:/|via\s)(?:getty(?:\simages)?|reuters|afp|ap|epa|shutterstock|tass|xinhua|anadolu)\)?\.?
    | \(?(?:ap\sphoto|(?:reporting|editing|writing|photo(?:graph)?s?|image|picture)\s+by)\b.{0,150}
    | (?:share|tweet|email|print|save|comments?|subscribe|sign\s+up|log\s*in|follow\s+us|advertisement|newsletter)\b
      (?:\W+(?:this|on|via|by|to|for|our|in|article|story|post|us|now|email|print|share|tweet|facebook|twitter|x|
      whatsapp|linkedin|reddit|telegram|newsletters?|updates|free|\d+))*\W*
    | (?:https?://|www\.)\S+
    | [\W\d_]+
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DATELINE = re.compile(
    r"[A-Z][A-Z.'’/ -]+(?:,\s+(?:[A-Z][\w.]+\s*){1,3}\d{0,2},?)?\s*(?:\([\w ]{2,30}\)\s*)?(?:—|–|--?)\s+(?=\S)"
)
_EDGE = re.compile(r"\S(?:.*\S)?", re.DOTALL)


def sentences(text: str) -> Iterator[Span]:
    """Yield the sentences of the article that a text holds, without surrounding white space.

    Parameters
    ----------
    text : str
        Plain text. Line breaks inside hard-wrapped paragraphs do not end a sentence; blank lines,
        and line breaks after long or finished lines, do.

    Yields
    ------
    Span
        In the order of the text; nothing for an empty text.
    """
    for paragraph in _paragraphs(text):
        dateline = _DATELINE.match(text, *paragraph)
        start = dateline.end() if dateline else paragraph.start
        for piece in sentencex.segment("en", text[start : paragraph.end]):
            stripped = _EDGE.search(piece)
            if stripped and len(piece) <= MAX_SENTENCE:
                yield Span(start + stripped.start(), start + stripped.end())
            start += len(piece)


def _paragraphs(text: str) -> Iterator[Span]:
    """Join the lines that belong to one paragraph, leaving out those that are not the article's."""
    paragraph: Span | None = None
    previous = ""
    for line in _lines(text):
        content = text[line.start : line.end].strip()
        noise = not content or _NOISE.fullmatch(content)
        if paragraph and not noise and _continues(previous, content):
            paragraph = Span(paragraph.start, line.end)
        else:
            if paragraph:
                yield paragraph
            paragraph = None if noise else line
        previous = content
    if paragraph:
        yield paragraph


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield Span(start, start + len(line))
        start += len(line)


def _continues(previous: str, line: str) -> bool:
    """Whether a line goes on with the sentence that the previous line broke off."""
    if previous.endswith(_UNWRAPPED_END):
        return False
    return line[0].islower() or (len(previous) > _WRAPPED // 2 and len(previous) <= _WRAPPED)
