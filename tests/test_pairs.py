from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance import Span
from stance.pairs import MAX_ACTORS, Passage, ordered_pairs, passage_actors, passages, roles
from stance.records import Actor, Mention

ACTORS = {name: Actor(name.lower(), name, "state") for name in ("Norvik", "Sarn", "Ulm", "Vell")}


def build(*lines: str):
    """Text of the lines, its passages, with every known name as a mention."""
    text = "\n".join(lines)
    spans, start = [], 0
    for line in lines:
        spans.append(Span(start, start + len(line)))
        start += len(line) + 1
    return text, [*passages(text, spans, mentions(text, ACTORS))]


def mentions(text: str, actors: dict[str, Actor]) -> list[Mention]:
    found = []
    for name, actor in actors.items():
        start = text.find(name)
        while start >= 0:
            found.append(Mention(actor, Span(start, start + len(name))))
            start = text.find(name, start + 1)
    return sorted(found, key=lambda mention: mention.span)


def test_sentences_without_actors_are_no_passages():
    _, found = build("It rained.", "Norvik met Sarn.", "The talks went on.", "Ulm left.")
    assert [passage.text for passage in found] == ["Norvik met Sarn.", "Ulm left."]


def test_passages_know_their_place_in_the_text():
    text, found = build("It rained.", "Norvik met Sarn.")
    assert found[0].span == Span(11, 27)
    assert [text[m.span.start : m.span.end] for m in found[0].mentions] == ["Norvik", "Sarn"]


@pytest.mark.parametrize("again", ["Norvik met Sarn.", "NORVIK met sarn.", "Norvik  met\tSarn."])
def test_a_sentence_that_stands_twice_counts_once(again):
    text = f"Norvik met Sarn.\nUlm met Vell.\n{again}"
    spans = [Span(0, 16), Span(17, 30), Span(31, len(text))]
    found = [Mention(ACTORS["Norvik"], Span(start, start + 6)) for start in (0, 31)]
    assert [passage.span for passage in passages(text, spans, found)] == [spans[0]]


def test_sentences_that_differ_in_one_word_both_count():
    assert len(build("Norvik met Sarn.", "Norvik left Sarn.")[1]) == 2


def test_a_mention_across_two_sentences_belongs_to_neither():
    text = "Norvik met Sarn Vell. Ulm left."
    found = [
        Mention(ACTORS["Norvik"], Span(0, 6)),
        Mention(ACTORS["Vell"], Span(16, 25)),
        Mention(ACTORS["Ulm"], Span(26, 30)),
    ]
    first, second = passages(text, [Span(0, 21), Span(22, 31)], found)
    assert [m.actor.name for m in first.mentions] == ["Norvik"]
    assert [m.actor.name for m in second.mentions] == ["Ulm"]


def test_what_stands_for_two_is_one_of_theirs_only_where_that_one_has_nothing_else():
    text = "Both told Norvik that Ulm would leave."
    both, norvik, ulm = Span(0, 4), Span(10, 16), Span(22, 25)
    assert text[slice(*ulm)] == "Ulm"
    spans = {"norvik": [both, norvik], "sarn": [both], "ulm": [ulm]}
    assert roles(spans, "norvik", "sarn") == ([norvik], [both], [ulm])
    assert roles(spans, "norvik", "ulm") == ([both, norvik], [ulm], [])
    assert roles(spans, "sarn", "ulm") == ([both], [ulm], [norvik])


@given(st.integers(2, 30), st.booleans())
def test_two_who_share_their_only_mention_get_one_half_of_it_each(length, swapped):
    source, target = ("sarn", "norvik") if swapped else ("norvik", "sarn")
    shared, ulm = Span(3, 3 + length), Span(50, 53)
    own, other, others = roles({"norvik": [shared], "sarn": [shared], "ulm": [ulm]}, source, target)
    assert (own[0].start, other[0].end) == shared
    assert own[0].start < own[0].end == other[0].start < other[0].end
    assert others == [ulm]


def test_every_ordered_pair_of_different_actors_comes_once():
    _, (passage,) = build("Norvik and Sarn told Ulm that Norvik would leave.")
    found = [(pair.source.name, pair.target.name) for pair in ordered_pairs(passage)]
    assert sorted(found) == sorted(permutations(["Norvik", "Sarn", "Ulm"], 2))


def test_one_actor_alone_makes_no_pair():
    _, (passage,) = build("Norvik said that Norvik would leave.")
    assert [*ordered_pairs(passage)] == []


def test_a_pair_holds_the_offsets_of_the_passage_and_all_mentions():
    text, found = build("It rained.", "Norvik told Sarn, Ulm and Vell that Norvik would leave Ulm.")
    (asked,) = (p for p in ordered_pairs(found[0]) if (p.source.name, p.target.name) == ("Norvik", "Ulm"))
    pair = asked.pair
    assert pair.text == found[0].text
    assert [pair.text[s.start : s.end] for s in pair.source] == ["Norvik", "Norvik"]
    assert [pair.text[s.start : s.end] for s in pair.target] == ["Ulm", "Ulm"]
    assert [pair.text[s.start : s.end] for s in pair.others] == ["Sarn", "Vell"]
    assert [text[s.start : s.end] for s in asked.spans(asked.source)] == ["Norvik", "Norvik"]


@given(
    st.lists(
        st.lists(st.sampled_from([*ACTORS, "met", "left", "für", "😀", " "]), max_size=8).map(" ".join), max_size=5
    )
)
@settings(max_examples=50, deadline=None)
def test_local_and_global_offsets_name_the_same_words(lines):
    text, found = build(*lines)
    for passage in found:
        assert text[passage.span.start : passage.span.end] == passage.text
        for asked in ordered_pairs(passage):
            pair = asked.pair
            for actor, local in ((asked.source, pair.source), (asked.target, pair.target)):
                assert [pair.text[s.start : s.end] for s in local] == [actor.name] * len(local)
                assert [text[s.start : s.end] for s in asked.spans(actor)] == [actor.name] * len(local)
            assert len(pair.source) + len(pair.target) + len(pair.others) == len(passage.mentions)


@pytest.mark.parametrize(("number", "pairs"), [(MAX_ACTORS, MAX_ACTORS * (MAX_ACTORS - 1)), (MAX_ACTORS + 1, 0)])
def test_a_sentence_with_too_many_actors_is_a_list_that_says_nothing(number, pairs):
    many = {f"Q{k:02}": Actor(f"q{k}", f"Q{k:02}", "state") for k in range(number)}
    text = ", ".join(many) + f" signed, and Q{0:02} left."
    (passage,) = passages(text, [Span(0, len(text))], mentions(text, many))
    assert len([*ordered_pairs(passage)]) == pairs


ADA = Actor("ada-lorn", "Ada Lorn", "person")


def portrayed(*found: Mention, named=()):
    text = "x" * 100
    passage = Passage(Span(10, 90), text[10:90], found)
    return [(one.actor.name, one.acts_for, one.spans, one.pair) for one in passage_actors(passage, named)]


def test_everybody_in_a_passage_can_be_portrayed():
    norvik, ada = Mention(ACTORS["Norvik"], Span(12, 18)), Mention(ACTORS["Sarn"], Span(30, 38), "office", ADA)
    found = portrayed(norvik, ada, Mention(ACTORS["Norvik"], Span(50, 56)))
    assert [(name, principal and principal.name, spans) for name, principal, spans, _ in found] == [
        ("Norvik", None, (Span(12, 18), Span(50, 56))),
        ("Ada Lorn", "Sarn", (Span(30, 38),)),
        ("Sarn", None, (Span(30, 38),)),
    ]
    pair = found[0][-1]
    assert (pair.source, pair.target, pair.others) == ((), (Span(2, 8), Span(40, 46)), (Span(20, 28),))


def test_who_acts_for_an_actor_that_is_named_itself_does_not_stand_for_its_portrayal():
    ada = Mention(ACTORS["Sarn"], Span(30, 38), "office", ADA)
    assert [(name, bool(principal)) for name, principal, *_ in portrayed(ada, named={ACTORS["Sarn"]})] == [
        ("Ada Lorn", True)
    ]


def test_a_list_of_names_portrays_nobody():
    many = [Mention(Actor(f"a{n}", f"A{n}", "state"), Span(10 + 2 * n, 11 + 2 * n)) for n in range(MAX_ACTORS + 1)]
    assert portrayed(*many) == []
    assert len(portrayed(*many[:-1])) == MAX_ACTORS
