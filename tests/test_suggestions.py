from __future__ import annotations

import pytest

from stance import Document
from stance.actor_files import extended, read_actors
from stance.names import find_names
from stance.registry import ActorRecord, Office, PersonRecord, Registry
from stance.suggestions import Suggestion, as_toml, suggest

REGISTRY = Registry((ActorRecord("NVK", "Norvik", "state", (), ("Norvikan",)),))
TEXTS = [
    "In the evening General Oskar Venn shut the bridge to Norvik. After the rain Venn told the guards to go home.",
    "In the evening the Velm Council condemned Oskar Venn over the bridge. They came through Sarovia in spring.",
    "It rained in Norvik.",
    "They came through Sarovia in spring, and Sarovia was calm.",
]
DOCUMENTS = [Document(text) for text in TEXTS]


def names(found: list[Suggestion]) -> list[tuple[str, str | None, int, int]]:
    return [(own.name, own.kind, own.mentions, own.texts) for own in found]


def test_unknown_names_are_counted_over_texts_actors_first_then_the_frequent():
    assert names(suggest(DOCUMENTS, REGISTRY, 1)) == [
        ("Oskar Venn", "person", 3, 2),
        ("Velm Council", "organisation", 1, 1),
        ("Sarovia", None, 3, 2),
    ]


@pytest.mark.parametrize(
    ("least", "expected"), [(2, ["Oskar Venn", "Sarovia"]), (3, ["Oskar Venn", "Sarovia"]), (4, [])]
)
def test_rare_names_are_left_out(least, expected):
    assert [own.name for own in suggest(DOCUMENTS, REGISTRY, least)] == expected


def test_short_forms_are_aliases_and_the_first_sentence_is_the_example():
    first = suggest(DOCUMENTS, REGISTRY, 1)[0]
    assert first.aliases == {"Venn": 1}
    assert first.example == "In the evening General Oskar Venn shut the bridge to Norvik."


def test_what_the_registry_knows_is_not_suggested():
    own = REGISTRY.extended(
        [ActorRecord("velm", "Velm Council", "organisation"), ActorRecord("SAR", "Sarovia", "state")]
    )
    assert [found.name for found in suggest(DOCUMENTS, own, 1)] == ["Oskar Venn"]


def test_the_surname_of_a_person_whom_the_registry_knows_is_not_suggested():
    own = REGISTRY.extended([], persons=[PersonRecord("Oskar Venn", (), (Office("NVK", "general", None, None),))])
    assert suggest(DOCUMENTS[:1], own, 1) == []


@pytest.mark.parametrize("texts", [[], [""], ["It rained."]])
def test_no_names_no_suggestions(texts):
    assert suggest([Document(text) for text in texts], REGISTRY, 1) == []


def test_the_file_can_be_used_as_it_stands_and_names_the_doubtful_in_comments(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(as_toml(suggest(DOCUMENTS, REGISTRY, 1)), encoding="utf-8")
    file = read_actors(path)
    assert file.records == (
        ActorRecord("oskar-venn", "Oskar Venn", "person", ("Venn",)),
        ActorRecord("velm-council", "Velm Council", "organisation"),
    )
    own = extended(REGISTRY, file)
    assert [m.actor.id for m in find_names(TEXTS[1], own)] == ["velm-council", "oskar-venn"]
    content = path.read_text(encoding="utf-8")
    assert '# name = "Sarovia"' in content
    assert "# 3 mentions in 2 texts: In the evening General Oskar Venn shut" in content


@pytest.mark.parametrize("name", ['The "Velm" Front', "Société Générale", "A\\B", "O’Malley"])
def test_names_are_quoted(tmp_path, name):
    path = tmp_path / "own.toml"
    path.write_text(as_toml([Suggestion(name, "company", 3, 1, example="One.\n[[actor]]\ntwo")]), encoding="utf-8")
    (record,) = read_actors(path).records
    assert record.name == name


def test_two_spellings_of_a_name_make_a_sound_file(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(as_toml([Suggestion("José Rojas", "person"), Suggestion("Jose Rojas", "person")]), encoding="utf-8")
    assert len(read_actors(path).records) == 2
