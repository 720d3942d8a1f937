"""The stance classifier as a scikit-learn estimator."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from stance.features import PairVectorizer, TermTable
from stance.linear import LinearModel, softmax
from stance.records import Pair


class Weights(NamedTuple):
    """Fitted weights: ``coef`` of shape (n_terms, n_labels), ``intercept`` and ``classes`` of shape (n_labels,)."""

    coef: np.ndarray
    intercept: np.ndarray
    classes: np.ndarray


class Fold(NamedTuple):
    """Indices of the pairs to train on, and of those to test on."""

    train: np.ndarray
    test: np.ndarray


class Calibration(NamedTuple):
    """Vector scaling (Guo et al., *On Calibration of Modern Neural Networks*, ICML 2017).

    ``scale`` and ``shift``, both of shape (n_labels,), turn a row of scores into one whose softmax
    can be read as probabilities.
    """

    scale: np.ndarray
    shift: np.ndarray

    @classmethod
    def fit(cls, scores: np.ndarray, columns: np.ndarray) -> Calibration:
        """Fit to scores that the weights have not seen.

        Parameters
        ----------
        scores : ndarray of shape (n_pairs, n_labels)
        columns : ndarray of int, shape (n_pairs,)
            The true label of each pair, as a column of ``scores``.
        """
        wanted = np.eye(scores.shape[1])[columns]

        def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
            log_scale, shift = np.split(parameters, 2)
            scaled = scores * np.exp(log_scale)
            probabilities = softmax(scaled + shift)
            error = probabilities - wanted
            likelihood = np.log(probabilities[wanted > 0] + 1e-300).mean()
            # the small penalty keeps scale and shift finite where the scores separate the labels
            gradient = np.concatenate([(error * scaled).mean(0), error.mean(0)]) + 2e-4 * parameters
            return -likelihood + 1e-4 * (parameters @ parameters), gradient

        best = minimize(loss, np.zeros(2 * scores.shape[1]), jac=True, method="L-BFGS-B")
        log_scale, shift = np.split(best.x, 2)
        return cls(np.exp(log_scale), shift)


class StanceClassifier(ClassifierMixin, BaseEstimator):
    """Multinomial logistic regression over the TF-IDF rows of pairs, calibrated on held-back folds.

    Parameters
    ----------
    C : float
        Inverse strength of the L2 penalty.
    min_df : int
        A term is kept when at least this many training pairs hold it.
    class_weight : {'balanced', None}
    calibration_folds : int
        Folds for the calibration, which is fitted to scores of pairs that the weights have not seen
        and then goes into the weights, so that the model stays linear. 0 turns it off.
    seed : int
        Of the folds.

    Attributes
    ----------
    classes_ : ndarray of str, shape (n_labels,)
    linear_ : LinearModel
    """

    def __init__(
        self,
        C: float = 3.0,
        min_df: int = 2,
        class_weight: str | None = "balanced",
        calibration_folds: int = 5,
        seed: int = 0,
    ) -> None:
        self.C = C
        self.min_df = min_df
        self.class_weight = class_weight
        self.calibration_folds = calibration_folds
        self.seed = seed

    def fit(
        self, X: Sequence[Pair], y: Sequence[str], groups: Sequence[str] | None = None, sample_weight: Any = None
    ) -> Self:
        """Fit to labelled pairs.

        Parameters
        ----------
        X : sequence of Pair
        y : sequence of str
            The label of each pair; at least two different ones.
        groups : sequence of str, optional
            Pairs of one group (an article) stay on one side of every split. Without it, pairs with
            the same text are a group.
        sample_weight : array-like of shape (n_pairs,), optional
        """
        groups = [pair.text for pair in X] if groups is None else groups
        return self.fit_table(TermTable.of(X), np.asarray(y), np.asarray(groups), sample_weight)

    def fit_table(self, table: TermTable, y: np.ndarray, groups: np.ndarray, sample_weight: Any = None) -> Self:
        """Fit to table taken before, for callers that fit often to parts of the same pairs."""
        if len(y) != table.matrix.shape[0]:
            raise ValueError(f"{table.matrix.shape[0]} pairs, but {len(y)} labels")
        if len(set(y)) < 2:
            raise ValueError("all pairs have one label; at least two are needed")
        weights = np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        calibration = None
        if self.calibration_folds:
            folds = grouped_folds(y, groups, self.calibration_folds, self.seed)
            held_back = held_back_scores(table, y, weights, folds, [self])[0]
            calibration = Calibration.fit(held_back, np.searchsorted(np.unique(y), y))
        self.fit_calibrated(table, y, weights, calibration)
        return self

    def fit_calibrated(
        self, table: TermTable, y: np.ndarray, weights: np.ndarray, calibration: Calibration | None
    ) -> None:
        """Fit the weights to all pairs, and scale them as a calibration says that was fitted before."""
        vectorizer = PairVectorizer(self.min_df).fit(table)
        coef, intercept, classes = self.fit_weights(vectorizer.transform(table), y, weights)
        if calibration is not None:
            coef, intercept = coef * calibration.scale, intercept * calibration.scale + calibration.shift
        self.classes_ = classes
        self.linear_ = LinearModel(vectorizer, coef, intercept, tuple(classes.tolist()))

    def fit_weights(self, rows: csr_array, y: np.ndarray, weights: np.ndarray) -> Weights:
        """Fit the logistic regression to TF-IDF rows."""
        model = LogisticRegression(C=self.C, class_weight=self.class_weight, max_iter=500)
        with threadpool_limits(1, "blas"):  # on vectors of this size its threads only wait for each other
            model.fit(rows, y, sample_weight=weights)
        coef, intercept = model.coef_, model.intercept_
        if len(model.classes_) == 2:  # scikit-learn keeps one row of weights for two classes
            coef, intercept = np.vstack([-coef, coef]) / 2, np.concatenate([-intercept, intercept]) / 2
        return Weights(np.ascontiguousarray(coef.T), intercept, model.classes_)

    def predict_proba(self, X: Sequence[Pair]) -> np.ndarray:
        """Calibrated probabilities of shape (n_pairs, n_labels), columns as in ``classes_``."""
        check_is_fitted(self)
        return self.linear_.probabilities(X)

    def decision_function(self, X: Sequence[Pair]) -> np.ndarray:
        """Scores of shape (n_pairs, n_labels); the probabilities are their softmax."""
        check_is_fitted(self)
        return self.linear_.scores(X)

    def predict(self, X: Sequence[Pair]) -> np.ndarray:
        """The likeliest label of each pair."""
        check_is_fitted(self)
        return self.classes_[self.linear_.scores(X).argmax(axis=1)]


def grouped_folds(y: np.ndarray, groups: np.ndarray, folds: int, seed: int) -> list[Fold]:
    """Folds that split no group, with the labels spread evenly.

    There are fewer folds than asked for where there are fewer groups; ``ValueError`` for one group,
    or for labels that all stand in fewer pairs than there are folds.
    """
    number = min(folds, len(set(groups)))
    if number < 2:
        raise ValueError("all pairs are of one article; at least two articles are needed")
    if max(np.unique(y, return_counts=True)[1]) < number:
        raise ValueError(f"every label stands in fewer than {number} pairs; more labelled pairs are needed")
    with warnings.catch_warnings():  # rare labels may be missing from a fold: that is handled
        warnings.simplefilter("ignore", UserWarning)
        splitter = StratifiedGroupKFold(number, shuffle=True, random_state=seed)
        return [Fold(*indices) for indices in splitter.split(y, y, groups)]


def held_back_scores(
    table: TermTable,
    y: np.ndarray,
    weights: np.ndarray,
    folds: Iterable[Fold],
    candidates: Sequence[StanceClassifier],
) -> list[np.ndarray]:
    """Scores of every pair from weights that have not seen its group.

    Returns
    -------
    list of ndarray of shape (n_pairs, n_labels)
        One for each candidate, labels sorted. Candidates must share ``min_df``. Pairs in no test
        fold score 0.
    """
    classes = np.unique(y)
    scores = [np.zeros((len(y), len(classes))) for _ in candidates]
    for train, test in folds:
        vectorizer = PairVectorizer(candidates[0].min_df).fit(table.rows(train))
        train_rows, test_rows = vectorizer.transform(table.rows(train)), vectorizer.transform(table.rows(test))
        for candidate, own in zip(candidates, scores, strict=True):
            fitted = candidate.fit_weights(train_rows, y[train], weights[train])
            own[np.ix_(test, np.searchsorted(classes, fitted.classes))] = test_rows @ fitted.coef + fitted.intercept
    return scores
