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

_SHORTEST_WRAPPED, _LONGEST_WRAPPED = 50, 100  # characters in the lines of hard-wrapped text
_WRAPPED_SHARE = 0.4  # of its lines that break off in mid-sentence
_SENTENCE_ENDS = tuple(".!?:;\"”’')]»…")
_AGENCY = r"(?:getty(?:\simages)?|reuters|afp|ap|epa|shutterstock|tass|xinhua|anadolu)"
_NOISE = re.compile(
    rf"""
      \[[^\[\]]*\]                                              # [Related headline]
    | (?:read|see|watch)\s+(?:more|also|next)(?:\s*[:»>|–—-].*|\s+(?:about|on|from|at|here|in)\b[^.]{{0,100}}|\W*)
    | (?:related|more\s+(?:on|from)|most\s+read|recommended|trending|keywords?|tags?|topics?|filed\s+under)\s*:.*
    | (?:photo|image|picture|file\s+photo|video|credit|source|graphic)s?(?:\s+(?:by|credit|courtesy))?\s*[:/].*
    | (?:©|\(c\)\s|copyright\s+(?:©|\(c\)|\d{{4}})|all\s+rights\s+reserved).*
    | .{{0,200}}/\s?{_AGENCY}\)?\.?
    | .{{0,200}}\bvia\s{_AGENCY}[^.\w]*
    | \(?(?:ap\sphoto|(?:photo(?:graph)?s?|image|picture)\s+by)\b[^.]{{0,150}}\.?
    | \(?(?:(?:additional\s+)?(?:reporting|editing|writing)\s+by\s+(?-i:[A-Z])[\w.’'-]*
      (?:(?:[,;]?\s+)(?:(?-i:[A-Z])[\w.’'-]*|and|in|by|additional|reporting|editing|writing))*\W*)
    | (?:share|tweet|email|print|save|comments?|subscribe|sign\s+up|log\s*in|follow\s+us|advertisement|newsletter)\b
      (?:\W+(?:this|on|via|by|to|for|our|in|article|story|post|us|now|email|print|share|tweet|facebook|twitter|x|
      whatsapp|linkedin|reddit|telegram|newsletters?|updates|free|\d+))*\W*
    | (?:https?://|www\.)\S+
    | [\W\d_]+
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DATELINE = re.compile(
    r"[A-Z][A-Z.'’/ -]+(?:,\s+(?:(?:[A-Z][\w.]+\s*){1,3}\d{0,2}|\d{1,2}\s+[A-Z][a-z]+)){0,3},?"
    r"\s*(?:\([\w ]{2,30}\)\s*)?(?:—|–|--?)\s+(?=[^a-z\s])"
    r"|(?:[A-Z][\w.'’-]+\s){1,3}\((?:Reuters|AFP|AP|dpa|EFE|ANSA|IPS|UPI)\)\s*(?:—|–|--?)?\s+(?=[^a-z\s])"
    r"|[A-Z][A-Z'’ -]{2,30},\s+(?:[A-Z][a-z]+\.?\s+\d{1,2}|\d{1,2}\s+[A-Z][a-z]+)\.\s+(?=[^a-z\s])"
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
    lines = [line for line in _lines(text) if text[line.start : line.end].strip()]
    contents = [text[line.start : line.end].strip() for line in lines]
    wrapped = sum(map(_breaks_off, contents)) > _WRAPPED_SHARE * len(contents)
    paragraph: Span | None = None
    previous = ""
    for line, content in zip(lines, contents, strict=True):
        noise = _NOISE.fullmatch(content)
        adjacent = paragraph is not None and paragraph.end == line.start
        if paragraph and adjacent and not noise and _continues(previous, content, wrapped):
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


def _breaks_off(line: str) -> bool:
    """Whether a line looks as if wrapped by hand or by a mail program."""
    return _SHORTEST_WRAPPED < len(line) <= _LONGEST_WRAPPED and not line.endswith(_SENTENCE_ENDS)


def _continues(previous: str, line: str, wrapped: bool) -> bool:
    """Whether a line goes on with the paragraph of the previous one."""
    if wrapped:
        return len(previous) > _SHORTEST_WRAPPED
    return line[0].islower() and not previous.endswith(_SENTENCE_ENDS)
