"""The lexicons: predicates, which side they are on, and who acts on whom.

``lexicon.tsv`` in this package is about stances, and ``portrayal.tsv`` about the light that words put an actor in. Both
hold one entry a line, with the columns

=============  ====================================================================================
``predicate``  lemmas, with the particle or preposition that belongs to them ("crack down on")
``pos``        ``verb``, ``noun``, ``adj`` or ``adv``
``side``       ``+`` cooperative or positive, ``-`` opposed or negative, ``~`` a turner: it turns what it governs
               ("lift"), ``0`` no predicate, although its words look like one ("security force")
``strength``   1 (depends on context) to 3 (unambiguous)
``direction``  ``>`` the subject or possessor acts, ``<`` it is acted on, ``=`` mutual; of portrayals, whom it falls on
``root``       PLOVER root code, or ``-``
=============  ====================================================================================

Entries are looked up by lemma, so inflection does not matter; derivation does: "political" is no form
of "polite".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

import Stemmer

from stance.collecting import uncollected

_SKIPPED = frozenset(
    ("a", "an", "the", "it", "its", "their", "his", "her", "this", "that", "these", "those", "our", "some", "any", "#")
)
_LONGEST_GAP = 2
_MENTION = "<S>"
_GOVERNING = frozenset(
    (
        "about", "after", "against", "at", "behind", "between", "by", "for", "from", "in", "into", "on", "outside",
        "over", "to", "toward", "upon", "with",
    )
)  # fmt: skip
_INVARIABLE = frozenset(
    (
        "according", "anything", "concerning", "during", "evening", "following", "including", "morning", "news",
        "nothing", "regarding", "something", "united", "wanted",
    )
)  # fmt: skip
_BEFORE_VERBS = frozenset(
    (
        "to", "has", "have", "had", "get", "be", "been", "is", "are", "was", "were", "will", "would", "may", "might",
        "can", "could", "must", "should", "do", "does", "did", "not", "also", "never", "who", "that", "which", "he",
        "she", "they", "we", "i", "you",
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
    """Entries with the same lemmas: as a verb ("to fight"), and as anything else ("a fight")."""

    verb: Entry | None = None
    other: Entry | None = None

    def with_entry(self, entry: Entry) -> _Homonyms:
        if entry.pos == "verb":
            return replace(self, verb=_stronger(self.verb, entry))
        return replace(self, other=_stronger(self.other, entry))

    def meant(self, before: str, form: str) -> Entry:
        """The one that is meant, by the word before it and its own form."""
        if self.verb and self.other:
            is_verb = before in _BEFORE_VERBS or before.startswith("<") or form.endswith("ed")
            return self.verb if is_verb else self.other
        return self.verb or self.other  # type: ignore[return-value]  # one of them there is


@dataclass(frozen=True, slots=True)
class _Predicate:
    """The lemmas of a predicate, and what they can mean."""

    lemmas: tuple[str, ...]
    homonyms: _Homonyms

    def takes_object_inside(self) -> bool:
        """Whether an actor may stand between its words ("take the firm to court"), not only after them."""
        return self.homonyms.verb is not None and self.lemmas[-1] not in _GOVERNING


@dataclass(frozen=True, slots=True)
class _Family:
    """All predicates that begin with the same lemma: the one that is only that, and the others by their second."""

    alone: _Predicate | None
    longer: dict[str, list[_Predicate]]


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found in a line of symbols, at ``line[start:end]``; and its own lemmas."""

    start: int
    end: int
    entry: Entry
    lemmas: str


class Lexicon:
    """The entries, by lemma.

    Parameters
    ----------
    table : str
        The content of ``lexicon.tsv``.
    """

    def __init__(self, table: str) -> None:
        self.sha256 = hashlib.sha256(table.encode()).hexdigest()
        rows = [line.split("\t") for line in table.splitlines()]
        self._words = {word for row in rows for word in row[0].split(" ")}
        self._lemma = lru_cache(maxsize=100_000)(self._without_inflection)
        found: dict[tuple[str, ...], _Homonyms] = {}
        for predicate, pos, side, strength, direction, root in rows:
            lemmas = tuple(self.lemmas(predicate.split(" ")))
            entry = Entry(pos, side, int(strength), direction, root, side == "~")
            found[lemmas] = found.get(lemmas, _Homonyms()).with_entry(entry)
        self._nouns = {
            lemmas[0]
            for lemmas, homonyms in found.items()
            if len(lemmas) == 1 and homonyms.other and homonyms.other.pos == "noun" and homonyms.other.side in "+-"
        }
        families: dict[str, list[_Predicate]] = {}
        for lemmas, homonyms in found.items():
            families.setdefault(lemmas[0], []).append(_Predicate(lemmas, homonyms))
        self.verbs = frozenset(lemmas[0] for lemmas, homonyms in found.items() if homonyms.verb)
        self._families = {first: _family(predicates) for first, predicates in families.items()}

    def lemmas(self, words: Iterable[str]) -> list[str]:
        """Lower-case words without their inflection, where the entries know the word that is left."""
        return [*map(self._lemma, words)]

    def _without_inflection(self, word: str) -> str:
        for base in _bases(word):
            if base in self._words:
                return self._without_inflection(base)
        return word

    def find(self, line: Sequence[str], forms: Sequence[str]) -> Iterator[Hit]:
        """Find the longest entries, left to right, without overlaps.

        Articles and possessives between the words of an entry are passed over, and so are up to two
        further words that are no predicates themselves ("cut all ties with", "lifted long-standing
        sanctions"), and the actor between a verb and what belongs to it ("take the firm to court").

        Parameters
        ----------
        line : sequence of str
            Lemmas, and symbols for actors.
        forms : sequence of str
            The same words as they stand in the text.
        """
        position = 0
        words = frozenset(line)
        while position < len(line):
            family = self._families.get(line[position])
            hit = self._longest(family, line, position, words, forms[position]) if family else None
            if hit:
                yield hit
                position = hit.end
            else:
                position += 1

    def _longest(
        self, family: _Family, line: Sequence[str], start: int, words: frozenset[str], form: str
    ) -> Hit | None:
        candidates = [
            predicate
            for second in family.longer.keys() & words
            for predicate in family.longer[second]
            if words.issuperset(predicate.lemmas)
        ]
        candidates.sort(key=lambda predicate: (-len(predicate.lemmas), predicate.lemmas))
        if family.alone:
            candidates.append(family.alone)
        for predicate in candidates:
            if end := self._end(predicate, line, start):
                meant = predicate.homonyms.meant(line[start - 1] if start else "", form)
                return Hit(start, end, meant, " ".join(predicate.lemmas))
        return None

    def _end(self, predicate: _Predicate, line: Sequence[str], start: int) -> int:
        """Where a predicate that begins at ``start`` ends, or 0."""
        position = start + 1
        gap = 0
        objects = int(predicate.takes_object_inside())
        for lemma in predicate.lemmas[1:]:
            while position < len(line) and line[position] != lemma:
                symbol = line[position]
                if symbol == _MENTION and objects:
                    objects -= 1
                elif symbol not in _SKIPPED:
                    gap += 1
                    if gap > _LONGEST_GAP or not symbol.isalpha() or symbol in self._nouns:
                        return 0
                position += 1
            if position == len(line):
                return 0
            position += 1
        return position


def _family(predicates: Iterable[_Predicate]) -> _Family:
    alone = None
    longer: dict[str, list[_Predicate]] = {}
    for predicate in predicates:
        if len(predicate.lemmas) == 1:
            alone = predicate
        else:
            longer.setdefault(predicate.lemmas[1], []).append(predicate)
    return _Family(alone, longer)


def _stronger(first: Entry | None, second: Entry) -> Entry:
    """Of two entries with the same lemmas the one that counts.

    That is the one that says there is no predicate, or else the one that says more; a turner only
    adds that it turns.
    """
    if first is None or second.side == "0":
        return second
    if first.side == "0":
        return first
    turns = first.turns or second.turns
    best = max(first, second, key=lambda entry: (entry.side != "~", entry.strength))
    return replace(best, turns=turns)


def _bases(word: str) -> Iterator[str]:
    """What a word may be an inflected form of."""
    if lemma := _irregular().get(word):
        yield lemma
    if len(word) < 4 or word in _INVARIABLE:
        return
    if word.endswith("ies"):
        yield word[:-3] + "y"
    if word.endswith("es"):
        yield word[:-2]
    if word.endswith("s") and not word.endswith("ss"):
        yield word[:-1]
    stem = word.removesuffix("ed").removesuffix("ing")
    if stem != word and len(stem) > 1:
        if stem.endswith("i"):
            yield stem[:-1] + "y"
        yield stem + "e"
        yield stem
        if stem[-1] == stem[-2]:
            yield stem[:-1]


@lru_cache
@uncollected()
def load_lexicon(name: str = "lexicon") -> Lexicon:
    """A lexicon that comes with the package: ``lexicon`` of stances, or ``portrayal``."""
    return Lexicon(files("stance").joinpath(f"{name}.tsv").read_text(encoding="utf-8"))


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
