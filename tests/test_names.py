from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.names import find_names
from stance.records import KINDS
from stance.registry import ActorRecord, Registry, load_registry

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
    for mention in find_names(text, registry):
        start = mention.span.start
        assert end <= start < mention.span.end <= len(text)
        end = mention.span.end
        record = registry.records[mention.actor.id]
        names = [record.name, *record.aliases, *record.adjectives, *record.demonyms, *record.seats, *record.leaders]
        assert text[start:end].casefold().startswith(tuple(name.casefold() for name in names))


@pytest.mark.parametrize("records", [(), RECORDS])
def test_an_empty_text_or_registry_gives_no_mentions(records):
    assert find_names("", Registry(records)) == ()
    assert find_names("Russia met Turkey.", Registry(())) == ()


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


@pytest.mark.parametrize("word", ["US-led", "U.S.-led", "Turkey-based", "Russian-made"])
def test_first_parts_of_hyphenated_words_are_no_mentions(registry, word):
    assert ids(registry, f"A {word} militia fled.") == []


@pytest.mark.parametrize("word", ["Russia-backed", "Russia‑backed", "Russia-trained"])
def test_who_backs_others_is_an_actor(registry, word):
    assert found(registry, f"A {word} militia fled.") == [("RUS", "Russia")]


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


def test_the_shipped_registry_knows_states_by_name():
    shipped = load_registry()
    assert {record.kind for record in shipped.records.values()} <= set(KINDS)
    assert ids(shipped, "Kenya thanked Peru, Iceland and Vietnam.") == ["KEN", "PER", "ISL", "VNM"]
