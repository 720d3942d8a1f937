from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from own_texts import REGISTRY, found, opened, words

from stance.discovery import unknown_names
from stance.names import find_names
from stance.segmentation import sentences

pieces = st.sampled_from(
    ["General Oskar Venn", "Venn", "Velm Council (VC)", "VC", "said", ", a spokesman for", "Norvik", "Harrow League"]
) | st.sampled_from(
    ["’s", "al-Hadad", "of the", "the", ". ", "\n\n", "“", "”", "İ", "ß", "😀", "\u0301", "-", "Its", ","]
)


@given(st.lists(pieces | st.text(max_size=4), max_size=25), st.sampled_from(["", " "]))
@settings(max_examples=100, deadline=None)
def test_mentions_in_any_text_are_inside_it_in_order_without_overlap(parts, gap):
    text = gap.join(parts)
    end = 0
    for mention in opened(text):
        assert end <= mention.span.start < mention.span.end <= len(text)
        end = mention.span.end


BRIDGE = "In the evening {} shut the bridge over the river."


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("In the evening General Oskar Venn was seen on the bridge.", "Oskar Venn", "person"),
        ("In the evening Mr Venn was seen on the bridge.", "Venn", "person"),
        ("In the evening the spokeswoman Ilse Brandt was seen on the bridge.", "Ilse Brandt", "person"),
        ("In the evening economist Ilse Brandt was seen on the bridge.", "Ilse Brandt", "person"),
        ("In the evening Ilse Brandt, a nurse from the hills, was seen on the bridge.", "Ilse Brandt", "person"),
        ("In the evening Ilse Brandt, 45, was seen on the bridge.", "Ilse Brandt", "person"),
        ("In the evening Ilse Brandt (45) was seen on the bridge.", "Ilse Brandt", "person"),
        ("In the evening Ilse Brandt said that the bridge was shut.", "Ilse Brandt", "person"),
        ("The bridge over the river was shut, said Ilse Brandt.", "Ilse Brandt", "person"),
        ("The bridge over the river was shut, Ilse Brandt told the crowd.", "Ilse Brandt", "person"),
        ("In the evening Ilse Brandt condemned the guards on the bridge.", "Ilse Brandt", "person"),
        ("In the evening they were attacked by Ilse Brandt on the bridge.", "Ilse Brandt", "person"),
        ("In the evening the guards condemned Ilse Brandt for the bridge.", "Ilse Brandt", "person"),
        ("In the evening Juan de la Torre said that the bridge was shut.", "Juan de la Torre", "person"),
        ("In the evening Seán O’Malley said that the bridge was shut.", "Seán O’Malley", "person"),
        ("In the evening the Velm Council (VC) was seen on the bridge.", "Velm Council", "organisation"),
        ("In the evening the Velm Council was seen on the bridge.", "Velm Council", "organisation"),
        ("In the evening the Union of Velm Miners was seen on the bridge.", "Union of Velm Miners", "organisation"),
        ("In the evening the Velm Brigade was seen on the bridge.", "Velm Brigade", "armed_group"),
        ("In the evening the Velm Party was seen on the bridge.", "Velm Party", "party"),
        ("In the evening Velm Foods said that the bridge was shut.", "Velm Foods", "company"),
        ("In the evening Tarkan, an oil company, was seen on the bridge.", "Tarkan", "company"),
        ("In the evening Tarkan, a militia from the hills, was seen on the bridge.", "Tarkan", "armed_group"),
        ("In the evening TARKO said that the bridge was shut.", "TARKO", "organisation"),
        ("In the evening Gen. Oskar Venn was seen on the bridge.", "Oskar Venn", "person"),
        ("On Monday Ilse Brandt said that the bridge was shut.", "Ilse Brandt", "person"),
        ("The bridge over the river was shut, according to Ilse Brandt.", "Ilse Brandt", "person"),
        ("In the evening the leader of the guards, Ilse Brandt, shut the bridge.", "Ilse Brandt", "person"),
        ("Foreign Minister Ilse Brandt condemned the Velm Council.", "Ilse Brandt", "person"),
    ],
)
def test_who_is_called_or_acts_like_an_actor_is_one(text, name, kind):
    assert (name, kind) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "In the evening they came through Sarovia with ten of the guards.",
        "In the evening they stood in Sarovia and near Kelda with the guards.",
        "In the evening they came to Kelda Valley and crossed the Velm Bridge on foot.",
        "In the evening Kelda, a town by the river, was calm.",
        "In the evening they read the Kelda Herald on Tarkan Street.",
        "Hurricane Ivar struck the coast and sank forty of the boats.",
        "In the evening storm Ivar struck the coast and sank forty of the boats.",
        "In the evening the Kelda Festival began with a song about the boats.",
        "In the evening the Kelda Accord began to hold, the guards said.",
        "In December the guards said that they would come on Monday or by Easter.",
        "Protesters condemned the guards. Farmers said that the bridge was shut.",
        "Yesterday said the man twice, and Nobody was the name of the boat.",
        "In the evening the Vell Choir condemned the guards on the bridge.",
        "In the evening African leaders condemned the guards on the bridge.",
        "In the evening the Foreign Ministry condemned the guards on the bridge.",
        "Velm Council Condemns Guards on Kelda Bridge",
    ],
)
def test_places_events_days_and_plain_words_are_no_actors(text):
    assert found(text) == []


def test_what_the_registry_knows_keeps_its_id():
    text = "In the evening the Harrow League condemned Norvik, and the Norvik Relief Fund sent bread over the river."
    assert [m.actor.id for m in opened(text)] == ["harrow", "NVK", "norvik-relief-fund"]


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("General Oskar Venn", "Venn"),
        ("General Oskar Venn", "General Venn"),
        ("General Oskar Venn", "Oskar"),
        ("General Juan Pablo Rojas", "Pablo Rojas"),
        ("General Karim al-Hadad", "Hadad"),
        ("General Karim al-Hadad", "al-Hadad"),
        ("the Velm Council (VCO)", "VCO"),
        ("the Green Velm Council", "GVC"),
        ("the Kelda Brigade", "Kelda"),
        ("General Karim al-Hadad", "Al-Hadad"),
    ],
)
def test_short_forms_are_joined_to_the_full_name(full, short):
    text = f"In the evening {full} shut the bridge. After the rain had begun {short} told the guards to go home."
    (actor,) = {mention.agent or mention.actor for mention in opened(text)}
    mentions = words(text, actor.name)
    assert len(mentions) >= 2
    assert mentions[-1] in (short, short.removeprefix("the "))


def test_a_short_form_that_two_names_share_is_joined_to_no_second_actor():
    text = (
        "In the evening Mr Oskar Venn met Ms Rosa Venn on the bridge over the river. "
        "After the rain had begun Rosa told the guards to go home."
    )
    assert found(text) == [("Oskar Venn", "person"), ("Rosa Venn", "person")]
    assert words(text, "Rosa Venn")[-1] == "Rosa"


def test_titles_belong_to_the_mention_of_a_person_and_not_to_the_name():
    text = "In the evening General Oskar Venn was on the bridge, and Gen. Venn told the guards to go home."
    assert words(text, "Oskar Venn") == ["General Oskar Venn", "Gen. Venn"]


def test_the_surname_of_a_known_person_is_that_person():
    text = "In the evening Ada Lorn was on the bridge. After the rain had begun Lorn told the guards to go home."
    assert [(m.actor.id, m.agent.id) for m in opened(text)] == [("NVK", "ada-lorn")] * 2


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("Sarovia", "organisation", "In the evening they came through Sarovia on foot."),
        ("Ilse", "person", "In the evening Ilse was on the bridge."),
    ],
)
def test_names_that_are_given_are_actors_whatever_stands_beside_them(name, kind, text):
    assert opened(text) == []
    (mention,) = opened(text, {name: kind})
    assert (mention.actor.name, mention.actor.kind, text[slice(*mention.span)]) == (name, kind, name)


def test_a_given_name_that_the_registry_knows_stays_the_registrys():
    assert [m.actor.id for m in opened("In the evening Norvik shut the bridge.", {"Norvik": "person"})] == ["NVK"]


def unknown(text: str) -> dict[str, tuple[str | None, int, tuple[str, ...]]]:
    spans = [*sentences(text)]
    mentions = find_names(text, REGISTRY)
    return {u.name: (u.kind, u.mentions, u.aliases) for u in unknown_names(text, spans, mentions, REGISTRY)}


def test_unknown_names_are_counted_with_their_short_forms():
    text = (
        "In the evening General Oskar Venn shut the bridge to Norvik. After the rain Venn told the guards to go home. "
        "They went through Sarovia with the Green Velm Council, as the GVC had asked."
    )
    assert unknown(text) == {
        "Oskar Venn": ("person", 2, ("Venn",)),
        "Sarovia": (None, 1, ()),
        "Green Velm Council": ("organisation", 2, ("GVC",)),
    }


def test_an_unknown_name_has_the_sentence_that_it_stands_in_first():
    text = "It rained. In the evening General Oskar Venn shut the bridge. Then Venn told the guards to go home."
    spans = [*sentences(text)]
    (name,) = unknown_names(text, spans, find_names(text, REGISTRY), REGISTRY)
    assert name.example == "In the evening General Oskar Venn shut the bridge."


@pytest.mark.parametrize("text", ["", "It rained all day.", "In the evening Norvik told Ada Lorn why."])
def test_a_text_without_unknown_names_has_none(text):
    assert unknown(text) == {}
