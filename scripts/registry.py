#!/usr/bin/env python3
"""Compile the actor registry: data/actors/*.toml and public name lists to stance/actors.json.

    python scripts/registry.py build   check, and write stance/actors.json when there is nothing to complain about
    python scripts/registry.py check   every problem, also where stance/actors.json is not what the sources give

Needs pycountry, Babel and countryinfo. The sources hold ``[[actor]]`` tables with the fields of
``stance.actors.ActorRecord``. Those of states.toml that bear an ISO 3166 code are merged with the packages:

* name, alias and official names from pycountry and Babel, the adjective and the capital from countryinfo, plurals of
  adjectives as demonyms;
* ``name``, ``kind``, ``adjectives`` and ``demonyms`` of the source replace what the packages say, the other lists are
  added to it.

seats.tsv adds seats and bodies of government to actors (columns id, seat). offices/*.tsv hold persons with dated
offices, a row for each office (columns person, aliases, of, office, from, to), the best-known first; persons of one
name in several files are one. Their names are taken out of the undated ``leaders``. ambiguous.toml holds the readings
of names that mean now this and now that, muted.toml the longer names that are no mention of the actor in them.

To every string come its other spellings: without diacritics, with a typographic apostrophe, with dots between the
capitals of an acronym (P.L.O.), with Al- for al-. ``leave_out`` of any record names strings that the packages or
these spellings bring, and that would mean something else in a news text.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pycountry
from babel import Locale
from countryinfo import CountryInfo

from stance.records import KINDS
from stance.registry import ActorRecord, slug

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "data" / "actors"
COMPILED = ROOT / "stance" / "actors.json"

KEYS = tuple(field.name for field in fields(ActorRecord))
LISTS = tuple(key for key in KEYS if key not in ("id", "name", "kind", "code"))
NO_ACTORS = {"muted.toml", "ambiguous.toml"}
OFFICE_COLUMNS = ("person", "aliases", "of", "office", "from", "to")
COMMON = 10  # times in the corpus
UNINHABITED = {"ATA", "ATF", "BVT", "HMD", "IOT", "SGS", "UMI"}

STATE_ID = re.compile(r"[A-Z]{3}")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
ACRONYM = re.compile(r"[A-Z]{2,5}")
DATE = re.compile(r"(?:\d{4}(?:-\d{2}(?:-\d{2})?)?)?")
PLURAL_IN_S = re.compile(r"[A-Z].*[nikt]")
UNDECOMPOSED = str.maketrans("ıłŁđĐøØðÐßæÆœŒʻ‘", "ilLdDoOdDsaAoO''")

Record = dict[str, Any]


def read_sources(folder: Path = SOURCES) -> list[Record]:
    """All source records, in the order of the files' names."""
    records: list[Record] = []
    for path in sorted(folder.glob("*.toml")):
        if path.name not in NO_ACTORS:
            records.extend(tomllib.loads(path.read_text(encoding="utf-8")).get("actor", ()))
    return records


def read_rows(path: Path) -> list[Record]:
    """The rows of a table with tabs, by the names in its first line."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    columns = lines[0].split("\t")
    return [dict(zip(columns, line.split("\t"), strict=True)) for line in lines[1:]]


def read_persons(folder: Path = SOURCES / "offices") -> list[Record]:
    """All persons with their offices, those of one name joined, in the order of the files' names."""
    persons: dict[str, Record] = {}
    for path in sorted(folder.glob("*.tsv")):
        for row in read_rows(path):
            key = without_diacritics(row["person"]).casefold()
            person = persons.setdefault(key, {"name": row["person"], "aliases": [], "offices": []})
            person["aliases"] += [alias.strip() for alias in row["aliases"].split("|") if alias.strip()]
            office = [row["of"], row["office"], row["from"] or None, row["to"] or None]
            if office not in person["offices"]:
                person["offices"].append(office)
    return [*persons.values()]


def read_ambiguous(path: Path = SOURCES / "ambiguous.toml") -> dict[str, list[tuple[str | None, list[str]]]]:
    """The readings of each ambiguous name."""
    return {
        string: [(reading["id"] or None, reading["cues"]) for reading in entry["readings"]]
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["name"]
        for string in entry["strings"]
    }


def read_muted(path: Path = SOURCES / "muted.toml") -> list[str]:
    """Names that hold an actor's name and are no mention of it."""
    return sorted(tomllib.loads(path.read_text(encoding="utf-8"))["muted"])


def package_states() -> dict[str, Record]:
    """What the packages know of every inhabited state and territory of ISO 3166, by its code."""
    english = Locale("en").territories
    return {
        country.alpha_3: _package_state(country, english.get(country.alpha_2, country.name))
        for country in pycountry.countries
        if country.alpha_3 not in UNINHABITED
    }


def _package_state(country: Any, babel_name: str) -> Record:
    info = _country_info(country.alpha_3)
    adjectives = [part.strip() for part in (info.get("demonym") or "").split(",") if part.strip()]
    names = [
        saint
        for name in (
            getattr(country, "common_name", country.name),
            babel_name.replace(" & ", " and "),
            country.name,
            getattr(country, "official_name", ""),
        )
        for saint in _saints(name.removeprefix("the "))
        if name and _is_plain(name)
    ]
    return {
        "id": country.alpha_3,
        "name": names[0] if names else country.name,
        "kind": "state",
        "aliases": names[1:],
        "adjectives": adjectives,
        "demonyms": [adjective + "s" for adjective in adjectives if PLURAL_IN_S.fullmatch(adjective)],
        "seats": [info["capital"]] if info.get("capital") else [],
        "leaders": [],
        "code": country.alpha_3,
    }


def _country_info(alpha_3: str) -> Record:
    try:
        return dict(CountryInfo(alpha_3).info())
    except (KeyError, ValueError):
        return {}


def _is_plain(name: str) -> bool:
    """Whether a package's name is one a newspaper prints, not "Korea, Republic of" or "Myanmar (Burma)"."""
    return not re.search(r"[,()]|\bSAR\b|\bCongo -", name)


def _saints(name: str) -> tuple[str, ...]:
    if re.match(r"(?:Saint|St\.) ", name):
        rest = name.split(" ", 1)[1]
        return tuple(f"{saint} {rest}" for saint in ("Saint", "St.", "St"))
    return (name,)


def merge(base: Record, source: Record) -> Record:
    """A package's record with the source's words on it."""
    merged: Record = {**base}
    merged.update({key: source[key] for key in ("name", "kind", "code") if key in source})
    for key in ("adjectives", "demonyms"):
        merged[key] = source.get(key, base[key])
    if "adjectives" in source and "demonyms" not in source:
        merged["demonyms"] = [word + "s" for word in source["adjectives"] if PLURAL_IN_S.fullmatch(word)]
    for key in ("aliases", "seats", "leaders"):
        merged[key] = [*base[key], *source.get(key, ())]
    if _is_plain(base["name"]):
        merged["aliases"].append(base["name"])
    merged["leave_out"] = source.get("leave_out", [])
    return merged


def spellings(string: str) -> Iterator[str]:
    """A string, and the other ways in which it is printed."""
    yield string
    if ACRONYM.fullmatch(string):
        yield ".".join(string) + "."
    plain = without_diacritics(string)
    for spelling in dict.fromkeys((string, plain)):
        if spelling != string:
            yield spelling
        for old, new in (("'", "’"), (" al-", " Al-"), (" el-", " El-")):
            if old in spelling:
                yield spelling.replace(old, new)


def without_diacritics(string: str) -> str:
    decomposed = unicodedata.normalize("NFKD", string.translate(UNDECOMPOSED))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def compile_record(record: Record) -> Record:
    """A record as the package reads it: other spellings added, each string in its first role only."""
    left_out = record.get("leave_out", ())
    dropped = {record["name"], *left_out, *(string.replace("'", "’") for string in left_out)}
    compiled: Record = {key: record[key] for key in ("id", "name", "kind") if key in record}
    for key in LISTS:
        strings = [record["name"], *record.get(key, ())] if key == "aliases" else record.get(key, ())
        found = dict.fromkeys(spelling for string in strings for spelling in spellings(string))
        if kept := [string for string in found if string not in dropped]:
            compiled[key] = kept
        dropped.update(found)
    if record.get("code"):
        compiled["code"] = record["code"]
    return compiled


def compile_registry(
    sources: Iterable[Record], seats: Iterable[Record], persons: Sequence[Record], ambiguous: Iterable[str]
) -> list[Record]:
    """All records, merged, with other spellings, without the names of persons with offices, sorted by id."""
    states = package_states()
    records = []
    for source in sources:
        base = states.pop(source.get("id", ""), None)
        records.append(merge(base, source) if base else source)
    records.extend(states.values())
    further: dict[str, list[str]] = defaultdict(list)
    for row in seats:
        further[row["id"]].append(row["seat"])
    for record in records:
        record["seats"] = list(dict.fromkeys([*record.get("seats", ()), *further.get(record["id"], ())]))
    of_persons = {string for person in persons for string in (person["name"], *person["aliases"])}
    names = {person["name"] for person in persons}
    shared = set(ambiguous)
    compiled = []
    for record in records:
        if record.get("kind") == "person" and record["name"] in names:
            continue
        made = compile_record(record)
        for key in LISTS:
            if key in made:
                made[key] = [s for s in made[key] if s not in shared and not (key == "leaders" and s in of_persons)]
                if not made[key]:
                    del made[key]
        compiled.append(made)
    return sorted(compiled, key=lambda record: record["id"])


def compile_persons(persons: Iterable[Record], records: Iterable[Record], words: set[str]) -> list[Record]:
    """Persons with other spellings of their names, without aliases that are an actor's name or an ordinary word."""
    taken = {string for record in records for string in strings_of(record)}
    compiled = []
    for person in persons:
        strings = list(dict.fromkeys(s for name in (person["name"], *person["aliases"]) for s in spellings(name)))
        aliases = [s for s in strings[1:] if s not in taken and s.lower() not in words]
        made: Record = {"name": person["name"], "offices": person["offices"]}
        if aliases:
            made["aliases"] = aliases
        compiled.append(made)
    return sorted(compiled, key=lambda person: slug(person["name"]))


def ordinary_words(folder: Path = SOURCES.parent / "passages") -> set[str]:
    """Words that the corpus has often without a capital."""
    counts = Counter(
        word for path in folder.glob("*.txt") for word in re.findall(r"\b[a-z]+\b", path.read_text(encoding="utf-8"))
    )
    return {word for word, count in counts.items() if count >= COMMON}


def person_problems(persons: Iterable[Record], records: Iterable[Record]) -> Iterator[str]:
    """What is wrong with the offices."""
    known = {record["id"] for record in records}
    taken = {string for record in records for string in strings_of(record)}
    for person in persons:
        if person["name"] in taken:
            yield f"{person['name']}: is an actor's name"
        for of, _, start, end in person["offices"]:
            if of not in known:
                yield f"{person['name']}: {of!r} is no actor"
            for date in (start, end):
                if date and not DATE.fullmatch(date):
                    yield f"{person['name']}: {date!r} is no date"
            if start and end and start[: len(end)] > end[: len(start)]:
                yield f"{person['name']}: {start} to {end}"


def source_problems(sources: Iterable[Record]) -> Iterator[str]:
    """What is wrong with the form of the sources."""
    seen: Counter[str] = Counter()
    known_states = package_states()
    for source in sources:
        name = source.get("id") or source.get("name") or "a record"
        seen[name] += 1
        merged = source.get("id") in known_states
        if unknown := source.keys() - {*KEYS, "leave_out"}:
            yield f"{name}: unknown key {', '.join(sorted(unknown))}"
        if missing := {"id"} - source.keys() if merged else {"id", "name", "kind"} - source.keys():
            yield f"{name}: without {', '.join(sorted(missing))}"
        for string in set(source.get("leave_out", ())):
            if any(string in source.get(key, ()) for key in LISTS):
                yield f"{name}: {string!r} is listed and left out"
        yield from (f"{name}: {string!r} twice in {key}" for key in LISTS for string in _repeated(source.get(key, ())))
    yield from (f"{name}: {count} records" for name, count in seen.items() if count > 1)


def _repeated(strings: Iterable[str]) -> list[str]:
    return [string for string, count in Counter(strings).items() if count > 1]


def record_problems(record: Record) -> Iterator[str]:
    """What is wrong with one compiled record."""
    identifier = record["id"]
    state = record.get("kind") == "state"
    if not (SLUG.fullmatch(identifier) or (state and STATE_ID.fullmatch(identifier))):
        yield f"{identifier}: id is no alpha-3 code of a state and no slug"
    if record.get("kind") not in KINDS:
        yield f"{identifier}: kind {record.get('kind')!r} is none of {', '.join(KINDS)}"
    for string in strings_of(record):
        if string != string.strip() or "  " in string or not string:
            yield f"{identifier}: {string!r} has blanks to spare"
        if string.lower().startswith("the "):
            yield f"{identifier}: {string!r} begins with the article"
        if len(string) < 2:
            yield f"{identifier}: {string!r} is too short"


def strings_of(record: Record) -> Iterator[str]:
    yield record["name"]
    for key in LISTS:
        yield from record.get(key, ())


def clashes(records: Iterable[Record]) -> Iterator[str]:
    """Strings that two actors claim, also where only a headline in capitals makes them alike."""
    claims: dict[str, set[str]] = defaultdict(set)
    shouted: dict[str, set[str]] = defaultdict(set)
    for record in records:
        for string in strings_of(record):
            claims[string].add(record["id"])
            if len(string) > 3:
                shouted[string.upper()].add(record["id"])
    for string, owners in sorted(claims.items()):
        everyone = owners | shouted.get(string, set())
        if len(everyone) > 1:
            yield f"{string!r} is claimed by {', '.join(sorted(everyone))}"
    for string, owners in sorted(shouted.items()):
        if len(owners) > 1 and string not in claims:
            yield f"{string!r}, in capitals, is claimed by {', '.join(sorted(owners))}"


def problems(sources: list[Record], records: list[Record], persons: list[Record], muted: list[str]) -> list[str]:
    """Everything that is wrong."""
    claimed = {string: record["id"] for record in records for string in strings_of(record)}
    return [
        *(f"muted: {string!r} twice" for string in _repeated(muted)),
        *(f"muted: {string!r} is {claimed[string]}" for string in muted if string in claimed),
        *source_problems(sources),
        *(problem for record in records for problem in record_problems(record)),
        *clashes(records),
        *person_problems(persons, records),
    ]


def render(records: list[Record], persons: list[Record], ambiguous: dict[str, Any], muted: list[str]) -> str:
    """The JSON text, one actor or person per line."""

    def dump(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    actors, people = (",\n".join(map(dump, part)) for part in (records, persons))
    head = f'"schema":2,"muted":{dump(muted)},"ambiguous":{dump(ambiguous)}'
    return "{" + head + ',\n"actors":[\n' + actors + '\n],\n"persons":[\n' + people + "\n]}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("build", "check"))
    command = parser.parse_args().command
    sources = read_sources()
    persons = read_persons()
    ambiguous = read_ambiguous()
    records = compile_registry(sources, read_rows(SOURCES / "seats.tsv"), persons, ambiguous)
    people = compile_persons(persons, records, ordinary_words())
    muted = read_muted()
    found = problems(sources, records, people, muted)
    text = render(records, people, ambiguous, muted)
    if command == "build" and not found:
        COMPILED.write_text(text, encoding="utf-8")
    elif command == "check" and (not COMPILED.exists() or COMPILED.read_text(encoding="utf-8") != text):
        found.append("stance/actors.json is not what the sources give: run build")
    for problem in found:
        print(problem, file=sys.stderr)
    kinds = Counter(record["kind"] for record in records)
    print(
        f"{len(records)} actors:", ", ".join(f"{kinds[kind]} {kind}" for kind in KINDS),
        f"; {len(people)} persons with {sum(len(p['offices']) for p in people)} offices; {len(found)} problems",
    )  # fmt: skip
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
