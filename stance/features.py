"""From a pair in its passage to a TF-IDF row: actor-blind, and aware of direction.

A passage is read as a line of symbols: the stems of its words, with every mention replaced by its
role (source, target, other actor). From the line come the terms, in blocks:

==== ==========================================================================================
 m   word n-grams from the one mention to the other, with the order in which they come
 s   word n-grams around the source
 t   word n-grams around the target
 g   word n-grams of the whole passage, with all mentions alike: the same for all its pairs
 d   predicates of the stance lexicon that stand between source and target and no other actor: which
     they are, their side and voice
 l   all other predicates of the lexicon: side, voice, and between whom they stand
 k   the skeleton from the one mention to the other: words that tie others together, with every
     predicate no more than its side
==== ==========================================================================================

Where an actor is mentioned more than once, the two mentions that stand nearest to each other count.
Each block's TF-IDF vector has length one, so that a long block does not drown a short one.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stance.headlines import is_title_case
from stance.lexicon import Hit, load_lexicon, stems
from stance.records import Pair, Span

if TYPE_CHECKING:
    from scipy.sparse import csr_array

FEATURE_VERSION = 3
"""Raised with every change to the terms: a model reads only rows of its own feature version."""

SOURCE, TARGET, OTHER = "<S>", "<T>", "<O>"
"""What stands in the place of a mention. No word of a text can look like these."""

PREFIXES = {
    "g: ": 0,
    "l: ": 1,
    "m< ": 2,
    "m> ": 2,
    "s+ ": 3,
    "s- ": 3,
    "t+ ": 4,
    "t- ": 4,
    "d: ": 5,
    "k< ": 6,
    "k> ": 6,
}
"""What a term begins with, and the number of the block that it belongs to."""

_BLOCKS = 1 + max(PREFIXES.values())

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
# Words of the windows, with the mention itself.
_BEFORE_SOURCE, _AFTER_SOURCE = 4, 6
_BEFORE_TARGET, _AFTER_TARGET = 6, 5
_BONES = {
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
"""What stands in a skeleton for a word; all others are ``x``."""
_SIDES_AND_ROLES = frozenset(("S", "T", "+", "-", "~", "!"))
_AROUND = _SIDES_AND_ROLES | {"O", ".", "to", "&"}
_END = 8  # words, or bones of a skeleton, that count at each end of what stands between two mentions
_LONGEST_SKELETON = 9
_WIDEST_AROUND = 12
_PASSIVE = {"A": "P", "P": "A"}  # who acts, when the voice changes


class Entries(NamedTuple):
    """The filled cells of one row of a TF-IDF matrix.

    Attributes
    ----------
    columns : ndarray of int, shape (n_entries,)
    values : ndarray of float, shape (n_entries,)
    """

    columns: np.ndarray
    values: np.ndarray


class Vectors(NamedTuple):
    """The terms of pairs, block by block; the row of a pair is the sum of its blocks, each scaled to length one.

    Attributes
    ----------
    columns : ndarray of int, shape (n_entries,)
        The terms of one vector after the other.
    starts : ndarray of int, shape (n_vectors,)
        Where each vector begins in ``columns``; none is empty.
    rows, used : ndarray of int, shape (n_uses,)
        That the row of a pair has a vector, sorted by row.
    """

    columns: np.ndarray
    starts: np.ndarray
    rows: np.ndarray
    used: np.ndarray


class _Stretch(NamedTuple):
    """Terms with one prefix."""

    prefix: str
    grams: list[str]


@dataclass(frozen=True, slots=True)
class _Predicate:
    """A predicate of the lexicon where it stands in a line.

    ``frame`` are its lemmas. ``name`` holds its side, with ``!`` where it is turned, and ``kind``
    who acts: ``A`` what stands left of it, ``P`` what stands right, ``=`` both, ``N`` not known. ``left`` and
    ``right`` are the positions of the nearest mentions in its clause, -1 for none; the object of a
    relative clause, which stands before it, counts as right.
    """

    position: int
    name: str
    kind: str
    root: str
    strong: bool
    left: int
    right: int
    frame: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """A passage as symbols, with all mentions still alike.

    ``mentions`` holds the position in ``line`` of each span that was given, in their order, and
    ``joints`` their positions in ``skeleton``.
    """

    line: list[str]
    mentions: list[int]
    predicates: tuple[_Predicate, ...]
    skeleton: list[str]
    joints: list[int]


@lru_cache(maxsize=16)
def _read(text: str, spans: tuple[Span, ...]) -> _Reading:
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
            line.append(SOURCE)  # any role: ``_own_terms`` puts in the right one
            surface.append("")
            due = False
    lexicon = load_lexicon()
    lemmas = [
        lemma if low and symbol is not OTHER else symbol
        for low, symbol, lemma in zip(surface, line, lexicon.lemmas(surface), strict=True)
    ]
    hits = [hit for hit in lexicon.find(lemmas, surface) if hit.entry.side != "0"]
    skeleton, joints = _skeleton(line, hits)
    return _Reading(line, mentions, tuple(_predicates(line, surface, hits)), skeleton, joints)


def _skeleton(line: Sequence[str], hits: Sequence[Hit]) -> tuple[list[str], list[int]]:
    """What is left of a line when all of a predicate but its side is taken away; with the places of mentions."""
    skeleton: list[str] = []
    joints: list[int] = []
    place = inside = 0
    starts = {hit.start: hit for hit in hits}
    while place < len(line):
        symbol = line[place]
        hit = starts.get(place)
        place += 1
        if hit:
            skeleton.append(hit.entry.side)
            inside = hit.end
        elif place <= inside and symbol is not SOURCE:
            continue
        elif symbol is SOURCE:
            joints.append(len(skeleton))
            skeleton.append(symbol)
        elif bone := _BONES.get(symbol):
            skeleton.append(bone)
        elif skeleton and skeleton[-1] != "x":
            skeleton.append("x")
    return skeleton, joints


def _predicates(line: Sequence[str], surface: Sequence[str], hits: Sequence[Hit]) -> Iterator[_Predicate]:
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
        yield _Predicate(
            position=hit.start,
            name=entry.side + turned,
            kind=kind,
            root=entry.root,
            strong=entry.strength > 2,
            left=left,
            right=object_before if object_before >= 0 else _nearest(line, range(hit.start + 1, len(line))),
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
    return _nearest(line, range(place - 1, -1, -1))


def _nearest(line: Sequence[str], positions: Iterable[int]) -> int:
    for position in positions:
        if line[position] is SOURCE:  # as ``_read`` marks every mention
            return position
        if line[position] in _CLAUSE_END:
            break
    return -1


def terms(pair: Pair) -> list[str]:
    """All terms of a pair; some may come more than once.

    Actors enter only as roles: renaming them changes nothing, as long as the spans follow.
    """
    roles, reading = _roles_and_reading(pair)
    stretches = [_common_terms(reading), *_own_terms(roles, reading)]
    return [stretch.prefix + gram for stretch in stretches for gram in stretch.grams]


def _roles_and_reading(pair: Pair) -> tuple[dict[Span, str], _Reading]:
    roles = {
        span: role
        for spans, role in ((pair.others, OTHER), (pair.source, SOURCE), (pair.target, TARGET))
        for span in spans
    }
    return roles, _read(pair.text, tuple(sorted(roles)))


def _common_terms(reading: _Reading) -> _Stretch:
    """The terms that all pairs of a passage share."""
    return _Stretch("g: ", reading.line + _bigrams(reading.line))


def _bigrams(symbols: Sequence[str]) -> list[str]:
    return [f"{a} {b}" for a, b in pairwise(symbols)]


def _ngrams(symbols: list[str]) -> list[str]:
    """One, two and three symbols."""
    bigrams = _bigrams(symbols)
    return symbols + bigrams + [f"{ab} {c}" for ab, c in zip(bigrams, symbols[2:], strict=False)]


def _ends(symbols: list[str]) -> list[str]:
    """A long stretch without its middle."""
    if len(symbols) <= 2 * _END:
        return symbols
    return [*symbols[:_END], "…", *symbols[-_END:]]


def _own_terms(roles: Mapping[Span, str], reading: _Reading) -> Iterator[_Stretch]:
    """The terms in which source and target are told apart."""
    order = [roles[span] for span in sorted(roles)]
    numbers = _nearest_two(order, reading.mentions)
    if not numbers:  # one of them stands inside the other: there is nothing between or around
        return
    line = reading.line.copy()
    for position, role in zip(reading.mentions, order, strict=True):
        line[position] = role
    low, high = (reading.mentions[number] for number in numbers)
    forward = line[low] is SOURCE
    source, target = (low, high) if forward else (high, low)
    yield _Stretch("m> " if forward else "m< ", _ngrams(_ends(line[low : high + 1])))
    for prefix, start, end in (
        ("s+ ", source, source + _AFTER_SOURCE),
        ("s- ", max(0, source - _BEFORE_SOURCE), source + 1),
        ("t+ ", target, target + _AFTER_TARGET),
        ("t- ", max(0, target - _BEFORE_TARGET), target + 1),
    ):
        window = line[start:end]
        yield _Stretch(prefix, window + _bigrams(window))
    yield _Stretch("k> " if forward else "k< ", _skeleton_terms(order, numbers, reading))
    direct: list[str] = []
    others: list[str] = []
    for predicate in reading.predicates:
        found = _relations(predicate, line, source, target)
        if {line[i] for i in (predicate.left, predicate.right) if i >= 0} == {SOURCE, TARGET}:
            direct += found
            direct += (predicate.frame, f"{predicate.frame} {line[predicate.left][1]}{predicate.kind}")
        else:
            others += found
    yield _Stretch("d: ", direct)
    yield _Stretch("l: ", others)


def _skeleton_terms(order: Sequence[str], numbers: tuple[int, int], reading: _Reading) -> list[str]:
    skeleton = reading.skeleton.copy()
    for joint, role in zip(reading.joints, order, strict=True):
        skeleton[joint] = role[1]
    low, high = (reading.joints[number] for number in numbers)
    between = skeleton[low : high + 1]
    sides = [bone for bone in between if bone in _SIDES_AND_ROLES]
    after = [bone for bone in skeleton[high : high + _WIDEST_AROUND] if bone in _AROUND]
    before = [bone for bone in skeleton[max(0, low - _WIDEST_AROUND) : low + 1] if bone in _AROUND]
    return [
        "between " + " ".join(between[:_LONGEST_SKELETON]),
        "sides " + " ".join(sides[:7]),
        "first " + " ".join(sides[:3]),
        "last " + " ".join(sides[-3:]),
        "after " + " ".join(after[:4]),
        "before " + " ".join(before[-4:]),
        *_ngrams(_ends(between)),
    ]


def _nearest_two(order: Sequence[str], mentions: Sequence[int]) -> tuple[int, int] | None:
    """The source and the target that stand nearest to each other, by number of mention, left one first."""
    own = [number for number, role in enumerate(order) if role is not OTHER]
    mixed = [(a, b) for a, b in pairwise(own) if order[a] is not order[b]]
    return min(mixed, key=lambda ab: mentions[ab[1]] - mentions[ab[0]], default=None)


def _relations(predicate: _Predicate, line: Sequence[str], source: int, target: int) -> tuple[str, ...]:
    """How a predicate stands to the pair: by order, and by the mentions nearest to it."""
    here = predicate.position
    if here < min(source, target):
        order = "HST" if source < target else "HTS"
    elif here > max(source, target):
        order = "STH" if source < target else "TSH"
    else:
        order = "SHT" if source < target else "THS"
    left = line[predicate.left][1] if predicate.left >= 0 else "-"
    right = line[predicate.right][1] if predicate.right >= 0 else "-"
    return _relation_terms(predicate.name, predicate.kind, predicate.root, predicate.strong, order, left + right)


@cache  # a few thousand combinations at most
def _relation_terms(name: str, kind: str, root: str, strong: bool, order: str, nearest: str) -> tuple[str, ...]:
    found = [name]
    for place in (order, nearest):
        found += [f"{name} {place}", f"{name} {place}{kind}"]
        if strong:
            found.append(f"{name} {place}{kind} strong")
        if root != "-":
            found.append(f"{name} {place}{kind} {root}")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class TermTable:
    """Which pairs hold which terms.

    Attributes
    ----------
    matrix : csr_array of shape (n_pairs, n_terms)
        1 where a pair holds a term.
    terms : ndarray of str, shape (n_terms,)
        Sorted.
    """

    matrix: csr_array
    terms: np.ndarray

    def rows(self, selection: np.ndarray) -> TermTable:
        """Some of the pairs, by index or mask."""
        return TermTable(self.matrix[selection], self.terms)

    @classmethod
    def of(cls, pairs: Iterable[Pair]) -> TermTable:
        """Collect the terms of pairs."""
        from scipy.sparse import csr_array

        first_seen: dict[str, int] = {}
        columns: list[np.ndarray] = []
        for pair in pairs:
            own = dict.fromkeys(terms(pair))
            columns.append(np.array([first_seen.setdefault(t, len(first_seen)) for t in own], dtype=np.int32))
        names = np.array(list(first_seen), dtype=object)
        order = np.argsort(names)
        rank = np.empty(len(names), dtype=np.int32)
        rank[order] = np.arange(len(names), dtype=np.int32)
        starts = np.concatenate([[0], np.cumsum([len(c) for c in columns])])
        indices = rank[np.concatenate(columns)] if columns else np.empty(0, dtype=np.int32)
        data = np.ones(len(indices), dtype=np.float32)
        return cls(csr_array((data, indices, starts), shape=(len(columns), len(names))), names[order])


class PairVectorizer:
    """TF-IDF rows for pairs, with a vocabulary learned from training pairs.

    Parameters
    ----------
    min_df : int
        A term is kept when at least this many training pairs hold it.

    Attributes
    ----------
    terms_ : list of str
        The vocabulary, sorted: the term of each column.
    idf_ : ndarray of shape (n_terms,)
        ``ln((1 + n_pairs) / (1 + document frequency)) + 1``, as in scikit-learn.
    """

    def __init__(self, min_df: int = 2) -> None:
        self.min_df = min_df

    def fit(self, table: TermTable) -> PairVectorizer:
        """Learn vocabulary and document frequencies."""
        number = table.matrix.shape[0]
        frequencies = np.bincount(table.matrix.indices, minlength=len(table.terms))
        kept = np.flatnonzero(frequencies >= self.min_df)
        self.set_vocabulary(table.terms[kept].tolist(), np.log((1 + number) / (1 + frequencies[kept])) + 1)
        return self

    def set_vocabulary(self, sorted_terms: list[str], idf: np.ndarray) -> None:
        """Take over a vocabulary and its weights, as they were saved; ``ValueError`` where it cannot be one."""
        self.terms_ = sorted_terms
        self.idf_ = idf
        self._block = np.zeros(len(sorted_terms), dtype=np.intp)
        self._columns: dict[str, dict[str, int]] = {}  # by prefix: short strings in small tables are found faster
        for prefix, block in PREFIXES.items():
            start, end = bisect_left(sorted_terms, prefix), bisect_left(sorted_terms, prefix + chr(sys.maxunicode))
            grams = [term[len(prefix) :] for term in sorted_terms[start:end]]
            self._columns[prefix] = dict(zip(grams, range(start, end), strict=True))
            self._block[start:end] = block
        if sum(map(len, self._columns.values())) != len(sorted_terms):
            raise ValueError("terms are not sorted, stand twice, or have an unknown prefix")

    def vectors(self, pairs: Iterable[Pair]) -> Vectors:
        """The block vectors of pairs, of terms that the vocabulary knows; pairs of one passage share one of them."""
        columns: list[int] = []
        starts: list[int] = []
        rows: list[int] = []
        used: list[int] = []
        common_to: _Reading | None = None
        common = -1
        for row, pair in enumerate(pairs):
            roles, reading = _roles_and_reading(pair)
            if reading is not common_to:  # pairs of one passage come one after the other
                common_to, common = reading, self._add(columns, starts, self._look_up(_common_terms(reading)))
            found = [common]
            block = -1
            own: list[int] = []
            for stretch in _own_terms(roles, reading):
                if PREFIXES[stretch.prefix] != block:
                    found.append(self._add(columns, starts, own))
                    block, own = PREFIXES[stretch.prefix], []
                own += self._look_up(stretch)
            found.append(self._add(columns, starts, own))
            found = [vector for vector in found if vector >= 0]
            used += found
            rows += [row] * len(found)
        return Vectors(*(np.array(part, dtype=np.intp) for part in (columns, starts, rows, used)))

    @staticmethod
    def _add(columns: list[int], starts: list[int], own: list[int]) -> int:
        """Add a vector; its number, or -1 for one without terms."""
        if not own:
            return -1
        starts.append(len(columns))
        columns += own
        return len(starts) - 1

    def entries(self, pair: Pair) -> Entries:
        """The terms of one pair that the vocabulary knows, with their TF-IDF values."""
        vectors = self.vectors([pair])
        lengths = np.diff(vectors.starts, append=len(vectors.columns))
        values = self.idf_[vectors.columns]
        norms = np.sqrt(np.add.reduceat(values**2, vectors.starts)) if len(values) else values
        return Entries(vectors.columns, values / np.repeat(norms, lengths))

    def _look_up(self, stretch: _Stretch) -> list[int]:
        """Columns of the terms that the vocabulary knows, each once."""
        found = dict.fromkeys(map(self._columns[stretch.prefix].get, stretch.grams))
        found.pop(None, None)
        return [*found]  # type: ignore[list-item]  # without None

    def transform(self, table: TermTable) -> csr_array:
        """The TF-IDF matrix of shape (n_pairs, len(terms_)); terms out of the vocabulary are left out."""
        from scipy.sparse import csr_array

        vocabulary = dict(zip(self.terms_, range(len(self.terms_)), strict=True))
        column_of = np.array([vocabulary.get(term, -1) for term in table.terms], dtype=np.intp)
        known = np.flatnonzero(column_of >= 0)
        matrix = table.matrix[:, known]
        rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        columns = column_of[known][matrix.indices]
        values = self._values(rows, columns)
        return csr_array((values, columns, matrix.indptr), shape=(matrix.shape[0], len(self.terms_)))

    def _values(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """TF (1, as a term is there or not) times IDF, each block of each row scaled to length one."""
        values = self.idf_[columns]
        vector = rows * _BLOCKS + self._block[columns]
        return values / np.sqrt(np.bincount(vector, values**2))[vector]
