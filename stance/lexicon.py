"""The stance lexicon: predicates, which side they are on, and who acts on whom.

``lexicon.tsv`` in this package holds one entry a line, with the columns

=============  ====================================================================================
``predicate``  lemmas, with the particle or preposition that belongs to them ("crack down on")
``pos``        ``verb``, ``noun`` or ``adj``
``side``       ``+`` cooperative, ``-`` opposed, ``~`` a turner: it turns what it governs ("lift")
``strength``   1 (depends on context) to 3 (unambiguous)
``direction``  ``>`` the subject or possessor acts, ``<`` it is acted on, ``=`` mutual
``root``       PLOVER root code, or ``-``
=============  ====================================================================================

Entries are looked up by stem, so inflection does not matter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

import Stemmer

_SKIPPED = frozenset(
    ("a", "an", "the", "it", "their", "his", "her", "this", "that", "these", "those", "our", "some", "ani")
)
_LONGEST_GAP = 2
_BEFORE_VERBS = frozenset(
    (
        "to", "has", "have", "had", "be", "been", "is", "are", "was", "were", "will", "would", "may", "might", "can",
        "could", "must", "should", "do", "doe", "did", "not", "also", "never", "who", "that", "which", "he", "she",
        "they", "we", "i", "you",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One predicate of the lexicon; the fields are described in the module's docstring.

    ``turns`` says that it is a turner; one with a side besides can be both ("block").
    """

    pos: str
    side: str
    strength: int
    direction: str
    root: str
    turns: bool


@dataclass(frozen=True, slots=True)
class _Homonyms:
    """Entries with the same stems: as a verb ("to fight"), and as anything else ("a fight")."""

    verb: Entry | None = None
    other: Entry | None = None

    def with_entry(self, entry: Entry) -> _Homonyms:
        if entry.pos == "verb":
            return replace(self, verb=_stronger(self.verb, entry))
        return replace(self, other=_stronger(self.other, entry))

    def at(self, line: Sequence[str], start: int) -> Entry:
        """The one that is meant where it stands, by the word before it."""
        if self.verb and self.other:
            before = line[start - 1] if start else ""
            return self.verb if before in _BEFORE_VERBS or before.startswith("<") else self.other
        return self.verb or self.other  # type: ignore[return-value]  # one of them there is


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found in a line of symbols, at ``line[start:end]``."""

    start: int
    end: int
    entry: Entry


class Lexicon:
    """The entries, by stem.

    Parameters
    ----------
    table : str
        The content of ``lexicon.tsv``.
    """

    def __init__(self, table: str) -> None:
        self.sha256 = hashlib.sha256(table.encode()).hexdigest()
        rows = [line.split("\t") for line in table.splitlines()]
        words = [row[0].split(" ") for row in rows]
        flat = iter(stems([word for predicate in words for word in predicate]))
        self._by_first: dict[str, dict[tuple[str, ...], _Homonyms]] = {}
        for row, predicate in zip(rows, words, strict=True):
            key = tuple(next(flat) for _ in predicate)
            own = self._by_first.setdefault(key[0], {})
            entry = Entry(row[1], row[2], int(row[3]), row[4], row[5], row[2] == "~")
            own[key] = own.get(key, _Homonyms()).with_entry(entry)
        self.verbs = frozenset(
            first for first, own in self._by_first.items() if any(entry.verb for entry in own.values())
        )
        for first, own in self._by_first.items():
            self._by_first[first] = dict(sorted(own.items(), key=lambda item: -len(item[0])))

    def find(self, line: Sequence[str]) -> Iterator[Hit]:
        """Find the longest entries, left to right, without overlaps.

        Articles and possessives between the words of an entry are passed over, and so are up to two
        further words ("cut all ties with", "lifted long-standing sanctions").
        """
        position = 0
        words = frozenset(line)
        while position < len(line):
            hit = self._at(line, position, words)
            if hit:
                yield hit
                position = hit.end
            else:
                position += 1

    def _at(self, line: Sequence[str], start: int, words: frozenset[str]) -> Hit | None:
        for key, homonyms in self._by_first.get(line[start], {}).items():
            if words.issuperset(key) and (end := _matched(line, start, key)):
                return Hit(start, end, homonyms.at(line, start))
        return None


def _stronger(first: Entry | None, second: Entry) -> Entry:
    """Of two entries with the same stems the one that says more; a turner only adds that it turns."""
    if first is None:
        return second
    turns = first.turns or second.turns
    best = max(first, second, key=lambda entry: (entry.side != "~", entry.strength))
    return replace(best, turns=turns)


def _matched(line: Sequence[str], start: int, key: tuple[str, ...]) -> int:
    """Where a key that begins at ``start`` ends, or 0."""
    position = start + 1
    gap = 0
    for word in key[1:]:
        while position < len(line) and line[position] != word:
            if line[position] not in _SKIPPED:
                gap += 1
                if gap > _LONGEST_GAP or not line[position].isalpha():
                    return 0
            position += 1
        if position == len(line):
            return 0
        position += 1
    return position


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The lexicon that comes with the package."""
    return Lexicon(files("stance").joinpath("lexicon.tsv").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english", 100_000)


@lru_cache(maxsize=1)
def _irregular() -> dict[str, str]:
    """The lemma of each form in ``irregular_verbs.tsv``, which the stemmer would leave as it is."""
    table = files("stance").joinpath("irregular_verbs.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines())
    return {form: lemma for lemma, forms in rows for form in forms.split(" ")}


def stems(words: list[str]) -> list[str]:
    """Snowball (Porter 2) stems of lower-case English words; irregular verb forms get the verb's stem."""
    lemma = _irregular()
    return _stemmer().stemWords([lemma.get(word, word) for word in words])
