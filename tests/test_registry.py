from __future__ import annotations

import pytest

from stance import ActorError
from stance.names import find_names
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


@pytest.mark.parametrize(
    ("name", "actor"),
    [
        ("RUS", "RUS"),
        ("rus", "RUS"),
        ("russia", "RUS"),
        ("UNITED STATES", "USA"),
        ("US", "USA"),
        ("Kabul", "AFG"),
        ("Putin", "RUS"),
        ("islamic-state", "islamic-state"),
    ],
)
def test_actors_are_resolved_by_id_name_alias_seat_or_leader(registry, name, actor):
    assert registry.resolve(name).id == actor


def test_an_unknown_actor_is_named_in_the_error(registry):
    with pytest.raises(ActorError, match="no actor is called 'Norvik'"):
        registry.resolve("Norvik")


def test_own_actors_are_added(registry):
    own = registry.extended([ActorRecord("norvik", "Norvik", "company")])
    assert ids(own, "Norvik left Russia.") == ["norvik", "RUS"]
    assert ids(registry, "Norvik left Russia.") == ["RUS"]


def test_own_actors_override_those_of_the_same_id(registry):
    own = registry.extended([ActorRecord("TUR", "Türkiye", "state", ("Turkiye",))])
    assert ids(own, "Türkiye won; TÜRKIYE WON; Turkey won; Ankara won.") == ["TUR", "TUR"]
    assert own.resolve("TUR").name == "Türkiye"


@pytest.mark.parametrize("text", ["Moscow won the match.", "MOSCOW WINS MATCH"])
def test_own_actors_take_over_names_also_in_capitals(registry, text):
    own = registry.extended([ActorRecord("club", "Moscow", "organisation")])
    assert ids(own, text) == ["club"]
    assert own.resolve("Moscow").id == "club"


@pytest.mark.parametrize(
    "record", [ActorRecord("RUS", "Russia", "state", ("Kabul",)), ActorRecord("new", "New", "state", ("Kabul",))]
)
def test_own_actors_take_over_names_whichever_actor_they_override(registry, record):
    assert ids(registry.extended([record]), "Kabul said no.") == [record.id]
