from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.actors import within
from stance.names import find_names
from stance.records import Actor
from stance.reference import with_references
from stance.registry import ActorRecord, Office, PersonRecord, Registry
from stance.segmentation import sentences

NORVIK = ActorRecord("NVK", "Norvik", "state", (), ("Norvikan",), ("Norvikans",), ("Vell",))
OSTMARK = ActorRecord("OST", "Ostmark", "state", (), ("Ostmarker",))
SAROVIA = ActorRecord("SAR", "Sarovia", "state")
LEAGUE = ActorRecord("harrow", "Harrow League", "organisation")
FRONT = ActorRecord("sarn", "Sarn Front", "armed_group")
BRIGADE = ActorRecord("velm", "Velm Brigade", "armed_group")
FOODS = ActorRecord("foods", "Velm Foods", "company")
PARTY = ActorRecord("kelda", "Kelda Party", "party")
ADA = PersonRecord("Ada Lorn", (), (Office("NVK", "head of state", None, None),))
OSKAR = PersonRecord("Oskar Venn")
REGISTRY = Registry((NORVIK, OSTMARK, SAROVIA, LEAGUE, FRONT, BRIGADE, FOODS, PARTY), (), (ADA, OSKAR))


def linked(text: str, home: Actor | None = None) -> list[tuple[str, str]]:
    """The nouns and pronouns that stand for an actor, with its id."""
    spans = [*sentences(text)]
    mentions = with_references(text, spans, [*within(find_names(text, REGISTRY), spans)], home)
    return [(text[slice(*m.span)], m.actor.id) for m in mentions if m.via in ("nominal", "pronoun")]


pieces = st.sampled_from(
    ["Norvik", "Ostmark", "Ada Lorn", "Sarn Front", "the group", "The two countries", "the army", "It", "its", "he"]
) | st.sampled_from(["we", "“", "”", '"', " said", ". ", "\n\n", "both sides", "they", "İ", "ß", "😀", "\u0301", ", "])


@given(st.lists(pieces | st.text(max_size=4), max_size=25), st.sampled_from(["", " "]), st.booleans())
@settings(max_examples=150, deadline=None)
def test_mentions_in_any_text_are_inside_it_in_order_and_keep_those_by_name(parts, gap, at_home):
    text = gap.join(parts)
    spans = [*sentences(text)]
    named = [*within(find_names(text, REGISTRY), spans)]
    mentions = with_references(text, spans, named, NORVIK.actor if at_home else None)
    assert [m for m in mentions if m.via not in ("nominal", "pronoun")] == named
    for one, other in pairwise(mentions):
        assert one.span == other.span or one.span.end <= other.span.start
        assert one != other
    assert all(any(s.start <= m.span.start < m.span.end <= s.end for s in spans) for m in mentions)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Sarn Front shelled the dam. Norvik said the group would pay.", [("the group", "sarn")]),
        ("The Sarn Front shelled the dam. The militia left at night.", [("The militia", "sarn")]),
        ("The Sarn Front shelled the dam. Norvik said the armed group would pay.", [("the armed group", "sarn")]),
        ("The Harrow League met in spring. The league praised Ostmark.", [("The league", "harrow")]),
        ("The Harrow League met in spring. The organisation praised Ostmark.", [("The organisation", "harrow")]),
        ("The Kelda Party met in spring. The party praised Ostmark.", [("The party", "kelda")]),
        ("Velm Foods sold bread. The company praised Ostmark.", [("The company", "foods")]),
        ("The Sarn Front and the Harrow League met. The militia left first.", [("The militia", "sarn")]),
        ("The Sarn Front and the Harrow League met. The league left first.", [("The league", "harrow")]),
        ("The Sarn Front and the Velm Brigade met. The front left first.", [("The front", "sarn")]),
        ("The Sarn Front met the Velm Brigade. Norvik said the militia would pay.", [("the militia", "velm")]),
    ],
)
def test_a_noun_stands_for_the_actor_of_its_kind_or_name(text, expected):
    assert linked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The group shelled the dam.",
        "The company sold bread to Norvik.",
        "The Sarn Front shelled the dam. The group of men left at night.",
        "The Sarn Front shelled the dam. Another group left at night.",
    ],
)
def test_a_noun_that_fits_nobody_is_not_linked(text):
    assert linked(text) == []


@pytest.mark.parametrize(
    ("text", "words", "ids"),
    [
        ("Norvik met Ostmark. The two countries signed a pact.", "The two countries", ["NVK", "OST"]),
        ("Norvik met Ostmark. Both governments signed a pact.", "Both governments", ["NVK", "OST"]),
        ("Norvik met Ostmark. The Harrow League praised the two states.", "the two states", ["NVK", "OST"]),
        (
            "Norvik praised the pact. Ostmark praised the pact. The two neighbours left.",
            "The two neighbours",
            ["NVK", "OST"],
        ),
        ("The Sarn Front met the Velm Brigade. The two groups signed a pact.", "The two groups", ["sarn", "velm"]),
    ],
)
def test_two_of_a_kind_are_the_two_that_were_named(text, words, ids):
    assert linked(text) == [(words, actor) for actor in ids]


@pytest.mark.parametrize(
    "text",
    [
        "The two countries signed a pact.",
        "Norvik was calm. The two countries signed a pact.",
        "Norvik and Ostmark met Sarovia. The two countries signed a pact.",
        "Norvik met the Harrow League. The two countries signed a pact.",
        "Norvik met Ostmark. The two women signed a pact.",
    ],
)
def test_two_are_not_linked_where_one_or_three_would_fit(text):
    assert linked(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Lorn shut the dam. He praised Ostmark.", [("He", "NVK")]),
        ("Ada Lorn shut the dam. She praised Ostmark.", [("She", "NVK")]),
        ("Ada Lorn shut the dam. Her friends praised Ostmark.", [("Her", "NVK")]),
        ("Ada Lorn met the Harrow League. She praised Ostmark.", [("She", "NVK")]),
        ("Norvik shut the dam. It accused Ostmark of theft.", [("It", "NVK")]),
        ("Norvik shut the dam. Its friends praised Ostmark.", [("Its", "NVK")]),
        ("Norvik met Ada Lorn. It praised Ostmark.", [("It", "NVK")]),
        ("Norvik said that it would shut the dam.", [("it", "NVK")]),
        ("Norvik accused Ostmark of theft, and it asked for help.", [("it", "NVK")]),
        ("Ada Lorn met the Sarn Front. They left at night.", [("They", "sarn")]),
    ],
)
def test_a_pronoun_stands_for_the_person_body_or_group_before_it(text, expected):
    assert linked(text) == expected


def test_a_person_whom_a_pronoun_stands_for_acts_for_the_same():
    text = "Ada Lorn shut the dam. She praised Ostmark."
    spans = [*sentences(text)]
    mentions = with_references(text, spans, [*find_names(text, REGISTRY)], None)
    assert [m.agent.name for m in mentions if m.actor.id == "NVK"] == ["Ada Lorn", "Ada Lorn"]


@pytest.mark.parametrize(
    "text",
    [
        "It accused Ostmark of theft.",
        "He shut the dam, and they left at night.",
        "Norvik shut the dam. He accused Ostmark of theft.",
        "Ada Lorn shut the dam. It was late.",
        "Norvik shut the dam. It is clear that Ostmark will pay.",
        "Norvik shut the dam. It was not clear who had paid.",
        "Norvik shut the dam. Rain fell. Snow fell. Hail fell. It was fined.",
        "Norvik shut the dam. It was late, and all the boats were gone.",
        "Norvik shut the dam. It rained all day, and all the boats were gone.",
    ],
)
def test_a_pronoun_that_fits_nobody_is_not_linked(text):
    assert linked(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Norvik said the pact was dead. “We will fight Ostmark.”", [("We", "NVK")]),
        ('Norvik said the pact was dead. "We will fight Ostmark."', [("We", "NVK")]),
        ("Norvik said the pact was dead. “Our men will fight Ostmark,” a note read.", [("Our", "NVK")]),
        ("Norvik said the pact was dead. “Ostmark has sold us.”", [("us", "NVK")]),
        ("Norvik said the pact was dead. We saw Ostmark shut the dam.", []),
        ("“We will fight Ostmark,” a man read out.", []),
        ("“We will fight Ostmark,” Norvik said.", [("We", "NVK")]),
    ],
)
def test_we_in_a_quotation_is_who_speaks(text, expected):
    assert linked(text) == expected


@pytest.mark.parametrize(
    ("text", "home", "expected"),
    [
        ("The army shelled the dam.", NORVIK, [("The army", "NVK")]),
        ("The army shelled the dam.", None, []),
        ("The Foreign Ministry praised Ostmark.", NORVIK, [("The Foreign Ministry", "NVK")]),
        ("The defence minister praised Ostmark.", NORVIK, [("The defence minister", "NVK")]),
        ("Norvik was calm. The government praised Ostmark.", None, [("The government", "NVK")]),
        ("Norvik met Ostmark. The government left.", OSTMARK, [("The government", "OST")]),
        ("Norvik was calm. Its army shelled Ostmark.", None, [("Its", "NVK")]),
        ("Norvik was calm. The government of the hills praised Ostmark.", NORVIK, []),
        ("Norvik was calm. Norvik said the army would shell the dam.", NORVIK, [("the army", "NVK")]),
        (
            "Norvik was calm. The foreign minister praised Ostmark, and he left.",
            None,
            [("The foreign minister", "NVK")],
        ),
    ],
)
def test_bodies_without_a_state_belong_to_that_of_the_passage_or_of_the_text(text, home, expected):
    assert linked(text, home.actor if home else None) == expected


@pytest.mark.parametrize("text", ["", "It rained.", "They said that we were late."])
def test_a_text_without_actors_has_no_references(text):
    assert linked(text, NORVIK.actor) == []
