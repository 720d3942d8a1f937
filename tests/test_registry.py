from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registries import RECORDS, ids

from stance import ActorError
from stance.names import find_names
from stance.registry import ActorRecord, Office, PersonRecord, Registry, slug

ELDER = PersonRecord("Anton Lorn", ("Lorn",), (Office("TUR", "head of state", "1990-03", "1999"),))
YOUNGER = PersonRecord(
    "Berta Lorn",
    ("Lorn",),
    (Office("AFG", "head of state", "2004-05-01", "2012-11-30"), Office("isk", "leader", "2001", "2003-06")),
)
OPEN = PersonRecord("Cem Oduya", (), (Office("AFG", "special envoy", "2015", None),))
NOBODY = PersonRecord("Dora Oduya")
PERSONS = (ELDER, YOUNGER, OPEN, NOBODY)
AMBIGUOUS = {"Velm": [("RUS", ["Moscow", "Volga"]), ("TUR", ["Ankara"]), (None, ["river"])]}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry(RECORDS)


@pytest.fixture(scope="module")
def peopled() -> Registry:
    """A registry with persons, a muted name and an ambiguous one."""
    return Registry(RECORDS, ["Kabul Post"], PERSONS, AMBIGUOUS)


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


days = st.dates().map(str)
exactness = st.sampled_from([4, 7, 10])


@given(days, days, days)
def test_an_office_with_full_dates_covers_the_days_between_them(start, end, day):
    assert Office("RUS", "", start, end).covers(day) == (start <= day <= end)


@given(days, days, days, st.tuples(exactness, exactness, exactness))
def test_dates_that_are_less_exact_only_widen_an_office(start, end, day, lengths):
    widened = Office("RUS", "", start[: lengths[0]], end[: lengths[1]]).covers(day[: lengths[2]])
    if Office("RUS", "", start, end).covers(day):
        assert widened
    if not start[:4] <= day[:4] <= end[:4]:
        assert not widened


@given(days, days, exactness)
def test_an_open_end_has_no_limit(one, day, length):
    assert Office("RUS", "", None, None).covers(day)
    assert Office("RUS", "", one[:length], None).covers(day) == (day[:length] >= one[:length])
    assert Office("RUS", "", None, one[:length]).covers(day) == (day[:length] <= one[:length])


@pytest.mark.parametrize(
    ("date", "office"),
    [
        ("2004-04-30", None),
        ("2004-05-01", "head of state"),
        ("2004-05", "head of state"),
        ("2004", "head of state"),
        ("2012-11-30", "head of state"),
        ("2012-12", None),
        ("2001-01-01", "leader"),
        ("2003-06-30", "leader"),
        ("2003-07", None),
        ("2013", None),
        (None, "head of state"),
    ],
)
def test_a_person_holds_the_office_of_the_date_and_else_the_best_known(date, office):
    held = YOUNGER.office(date)
    assert (held.title if held else None) == office


def test_a_person_without_offices_holds_none():
    assert NOBODY.office("2010") is None
    assert NOBODY.office(None) is None


def act(registry: Registry, name: str, date: str | None) -> tuple[str, str | None]:
    """For whom a name in a text counts, and through whom."""
    (mention,) = find_names(f"In the evening {name} told them to go.", registry, date)
    return mention.actor.id, mention.agent.id if mention.agent else None


@pytest.mark.parametrize(
    ("name", "date", "expected"),
    [
        ("Lorn", "1995-01-01", ("TUR", "anton-lorn")),
        ("Lorn", "2010", ("AFG", "berta-lorn")),
        ("Lorn", "2002-02", ("isk", "berta-lorn")),
        ("Lorn", "2020", ("anton-lorn", None)),
        ("Lorn", None, ("AFG", "berta-lorn")),
        ("Anton Lorn", "2010", ("anton-lorn", None)),
        ("Anton Lorn", None, ("TUR", "anton-lorn")),
        ("Cem Oduya", "2030-01-01", ("AFG", "cem-oduya")),
        ("Cem Oduya", "2014-12-31", ("cem-oduya", None)),
        ("Dora Oduya", "2014-12-31", ("dora-oduya", None)),
        ("Dora Oduya", None, ("dora-oduya", None)),
        ("Putin", "1600", ("RUS", "putin")),
    ],
)
def test_of_two_persons_of_one_name_the_one_in_office_is_meant(peopled, name, date, expected):
    assert act(peopled, name, date) == expected
    meaning = peopled.meaning(name, date)
    if "Putin" not in name:
        assert (meaning.actor.id, meaning.agent.id if meaning.agent else None) == expected
        assert peopled.resolve(name, date).id == expected[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In the evening Velm sold the boats.", ["RUS"]),
        ("In the evening Velm sold the boats that the Volga had brought.", ["RUS"]),
        ("In the evening Velm sold the boats, and Ankara was glad.", ["TUR", "TUR"]),
        ("In the evening Velm sold the boats that the river had brought.", []),
        ("In the evening Velm and the Volga, Moscow and Ankara had floods.", ["RUS", "RUS", "TUR"]),
        ("In the evening VELM SOLD THE BOATS, and Ankara was glad.", ["TUR", "TUR"]),
    ],
)
def test_an_ambiguous_name_has_the_reading_with_most_cues_in_the_text(peopled, text, expected):
    assert ids(peopled, text) == expected


def test_readings_of_actors_that_are_gone_are_not_taken(peopled):
    own = peopled.extended([], without=["RUS"])
    assert ids(own, "In the evening Velm sold the boats that the Volga had brought.") == ["TUR"]


def test_an_ambiguous_name_all_of_whose_actors_are_gone_is_no_mention():
    registry = Registry(RECORDS, ambiguous={"Velm": [("RUS", ["Volga"]), ("TUR", ["Ankara"])]})
    own = registry.extended([], without=["RUS", "TUR"])
    assert ids(own, "In the evening Velm sold the boats to Kabul.") == ["AFG"]


def test_an_own_actor_takes_an_ambiguous_name_for_good(peopled):
    own = peopled.extended([ActorRecord("velm", "Velm", "company")])
    assert ids(own, "In the evening Velm sold the boats that the river had brought to Ankara.") == ["velm", "TUR"]


def test_more_names_can_be_muted(peopled):
    text = "In the evening the Kabul Post wrote of the Turkey run, and Kabul was calm."
    assert ids(peopled, text) == ["TUR", "AFG"]
    assert ids(peopled.extended([], muted=["Turkey run"]), text) == ["AFG"]


def test_a_name_of_an_actor_can_be_muted(registry):
    own = registry.extended([], muted=["Kabul"])
    assert ids(own, "In the evening Kabul told Moscow to wait.") == ["RUS"]


def test_an_actor_can_be_taken_out_and_its_persons_then_act_for_themselves(peopled):
    own = peopled.extended([], without=["AFG"])
    assert ids(own, "In the evening Kabul told Moscow to wait.") == ["RUS"]
    assert act(own, "Berta Lorn", "2010") == ("berta-lorn", None)
    assert act(peopled, "Berta Lorn", "2010") == ("AFG", "berta-lorn")


def test_own_persons_are_added_and_come_before_those_of_their_name(peopled):
    own = peopled.extended(
        [], persons=[PersonRecord("Ezra Lorn", ("Lorn",), (Office("USA", "envoy", "1992", "2010"),))]
    )
    assert act(own, "Lorn", "1995") == ("USA", "ezra-lorn")
    assert act(own, "Lorn", "2011") == ("AFG", "berta-lorn")
    assert act(peopled, "Lorn", "1995") == ("TUR", "anton-lorn")


@pytest.mark.parametrize(
    ("name", "date"),
    [
        pytest.param("Berta Lorn", "2010"),
        ("Berta Lorn", None),
        ("Putin", "2010"),
    ],
)
def test_an_own_person_overrides_who_has_the_same_name(peopled, name, date):
    own = peopled.extended([], persons=[PersonRecord(name, (), (Office("USA", "envoy", "2000", None),))])
    assert act(own, name, date) == ("USA", slug(name))


@pytest.mark.parametrize(
    ("string", "role", "actor", "agent", "person"),
    [
        ("Russia", "name", "RUS", None, None),
        ("russia", "name", "RUS", None, None),
        ("ISIS", "aliases", "islamic-state", None, None),
        ("Turkish", "adjectives", "TUR", None, None),
        ("Turks", "demonyms", "TUR", None, None),
        ("Kabul", "seats", "AFG", None, None),
        ("Vladimir Putin", "leaders", "RUS", None, None),
        ("Kabul Post", "muted", None, None, None),
        ("Berta Lorn", "person", "AFG", "berta-lorn", "Berta Lorn"),
        ("Dora Oduya", "person", "dora-oduya", None, "Dora Oduya"),
    ],
)
def test_the_meaning_of_a_string_says_whose_it_is_and_as_what(peopled, string, role, actor, agent, person):
    meaning = peopled.meaning(string)
    assert meaning.role == role
    assert (meaning.actor.id if meaning.actor else None) == actor
    assert (meaning.agent.id if meaning.agent else None) == agent
    assert (meaning.person.name if meaning.person else None) == person
    assert meaning.record == peopled.records.get(actor)


def test_the_meaning_of_an_ambiguous_name_has_all_its_readings(peopled):
    readings = peopled.meaning("Velm").readings
    assert [(reading.actor.id if reading.actor else None, reading.cues[0]) for reading in readings] == [
        ("RUS", "Moscow"),
        ("TUR", "Ankara"),
        (None, "river"),
    ]


def test_a_string_without_meaning_is_named_in_the_error(peopled):
    with pytest.raises(ActorError, match="no actor is called 'Norvik'"):
        peopled.meaning("Norvik")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Harrow League", "harrow-league"),
        ("Société Générale", "societe-generale"),
        ("  A & B ", "a-b"),
        ("北", "actor"),
    ],
)
def test_slugs_are_plain_ascii(name, expected):
    assert slug(name) == expected


def test_the_form_of_an_apostrophe_changes_no_slug():
    assert slug("Kelda People's Front") == slug("Kelda People’s Front")


@given(st.text())
def test_every_name_has_a_slug(name):
    made = slug(name)
    assert made == slug(made)
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert made.strip("-")


def test_every_office_of_the_shipped_registry_is_of_an_actor_and_ends_after_it_begins(shipped):
    for person in shipped.persons:
        for office in person.offices:
            assert office.of in shipped.records
            assert office.start is None or office.covers(office.start)
