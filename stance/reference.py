"""Reference within a text: whom "the group", "the army", "it" and "he" stand for.

Conservative: a noun or pronoun is linked only where one actor fits in the same or the sentence before (Hobbs' recency
and the preference for subjects of Lappin and Leass, *An Algorithm for Pronominal Anaphora Resolution*, 1994, without
a parse: the first actor of a sentence stands for its subject). Bodies of a state that are named without it ("the army",
"the Foreign Ministry") belong to the state that the passage is about, else to the text's home state: that of the
dateline, or the one that it mentions most.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from stance.names import name_words
from stance.records import Actor, Mention, Span

_BODIES = (
    r"(?:government|authorities|armed\s+forces|army|military|junta|regime|generals|cabinet|navy|air\s+force|coast\s+guard|border\s+guards?|"
    r"(?:[a-z]+\s+(?:and\s+[a-z]+\s+)?)?(?:ministry|minister)|(?:Foreign|Defen[cs]e|Interior|Finance|Justice|Health|Energy|Trade|Labour)\s+"
    r"(?:Ministry|Minister|Secretary)|president|prime\s+minister|presidency|king|security\s+forces|kingdom|"
    r"state\s+department|supreme\s+court|constitutional\s+court|Supreme\s+Court|Constitutional\s+Court|parliament|Parliament|"
    r"National\s+Assembly|National\s+Guard|Border\s+Guard|Coast\s+Guard|attorney\s+general|central\s+bank|Cabinet|Government)"
)
_BODY = re.compile(
    rf"\b(?:[Tt]he|[Ii]ts|[Hh]is|[Hh]er)\s+(?:military\s+|interim\s+|transitional\s+|ruling\s+|central\s+|federal\s+|national\s+|provisional\s+)?"
    rf"{_BODIES}\b(?:\s+spokes(?:man|woman|person))?(?!\s+(?:of|in|for)\b)"
)
_KINDS_OF_NOUN: dict[str, set[str]] = {}
for _kind, _nouns in name_words("nouns").items():
    for _noun in _nouns.split():
        _KINDS_OF_NOUN.setdefault(_noun, set()).add(_kind)
_NOUNS = "|".join(sorted(map(re.escape, _KINDS_OF_NOUN), key=len, reverse=True))
_NOUN = re.compile(rf"\b[Tt]he\s+(?:[a-z]+\s+)?({_NOUNS})\b(?!\s+of\b)")
_BOTH = re.compile(
    r"\b(?:(?:[Tt]he\s+)?two\s+(?:countries|nations|governments|sides|neighbou?rs|states|allies|powers|capitals|armies|groups|companies|parties)|"
    r"[Bb]oth\s+(?:countries|nations|governments|sides|states|capitals|parties|groups))\b"
)
_DUMMY = (
    r"(?!\s+(?:is|was|has\s+been|remains|remained|seems|seemed|would\s+be|will\s+be|may\s+be|takes|took)\s+(?:not\s+)?(?:\w+\s+)?"
    r"(?:that|to|clear|unclear|likely|possible|time|hard|not\s+clear|who|the)\b)"
)
_HE = re.compile(r"\b(?:[Hh]e|[Ss]he|[Hh]is|[Hh]er)\b")
_AS_SUBJECT = (
    r"(?:(?<=, )|(?<=and )|(?<=but )|(?<=that )|(?<=said )|(?<=if )|(?<=as )|(?<=when )|(?<=while )|(?<=which )|"
    r"(?<=because )|(?<=whom )|(?<=after )|(?<=before )|(?<=until )|(?<=where )|(?<=though )|(?<=what ))"
)
_IT = re.compile(rf"\b[Ii]ts\b|(?:\bIt|{_AS_SUBJECT}it)\b{_DUMMY}")
_THEY = re.compile(rf"\b(?:They|[Tt]heir)\b|{_AS_SUBJECT}they\b")
_QUOTED = re.compile(r"“[^”]*”?|\"[^\"]*\"?")


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
    result: list[Mention] = []
    previous: list[Mention] = []
    for sentence, named in zip(sentences, by_sentence, strict=True):
        own = _resolve(text, sentence, named, previous, home)
        result += own
        previous = own
    return result


def _resolve(
    text: str, sentence: Span, named: Sequence[Mention], previous: Sequence[Mention], home: Actor | None
) -> list[Mention]:
    by_name = {m.actor for m in named}
    linked = [m for m in _linked(text, sentence, named, previous, home) if m.actor not in by_name]
    found = sorted([*named, *linked], key=lambda m: m.span)
    kept: list[Mention] = []
    for mention in found:
        if (
            not kept
            or mention.span.start >= kept[-1].span.end
            or (mention.span == kept[-1].span and mention.via == "nominal")
        ):
            kept.append(mention)
    return kept


def _linked(
    text: str, sentence: Span, named: Sequence[Mention], previous: Sequence[Mention], home: Actor | None
) -> Iterator[Mention]:
    taken = [m.span for m in named]

    def free(span: tuple[int, int]) -> bool:
        return all(span[1] <= t.start or span[0] >= t.end for t in taken)

    for match in _BOTH.finditer(text, *sentence):
        before = _before(named, match.start()) or list(previous)
        states = list({m.actor: None for m in before if m.actor.kind != "person"})
        if len(states) == 2 and free(match.span()):
            yield from (Mention(state, Span(*match.span()), "nominal") for state in states)
    for match in _BODY.finditer(text, *sentence):
        if free(match.span()) and (state := _state_of(named, previous, match.start(), home)):
            yield Mention(state, Span(*match.span()), "nominal")
    for match in _NOUN.finditer(text, *sentence):
        if free(match.span()) and (actor := _of_kind(match[1], _before(named, match.start()), previous)):
            yield Mention(actor, Span(*match.span()), "nominal")
    quotes = [match.span() for match in _QUOTED.finditer(text, *sentence)]

    def quoted(position: int) -> bool:
        return any(start <= position < end for start, end in quotes)

    for match in _HE.finditer(text, *sentence):
        before = _persons(
            [m for m in named if m.span.end <= match.start() and quoted(m.span.start) == quoted(match.start())]
        )
        person = before[-1] if before else next(iter(_persons(previous)), None)
        if person:
            yield Mention(person.actor, Span(*match.span()), "pronoun", person.agent)
    for pattern in (_IT, _THEY):
        for match in pattern.finditer(text, *sentence):
            before = _bodies(
                [m for m in named if m.span.end <= match.start() and quoted(m.span.start) == quoted(match.start())]
            )
            candidates = before or _bodies(previous)
            if candidates:
                yield Mention(candidates[0].actor, Span(*match.span()), "pronoun")


def _before(named: Sequence[Mention], position: int) -> list[Mention]:
    return [m for m in named if m.span.end <= position]


def _persons(mentions: Sequence[Mention]) -> list[Mention]:
    return [m for m in mentions if m.agent or m.actor.kind == "person"]


def _bodies(mentions: Sequence[Mention]) -> list[Mention]:
    return [m for m in mentions if not m.agent and m.actor.kind != "person"]


def _state_of(named: Sequence[Mention], previous: Sequence[Mention], position: int, home: Actor | None) -> Actor | None:
    for mentions in (_before(named, position), previous):
        states = list({m.actor: None for m in mentions if m.actor.kind == "state"})
        if home in states:
            return home
        if len(states) == 1:
            return states[0]
    return home


def _of_kind(noun: str, before: Sequence[Mention], previous: Sequence[Mention]) -> Actor | None:
    for mentions in (before, previous):
        fitting = {m.actor: None for m in mentions if m.actor.kind in _KINDS_OF_NOUN[noun]}
        named_so = [actor for actor in fitting if noun in actor.name.lower()]
        if len(fitting) == 1 or len(named_so) == 1:
            return named_so[0] if named_so else next(iter(fitting))
        if fitting:
            return None
    return None
