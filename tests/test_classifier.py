from __future__ import annotations

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_score
from templates import fill

from stance import Pair, StanceClassifier
from stance.classifier import Calibration, grouped_folds
from stance.linear import softmax

SENTENCES = {
    "cooperative": ["{s} praised {t}", "{s} sent aid to {t}", "{s} welcomed {t}", "{s} thanked {t}"],
    "neutral": ["{s} lies beside {t}", "{s} trails {t}", "{s} is older than {t}", "{s} and {t} appear on maps"],
    "opposed": ["{s} attacked {t}", "{s} condemned {t}", "{s} threatened {t}", "{s} bombed {t}"],
}
ENDINGS = ["", " on Monday", " again", " in spring", " after dusk"]
LABELS = [label for label, own in SENTENCES.items() for _ in own for _ in ENDINGS]
PAIRS = [
    fill(sentence + ending + ".", s="Norvik", t="Ostmark")
    for own in SENTENCES.values()
    for sentence in own
    for ending in ENDINGS
]


@pytest.fixture(scope="module")
def fitted() -> StanceClassifier:
    return StanceClassifier(min_df=1).fit(PAIRS, LABELS)


def test_it_learns_and_calls_the_labels_by_their_names(fitted):
    assert fitted.classes_.tolist() == ["cooperative", "neutral", "opposed"]
    assert fitted.score(PAIRS, LABELS) > 0.95
    unseen = [fill("{s} bombed {t} at noon.", s="A", t="B"), fill("{s} thanked {t} at noon.", s="A", t="B")]
    assert fitted.predict(unseen).tolist() == ["opposed", "cooperative"]


def test_probabilities_are_the_softmax_of_the_scores(fitted):
    probabilities = fitted.predict_proba(PAIRS)
    assert probabilities.shape == (len(PAIRS), 3)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    np.testing.assert_allclose(probabilities, softmax(fitted.decision_function(PAIRS)))
    assert fitted.classes_[probabilities.argmax(axis=1)].tolist() == fitted.predict(PAIRS).tolist()


def test_a_clone_has_the_parameters_and_nothing_learned(fitted):
    copy = clone(fitted.set_params())
    assert copy.get_params() == fitted.get_params()
    with pytest.raises(NotFittedError):
        copy.predict(PAIRS)


@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function"])
def test_nothing_is_answered_before_fitting(method):
    with pytest.raises(NotFittedError):
        getattr(StanceClassifier(), method)(PAIRS)


def test_a_pickle_answers_alike(fitted):
    copy = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(copy.predict_proba(PAIRS), fitted.predict_proba(PAIRS))


def test_cross_val_score_takes_a_list_of_pairs():
    scores = cross_val_score(StanceClassifier(min_df=1, calibration_folds=2), PAIRS, LABELS, cv=3)
    assert scores.shape == (3,)
    assert np.isfinite(scores).all()


def test_cross_val_score_takes_groups_and_probability_scores():
    groups = [number % 6 for number in range(len(PAIRS))]
    classifier = StanceClassifier(min_df=1, calibration_folds=2)
    scores = cross_val_score(classifier, PAIRS, LABELS, groups=groups, cv=GroupKFold(3), scoring="neg_log_loss")
    assert np.isfinite(scores).all()


def test_grid_search_chooses_a_penalty():
    search = GridSearchCV(StanceClassifier(min_df=1, calibration_folds=0), {"C": [1e-6, 3.0]}, cv=3)
    search.set_params(scoring="neg_log_loss").fit(PAIRS, LABELS)
    assert search.best_params_ == {"C": 3.0}
    assert search.predict(PAIRS[:1]).shape == (1,)


@pytest.mark.parametrize("calibration_folds", [0, 3])
def test_two_labels_are_enough(calibration_folds):
    chosen = [k for k, label in enumerate(LABELS) if label != "neutral"]
    pairs, labels = [PAIRS[k] for k in chosen], [LABELS[k] for k in chosen]
    fitted = StanceClassifier(min_df=1, calibration_folds=calibration_folds).fit(pairs, labels)
    assert fitted.classes_.tolist() == ["cooperative", "opposed"]
    assert fitted.predict_proba(PAIRS).shape == (len(PAIRS), 2)
    np.testing.assert_allclose(fitted.predict_proba(PAIRS).sum(axis=1), 1)
    assert fitted.score(pairs, labels) > 0.95


def test_two_labels_without_calibration_are_plain_logistic_regression():
    chosen = [k for k, label in enumerate(LABELS) if label != "neutral"]
    pairs, labels = [PAIRS[k] for k in chosen], [LABELS[k] for k in chosen]
    lenient, strict = (
        StanceClassifier(C=c, min_df=1, calibration_folds=0).fit(pairs, labels).predict_proba(pairs).max(axis=1).mean()
        for c in (10.0, 0.001)
    )
    assert strict < 0.6 < lenient


def test_calibration_moves_probabilities_only_where_it_is_on():
    plain, again, calibrated = (
        StanceClassifier(min_df=1, calibration_folds=folds).fit(PAIRS, LABELS).predict_proba(PAIRS)
        for folds in (0, 0, 5)
    )
    np.testing.assert_array_equal(plain, again)
    assert not np.allclose(plain, calibrated, atol=1e-3)


def test_calibration_brings_overconfident_scores_down():
    generator = np.random.default_rng(3)
    true = generator.integers(0, 3, 600)
    guessed = np.where(generator.random(600) < 0.7, true, generator.integers(0, 3, 600))
    scores = 20.0 * np.eye(3)[guessed]
    calibration = Calibration.fit(scores, true)
    confidence = softmax(scores * calibration.scale + calibration.shift).max(axis=1).mean()
    assert confidence == pytest.approx((guessed == true).mean(), abs=0.02)


def test_calibration_of_scores_that_separate_the_labels_stays_finite():
    calibration = Calibration.fit(1000.0 * np.eye(3), np.arange(3))
    assert np.isfinite(calibration.scale).all()
    assert np.isfinite(calibration.shift).all()


def test_the_same_seed_gives_the_same_model():
    first, second = (StanceClassifier(min_df=1, seed=4).fit(PAIRS, LABELS).predict_proba(PAIRS) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_weights_of_samples_count():
    pairs = [fill("{s} watched {t}", s="A", t="B"), fill("{s} watched {t}.", s="A", t="B")] * 5
    labels = ["opposed", "cooperative"] * 5
    weights = [9.0, 1.0] * 5
    classifier = StanceClassifier(min_df=1, calibration_folds=0, class_weight=None)
    (row,) = classifier.fit(pairs, labels, sample_weight=weights).predict_proba(pairs[:1])
    assert dict(zip(classifier.classes_, row, strict=True))["opposed"] > 0.8


def test_a_label_that_only_one_article_has_is_still_learned():
    groups = ["rare" if label == "opposed" else f"a{k % 5}" for k, label in enumerate(LABELS)]
    fitted = StanceClassifier(min_df=1).fit(PAIRS, LABELS, groups=groups)
    assert fitted.classes_.tolist() == ["cooperative", "neutral", "opposed"]
    assert np.isfinite(fitted.predict_proba(PAIRS)).all()


@pytest.mark.parametrize("calibration_folds", [0, 5])
def test_one_label_is_refused(calibration_folds):
    with pytest.raises(ValueError, match="one label"):
        StanceClassifier(calibration_folds=calibration_folds).fit(PAIRS[:4], ["opposed"] * 4)


def test_one_article_is_refused_for_calibration():
    with pytest.raises(ValueError, match="one article"):
        StanceClassifier(min_df=1).fit(PAIRS, LABELS, groups=["only"] * len(PAIRS))
    StanceClassifier(min_df=1, calibration_folds=0).fit(PAIRS, LABELS, groups=["only"] * len(PAIRS))


def test_pairs_with_one_text_are_one_article():
    there = fill("{s} attacked {t}", s="Norvik", t="Ostmark")
    back = Pair(there.text, there.target, there.source)
    with pytest.raises(ValueError, match="one article"):
        StanceClassifier(min_df=1).fit([there, back], ["opposed", "neutral"])


def test_labels_for_other_pairs_are_refused():
    with pytest.raises(ValueError, match=f"{len(PAIRS)} pairs, but 3 labels"):
        StanceClassifier().fit(PAIRS, LABELS[:3])


def test_no_pairs_no_answers(fitted):
    assert fitted.predict([]).shape == (0,)
    assert fitted.predict_proba([]).shape == (0, 3)


@pytest.mark.parametrize("articles", [2, 3, 7])
def test_folds_split_no_article_and_test_every_pair_once(articles):
    groups = np.array([f"a{k % articles}" for k in range(len(PAIRS))])
    folds = grouped_folds(np.array(LABELS), groups, 5, seed=1)
    assert len(folds) == min(5, articles)
    assert sorted(np.concatenate([fold.test for fold in folds]).tolist()) == [*range(len(PAIRS))]
    for fold in folds:
        assert set(groups[fold.train]).isdisjoint(groups[fold.test])
        assert len(fold.train) + len(fold.test) == len(PAIRS)
