from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stance import Answer, Span
from stance.aggregation import dyads, sentiments
from stance.pairs import Passage, PassageActor, PassagePair
from stance.records import SENTIMENTS, STANCES, Actor, Mention

NORVIK, SARN, ULM = (Actor(name.lower(), name, "state") for name in ("Norvik", "Sarn", "Ulm"))

COOPERATIVE = (0.9, 0.07, 0.03)
NEUTRAL = (0.02, 0.95, 0.03)
OPPOSED = (0.03, 0.07, 0.9)


def answer(probabilities, number: int = 0, source: Actor = NORVIK, target: Actor = SARN):
    """What the model says of a pair in the passage with this number."""
    text = f"{source.name} and {target.name} on day {number}."
    start = number * 100
    second = start + len(source.name) + 5
    found = (
        Mention(source, Span(start, start + len(source.name))),
        Mention(target, Span(second, second + len(target.name))),
    )
    passage = Passage(Span(start, start + len(text)), text, found)
    named = dict(zip(STANCES, probabilities, strict=True))
    return PassagePair(passage, source, target), Answer(max(named, key=named.__getitem__), named)


def dyad_of(*rows):
    (found,) = dyads(answer(row, number) for number, row in enumerate(rows))
    return found


weights = st.tuples(*[st.floats(0.001, 1)] * 3)
rows = st.lists(weights.map(lambda w: tuple(x / sum(w) for x in w)), min_size=1, max_size=8)


@given(rows)
@settings(max_examples=100, deadline=None)
def test_probabilities_sum_to_one_and_the_stance_is_the_likeliest(rows):
    dyad = dyad_of(*rows)
    assert set(dyad.probabilities) == set(STANCES)
    assert sum(dyad.probabilities.values()) == pytest.approx(1)
    assert min(dyad.probabilities.values()) >= 0
    assert dyad.probability == max(dyad.probabilities.values())
    assert dyad.passages == len(rows)


@given(rows.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
@settings(max_examples=100, deadline=None)
def test_the_order_of_the_passages_does_not_matter(orders):
    one, other = (dyad_of(*order) for order in orders)
    first, second, _ = sorted(one.probabilities.values(), reverse=True)
    assume(first - second > 1e-9)
    assert one.probabilities == pytest.approx(other.probabilities)
    assert (one.stance, one.passages) == (other.stance, other.passages)


@given(rows)
@settings(max_examples=100, deadline=None)
def test_neither_side_is_favoured(rows):
    one, other = dyad_of(*rows), dyad_of(*[(o, n, c) for c, n, o in rows])
    assert one.probabilities["cooperative"] == pytest.approx(other.probabilities["opposed"])
    assert one.probabilities["neutral"] == pytest.approx(other.probabilities["neutral"])


@pytest.mark.parametrize(("row", "stance"), [(OPPOSED, "opposed"), (COOPERATIVE, "cooperative"), (NEUTRAL, "neutral")])
def test_one_clear_passage_decides(row, stance):
    dyad = dyad_of(row)
    assert dyad.stance == stance
    assert not dyad.mixed


@pytest.mark.parametrize(("telling", "stance"), [(OPPOSED, "opposed"), (COOPERATIVE, "cooperative")])
def test_one_telling_passage_outweighs_many_silent_ones(telling, stance):
    dyad = dyad_of(*[NEUTRAL] * 20, telling, *[NEUTRAL] * 20)
    assert dyad.stance == stance
    assert [evidence.label for evidence in dyad.evidence] == [stance]
    assert dyad.passages == 41


def test_telling_passages_that_agree_make_each_other_surer():
    assert dyad_of(OPPOSED, OPPOSED).probability > dyad_of(OPPOSED).probability


def test_all_passages_of_a_neutral_dyad_are_evidence():
    dyad = dyad_of(NEUTRAL, NEUTRAL)
    assert dyad.stance == "neutral"
    assert [evidence.label for evidence in dyad.evidence] == ["neutral", "neutral"]


def test_many_faint_passages_tell_together_and_the_clearest_is_the_evidence():
    dyad = dyad_of(*[(0.4, 0.5, 0.1)] * 7, (0.45, 0.5, 0.05))
    assert dyad.stance == "cooperative"
    (evidence,) = dyad.evidence
    assert (evidence.label, evidence.probability) == ("cooperative", 0.45)


@pytest.mark.parametrize(
    ("rows", "stance"),
    [((COOPERATIVE, OPPOSED, OPPOSED), "opposed"), ((OPPOSED, COOPERATIVE, COOPERATIVE), "cooperative")],
)
def test_both_sides_make_a_mixed_dyad_with_evidence_of_both_and_the_stronger_stance(rows, stance):
    dyad = dyad_of(*rows, NEUTRAL)
    assert dyad.mixed
    assert dyad.stance == stance
    other = {"opposed": "cooperative", "cooperative": "opposed"}[stance]
    assert [evidence.label for evidence in dyad.evidence] == [stance, stance, other]


@pytest.mark.parametrize(
    "rows", [[COOPERATIVE] * 9 + [(0.3, 0.3, 0.4)], [OPPOSED] * 3, [(0.45, 0.1, 0.45001)], [NEUTRAL]]
)
def test_a_weak_or_absent_other_side_makes_no_mixed_dyad(rows):
    assert not dyad_of(*rows).mixed


def test_evidence_is_strongest_first_with_offsets_into_the_text():
    dyad = dyad_of((0.1, 0.2, 0.7), (0.05, 0.05, 0.9), (0.1, 0.1, 0.8))
    assert [evidence.probability for evidence in dyad.evidence] == [0.9, 0.8, 0.7]
    best = dyad.evidence[0]
    assert best.span.start == 100
    assert [best.text[s.start - 100 : s.end - 100] for s in best.source_spans] == ["Norvik"]
    assert [best.text[s.start - 100 : s.end - 100] for s in best.target_spans] == ["Sarn"]


def test_the_two_directions_are_dyads_of_their_own():
    found = dyads([answer(OPPOSED), answer(COOPERATIVE, source=SARN, target=NORVIK)])
    assert {(dyad.source.name, dyad.stance) for dyad in found} == {("Norvik", "opposed"), ("Sarn", "cooperative")}


def test_dyads_come_strongest_first_and_neutral_ones_last():
    found = dyads(
        [
            answer(NEUTRAL),
            answer((0.1, 0.2, 0.7), 1, NORVIK, ULM),
            answer(OPPOSED, 2, ULM, NORVIK),
            answer((0.04, 0.9, 0.06), 3, SARN, ULM),
        ]
    )
    assert [dyad.stance for dyad in found] == ["opposed", "opposed", "neutral", "neutral"]
    assert [dyad.source.name for dyad in found[:2]] == ["Ulm", "Norvik"]
    for stance in ("opposed", "neutral"):
        own = [dyad.probability for dyad in found if dyad.stance == stance]
        assert own == sorted(own, reverse=True)


def test_no_answers_no_dyads():
    assert dyads([]) == []


def portrayed(*rows, actor: Actor = NORVIK):
    """The sentiment toward an actor, from what the model says of it passage by passage."""
    answers = []
    for number, row in enumerate(rows):
        span = Span(number * 100, number * 100 + 6)
        passage = Passage(Span(number * 100, number * 100 + 50), f"Day {number}.", (Mention(actor, span),))
        named = dict(zip(SENTIMENTS, row, strict=True))
        answer = Answer(max(named, key=named.__getitem__), named, task="sentiment")
        answers.append((PassageActor(passage, actor, None, (span,)), answer))
    return sentiments(answers)[actor, None]


BAD, PLAIN, GOOD = (0.9, 0.07, 0.03), (0.03, 0.94, 0.03), (0.03, 0.07, 0.9)


@pytest.mark.parametrize(
    ("rows", "label"),
    [([BAD], "negative"), ([GOOD], "positive"), ([PLAIN] * 4, "neutral"), ([PLAIN] * 20 + [GOOD], "positive")],
)
def test_the_passages_of_an_actor_come_to_one_sentiment(rows, label):
    found = portrayed(*rows)
    assert (found.label, found.passages, found.mixed) == (label, len(rows), False)
    assert sum(found.probabilities.values()) == pytest.approx(1)
    assert found.evidence[0].label == label
    assert found.evidence[0].source_spans == ()


def test_praise_and_blame_of_one_actor_are_both_shown():
    found = portrayed(BAD, GOOD, BAD)
    assert (found.label, found.mixed) == ("negative", True)
    assert [evidence.label for evidence in found.evidence] == ["negative", "negative", "positive"]


def test_praise_weighs_as_much_as_blame():
    assert portrayed(BAD, PLAIN).probability == pytest.approx(portrayed(GOOD, PLAIN).probability)


def test_no_answers_give_no_sentiment():
    assert sentiments([]) == {}
