"""The linear model itself: scores are sums of TF-IDF values times weights, plus an intercept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from stance.features import PairVectorizer
from stance.records import QUADS, TASKS, Answer, Contribution, Explanation, Pair


@dataclass(frozen=True, slots=True, eq=False)
class QuadHead:
    """Linear scores that a cooperative and an opposed stance are material, over the same TF-IDF rows.

    Attributes
    ----------
    coef : ndarray of shape (n_terms, 2)
        Columns in the order of ``stance.records.QUADS``.
    intercept : ndarray of shape (2,)
    """

    coef: np.ndarray
    intercept: np.ndarray


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
    quad : QuadHead or None
        Where the model learned from quad classes.
    """

    vectorizer: PairVectorizer
    coef: np.ndarray
    intercept: np.ndarray
    labels: tuple[str, ...]
    quad: QuadHead | None = None
    _weights: np.ndarray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # weights times IDF, of both heads, and squared IDF: all that a term adds, in one row
        idf = self.vectorizer.idf_[:, None]
        heads = [self.coef, *([self.quad.coef] if self.quad else [])]
        object.__setattr__(self, "_weights", np.hstack([*(coef * idf for coef in heads), idf**2]))

    @property
    def task(self) -> str:
        """What the model can be asked: one of ``stance.records.TASKS``, by its labels."""
        return next((task for task, labels in TASKS.items() if set(self.labels) <= set(labels)), "stance")

    def scores(self, pairs: Sequence[Pair]) -> np.ndarray:
        """Scores of shape (n_pairs, n_labels)."""
        return self._sums(pairs)[:, : len(self.labels)] + self.intercept

    def _sums(self, pairs: Sequence[Pair]) -> np.ndarray:
        """TF-IDF values times weights, summed for each pair, of both heads: shape (n_pairs, n_labels [+ 2])."""
        vectors = self.vectorizer.vectors(pairs)
        sums = np.zeros((len(pairs), self._weights.shape[1] - 1))
        if len(vectors.rows):
            found = np.add.reduceat(self._weights[vectors.columns], vectors.starts)
            scaled = found[:, :-1] / np.sqrt(found[:, -1:])
            firsts = np.flatnonzero(np.diff(vectors.rows, prepend=-1))
            sums[vectors.rows[firsts]] = np.add.reduceat(scaled[vectors.used], firsts)
        return sums

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

    def classify(self, pairs: Sequence[Pair], labels: Sequence[str] | None = None) -> list[Answer]:
        """The likeliest label of each pair, with all probabilities."""
        names = self.labels if labels is None else tuple(labels)
        sums = self._sums(pairs)
        probabilities = softmax((sums[:, : len(self.labels)] + self.intercept)[:, self._columns(labels)])
        best = [names[k] for k in probabilities.argmax(axis=1)]
        task = self.task
        return [
            Answer(label, dict(zip(names, row, strict=True)), pair.id, material.get(label), task)
            for pair, label, row, material in zip(
                pairs, best, probabilities.tolist(), self._material(sums), strict=True
            )
        ]

    def material(self, pairs: Sequence[Pair]) -> list[Mapping[str, float]]:
        """For each pair, the probability that its stance is material, by stance; empty without a quad head."""
        return self._material(self._sums(pairs))

    def _material(self, sums: np.ndarray) -> list[Mapping[str, float]]:
        if self.quad is None:
            return [{}] * len(sums)
        scores = sums[:, len(self.labels) :] + self.quad.intercept
        return [dict(zip(QUADS, row, strict=True)) for row in (1 / (1 + np.exp(-scores))).tolist()]

    def explain(self, pair: Pair) -> Explanation:
        """Take the decision on one pair apart, the most moving terms first."""
        entries = self.vectorizer.entries(pair)
        weighted = entries.values[:, None] * self.coef[entries.columns]
        order = np.argsort(-np.ptp(weighted, axis=1), kind="stable")
        contributions = tuple(
            Contribution(
                self.vectorizer.name(entries.columns[i]),
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
