#!/usr/bin/env python3
"""Leave one block of terms out at a time: what each is worth, in cross-validation and on other labelled pairs.

    python scripts/experiments.py [PAIRS...] [--data FILE]

One row a trial: macro-F1 of three labels and of two (those that are not neutral) in grouped cross-validation
on the data, then on each file of labelled pairs, from a model of all the data. Differences are to the first
row. The data may be about stance or about sentiment. docs/experiments.md tells what was tried besides, and what
became of it.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

from stance.classifier import StanceClassifier, grouped_folds, held_back_scores
from stance.corpus import read_corpus
from stance.features import PairVectorizer, TermTable
from stance.records import SIDES, TASKS

DATA = Path(__file__).resolve().parent.parent / "data" / "stance.jsonl"
STRENGTH = 1.0
FOLDS = 5
TRIALS = {
    "everything": "",
    "no words between (m)": "m",
    "no words around source and target (s, t)": "st",
    "no words of the passage (g)": "g",
    "no direct predicates (d)": "d",
    "no other predicates (l)": "l",
    "no words that portray (p, q)": "pq",
    "no skeleton (k)": "k",
    "no lexicon (d, l, k)": "dlk",
    "no lexicon at all (d, l, p, q, k)": "dlpqk",
}
"""The letters of the blocks that each trial leaves out; one that changes nothing is not run."""


def without(table: TermTable, letters: str) -> TermTable:
    """The table without the blocks of these letters."""
    kept = np.flatnonzero([term[0] not in letters for term in table.names()])
    return TermTable(table.matrix[:, kept], table.keys[kept], table.symbols)


def macro_f1(scores: np.ndarray, y: np.ndarray, task: str, labels: Sequence[str]) -> float:
    """Macro-F1 over the pairs that have one of the labels, chosen among these only; columns sorted by label."""
    chosen = np.isin(y, labels)
    columns = [TASKS[task].index(label) for label in labels]
    predicted = np.array(labels)[scores[chosen][:, columns].argmax(axis=1)]
    return float(f1_score(y[chosen], predicted, labels=labels, average="macro"))


def both(name: str, scores: np.ndarray, y: np.ndarray, task: str) -> dict[str, float]:
    """Macro-F1 of two labels, and of three where pairs are neutral."""
    found = {f"{name}, 2": macro_f1(scores, y, task, sorted(SIDES[task]))}
    if "neutral" in y:
        found = {f"{name}, 3": macro_f1(scores, y, task, TASKS[task])} | found
    return found


def trial(
    own: TermTable,
    y: np.ndarray,
    articles: np.ndarray,
    task: str,
    others: Mapping[str, tuple[TermTable, np.ndarray]],
) -> dict[str, float]:
    """All scores of one choice of terms."""
    classifier = StanceClassifier(C=STRENGTH)
    weights = np.ones(len(y))
    folds = grouped_folds(y, articles, FOLDS, classifier.seed)
    found = both("cv", held_back_scores(own, y, weights, folds, [classifier])[0], y, task)
    vectorizer = PairVectorizer(classifier.min_df).fit(own)
    fitted = classifier.fit_weights(vectorizer.transform(own), y, weights)
    for name, (table, labels) in others.items():
        found |= both(name, vectorizer.transform(table) @ fitted.coef + fitted.intercept, labels, task)
    return found


def labels_of(pairs: Sequence) -> np.ndarray:
    return np.array([labelled.label for labelled in pairs])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", nargs="*", type=Path, help="labelled pairs to score")
    parser.add_argument("--data", type=Path, default=DATA, help="labelled pairs to learn from")
    args = parser.parse_args()
    corpus = read_corpus([args.data])
    own, task = corpus.pairs, corpus.task
    y, articles = labels_of(own), np.array([labelled.article for labelled in own])
    table = TermTable.of(labelled.pair for labelled in own)
    others = {}
    for path in args.pairs:
        pairs = read_corpus([path], task, strict=False).pairs
        others[path.stem] = (TermTable.of(labelled.pair for labelled in pairs), labels_of(pairs))
    first: dict[str, float] = {}
    letters_there = {name[0] for name in table.names()}
    for name, letters in TRIALS.items():
        if first and not (letters_there & set(letters) and letters_there - set(letters)):
            continue
        scored = {key: (without(value, letters), labels) for key, (value, labels) in others.items()}
        found = trial(without(table, letters), y, articles, task, scored)
        if not first:
            first = found
            print("| trial | " + " | ".join(found) + " |\n| --- |" + " ---: |" * len(found))
            cells = [f"{value:.3f}" for value in found.values()]
        else:
            cells = [f"{value - first[key]:+.3f}" for key, value in found.items()]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
