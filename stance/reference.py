"""Reference within a text: whom "the group", "the army", "it", "he" and "the two countries" stand for.

Each noun or pronoun that may stand for an actor is a question, with the actors read so far as its options. A
conditional logistic regression gives every option, and that it is none of them, a probability: a mention ranker (Denis
and Baldridge, *Specialized Models and Ranking for Coreference Resolution*, EMNLP 2008). What it looks at is what Lappin
and Leass (*An Algorithm for Pronominal Anaphora Resolution*, Computational Linguistics 20, 1994) call salience: how far
back an actor was mentioned, where in its sentence, how often, of what kind it is, who speaks. The weights, and the
nouns that stand for actors, are in ``reference.json``; ``scripts/reference.py`` fits them to the corpus's articles.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from itertools import combinations
from typing import Any, NamedTuple

from stance.agents import OWNS_ROLE
from stance.attribution import then
from stance.collecting import uncollected
from stance.names import name_words
from stance.records import Actor, Mention, Span

LIKELY, LIKELY_OF_SEVERAL = 0.33, 0.5
"""An option at least as probable is taken; the second is for several actors at once."""

_DUMMY = (
    r"(?!\s+(?:is|was|has\s+been|remains|remained|seems|seemed|would\s+be|will\s+be|may\s+be|takes|took)\s+(?:not\s+)?"
    r"(?:\w+\s+)?(?:that|to|clear|unclear|likely|possible|time|hard|not\s+clear|who|the|late|early|dark|cold|hot|noon|"
    r"midnight|dawn|raining|snowing)\b|\s+(?:rained|snowed|poured|rains|snows)\b)"
)
_PRONOUN = re.compile(
    rf"(?:(?P<he>[Hh]e|[Ss]he|[Hh]is|[Hh]er|[Hh]im)|(?P<it>[Ii]t{_DUMMY}|[Ii]ts|itself)|"
    r"(?P<they>[Tt]hey|[Tt]heir|[Tt]hem|themselves)|(?P<we>[Ww]e|[Oo]ur|us)|(?P<i>I|[Mm]y|me))\b"
)
_NO_PEOPLE = (
    r"(?!\s+(?:of|men|women|people|boys|girls|children|brothers|sisters|friends|days|weeks|months|years|hours)\b)"
)
_BOTH = re.compile(
    rf"(?:(?:[Tt]he(?:se)?\s+)?(?P<number>[Tt]wo|[Tt]hree){_NO_PEOPLE}(?:\s+([a-z]+s|countries))?|"
    rf"[Bb]oth{_NO_PEOPLE}(?:\s+([a-z]+s))?|[Nn]either\s+(side|party|country|government)|[Tt]he\s+(pair|parties|sides|rivals|neighbours|allies))\b(?!\s+of\b)"
)
_DETERMINER = r"[Tt]h(?:e|is|ese|ose)"
_NO_ADJECTIVE = (
    r"(?!(?:the|a|an|its|his|her|their|of|in|on|to|and|or|for|by|with|at|from|that|who|which|was|is|were|are|had|has|have|as|"
    r"than|but)\b)"
)
_BODY = r"[Gg]overnment|[Aa]rmy|[Rr]egime|[Jj]unta|[Mm]ilitary"
_BARE = re.compile(
    rf"({_BODY})\s+(?:troops|forces|soldiers|jets|aircraft|warplanes|officials|negotiators|spokes(?:man|woman|person))\b"
)
_TRIGGER = re.compile(
    rf"\b(?:(?P<determiner>{_DETERMINER})|(?P<number>[Tt]wo|[Tt]hree|[Bb]oth|[Nn]either)|"
    rf"(?P<bare>{_BODY})|"
    r"(?P<pronoun>[Ii]t(?:s|self)?|[Hh](?:e|is|er|im)|[Ss]he|[Tt]hey|[Tt]heir|[Tt]hem(?:selves)?|[Ww]e|[Oo]ur|us|I|[Mm]y|me))\b"
)
_SUBJECT = re.compile(
    r"(?:^|[.,;:“\"‘—–-]|\b(?:and|but|that|said|says|if|as|when|while|which|because|whom|after|before|until|where|though|"
    r"what|how|why|than|since|whether|or|so))\s*$"
)
_PREPOSITION = re.compile(
    r"\b(?:of|in|by|with|to|for|from|against|on|at|over|into|between|towards?|about)\s+(?:the\s+)?$"
)
_QUOTED = re.compile(r"“[^”]*”?|\"[^\"]*\"?")
_SAYING = re.compile(
    r"\b(?:said|says|told|tells|added|adds|wrote|writes|asked|asks|insisted|replied|warned|argued|declared|announced|shouted|"
    r"recalled)\b"
)
_THEN_SAYS = then(
    r"(?:said|says|say|told|added|insisted|warned|argued|declared|announced|vowed|promised|claimed|denied|confirmed|"
    r"acknowledged|admitted|believes?|thinks?|hope[sd]?|wants?|agreed|pledged|complained|stressed|maintains?|accused|urged|"
    r"decided|expect(?:s|ed)?)",
    30,
)
_POSSESSIVES = frozenset(("its", "his", "their", "our", "my", "her"))
_MEN = (
    "he", "his", "him", "mr", "mr.", "sir", "king", "prince", "lord", "sheikh", "father", "son", "brother", "bishop",
    "imam", "cardinal", "pope", "archbishop", "chairman", "spokesman",
)  # fmt: skip
_WOMEN = (
    "she", "her", "mrs", "mrs.", "ms", "ms.", "miss", "queen", "princess", "baroness", "lady", "madam", "mother",
    "daughter", "sister", "widow", "chairwoman", "spokeswoman",
)  # fmt: skip
_GENDERS = dict.fromkeys(_MEN, "m") | dict.fromkeys(_WOMEN, "f")
_NEW_CLAUSE = re.compile(
    r"[,;:]|\b(?:and|but|or|that|who|which|whose|whom|while|when|after|before|as|if|because|said|says)\b"
)
STATE_NOUNS = frozenset(
    (
        "government", "authorities", "army", "military", "junta", "regime", "cabinet", "navy", "ministry", "minister",
        "president", "king", "parliament", "police", "forces", "troops", "soldiers", "embassy", "generals", "palace",
        "treasury", "presidency", "kingdom", "capital", "guard", "secretary", "court", "bank", "state",
    )
)  # fmt: skip
"""Nouns for a state, or a body of one, where the text does not say of which."""

_STATE_ONLY = frozenset(("state",))
_OLDEST = 3  # sentences back
_LATEST = 8  # sentences with a mention, of each actor
_REMEMBERED = 60  # actors: more would make a long text slow
_MOST_OPTIONS, _MOST_OF_BOTH = 10, 6
_LEFT = 40  # characters

Feature = tuple[Any, ...]
Weights = Mapping[Feature, float]


@dataclass(slots=True)
class _Entity:
    """An actor that was mentioned, or a person who acts for one (``agent``); and how."""

    actor: Actor
    agent: Actor | None
    sentences: deque[int] = field(default_factory=lambda: deque(maxlen=_LATEST))
    count: int = 0
    order: int = 0
    end: int = 0
    spot: str = ""
    last: str = ""
    plural: bool = False
    sentence_end: int = 0
    through_agent: bool = False
    gender: str = ""
    words: set[str] = field(default_factory=set)
    sentence: int = -9

    @property
    def is_person(self) -> bool:
        return self.agent is not None or self.actor.kind == "person"

    def is_called(self, noun: str) -> bool:
        """Whether the noun is part of a name that the actor was called by."""
        return noun in self.words


class Option(NamedTuple):
    """Whom a noun or pronoun may stand for: one actor, or several at once."""

    actors: tuple[Actor, ...]
    agent: Actor | None
    features: list[Feature]


class Question(NamedTuple):
    """A noun or pronoun that may stand for an actor.

    Attributes
    ----------
    span : Span
    kind : str
        ``he``, ``it``, ``they``, ``we``, ``i``, ``noun`` or ``both``: each has weights of its own.
    options : list of Option
    features : list
        What speaks for that it stands for none of them.
    """

    span: Span
    kind: str
    options: list[Option]
    features: list[Feature]


Decide = Callable[[Question], Option | None]


class _Model(NamedTuple):
    """The weights by kind of question, and what finds nouns that can stand for actors."""

    weights: Mapping[str, Weights]
    noun: re.Pattern[str]


@lru_cache(maxsize=1)
@uncollected()
def _model() -> _Model:
    data = json.loads(files("stance").joinpath("reference.json").read_text(encoding="utf-8"))
    weights = {kind: {tuple(feature): weight for *feature, weight in rows} for kind, rows in data["weights"].items()}
    return _Model(weights, noun_pattern(data["nouns"]))


@lru_cache(maxsize=1)
def _kinds_of_noun() -> Mapping[str, set[str]]:
    kinds: dict[str, set[str]] = {}
    for kind, nouns in name_words("nouns").items():
        for noun in nouns.split():
            kinds.setdefault(noun, set()).add(kind)
    return kinds


def noun_pattern(nouns: Iterable[str]) -> re.Pattern[str]:
    """A pattern for a determiner, one of some nouns, and up to two words between them."""
    heads = "|".join(sorted(map(re.escape, nouns), key=lambda noun: (-len(noun), noun)))
    between = rf"(?:{_NO_ADJECTIVE}[A-Za-z-]+\s+){{0,2}}?"
    return re.compile(rf"({_DETERMINER})\s+{between}((?i:{heads}))\b(?!\s+of\b|[-’'](?!s\b))")


def most_likely(question: Question, weights: Mapping[str, Weights] | None = None) -> Option | None:
    """The option that the model (or other weights) takes, ``None`` where none is likely enough."""
    get = (weights or _model().weights).get(question.kind, {}).get
    none = sum([get(feature, 0.0) for feature in question.features])
    odds = [math.exp(sum([get(feature, 0.0) for feature in option.features]) - none) for option in question.options]
    shares: dict[tuple[Actor, ...], float] = {}
    for option, share in zip(question.options, odds, strict=True):
        shares[option.actors] = shares.get(option.actors, 0.0) + share
    if not shares:
        return None
    actors = max(shares, key=shares.__getitem__)
    least = LIKELY if len(actors) == 1 else LIKELY_OF_SEVERAL
    if shares[actors] < least * (1 + sum(shares.values())):
        return None
    return max(
        (pair for pair in zip(question.options, odds, strict=True) if pair[0].actors == actors),
        key=lambda pair: pair[1],
    )[0]


def with_references(
    text: str,
    sentences: Sequence[Span],
    mentions: Sequence[Mention],
    home: Actor | None,
    decide: Decide = most_likely,
    nouns: re.Pattern[str] | None = None,
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
        The state that the text is about.
    decide : callable
        Answers each question.
    nouns : pattern, optional
        Finds the nouns that are asked about; default: those of the model.

    Returns
    -------
    list of Mention
        In order. "The two countries" gives two mentions of one span; others do not overlap.
    """
    starts = [sentence.start for sentence in sentences]
    by_sentence: list[list[Mention]] = [[] for _ in sentences]
    for mention in mentions:
        by_sentence[bisect_right(starts, mention.span.start) - 1].append(mention)
    resolver = _Resolver(text, home, decide, nouns or _model().noun)
    for sentence, named in zip(sentences, by_sentence, strict=True):
        resolver.read(sentence, named)
    return resolver.found


class _Resolver:
    """Reads sentence after sentence, and keeps who was mentioned, and how."""

    def __init__(self, text: str, home: Actor | None, decide: Decide, nouns: re.Pattern[str]) -> None:
        self.text = text
        self.home = home
        self.decide = decide
        self.nouns = nouns
        self.found: list[Mention] = []
        self._entities: dict[tuple[Actor, Actor | None], _Entity] = {}
        if home:  # as if a line before the text had named it
            self._entities[home, None] = _Entity(home, None, count=1, spot="first", last="name", sentence=0)
        self._number = 0
        self._mentions = 0
        self._persons_due: set[bool] = set()
        self._quotes: list[tuple[int, int]] = []
        self._speaker: Mention | None = None

    def read(self, sentence: Span, named: Sequence[Mention]) -> None:
        """Link the nouns and pronouns of a sentence."""
        self._number += 1
        self._persons_due = {True, False}
        self._quotes = []
        if self.text.find('"', *sentence) >= 0 or self.text.find("“", *sentence) >= 0:
            self._quotes = [match.span() for match in _QUOTED.finditer(self.text, *sentence)]
        own: list[Mention] = []
        waiting = [*named]
        speakers: list[tuple[re.Match[str], str]] = []  # who "we" are is known when the whole sentence is
        for match, kind in self._places(sentence, named):
            while waiting and waiting[0].span.start < match.start():
                self._note(waiting.pop(0), sentence, own)
            if kind in ("we", "i"):
                speakers.append((match, kind))
            else:
                self._link(match, kind, sentence, own)
        for mention in waiting:
            self._note(mention, sentence, own)
        self._speaker = self._speaker_of(sentence, own)
        for match, kind in speakers:
            self._link(match, kind, sentence, own)
        self.found += sorted(own, key=lambda mention: mention.span)

    def _places(self, sentence: Span, named: Sequence[Mention]) -> Iterator[tuple[re.Match[str], str]]:
        """The nouns and pronouns that no name covers, in order."""
        taken = iter([*(mention.span for mention in named), Span(sentence.end, sentence.end)])
        span = next(taken)
        free = sentence.start
        patterns: dict[str | None, tuple[tuple[re.Pattern[str], str], ...]] = {
            "determiner": ((_BOTH, "both"), (self.nouns, "noun")),
            "number": ((_BOTH, "both"),),
            "bare": ((_BARE, "noun"),),
            "pronoun": ((_PRONOUN, ""),),
        }
        for trigger in _TRIGGER.finditer(self.text, *sentence):
            start = trigger.start()
            while span.end <= start and span.start < sentence.end:
                free, span = span.end, next(taken)
            if start < free or start >= span.start:
                continue
            for pattern, kind in patterns[trigger.lastgroup]:
                match = pattern.match(self.text, start, span.start)
                if match:
                    free = match.end()
                    yield match, kind or str(match.lastgroup)
                    break

    def _link(self, match: re.Match[str], kind: str, sentence: Span, own: list[Mention]) -> None:
        question = self._question(match, kind, sentence)
        chosen = self.decide(question)
        if chosen:
            via = "nominal" if kind in ("noun", "both") else "pronoun"
            for actor in chosen.actors:
                self._note(Mention(actor, question.span, via, chosen.agent), sentence, own, kind)

    def _note(self, mention: Mention, sentence: Span, own: list[Mention], kind: str = "") -> None:
        """Remember a mention."""
        own.append(mention)
        start, end = mention.span
        person = mention.agent is not None or mention.actor.kind == "person"
        surface = self.text[start:end].lower()
        words = surface.replace("'", " ").replace("’", " ").split()
        if self.text.startswith(("'s", "’s"), end):
            spot = "owner"
        elif _PREPOSITION.search(self.text, max(sentence.start, start - 20), start):
            spot = "prepositional"
        else:
            spot = "first" if person in self._persons_due else "later"
        self._persons_due.discard(person)
        self._mentions += 1
        gender = next((_GENDERS[word] for word in words if word in _GENDERS), "") if person else ""
        for agent in dict.fromkeys((mention.agent, None)):
            key = mention.actor, agent
            entity = self._entities.pop(key) if key in self._entities else _Entity(*key)
            self._entities[key] = entity  # the last one comes last
            if not entity.count:
                entity.words.update((agent or mention.actor).name.lower().split())
            entity.count += 1
            if entity.sentence != self._number:
                entity.sentences.append(self._number)
            entity.sentence = self._number
            entity.order = self._mentions
            entity.end = end
            entity.spot = spot
            entity.last = kind or mention.via
            entity.plural = kind == "they" or (
                surface[-1:] == "s" and surface[-2:] != "ss" and mention.via != "pronoun"
            )
            entity.sentence_end = sentence.end
            entity.through_agent = agent is not mention.agent
            entity.gender = gender or entity.gender
            if mention.via != "pronoun":
                entity.words.update(words)
        while len(self._entities) > _REMEMBERED:
            del self._entities[next(iter(self._entities))]

    def _speaker_of(self, sentence: Span, own: Sequence[Mention]) -> Mention | None:
        """Who says what the sentence says: the actor outside of a quotation who stands nearest to a verb of saying.

        Where there is no such verb, it is who spoke before; where there is one and no actor, nobody known.
        """
        quoted = self._is_quoted
        verbs = [m.start() for m in _SAYING.finditer(self.text, *sentence) if not quoted(m.start())]
        if not verbs:
            return self._speaker
        outside = [mention for mention in own if not quoted(mention.span.start)]
        return min(outside, key=lambda m: min(abs(m.span.start - verb) for verb in verbs), default=None)

    def _says(self, entity: _Entity) -> bool:
        """Whether the last mention of an actor is followed by a verb of saying."""
        return bool(_THEN_SAYS.match(self.text, entity.end, entity.sentence_end))

    def _has_role(self, entity: _Entity) -> bool:
        """Whether the last mention of an actor is followed by the role of a person: "a Norvikan minister"."""
        return bool(OWNS_ROLE.match(self.text, entity.end, entity.sentence_end))

    def _is_quoted(self, place: int) -> bool:
        return any(start <= place < end for start, end in self._quotes)

    def _question(self, match: re.Match[str], kind: str, sentence: Span) -> Question:
        span = Span(*match.span())
        left = self.text[max(sentence.start, span.start - _LEFT) : span.start]
        words = match.group().lower().split()
        if kind == "both":
            noun = next((group for group in match.groups()[1:] if group), "")
            number = 3 if (match["number"] or "").lower() == "three" else 2
            return self._question_of_several(span, number, noun.lower(), words[0])
        noun = match.group(match.lastindex or 0).lower()
        place = "owner" if noun in _POSSESSIVES else "subject" if _SUBJECT.search(left) else "object"
        return self._question_of_one(span, kind, noun, words[0], place)

    def _question_of_one(self, span: Span, kind: str, noun: str, determiner: str, place: str) -> Question:
        options = self._candidates(kind, noun)
        number = self._number
        quoted = self._is_quoted(span.start)
        gender = _GENDERS.get(noun, "")
        here = min(2, sum(entity.sentence == number for entity in options))
        called = sum(entity.is_called(noun) for entity in options)
        kinds = _kinds_of_noun().get(noun, _STATE_ONLY if noun in STATE_NOUNS else ()) if kind == "noun" else ()
        fitting = min(3, len({entity.actor for entity in options if entity.actor.kind in kinds}))
        state = self._state() if kind == "noun" and noun in STATE_NOUNS else None
        found = []
        for rank, entity in enumerate(options):
            age = min(number - entity.sentence, _OLDEST + 1)
            old = min(age, 2)
            features: list[Feature] = [
                ("age", age, place),
                ("age", age, noun, here),
                ("age", age, quoted),
                ("spot", entity.spot, old, place),
                ("count", min(entity.count, 6), kind == "noun" and entity.actor.kind),
                ("kind", entity.is_person or entity.actor.kind, entity.plural, noun),
                ("kind", entity.is_person, self._has_role(entity), old),
                ("last", entity.last, old),
                ("agent", entity.through_agent, quoted),
            ]
            if gender and entity.gender:
                features.append(("gender", gender == entity.gender))
            if age:
                features.append(("here", here, entity.spot, old, place))
            else:
                another = bool(_NEW_CLAUSE.search(self.text, entity.end, span.start))
                features += (("says", self._says(entity), rank == 0, place), ("clause", another, entity.spot, place))
            if kind in ("we", "i") and not age:
                features.append(("quoted", quoted, self._is_quoted(entity.end - 1)))
            if self._speaker and entity.actor == self._speaker.actor:
                features.append(("speaks", quoted, entity.agent == self._speaker.agent, place))
            features.append(("options", min(len(options), 3), old))
            if kind == "noun":
                features.append(("noun", noun, entity.actor.kind))
                if entity.actor.kind in kinds:
                    features.append(("fits", fitting))
                if entity.actor == state:
                    features += (("the state",), ("the state", noun))
                if entity.is_called(noun):
                    features += (("called", determiner), ("called", called == 1))
            found.append(Option((entity.actor,), entity.agent, features))
        after = self.text[span.end : span.end + 20].split()
        none: list[Feature] = [
            ("none",),
            ("none", place, quoted),
            ("none", noun),
            ("none", noun, place),
            ("none", determiner),
            ("none", min(len(options), 4), place),
            ("none", "then", after[0].lower() if after else ""),
        ]
        return Question(span, kind, found, none)

    def _candidates(self, kind: str, noun: str) -> list[_Entity]:
        """Those whom a noun or pronoun may stand for, the last one first."""
        recent = [entity for entity in self._entities.values() if self._number - entity.sentence <= _OLDEST]
        if kind == "he":
            fitting = [
                entity for entity in recent if entity.is_person or (not entity.through_agent and self._has_role(entity))
            ]
        elif kind in ("it", "they"):
            fitting = [entity for entity in recent if not entity.is_person]
        elif kind == "we":
            fitting = [entity for entity in recent if not entity.agent]
        elif kind == "i":
            fitting = recent
        else:
            fitting = [e for e in self._entities.values() if not e.agent or e.is_called(noun)]
        return sorted(fitting, key=lambda entity: (not entity.is_called(noun), -entity.order))[:_MOST_OPTIONS]

    def _state(self) -> Actor | None:
        """The state that the sentence names alone, else the text's own, else the one of the sentence before."""
        for age in range(_OLDEST - 1):
            states = {
                e.actor for e in self._entities.values() if e.sentence == self._number - age and e.actor.kind == "state"
            }
            if self.home and (age or self.home in states):
                return self.home
            if len(states) == 1:
                return next(iter(states))
        return self.home

    def _question_of_several(self, span: Span, number: int, noun: str, determiner: str) -> Question:
        entities = [e for e in self._entities.values() if not e.agent and self._number - e.sentence <= _OLDEST]
        entities = sorted(entities, key=lambda entity: -entity.order)[:_MOST_OF_BOTH]
        counts = sorted((entity.count for entity in entities), reverse=True)
        found = []
        for ranked in combinations([*enumerate(entities)][::-1], number):  # in the order of the text
            ranks, chosen = zip(*ranked, strict=True)
            ages = [self._number - entity.sentence for entity in chosen]
            kinds = sorted({entity.actor.kind for entity in chosen})
            together = set(chosen[0].sentences).intersection(*(entity.sentences for entity in chosen))
            features: list[Feature] = [
                ("ages", min(ages), max(ages)),
                ("kinds", *kinds),
                ("kinds", *kinds, noun),
                ("ranks", number, sum(ranks)),
                ("together", min(len(together), 3), bool(together) and self._number - max(together)),
                ("most", sum(entity.count for entity in chosen) == sum(counts[:number])),
                ("persons", sum(entity.is_person for entity in chosen)),
                ("called", bool(noun) and sum(noun[:-1] in entity.words for entity in chosen)),
            ]
            found.append(Option(tuple(entity.actor for entity in chosen), None, features))
        none: list[Feature] = [("none",), ("none", noun), ("none", determiner), ("none", min(len(entities), 4))]
        return Question(span, "both", found, none)
