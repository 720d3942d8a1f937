"""From a pair in its passage to a TF-IDF row: actor-blind, and aware of direction.

A passage is read as a line of symbols: the stems of its words, with every mention replaced by its
role (source, target, other actor). From the line come the terms, in blocks:

==== ==========================================================================================
 m   word n-grams from the one mention to the other, with the order in which they come
 s   word n-grams around the source
 t   word n-grams around the target
 g   word n-grams of the whole passage
 c   character 4-grams of the words between, with the order
 l   predicates of the stance lexicon: side, voice, and between whom they stand
==== ==========================================================================================

Where an actor is mentioned more than once, the two mentions that stand nearest to each other count.
Each block's TF-IDF vector has length one, so that a long block does not drown a short one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stance.lexicon import Hit, load_lexicon, stems
from stance.records import Pair, Span

if TYPE_CHECKING:
    from scipy.sparse import csr_array

FEATURE_VERSION = 1
"""Raised with every change to the terms: a model reads only rows of its own feature version."""

SOURCE, TARGET, OTHER = "<S>", "<T>", "<O>"
"""What stands in the place of a mention. No word of a text can look like these."""

BLOCKS = "mstgcl"
"""The first character of a term names its block."""

_TOKEN = re.compile(r"['’]s\b|[^\W\d_]+(?:[.'’](?!s\b)[^\W\d_]+)*|\d+(?:[.,]\d+)*|[^\w\s]")
_SENTENCE_END = frozenset('.!?:;“"')
_CONTENT_LENGTH = 4
_BE = frozenset(("be", "is", "are", "was", "were", "been", "get", "got"))
_NEGATIONS = frozenset(("not", "no", "never", "without", "nor", "n't"))
_POSSESSIVES = frozenset(("'s", "’s"))
_CLAUSE_END = frozenset(";.!?")
_TURNER_REACH = 3
_PASSIVE = {"A": "P", "P": "A"}  # who acts, when the voice changes


class Entries(NamedTuple):
    """The filled cells of a TF-IDF matrix.

    Attributes
    ----------
    rows, columns : ndarray of int, shape (n_entries,)
        Sorted by row.
    values : ndarray of float, shape (n_entries,)
    """

    rows: np.ndarray
    columns: np.ndarray
    values: np.ndarray


@dataclass(frozen=True, slots=True)
class _Predicate:
    """A predicate of the lexicon where it stands in a line.

    ``name`` holds its side, ``!`` where it is turned, and ``kind`` who acts: ``A`` what stands left
    of it, ``P`` what stands right, ``=`` both, ``N`` not known. ``left`` and ``right`` are the
    positions of the nearest mentions in its clause, -1 for none.
    """

    position: int
    name: str
    kind: str
    root: str
    strong: bool
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class _Reading:
    """A passage as symbols, with all mentions still alike.

    ``mentions`` holds the position in ``line`` of each span that was given, in their order.
    """

    line: tuple[str, ...]
    mentions: tuple[int, ...]
    predicates: tuple[_Predicate, ...]


@lru_cache(maxsize=16)
def _read(text: str, spans: tuple[Span, ...]) -> _Reading:
    """Read a passage once for all its pairs: ``spans`` holds every mention, sorted."""
    matches = [*_TOKEN.finditer(text)]
    words = [match[0] for match in matches]
    lowered = [word.lower() for word in words]
    title_case = _is_title_case(words)
    line: list[str] = []
    surface: list[str] = []
    mentions = [-1] * len(spans)
    due = True  # a capital is due at the beginning of a sentence
    mention = 0
    for match, word, low, stem in zip(matches, words, lowered, stems(lowered), strict=True):
        while mention < len(spans) and spans[mention].end <= match.start():
            mention += 1
        if mention < len(spans) and spans[mention].start < match.end():
            if mentions[mention] < 0:
                mentions[mention] = len(line)
                line.append(SOURCE)  # any role: ``terms`` puts in the right one
                surface.append("")
        else:
            symbol = stem
            if word[0].isdigit():
                symbol = "#"
            elif word[0].isupper() and not due and not title_case and word != "I":
                symbol = OTHER
            if symbol is not OTHER or not line or line[-1] is not OTHER:
                line.append(symbol)
                surface.append(low)
        due = word in _SENTENCE_END
    return _Reading(tuple(line), tuple(mentions), tuple(_predicates(line, surface)))


def _is_title_case(words: Sequence[str]) -> bool:
    """Whether a passage is a headline whose words all have capitals."""
    long_words = [word for word in words if len(word) >= _CONTENT_LENGTH and word[0].isalpha()]
    return sum(word[0].isupper() for word in long_words) > 0.6 * len(long_words)


def _predicates(line: Sequence[str], surface: Sequence[str]) -> Iterator[_Predicate]:
    hits = [*load_lexicon().find(line)]
    turners = [hit.end for hit in hits if hit.entry.turns]
    for hit in hits:
        entry = hit.entry
        if entry.side == "~":
            continue
        before = line[max(0, hit.start - _TURNER_REACH) : hit.start]
        turned = any(0 <= hit.start - end <= _TURNER_REACH for end in turners) or not _NEGATIONS.isdisjoint(before)
        yield _Predicate(
            position=hit.start,
            name=entry.side + "!" * turned,
            kind=_who_acts(hit, line, surface, before),
            root=entry.root,
            strong=entry.strength > 2,
            left=_nearest(line, range(hit.start - 1, -1, -1)),
            right=_nearest(line, range(hit.end, len(line))),
        )


def _who_acts(hit: Hit, line: Sequence[str], surface: Sequence[str], before: Sequence[str]) -> str:
    kind = {">": "A", "<": "P", "=": "="}[hit.entry.direction]
    if hit.entry.pos == "noun" and kind == "A":
        if not _POSSESSIVES.isdisjoint(before[-2:]):
            return "A"
        return "P" if "by" in line[hit.end : hit.end + 3] else "N"
    can_be_passive = hit.entry.pos == "verb" and not surface[hit.start].endswith("ing")
    if can_be_passive and (not _BE.isdisjoint(before[-2:]) or "by" in line[hit.end : hit.end + 2]):
        return _PASSIVE.get(kind, kind)
    return kind


def _nearest(line: Sequence[str], positions: Iterable[int]) -> int:
    for position in positions:
        if line[position] is SOURCE or line[position] is OTHER:
            return position
        if line[position] in _CLAUSE_END:
            break
    return -1


def terms(pair: Pair) -> list[str]:
    """All terms of a pair, repeated as often as they occur.

    Actors enter only as roles: renaming them changes nothing, as long as the spans follow.
    """
    roles = {
        **dict.fromkeys(pair.others, OTHER),
        **dict.fromkeys(pair.source, SOURCE),
        **dict.fromkeys(pair.target, TARGET),
    }
    spans = tuple(sorted(roles))
    reading = _read(pair.text, spans)
    line = list(reading.line)
    for span, position in zip(spans, reading.mentions, strict=True):
        if position >= 0:
            line[position] = roles[span]
    source, target = _nearest_two(line)
    if source < 0:  # one of them stands inside the other: there is nothing between or around
        return [*_grams("g", line, 2)]
    order = ">" if source < target else "<"
    low, high = min(source, target), max(source, target)
    found = [*_grams("m" + order, line[low : high + 1], 3)]
    found += _grams("s+", line[source : source + 6], 2)
    found += _grams("s-", line[max(0, source - 4) : source + 1], 2)
    found += _grams("t+", line[target : target + 5], 2)
    found += _grams("t-", line[max(0, target - 6) : target + 1], 2)
    found += _grams("g", line, 2)
    for word in line[low + 1 : high]:
        if len(word) >= _CONTENT_LENGTH and word is not OTHER:
            padded = f" {word} "
            found += [f"c{order}{padded[i : i + 4]}" for i in range(len(padded) - 3)]
    for predicate in reading.predicates:
        found += _relations(predicate, line, source, target)
    return found


def _nearest_two(line: Sequence[str]) -> tuple[int, int]:
    """Positions of the source and the target that stand nearest to each other; -1 where there are none."""
    spots = [position for position, symbol in enumerate(line) if symbol is SOURCE or symbol is TARGET]
    mixed = [(a, b) for a, b in pairwise(spots) if line[a] is not line[b]]
    if not mixed:
        return (-1, -1)
    first, second = min(mixed, key=lambda ab: ab[1] - ab[0])
    return (first, second) if line[first] is SOURCE else (second, first)


def _grams(prefix: str, line: Sequence[str], longest: int) -> Iterator[str]:
    for word in line:
        yield f"{prefix} {word}"
    for a, b in pairwise(line):
        yield f"{prefix} {a} {b}"
    if longest > 2:
        for a, b, c in zip(line, line[1:], line[2:], strict=False):
            yield f"{prefix} {a} {b} {c}"


def _relations(predicate: _Predicate, line: Sequence[str], source: int, target: int) -> Iterator[str]:
    """How a predicate stands to the pair: by order, and by the mentions nearest to it."""
    here = predicate.position
    name, kind = predicate.name, predicate.kind
    if here < min(source, target):
        order = "HST" if source < target else "HTS"
    elif here > max(source, target):
        order = "STH" if source < target else "TSH"
    else:
        order = "SHT" if source < target else "THS"
    left = line[predicate.left][1] if predicate.left >= 0 else "-"
    right = line[predicate.right][1] if predicate.right >= 0 else "-"
    yield f"l{name}"
    for place in (order, left + right):
        yield f"l{name} {place}"
        yield f"l{name} {place}{kind}"
        if predicate.strong:
            yield f"l{name} {place}{kind} strong"
        if predicate.root != "-":
            yield f"l{name} {place}{kind} {predicate.root}"


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How often each pair holds each term.

    Attributes
    ----------
    matrix : csr_array of shape (n_pairs, n_terms)
    terms : ndarray of str, shape (n_terms,)
        Sorted.
    """

    matrix: csr_array
    terms: np.ndarray

    def rows(self, selection: np.ndarray) -> TermCounts:
        """Some of the pairs, by index or mask."""
        return TermCounts(self.matrix[selection], self.terms)

    @classmethod
    def of(cls, pairs: Iterable[Pair]) -> TermCounts:
        """Count the terms of pairs."""
        from scipy.sparse import csr_array

        first_seen: dict[str, int] = {}
        columns: list[np.ndarray] = []
        counts: list[np.ndarray] = []
        for pair in pairs:
            own = Counter(terms(pair))
            columns.append(np.array([first_seen.setdefault(t, len(first_seen)) for t in own], dtype=np.int32))
            counts.append(np.fromiter(own.values(), dtype=np.float32, count=len(own)))
        names = np.array(list(first_seen), dtype=object)
        order = np.argsort(names)
        rank = np.empty(len(names), dtype=np.int32)
        rank[order] = np.arange(len(names), dtype=np.int32)
        starts = np.concatenate([[0], np.cumsum([len(c) for c in columns])])
        indices = rank[np.concatenate(columns)] if columns else np.empty(0, dtype=np.int32)
        data = np.concatenate(counts) if counts else np.empty(0, dtype=np.float32)
        return cls(csr_array((data, indices, starts), shape=(len(columns), len(names))), names[order])


class PairVectorizer:
    """TF-IDF rows for pairs, with a vocabulary learned from training pairs.

    Parameters
    ----------
    min_df : int
        A term is kept when at least this many training pairs hold it.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Column of each term; columns are in the order of the sorted terms.
    idf_ : ndarray of shape (n_terms,)
        ``ln((1 + n_pairs) / (1 + document frequency)) + 1``, as in scikit-learn.
    """

    def __init__(self, min_df: int = 2) -> None:
        self.min_df = min_df

    def fit(self, counts: TermCounts) -> PairVectorizer:
        """Learn vocabulary and document frequencies."""
        number = counts.matrix.shape[0]
        frequencies = np.bincount(counts.matrix.indices, minlength=len(counts.terms))
        kept = np.flatnonzero(frequencies >= self.min_df)
        self.set_vocabulary(counts.terms[kept].tolist(), np.log((1 + number) / (1 + frequencies[kept])) + 1)
        return self

    def set_vocabulary(self, sorted_terms: Sequence[str], idf: np.ndarray) -> None:
        """Take over a vocabulary and its weights, as they were saved; ``ValueError`` for an unknown block."""
        self.vocabulary_ = {term: column for column, term in enumerate(sorted_terms)}
        self.idf_ = idf
        self._block = np.array([BLOCKS.index(term[0]) for term in sorted_terms], dtype=np.intp)

    def entries(self, pairs: Iterable[Pair]) -> Entries:
        """The terms of pairs that the vocabulary knows, with their TF-IDF values."""
        rows: list[int] = []
        columns: list[int] = []
        counts: list[int] = []
        known = self.vocabulary_.get
        for row, pair in enumerate(pairs):
            own: dict[int, int] = {}
            for term in terms(pair):
                column = known(term)
                if column is not None:
                    own[column] = own.get(column, 0) + 1
            rows += [row] * len(own)
            columns += own.keys()
            counts += own.values()
        row_array = np.array(rows, dtype=np.intp)
        column_array = np.array(columns, dtype=np.intp)
        return Entries(row_array, column_array, self._values(row_array, column_array, np.array(counts, dtype=float)))

    def transform(self, counts: TermCounts) -> csr_array:
        """The TF-IDF matrix of shape (n_pairs, len(vocabulary_)); terms out of the vocabulary are left out."""
        from scipy.sparse import csr_array

        column_of = np.array([self.vocabulary_.get(term, -1) for term in counts.terms], dtype=np.intp)
        known = np.flatnonzero(column_of >= 0)
        matrix = counts.matrix[:, known]
        rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        columns = column_of[known][matrix.indices]
        values = self._values(rows, columns, matrix.data)
        return csr_array((values, columns, matrix.indptr), shape=(matrix.shape[0], len(self.vocabulary_)))

    def _values(self, rows: np.ndarray, columns: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """Sublinear TF times IDF, each block of each row scaled to length one."""
        values = (1 + np.log(counts)) * self.idf_[columns]
        vector = rows * len(BLOCKS) + self._block[columns]
        return values / np.sqrt(np.bincount(vector, values**2))[vector]
