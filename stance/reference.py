"""Reference within a text: whom "the group", "the army", "it" and "he" stand for.

A noun or pronoun is linked to the most salient actor that fits it, in the manner of Lappin and Leass (*An Algorithm for
Pronominal Anaphora Resolution*, Computational Linguistics 20, 1994) without a parse: what was mentioned last, and what
stands first in its sentence, is salient; persons are "he" and "she", bodies "it", groups "they". "We" in a quotation is
who speaks. Bodies of a state that are named without it ("the army", "the Foreign Ministry") belong to the state that
the passage is about, else to the text's home state. An actor that its sentence names already is not linked once more.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from stance.names import name_words
from stance.records import Actor, Mention, Span

_BODIES = (
    r"(?:government|authorities|armed\s+forces|army|military|junta|regime|generals|cabinet|navy|air\s+force|coast\s+guard|"
    r"border\s+guards?|(?:[a-z]+\s+(?:and\s+[a-z]+\s+)?)?(?:ministry|minister)|"
    r"(?:[A-Z][a-z]+\s+(?:and\s+)?){1,3}(?:Ministry|Minister|Secretary)|"
    r"Ministry\s+of(?:\s+(?:the\s+)?[A-Z][a-z]+(?:\s+and)?){1,3}|"
    r"president|prime\s+minister|presidency|king|security\s+forces|kingdom|state\s+department|supreme\s+court|"
    r"constitutional\s+court|Supreme\s+Court|Constitutional\s+Court|parliament|Parliament|National\s+Assembly|"
    r"National\s+Guard|Border\s+Guard|Coast\s+Guard|attorney\s+general|central\s+bank|Cabinet|Government)"
)
_OF_STATE = r"(?:military|interim|transitional|ruling|central|federal|national|provisional|own)"
_BODY = re.compile(
    rf"\b(?:(?:[Tt]he|[Ii]ts|[Hh]is|[Hh]er)\s+(?:{_OF_STATE}\s+)?{_BODIES}\b(?:\s+spokes(?:man|woman|person))?"
    r"(?!\s+(?:of|in|for)\b)|(?:[Gg]overnment|[Aa]rmy|[Rr]egime|[Jj]unta|[Mm]ilitary)\s+"
    r"(?:troops|forces|soldiers|jets|aircraft|warplanes|officials|negotiators|spokes(?:man|woman|person))\b)"
)
_KINDS_OF_NOUN: dict[str, set[str]] = {}
for _kind, _nouns in name_words("nouns").items():
    for _noun in _nouns.split():
        _KINDS_OF_NOUN.setdefault(_noun, set()).add(_kind)
_NOUNS = "|".join(sorted(map(re.escape, _KINDS_OF_NOUN), key=len, reverse=True))
_NOUN = re.compile(rf"\b[Tt]he\s+(?:[a-z]+\s+)?((?i:{_NOUNS}))\b(?!\s+of\b)")
_BOTH = re.compile(
    r"\b(?:(?:[Tt]he(?:se)?\s+)?(?P<number>two|three)\s+(?P<plural>[a-z]+s|countries|parties)|"
    r"(?:[Bb]oth|[Nn]either|[Ee]ach)\s+(?P<noun>[a-z]+s?|countries|parties)|(?P<pair>[Tt]he\s+(?:pair|two))\b(?!\s+[a-z]))\b"
)
_PLURALS = {
    "countries": "state", "nations": "state", "governments": "state", "government": "state", "states": "state",
    "capitals": "state", "neighbours": "state", "neighbors": "state", "powers": "state", "armies": "state",
    "regimes": "state",
    "allies": "", "sides": "", "side": "", "parties": "", "delegations": "", "leaders": "", "rivals": "",
    "signatories": "",
    "groups": "armed_group", "militias": "armed_group", "factions": "armed_group",
    "companies": "company", "firms": "company", "chipmakers": "company", "carriers": "company",
    "agencies": "organisation", "bodies": "organisation", "organisations": "organisation",
    "organizations": "organisation", "unions": "organisation",
}  # fmt: skip
_DUMMY = (
    r"(?!\s+(?:is|was|has\s+been|remains|remained|seems|seemed|would\s+be|will\s+be|may\s+be|takes|took)\s+(?:not\s+)?"
    r"(?:\w+\s+)?(?:that|to|clear|unclear|likely|possible|time|hard|not\s+clear|who|the|late|early|dark|cold|hot|noon|"
    r"midnight|dawn|raining|snowing)\b|\s+(?:rained|snowed|poured|rains|snows)\b)"
)
_PRONOUN = re.compile(
    rf"\b(?:(?P<person>[Hh]e|[Ss]he|[Hh]is|[Hh]er|him)|(?P<body>[Ii]t{_DUMMY}|[Ii]ts)|(?P<group>[Tt]hey|[Tt]heir|them))\b"
)
_TRIGGER = re.compile(
    r"\b(?:[Tt]he(?:se)?|[Ii]ts?|[Hh]is|[Hh]er?|[Ss]he|him|[Tt]he(?:y|ir)|them|[Tt]wo|[Tt]hree|[Bb]oth|[Nn]either|[Ee]ach|[Ww]e|[Oo]ur|us|"
    r"[Gg]overnment|[Aa]rmy|[Rr]egime|[Jj]unta|[Mm]ilitary)\b"
)
_SPEAKERS = re.compile(r"\b(?:[Ww]e|[Oo]ur|us)\b")
_PATTERNS = ((_BOTH, "both"), (_BODY, "state"), (_NOUN, "noun"), (_PRONOUN, ""), (_SPEAKERS, "we"))
_SUBJECT = re.compile(
    r"(?:^|[,;:“\"‘—–-]|\b(?:and|but|that|said|says|if|as|when|while|which|because|whom|after|before|until|where|though|what|how|why|"
    r"than|since|whether|or|so))\s*$"
)
_QUOTED = re.compile(r"“[^”]*”?|\"[^\"]*\"?")
_SAYING = re.compile(
    r"\b(?:said|says|told|tells|added|adds|wrote|writes|asked|asks|insisted|replied|warned|argued|declared|announced|shouted|recalled)\b"
)
_RECENCY = (1.0, 0.75, 0.35)  # of the same sentence, the one before, and the one before that
_NOT_FIRST = 0.45
_LEAST = 0.4
_KIND_WEIGHTS = {
    "body": {"state": 1.0, "organisation": 1.0, "company": 1.0, "armed_group": 0.9, "party": 1.0},
    "group": {"armed_group": 1.0, "organisation": 0.6, "company": 0.6, "party": 0.6, "state": 0.5},
}
_WINDOW = 40


@dataclass(frozen=True, slots=True)
class _Seen:
    """A mention in the sentence of a number; ``first`` says that no other body or person stands before it."""

    mention: Mention
    sentence: int
    first: bool


def with_references(
    text: str, sentences: Sequence[Span], mentions: Sequence[Mention], home: Actor | None
) -> list[Mention]:
    """Add the mentions that are made by nouns and pronouns.

    Parameters
    ----------
    text : str
    sentences : sequence of Span
        In the order of the text.
    mentions : sequence of Mention
        Those by name, in order, each inside a sentence.
    home : Actor or None
        The state that bodies named without a state belong to, where the passage tells no other.

    Returns
    -------
    list of Mention
        In order. "The two countries" gives two mentions of one span; others do not overlap.
    """
    starts = [sentence.start for sentence in sentences]
    by_sentence: list[list[Mention]] = [[] for _ in sentences]
    for mention in mentions:
        by_sentence[bisect_right(starts, mention.span.start) - 1].append(mention)
    resolver = _Resolver(text, home)
    for sentence, named in zip(sentences, by_sentence, strict=True):
        resolver.read(sentence, named)
    return resolver.found


class _Resolver:
    """Reads sentence after sentence, and keeps who was mentioned in the last ones."""

    def __init__(self, text: str, home: Actor | None) -> None:
        self.text = text
        self.home = home
        self.found: list[Mention] = []
        self._number = 0
        self._seen: list[_Seen] = []
        self._ever: dict[Actor, int] = {}
        self._speaker: Mention | None = None

    def read(self, sentence: Span, named: Sequence[Mention]) -> None:
        """Link the nouns and pronouns of a sentence."""
        self._number += 1
        self._seen = [seen for seen in self._seen if self._number - seen.sentence < len(_RECENCY)]
        quotes = []
        if self.text.find('"', *sentence) >= 0 or self.text.find("“", *sentence) >= 0:
            quotes = [match.span() for match in _QUOTED.finditer(self.text, *sentence)]
        self._speaker = _speaker(self.text, sentence, named, quotes) or (self._speaker if quotes else None)
        own: list[Mention] = []
        waiting = [*named]
        for match, kind in self._places(sentence, named):
            while waiting and waiting[0].span.start < match.start():
                self._note(waiting.pop(0), own)
            for mention in self._link(sentence, match, kind, quotes):
                self._note(mention, own)
        for mention in waiting:
            self._note(mention, own)
        by_name = {mention.actor for mention in named}
        self.found += [m for m in own if m.via not in ("nominal", "pronoun") or m.actor not in by_name]

    def _note(self, mention: Mention, own: list[Mention]) -> None:
        same_kind = [m for m in own if _is_person(m) == _is_person(mention)]
        own.append(mention)
        self._seen.append(_Seen(mention, self._number, not same_kind))
        self._ever[mention.actor] = self._number

    def _places(self, sentence: Span, named: Sequence[Mention]) -> Iterator[tuple[re.Match[str], str]]:
        """Nouns and pronouns that no name covers, in order."""
        taken = iter([*(mention.span for mention in named), Span(sentence.end, sentence.end)])
        span = next(taken)
        free = sentence.start
        for trigger in _TRIGGER.finditer(self.text, *sentence):
            start = trigger.start()
            while span.end <= start and span.start < sentence.end:
                free, span = span.end, next(taken)
            if start < free or start >= span.start:
                continue
            for pattern, kind in _PATTERNS:
                match = pattern.match(self.text, start, span.start)
                if match:
                    free = match.end()
                    yield match, kind or str(match.lastgroup)
                    break

    def _link(
        self, sentence: Span, match: re.Match[str], kind: str, quotes: Sequence[tuple[int, int]]
    ) -> Iterator[Mention]:
        span = Span(*match.span())
        if kind == "we":
            if self._speaker and any(start <= span.start < end for start, end in quotes):
                yield Mention(self._speaker.actor, span, "pronoun", self._speaker.agent)
        elif kind == "both":
            noun = match["plural"] or match["noun"] or "sides"
            for actor in self._all(noun, 3 if match["number"] == "three" else 2):
                yield Mention(actor, span, "nominal")
        elif kind == "state":
            if state := self._state():
                yield Mention(state, span, "nominal")
        elif kind == "noun":
            if of_kind := self._of_kind(match[1]):
                yield Mention(of_kind, span, "nominal")
        elif mention := self._salient(sentence, span, kind):
            yield Mention(mention.actor, span, "pronoun", mention.agent)

    def _salient(self, sentence: Span, span: Span, kind: str) -> Mention | None:
        """The mention that a pronoun goes back to."""
        left = self.text[max(sentence.start, span.start - _WINDOW) : span.start]
        possessive = self.text[span.end - 1] == "s" or self.text[slice(*span)].lower() in ("her", "their")
        subject = possessive or bool(_SUBJECT.search(left))
        best: tuple[float, Mention] | None = None
        for seen in self._seen:
            mention = seen.mention
            age = self._number - seen.sentence
            if age == 0 and not subject:
                continue  # "Russia accused it": who acts is not acted on
            if kind == "person":
                weight = 1.0 if _is_person(mention) else 0.0
            else:
                weight = 0.0 if _is_person(mention) else _KIND_WEIGHTS[kind].get(mention.actor.kind, 0.0)
                if kind == "group" and self.text[slice(*mention.span)].endswith("s"):
                    weight = 1.0
            score = weight * _RECENCY[age] * (1.0 if seen.first else _NOT_FIRST)
            if score >= _LEAST and (best is None or score >= best[0]):
                best = (score, mention)
        return best[1] if best else None

    def _all(self, noun: str, number: int) -> list[Actor]:
        """The last bodies of one kind that were mentioned, where there are as many as the text says."""
        if noun not in _PLURALS:
            return []
        kind = _PLURALS[noun]
        for oldest in range(len(_RECENCY)):
            actors = {
                s.mention.actor: None
                for s in self._seen
                if self._number - s.sentence <= oldest
                and not _is_person(s.mention)
                and kind in ("", s.mention.actor.kind)
            }
            if len(actors) >= number:
                return list(actors) if len(actors) == number else []
        return []

    def _state(self) -> Actor | None:
        """The state that the sentence names alone, else the text's own, else the one of the sentence before."""
        for age in range(len(_RECENCY) - 1):
            states = {
                s.mention.actor
                for s in self._seen
                if self._number - s.sentence == age and s.mention.actor.kind == "state"
            }
            if self.home and (age or self.home in states):
                return self.home
            if len(states) == 1:
                return next(iter(states))
        return self.home

    def _of_kind(self, word: str) -> Actor | None:
        """The actor of a noun's kind that has the noun in its name, or is the only one, or was mentioned last."""
        noun = word.lower()
        fitting = [actor for actor in self._ever if actor.kind in _KINDS_OF_NOUN[noun]]
        named_so = [actor for actor in fitting if noun in actor.name.lower()]
        if len(named_so) == 1:
            return named_so[0]
        if word[0].isupper():  # "the Council" is one that is called so
            fitting = named_so
        if len(fitting) == 1:
            return fitting[0]
        recent = [s.mention.actor for s in self._seen if s.mention.actor in (named_so or fitting)]
        return recent[-1] if recent else None


def _is_person(mention: Mention) -> bool:
    return mention.agent is not None or mention.actor.kind == "person"


def _speaker(text: str, sentence: Span, named: Iterable[Mention], quotes: Sequence[tuple[int, int]]) -> Mention | None:
    """Who says what the sentence quotes: the actor outside of the quotation who stands nearest to a verb of saying."""
    if not named:
        return None
    outside = [m for m in named if not any(start <= m.span.start < end for start, end in quotes)]
    verbs = [m.start() for m in _SAYING.finditer(text, *sentence) if not any(s <= m.start() < e for s, e in quotes)]
    if not outside or not verbs:
        return None
    return min(outside, key=lambda m: min(abs(m.span.start - verb) for verb in verbs))
