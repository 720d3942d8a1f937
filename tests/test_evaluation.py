from __future__ import annotations

import json

import numpy as np
import pytest
from templates import fill

import stance
from stance import CorpusError, LabelledPair
from stance.corpus import Corpus
from stance.evaluation import Evaluation, Resampler, assess, evaluate, expected_calibration_error, lexicon_baseline

NAMES = ("cooperative", "neutral", "opposed")
GLAD = "{s} happily praised the wonderful, kind and generous people of {t}."
GRIM = "{s} brutally murdered the terrified hostages of evil {t}."
FLAT = "{s} stands to the north of {t}."


def labelled(sentence: str, label: str, article: str) -> LabelledPair:
    return LabelledPair(fill(sentence, s="Norvik", t="Ostmark"), label, article)


SIX = [
    labelled(FLAT, "opposed", "a"),
    labelled(FLAT, "opposed", "a"),
    labelled(GLAD, "opposed", "b"),
    labelled(GLAD, "cooperative", "b"),
    labelled(GRIM, "neutral", "c"),
    labelled(FLAT, "neutral", "d"),
]


def answers(*labels: str, confidence: float = 1.0) -> np.ndarray:
    """Rows of probabilities whose likeliest labels are these."""
    rest = (1 - confidence) / 2
    return np.array([[confidence if name == label else rest for name in NAMES] for label in labels])


def assessed(probabilities: np.ndarray, seed: int = 0) -> Evaluation:
    return assess(SIX, probabilities, NAMES, seed, {"model": "m"})


def test_a_perfect_predictor_scores_one_everywhere():
    result = assessed(answers(*(pair.label for pair in SIX)))
    assert (result.n, result.score.accuracy, result.score.macro_f1, result.ece) == (6, 1.0, 1.0, 0.0)
    assert result.score.accuracy_ci == (1.0, 1.0)
    assert result.score.macro_f1_ci == (1.0, 1.0)
    assert {label: score.support for label, score in result.per_label.items()} == {
        "cooperative": 1,
        "neutral": 2,
        "opposed": 3,
    }
    assert all((s.precision, s.recall, s.f1) == (1.0, 1.0, 1.0) for s in result.per_label.values())


def test_a_constant_predictor_scores_as_counted_by_hand():
    result = assessed(answers(*["opposed"] * 6))
    assert result.score.accuracy == pytest.approx(1 / 2)
    assert result.score.macro_f1 == pytest.approx((2 * 3 / (6 + 3)) / 3)
    assert result.per_label["opposed"].precision == pytest.approx(1 / 2)
    assert result.per_label["opposed"].recall == 1.0
    assert result.per_label["neutral"].f1 == result.per_label["neutral"].precision == 0.0
    assert result.score == result.baselines["majority"]
    assert result.ece == pytest.approx(1 / 2)


def test_the_confusion_counts_true_by_predicted():
    result = assessed(answers("opposed", "neutral", "opposed", "opposed", "neutral", "cooperative"))
    assert result.confusion == {
        "cooperative": {"cooperative": 0, "neutral": 0, "opposed": 1},
        "neutral": {"cooperative": 1, "neutral": 1, "opposed": 0},
        "opposed": {"cooperative": 0, "neutral": 1, "opposed": 2},
    }
    for label, row in result.confusion.items():
        assert sum(row.values()) == result.per_label[label].support
    assert result.score.accuracy == pytest.approx(sum(result.confusion[name][name] for name in NAMES) / result.n)


def test_a_label_that_occurs_nowhere_does_not_count_for_macro_f1():
    pairs = [labelled(FLAT, "opposed", "a"), labelled(FLAT, "neutral", "b")]
    assert assess(pairs, answers("opposed", "neutral"), NAMES, 0, {}).score.macro_f1 == 1.0


def test_the_lexicon_baseline_is_the_sentiment_of_the_passage():
    result = assessed(answers(*["neutral"] * 6))
    # two glad passages are called cooperative, one grim one opposed, three flat ones neutral: two are right
    assert result.baselines["lexicon"].accuracy == pytest.approx(2 / 6)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (NAMES, ["cooperative", "opposed", "neutral"]),
        (("cooperative", "opposed"), ["cooperative", "opposed", "cooperative"]),
        (("neutral", "opposed"), ["neutral", "opposed", "neutral"]),
    ],
)
def test_the_lexicon_baseline_chooses_among_the_labels(labels, expected):
    texts = [fill(sentence, s="Norvik", t="Ostmark").text for sentence in (GLAD, GRIM, FLAT)]
    assert [labels[k] for k in lexicon_baseline(texts, labels)] == expected


def test_the_calibration_error_is_as_counted_by_hand():
    # bins of 1/15: two pairs at 0.9 (one right), one at 0.6 (right), one at 0.5 (wrong)
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.4, 0.6], [0.5, 0.5]])
    error = expected_calibration_error(np.array([0, 1, 1, 1]), probabilities)
    assert error == pytest.approx((abs(1.8 - 1) + abs(0.6 - 1) + abs(0.5 - 0)) / 4)


def test_over_and_underconfidence_of_one_bin_cancel_out():
    probabilities = np.array([[0.81, 0.19], [0.83, 0.17]])
    assert expected_calibration_error(np.array([0, 1]), probabilities) == pytest.approx(abs(1.64 - 1) / 2)


def test_certainty_belongs_to_the_last_bin():
    assert expected_calibration_error(np.array([0, 0]), np.array([[1.0, 0.0], [0.99, 0.01]])) == pytest.approx(0.005)


MANY = [labelled(FLAT, NAMES[k % 3], f"article {k // 4}") for k in range(80)]
MANY_ANSWERS = answers(*(NAMES[k % 3] if k % 5 else "neutral" for k in range(80)), confidence=0.8)


def test_the_bootstrap_is_reproducible_for_a_seed():
    first, again, other = (assess(MANY, MANY_ANSWERS, NAMES, seed, {}) for seed in (1, 1, 2))
    assert first == again
    assert first.score.macro_f1 == other.score.macro_f1
    assert first.score.macro_f1_ci != other.score.macro_f1_ci


def test_the_interval_holds_the_score_and_shrinks_with_more_articles():
    few = assess(MANY, MANY_ANSWERS, NAMES, 0, {}).score
    more_pairs = [LabelledPair(p.pair, p.label, f"{p.article} {k}") for k in range(8) for p in MANY]
    more = assess(more_pairs, np.tile(MANY_ANSWERS, (8, 1)), NAMES, 0, {}).score
    for score in (few, more):
        low, high = score.accuracy_ci
        assert 0 <= low <= score.accuracy <= high <= 1
    assert more.accuracy == pytest.approx(few.accuracy)
    assert np.diff(more.accuracy_ci) < 0.6 * np.diff(few.accuracy_ci)


def test_pairs_of_one_article_are_resampled_together():
    true, predicted = np.zeros(40, dtype=int), np.arange(40) % 2
    apart = Resampler([str(k) for k in range(40)], 0).score(true, predicted, 2)
    together = Resampler([str(k % 2) for k in range(40)], 0).score(true, predicted, 2)
    assert together.accuracy == apart.accuracy == 0.5
    assert together.accuracy_ci == (0.0, 1.0)
    assert apart.accuracy_ci[0] > 0.3


def test_one_article_has_an_interval_without_width():
    score = Resampler(["a"] * 4, 0).score(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]), 2)
    assert score.accuracy_ci == (0.75, 0.75)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    sentences = {
        "opposed": ["{s} condemned {t} on Monday.", "{t} was shelled by {s}.", "{s} threatened {t} with sanctions."],
        "cooperative": ["{s} praised {t} on Monday.", "{t} was helped by {s}.", "{s} signed a treaty with {t}."],
        "neutral": ["{s} stands to the north of {t}.", "{s} is older than {t}."],
    }
    pairs = tuple(labelled(text, label, text) for label, own in sentences.items() for text in own)
    return Corpus(pairs, "f" * 64)


def test_a_model_is_scored_on_labelled_pairs(model, corpus):
    result = evaluate(model, corpus)
    predicted = [answer.label for answer in model.classify([p.pair for p in corpus.pairs])]
    right = sum(p.label == label for p, label in zip(corpus.pairs, predicted, strict=True))
    assert result.n == len(corpus.pairs)
    assert result.score.accuracy == pytest.approx(right / len(corpus.pairs))
    assert result.score.macro_f1 > result.baselines["majority"].macro_f1


def test_only_some_labels_are_scored_and_chosen_among(model, corpus):
    result = evaluate(model, corpus, ["opposed", "cooperative"])
    assert result.n == 6
    assert [*result.per_label] == ["cooperative", "opposed"]
    assert result.confusion.keys() == {"cooperative", "opposed"}
    assert sum(sum(row.values()) for row in result.confusion.values()) == 6
    assert result.signature["labels"] == ["cooperative", "opposed"]


def test_the_order_of_the_labels_does_not_matter(model, corpus):
    one, other = (evaluate(model, corpus, labels) for labels in (["opposed", "neutral"], ["neutral", "opposed"]))
    assert one == other


def test_the_signature_says_what_was_measured_with_what(model, corpus):
    signature = evaluate(model, corpus, seed=5).signature
    assert signature["model"] == model.stamp.sha256
    assert signature["data"] == corpus.sha256
    assert signature["seed"] == 5
    assert signature["version"] == stance.__version__


def test_the_dictionary_has_the_documented_keys(model, corpus):
    result = json.loads(json.dumps(evaluate(model, corpus).to_dict()))
    assert result.keys() == {
        *("n", "accuracy", "macro_f1", "per_label", "confusion", "ece", "coverage", "ci", "baselines", "signature")
    }
    assert result["ci"].keys() == {"accuracy", "macro_f1"}
    assert all(len(interval) == 2 for interval in result["ci"].values())
    assert result["baselines"].keys() == {"majority", "lexicon"}
    assert result["per_label"]["opposed"].keys() == {"precision", "recall", "f1", "support"}


def test_a_score_reads_as_one_line(model, corpus):
    score = evaluate(model, corpus).score
    assert f"macro-F1 {score.macro_f1:.3f}" in str(score)
    assert "\n" not in str(score)


def test_labels_that_no_pair_has_are_refused(model, corpus):
    only_opposed = Corpus(tuple(p for p in corpus.pairs if p.label == "opposed"), "0" * 64)
    with pytest.raises(CorpusError, match="neutral"):
        evaluate(model, only_opposed, ["neutral"])


def test_labels_that_the_model_does_not_know_are_refused(model, corpus):
    with pytest.raises(ValueError, match="hostile"):
        evaluate(model, corpus, ["opposed", "hostile"])
