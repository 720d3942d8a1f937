"""Actors that no registry knows: names in a text that behave like actors.

A name is a run of capitalised words. It becomes an *open actor* of the text when something says that it acts: a
title or role beside it, an acronym in brackets after it, a noun for organisations in it, a verb of saying or doing
next to it. Short forms ("Khazali", "the Fatemiyoun") are joined to the full name.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from stance.agents import ROLE, with_agents
from stance.headlines import is_title_case
from stance.lexicon import load_lexicon
from stance.names import TITLE, TITLED, name_words
from stance.records import Actor, Mention, Span
from stance.registry import Registry, slug

_WORD = r"[^\W\d_a-z][\w-]*(?:[’'](?!s\b)[^\W\d_]\w*)*(?:(?<=s)[’'](?=\s[^\W\d_a-z]))?"
_TOKEN = rf"(?:(?:[^\W\d_a-z]\.)+|(?:al|el|as|ul|ar|ash|an)[-‑]{_WORD}|{_WORD})"
_PARTICLE = r"(?:de|del|della|da|do|dos|das|di|du|la|le|bin|bint|ibn|ben|van|von|der|den|ter|al|el|ul|ur|y|abu)"
_RUN = rf"{_TOKEN}(?:\s+(?:{_PARTICLE}\s+){{0,2}}{_TOKEN})*"
_NAME = re.compile(rf"(?<![\w@#.’'])(?:(?:al|el)[-‑])?{_RUN}(?:\s+(?:of|for)\s+(?:the\s+)?{_RUN}(?:\s+and\s+{_RUN})?)?")
_LINK = re.compile(r"\s+(?:of|for)\s+(?:the\s+)?")
_TITLES = re.compile(rf"(?:{TITLE}\s+)+")

_KIND_OF_HEAD = {word: kind for kind, words in name_words("heads").items() for word in words.split()}
_OFFICIAL, _GENERIC, _NEVER_LAST, _NEVER_FIRST, _NO_NAME, _REGIONAL, _FUNCTION_WORDS = (
    frozenset(name_words(key).split())
    for key in ("official", "generic", "never_last", "never_first", "no_name", "regional", "function_words")
)
_OTHER_ROLE = (
    r"(?:analyst|professor|lecturer|researcher|historian|economist|expert|activist|campaigner|journalist|reporter|writer|author|"
    r"poet|singer|actor|actress|director|teacher|doctor|nurse|surgeon|farmer|fisherman|fishermen|trader|shopkeeper|driver|student|"
    r"resident|villager|mother|father|widow|brother|sister|son|daughter|wife|husband|worker|miner|docker|electrician|engineer|"
    r"pensioner|businessman|businesswoman|tycoon|billionaire|entrepreneur|candidate|defendant|suspect|witness|dissident|refugee|"
    r"judge|magistrate|scholar|fellow|scientist|veteran|volunteer|commentator|columnist|consultant|footballer|striker|goalkeeper)"
)
_ROLE_BEFORE = re.compile(rf"\b(?:{ROLE}|{_OTHER_ROLE}),?\s+$", re.IGNORECASE)
_LEADER_OF = re.compile(rf"\b{ROLE}\s+(?:of|for)\s+[^,.;]{{1,50}},\s+$", re.IGNORECASE)
_THEN_ROLE = re.compile(rf"(?:[’']s)?\s+(?:[a-z]+\s+){{0,2}}{ROLE}\b")
_ROLE_AFTER = re.compile(
    rf"\s*,\s+(?:\d{{2}},|(?:[\w’'.-]+\s+){{0,7}}?(?:{ROLE}|{_OTHER_ROLE})\b)|\s*\(\d{{2}}\)", re.IGNORECASE
)
_APPOSITION = re.compile(
    r",\s+(?:a|an|the|his|her|its|their|one\s+of|who|whose)\s+"
    r"(?!(?:[\w-]+\s+){0,3}?(?:town|city|village|province|district|region|island|suburb|port|river|county|state|neighbou?rhood|area|capital)\b)"
)
_KIND_OF_NOUN = {word: kind for kind, words in name_words("nouns").items() if kind != "state" for word in words.split()}
_CALLED = re.compile(
    rf",\s+(?:an?|the)\s+(?:(?!(?:{ROLE}|of|for|at|in)\b)[\w’'-]+\s+){{0,3}}?({'|'.join(_KIND_OF_NOUN)})\b"
    rf"(?![’']|\s+(?:\w+\s+)?{ROLE})"
)
_ACRONYM = re.compile(r",?\s+\((?:the\s+|or\s+)?([A-Z][A-Za-z-]{1,8})\)")
_SAY = (
    r"(?:said|says|say|told|tells|added|adds|wrote|writes|argued|argues|insisted|insists|replied|declined|recalled|claimed|"
    r"claims|warned|warns|announced|acknowledged|admitted|conceded|stressed|noted|explained|shouted|testified|tweeted|posted|asked|vowed|urged)"
)
_SAYS = re.compile(rf"(?:,[^,.;]{{1,80}},)?\s+(?:also\s+|later\s+|then\s+|had\s+|has\s+|\w+ly\s+)?{_SAY}\b")
_SAID_BY = re.compile(rf"\b(?:{_SAY}|according\s+to|by)\s+(?:the\s+)?$")
_VERB_AFTER = re.compile(
    r"\s+(?:(?:has|have|had|is|are|was|were|been|be|being|will|would|could|may|might|can|should|must|also|not|never|which|who|"
    r"did|does|do|\w+ly)\s+){0,4}([a-z]+)"
)
_VERB_BEFORE = re.compile(r"\b([a-z]+)\s+(?:(?:the|a|an)\s+)?$")
_TOWARD = frozenset(["against", "between", "with", "by"])
_LOCATIVE = re.compile(
    r"\b(?:in|near|at|outside|inside|around|from|to|via|into|through|toward|towards|across|throughout|town\s+of|city\s+of|"
    r"village\s+of|province\s+of|region\s+of|district\s+of|north\s+of|south\s+of|east\s+of|west\s+of|capital,|capital\s+of|"
    r"port\s+of|island\s+of|central|northern|southern|eastern|western)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_STORM = re.compile(
    r"\b(?:storm|hurricane|cyclone|typhoon|ship|tanker|ferry|vessel|frigate|film|novel|song)\s\Z", re.IGNORECASE
)
_SPACE = re.compile(r"\s+")
_BEFORE, _AFTER = 60, 120
_MAX_WORDS = 9


@dataclass(slots=True)
class _Candidate:
    """A name, and what was seen of it."""

    name: str
    titled: bool = False
    role: bool = False
    says: bool = False
    acts: bool = False
    place: bool = False
    article: bool = False
    acronym: str | None = None
    kind: str | None = None
    seen: int = 0
    example: str = ""
    given: str | None = None

    @property
    def words(self) -> list[str]:
        return self.name.split(" ")

    @property
    def head(self) -> str | None:
        """The kind of organisation that a word of the name tells, ``None`` for no such word."""
        words = [word for word in self.words if word in _KIND_OF_HEAD]
        return _KIND_OF_HEAD[words[-1]] if words and len(self.words) > 1 else None

    def actor(self) -> Actor | None:
        """The open actor that the name is, ``None`` where too little says so."""
        words = self.words
        if self.given:
            return Actor(slug(self.name), self.name, self.given)
        if words[-1] in _NEVER_LAST or words[0] in _NEVER_FIRST:
            return None
        if self.kind and not self.titled:
            return Actor(slug(self.name), self.name, self.kind)
        person = Actor(slug(self.name), self.name, "person")
        if self.titled or (self.role and not self.head):
            return person
        if self.acronym or (self.head and (self.article or self.says or self.acts or self.role or self.seen > 1)):
            return Actor(slug(self.name), self.name, self.head or "organisation")
        if self.head or (self.place and not (self.says and len(words) > 1)):
            return None
        if self.name.isupper() and len(self.name) > 1:
            return Actor(slug(self.name), self.name, "organisation") if self.says or self.acts else None
        if self.says:
            return person
        if self.acts and len(words) == 1 and self.seen > 1:
            return Actor(slug(self.name), self.name, "organisation")
        if self.acts and len(words) > 1:
            return person if len(words) < 4 and not self.article else Actor(slug(self.name), self.name, "organisation")
        return None


@dataclass(slots=True)
class _Found:
    """An actor, and the strings by which the text calls it.

    ``principal`` is whom a person of the registry acts for; only the short forms of such a one are found here.
    """

    actor: Actor
    strings: list[str] = field(default_factory=list)
    principal: Actor | None = None

    def mention(self, span: Span, string: str) -> Mention:
        if self.principal:
            return Mention(self.principal, span, "office", self.actor)
        return Mention(self.actor, span, "name" if string == self.actor.name else "alias")


def with_open_actors(
    text: str,
    sentences: Sequence[Span],
    mentions: Sequence[Mention],
    registry: Registry,
    home: Actor | None,
    given: Mapping[str, str],
) -> list[Mention]:
    """Add the mentions of actors that the registry does not know, and say whom persons act for.

    Parameters
    ----------
    text : str
    sentences : sequence of Span
        In the order of the text.
    mentions : sequence of Mention
        Those of the registry's actors, in order. One that is part of an open actor's name gives way to it.
    registry : Registry
        Its muted names are no actors.
    home : Actor or None
        The state for which ministers and prosecutors act where nothing else is said.
    given : mapping of str to str
        Names that are actors whatever stands beside them, and their kinds.

    Returns
    -------
    list of Mention
        In the order of the text, not overlapping.
    """
    candidates = _candidates(text, sentences, mentions, registry)
    for name, kind in given.items():
        if name not in registry.names:
            candidates.setdefault(name, _Candidate(name)).given = kind
    found = _accepted(candidates, mentions)
    if not found:
        return list(mentions)
    merged = _merged(mentions, [*_occurrences(text, found, mentions)])
    opened = {entry.actor for entry in found if entry.principal is None}
    return with_agents(text, sentences, merged, opened, registry, home)


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name of a text that the registry lacks; ``kind`` is set where it behaves like an actor."""

    name: str
    kind: str | None
    mentions: int
    aliases: tuple[str, ...]
    example: str


def unknown_names(
    text: str, sentences: Sequence[Span], mentions: Sequence[Mention], registry: Registry
) -> Iterator[UnknownName]:
    """The names of a text that the registry lacks: open actors, and names that do not behave like actors."""
    candidates = _candidates(text, sentences, mentions, registry)
    joined: set[str] = set()
    for entry in _accepted(candidates, mentions):
        joined.update(entry.strings)
        if entry.principal:
            continue
        seen = [string for string in entry.strings if string in candidates]
        yield UnknownName(
            entry.actor.name,
            entry.actor.kind,
            sum(candidates[string].seen for string in seen),
            tuple(string for string in seen if string != entry.actor.name),
            candidates[entry.strings[0]].example,
        )
    for name, candidate in candidates.items():
        if name not in joined:
            yield UnknownName(name, None, candidate.seen, (), candidate.example)


def _candidates(
    text: str, sentences: Sequence[Span], mentions: Sequence[Mention], registry: Registry
) -> dict[str, _Candidate]:
    verbs = _verbs()
    starts = [mention.span.start for mention in mentions]
    ends = [mention.span.end for mention in mentions]
    raw = []
    inside: set[str] = set()  # words with a capital where none is due
    for sentence in sentences:
        if text[sentence.end - 1] not in ".!?" and is_title_case(text[slice(*sentence)].split()):
            continue
        for match in _NAME.finditer(text, *sentence):
            first = match.start() == sentence.start or text[match.start() - 1] in '“"‘'
            words = _SPACE.split(match.group())
            inside.update(words[1:] if first else words)
            raw.append((match, sentence, first))
    found: dict[str, _Candidate] = {}
    for match, sentence, first in raw:
        for piece in _pieces(text, match.span(), first):
            overlapping = mentions[bisect_left(ends, piece.span.start + 1) : bisect_right(starts, piece.span.end - 1)]
            core = _core(text, piece, overlapping)
            if core is None:
                continue
            name = _SPACE.sub(" ", text[slice(*core.span)]).strip(" .")
            alone_at_start = core.first and not core.titled and " " not in name and name not in inside
            if alone_at_start or not _can_name(name, registry) or _called_storm(text, core.span.start):
                continue
            if overlapping and overlapping[0].actor.kind == "state" and name.split(" ")[-1] in _OFFICIAL:
                continue
            candidate = found.setdefault(name, _Candidate(name))
            _look_around(candidate, text, sentence, core, verbs)
    return found


def _called_storm(text: str, start: int) -> bool:
    """Whether what stands before a name makes it a storm's, a ship's or a work's."""
    return bool(_STORM.search(text, max(0, start - _BEFORE), start))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of capitalised words; ``first`` says that its first word begins a sentence or a quotation."""

    span: Span
    first: bool
    titled: bool = False


def _pieces(text: str, span: tuple[int, int], first: bool) -> Iterator[_Piece]:
    """A run of names is one name where a noun for organisations comes before its "of", and several otherwise."""
    start, end = span
    link = _LINK.search(text, start, end)
    if link and not any(word in _KIND_OF_HEAD for word in text[start : link.start()].split()):
        yield _Piece(Span(start, link.start()), first)
        for match in _NAME.finditer(text, link.end(), end):
            yield from _pieces(text, match.span(), False)
    else:
        yield _Piece(Span(start, end), first)


def _core(text: str, piece: _Piece, overlapping: Sequence[Mention]) -> _Piece | None:
    """The name in a run: without what the registry has found at its front, capitals that are due, and titles."""
    start, end = piece.span
    first = piece.first
    if overlapping:
        covered = overlapping[-1].span.end
        if covered >= end and overlapping[0].span.start <= start:
            return None
        if not any(word in _KIND_OF_HEAD for word in text[covered:end].split()):
            if covered >= end:
                return None
            rest = text[covered:end]
            start = end - len(rest.lstrip(" ’'s,"))
            first = False
    while (space := text.find(" ", start, end)) > 0:
        word = text[start:space]
        if not (word == "The" or word in _NO_NAME or (first and word.lower() in _FUNCTION_WORDS)):
            break
        start = space + 1
        first = False
    titled = _TITLES.match(text, start, end)
    if titled and titled.end() < end:
        return _Piece(Span(titled.end(), end), first, True)
    before = bool(TITLED.search(text, max(0, start - _BEFORE), start))  # "Gen." ends a run of capitalised words
    return _Piece(Span(start, end), first and not before, before) if start < end else None


def _can_name(name: str, registry: Registry) -> bool:
    """Whether a name can be an actor's that the registry does not know."""
    words = name.split(" ")
    last = registry.names.get(words[-1])
    return not (
        len(name) < 2
        or len(words) > _MAX_WORDS
        or words[-1].lower() in _FUNCTION_WORDS
        or any(word in _NO_NAME for word in words)
        or words[-1] in _REGIONAL
        or (len(words) == 1 and any(char.isdigit() for char in name))
        or name in registry.names
        or name.removesuffix("s") in registry.names
        or (last and last.role in ("adjectives", "demonyms"))
        or all(word in _OFFICIAL or word in _GENERIC for word in words)
        or "Ministry" in (words[0], words[-1])
    )


def _look_around(candidate: _Candidate, text: str, sentence: Span, piece: _Piece, verbs: frozenset[str]) -> None:
    start, end = piece.span
    left = text[max(sentence.start, start - _BEFORE) : start]
    right = text[end : min(sentence.end, end + _AFTER)]
    candidate.seen += 1
    candidate.example = candidate.example or text[slice(*sentence)]
    candidate.titled |= piece.titled
    candidate.article |= left.endswith(("the ", "The "))
    if acronym := _ACRONYM.match(right):
        candidate.acronym = acronym.group(1)
        right = right[acronym.end() :]
    if called := _CALLED.match(right):
        candidate.kind = _KIND_OF_NOUN[called[1]]
    if not candidate.head:
        candidate.role |= bool(
            _ROLE_BEFORE.search(left)
            or _LEADER_OF.search(left)
            or (len(candidate.words) > 1 and (_ROLE_AFTER.match(right) or _APPOSITION.match(right)))
        )
    candidate.says |= bool(_SAYS.match(right) or (_SAID_BY.search(left) and not left.endswith("by ")))
    if not candidate.acts:
        after, before = _VERB_AFTER.match(right), _VERB_BEFORE.search(left)
        words = [m.group(1) for m in (after, before) if m]
        candidate.acts = bool(before and before.group(1) in _TOWARD) or not verbs.isdisjoint(
            load_lexicon().lemmas(words)
        )
    candidate.place |= bool(_LOCATIVE.search(left)) and not _SAID_BY.search(left)
    if candidate.head:
        candidate.acts |= bool(_THEN_ROLE.match(right))


@lru_cache(maxsize=1)
def _verbs() -> frozenset[str]:
    """Lemmas of the verbs of doing that the lexicon knows."""
    return load_lexicon().verbs


def _accepted(candidates: Mapping[str, _Candidate], known: Sequence[Mention]) -> list[_Found]:
    """The open actors among the candidates, and the persons already known, each with its short forms."""
    actors = {name: actor for name, candidate in candidates.items() if (actor := candidate.actor())}
    full = {
        name: _Found(actor, [name])
        for name, actor in actors.items()
        if " " in name and not any(longer.endswith(f" {name}") for longer in actors)
    }
    persons = {(m.agent, m.actor): _Found(m.agent, [], m.actor) for m in known if m.agent}
    owners: dict[str, list[_Found]] = {}  # of words that may stand for a whole name where the text has them alone
    for entry in (*full.values(), *persons.values()):
        for word in entry.actor.name.split(" "):
            owners.setdefault(word, []).append(entry)
    for name in actors:
        if " " in name and name not in full:
            owner = next(entry for longer, entry in full.items() if longer.endswith(f" {name}"))
            owner.strings.append(name)
    taken = {string: entry for entry in full.values() for string in entry.strings}
    for name, entry in full.items():
        for string in _short_forms(name, entry.actor.kind, candidates[name].acronym):
            if string not in taken:
                taken[string] = entry
                entry.strings.append(string)
    for name in candidates:
        if " " not in name and name not in taken and len(owners.get(name, ())) == 1:
            owners[name][0].strings.append(name)
            taken[name] = owners[name][0]
    alone = [_Found(actor, [name]) for name, actor in actors.items() if name not in taken]
    return [*full.values(), *alone, *(entry for entry in persons.values() if entry.strings)]


def _short_forms(name: str, kind: str, acronym: str | None) -> Iterator[str]:
    """How a name is shortened: a person's last name; a body's initials, and its word beside a noun for bodies."""
    words = name.split(" ")
    if acronym:
        yield acronym
    if kind == "person":
        last = words[-1]
        yield last
        if last[:3].lower() in ("al-", "el-"):
            yield last[3:]
            yield last[0].upper() + last[1:]
        if len(words) > 2:
            yield " ".join(words[-2:])
        return
    capitals = [word for word in words if word[0].isupper()]
    if len(capitals) > 2:
        yield "".join(word[0] for word in capitals)
    for head in (words[-1], words[0]):
        rest = [word for word in words if word != head]
        if head in _KIND_OF_HEAD and len(rest) == len(words) - 1 and len(rest) == 1 and len(rest[0]) > 4:
            yield rest[0]


def _occurrences(text: str, found: Sequence[_Found], known: Sequence[Mention]) -> Iterator[Mention]:
    by_string = {string: entry for entry in found for string in entry.strings}
    ends = [mention.span.end for mention in known]
    pattern = "|".join(re.escape(string).replace(r"\ ", r"\s+") for string in sorted(by_string, key=len, reverse=True))
    for match in re.finditer(rf"(?<![\w-])(?:{pattern})(?![\w-]*\w)", text):
        start, end = match.span()
        string = _SPACE.sub(" ", match.group())
        entry = by_string[string]
        titled = TITLED.search(text, max(0, start - _BEFORE), start) if entry.actor.kind == "person" else None
        last = bisect_right(ends, start) - 1
        if titled and not (last >= 0 and ends[last] > titled.start()):  # not "Turkish Ambassador" Cem Aydin
            start = titled.start()
        yield entry.mention(Span(start, end), string)


def _merged(known: Sequence[Mention], opened: Sequence[Mention]) -> list[Mention]:
    """Both kinds in order; of two that overlap the longer wins, and an open actor where both are alike."""
    full = {m.actor for m in opened if m.via == "name"}
    merged: list[Mention] = []
    for mention in sorted((*known, *opened), key=lambda m: (m.span.start, -m.span.end)):
        while merged and merged[-1].span.end > mention.span.start:
            last = merged[-1]
            if _rank(mention, full) <= _rank(last, full):
                break
            merged.pop()
        else:
            merged.append(mention)
    return merged


def _rank(mention: Mention, opened: set[Actor]) -> tuple[int, bool]:
    return (mention.span.end - mention.span.start, mention.actor in opened)
