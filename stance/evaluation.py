"""How good a model's answers are on labelled pairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from stance import __version__
from stance.corpus import Corpus
from stance.errors import ArtifactError, CorpusError
from stance.model import StanceModel
from stance.records import QUADS, LabelledPair

RESAMPLES = 1_000
_BINS = 15
COVERAGE_AT = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Probabilities below which answers are left out, in the table of coverage against accuracy."""
_BY_TONE = {
    0: ("neutral",),
    1: ("positive", "cooperative", QUADS["cooperative"][0]),
    -1: ("negative", "opposed", QUADS["opposed"][0]),
}
"""The labels that a neutral, positive or negative tone stands for in the lexicon baseline."""
_VADER_THRESHOLD = 0.05  # as its authors recommend (Hutto and Gilbert, ICWSM 2014)


@dataclass(frozen=True, slots=True)
class LabelScore:
    """Precision, recall and F1 of one label; ``support`` counts the pairs that have it."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Score:
    """Accuracy and macro-F1, each with a 95 % interval (low, high)."""

    accuracy: float
    macro_f1: float
    accuracy_ci: tuple[float, float]
    macro_f1_ci: tuple[float, float]

    def __str__(self) -> str:
        low, high = self.macro_f1_ci
        return f"macro-F1 {self.macro_f1:.3f} [{low:.3f}, {high:.3f}], accuracy {self.accuracy:.3f}"

    def to_dict(self) -> dict[str, Any]:
        return {
            "accuracy": self.accuracy,
            "macro_f1": self.macro_f1,
            "ci": {"accuracy": list(self.accuracy_ci), "macro_f1": list(self.macro_f1_ci)},
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of all answers, the share that is at least this probable, and its accuracy; 0 where there are none."""

    min_probability: float
    share: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that ``stance evaluate`` prints.

    Attributes
    ----------
    n : int
        Number of pairs.
    score : Score
    per_label : mapping of str to LabelScore
    confusion : mapping of str to mapping of str to int
        ``confusion[true][predicted]``.
    ece : float
        Expected calibration error of the likeliest label's probability, in 15 bins.
    coverage : tuple of Coverage
        How accurate the answers are that are at least so probable.
    baselines : mapping of str to Score
        ``majority`` (always the commonest label) and ``lexicon`` (the VADER sentiment of the passage).
    signature : mapping
        What was measured with what: model and data hashes, labels, seed, resamples, version.
    """

    n: int
    score: Score
    per_label: Mapping[str, LabelScore]
    confusion: Mapping[str, Mapping[str, int]]
    ece: float
    coverage: tuple[Coverage, ...]
    baselines: Mapping[str, Score]
    signature: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that ``stance evaluate --format json`` prints."""
        return {
            "n": self.n,
            **self.score.to_dict(),
            "per_label": {
                label: {"precision": s.precision, "recall": s.recall, "f1": s.f1, "support": s.support}
                for label, s in self.per_label.items()
            },
            "confusion": {true: dict(row) for true, row in self.confusion.items()},
            "ece": self.ece,
            "coverage": [asdict(row) for row in self.coverage],
            "baselines": {name: score.to_dict() for name, score in self.baselines.items()},
            "signature": dict(self.signature),
        }


def evaluate(model: StanceModel, corpus: Corpus, labels: Sequence[str] | None = None, seed: int = 0) -> Evaluation:
    """Score a model on labelled pairs.

    Parameters
    ----------
    model : StanceModel
    corpus : Corpus
    labels : sequence of str, optional
        Only pairs with these labels are scored, and the model chooses among these only.
    seed : int
        Of the bootstrap, which resamples articles.

    Raises
    ------
    CorpusError
        No pair has one of the labels.
    ArtifactError
        The model is for another task than the data.
    """
    model.require(corpus.task)
    names = tuple(sorted(labels or model.labels))
    chosen = [labelled for labelled in corpus.pairs if labelled.label in names]
    if not chosen:
        raise CorpusError(f"no pair is labelled {' or '.join(names)}")
    probabilities = model.linear.probabilities([labelled.pair for labelled in chosen], names)
    signature = {
        "model": model.stamp.sha256,
        "data": corpus.sha256,
        "labels": list(names),
        "seed": seed,
        "resamples": RESAMPLES,
        "version": __version__,
    }
    return assess(chosen, probabilities, names, seed, signature)


def evaluate_quads(model: StanceModel, corpus: Corpus, seed: int = 0) -> Evaluation:
    """Score a model's quad classes on the pairs that have one, choosing among the four.

    Raises
    ------
    ArtifactError
        The model knows no quad classes.
    CorpusError
        No pair has a quad class.
    """
    chosen = [replace(labelled, label=labelled.quad) for labelled in corpus.pairs if labelled.quad]
    if not chosen:
        raise CorpusError("no pair has a quad class")
    if model.linear.quad is None:
        raise ArtifactError("this model knows no quad classes: it was trained on data without them")
    pairs = [labelled.pair for labelled in chosen]
    sides = model.linear.probabilities(pairs, tuple(QUADS))
    material = np.array([[row[side] for side in QUADS] for row in model.linear.material(pairs)])
    names = [name for quads in QUADS.values() for name in quads]
    probabilities = np.stack([sides * (1 - material), sides * material], axis=2).reshape(len(pairs), len(names))
    order = np.argsort(names)
    signature = {
        "model": model.stamp.sha256,
        "data": corpus.sha256,
        "labels": sorted(names),
        "seed": seed,
        "resamples": RESAMPLES,
        "version": __version__,
    }
    return assess(chosen, probabilities[:, order], sorted(names), seed, signature)


def assess(
    chosen: Sequence[LabelledPair],
    probabilities: np.ndarray,
    labels: Sequence[str],
    seed: int,
    signature: Mapping[str, Any],
) -> Evaluation:
    """Score probabilities of shape (n_pairs, n_labels) against the labels of the pairs."""
    column = {label: k for k, label in enumerate(labels)}
    true = np.array([column[labelled.label] for labelled in chosen])
    predicted = probabilities.argmax(axis=1)
    resampler = Resampler([labelled.article for labelled in chosen], seed)
    matrix = _confusion(true, predicted, len(labels))
    majority = np.full_like(true, np.bincount(true).argmax())
    lexicon = lexicon_baseline([labelled.pair.text for labelled in chosen], labels)
    return Evaluation(
        n=len(chosen),
        score=resampler.score(true, predicted, len(labels)),
        per_label={label: _label_score(matrix, k) for label, k in column.items()},
        confusion={t: {p: int(matrix[i, j]) for p, j in column.items()} for t, i in column.items()},
        ece=expected_calibration_error(true, probabilities),
        coverage=tuple(_coverage(true, probabilities)),
        baselines={
            "majority": resampler.score(true, majority, len(labels)),
            "lexicon": resampler.score(true, lexicon, len(labels)),
        },
        signature=signature,
    )


class Resampler:
    """Bootstrap over articles (Koehn, *Statistical Significance Tests for MT Evaluation*, EMNLP 2004).

    Every statistic is computed from the confusion counts of each article, so that a resample is a
    weighting of articles and all resamples are one matrix product.
    """

    def __init__(self, articles: Sequence[str], seed: int, resamples: int = RESAMPLES) -> None:
        names = {article: number for number, article in enumerate(dict.fromkeys(articles))}
        self._article = np.array([names[article] for article in articles])
        number = len(names)
        self._weights = np.random.default_rng(seed).multinomial(number, np.full(number, 1 / number), resamples)

    def score(self, true: np.ndarray, predicted: np.ndarray, labels: int) -> Score:
        """Accuracy and macro-F1 of label indices, with their percentile intervals."""
        cells = labels * labels
        flat = self._article * cells + true * labels + predicted
        per_article = np.bincount(flat, minlength=self._weights.shape[1] * cells).reshape(-1, cells)
        resampled = (self._weights @ per_article).reshape(-1, labels, labels)
        whole = per_article.sum(0).reshape(1, labels, labels)
        (accuracy,), (macro_f1,) = _accuracy(whole), _macro_f1(whole)
        return Score(float(accuracy), float(macro_f1), _interval(_accuracy(resampled)), _interval(_macro_f1(resampled)))


def _confusion(true: np.ndarray, predicted: np.ndarray, labels: int) -> np.ndarray:
    return np.bincount(true * labels + predicted, minlength=labels * labels).reshape(labels, labels)


def _accuracy(confusion: np.ndarray) -> np.ndarray:
    return np.trace(confusion, axis1=1, axis2=2) / confusion.sum(axis=(1, 2))


def _macro_f1(confusion: np.ndarray) -> np.ndarray:
    """Mean F1 of the labels that occur, as true or as predicted."""
    hits = np.diagonal(confusion, axis1=1, axis2=2)
    seen = confusion.sum(axis=1) + confusion.sum(axis=2)
    f1 = np.divide(2 * hits, seen, out=np.zeros(hits.shape), where=seen > 0)
    return f1.sum(axis=1) / np.maximum(1, (seen > 0).sum(axis=1))


def _interval(values: np.ndarray) -> tuple[float, float]:
    low, high = np.percentile(values, [2.5, 97.5]).tolist()
    return low, high


def _label_score(confusion: np.ndarray, k: int) -> LabelScore:
    hits, given, true = confusion[k, k], confusion[:, k].sum(), confusion[k].sum()
    precision, recall = hits / max(1, given), hits / max(1, true)
    return LabelScore(float(precision), float(recall), float(2 * hits / max(1, given + true)), int(true))


def expected_calibration_error(true: np.ndarray, probabilities: np.ndarray) -> float:
    """Mean distance of confidence and accuracy over equal-width bins (Guo et al., ICML 2017)."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == true
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = np.abs(np.bincount(bins, confidence, _BINS) - np.bincount(bins, right, _BINS))
    return float(gaps.sum() / len(true))


@lru_cache(maxsize=1)
def _vader():
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def _coverage(true: np.ndarray, probabilities: np.ndarray) -> Iterator[Coverage]:
    right = probabilities.argmax(axis=1) == true
    best = probabilities.max(axis=1)
    for least in COVERAGE_AT:
        kept = best >= least
        yield Coverage(least, float(kept.mean()), float(right[kept].mean()) if kept.any() else 0.0)


def lexicon_baseline(texts: Sequence[str], labels: Sequence[str]) -> np.ndarray:
    """What the VADER sentiment of the passage alone would say, as indices into ``labels``.

    For stances, positive is cooperative (verbally, among quad classes), negative opposed, and neither neutral; a text
    whose answer is not among the labels gets the first of them.
    """
    compounds = {text: _vader().polarity_scores(text)["compound"] for text in set(texts)}
    neutral_width = _VADER_THRESHOLD if "neutral" in labels else 0.0
    answers = []
    for text in texts:
        compound = compounds[text]
        names = _BY_TONE[0 if abs(compound) < neutral_width else 1 if compound >= 0 else -1]
        likeliest = next((name for name in names if name in labels), labels[0])
        answers.append(labels.index(likeliest))
    return np.array(answers)
