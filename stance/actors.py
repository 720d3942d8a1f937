"""The registry of actors, and finding their mentions in a text.

The registry is ``actors.json`` in this package. Each record has

=============  ==================================================================================
``id``         ISO 3166 alpha-3 code of a state, a slug otherwise
``name``       the name to print, matched as it stands
``kind``       one of ``KINDS``
``aliases``    other names and acronyms
``adjectives`` "Russian": a mention only before a noun for people who act ("Russian forces")
``demonyms``   "Russians"
``seats``      capital, palaces, ministries that stand for the actor ("the Kremlin said")
``leaders``    persons who act for the actor ("Putin")
``code``       CAMEO/PLOVER actor code, where one is known
=============  ==================================================================================

All but the first three may be left out. Beside the actors, ``muted`` lists longer names that hold an
actor's name and are no mention of it ("Latin America", "Washington Post"). Strings are matched by case, so
"Turkey" is an actor and "turkey" is not; names of four letters or more also match in capitals, as headlines
print them. A user's own actors come in the same fields, as TOML (``[[actor]]``) or JSON (``{"actors": [...]}``).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any

import ahocorasick

from stance.errors import ActorError
from stance.headlines import is_title_case
from stance.records import Actor, Mention, Span

KINDS = ("state", "organisation", "armed_group", "party", "company", "person")
"""What an actor can be."""

# People and bodies that make an adjective an actor: "Russian forces" acts, "a Russian rifle" does not.
_HEADS = (
    "administration|admirals?|agenc(?:y|ies)|agents?|aides?|aircraft|ambassadors?|arm(?:y|ies)|artillery|"
    "authorit(?:y|ies)|battalions?|brigades?|cabinet|chancellor|chief|clerics?|commanders?|commandos|"
    "commission(?:er|ers)?|congress|consulate|convoys?|council|courts?|delegat(?:es?|ions?)|diplomats?|drones?|"
    "embass(?:y|ies)|emir|emperor|envoys?|executives?|fighters?|firms?|fleet|forces?|generals?|"
    "governments?|governors?|guards?|guerrillas?|gunmen|gunships?|helicopters?|intelligence|insurgents?|"
    "investigators?|jets?|judges?|junta|king|lawmakers?|leaders?|leadership|legislature|legislators?|marines?|"
    "media|militants?|military|militias?|militiamen|ministers?|ministr(?:y|ies)|monarch|nationals?|"
    "nationalists?|navy|negotiators?|officers?|officials?|paramilitar(?:y|ies)|parliament|parliamentarians?|"
    "patrols?|peacekeepers?|people|pilots?|planes?|police|policemen|premier|presidency|president|"
    "prime\\s+minister|prince|prosecutors?|queen|rebels?|regime|representatives?|rulers?|secretary|security|senate|"
    "senators?|separatists?|sheikh|side|sniper|snipers|soldiers?|spies|spokes(?:man|woman|men|person|people)|"
    "state\\s+media|sultan|tanks?|team|tribesmen|troops?|units?|vessels?|villagers|voters|warplanes?|warships?"
)
_MODIFIER = (
    r"(?!(?:of|in|on|at|by|to|for|and|or|with|from|as|is|are|was|were|has|have|had|who|that|which|said|the|a|an)\b)"
)
_HEADED = re.compile(
    rf"\s+(?:{_MODIFIER}[^\W\d_][\w.’'-]*\s+){{0,3}}?(?:{_HEADS})\b(?:\s+(?:{_HEADS})\b)*", re.IGNORECASE
)
_SHARED_HEAD = re.compile(rf"(?:(?:,|,?\s+and)\s+(?-i:[A-Z])[\w.’'-]*){{1,3}}{_HEADED.pattern}", re.IGNORECASE)
_LOCATIVE = re.compile(
    r"(?<!confidence )(?<!trust )(?<!faith )\b(?:in|inside|within|throughout|across|near|outside|around|at|"
    r"central|downtown|northern|southern|eastern|western)\s+(?:the\s+|neighbou?ring\s+)?$",
    re.IGNORECASE,
)
_WAY_THERE = re.compile(
    r"(?:\bfrom|\bfrom\s+\w+\s+to|\bto\s+visit|"
    r"\b(?:fl[ey]w?|fl(?:ies|ying)|flights?|travell?(?:ed|s|ing)?|trips?|visits?|go|goes|went|going|"
    r"return(?:ed|s|ing)?|arriv(?:ed|es|ing)|came|drove|sailed|road|moved|fled|way)\s+(?:back\s+)?to|"
    r"\b(?:city|streets|suburbs|outskirts|south|north|east|west|capital)\s+of|\bcapital,?)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_ON_PLATFORM = re.compile(r"\b(?:on|via|over|through)\s+$")  # "wrote on Facebook"
_ALSO = re.compile(r"(?:,?\s+and|,?\s+or)\s+(?:in\s+)?(?:the\s+)?")
_COMMA = re.compile(r",\s+(?:the\s+)?")
_LIST_GOES_ON = re.compile(r"(?:,|,?\s+and|,?\s+or)\s+(?:the\s+)?[A-Z]")
_POSSESSIVES = ("'s", "’s")
_NAME_GOES_ON = re.compile(r"\s[A-Z][a-z]")
_PLACE_GOES_ON = re.compile(
    r"\s(?:airport|region|province|suburbs?|metro|area|time|university|hospital|stadium|bureau|neighbou?rhoods?)\b"
)
_WORD = re.compile(r"[^\W\d_]+")
_MOJIBAKE_QUOTE = "â€"  # how a curly apostrophe begins that was decoded wrongly
_WINDOW = 40


@dataclass(frozen=True, slots=True)
class ActorRecord:
    """What the registry knows of one actor; the fields are described in the module's docstring."""

    id: str
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()
    leaders: tuple[str, ...] = ()
    code: str | None = None

    @property
    def actor(self) -> Actor:
        return Actor(self.id, self.name, self.kind)


_FIELDS = {field.name for field in fields(ActorRecord)}
_LISTS = ("aliases", "adjectives", "demonyms", "seats", "leaders")


@dataclass(frozen=True, slots=True)
class _Name:
    """One string of the automaton: whose it is, and in which role it was listed."""

    string: str
    actor: Actor | None
    role: str


class Registry:
    """Actors, and a matcher over all their names.

    Parameters
    ----------
    records : iterable of ActorRecord
        Later records override earlier ones of the same id, and take over strings that both claim.
    muted : iterable of str
        Names that are no mentions, though they hold one.
    """

    def __init__(self, records: Iterable[ActorRecord], muted: Iterable[str] = ()) -> None:
        self.records = {record.id: record for record in records}
        self.muted = tuple(muted)
        self._names: dict[str, _Name] = {}
        self._automaton = ahocorasick.Automaton()
        for string in self.muted:
            self._names[string] = _Name(string, None, "muted")
        for record in self.records.values():
            self._add(record)
        for string, name in self._names.items():
            self._automaton.add_word(string, name)
        self._automaton.make_automaton()

    def _add(self, record: ActorRecord) -> None:
        for role, strings in (
            ("aliases", (record.name, *record.aliases)),
            *((r, getattr(record, r)) for r in _LISTS[1:]),
        ):
            for string in strings:
                self._names[string] = _Name(string, record.actor, role)
                if len(string) > 3:
                    self._names[string.upper()] = _Name(string.upper(), record.actor, role)

    def extended(self, records: Iterable[ActorRecord]) -> Registry:
        """A registry with further records, which win over those already there."""
        new = {record.id: record for record in records}
        kept = [record for record in self.records.values() if record.id not in new]
        return Registry([*kept, *new.values()], self.muted)

    def resolve(self, name: str) -> Actor:
        """The actor with this id, name, alias, seat or leader; ``ActorError`` when there is none."""
        if name in self.records:
            return self.records[name].actor
        wanted = name.casefold()
        for record in self.records.values():
            if wanted in (record.id.casefold(), record.name.casefold()):
                return record.actor
        found = self._names.get(name)
        if found and found.actor:
            return found.actor
        raise ActorError(f"no actor is called {name!r}; add it with an actors file")

    def find(self, text: str) -> tuple[Mention, ...]:
        """Find the mentions of all actors in a text.

        One pass; of overlapping names the longest wins. Left out are places ("in Kabul"), adjectives
        without an actor's noun, first parts of hyphenated words and of longer names.

        Returns
        -------
        tuple of Mention
            In the order of the text, not overlapping. Empty for an empty text.
        """
        if not text or not self._names:  # the automaton refuses to search for nothing
            return ()
        found = []
        free = 0
        place_end = -1
        for span, name in self._longest(text):
            if span.start < free:
                continue
            free = span.end
            if name.actor is None:
                continue
            if _is_place(text, span, name, place_end):
                place_end = span.end
                continue
            if name.role == "adjectives":
                if headed := _HEADED.match(text, span.end):
                    free = headed.end()
                elif not _SHARED_HEAD.match(text, span.end):
                    continue
            found.append(Mention(name.actor, Span(span.start, free)))
        return tuple(found)

    def _longest(self, text: str) -> list[tuple[Span, _Name]]:
        """Whole-word matches, in order, the longest first where several begin together."""
        matches = []
        for last, name in self._automaton.iter(text):
            end = last + 1
            start = end - len(name.string)
            if not _joins(text, start - 1) and not _joins(text, end):
                matches.append((Span(start, end), name))
        matches.sort(key=lambda match: (match[0].start, -match[0].end))
        return matches


def _joins(text: str, index: int) -> bool:
    """Whether the character next to a name makes it part of a longer word."""
    if not 0 <= index < len(text) or text.startswith(_MOJIBAKE_QUOTE, index):
        return False
    return text[index].isalnum() or text[index] in "_@#"


def _is_place(text: str, span: Span, name: _Name, place_end: int) -> bool:
    """Whether a name is a place, a medium, an adjective or part of another name where it stands."""
    start, end = span
    role = name.role
    following = text[end : end + 2]
    if len(following) == 2 and following[0] in "-‑" and following[1].islower():
        return True  # "Iran-backed", "U.S.-led"
    if role not in ("aliases", "seats"):
        return False
    before = text[max(0, start - _WINDOW) : start]
    if not text.startswith(_POSSESSIVES, end) and _LOCATIVE.search(before):
        return True
    if place_end >= 0 and (
        _ALSO.fullmatch(text, place_end, start)
        or (_COMMA.fullmatch(text, place_end, start) and _LIST_GOES_ON.match(text, end))
    ):
        return True
    if name.actor and name.actor.kind == "company" and _ON_PLATFORM.search(before):
        return True
    if role == "seats" and (_WAY_THERE.search(before) or _PLACE_GOES_ON.match(text, end)):
        return True
    return bool(
        role == "seats"
        and _NAME_GOES_ON.match(text, end)
        and not _HEADED.match(text, end)
        and not is_title_case(_WORD.findall(text, max(0, start - _WINDOW), end + _WINDOW))
    )


def load_registry() -> Registry:
    """The registry that comes with the package."""
    data = json.loads(files("stance").joinpath("actors.json").read_text(encoding="utf-8"))
    return Registry((_record(item) for item in data["actors"]), data["muted"])


def read_actors(path: str | Path) -> list[ActorRecord]:
    """Read a user's actors from a TOML or JSON file.

    Raises
    ------
    ActorError
        The file cannot be read, or a record is not of the documented form.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise ActorError(f"{path}: cannot be read as {'JSON' if path.suffix == '.json' else 'TOML'}: {error}") from None
    items = data.get("actors") or data.get("actor") if isinstance(data, Mapping) else None
    if not isinstance(items, Sequence) or not items:
        raise ActorError(f"{path}: holds no actors; expected [[actor]] tables with id, name and kind")
    records = []
    for number, item in enumerate(items, 1):
        try:
            records.append(_record(item))
        except ActorError as error:
            raise ActorError(f"{path}: actor {number}: {error}") from None
    return records


def _record(item: Any) -> ActorRecord:
    if not isinstance(item, Mapping):
        raise ActorError("expected a table with id, name and kind")
    if unknown := item.keys() - _FIELDS:
        raise ActorError(f"unknown field {', '.join(sorted(unknown))}; expected {', '.join(sorted(_FIELDS))}")
    for key in ("id", "name", "kind"):
        if not isinstance(item.get(key), str) or not item[key]:
            raise ActorError(f"{key} is missing or no text")
    if item["kind"] not in KINDS:
        raise ActorError(f"kind {item['kind']!r} is none of {', '.join(KINDS)}")
    values = dict(item)
    for key in _LISTS:
        strings = values.get(key, ())
        if not isinstance(strings, list | tuple) or not all(isinstance(s, str) and s for s in strings):
            raise ActorError(f"{key} is no list of texts")
        values[key] = tuple(strings)
    return ActorRecord(**values)
