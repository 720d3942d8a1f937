from __future__ import annotations

import pytest
from own_texts import NORVIK, OSTMARK, REGISTRY, opened, words

from stance.actors import find_actors, within
from stance.agents import home_state, joined_with_offices
from stance.names import find_names
from stance.records import Actor, Mention, Span
from stance.segmentation import sentences


def acts_for(text: str, person: str = "Ilse Brandt") -> str | None:
    """Id of the actor for whom a person acts in all of a text; ``None`` for nobody."""
    mentions = find_actors(text, [*sentences(text)], REGISTRY)
    (principal,) = {
        m.actor.id if m.agent else None for m in mentions if person in (m.actor.name, m.agent and m.agent.name)
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
