"""Reading a passage: from its words to symbols, predicates and a skeleton, with every mention hidden."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from stance.headlines import is_title_case
from stance.lexicon import Hit, Lexicon, load_lexicon, stems
from stance.records import Span

MENTION, OTHER = "<S>", "<O>"
"""What stands in the place of a mention, and of a name that is no mention. No word of a text can look like these."""

_TOKEN = re.compile(r"['’]s\b|[^\W\d_]+(?:[.'’](?!s\b)[^\W\d_]+)*|\d+(?:[.,]\d+)*|[^\w\s]")
_HYPHENS = frozenset("-‐‑")
_SENTENCE_ENDS = frozenset('.!?:;“"')
_HALVES = dict.fromkeys(range(0xD800, 0xE000), "?")  # halves of characters, which the stemmer cannot take
_BE = frozenset(("be", "is", "are", "was", "were", "been", "get"))
_NEGATIONS = frozenset(
    (
        "not", "no", "never", "without", "nor", "neither", "cannot", "can't", "don't", "doesn't", "didn't", "won't",
        "wouldn't", "couldn't", "shouldn't", "isn't", "aren't", "wasn't", "weren't", "hasn't", "haven't", "hadn't",
    )
)  # fmt: skip
_DATES = frozenset(
    (
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February", "March",
        "April", "June", "July", "August", "September", "October", "November", "December", "Jan", "Feb", "Aug", "Sept",
        "Sep", "Oct", "Nov", "Dec",
    )
)  # fmt: skip
_ARTICLES = frozenset(("a", "an", "the"))
_RELATIVES = frozenset(("that", "which", "whom"))
_REPORTING = frozenset(
    (
        "said", "say", "tell", "claim", "warn", "insist", "believ", "announc", "report", "add", "argu",
        "alleg", "declar", "admit", "acknowledg", "confirm", "deni", "state", "suggest", "think", "know", "fear",
        "demand", "request", "ask", "find", "show", "charg", "complain", "agre", "testifi", "reveal", "expect",
        "promis", "pledg", "vow", "threaten", "urg", "propos", "rule", "so", "hear", "learn", "hope", "call",
        "accus", "accusat", "ensur", "see", "note", "observ", "conclud", "estim", "predict", "fact", "sign", "evid",
        "brief", "hint", "signal", "order", "decid", "stress",
    )
)  # fmt: skip
_CLAUSE_END = frozenset(";.!?")
_TURNER_REACH = 4
_APPOSITION = 6  # words between a mention and the relative pronoun that goes back to it
BONES = ("", "S", "T", "O", "+", "-", "~", "!", ".", "to", "&", "x", "by", "of", "from", "in", "for", "on", "at",
         "against", "with", "that", "'s", "who", '"', "say", "be", ",", "…")  # fmt: skip
"""What a skeleton is made of: roles, sides of predicates, and words that tie others together; ``x`` is any other,
and ``…`` what a long one leaves out."""

_BONE_OF = {
    **{word: word for word in ("by", "to", "of", "from", "in", "for", "on", "at", "against", "with", "that", "'s")},
    **dict.fromkeys(("and", "but", "or"), "&"),
    **dict.fromkeys(("who", "which", "whom"), "who"),
    **dict.fromkeys(".;:?", "."),
    **dict.fromkeys('"“”', '"'),
    **dict.fromkeys(_REPORTING, "say"),
    **dict.fromkeys(_BE, "be"),
    **dict.fromkeys(_NEGATIONS, "!"),
    ",": ",",
    OTHER: "O",
}
_CODES = {bone: code for code, bone in enumerate(BONES)}
_ANY_ROLE, _ANY_WORD = _CODES["S"], _CODES["x"]
_BONE_CODES = {symbol: _CODES[bone] for symbol, bone in _BONE_OF.items()}
_PASSIVE = {"A": "P", "P": "A"}  # who acts, when the voice changes


@dataclass(frozen=True, slots=True)
class Predicate:
    """A predicate of the lexicon where it stands in a line.

    Attributes
    ----------
    position : int
        Of its first word, in the line.
    left, right : int
        Positions of the nearest mentions in its clause, -1 for none; the object of a relative clause, which stands
        before it, counts as right.
    name : str
        Its side, with ``!`` where it is turned.
    kind : str
        Who acts: ``A`` what stands left of it, ``P`` what stands right, ``=`` both, ``N`` not known.
    strong, rooted : str
        The kind with ``strong``, and with the PLOVER root; empty where it is not strong, or has no root.
    frame : str
        Its lemmas, with ``!`` where it is turned.
    """

    position: int
    left: int
    right: int
    name: str
    kind: str
    strong: str
    rooted: str
    frame: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage as symbols, with all mentions still alike.

    ``surface`` holds the words of ``line`` in lower case, ``mentions`` the position in ``line`` of each span that was
    given, in their order, and ``joints`` their positions in ``skeleton``, whose bones are places in ``BONES``.
    """

    line: list[str]
    surface: list[str]
    mentions: list[int]
    predicates: tuple[Predicate, ...]
    skeleton: list[int]
    joints: list[int]


@lru_cache(maxsize=512)
def read(text: str, spans: tuple[Span, ...]) -> Reading:
    """Read a passage once for all its pairs: ``spans`` holds every mention, sorted."""
    # what stands between the mentions is read alone, so that no letter of a name can play a part
    gaps: list[list[str]] = []
    end = 0
    for span in (*spans, Span(len(text), len(text))):
        gaps.append(_TOKEN.findall(text, end, max(end, span.start)))
        end = max(end, span.end)
    words = [word for gap in gaps for word in gap]
    lowered = "\n".join(words).lower().replace("’", "'").translate(_HALVES).split("\n") if words else []
    title_case = is_title_case(words)
    known = zip(words, lowered, stems(lowered), strict=True)
    line: list[str] = []
    surface: list[str] = []
    mentions: list[int] = []
    due = True  # a capital is due at the beginning of a sentence
    for number, gap in enumerate(gaps):
        for word, low, stem in islice(known, len(gap)):
            symbol = stem
            if word[0].isdigit() or word in _DATES:
                symbol = "#"
            elif word[0].isupper() and not due and not title_case and word != "I":
                symbol = OTHER
            due = word in _SENTENCE_ENDS
            if word not in _HYPHENS and (symbol is not OTHER or not line or line[-1] is not OTHER):
                line.append(symbol)
                surface.append(low)
        if number < len(spans):
            mentions.append(len(line))
            line.append(MENTION)
            surface.append("")
            due = False
    hits = _hits(line, surface, load_lexicon())
    skeleton, joints = _skeleton(line, hits)
    return Reading(line, surface, mentions, tuple(_predicates(line, surface, hits)), skeleton, joints)


def lexicons_sha256(task: str | None) -> str:
    """Of the lexicons that a reading for a task depends on."""
    names = ("lexicon", "portrayal") if task == "sentiment" else ("lexicon",)
    return "+".join(load_lexicon(name).sha256 for name in names)


@lru_cache(maxsize=512)
def read_tones(text: str, spans: tuple[Span, ...]) -> tuple[Predicate, ...]:
    """The predicates of the lexicon of portrayals in a passage, as ``read`` gives those of the lexicon of stances."""
    reading = read(text, spans)
    hits = _hits(reading.line, reading.surface, load_lexicon("portrayal"))
    return tuple(_predicates(reading.line, reading.surface, hits))


def _hits(line: Sequence[str], surface: Sequence[str], lexicon: Lexicon) -> list[Hit]:
    """The entries of a lexicon in a line, without those that say there is no predicate."""
    lemmas = [
        lemma if low and symbol is not OTHER else symbol
        for low, symbol, lemma in zip(surface, line, lexicon.lemmas(surface), strict=True)
    ]
    return [hit for hit in lexicon.find(lemmas, surface) if hit.entry.side != "0"]


def _skeleton(line: Sequence[str], hits: Sequence[Hit]) -> tuple[list[int], list[int]]:
    """What is left of a line when all of a predicate but its side is taken away; with the places of mentions."""
    skeleton: list[int] = []
    joints: list[int] = []
    place = inside = 0
    starts = {hit.start: hit for hit in hits}
    while place < len(line):
        symbol = line[place]
        hit = starts.get(place)
        place += 1
        if hit:
            skeleton.append(_CODES[hit.entry.side])
            inside = hit.end
        elif place <= inside and symbol is not MENTION:
            continue
        elif symbol is MENTION:
            joints.append(len(skeleton))
            skeleton.append(_ANY_ROLE)
        elif bone := _BONE_CODES.get(symbol):
            skeleton.append(bone)
        elif skeleton and skeleton[-1] != _ANY_WORD:
            skeleton.append(_ANY_WORD)
    return skeleton, joints


def _predicates(line: Sequence[str], surface: Sequence[str], hits: Sequence[Hit]) -> Iterator[Predicate]:
    turners = [hit.end for hit in hits if hit.entry.turns]
    for hit in hits:
        entry = hit.entry
        if entry.side in "~0":
            continue
        before = line[max(0, hit.start - _TURNER_REACH) : hit.start]
        turns = sum(0 <= hit.start - end <= _TURNER_REACH for end in turners)
        turns += not _NEGATIONS.isdisjoint(before)
        turned = "!" * (turns % 2)
        kind = _who_acts(hit, line, surface, before)
        left = _nearest(line, range(hit.start - 1, -1, -1))
        object_before = _antecedent(line, left) if entry.pos == "verb" and kind in "A=" else -1
        yield Predicate(
            position=hit.start,
            left=left,
            right=object_before if object_before >= 0 else _nearest(line, range(hit.start + 1, len(line))),
            name=entry.side + turned,
            kind=kind,
            strong=f"{kind} strong" if entry.strength > 2 else "",
            rooted="" if entry.root == "-" else f"{kind} {entry.root}",
            frame=hit.lemmas + turned,
        )


def _who_acts(hit: Hit, line: Sequence[str], surface: Sequence[str], before: Sequence[str]) -> str:
    kind = {">": "A", "<": "P", "=": "="}[hit.entry.direction]
    if hit.entry.pos == "noun" and kind == "A":
        if "'s" in before[-2:]:
            return "A"
        return "P" if "by" in line[hit.end : hit.end + 3] else "N"
    can_be_passive = hit.entry.pos == "verb" and not surface[hit.start].endswith("ing")
    if can_be_passive and (not _BE.isdisjoint(before[-2:]) or "by" in line[hit.end : hit.end + 2]):
        return _PASSIVE.get(kind, kind)
    return kind


def _antecedent(line: Sequence[str], subject: int) -> int:
    """The mention that a relative clause with this subject is about ("rebels whom the army fought"), -1 for none."""
    place = subject - 1
    while place > 0 and line[place] in _ARTICLES:
        place -= 1
    if place < 1 or line[place] not in _RELATIVES:
        return -1
    if line[place] == "that" and not _REPORTING.isdisjoint(line[max(0, place - 3) : place]):
        return -1  # "said on Monday that the army fought"
    return _nearest(line, range(place - 1, max(-1, place - 2 - _APPOSITION), -1))


def _nearest(line: Sequence[str], positions: Iterable[int]) -> int:
    for position in positions:
        if line[position] is MENTION:  # as ``read`` marks every mention
            return position
        if line[position] in _CLAUSE_END:
            break
    return -1
