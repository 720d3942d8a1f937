from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.actors import within
from stance.discovery import home_state, joined_with_offices, unknown_names, with_open_actors
from stance.names import find_names
from stance.records import Actor, Mention, Span
from stance.registry import ActorRecord, Office, PersonRecord, Registry
from stance.segmentation import sentences

NORVIK = ActorRecord("NVK", "Norvik", "state", (), ("Norvikan",), ("Norvikans",), ("Vell",))
OSTMARK = ActorRecord("OST", "Ostmark", "state", (), ("Ostmarker",), (), ("Harth",))
LEAGUE = ActorRecord("harrow", "Harrow League", "organisation")
FRONT = ActorRecord("sarn", "Sarn Front", "armed_group")
LORN = PersonRecord("Ada Lorn", (), (Office("NVK", "head of state", "2010", "2014"),))
REGISTRY = Registry((NORVIK, OSTMARK, LEAGUE, FRONT), ("Vell Choir",), (LORN,))


def opened(text: str, given: dict[str, str] | None = None) -> list[Mention]:
    """All mentions of a text by name, with those that the registry does not know."""
    spans = [*sentences(text)]
    named = [*within(find_names(text, REGISTRY), spans)]
    home = home_state(text, spans, named, REGISTRY)
    return joined_with_offices(text, with_open_actors(text, spans, named, REGISTRY, home, given or {}))


def found(text: str) -> list[tuple[str, str]]:
    """Names and kinds of the actors found, in order, each once."""
    actors = dict.fromkeys(mention.agent or mention.actor for mention in opened(text))
    return [(actor.name, actor.kind) for actor in actors]


def words(text: str, name: str) -> list[str]:
    """The words that name an actor or agent."""
    return [text[slice(*m.span)] for m in opened(text) if name in (m.actor.name, m.agent and m.agent.name)]


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


def acts_for(text: str, person: str = "Ilse Brandt") -> str | None:
    """Id of the actor for whom a person acts in all of a text; ``None`` for nobody."""
    (principal,) = {
        m.actor.id if m.agent else None for m in opened(text) if person in (m.actor.name, m.agent and m.agent.name)
    }
    return principal


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("In the evening Harrow League spokeswoman Ilse Brandt shut the bridge.", "harrow"),
        ("In the evening the Harrow League’s leader, Ilse Brandt, shut the bridge.", "harrow"),
        ("In the evening the Harrow League's deputy leader Ilse Brandt shut the bridge.", "harrow"),
        ("In the evening Norvik's foreign minister, Ilse Brandt, shut the bridge.", "NVK"),
        ("In the evening the Norvikan ambassador Ilse Brandt shut the bridge.", "NVK"),
        ("In the evening the Norvikan trade minister, Ilse Brandt, shut the bridge.", "NVK"),
        ("In the evening Ilse Brandt, a spokeswoman for the Harrow League, shut the bridge.", "harrow"),
        ("In the evening Ilse Brandt, the new head of the Harrow League, shut the bridge.", "harrow"),
        ("In the evening Ilse Brandt, a lawyer for Norvik, shut the bridge.", "NVK"),
        ("In the evening Ilse Brandt, who leads the Harrow League, shut the bridge.", "harrow"),
        ("In the evening Ilse Brandt, who speaks for the Sarn Front, shut the bridge.", "sarn"),
        ("In the evening Captain Ilse Brandt of the Sarn Front shut the bridge over the river.", "sarn"),
        ("In the evening Ilse Brandt, the Norvikan foreign minister, shut the bridge.", "NVK"),
        ("In the evening Ilse Brandt, Norvik’s foreign minister, shut the bridge.", "NVK"),
        ("In the evening Ilse Brandt, the Harrow League's leader, shut the bridge.", "harrow"),
        ("In the evening Ilse Brandt, a Harrow League official, shut the bridge.", "harrow"),
        ("In spring the Harrow League met. Its leader, Ilse Brandt, shut the bridge.", "harrow"),
        ("In spring the Harrow League met. Ilse Brandt, its leader, shut the bridge.", "harrow"),
        ("In spring the Harrow League met. Ilse Brandt, who leads the league, shut the bridge.", "harrow"),
        ("In the evening the Velm Council sent its leader, Ilse Brandt, to the bridge.", "velm-council"),
        ("In the evening the Velm Council's leader, Ilse Brandt, shut the bridge over the river.", "velm-council"),
        ("In the evening Velm Council spokeswoman Ilse Brandt shut the bridge over the river.", "velm-council"),
        ("In the evening Foreign Minister Ilse Brandt shut the bridge, and Norvik was calm.", "NVK"),
        ("In the evening army spokesman Ilse Brandt shut the bridge, and Norvik was calm.", "NVK"),
        ("In the evening Ilse Brandt, the army spokesman, shut the bridge, and Norvik was calm.", "NVK"),
        ("In Ostmark, Foreign Minister Ilse Brandt shut the bridge over the river and went home.", "OST"),
        ("In the evening the leader of the Harrow League, Ilse Brandt, shut the bridge.", "harrow"),
        ("In the evening Ostmark's ambassador to Norvik, Ms Ilse Brandt, shut the bridge.", "OST"),
        ("In spring the Sarn Front met. Ilse Brandt, a spokesman for the group, said that it was late.", "sarn"),
        ("In spring the Sarn Front met. Ilse Brandt, the front's commander, said that it was late.", "sarn"),
    ],
)
def test_persons_act_for_those_whose_role_they_have(text, actor):
    assert acts_for(text) == actor


def test_whom_a_person_acts_for_holds_for_all_mentions():
    text = (
        "In the evening Ilse Brandt left. Ms Brandt, a spokeswoman for the Harrow League, told us why. Brandt smiled."
    )
    assert acts_for(text) == "harrow"
    assert len(words(text, "Ilse Brandt")) >= 2


@pytest.mark.parametrize(
    "text",
    [
        "In the evening the nurse Ilse Brandt shut the bridge, and Norvik was calm.",
        "In the evening Ms Ilse Brandt shut the bridge to the Harrow League.",
        "In the evening Ms Ilse Brandt, a critic of Norvik, shut the bridge.",
        "In the evening Ilse Brandt, a former leader of the Harrow League, shut the bridge.",
        "In the evening Ilse Brandt, a former Norvikan foreign minister, shut the bridge.",
        "In the evening the former Harrow League leader Ilse Brandt shut the bridge.",
        "In the evening the Harrow League's former leader Ilse Brandt shut the bridge.",
        "In the evening former Foreign Minister Ilse Brandt shut the bridge, and Norvik was calm.",
        "In the evening the former Norvikan foreign minister Ilse Brandt shut the bridge to Ostmark.",
        "In the evening retired army spokesman Ilse Brandt shut the bridge, and Norvik was calm.",
    ],
)
def test_others_act_for_nobody(text):
    assert acts_for(text) is None


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Norvik shut the bridge. Norvik told Ostmark why, and Norvik was calm.", "NVK"),
        ("Norvik shut the bridge to the Harrow League.", "NVK"),
        ("Norvik shut the bridge. Ostmark was told why.", None),
        ("VELL (AP) — Norvik shut the bridge. Ostmark was told why.", "NVK"),
        ("HARTH, Ostmark — Norvik shut the bridge. Ostmark was told why.", "OST"),
        ("HARTH, Ostmark — The bridge is shut.", "OST"),
        ("The Harrow League shut the bridge.", None),
        ("", None),
    ],
)
def test_the_own_state_of_a_text_is_the_one_it_mentions_most_or_its_dateline_names(text, state):
    spans = [*sentences(text)]
    home = home_state(text, spans, [*within(find_names(text, REGISTRY), spans)], REGISTRY)
    assert (home.id if home else None) == state


PERSON = Actor("ilse-brandt", "Ilse Brandt", "person")


@pytest.mark.parametrize(
    ("first", "gap", "second", "joined"),
    [
        ("Norvikan foreign minister", " ", "Ilse Brandt", True),
        ("Norvikan foreign minister", ", ", "Ilse Brandt", True),
        ("Norvik", "'s foreign minister, ", "Ilse Brandt", True),
        ("Ilse Brandt", ", the ", "Norvikan foreign minister", True),
        ("Ilse Brandt", ", ", "Norvikan foreign minister", True),
        ("Ilse Brandt", " met ", "Norvikan foreign minister", False),
        ("Ilse Brandt", ", the ", "Norvikan side", False),
        ("Norvikan troops", ", ", "Ilse Brandt", False),
        ("Ilse Brandt", ", ", "Ilse Brandt", False),
        ("Norvik", ", the ", "Norvikan foreign minister", False),
    ],
)
def test_a_person_and_the_office_beside_are_one_mention(first, gap, second, joined):
    spans = [Span(0, len(first)), Span(len(first + gap), len(first + gap + second))]
    agents = [PERSON if "Brandt" in words else None for words in (first, second)]
    mentions = [
        Mention(NORVIK.actor, span, "office" if agent else "alias", agent)
        for span, agent in zip(spans, agents, strict=True)
    ]
    whole = Mention(NORVIK.actor, Span(0, spans[1].end), "office", PERSON)
    assert joined_with_offices(first + gap + second, mentions) == ([whole] if joined else mentions)


def test_a_person_and_the_office_of_another_actor_are_two_mentions():
    mentions = [Mention(OSTMARK.actor, Span(0, 24)), Mention(NORVIK.actor, Span(25, 36), "office", PERSON)]
    assert joined_with_offices("Ostmarker prime minister Ilse Brandt", mentions) == mentions


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (
            "In the evening Ilse Brandt, the Norvikan foreign minister, left.",
            "Ilse Brandt, the Norvikan foreign minister",
        ),
        ("In the evening Norvik's foreign minister, Ilse Brandt, left.", "Norvik's foreign minister, Ilse Brandt"),
        ("In the evening Ilse Brandt, Norvik's foreign minister, left.", "Ilse Brandt, Norvik's foreign minister"),
        ("In the evening Harrow League spokeswoman Ilse Brandt left.", "Harrow League spokeswoman Ilse Brandt"),
    ],
)
def test_one_who_is_named_with_the_office_is_mentioned_once(text, whole):
    assert [text[slice(*m.span)] for m in opened(text)] == [whole]


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
