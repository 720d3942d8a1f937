from __future__ import annotations

import json

import pytest

from stance import ActorError
from stance.actor_files import read_actors
from stance.names import find_names
from stance.records import KINDS
from stance.registry import ActorRecord, Registry

RUSSIA = ActorRecord(
    "RUS", "Russia", "state", (), ("Russian",), ("Russians",), ("Moscow", "the Kremlin"), ("Putin", "Vladimir Putin")
)
USA = ActorRecord("USA", "United States", "state", ("US", "U.S."), ("American",), ("Americans",), ("Washington",))
TURKEY = ActorRecord("TUR", "Turkey", "state", (), ("Turkish",), ("Turks",), ("Ankara",))
AFGHANISTAN = ActorRecord("AFG", "Afghanistan", "state", (), ("Afghan",), ("Afghans",), ("Kabul",))
ISLAMIC_STATE = ActorRecord("islamic-state", "Islamic State", "armed_group", ("ISIS",))
KHORASAN = ActorRecord("isk", "Islamic State Khorasan", "armed_group")
RECORDS = (RUSSIA, USA, TURKEY, AFGHANISTAN, ISLAMIC_STATE, KHORASAN)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry(RECORDS)


def found(registry: Registry, text: str) -> list[tuple[str, str]]:
    """Ids of the actors found, with the words that name them."""
    return [(m.actor.id, text[m.span.start : m.span.end]) for m in find_names(text, registry)]


def ids(registry: Registry, text: str) -> list[str]:
    return [actor for actor, _ in found(registry, text)]


TOML = """
[[actor]]
id = "norvik"
name = "Norvik"
kind = "state"
aliases = ["Kingdom of Norvik"]
seats = ["Vell"]

[[actor]]
id = "harrow"
name = "Harrow League"
kind = "organisation"
code = "NGO"
"""
JSON = {
    "actors": [
        {"id": "norvik", "name": "Norvik", "kind": "state", "aliases": ["Kingdom of Norvik"], "seats": ["Vell"]},
        {"id": "harrow", "name": "Harrow League", "kind": "organisation", "code": "NGO"},
    ]
}


@pytest.mark.parametrize(("name", "content"), [("own.toml", TOML), ("own.json", json.dumps(JSON))])
def test_actors_are_read_from_toml_and_json(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content)
    records = read_actors(path).records
    assert [*records] == [
        ActorRecord("norvik", "Norvik", "state", ("Kingdom of Norvik",), seats=("Vell",)),
        ActorRecord("harrow", "Harrow League", "organisation", code="NGO"),
    ]
    text = "The Kingdom of Norvik and the Harrow League left; Vell said why."
    assert ids(Registry(records), text) == ["norvik", "harrow", "norvik"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("own.toml", b"[[actor]\nid = 1"),
        ("own.json", b'{"actors": ['),
        ("own.toml", b'name = "caf\xe9"'),
        ("own.json", b'{"name": "caf\xe9"}'),
        ("own.json", b"[" * 100_000),
        ("folder.toml", None),
        ("missing.json", ...),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_format(tmp_path, name, content):
    path = tmp_path / name
    if content is None:
        path.mkdir()
    elif content is not ...:
        path.write_bytes(content)
    with pytest.raises(ActorError) as caught:
        read_actors(path)
    assert str(caught.value).startswith(f"{path}: cannot be read as {path.suffix[1:].upper()}: ")


@pytest.mark.parametrize(
    "value", [[], {}, {"actors": []}, {"actors": {}}, {"actors": 5}, {"people": [{"id": "x"}]}, 5, "x", None]
)
def test_a_file_without_actors_says_what_was_expected(tmp_path, value):
    path = tmp_path / "own.json"
    path.write_text(json.dumps(value))
    with pytest.raises(ActorError, match=r"own\.json: holds no actors; expected \[\[actor\]\] tables"):
        read_actors(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": ...}, "id is missing or no text"),
        ({"name": ...}, "name is missing or no text"),
        ({"kind": ...}, "kind is missing or no text"),
        ({"id": ""}, "id is missing or no text"),
        ({"name": 5}, "name is missing or no text"),
        ({"kind": "country"}, f"kind 'country' is none of {', '.join(KINDS)}"),
        ({"alias": ["N"]}, "unknown field alias; expected adjectives, aliases"),
        ({"aliases": "N"}, "aliases is no list of texts"),
        ({"aliases": [1]}, "aliases is no list of texts"),
        ({"seats": [""]}, "seats is no list of texts"),
        ({"leaders": 5}, "leaders is no list of texts"),
        ({"demonyms": None}, "demonyms is no list of texts"),
        (None, "expected a table with id, name and kind"),
    ],
)
def test_a_wrong_record_is_named_by_file_and_number(tmp_path, change, message):
    sound = {"id": "norvik", "name": "Norvik", "kind": "state"}
    wrong = "Norvik" if change is None else {key: value for key, value in (sound | change).items() if value is not ...}
    path = tmp_path / "own.json"
    path.write_text(json.dumps({"actors": [sound, wrong]}))
    with pytest.raises(ActorError) as caught:
        read_actors(path)
    assert f"{path}:2: {message}" in str(caught.value)
