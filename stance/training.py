"""From labelled pairs to a model on disk, with a card that says how good it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from stance import __version__, artifact
from stance.card import model_card
from stance.classifier import Calibration, Fold, StanceClassifier, grouped_folds, held_back_scores
from stance.corpus import Corpus, read_corpus
from stance.errors import CorpusError
from stance.evaluation import Evaluation, assess
from stance.features import TermTable
from stance.linear import QuadHead, softmax
from stance.model import StanceModel, load, locate
from stance.records import QUADS, LabelledPair

FOLDS = 5
STRENGTHS = (0.1, 0.3, 1.0, 3.0)
"""Values of the inverse penalty ``C`` among which cross-validation chooses."""
_MIDDLE_STRENGTH = 1.0
BASE_WEIGHTS = (0.1, 0.3, 1.0)
"""Weights of a base corpus's pairs, against 1 for the user's own, among which cross-validation chooses."""

_LIBRARIES = ("numpy", "scipy", "scikit-learn", "PyStemmer")

Progress = Callable[[str, int, int], None]
"""Is told the name of a step, and how many of its parts are done, of how many."""


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """A trained model, and how it did on pairs that it had not seen."""

    model: StanceModel
    evaluation: Evaluation
    path: Path


@dataclass(frozen=True, slots=True)
class _Setting:
    """One candidate of the search, and what cross-validation found: log loss, and its standard error over folds."""

    classifier: StanceClassifier
    base_weight: float
    probabilities: np.ndarray
    calibration: Calibration
    loss: float
    error: float


def train(
    data: Sequence[str | Path],
    output: str | Path,
    *,
    base: str | Path | None = None,
    task: str | None = None,
    carry_data: bool = False,
    seed: int = 0,
    progress: Progress | None = None,
) -> TrainingResult:
    """Train a model of stance or of sentiment on labelled pairs and write it to a folder.

    The penalty is chosen by log loss in grouped cross-validation, in which the pairs of one article
    stay together: the strongest one within a standard error of the best (Breiman et al., *Classification
    and Regression Trees*, 1984), since what it is used on differs from what it learned from. The
    calibration is fitted to the same held-back scores; the weights are then fitted to all pairs.

    Parameters
    ----------
    data : sequence of path
        JSONL, CSV or TSV files, as ``stance.corpus`` describes them.
    output : path
        The folder to write.
    base : path or str, optional
        A model that carries its training data (the shipped one does), or a data file. Its pairs are
        learned from too, with a weight that cross-validation on the user's own pairs chooses.
    task : str, optional
        ``stance`` or ``sentiment``; default: what the data is about.
    carry_data : bool
        Whether the model carries its training data, so that it can be a base itself.
    seed : int
        Of the folds and the bootstrap.
    progress : callable
        Is told of every step, as ``progress(step, done, total)``.

    Returns
    -------
    TrainingResult
        With scores on the user's own pairs, each from weights and calibration that did not see its
        article.

    Raises
    ------
    CorpusError
        Something is wrong with the data: all of it is listed, and nothing is written.
    """
    progress = progress or _silent
    own = read_corpus(data, task)
    base_corpus = _read_base(base, own.task) if base is not None else None
    pairs = own.pairs + (base_corpus.pairs if base_corpus else ())
    y = np.array([labelled.label for labelled in pairs])
    labels = tuple(np.unique(y).tolist())
    if len(labels) < 2:
        raise CorpusError(f"all {len(y)} pairs are labelled {labels[0]}; at least two labels are needed")
    table = _count(pairs, progress)
    best = _search(table, pairs, len(own.pairs), seed, progress)
    progress("fit", 0, 1)
    classifier = best.classifier
    weights = _weights(len(own.pairs), len(pairs), best.base_weight)
    classifier.fit_calibrated(table, y, weights, best.calibration)
    linear = replace(classifier.linear_, quad=_fit_quads(classifier, table, pairs, weights))
    manifest = _manifest(Path(output).name, own, base_corpus, base, best, seed)
    progress("evaluate", 0, 1)
    evaluation = assess(own.pairs, best.probabilities, labels, seed, manifest["signature"])
    manifest["scores"] = evaluation.to_dict()
    carried = Corpus(pairs, own.sha256, own.task) if carry_data else None
    artifact.write(output, linear, manifest, model_card(manifest, own.task), carried)
    progress("done", 1, 1)
    return TrainingResult(load(output), evaluation, Path(output))


def _fit_quads(
    classifier: StanceClassifier, table: TermTable, pairs: Sequence[LabelledPair], weights: np.ndarray
) -> QuadHead | None:
    """Fit the quad head to the pairs that have a quad class; ``None`` unless each side has both of its classes."""
    rows = classifier.linear_.vectorizer.transform(table)
    columns = []
    for verbal, material in QUADS.values():
        own = np.array([n for n, labelled in enumerate(pairs) if labelled.quad in (verbal, material)], dtype=np.intp)
        is_material = np.array([pairs[n].quad == material for n in own])
        if len(set(is_material.tolist())) < 2:
            return None
        fitted = StanceClassifier(C=classifier.C, class_weight=None).fit_weights(rows[own], is_material, weights[own])
        columns.append((fitted.coef[:, 1] - fitted.coef[:, 0], fitted.intercept[1] - fitted.intercept[0]))
    return QuadHead(np.stack([coef for coef, _ in columns], axis=1), np.array([value for _, value in columns]))


def _silent(_step: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def _read_base(base: str | Path, task: str) -> Corpus:
    path = Path(base)
    corpus = read_corpus([path], task) if path.is_file() else artifact.read_carried_corpus(locate(base))
    if corpus.task != task:
        raise CorpusError(f"{base} is about {corpus.task}, and the data about {task}")
    return corpus


def _count(pairs: Sequence[LabelledPair], progress: Progress) -> TermTable:
    def watched():
        for number, labelled in enumerate(pairs):
            if number % 500 == 0:
                progress("features", number, len(pairs))
            yield labelled.pair

    return TermTable.of(watched())


def _weights(own: int, total: int, base_weight: float) -> np.ndarray:
    weights = np.ones(total)
    weights[own:] = base_weight
    return weights


def _search(table: TermTable, pairs: Sequence[LabelledPair], own: int, seed: int, progress: Progress) -> _Setting:
    """Cross-validate every setting on the user's own pairs, which are the first ``own`` ones."""
    y = np.array([labelled.label for labelled in pairs])
    total = len(y)
    base = np.arange(own, total)
    articles = [labelled.article for labelled in pairs]
    texts = [labelled.pair.text for labelled in pairs]
    try:
        own_folds = grouped_folds(y[:own], np.array(articles[:own]), FOLDS, seed)
    except ValueError as error:
        raise CorpusError(f"the pairs cannot be split for cross-validation: {error}") from None
    folds = [
        Fold(np.concatenate([fold.train, _apart(base, fold.test, articles, texts)]), fold.test) for fold in own_folds
    ]
    if any(len(set(y[fold.train])) < 2 for fold in folds):
        raise CorpusError("no cross-validation is possible: a label stands in one article only")
    classes = np.unique(y)
    columns = np.searchsorted(classes, y[:own])

    def tried(strengths: Sequence[float], base_weight: float, step: int, steps: int) -> list[_Setting]:
        candidates = [StanceClassifier(C=strength, seed=seed) for strength in strengths]
        watch = _watch(folds, progress, step, steps)
        found = held_back_scores(table, y, _weights(own, total, base_weight), watch, candidates)
        settings = []
        for classifier, scores in zip(candidates, found, strict=True):
            own_scores = scores[:own]
            probabilities = _cross_calibrated(own_scores, columns, own_folds)
            losses = -np.log(probabilities[np.arange(own), columns] + 1e-12)
            spread = np.std([losses[fold.test].mean() for fold in own_folds], ddof=1) / len(own_folds) ** 0.5
            calibration = Calibration.fit(own_scores, columns)
            settings.append(
                _Setting(classifier, base_weight, probabilities, calibration, float(losses.mean()), float(spread))
            )
        return settings

    base_weight, steps = 1.0, 1
    if total > own:  # with one strength first, since the fits take their time
        steps += len(BASE_WEIGHTS)
        weighed = [s for n, weight in enumerate(BASE_WEIGHTS) for s in tried((_MIDDLE_STRENGTH,), weight, n, steps)]
        base_weight = min(weighed, key=lambda setting: setting.loss).base_weight
    settings = tried(STRENGTHS, base_weight, steps - 1, steps)
    best = min(settings, key=lambda setting: setting.loss)
    alike = [setting for setting in settings if setting.loss <= best.loss + best.error]
    return min(alike, key=lambda setting: setting.classifier.C)


def _apart(base: np.ndarray, test: np.ndarray, articles: Sequence[str], texts: Sequence[str]) -> np.ndarray:
    """The base pairs that share neither article nor text with the pairs to test on."""
    seen = {articles[i] for i in test} | {texts[i] for i in test}
    return np.array([i for i in base if articles[i] not in seen and texts[i] not in seen], dtype=base.dtype)


def _watch(folds: Sequence[Fold], progress: Progress, step: int, steps: int):
    for number, fold in enumerate(folds):
        progress("cross-validation", step * len(folds) + number, steps * len(folds))
        yield fold


def _cross_calibrated(scores: np.ndarray, columns: np.ndarray, folds: Sequence[Fold]) -> np.ndarray:
    """Probabilities whose calibration, too, has not seen the pair's article."""
    probabilities = np.zeros_like(scores)
    for fold in folds:
        calibration = Calibration.fit(scores[fold.train], columns[fold.train])
        probabilities[fold.test] = softmax(scores[fold.test] * calibration.scale + calibration.shift)
    return probabilities


def _manifest(
    name: str, own: Corpus, base_corpus: Corpus | None, base: str | Path | None, best: _Setting, seed: int
) -> dict[str, Any]:
    return {
        "name": name,
        "version": __version__,
        "parameters": best.classifier.get_params() | {"base_weight": best.base_weight, "folds": FOLDS},
        "seed": seed,
        "libraries": {library: version(library) for library in _LIBRARIES},
        "data": _describe(own),
        "base": _describe(base_corpus) | {"name": Path(base).name} if base_corpus and base is not None else None,
        "signature": {"data": own.sha256, "seed": seed, "folds": FOLDS, "version": __version__},
    }


def _describe(corpus: Corpus) -> dict[str, Any]:
    labels = Counter(labelled.label for labelled in corpus.pairs)
    return {
        "pairs": len(corpus.pairs),
        "articles": len({labelled.article for labelled in corpus.pairs}),
        "labels": dict(sorted(labels.items())),
        "sha256": corpus.sha256,
    }
