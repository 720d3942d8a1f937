from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.actors import find_actors, within
from stance.names import find_names
from stance.records import VIAS, Mention, Span
from stance.registry import ActorRecord, Office, PersonRecord, Registry
from stance.segmentation import sentences

NORVIK = ActorRecord("NVK", "Norvik", "state", (), ("Norvikan",), (), ("Vell",))
OSTMARK = ActorRecord("OST", "Ostmark", "state")
FRONT = ActorRecord("sarn", "Sarn Front", "armed_group")
ADA = PersonRecord("Ada Lorn", ("Lorn",), (Office("NVK", "head of state", "2010", "2014"),))
REGISTRY = Registry((NORVIK, OSTMARK, FRONT), (), (ADA,))
PARAGRAPH = """\
Norvikan President Ada Lorn accused Ostmark on Monday of arming the Sarn Front. She said that the group had shelled two
dams, and that the army would answer. Ilse Brandt, a spokeswoman for the Velm Council, told the crowd that it was late.
Brandt, 45, later praised Lorn.
"""


def found(text: str, date: str | None = None, **options) -> list[tuple[str, str | None, str, str]]:
    """For whom each mention counts, through whom, its words and how it names its actor."""
    mentions = find_actors(text, [*sentences(text)], REGISTRY, date, **options)
    return [(m.actor.id, m.agent.id if m.agent else None, text[slice(*m.span)], m.via) for m in mentions]


BY_NAME = [
    ("NVK", "ada-lorn", "Norvikan President Ada Lorn", "office"),
    ("OST", None, "Ostmark", "name"),
    ("sarn", None, "Sarn Front", "name"),
    ("velm-council", "ilse-brandt", "Ilse Brandt", "office"),
    ("velm-council", None, "Velm Council", "name"),
    ("velm-council", "ilse-brandt", "Brandt", "office"),
    ("NVK", "ada-lorn", "Lorn", "office"),
]


def test_names_offices_open_actors_and_references_are_found_in_one_paragraph():
    mentions = found(PARAGRAPH, "2012-03-04")
    assert [m for m in mentions if m[3] not in ("nominal", "pronoun")] == BY_NAME
    assert [m for m in mentions if m[3] in ("nominal", "pronoun")] == [
        ("NVK", "ada-lorn", "She", "pronoun"),
        ("sarn", None, "the group", "nominal"),
        ("NVK", None, "the army", "nominal"),
    ]


def test_references_are_left_out_on_request():
    assert found(PARAGRAPH, "2012-03-04", reference=False) == BY_NAME


def test_the_date_says_for_whom_persons_act():
    text = "In the evening Ada Lorn accused Ostmark of theft."
    assert found(text, "2012-03-04")[0] == ("NVK", "ada-lorn", "Ada Lorn", "office")
    assert found(text, "2020-03-04")[0] == ("ada-lorn", None, "Ada Lorn", "name")


def test_names_that_somebody_else_finds_are_mentions():
    text = "In the evening they came through Sarovia."
    assert found(text) == []
    assert found(text, ner=lambda _: {"Sarovia": "organisation"}) == [("sarovia", None, "Sarovia", "name")]


@pytest.mark.parametrize(
    "outside",
    ["[Norvik shuts the dam]\n\n", "VELL, Norvik — ", "Photo: Norvik Press / Ada Lorn\n\n", "Read more: Ostmark\n\n"],
)
def test_what_stands_outside_of_the_sentences_is_no_mention(outside):
    text = outside + "In the evening the Sarn Front shelled the dam."
    assert [actor for actor, *_ in found(text)] == ["sarn"]
    assert find_names(text, REGISTRY)[0].actor.id != "sarn"


@pytest.mark.parametrize(
    ("spans", "kept"),
    [
        ([(0, 10)], [0, 1]),
        ([(0, 5), (5, 10)], [0, 1]),
        ([(0, 1), (5, 10)], [1]),
        ([(1, 10)], [1]),
        ([(0, 3)], [0]),
        ([(0, 7), (7, 10)], [0]),
        ([], []),
    ],
)
def test_only_mentions_inside_of_a_sentence_stay(spans, kept):
    mentions = [Mention(NORVIK.actor, Span(0, 3)), Mention(OSTMARK.actor, Span(6, 9))]
    assert [*within(mentions, [Span(*span) for span in spans])] == [mentions[number] for number in kept]


@pytest.mark.parametrize("text", ["", "\n", "It rained.", "They said that we were late."])
def test_a_text_without_actors_has_no_mentions(text):
    assert found(text) == []


pieces = st.sampled_from(
    ["Norvik", "Norvikan President", "Ada Lorn", "Sarn Front", "General Ilse Brandt", "Brandt", "the Velm Council (VC)"]
) | st.sampled_from(["it", "the group", "said", ", a spokesman for", ". ", "\n\n", "“", "”", "[", "]", "’s", "İ", "😀"])


@given(st.lists(pieces | st.text(max_size=4), max_size=25), st.sampled_from(["", " "]))
@settings(max_examples=100, deadline=None)
def test_mentions_in_any_text_are_in_order_and_inside_of_a_sentence(parts, gap):
    text = gap.join(parts)
    spans = [*sentences(text)]
    mentions = find_actors(text, spans, REGISTRY)
    for mention in mentions:
        assert any(s.start <= mention.span.start < mention.span.end <= s.end for s in spans)
        assert mention.via in VIAS
        assert mention.agent != mention.actor
    for one, other in pairwise(mentions):
        assert one.span.end <= other.span.start or one.span == other.span
