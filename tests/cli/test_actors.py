from __future__ import annotations

import json

import pytest

from stance.actor_files import read_actors
from stance.records import KINDS

TEXT = "In the evening General Oskar Venn of Norvik shut the bridge. After the rain Venn told the guards to go home.\n"
PERSON = """
[[person]]
name = "Ada Lorn"

[[person.offices]]
of = "norvik"
title = "head of state"
from = 2010
to = 2014
"""


@pytest.fixture
def own(tmp_path):
    """Writes an actors file."""

    def write(content: str, name: str = "mine.toml"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return write


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(TEXT)
    return path


def test_the_list_has_every_actor_of_the_registry(run, shipped):
    done = run("actors", "list")
    assert (done.code, done.err) == (0, "")
    assert {record["id"] for record in json.loads(done.out)} == set(shipped.records)


@pytest.mark.parametrize("search", ["taliban", "TALIBAN", "Taleban", "afghan tal"])
def test_the_list_is_searched_by_name_alias_or_id_in_any_case(run, search):
    found = json.loads(run("actors", "list", search).out)
    assert "taliban" in {record["id"] for record in found}
    assert len(found) < 20


def test_the_list_can_be_of_one_kind(run):
    found = json.loads(run("actors", "list", "--kind", "armed_group").out)
    assert {record["kind"] for record in found} == {"armed_group"}


def test_the_list_holds_own_actors(run, actors):
    found = json.loads(run("actors", "list", "norvik", "--actors", actors).out)
    assert found == [{"id": "norvik", "name": "Norvik", "kind": "state"}]


def test_a_list_without_actors_is_empty(run):
    done = run("actors", "list", "no such actor")
    assert (done.code, json.loads(done.out)) == (0, [])


def test_the_list_is_a_table_on_a_terminal(run, actors):
    done = run("actors", "list", "norvik", "--actors", actors, tty=True)
    head, row, *rest = [line.split() for line in done.out.splitlines() if line.strip()]
    assert head[:3] == ["id", "name", "kind"]
    assert row == ["norvik", "Norvik", "state"]
    assert rest == [["1", "actors"]]


@pytest.mark.parametrize(
    ("date", "acts_for"), [("2006-03-01", "USA"), ("2012", "USA"), ("2020-03", None), (None, "USA")]
)
def test_showing_a_person_says_for_whom_and_when(run, date, acts_for):
    done = run("actors", "show", "Obama", *(["--date", date] if date else []))
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert (found["person"], found["acts_for"], found["role"]) == ("Barack Obama", acts_for, "person")
    assert (found["actor"] or {}).get("id") == acts_for
    assert {"of": "USA", "title": "head of state", "start": "2009-01-20", "end": "2017-01-20"} in found["offices"]


@pytest.mark.parametrize(
    ("string", "role", "actor"),
    [("Kremlin", "seats", "RUS"), ("Russian", "adjectives", "RUS"), ("rus", "name", "RUS"), ("Reuters", "muted", None)],
)
def test_showing_a_string_says_whose_it_is(run, string, role, actor):
    found = json.loads(run("actors", "show", string).out)
    assert (found["string"], found["role"], (found["actor"] or {}).get("id")) == (string, role, actor)
    assert (found["person"], found["acts_for"], found["offices"]) == (None, None, [])


def test_showing_an_ambiguous_name_lists_its_readings_with_their_cues(run):
    readings = json.loads(run("actors", "show", "Congo").out)["readings"]
    assert [reading["actor"] for reading in readings] == ["COD", "COG"]
    assert "Kinshasa" in readings[0]["cues"]


@pytest.mark.parametrize(
    ("string", "words"),
    [
        ("Obama", ["Barack Obama acts for United States (USA)", "head of state of USA, 2009-01-20 to 2017-01-20"]),
        ("Kremlin", ["Russia (RUS), state, code RUS", "seats: Moscow, Kremlin"]),
        ("Reuters", ["Reuters: muted, no mention of an actor"]),
        ("Georgia", ["Georgia (GEO), state", "no actor, where the text has Atlanta"]),
    ],
)
def test_a_meaning_is_told_in_words_on_a_terminal(run, string, words):
    done = run("actors", "show", string, tty=True)
    assert done.code == 0
    assert [part for part in words if part not in done.out] == []


def test_a_string_that_means_nothing_is_one_line_and_status_1(run):
    done = run("actors", "show", "Ruritanian Guild")
    assert (done.code, done.out) == (1, "")
    assert done.err == "stance: no actor is called 'Ruritanian Guild'; add it with an actors file\n"


def test_suggestions_are_an_actors_file(run, file, actors, tmp_path):
    done = run("actors", "suggest", file, "--actors", actors, "--min-mentions", 1)
    assert (done.code, done.err) == (0, "")
    path = tmp_path / "suggested.toml"
    path.write_text(done.out, encoding="utf-8")
    assert [(record.name, record.aliases) for record in read_actors(path).records] == [("Oskar Venn", ("Venn",))]


@pytest.mark.parametrize(
    ("least", "found"), [([], False), (["--min-mentions", 2], True), (["--min-mentions", 3], False)]
)
def test_rare_names_are_not_suggested(run, file, least, found):
    assert ("Oskar Venn" in run("actors", "suggest", file, *least).out) == found


def test_suggestions_can_be_written_to_a_file(run, file, tmp_path):
    path = tmp_path / "suggested.toml"
    done = run("actors", "suggest", file, "--min-mentions", 1, "-o", path)
    assert (done.code, done.out) == (0, "")
    assert f"names written to {path}" in done.err
    assert run("actors", "check", path).code == 0


def test_a_text_that_cannot_be_read_is_reported_and_the_rest_suggested(run, file, tmp_path):
    done = run("actors", "suggest", tmp_path / "gone.txt", file, "--min-mentions", 1)
    assert done.code == 1
    assert "gone.txt" in done.err
    assert "Oskar Venn" in done.out


def test_suggestions_that_cannot_be_written_are_one_line(run, file, tmp_path):
    done = run("actors", "suggest", file, "-o", tmp_path / "no such folder" / "a.toml")
    assert done.code == 1
    assert done.err.startswith("stance: ")
    assert "cannot be written" in done.err


def test_a_sound_file_is_counted(run, own):
    path = own(
        'muted = ["Turkey run"]\n[[actor]]\nid = "norvik"\nname = "Norvik"\nkind = "state"\n'
        '[[actor]]\nid = "RUS"\nseats = ["Velm"]\n[[actor]]\nid = "TUR"\nmute = true\n'
        '[[actor]]\nid = "FRA"\nmerge = ["ITA"]\n' + PERSON
    )
    done = run("actors", "check", path)
    assert (done.code, done.err) == (0, "")
    assert done.out == f"{path}: sound; 1 new or overridden, 1 added to, 1 merged, 2 muted, 1 persons\n"


def test_names_that_are_taken_from_others_are_told_with_their_line(run, own):
    path = own('\n\n[[actor]]\nid = "norvik"\nname = "Norvik"\nkind = "state"\naliases = ["Moscow", "Ulm"]\n')
    done = run("actors", "check", path)
    assert done.code == 0
    assert done.out.splitlines()[0] == f"{path}:3: 'Moscow' is taken from RUS, for norvik"
    assert "Ulm" not in done.out


@pytest.mark.parametrize(
    ("name", "content", "messages"),
    [
        (
            "mine.toml",
            '[[actor]]\nid = "x"\nkind = "y"\n\n[[actor]]\n',
            [":1: name is missing", ":1: kind 'y'", ":5: id is"],
        ),
        ("mine.csv", "id,name,kind\nx,X,y\n", [f":2: kind 'y' is none of {', '.join(KINDS)}"]),
        ("mine.toml", '[[actor]]\nid = "ulm"\nmute = true\n', ["no actor has the id 'ulm'"]),
        ("mine.toml", "not toml", ["cannot be read as TOML"]),
        ("mine.json", "{}", ["holds no actors"]),
    ],
)
@pytest.mark.parametrize("command", [["check"], ["list", "--actors"], ["show", "Obama", "--actors"]])
def test_a_file_that_cannot_be_used_is_told_with_every_problem_and_status_1(run, own, command, name, content, messages):
    done = run("actors", *command, own(content, name))
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("stance: ")
    assert [message for message in messages if message not in done.err] == []


def test_a_file_that_is_not_there_is_one_line(run, tmp_path):
    done = run("actors", "check", tmp_path / "gone.toml")
    assert (done.code, done.out) == (1, "")
    assert len(done.err.splitlines()) == 1
    assert "gone.toml" in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["list", "--kind", "country"],
        ["list", "--format", "csv"],
        ["show"],
        ["show", "Obama", "--date", "soon"],
        ["show", "Obama", "--date", "2012-3-1"],
        ["show", "Obama", "--date", "2012-13-45"],
        ["suggest"],
        ["suggest", "a.txt", "--min-mentions", "0"],
        ["check"],
        ["no-such-command"],
        [],
    ],
)
def test_wrong_usage_is_status_2(run, arguments):
    assert run("actors", *arguments).code == 2
