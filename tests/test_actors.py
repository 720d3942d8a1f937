from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance import ActorError
from stance.actors import KINDS, ActorRecord, Registry, load_registry, read_actors

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
    return [(m.actor.id, text[m.span.start : m.span.end]) for m in registry.find(text)]


def ids(registry: Registry, text: str) -> list[str]:
    return [actor for actor, _ in found(registry, text)]


pieces = st.sampled_from(
    ["Russia", "russia", "RUSSIA", "Russian", "troops", "Kabul", "in", "US", "us", "U.S.", "Islamic State", "Khorasan"]
) | st.sampled_from(
    ["the Kremlin", "'s", "’s", "-led", "-", "and", "İ", "ß", "\u0301", "😀", "\n", ", ", ".", "@", "_", " "]
)


@given(st.lists(pieces | st.text(max_size=4), max_size=15), st.sampled_from(["", " "]))
@settings(max_examples=100, deadline=None)
def test_mentions_in_any_text_name_their_actor_in_order_without_overlap(registry, words, gap):
    text = gap.join(words)
    end = 0
    for mention in registry.find(text):
        start = mention.span.start
        assert end <= start < mention.span.end <= len(text)
        end = mention.span.end
        record = registry.records[mention.actor.id]
        names = [record.name, *record.aliases, *record.adjectives, *record.demonyms, *record.seats, *record.leaders]
        assert text[start:end].casefold().startswith(tuple(name.casefold() for name in names))


@pytest.mark.parametrize("records", [(), RECORDS])
def test_an_empty_text_or_registry_gives_no_mentions(records):
    assert Registry(records).find("") == ()
    assert Registry(()).find("Russia met Turkey.") == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Russia met Turkey.", [("RUS", "Russia"), ("TUR", "Turkey")]),
        ("The Kremlin's guest thanked the Kremlin.", [("RUS", "the Kremlin")]),
        ("Islamic State Khorasan raided a prison.", [("isk", "Islamic State Khorasan")]),
        ("Islamic State raided a prison.", [("islamic-state", "Islamic State")]),
        ("Vladimir Putin spoke; Putin left.", [("RUS", "Vladimir Putin"), ("RUS", "Putin")]),
        ("The Americans left, the Russians stayed.", [("USA", "Americans"), ("RUS", "Russians")]),
        ("Russia's army met Turkey’s envoy.", [("RUS", "Russia"), ("TUR", "Turkey")]),
        ("The U.S.'s envoy left.", [("USA", "U.S.")]),
        ("“Turkey,” she said, (Russia) too.", [("TUR", "Turkey"), ("RUS", "Russia")]),
        ("The Russia-Turkey talks failed.", [("RUS", "Russia"), ("TUR", "Turkey")]),
    ],
)
def test_names_are_found_and_the_longest_wins(registry, text, expected):
    assert found(registry, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He told us that US envoys had left us.", ["USA"]),
        ("The turkey was served before Turkey won.", ["TUR"]),
        ("They walked through russia.", []),
        ("RUSSIA WARNS TURKEY", ["RUS", "TUR"]),
        ("RUSSIAN FORCES LEAVE", ["RUS"]),
        ("The thesis on ISIS was a crisis.", ["islamic-state"]),
    ],
)
def test_case_counts_but_headlines_may_be_in_capitals(registry, text, expected):
    assert ids(registry, text) == expected


@pytest.mark.parametrize(
    "word", ["Russiagate", "Belorussia", "USB", "BUS", "Turkeys", "@Russia", "#Turkey", "_Russia", "Russia2"]
)
def test_parts_of_longer_words_handles_and_tags_are_no_mentions(registry, word):
    assert ids(registry, f"They wrote {word} on the wall.") == []


@pytest.mark.parametrize(
    "word", ["Russia-backed", "US-led", "U.S.-led", "Turkey-based", "Russian-made", "Russia‑backed"]
)
def test_first_parts_of_hyphenated_words_are_no_mentions(registry, word):
    assert ids(registry, f"A {word} militia fled.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Fighting raged in Kabul.",
        "They met in the Kremlin.",
        "Storms swept across Turkey.",
        "A bomb went off near Ankara.",
        "Prices rose throughout Russia.",
        "A market in central Kabul burned.",
        "Protests were held in Moscow, Kabul and Ankara.",
        "Snow fell in Turkey, Russia, and Afghanistan.",
        "Refugees live in Turkey or Russia.",
        "Their flights to Kabul were cancelled.",
        "He returned to Moscow.",
        "Trains from Ankara were late.",
        "The streets of Kabul were empty.",
        "Kabul airport was closed.",
    ],
)
def test_places_are_no_mentions(registry, text):
    assert ids(registry, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kabul said it would wait.", ["AFG"]),
        ("Moscow and Kabul agreed to wait.", ["RUS", "AFG"]),
        ("Washington, Moscow and Ankara signed.", ["USA", "RUS", "TUR"]),
        ("Confidence in Russia fell.", ["RUS"]),
        ("They put their trust in Turkey.", ["TUR"]),
        ("The treaty binds Kabul.", ["AFG"]),
        ("They were shot in Kabul. Moscow said nothing.", ["RUS"]),
        ("In Kabul, Russian officials condemned Turkey.", ["RUS", "TUR"]),
        ("In Kabul, Russia condemned Turkey.", ["RUS", "TUR"]),
        ("Speaking in Ankara, Putin praised Turkey.", ["RUS", "TUR"]),
        ("Forty people died in Russia's attack on Turkey.", ["RUS", "TUR"]),
    ],
)
def test_actors_beside_places_are_mentions(registry, text, expected):
    assert ids(registry, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Russian forces left.", [("RUS", "Russian forces")]),
        ("Russian special forces left.", [("RUS", "Russian special forces")]),
        ("The Turkish foreign minister left.", [("TUR", "Turkish foreign minister")]),
        ("An Afghan court freed an American soldier.", [("AFG", "Afghan court"), ("USA", "American soldier")]),
        ("A Russian rifle was found in the Afghan city.", []),
        ("He likes Turkish coffee and American films.", []),
        ("The rifle was Russian.", []),
    ],
)
def test_adjectives_act_only_before_those_who_act(registry, text, expected):
    assert found(registry, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Russian and Turkish officials met.", ["RUS", "TUR"]),
        ("Afghan, Russian and Turkish envoys met.", ["AFG", "RUS", "TUR"]),
        ("Russian officials and Turkish envoys met.", ["RUS", "TUR"]),
        ("Russian and Turkish rifles were found.", []),
    ],
)
def test_joined_adjectives_share_their_noun(registry, text, expected):
    assert ids(registry, text) == expected


@pytest.mark.parametrize(
    "name", ["Moscow State University", "Kabul Bank", "Ankara Textile Works", "Washington Post", "Washington Irving"]
)
def test_a_seat_within_a_longer_name_is_no_mention(registry, name):
    assert ids(registry, f"The letter was printed by {name} before the meeting was over.") == []


def test_a_seat_in_a_headline_is_a_mention(registry):
    assert ids(registry, "Ankara Insists Moscow Break Silence Over Border") == ["TUR", "RUS"]


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
    records = read_actors(path)
    assert records == [
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
    assert str(caught.value).startswith(f"{path}: actor 2: {message}")


def test_the_shipped_registry_knows_states_by_name():
    shipped = load_registry()
    assert {record.kind for record in shipped.records.values()} <= set(KINDS)
    assert ids(shipped, "Kenya thanked Peru, Iceland and Vietnam.") == ["KEN", "PER", "ISL", "VNM"]
