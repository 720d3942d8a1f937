"""The registry: the actors that are known by name, the persons who act for them and when, and their names.

The registry is ``actors.json`` in this package. Each record of ``actors`` has

=============  ==================================================================================
``id``         ISO 3166 alpha-3 code of a state, a slug otherwise
``name``       the name to print, matched as it stands
``kind``       one of ``stance.records.KINDS``
``aliases``    other names and acronyms
``adjectives`` "Russian": a mention only before a noun for people who act ("Russian forces")
``demonyms``   "Russians"
``seats``      capital, palaces, ministries that stand for the actor ("the Kremlin said")
``leaders``    persons who act for the actor, whenever the text was written
``code``       CAMEO/PLOVER actor code, where one is known
=============  ==================================================================================

All but the first three may be left out. Each record of ``persons`` has ``name``, ``aliases`` and ``offices``: rows of
the actor's id, what the office is, and from when to when it was held (``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``;
``null`` for an end that is not known), the best-known office first. ``muted`` lists longer names that hold an
actor's name and are no mention of it ("Latin America", "Washington Post"). ``ambiguous`` holds, for names that mean
now this and now that ("Congo", "Georgia"), the readings: an actor's id, or ``null`` for no actor, and the cues that
speak for it; the reading with most cues in the text is taken, the first one where cues are equal.

Strings are matched by case, so "Turkey" is an actor and "turkey" is not; names of four letters or more also match in
capitals, as headlines print them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import ahocorasick

from stance.collecting import uncollected
from stance.errors import ActorError
from stance.records import Actor, Span

_ISO = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?(?![\d-])")
_DATE_FORMS = (
    "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%b. %d, %Y", "%B %d %Y", "%A, %d %B %Y", "%A, %B %d, %Y",
)  # fmt: skip

LISTS = ("aliases", "adjectives", "demonyms", "seats", "leaders")
"""The fields of a record that hold names."""

_MOJIBAKE_QUOTE = "â€"  # how a curly apostrophe begins that was decoded wrongly
RULERS = ("head of state", "head of government")
"""Titles of offices that rule a state."""

_NO_SLUG = re.compile(r"[^a-z0-9]+")
_SHORTEST_SHOUTED = 4  # letters of a name that is also looked for in capitals


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

    def strings(self) -> Iterator[tuple[str, str]]:
        """Every name, with the field in which it stands; the name itself counts as an alias of role ``name``."""
        yield self.name, "name"
        for role in LISTS:
            for string in getattr(self, role):
                yield string, role


FIELDS = frozenset(field.name for field in fields(ActorRecord))


class Office(NamedTuple):
    """What a person is, for whom, from when to when; dates are as exact as they are known."""

    of: str
    title: str
    start: str | None
    end: str | None

    def covers(self, date: str) -> bool:
        """Whether the office is held on a date; two dates are compared as far as both are known."""
        return (self.start is None or date[: len(self.start)] >= self.start[: len(date)]) and (
            self.end is None or date[: len(self.end)] <= self.end[: len(date)]
        )


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A person, and the offices that he or she holds, the best-known first.

    ``preferred`` ones, such as a user's own, are meant before all others of the same name.
    """

    name: str
    aliases: tuple[str, ...] = ()
    offices: tuple[Office, ...] = ()
    preferred: bool = False

    @property
    def actor(self) -> Actor:
        return Actor(slug(self.name), self.name, "person")

    def office(self, date: str | None) -> Office | None:
        """The office on a date, or the best-known one where there is no date; ``None`` when out of office."""
        if date is None:
            return self.offices[0] if self.offices else None
        return next((office for office in self.offices if office.covers(date)), None)


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that an ambiguous name can mean, and the strings that speak for it; no actor for a mere place."""

    actor: Actor | None
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """One string of the registry, and all that it can stand for.

    ``actor`` and ``role`` say whose it is, and in which field it is listed; a muted string has neither. ``persons``
    are those who bear it. Where there are ``readings``, one of them is to be chosen.
    """

    string: str
    actor: Actor | None = None
    role: str = "muted"
    persons: tuple[PersonRecord, ...] = ()
    readings: tuple[Reading, ...] = ()

    def read_in(self, text: str) -> Name:
        """The name with the meaning that it has in a text."""
        if not self.readings:
            return self
        best = max(self.readings, key=lambda reading: sum(cue in text for cue in reading.cues))
        return replace(self, actor=best.actor, role=self.role if best.actor else "place", readings=())


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a string stands for: for whom it counts, through which person, and in which field it is listed."""

    string: str
    actor: Actor | None
    agent: Actor | None
    role: str
    record: ActorRecord | None
    person: PersonRecord | None
    readings: tuple[Reading, ...] = ()


class Registry:
    """Actors and persons, and a matcher over all their names.

    Parameters
    ----------
    records : iterable of ActorRecord
        Later records override earlier ones of the same id, and take over strings that both claim.
    muted : iterable of str
        Names that are no mentions, though they hold one.
    persons : iterable of PersonRecord
        Several may bear one name. A name that an actor claims is the actor's.
    ambiguous : mapping of str to sequence of (actor's id or None, cues), optional
        The readings of names that mean now this and now that.
    """

    def __init__(
        self,
        records: Iterable[ActorRecord],
        muted: Iterable[str] = (),
        persons: Iterable[PersonRecord] = (),
        ambiguous: Mapping[str, Sequence[tuple[str | None, Sequence[str]]]] | None = None,
    ) -> None:
        self.records = {record.id: record for record in records}
        self.muted = tuple(muted)
        self.persons = tuple(persons)
        self.ambiguous = ambiguous or {}
        self.names: dict[str, Name] = {}
        for person in self.persons:
            for string in dict.fromkeys((person.name, *person.aliases)):
                self._add_person(string, person)
        for record in self.records.values():
            for string, role in record.strings():
                self._add(Name(string, record.actor, role))
        for string, readings in self.ambiguous.items():
            known = [
                Reading(self.records[actor].actor if actor else None, tuple(cues))
                for actor, cues in readings
                if actor is None or actor in self.records
            ]
            first = next((reading.actor for reading in known if reading.actor), None)
            role = self.names[string].role if string in self.names else "aliases"
            self._add(Name(string, first, role if first else "place", readings=tuple(known) if first else ()))
        for string in self.muted:
            self.names[string] = Name(string)

    def _add(self, name: Name) -> None:
        self.names[name.string] = name
        if len(name.string) >= _SHORTEST_SHOUTED:
            shouted = name.string.upper()
            self.names[shouted] = replace(name, string=shouted)

    def _add_person(self, string: str, person: PersonRecord) -> None:
        known = self.names.get(string)
        self._add(Name(string, None, "person", (*(known.persons if known else ()), person)))

    def extended(
        self,
        records: Iterable[ActorRecord],
        *,
        muted: Iterable[str] = (),
        persons: Iterable[PersonRecord] = (),
        without: Iterable[str] = (),
    ) -> Registry:
        """A registry with further actors, persons and muted names, and without some actors.

        New records win over those already there, and so do new persons.
        """
        new = {record.id: record for record in records}
        gone = {*new, *without}
        persons = tuple(replace(person, preferred=True) for person in persons)
        theirs = {string for person in persons for string in (person.name, *person.aliases)}
        kept = [
            replace(record, leaders=tuple(string for string in record.leaders if string not in theirs))
            for record in self.records.values()
            if record.id not in gone
        ]
        claimed = {string for record in new.values() for string, _ in record.strings()}
        ambiguous = {string: readings for string, readings in self.ambiguous.items() if string not in claimed}
        return Registry([*kept, *new.values()], (*self.muted, *muted), (*persons, *self.persons), ambiguous)

    @cached_property
    def _automaton(self) -> ahocorasick.Automaton:
        automaton = ahocorasick.Automaton()
        for string, name in self.names.items():
            automaton.add_word(string, name)
        automaton.make_automaton()
        return automaton

    def matches(self, text: str) -> list[tuple[Span, Name]]:
        """Every name that a text has as a whole word, in order, the longest first where several begin together."""
        if not text or not self.names:  # the automaton refuses to search for nothing
            return []
        found = []
        for last, name in self._automaton.iter(text):
            end = last + 1
            start = end - len(name.string)
            if not _joins(text, start - 1) and not _joins(text, end):
                found.append((Span(start, end), name))
        # an article that belongs to a name does not put it before a longer name: "the North", but "the North Korean"
        found.sort(key=lambda match: (match[0].start + 4 * match[1].string.startswith("the "), -match[0].end))
        return found

    def resolve(self, name: str, date: str | None = None) -> Actor:
        """The actor that a name stands for: an id, a name, an alias, a seat or a person who acts for it.

        Parameters
        ----------
        name : str
        date : str, optional
            ISO date on which a person's office counts.

        Raises
        ------
        ActorError
            There is none.
        """
        if name in self.records:
            return self.records[name].actor
        wanted = name.casefold()
        for record in self.records.values():
            if wanted in (record.id.casefold(), record.name.casefold()):
                return record.actor
        known = self.names.get(name)
        if known and known.actor:
            return known.actor
        if known and known.persons:
            return self.acting(known.persons, date)[0]
        raise ActorError(f"no actor is called {name!r}; add it with an actors file")

    def meaning(self, string: str, date: str | None = None) -> Meaning:
        """What a string stands for in a text, on a date or without one.

        Raises
        ------
        ActorError
            It stands for nothing that the registry knows.
        """
        known = self.names.get(string)
        if known is None or (known.actor is None and not known.persons and known.role != "muted"):
            actor = self.resolve(string, date)
            return Meaning(string, actor, None, "name", self.records.get(actor.id), None)
        if known.role == "muted":
            return Meaning(string, None, None, "muted", None, None)
        if known.persons:
            principal, agent = self.acting(known.persons, date)
            person = next(p for p in known.persons if p.actor == (agent or principal))
            return Meaning(string, principal, agent, "person", self.records.get(principal.id), person)
        assert known.actor is not None
        return Meaning(string, known.actor, None, known.role, self.records[known.actor.id], None, known.readings)

    def acting(self, persons: Sequence[PersonRecord], date: str | None) -> tuple[Actor, Actor | None]:
        """Who is meant by a name that several persons may bear: for whom the mention counts, and the agent, if any.

        Of those who are in office, a preferred one, else the one of the highest office, without a date the last of
        these; where none is in office, the first of all, who then stands for him- or herself.
        """
        held = [(office, person) for person in persons if (office := person.office(date)) and office.of in self.records]
        if not held:
            return max(persons, key=lambda person: person.preferred).actor, None
        office, person = max(
            held, key=lambda item: (item[1].preferred, -_rank(item[0]), "" if date else item[0].start or "")
        )
        return self.records[office.of].actor, person.actor


def _rank(office: Office) -> int:
    """Who rules first, then ministers, then all others."""
    return 0 if office.title in RULERS else 1 if office.title.endswith("minister") else 2


def _joins(text: str, index: int) -> bool:
    """Whether the character next to a name makes it part of a longer word."""
    if not 0 <= index < len(text) or text.startswith(_MOJIBAKE_QUOTE, index):
        return False
    return text[index].isalnum() or text[index] in "_@#$"


def slug(name: str) -> str:
    """A name as an id: lower-case ASCII letters and digits, with hyphens between the words."""
    plain = (
        unicodedata.normalize("NFKD", name.casefold().replace("'", "").replace("’", ""))
        .encode("ascii", "ignore")
        .decode()
    )
    return _NO_SLUG.sub("-", plain).strip("-") or "actor"


def iso_date(date: str | None) -> str | None:
    """A date as newspapers, feeds and web pages write it, in ISO form, as exact as it is; ``None`` if it is no date."""
    if date is None:
        return None
    text = date.strip()
    if iso := _ISO.match(text):
        parts = iso.group().split("-")
        if len(parts) > 1 and not 1 <= int(parts[1]) <= 12:
            return None
        return iso.group() if len(parts) < 3 or 1 <= int(parts[2]) <= 31 else None
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (TypeError, ValueError):
        return None


@lru_cache(maxsize=1)
@uncollected()
def load_registry() -> Registry:
    """The registry that comes with the package."""
    data = json.loads(files("stance").joinpath("actors.json").read_text(encoding="utf-8"))
    return Registry(
        (_record(actor) for actor in data["actors"]),
        data["muted"],
        (
            PersonRecord(p["name"], tuple(p.get("aliases", ())), tuple(Office(*row) for row in p["offices"]))
            for p in data.get("persons", ())
        ),
        data.get("ambiguous"),
    )


def _record(values: Mapping[str, Any]) -> ActorRecord:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    return ActorRecord(**fields)
