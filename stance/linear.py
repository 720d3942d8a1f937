"""The linear model itself: scores are sums of TF-IDF values times weights, plus an intercept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stance.features import PairVectorizer
from stance.records import Contribution, Explanation, Pair, PairStance


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """A fitted, calibrated model, as plain arrays.

    Attributes
    ----------
    vectorizer : PairVectorizer
        With its ``n_terms`` terms.
    coef : ndarray of shape (n_terms, n_labels)
    intercept : ndarray of shape (n_labels,)
    labels : tuple of str
        Sorted.
    """

    vectorizer: PairVectorizer
    coef: np.ndarray
    intercept: np.ndarray
    labels: tuple[str, ...]

    def scores(self, pairs: Sequence[Pair]) -> np.ndarray:
        """Scores of shape (n_pairs, n_labels)."""
        entries = self.vectorizer.entries(pairs)
        weighted = entries.values[:, None] * self.coef[entries.columns]
        sums = [np.bincount(entries.rows, weighted[:, k], minlength=len(pairs)) for k in range(len(self.labels))]
        return np.stack(sums, axis=1) + self.intercept

    def probabilities(self, pairs: Sequence[Pair], labels: Sequence[str] | None = None) -> np.ndarray:
        """Probabilities of shape (n_pairs, n_labels); rows sum to 1.

        Parameters
        ----------
        pairs : sequence of Pair
        labels : sequence of str, optional
            Choose among these only; the columns come in this order. ``ValueError`` for a label that
            the model does not know.
        """
        return softmax(self.scores(pairs)[:, self._columns(labels)])

    def classify(self, pairs: Sequence[Pair], labels: Sequence[str] | None = None) -> list[PairStance]:
        """The likeliest label of each pair, with all probabilities."""
        names = self.labels if labels is None else tuple(labels)
        probabilities = self.probabilities(pairs, labels)
        best = probabilities.argmax(axis=1)
        return [
            PairStance(names[k], dict(zip(names, row, strict=True)), pair.id)
            for pair, row, k in zip(pairs, probabilities.tolist(), best.tolist(), strict=True)
        ]

    def explain(self, pair: Pair) -> Explanation:
        """Take the decision on one pair apart, the most moving terms first."""
        entries = self.vectorizer.entries([pair])
        weighted = entries.values[:, None] * self.coef[entries.columns]
        order = np.argsort(-np.ptp(weighted, axis=1), kind="stable")
        contributions = tuple(
            Contribution(
                self.vectorizer.terms_[entries.columns[i]],
                float(entries.values[i]),
                dict(zip(self.labels, weighted[i].tolist(), strict=True)),
            )
            for i in order
        )
        (answer,) = self.classify([pair])
        (scores,) = self.scores([pair]).tolist()
        return Explanation(
            answer,
            dict(zip(self.labels, scores, strict=True)),
            dict(zip(self.labels, self.intercept.tolist(), strict=True)),
            contributions,
        )

    def _columns(self, labels: Sequence[str] | None) -> list[int]:
        if labels is None:
            return list(range(len(self.labels)))
        if not labels or set(labels) - set(self.labels):
            raise ValueError(f"labels are {', '.join(self.labels)}; asked for {', '.join(labels)}")
        return [self.labels.index(label) for label in labels]


def softmax(scores: np.ndarray) -> np.ndarray:
    """Turn rows of scores into rows of probabilities."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
