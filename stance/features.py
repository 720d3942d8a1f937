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
 q   of one actor alone: words of the lexicon of portrayals that have it at their side
 p   of one actor alone: all other words of that lexicon
==== ==========================================================================================

Where an actor is mentioned more than once, the two mentions that stand nearest to each other count. Of one actor alone,
without a source, the terms are those of the blocks g, t, q and p, around every mention.
Each block's TF-IDF vector has length one, so that a long block does not drown a short one.

A term is a number, its key: five bits for its kind, and three symbols, or up to nine bones of a skeleton. So the terms
of many pairs are found at once, by array arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stance.reading import BONES, MENTION, Predicate, Reading, read, read_tones
from stance.records import Pair

if TYPE_CHECKING:
    from scipy.sparse import csr_array

FEATURE_VERSION = 4
"""Raised with every change to the terms: a model reads only rows of its own feature version."""

_ARROWS = "<>"  # the target first, the source first
_SEQUENCES = ("between", "sides", "first", "last", "after", "before")
_NGRAMS = ("g: ", "l: ", "d: ", "p: ", "q: ", "s+ ", "s- ", "t+ ", "t- ", "m< ", "m> ", "k< ", "k> ")
KINDS = (*_NGRAMS, *(f"k{arrow} {name} " for name in _SEQUENCES for arrow in _ARROWS))
"""What the name of a term of each kind begins with."""

_G, _L, _D, _P, _Q, _S_AFTER, _S_BEFORE, _T_AFTER, _T_BEFORE, _M, _, _K, _, _FIRST_SEQUENCE = range(len(_NGRAMS) + 1)
_BLOCK_OF_KIND = np.array(["gldpqstmk".index(prefix[0]) for prefix in KINDS])
_BLOCKS = 1 + int(_BLOCK_OF_KIND.max())

_KIND_SHIFT, _SYMBOL_BITS, _BONE_BITS = 57, 19, 5
_SHIFTS = (2 * _SYMBOL_BITS, _SYMBOL_BITS, 0)
MAX_SYMBOLS = 2**_SYMBOL_BITS - 1
"""As many different symbols a vocabulary can hold; further ones are left out."""

_NONE, _SOURCE, _TARGET, _OTHER = range(4)  # roles; their bones have the same numbers
_ROLE_SYMBOLS = ("", MENTION, "<T>", "<O>")
_ROLE_LETTERS = "-STO"
_NEAR, _FAR = 3, 9  # words
_NEAREST = tuple(left + right for left in _ROLE_LETTERS for right in _ROLE_LETTERS)


class _Orders(NamedTuple):
    """In which order a predicate (H) and those in focus can stand; and with the mentions nearest to it."""

    orders: tuple[str, ...]
    both: tuple[str, ...]

    @classmethod
    def of(cls, *orders: str) -> _Orders:
        return cls(orders, tuple(f"{order}/{nearest}" for order in orders for nearest in _NEAREST))


_ORDERS = _Orders.of("HST", "HTS", "SHT", "THS", "STH", "TSH")
_ORDERS_OF_ONE = _Orders.of("far HT", "HT", "near HT", "near TH", "TH", "far TH")
_ELLIPSIS = "…"

_END = 8  # words, or bones of a skeleton, that count at each end of what stands between two mentions
_WIDEST = 2 * _END + 1
# Words of the windows, with the mention itself.
_SOURCE_WINDOWS = range(0, 6), range(-4, 1)
_TARGET_WINDOWS = range(0, 5), range(-6, 1)
_ONE_WINDOWS = range(0, 9), range(-8, 1)  # around the target where there is no source
_AROUND_REACH = 12
_GAP = 24  # nothing, between the lines of two passages: wider than any window
_CHUNK = 2_000  # pairs whose terms are collected at once

_IS_SIDE = np.array([bone in ("+", "-", "~", "!") for bone in BONES])
_IS_AROUND = np.array([bone in ("S", "T", "O", "+", "-", "~", "!", ".", "to", "&") for bone in BONES])


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


class _Keys(NamedTuple):
    """Terms of pairs, some more than once or no terms at all (see ``_is_term``); and those that passages share.

    Attributes
    ----------
    keys, rows : ndarray of int, shape (n,)
        Of the pair with this number.
    common, passages : ndarray of int, shape (m,)
        Of the passage with this number.
    passage_of : ndarray of int, shape (n_pairs,)
    """

    keys: np.ndarray
    rows: np.ndarray
    common: np.ndarray
    passages: np.ndarray
    passage_of: np.ndarray


def _extract(pairs: Iterable[Pair], symbol: Callable[[str], int]) -> _Keys:
    """The terms of pairs, with ``symbol`` to give each symbol its number, and 0 to those that do not count."""
    batch = _Batch.of(pairs, symbol)
    common = (_G << _KIND_SHIFT) + (batch.line << _SHIFTS[0])
    common = np.concatenate([common, common[:-1] + (batch.line[1:] << _SHIFTS[1])])
    passages = np.concatenate([batch.passages, batch.passages[:-1]])
    keys, rows = [], []
    for focus in (_Two.nearest(batch), _One.all(batch)):
        if len(focus.rows):
            for found, carriers in focus.terms():
                keys.append(found.ravel())
                rows.append(np.repeat(focus.rows[carriers], found.shape[1]))
    nothing = np.empty(0, dtype=np.int64)
    return _Keys(np.concatenate([nothing, *keys]), np.concatenate([nothing, *rows]), common, passages, batch.passage_of)


class _Predicates(NamedTuple):
    """The predicates of passages, by one lexicon.

    Attributes
    ----------
    table : ndarray of int, shape (n_predicates, 11)
        Position, left and right mention's place (or -1), and symbols: name, kind, strong, rooted, frame, and what
        follows the frame when source, target or another actor stands left.
    firsts, counts : ndarray of int, shape (n_pairs,)
        Of the passage of each pair: its first predicate, and how many it has.
    """

    table: np.ndarray
    firsts: np.ndarray
    counts: np.ndarray


def _numbered_predicates(
    predicates: Iterable[Predicate], offset: int, symbol: Callable[[str], int]
) -> Iterator[tuple[int, ...]]:
    for p in predicates:
        yield (
            offset + p.position,
            p.left + offset if p.left >= 0 else -1,
            p.right + offset if p.right >= 0 else -1,
            *map(symbol, (p.name, p.kind, p.strong, p.rooted, p.frame, "S" + p.kind, "T" + p.kind, "-" + p.kind)),
        )


@dataclass(frozen=True, slots=True)
class _Batch:
    """Passages one after the other in flat arrays, with gaps between them, and the pairs in them.

    Attributes
    ----------
    line, skeleton : ndarray of int
        Symbols and bones; 0 in the gaps.
    line_mentions, skeleton_mentions : ndarray of int
        At each place the number of the mention that stands there, or -1.
    places, joints : ndarray of int, shape (n_mentions,)
        Where each mention stands.
    passages : ndarray of int
        Which passage each place of ``line`` belongs to.
    passage_of, first_mentions, counts : ndarray of int, shape (n_pairs,)
        Of the passage of each pair: its number, its first mention and how many it has.
    without_source : ndarray of bool, shape (n_pairs,)
    roles : ndarray of int
        Of every mention in each pair, one pair after the other; and one more, that of no mention.
    predicates : _Predicates
        By the lexicon of stances; of pairs without a source, by that of portrayals.
    symbol : callable
        Gives a symbol its number.
    """

    line: np.ndarray
    line_mentions: np.ndarray
    places: np.ndarray
    passages: np.ndarray
    skeleton: np.ndarray
    skeleton_mentions: np.ndarray
    joints: np.ndarray
    passage_of: np.ndarray
    first_mentions: np.ndarray
    counts: np.ndarray
    without_source: np.ndarray
    roles: np.ndarray
    predicates: _Predicates
    symbol: Callable[[str], int]

    @classmethod
    def of(cls, pairs: Iterable[Pair], symbol: Callable[[str], int]) -> _Batch:
        gap = [0] * _GAP
        line, skeleton = gap.copy(), gap.copy()
        starts: list[int] = [0]
        places: list[int] = []
        joints: list[int] = []
        roles: list[int] = []
        predicates: list[tuple[int, ...]] = []
        per_pair: list[tuple[int, ...]] = []
        last: tuple[Reading, str] | None = None
        for pair in pairs:
            role_of = dict.fromkeys(pair.others, _OTHER)
            role_of |= dict.fromkeys(pair.source, _SOURCE) | dict.fromkeys(pair.target, _TARGET)
            spans = tuple(sorted(role_of))
            roles += [role_of[span] for span in spans]
            reading = read(pair.text, spans)
            if not last or reading is not last[0] or pair.task != last[1]:  # pairs of one passage come together
                last = reading, pair.task
                first_mention, first_predicate = len(places), len(predicates)
                offset = len(line)
                places += [offset + place for place in reading.mentions]
                joints += [len(skeleton) + joint for joint in reading.joints]
                found = reading.predicates if pair.source else read_tones(pair.text, spans)
                predicates += _numbered_predicates(found, offset, symbol)
                line += map(symbol, reading.line)
                line += gap
                skeleton += reading.skeleton
                skeleton += gap
                starts.append(len(line))
            counts = len(spans), len(predicates) - first_predicate
            per_pair.append((len(starts) - 2, not pair.source, first_mention, first_predicate, *counts))
        numbers = np.array(per_pair, dtype=np.intp).reshape(-1, 6).T
        line_places, skeleton_joints = np.array(places, dtype=np.intp), np.array(joints, dtype=np.intp)
        return cls(
            line=np.array(line),
            line_mentions=_numbered(len(line), line_places),
            places=line_places,
            passages=np.repeat(np.arange(len(starts) - 1), np.diff(starts)) if last else np.zeros(_GAP, dtype=np.intp),
            skeleton=np.array(skeleton),
            skeleton_mentions=_numbered(len(skeleton), skeleton_joints),
            joints=skeleton_joints,
            passage_of=numbers[0],
            first_mentions=numbers[2],
            counts=numbers[4],
            without_source=numbers[1].astype(bool),
            roles=np.array([*roles, _NONE]),
            predicates=_Predicates(np.array(predicates, dtype=np.int64).reshape(-1, 11), numbers[3], numbers[5]),
            symbol=symbol,
        )

    def symbols(self, names: Iterable[str]) -> np.ndarray:
        return np.array([*map(self.symbol, names)])

    def mentions(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """For every role the pair and the mention that it is of; and what to add to a mention to find it, by pair."""
        shifts = np.cumsum(self.counts) - self.counts - self.first_mentions
        mentions = _ranges(self.first_mentions, self.counts)
        return np.repeat(np.arange(len(self.counts)), self.counts), mentions, shifts


def _ranges(firsts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """So many numbers from each first one on, one range after the other."""
    return np.arange(counts.sum()) + np.repeat(firsts - (np.cumsum(counts) - counts), counts)


def _numbered(length: int, places: np.ndarray) -> np.ndarray:
    numbers = np.full(length, -1)
    numbers[places] = np.arange(len(places))
    return numbers


@dataclass(frozen=True, slots=True)
class _Focus:
    """The mentions that count, of some pairs of a batch.

    Attributes
    ----------
    batch : _Batch
    rows : ndarray of int, shape (n,)
        The pairs.
    low, high : ndarray of int, shape (n,)
        The leftmost and the rightmost mention that counts.
    shifts : ndarray of int, shape (n,)
        What to add to the number of a mention to find its role in ``batch.roles``.
    """

    batch: _Batch
    rows: np.ndarray
    low: np.ndarray
    high: np.ndarray
    shifts: np.ndarray

    def _symbols(self, places: np.ndarray) -> np.ndarray:
        """What stands at places of the line: shape (n, n_places)."""
        batch = self.batch
        mentions = batch.line_mentions[places]
        roles = batch.symbols(_ROLE_SYMBOLS)[batch.roles[mentions + self.shifts[:, None]]]
        return np.where(mentions >= 0, roles, batch.line[places])

    def _relations(self, kinds: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        """How predicates stand to the focus: shape (m, n_keys), and for each of the m which of the n it is of.

        The first kind is for predicates with the focus at their side, the second for all others.
        """
        batch, predicates = self.batch, self.batch.predicates
        counts = predicates.counts[self.rows]
        carriers = np.repeat(np.arange(len(self.rows)), counts)
        table = predicates.table[_ranges(predicates.firsts[self.rows], counts)]
        here, left, right, name, kind, strong, rooted, frame, *ties = table.T
        shifts = self.shifts[carriers]
        left, right = (
            np.where(side >= 0, batch.roles[batch.line_mentions[side] + shifts], _NONE) for side in (left, right)
        )
        direct, tie = self._ties(left, right)
        base = (np.where(direct, *kinds) << _KIND_SHIFT) + (name << _SHIFTS[0])
        keys = [base]
        nearest = len(_ROLE_LETTERS) * left + right
        order, names = self._order(here, carriers)
        both = batch.symbols(names.both)[len(_NEAREST) * order + nearest]
        for place in (batch.symbols(names.orders)[order], batch.symbols(_NEAREST)[nearest]):
            key = base + (place << _SHIFTS[1])
            keys += [key, key + kind, key + strong, key + rooted]
        keys.append(base + (both << _SHIFTS[1]) + kind)
        framed = np.where(direct, (kinds[0] << _KIND_SHIFT) + (frame << _SHIFTS[0]), 0)
        tied = np.where(direct, framed + (np.choose(tie, ties) << _SHIFTS[1]), 0)
        return np.stack([*keys, framed, tied], axis=1), carriers

    def _ties(self, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Whether predicates with these roles at their sides have the focus there, and 0, 1 or 2 for the left one."""
        raise NotImplementedError

    def _order(self, here: np.ndarray, carriers: np.ndarray) -> tuple[np.ndarray, _Orders]:
        """In which order predicates and the focus stand: numbers, and the names that they are of."""
        raise NotImplementedError


class _Two(_Focus):
    """The source and the target that stand nearest to each other, of the pairs that have both."""

    __slots__ = ()

    @classmethod
    def nearest(cls, batch: _Batch) -> _Two:
        rows, mentions, shifts = batch.mentions()
        roles = batch.roles[:-1]
        own = np.flatnonzero(roles != _OTHER)
        left, right = own[:-1], own[1:]
        mixed = (rows[left] == rows[right]) & (roles[left] != roles[right])
        left, right = left[mixed], right[mixed]
        distances = batch.places[mentions[right]] - batch.places[mentions[left]]
        order = np.lexsort((distances, rows[left]))  # stable: of two that are as near the first one counts
        left, right = left[order], right[order]
        first = np.flatnonzero(_changes(rows[left]))
        left, right = left[first], right[first]
        return cls(batch, rows[left], mentions[left], mentions[right], shifts[rows[left]])

    def terms(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Keys of shape (m, n_keys), and for each of the m which of the pairs in ``rows`` it is of."""
        everything = np.arange(len(self.rows))
        forward = self.batch.roles[self.low + self.shifts] == _SOURCE
        yield np.concatenate([*self._line_keys(forward), *self._skeleton_keys(forward)], axis=1), everything
        yield self._relations((_D, _L))

    def _line_keys(self, forward: np.ndarray) -> Iterator[np.ndarray]:
        """Word n-grams between and around the two: shape (n, n_keys)."""
        low, high = self.batch.places[self.low], self.batch.places[self.high]
        source, target = np.where(forward, (low, high), (high, low))
        (s_after, s_before), (t_after, t_before) = _SOURCE_WINDOWS, _TARGET_WINDOWS
        between, length = _between(low, high)
        windows = [source[:, None] + s_after, source[:, None] + s_before]
        windows += [target[:, None] + t_after, target[:, None] + t_before]
        symbols = self._symbols(np.concatenate([between, *windows], axis=1))
        middle, *around = np.split(symbols, np.cumsum([_WIDEST, len(s_after), len(s_before), len(t_after)]), axis=1)
        middle = _without_middle(middle, length, self.batch.symbol(_ELLIPSIS))
        yield from _ngrams((_M + forward)[:, None], middle, 3)
        for kind, own in zip((_S_AFTER, _S_BEFORE, _T_AFTER, _T_BEFORE), around, strict=True):
            yield from _ngrams(kind, own, 2)

    def _skeleton_keys(self, forward: np.ndarray) -> Iterator[np.ndarray]:
        """What the skeleton has between and around the two: shape (n, n_keys)."""
        skeleton = self.batch.skeleton
        low, high = self.batch.joints[self.low], self.batch.joints[self.high]
        between, length = _between(low, high)
        bones = _without_middle(self._bones(between), length, BONES.index(_ELLIPSIS))
        # the roles of the two, and between them the sides of predicates and negations
        is_side = _IS_SIDE[skeleton]
        before, sides = np.cumsum(is_side) - is_side, np.flatnonzero(is_side)
        number = before[high] - before[low] + 2
        chosen = np.concatenate([np.broadcast_to(np.arange(7), (len(low), 7)), _last(number, 3)], axis=1)
        side = skeleton[sides[_within(before[low][:, None] + chosen - 1, sides)]] if len(sides) else 0
        first, last = np.where(forward, ((_SOURCE,), (_TARGET,)), ((_TARGET,), (_SOURCE,)))
        side = np.where(chosen == 0, first[:, None], np.where(chosen == number[:, None] - 1, last[:, None], side))
        side = np.where(chosen < number[:, None], side, 0)
        beside = self._beside()
        sequences = (bones[:, :9], side[:, :7], side[:, :3], side[:, 7:], beside[:, :4], beside[:, 4:])
        yield from _ngrams((_K + forward)[:, None], bones, 3)
        yield _sequences(sequences, forward)

    def _bones(self, places: np.ndarray) -> np.ndarray:
        """What stands at places of the skeleton: shape (n, n_places)."""
        mentions = self.batch.skeleton_mentions[places]
        return np.where(mentions >= 0, self.batch.roles[mentions + self.shifts[:, None]], self.batch.skeleton[places])

    def _beside(self) -> np.ndarray:
        """The next four bones after the mentions that say most, and the last four before: shape (n, 8)."""
        low, high = self.batch.joints[self.low], self.batch.joints[self.high]
        is_around = _IS_AROUND[self.batch.skeleton]
        number, around = np.cumsum(is_around) - is_around, np.flatnonzero(is_around)
        after_end, before_end = number[np.minimum(high + _AROUND_REACH, len(number) - 1)], number[low] + 1
        before_start = number[np.maximum(low - _AROUND_REACH, 0)]
        before = before_start[:, None] + _last(before_end - before_start, 4)
        beside = np.concatenate([number[high][:, None] + np.arange(4), before], axis=1)
        ends = np.repeat(np.stack([after_end, before_end], axis=1), 4, axis=1)
        return np.where(beside < ends, self._bones(around[_within(beside, around)]), 0)

    def _ties(self, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        both = (left + right == _SOURCE + _TARGET) & (left * right == _SOURCE * _TARGET)
        return both, np.where(left == _SOURCE, 0, 1)

    def _order(self, here: np.ndarray, carriers: np.ndarray) -> tuple[np.ndarray, _Orders]:
        batch = self.batch
        low, high = self.low[carriers], self.high[carriers]
        backward = batch.roles[low + self.shifts[carriers]] != _SOURCE
        region = (here > batch.places[low]).astype(np.intp) + (here > batch.places[high])
        return 2 * region + backward, _ORDERS


class _One(_Focus):
    """Every mention of the target, of the pairs that have no source."""

    __slots__ = ()

    @classmethod
    def all(cls, batch: _Batch) -> _One:
        rows, mentions, shifts = batch.mentions()
        own = np.flatnonzero((batch.roles[:-1] == _TARGET) & batch.without_source[rows])
        return cls(batch, rows[own], mentions[own], mentions[own], shifts[rows[own]])

    def terms(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Keys of shape (m, n_keys), and for each of the m which of the pairs in ``rows`` it is of."""
        here = self.batch.places[self.low][:, None]
        windows = [
            keys
            for kind, window in zip((_T_AFTER, _T_BEFORE), _ONE_WINDOWS, strict=True)
            for keys in _ngrams(kind, self._symbols(here + window), 3)
        ]
        yield np.concatenate(windows, axis=1), np.arange(len(self.rows))
        yield self._relations((_Q, _P))

    def _ties(self, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return (left == _TARGET) | (right == _TARGET), np.where(left == _TARGET, 1, 2)

    def _order(self, here: np.ndarray, carriers: np.ndarray) -> tuple[np.ndarray, _Orders]:
        distance = here - self.batch.places[self.low[carriers]]
        return np.searchsorted((-_FAR, -_NEAR, 0, _NEAR, _FAR), distance), _ORDERS_OF_ONE


def _between(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places from low to high, shape (n, 17), and how many they are; of more than 16 the first and the last eight."""
    length = high - low + 1
    offsets = np.arange(_WIDEST) + np.zeros_like(low)[:, None]
    offsets[:, _END + 1 :] += np.maximum(length - _WIDEST, 0)[:, None]
    return low[:, None] + offsets, length


def _without_middle(values: np.ndarray, length: np.ndarray, middle: int) -> np.ndarray:
    """What stands at the places of ``_between``, with one value for all that is left out, and 0 after the end."""
    values = np.where(np.arange(_WIDEST) < length[:, None], values, 0)
    values[length >= _WIDEST, _END] = middle
    return values


def _last(number: np.ndarray, most: int) -> np.ndarray:
    """The last places of so many, shape (n, most)."""
    return np.maximum(number - most, 0)[:, None] + np.arange(most)


def _within(places: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.clip(places, 0, len(values) - 1)


def _ngrams(kind: int | np.ndarray, symbols: np.ndarray, longest: int) -> Iterator[np.ndarray]:
    """Keys of the n-grams of one symbol, of two ... in each row."""
    keys = (kind << _KIND_SHIFT) + (symbols << _SHIFTS[0])
    yield keys
    for n in range(1, longest):
        keys = keys[:, :-1] + (symbols[:, n:] << _SHIFTS[n])
        yield keys


def _sequences(sequences: Sequence[np.ndarray], forward: np.ndarray) -> np.ndarray:
    """Keys of whole sequences of bones, in the order of ``_SEQUENCES``: shape (n, n_sequences)."""
    kinds = _FIRST_SEQUENCE + forward[:, None] + 2 * np.arange(len(sequences))
    return np.stack([_packed(own) for own in sequences], axis=1) + (kinds << _KIND_SHIFT)


def _packed(bones: np.ndarray) -> np.ndarray:
    return bones @ (1 << (_BONE_BITS * np.arange(bones.shape[1])))


def _is_term(keys: np.ndarray) -> np.ndarray:
    """Whether keys are terms. N-grams with a gap in them are none; with one at the end they are shorter ones."""
    kinds = keys >> _KIND_SHIFT
    first, second, third = (keys >> shift & MAX_SYMBOLS for shift in _SHIFTS)
    return (kinds >= _FIRST_SEQUENCE) | ((first > 0) & ((second > 0) | (third == 0)))


def term_name(key: int, symbols: Sequence[str]) -> str:
    """A term in words: what its kind begins with, and its symbols or bones."""
    kind = key >> _KIND_SHIFT
    if kind >= _FIRST_SEQUENCE:
        codes = [key >> shift & (1 << _BONE_BITS) - 1 for shift in range(0, _KIND_SHIFT - _BONE_BITS, _BONE_BITS)]
        return KINDS[kind] + " ".join(BONES[code] for code in codes if code)
    parts = [key >> shift & MAX_SYMBOLS for shift in _SHIFTS]
    words = [(BONES if kind in (_K, _K + 1) else symbols)[part] for part in parts if part]
    if kind in (_L, _D, _P, _Q) and len(words) == 3:  # where it stands, and who acts
        words[1:] = ["".join(words[1:])]
    return KINDS[kind] + " ".join(words)


def terms(pair: Pair) -> list[str]:
    """The names of all terms of a pair, each once.

    Actors enter only as roles: renaming them changes nothing, as long as the spans follow.
    """
    table = TermTable.of([pair])
    return table.names()


class _GrowingSymbols:
    """Gives each new symbol the next number."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {"": 0}

    def __call__(self, symbol: str) -> int:
        number = self.numbers.setdefault(symbol, len(self.numbers))
        return number if number <= MAX_SYMBOLS else 0


@dataclass(frozen=True)
class TermTable:
    """Which pairs hold which terms.

    Attributes
    ----------
    matrix : csr_array of shape (n_pairs, n_terms)
        1 where a pair holds a term.
    keys : ndarray of int, shape (n_terms,)
        Sorted.
    symbols : list of str
        What the numbers in the keys stand for.
    """

    matrix: csr_array
    keys: np.ndarray
    symbols: list[str]

    def rows(self, selection: np.ndarray) -> TermTable:
        """Some of the pairs, by index or mask."""
        return TermTable(self.matrix[selection], self.keys, self.symbols)

    def names(self) -> list[str]:
        """The terms in words, in the order of the columns."""
        return [term_name(key, self.symbols) for key in self.keys.tolist()]

    @classmethod
    def of(cls, pairs: Iterable[Pair]) -> TermTable:
        """Collect the terms of pairs."""
        from scipy.sparse import csr_array

        symbol = _GrowingSymbols()
        keys, counts = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.intp)]
        pairs = iter(pairs)
        while chunk := [*islice(pairs, _CHUNK)]:
            own, numbers = _rows_of(_extract(chunk, symbol), len(chunk))
            keys.append(own)
            counts.append(numbers)
        names, columns = np.unique(np.concatenate(keys), return_inverse=True)
        starts = np.concatenate([[0], np.cumsum(np.concatenate(counts))])
        data = np.ones(len(columns), dtype=np.float32)
        matrix = csr_array((data, columns.astype(np.int32), starts), shape=(len(starts) - 1, len(names)))
        return cls(matrix, names, [*symbol.numbers])


def _rows_of(found: _Keys, number: int) -> tuple[np.ndarray, np.ndarray]:
    """The terms of each pair, each once, one pair after the other; and how many each has."""
    shared = _is_term(found.common)
    common, passages = found.common[shared], found.passages[shared]
    order = np.argsort(passages, kind="stable")
    counts = np.bincount(passages, minlength=int(found.passage_of.max(initial=-1)) + 1)
    own = counts[found.passage_of]
    taken = _ranges((np.cumsum(counts) - counts)[found.passage_of], own)
    is_term = _is_term(found.keys)
    keys = np.concatenate([found.keys[is_term], common[order][taken]])
    rows = np.concatenate([found.rows[is_term], np.repeat(np.arange(number), own)])
    order = np.lexsort((keys, rows))
    keys, rows = keys[order], rows[order]
    first = _changes(keys) | _changes(rows)
    return keys[first], np.bincount(rows[first], minlength=number)


def _changes(values: np.ndarray) -> np.ndarray:
    """Where a value is not the one before it; the first never is."""
    changes = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return changes


def _distinct(values: np.ndarray) -> np.ndarray:
    """Sorted, each once: ``numpy.unique``, many times as fast for values that are nearly sorted."""
    values = np.sort(values)
    return values[_changes(values)]


class _Index:
    """Finds many keys at once, by hashing (Knuth, *The Art of Computer Programming* 3, 6.4: multiplicative)."""

    _MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)

    def __init__(self, keys: np.ndarray) -> None:
        bits = max(4, (4 * len(keys)).bit_length())
        self._shift = np.uint64(64 - bits)
        slots = self._slots(keys)
        self._columns = np.argsort(slots, kind="stable")
        self._keys = keys[self._columns]
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(slots, minlength=2**bits))]).astype(np.int32)

    def _slots(self, keys: np.ndarray) -> np.ndarray:
        return (keys.view(np.uint64) * self._MULTIPLIER >> self._shift).view(np.int64)

    def find(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which of some keys there are, and the column of each of these."""
        slots = self._slots(keys)
        places, ends = self._starts[slots], self._starts[slots + 1]
        pending = np.flatnonzero(places < ends)
        places, ends, wanted = places[pending], ends[pending], keys[pending]
        found, columns = [], []
        while len(pending):
            hit = self._keys[places] == wanted
            found.append(pending[hit])
            columns.append(self._columns[places[hit]])
            left = ~hit & (places + 1 < ends)
            pending, places, ends, wanted = pending[left], places[left] + 1, ends[left], wanted[left]
        nothing = np.empty(0, dtype=np.intp)
        return np.concatenate([nothing, *found]), np.concatenate([nothing, *columns])


class PairVectorizer:
    """TF-IDF rows for pairs, with a vocabulary learned from training pairs.

    Parameters
    ----------
    min_df : int
        A term is kept when at least this many training pairs hold it.

    Attributes
    ----------
    symbols_ : list of str
        What the numbers in the keys stand for; the first is empty, the others are sorted.
    keys_ : ndarray of int, shape (n_terms,)
        The vocabulary, sorted: the term of each column.
    idf_ : ndarray of shape (n_terms,)
        ``ln((1 + n_pairs) / (1 + document frequency)) + 1``, as in scikit-learn.
    """

    def __init__(self, min_df: int = 2) -> None:
        self.min_df = min_df

    def fit(self, table: TermTable) -> PairVectorizer:
        """Learn vocabulary and document frequencies."""
        number = table.matrix.shape[0]
        frequencies = np.bincount(table.matrix.indices, minlength=len(table.keys))
        kept = np.flatnonzero(frequencies >= self.min_df)
        keys, frequencies = table.keys[kept], frequencies[kept]
        used = _symbols_in(keys)
        symbols = sorted(table.symbols[number] for number in used)
        keys = _with_symbols(keys, table.symbols, symbols)
        order = np.argsort(keys)
        self.set_vocabulary(symbols, keys[order], np.log((1 + number) / (1 + frequencies[order])) + 1)
        return self

    def set_vocabulary(self, symbols: list[str], keys: np.ndarray, idf: np.ndarray) -> None:
        """Take over a vocabulary and its weights, as they were saved; ``ValueError`` where it cannot be one."""
        kinds = keys >> _KIND_SHIFT
        if symbols[:1] != [""] or symbols != sorted(set(symbols)) or (np.diff(keys) <= 0).any():
            raise ValueError("symbols or keys are not sorted, or stand twice")
        if ((kinds < 0) | (kinds >= len(KINDS))).any() or not _is_term(keys).all():
            raise ValueError("a key is no term")
        of_symbols = keys[_of_symbols(keys)]
        if any((of_symbols >> shift & MAX_SYMBOLS).max(initial=0) >= len(symbols) for shift in _SHIFTS):
            raise ValueError("a key names a symbol that is not there")
        self.symbols_ = symbols
        self.keys_ = keys
        self.idf_ = idf
        self._blocks = _BLOCK_OF_KIND[kinds]
        self._numbers = dict(zip(symbols, range(len(symbols)), strict=True))
        self._index = _Index(keys)

    def name(self, column: int) -> str:
        """The term of a column in words."""
        return term_name(int(self.keys_[column]), self.symbols_)

    def vectors(self, pairs: Iterable[Pair]) -> Vectors:
        """The block vectors of pairs, of terms that the vocabulary knows; pairs of one passage share one of them."""
        numbers = self._numbers
        found = _extract(pairs, lambda symbol: numbers.get(symbol, 0))
        pair_count = len(found.passage_of)
        places, columns = self._index.find(np.concatenate([found.keys, found.common]))
        # vectors are numbered pair by pair and block by block, and after them passage by passage
        shared = places >= len(found.keys)
        owners = np.concatenate([found.rows * _BLOCKS, pair_count * _BLOCKS + found.passages])[places]
        owners += np.where(shared, 0, self._blocks[columns])
        entries = _distinct(owners * len(self.keys_) + columns)
        owners, columns = np.divmod(entries, len(self.keys_)) if len(self.keys_) else (entries, entries)
        starts = np.flatnonzero(_changes(owners))
        owners = owners[starts]
        own = np.flatnonzero(owners < pair_count * _BLOCKS)
        vector_of = np.full(int(found.passage_of.max(initial=-1)) + 1, -1)
        vector_of[owners[len(own) :] - pair_count * _BLOCKS] = np.arange(len(own), len(owners))
        common = vector_of[found.passage_of]
        sharing = np.flatnonzero(common >= 0)
        rows = np.concatenate([owners[own] // _BLOCKS, sharing])
        order = np.argsort(rows, kind="stable")
        return Vectors(columns, starts, rows[order], np.concatenate([own, common[sharing]])[order])

    def entries(self, pair: Pair) -> Entries:
        """The terms of one pair that the vocabulary knows, with their TF-IDF values."""
        vectors = self.vectors([pair])
        lengths = np.diff(vectors.starts, append=len(vectors.columns))
        values = self.idf_[vectors.columns]
        norms = np.sqrt(np.add.reduceat(values**2, vectors.starts)) if len(values) else values
        return Entries(vectors.columns, values / np.repeat(norms, lengths))

    def transform(self, table: TermTable) -> csr_array:
        """The TF-IDF matrix of shape (n_pairs, n_terms); terms out of the vocabulary are left out."""
        from scipy.sparse import csr_array

        known, columns_of = self._index.find(_with_symbols(table.keys, table.symbols, self.symbols_))
        order = np.argsort(known)
        known, columns_of = known[order], columns_of[order]
        matrix = table.matrix[:, known]
        rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        columns = columns_of[matrix.indices]
        values = self._values(rows, columns)
        return csr_array((values, columns, matrix.indptr), shape=(matrix.shape[0], len(self.keys_)))

    def _values(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """TF (1, as a term is there or not) times IDF, each block of each row scaled to length one."""
        values = self.idf_[columns]
        vector = rows * _BLOCKS + self._blocks[columns]
        return values / np.sqrt(np.bincount(vector, values**2))[vector]


def _of_symbols(keys: np.ndarray) -> np.ndarray:
    """Which keys are made of symbols, not of bones."""
    return keys >> _KIND_SHIFT < _K


def _symbols_in(keys: np.ndarray) -> list[int]:
    keys = keys[_of_symbols(keys)]
    return np.unique(np.concatenate([[0], *(keys >> shift & MAX_SYMBOLS for shift in _SHIFTS)])).tolist()


def _with_symbols(keys: np.ndarray, numbered: Sequence[str], anew: Sequence[str]) -> np.ndarray:
    """The same terms where symbols are numbered anew; -1 for those with a symbol that has no new number."""
    number_of = dict(zip(anew, range(len(anew)), strict=True))
    new = np.array([number_of.get(symbol, -1) for symbol in numbered])
    of_symbols = _of_symbols(keys)
    parts = [new[np.where(of_symbols, keys >> shift & MAX_SYMBOLS, 0)] for shift in _SHIFTS]
    renumbered = keys >> _KIND_SHIFT << _KIND_SHIFT
    for part, shift in zip(parts, _SHIFTS, strict=True):
        renumbered = renumbered + (part << shift)
    renumbered = np.where(np.min(parts, axis=0) < 0, -1, renumbered)
    return np.where(of_symbols, renumbered, keys)
