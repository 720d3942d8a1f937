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
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pycountry
from babel import Locale
from countryinfo import CountryInfo

from stance.actors import KINDS, ActorRecord

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "data" / "actors"
COMPILED = ROOT / "stance" / "actors.json"

KEYS = tuple(field.name for field in fields(ActorRecord))
LISTS = tuple(key for key in KEYS if key not in ("id", "name", "kind", "code"))
UNINHABITED = {"ATA", "ATF", "BVT", "HMD", "IOT", "SGS", "UMI"}

STATE_ID = re.compile(r"[A-Z]{3}")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
ACRONYM = re.compile(r"[A-Z]{2,5}")
PLURAL_IN_S = re.compile(r"[A-Z].*[nikt]")
UNDECOMPOSED = str.maketrans("ıłŁđĐøØðÐßæÆœŒʻ‘", "ilLdDoOdDsaAoO''")

Record = dict[str, Any]


def read_sources(folder: Path = SOURCES) -> list[Record]:
    """All source records, in the order of the files' names."""
    records: list[Record] = []
    for path in sorted(folder.glob("*.toml")):
        records.extend(tomllib.loads(path.read_text(encoding="utf-8")).get("actor", ()))
    return records


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


def compile_registry(sources: Iterable[Record]) -> list[Record]:
    """All records, merged, with other spellings, sorted by id."""
    states = package_states()
    records = []
    for source in sources:
        base = states.pop(source.get("id", ""), None)
        records.append(merge(base, source) if base else source)
    records.extend(states.values())
    return sorted((compile_record(record) for record in records), key=lambda record: record["id"])


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


def problems(sources: list[Record], records: list[Record], muted: list[str]) -> list[str]:
    """Everything that is wrong."""
    claimed = {string: record["id"] for record in records for string in strings_of(record)}
    return [
        *(f"muted: {string!r} twice" for string in _repeated(muted)),
        *(f"muted: {string!r} is {claimed[string]}" for string in muted if string in claimed),
        *source_problems(sources),
        *(problem for record in records for problem in record_problems(record)),
        *clashes(records),
    ]


def render(records: list[Record], muted: list[str]) -> str:
    """The JSON text, one actor per line."""
    lines = ",\n".join(json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records)
    names = json.dumps(muted, ensure_ascii=False, separators=(",", ":"))
    return f'{{"schema":1,"muted":{names},"actors":[\n{lines}\n]}}\n'


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("build", "check"))
    command = parser.parse_args().command
    sources = read_sources()
    records = compile_registry(sources)
    muted = read_muted()
    found = problems(sources, records, muted)
    text = render(records, muted)
    if command == "build" and not found:
        COMPILED.write_text(text, encoding="utf-8")
    elif command == "check" and (not COMPILED.exists() or COMPILED.read_text(encoding="utf-8") != text):
        found.append("stance/actors.json is not what the sources give: run build")
    for problem in found:
        print(problem, file=sys.stderr)
    kinds = Counter(record["kind"] for record in records)
    print(f"{len(records)} actors:", ", ".join(f"{kinds[kind]} {kind}" for kind in KINDS), f"; {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
