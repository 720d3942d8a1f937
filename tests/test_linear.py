from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from templates import fill

from stance import Pair, Span
from stance.features import PairVectorizer
from stance.linear import LinearModel, softmax

PAIRS = [
    fill("{s} condemned {t} over the dam at Lorn.", s="Norvik", t="Ostmark"),
    fill("{s} sent forty field kitchens to {t} after the flood.", s="the Harrow League", t="Sarovia"),
    fill("{s} and {t} share a border of ninety miles.", s="Norvik", t="Ostmark"),
    fill("{t} said {o} had been shelled by {s}.", s="Norvik", t="Ostmark", o="Keld"),
    Pair("", (Span(0, 0),), (Span(0, 0),)),
    fill("{s} {t}", s="Xyzzy", t="Plugh"),
]


@pytest.fixture
def tiny() -> LinearModel:
    """Knows one term, whose TF-IDF value is one where it occurs."""
    vectorizer = PairVectorizer()
    vectorizer.set_vocabulary(["", "condemn"], np.array([1 << 38]), np.array([2.5]))
    return LinearModel(vectorizer, np.array([[-1.0, 3.0]]), np.array([0.5, -0.5]), ("cooperative", "opposed"))


def test_a_score_is_weight_times_value_plus_intercept(tiny):
    with_term, without = tiny.scores([PAIRS[0], PAIRS[1]])
    assert with_term == pytest.approx([-0.5, 2.5])
    assert without == pytest.approx([0.5, -0.5])


def test_probabilities_are_the_softmax_of_the_scores(tiny):
    (row,) = tiny.probabilities([PAIRS[0]])
    assert row[1] == pytest.approx(1 / (1 + math.exp(-3)))


def test_answers_come_in_order_with_the_ids_of_their_pairs(tiny):
    pairs = [Pair(p.text, p.source, p.target, id=f"p{k}") for k, p in enumerate(PAIRS[:2])]
    assert [(answer.id, answer.label) for answer in tiny.classify(pairs)] == [("p0", "opposed"), ("p1", "cooperative")]


finite = st.floats(-1e6, 1e6)
score_rows = st.integers(1, 4).flatmap(lambda k: arrays(float, (3, k), elements=finite))


@given(score_rows, finite)
@settings(max_examples=50, deadline=None)
def test_softmax_gives_probabilities_in_the_order_of_the_scores(scores, shift):
    probabilities = softmax(scores)
    assert np.all(probabilities >= 0)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    best = probabilities[np.arange(3), scores.argmax(axis=1)]
    np.testing.assert_allclose(best, probabilities.max(axis=1))
    np.testing.assert_allclose(softmax(scores + shift), probabilities, atol=1e-6)


def test_softmax_of_huge_scores_does_not_overflow():
    assert softmax(np.array([[1e300, 0.0]])).tolist() == [[1.0, 0.0]]


@pytest.mark.parametrize("labels", [("cooperative", "opposed"), ("opposed", "cooperative"), ("neutral",)])
def test_a_subset_of_labels_shares_their_probability(model, labels):
    whole = model.classify(PAIRS)
    for all_labels, answer in zip(whole, model.classify(PAIRS, labels), strict=True):
        total = sum(all_labels.probabilities[label] for label in labels)
        expected = {label: all_labels.probabilities[label] / total for label in labels}
        assert answer.probabilities == pytest.approx(expected, abs=1e-12)
        assert answer.label == max(expected, key=expected.get)
        assert [*answer.probabilities] == [*labels]


@pytest.mark.parametrize("labels", [(), ("hostile",), ("opposed", "hostile")])
def test_labels_that_the_model_does_not_know_are_refused(model, labels):
    with pytest.raises(ValueError, match="cooperative, neutral, opposed"):
        model.classify(PAIRS, labels)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.text[:20] or "empty")
def test_contributions_and_intercept_sum_to_the_score(model, pair):
    explanation = model.explain(pair)
    for label, score in explanation.scores.items():
        total = explanation.intercepts[label] + math.fsum(c.scores[label] for c in explanation.contributions)
        assert abs(total - score) < 1e-9
    powers = {label: math.exp(score) for label, score in explanation.scores.items()}
    expected = {label: power / sum(powers.values()) for label, power in powers.items()}
    assert explanation.answer.probabilities == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("pair", PAIRS[:4], ids=lambda pair: pair.text[:20])
def test_an_explanation_gives_the_answer_of_classify(model, pair):
    assert model.explain(pair).answer == model.classify([pair])[0]


def test_the_most_moving_terms_come_first(model):
    contributions = model.explain(PAIRS[0]).contributions
    spreads = [max(c.scores.values()) - min(c.scores.values()) for c in contributions]
    assert spreads == sorted(spreads, reverse=True)
    assert contributions[0].scores["opposed"] > contributions[0].scores["neutral"]


def test_each_term_is_named_once(model):
    names = [c.term for c in model.explain(PAIRS[3]).contributions]
    assert len(names) == len(set(names)) > 0


def test_what_the_vocabulary_does_not_know_leaves_the_intercept(tiny):
    explanation = tiny.explain(PAIRS[1])
    assert explanation.contributions == ()
    assert explanation.scores == explanation.intercepts


def test_a_pair_alone_is_answered_as_in_company(model):
    together = model.classify(PAIRS)
    for pair, answer in zip(PAIRS, together, strict=True):
        assert model.classify([pair])[0].probabilities == pytest.approx(answer.probabilities, abs=1e-12)


def test_no_pairs_no_answers(model):
    assert model.classify([]) == []
    assert model.linear.probabilities([]).shape == (0, 3)
