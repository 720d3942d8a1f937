"""A user's own actors: files that add to the registry, override it, merge and mute its actors.

Three forms are read:

- **TOML** (and JSON with the same keys, ``actors`` for ``actor``): ``[[actor]]`` tables with the fields of
  ``stance.registry.ActorRecord``. With ``name`` and ``kind`` an actor is new, or overrides the one of its id; with the
  id alone, its lists are added to the actor that the registry has. ``merge = ["id", ...]`` takes over all names of
  these actors, which then are this one; ``mute = true`` takes the actor out. ``[[person]]`` tables have ``name``,
  ``aliases`` and ``offices`` (tables with ``of``, ``title``, ``from``, ``to``). ``muted = ["..."]`` lists names that
  are no mention of an actor.
- **CSV** with a header line of these field names; the items of a list stand apart with ``|``.
- **PETRARCH** dictionaries of actors (``NAME_ [CODE 19900101-19991231]``, synonyms with ``+``). Codes of a state's
  government, military, parliament, courts, police or spies make a name act for the state, with its dates; a bare state
  code makes it an alias; other codes make an actor of their own.
"""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stance.errors import ActorError, Problem
from stance.records import KINDS
from stance.registry import FIELDS, LISTS, ActorRecord, Office, PersonRecord, Registry, slug

_SWITCHES = {"merge", "mute"}
_PERSON_FIELDS = {"name", "aliases", "offices"}
_OFFICE_FIELDS = {"of", "title", "from", "to"}
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_LIST_ENDS = "|"
_PETRARCH_CODE = re.compile(r"\[([A-Z0-9~]+)?\s*([<>]?)\s*(\d{6,8})?\s*(?:-\s*(\d{6,8}))?\s*\]")
_STATE_ROLES = {"GOV", "MIL", "LEG", "JUD", "COP", "SPY", "ELI"}
_KIND_OF_CODE = {
    "REB": "armed_group", "INS": "armed_group", "SEP": "armed_group", "UAF": "armed_group",
    "OPP": "party", "PTY": "party", "MNC": "company", "BUS": "company",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ActorFile:
    """What a file says; ``lines`` holds where each actor's id was read."""

    records: tuple[ActorRecord, ...] = ()
    additions: tuple[ActorRecord, ...] = ()
    persons: tuple[PersonRecord, ...] = ()
    muted: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    merges: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Item:
    """A record as it stands in the file."""

    line: int
    values: Any


def read_actors(path: str | Path) -> ActorFile:
    """Read a user's actors.

    Raises
    ------
    ActorError
        The file cannot be read, or something in it is not of the documented form: all of it is listed, by line.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        form = _form(path, text)
        if form == "PETRARCH":
            return _petrarch(path, text)
        items, persons, muted = _csv_items(text) if form == "CSV" else _toml_items(text, form)
    except (OSError, ValueError, RecursionError, csv.Error) as error:
        raise ActorError(f"{path}: cannot be read as {path.suffix[1:].upper() or 'TOML'}: {error}") from None
    if not items and not persons and not muted:
        raise ActorError(f"{path}: holds no actors; expected [[actor]] tables with id, name and kind")
    return _checked(path, items, persons, muted)


def extended(registry: Registry, file: ActorFile) -> Registry:
    """The registry with a user's actors.

    Raises
    ------
    ActorError
        The file adds to, merges or mutes an actor that nobody knows.
    """
    known = {**registry.records, **{record.id: record for record in file.records}}
    wanted = [record.id for record in file.additions] + [*file.removed, *file.merges]
    wanted += [identifier for ids in file.merges.values() for identifier in ids]
    wanted += [office.of for person in file.persons for office in person.offices]
    if unknown := [identifier for identifier in wanted if identifier not in known]:
        raise ActorError(f"no actor has the id {', '.join(map(repr, unknown))}; name and kind are needed for a new one")
    records = {record.id: record for record in file.records}
    for record in file.additions:
        records[record.id] = _joined(known[record.id], record)
    for target, sources in file.merges.items():
        for source in sources:
            records[target] = _joined(records.get(target, known.get(target, known[source])), known[source])
    gone = {*file.removed, *(i for ids in file.merges.values() for i in ids)} - {*records}
    return registry.extended(records.values(), muted=file.muted, persons=file.persons, without=gone)


def _joined(one: ActorRecord, other: ActorRecord) -> ActorRecord:
    """The first record with the names of the second."""
    lists: dict[str, Any] = {key: tuple(dict.fromkeys((*getattr(one, key), *getattr(other, key)))) for key in LISTS}
    if other.name and other.name != one.name:
        lists["aliases"] = tuple(dict.fromkeys((*lists["aliases"], other.name)))
    return replace(one, **lists)


def _form(path: Path, text: str) -> str:
    suffix = path.suffix.lower()
    if suffix in (".json", ".csv", ".toml"):
        return suffix[1:].upper()
    return "PETRARCH" if _PETRARCH_CODE.search(text) and "[[" not in text else "TOML"


def _toml_items(text: str, form: str) -> tuple[list[_Item], list[_Item], Any]:
    data = json.loads(text) if form == "JSON" else tomllib.loads(text)
    if not isinstance(data, Mapping):
        return [], [], ()
    heads: dict[str, list[int]] = {"actor": [], "person": []}
    for number, line in enumerate(text.splitlines(), 1):
        if match := re.match(r"\s*\[\[(actor|person)\]\]", line):
            heads[match[1]].append(number)

    def items(key: str, plural: str) -> list[_Item]:
        values = data.get(plural) or data.get(key)
        if not isinstance(values, Sequence) or isinstance(values, str):
            return []
        lines = heads[key]
        return [_Item(lines[n] if n < len(lines) else n + 1, value) for n, value in enumerate(values)]

    return items("actor", "actors"), items("person", "persons"), data.get("muted", ())


def _csv_items(text: str) -> tuple[list[_Item], list[_Item], Any]:
    reader = csv.DictReader(text.splitlines())
    items = []
    for row in reader:
        values: dict[str, Any] = {key: value.strip() for key, value in row.items() if key and value and value.strip()}
        if None in row:
            values["more cells than columns"] = row[None]  # type: ignore[call-overload]
        for key in (*LISTS, "merge"):
            if key in values:
                values[key] = [part.strip() for part in values[key].split(_LIST_ENDS) if part.strip()]
        if "mute" in values:
            values["mute"] = values["mute"].lower() in ("1", "true", "yes")
        items.append(_Item(reader.line_num, values))
    return items, [], ()


def _checked(path: Path, items: Sequence[_Item], persons: Sequence[_Item], muted: Any) -> ActorFile:
    problems: list[Problem] = []
    records: list[ActorRecord] = []
    additions: list[ActorRecord] = []
    removed: list[str] = []
    merges: dict[str, tuple[str, ...]] = {}
    lines: dict[str, int] = {}
    for item in items:
        found = [*_record_problems(item.values)]
        identifier: str = item.values.get("id", "") if isinstance(item.values, Mapping) else ""
        if not found and identifier in lines:
            found = [f"id {identifier!r} is that of line {lines[identifier]}"]
        if found:
            problems += [Problem(str(path), item.line, message) for message in found]
            continue
        lines[identifier] = item.line
        values: dict[str, Any] = {
            k: tuple(v) if k in LISTS else v for k, v in item.values.items() if k not in _SWITCHES
        }
        if item.values.get("mute"):
            removed.append(identifier)
            continue
        if "merge" in item.values:
            merges[identifier] = tuple(item.values["merge"])
        if "name" in values:
            records.append(ActorRecord(**values))
        elif any(values.get(key) for key in LISTS):
            additions.append(ActorRecord(**{"name": "", "kind": "", **values}))
    people = []
    for item in persons:
        if found := [*_person_problems(item.values)]:
            problems += [Problem(str(path), item.line, message) for message in found]
        else:
            people.append(_person(item.values))
    if not isinstance(muted, list | tuple) or not all(isinstance(string, str) and string for string in muted):
        problems.append(Problem(str(path), 1, "muted is no list of texts"))
    if problems:
        raise ActorError(f"{path}: {len(problems)} problems; nothing was used", problems)
    return ActorFile(tuple(records), tuple(additions), tuple(people), tuple(muted), tuple(removed), merges, lines)


def _record_problems(values: Any) -> Iterator[str]:
    if not isinstance(values, Mapping):
        yield "expected a table with id, name and kind"
        return
    if unknown := values.keys() - FIELDS - _SWITCHES:
        yield f"unknown field {', '.join(sorted(unknown))}; expected {', '.join(sorted(FIELDS | _SWITCHES))}"
    new = "name" in values or "kind" in values
    for key in ("id", "name", "kind") if new else ("id",):
        if not isinstance(values.get(key), str) or not values[key]:
            yield f"{key} is missing or no text"
    kind = values.get("kind")
    if isinstance(kind, str) and kind and kind not in KINDS:
        yield f"kind {kind!r} is none of {', '.join(KINDS)}"
    if not new and not any(values.get(key) for key in (*LISTS, *_SWITCHES)):
        yield "name and kind are missing, and there is nothing to add to, merge into or mute of the actor"
    for key in (*LISTS, "merge"):
        if key in values and not _is_texts(values[key]):
            yield f"{key} is no list of texts"


def _is_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(string, str) and string for string in value)


def _person_problems(values: Any) -> Iterator[str]:
    if not isinstance(values, Mapping) or not isinstance(values.get("name"), str) or not values["name"]:
        yield "expected a person with name and offices"
        return
    if unknown := values.keys() - _PERSON_FIELDS:
        yield f"unknown field {', '.join(sorted(unknown))}; expected {', '.join(sorted(_PERSON_FIELDS))}"
    if not _is_texts(values.get("aliases", ())):
        yield "aliases is no list of texts"
    offices = values.get("offices", ())
    if not isinstance(offices, list | tuple) or not all(isinstance(office, Mapping) for office in offices):
        yield "offices is no list of tables"
        return
    for office in offices:
        if unknown := office.keys() - _OFFICE_FIELDS:
            expected = ", ".join(sorted(_OFFICE_FIELDS))
            yield f"unknown field {', '.join(sorted(unknown))} of an office; expected {expected}"
        if not isinstance(office.get("of"), str) or not office["of"]:
            yield "an office has no 'of': the id of the actor that it is of"
        for key in ("from", "to"):
            if key in office and not _DATE.fullmatch(str(office[key])):
                yield f"{key} {office[key]!r} is no date such as 2009-01-20, 2009-01 or 2009"


def _person(values: Mapping[str, Any]) -> PersonRecord:
    offices = (
        Office(o["of"], str(o.get("title", "")), *(str(o[key]) if key in o else None for key in ("from", "to")))
        for o in values.get("offices", ())
    )
    return PersonRecord(values["name"], tuple(values.get("aliases", ())), tuple(offices))


@dataclass(slots=True)
class _Entry:
    """A name of a PETRARCH dictionary with its synonyms and codes."""

    line: int
    names: list[str]
    codes: list[tuple[str, str | None, str | None]] = field(default_factory=list)


def _petrarch(path: Path, text: str) -> ActorFile:
    entries = [*_petrarch_entries(text)]
    if not entries:
        raise ActorError(f"{path}: holds no actors; expected lines such as NAME_ [CODE]")
    records: dict[str, ActorRecord] = {}
    additions: dict[str, ActorRecord] = {}
    persons: list[PersonRecord] = []
    lines: dict[str, int] = {}
    for entry in entries:
        states = [(code[:3], code[3:6], start, end) for code, start, end in entry.codes]
        offices = [
            Office(state, role.lower(), start, end) for state, role, start, end in states if role in _STATE_ROLES
        ]
        first = entry.codes[0][0]
        if offices and all(role in _STATE_ROLES for _, role, _, _ in states):
            if any(office.start or office.end for office in offices):
                persons.append(PersonRecord(entry.names[0], tuple(entry.names[1:]), tuple(offices)))
            else:
                _extend(additions, ActorRecord(first[:3], "", "", leaders=tuple(entry.names)))
                lines.setdefault(first[:3], entry.line)
        elif len(first) == 3 and first not in _KIND_OF_CODE and first not in ("IGO", "NGO", "NGM", "IMG"):
            _extend(additions, ActorRecord(first, "", "", aliases=tuple(entry.names)))
            lines.setdefault(first, entry.line)
        else:
            name = entry.names[0]
            kind = next((k for role, k in _KIND_OF_CODE.items() if role in (first[3:6], first[:3])), "organisation")
            records[slug(name)] = ActorRecord(slug(name), name, kind, tuple(entry.names[1:]), code=first)
            lines.setdefault(slug(name), entry.line)
    return ActorFile(tuple(records.values()), tuple(additions.values()), tuple(persons), lines=lines)


def _extend(additions: dict[str, ActorRecord], record: ActorRecord) -> None:
    known = additions.get(record.id)
    additions[record.id] = _joined(known, record) if known else record


def _petrarch_entries(text: str) -> Iterator[_Entry]:
    entry: _Entry | None = None
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.split("#")[0].split(";")[0].rstrip()
        if not line.strip():
            continue
        name = line.split("[")[0].strip().lstrip("+")
        if name and not line.startswith((" ", "\t", "+")):
            if entry and entry.codes:
                yield entry
            entry = _Entry(number, [])
        if entry is None:
            continue
        if name:
            entry.names.append(_title(name))
        for code, sign, start, end in _PETRARCH_CODE.findall(line):
            if code and code != "~":
                first, last = (None, start) if sign == "<" else (start, end or None)
                entry.codes.append((code, _iso(first), _iso(last)))
    if entry and entry.codes:
        yield entry


def _title(name: str) -> str:
    """A name as newspapers print it: HAMID_KARZAI_ is Hamid Karzai; what has no vowel or is short is an acronym."""
    words = name.strip("_ ").replace("_", " ").split()
    small = {"of", "the", "and", "for", "de", "del", "la", "in", "on", "to", "al", "bin"}
    return " ".join(
        word.lower()
        if number and word.lower() in small
        else word
        if len(word) <= 3 and len(words) == 1
        else "-".join(part.capitalize() for part in word.split("-"))
        for number, word in enumerate(words)
    )


def _iso(date: str | None) -> str | None:
    """YYYYMMDD or YYMMDD as an ISO date."""
    if not date:
        return None
    if len(date) == 6:
        date = ("19" if date[:2] > "30" else "20") + date
    return f"{date[:4]}-{date[4:6]}-{date[6:8]}"


def claimed_twice(file: ActorFile, registry: Registry) -> Iterable[tuple[str, str, str]]:
    """Names that an actor of the file takes over from one of the registry: name, the actor's id, the other's id."""
    for record in (*file.records, *file.additions):
        for string, _ in record.strings():
            known = registry.names.get(string)
            if known and known.actor and known.actor.id not in (record.id, *file.merges.get(record.id, ())):
                yield string, record.id, known.actor.id
