from __future__ import annotations

import json

import pytest
from registries import RECORDS, ids

from stance import ActorError
from stance.actor_files import ActorFile, claimed_twice, extended, read_actors
from stance.names import find_names
from stance.records import KINDS
from stance.registry import ActorRecord, Office, PersonRecord, Registry


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry(RECORDS)


@pytest.fixture
def read(tmp_path):
    """Reads actors from what a file holds: ``read(content)`` or ``read(content, "own.csv")``."""

    def call(content: str, name: str = "own.toml") -> ActorFile:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return read_actors(path)

    return call


@pytest.fixture
def problems(read):
    """Lines and messages of what is wrong with a file."""

    def call(content: str, name: str = "own.toml") -> list[tuple[int, str]]:
        with pytest.raises(ActorError) as caught:
            read(content, name)
        assert all(str(problem) in str(caught.value) for problem in caught.value.problems)
        return [(problem.line, problem.message) for problem in caught.value.problems]

    return call


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


CSV = """\
id,name,kind,aliases,seats,code
norvik,Norvik,state,Kingdom of Norvik,Vell,
harrow,Harrow League,organisation,,,NGO
"""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("own.toml", TOML),
        ("OWN.TOML", TOML),
        ("own.actors", TOML),
        ("own.json", json.dumps(JSON)),
        ("own.json", "\ufeff" + json.dumps(JSON)),
        ("own.csv", CSV),
        ("own.csv", "\ufeff" + CSV),
    ],
)
def test_actors_are_read_from_toml_json_and_csv(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
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


WAITED = "In the evening {} told them to wait."


def test_the_items_of_a_list_stand_apart_in_csv(read):
    (record,) = read(
        "id,name,kind,aliases,leaders\nnorvik,Norvik,state, Nord | Norrland|,Ada Lorn\n", "own.csv"
    ).records
    assert record == ActorRecord("norvik", "Norvik", "state", ("Nord", "Norrland"), leaders=("Ada Lorn",))


def test_names_are_added_to_an_actor_by_its_id(registry, read):
    own = extended(registry, read('[[actor]]\nid = "RUS"\nseats = ["Velm"]\nleaders = ["Ada Lorn"]\n'))
    text = "In the evening Velm, Moscow and Ada Lorn told them to wait."
    assert ids(own, text) == ["RUS"] * 3
    assert ids(registry, text) == ["RUS"]


def test_name_and_kind_override_an_actor(registry, read):
    own = extended(registry, read('[[actor]]\nid = "TUR"\nname = "Türkiye"\nkind = "state"\n'))
    assert ids(own, "In the evening Türkiye told Turkey and Ankara to wait.") == ["TUR"]


@pytest.mark.parametrize(
    ("head", "target"), [("", "RUS"), ('id = "union"\nname = "Velm Union"\nkind = "organisation"\n', "union")]
)
def test_merging_takes_over_all_names(registry, read, head, target):
    head = head or 'id = "RUS"\n'
    own = extended(registry, read(f'[[actor]]\n{head}merge = ["TUR", "AFG"]\n'))
    text = "In the evening Turkey, Ankara, Turkish troops and the Afghan army told Kabul to wait."
    assert ids(own, text) == [target] * 5
    assert "TUR" not in own.records


def test_the_name_of_a_merged_actor_is_an_alias_of_the_one_that_took_it(registry, read):
    own = extended(registry, read('[[actor]]\nid = "islamic-state"\nmerge = ["isk"]\n'))
    assert own.resolve("Islamic State Khorasan").name == "Islamic State"


@pytest.mark.parametrize(
    ("content", "name"),
    [('[[actor]]\nid = "RUS"\nmute = true\n', "own.toml"), ("id,mute\nRUS,yes\n", "own.csv")],
)
def test_a_muted_actor_is_found_no_more(registry, read, content, name):
    own = extended(registry, read(content, name))
    assert ids(own, "In the evening Russia, Moscow and Russian troops told Kabul to wait.") == ["AFG"]


def test_muted_names_hold_no_actor(registry, read):
    own = extended(registry, read('muted = ["Turkey run"]\n'))
    text = "In the evening the Turkey run began, and Turkey sent a team."
    assert ids(registry, text) == ["TUR", "TUR"]
    assert ids(own, text) == ["TUR"]


PERSON = """
[[person]]
name = "Ada Lorn"
aliases = ["Lorn"]

[[person.offices]]
of = "RUS"
title = "head of state"
from = 2009-01-20
to = 2012

[[person.offices]]
of = "isk"
"""


def test_persons_have_dated_offices(registry, read):
    file = read(PERSON)
    offices = (Office("RUS", "head of state", "2009-01-20", "2012"), Office("isk", "", None, None))
    assert file.persons == (PersonRecord("Ada Lorn", ("Lorn",), offices),)
    own = extended(registry, file)
    text = WAITED.format("Lorn")
    acted_for = [find_names(text, own, date)[0].actor.id for date in ("2010", "2012-12-31", "2013", None)]
    assert acted_for == ["RUS", "RUS", "isk", "RUS"]


def test_all_of_a_file_counts_at_once(registry, read):
    own = extended(registry, read(TOML + PERSON + '\n[[actor]]\nid = "TUR"\nmute = true\n'))
    assert ids(own, "In the evening Norvik and Ada Lorn told Turkey and Russia to wait.") == ["norvik", "RUS", "RUS"]


@pytest.mark.parametrize(
    "content",
    [
        '[[actor]]\nid = "ulm"\nmute = true\n',
        '[[actor]]\nid = "ulm"\nseats = ["Velm"]\n',
        '[[actor]]\nid = "RUS"\nmerge = ["ulm"]\n',
        '[[actor]]\nid = "ulm"\nmerge = ["RUS", "TUR"]\n',
        '[[person]]\nname = "Ada Lorn"\n[[person.offices]]\nof = "ulm"\n',
    ],
)
def test_an_unknown_id_is_named(registry, read, content):
    with pytest.raises(ActorError, match="'ulm'"):
        extended(registry, read(content))


def test_every_problem_of_a_toml_file_has_its_line(problems):
    content = """\
# My actors
muted = "Ulm"

[[actor]]
id = "norvik"
name = "Norvik"
kind = "country"
seats = [5]

[[actor]]
id = "ulm"

[[person]]
name = 5

[[person]]
name = "Ada Lorn"
age = 40
[[person.offices]]
title = "king"
since = 2009
[[person.offices]]
of = "RUS"
from = "soon"
"""
    found = problems(content)
    assert [(line, message[:25]) for line, message in found if line > 1] == [
        (4, "kind 'country' is none of"),
        (4, "seats is no list of texts"),
        (10, "name and kind are missing"),
        (13, "expected a person with na"),
        (16, "unknown field age; expect"),
        (16, "unknown field since of an"),
        (16, "an office has no 'of': th"),
        (16, "from 'soon' is no date su"),
    ]
    assert "muted is no list of texts" in dict(map(reversed, found))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("norvik,Norvik,country,", "kind 'country' is none of"),
        (",Norvik,state,", "id is missing or no text"),
        ("norvik,Norvik,,", "kind is missing or no text"),
        ("norvik,Norvik,state,N,M", "more cells than columns"),
        ("norvik,,,", "name and kind are missing"),
        ("harrow,Norvik,state,", "id 'harrow' is that of line 2"),
    ],
)
def test_a_wrong_row_of_a_csv_file_has_its_line(problems, row, message):
    found = problems(f"id,name,kind,aliases\nharrow,Harrow League,organisation,\n\n{row}\n", "own.csv")
    assert [line for line, _ in found] == [4]
    assert message in found[0][1]


def test_an_unknown_column_of_a_csv_file_is_named(problems):
    ((line, message),) = problems("id,name,kind,alias\nnorvik,Norvik,state,N\n", "own.csv")
    assert (line, message.split(";")[0]) == (2, "unknown field alias")


@pytest.mark.parametrize("content", ["", "id,name,kind\n"])
def test_a_csv_file_without_rows_holds_no_actors(read, content):
    with pytest.raises(ActorError, match=r"own\.csv: holds no actors"):
        read(content, "own.csv")


def test_names_taken_from_another_actor_are_listed(registry, read):
    file = read('[[actor]]\nid = "velm"\nname = "Velm"\nkind = "company"\naliases = ["Ankara", "Ulm", "ISIS"]\n')
    assert [*claimed_twice(file, registry)] == [("Ankara", "velm", "TUR"), ("ISIS", "velm", "islamic-state")]


@pytest.mark.parametrize(
    "content",
    [
        '[[actor]]\nid = "TUR"\nname = "Turkey"\nkind = "state"\nseats = ["Ankara"]\n',
        '[[actor]]\nid = "velm"\nname = "Velm"\nkind = "state"\naliases = ["Ankara"]\nmerge = ["TUR"]\n',
        '[[actor]]\nid = "velm"\nname = "Velm"\nkind = "state"\naliases = ["Ulm"]\n',
    ],
)
def test_names_of_the_same_a_merged_or_no_actor_are_not_taken_from_anybody(registry, read, content):
    assert [*claimed_twice(read(content), registry)] == []


def test_names_added_to_an_actor_may_be_taken_from_another(registry, read):
    file = read('[[actor]]\nid = "RUS"\nseats = ["Ankara"]\n')
    assert [*claimed_twice(file, registry)] == [("Ankara", "RUS", "TUR")]


PETRARCH = """\
# Actors of the hills
; another comment
NORVIK_FRONT_ [NVKREB]  # since 1990
+SARN_FRONT_
+NFL_
HAMID_LORN_
    [AFGGOV 20011222-20140929]
    [AFGELI >20140930]
+LORN_
OLD_ODUYA_ [AFGMIL <011222]
RUSSIAN_BEAR_ [RUS]
VELM_PALACE_ [RUSGOV]
BLUE_ARMY_ [RUSMIL]
KELDA_OIL_ [NVKMNC]
KELDA_PEOPLE_OF_THE_HILLS_ [NVKPTY]
HARROW_LEAGUE_ [NGO]
"""


def test_petrarch_names_become_actors_by_their_codes(read):
    records = {record.id: record for record in read(PETRARCH, "own.txt").records}
    assert {record.name: (record.kind, record.code) for record in records.values()} == {
        "Norvik Front": ("armed_group", "NVKREB"),
        "Kelda Oil": ("company", "NVKMNC"),
        "Kelda People of the Hills": ("party", "NVKPTY"),
        "Harrow League": ("organisation", "NGO"),
    }
    assert records["norvik-front"].aliases == ("Sarn Front", "NFL")


def test_petrarch_names_act_for_a_state_or_are_its_aliases(registry, read):
    file = read(PETRARCH, "own.txt")
    (addition,) = file.additions
    assert (addition.id, addition.aliases, addition.leaders) == ("RUS", ("Russian Bear",), ("Velm Palace", "Blue Army"))
    own = extended(registry, file)
    assert ids(own, "In the evening the Russian Bear told Velm Palace and the Norvik Front to wait.") == [
        "RUS",
        "RUS",
        "norvik-front",
    ]


@pytest.mark.parametrize(
    ("name", "date", "actor"),
    [
        ("Hamid Lorn", "2001-12-21", "hamid-lorn"),
        ("Lorn", "2001-12-22", "AFG"),
        ("Lorn", "2014-09-30", "AFG"),
        ("Lorn", "2030", "AFG"),
        ("Old Oduya", "1990", "AFG"),
        ("Old Oduya", "2001-12-22", "AFG"),
        ("Old Oduya", "2001-12-23", "old-oduya"),
    ],
)
def test_petrarch_dates_are_those_of_offices(registry, read, name, date, actor):
    own = extended(registry, read(PETRARCH, "own.txt"))
    assert [m.actor.id for m in find_names(WAITED.format(name), own, date)] == [actor]


@pytest.mark.parametrize(
    ("code", "office"),
    [
        ("[AFGGOV 19900301]", Office("AFG", "gov", "1990-03-01", None)),
        ("[AFGGOV 900301-050301]", Office("AFG", "gov", "1990-03-01", "2005-03-01")),
        ("[AFGLEG 19900301 - 20050301]", Office("AFG", "leg", "1990-03-01", "2005-03-01")),
        ("[AFGJUD >900301]", Office("AFG", "jud", "1990-03-01", None)),
        ("[AFGSPY <20050301]", Office("AFG", "spy", None, "2005-03-01")),
    ],
)
def test_petrarch_dates_have_four_forms(read, code, office):
    (person,) = read(f"ADA_LORN_ {code}\n", "own.txt").persons
    assert person == PersonRecord("Ada Lorn", (), (office,))


def test_petrarch_lines_are_known(read):
    lines = read(PETRARCH, "own.txt").lines
    assert (lines["norvik-front"], lines["RUS"], lines["harrow-league"]) == (3, 11, 16)
