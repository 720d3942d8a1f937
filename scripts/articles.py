#!/usr/bin/env python3
"""Fit the weighing of passages to the gold articles for development, or check all gold articles.

python scripts/articles.py check   every problem, counts, and the agreement of the two readers
python scripts/articles.py fit     write stance/weighing.json, from the shipped model's answers on data/articles/dev,
                                   and print scores in cross-validation, in which whole articles are held back
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

import stance
from stance.aggregation import FEATURES, group, group_by_actor, pooled, weighed
from stance.article_evaluation import aligned, portrayed
from stance.evaluation import expected_calibration_error
from stance.gold import GoldArticle, read_articles
from stance.records import TASKS, ArticleStance

ROOT = Path(__file__).resolve().parent.parent
ARTICLES = ROOT / "data" / "articles"
WEIGHING = ROOT / "stance" / "weighing.json"
FOLDS = 10
PENALTY = 1e-3
SIDE_WEIGHT = {"stance": 1.0, "sentiment": 2.5}
"""How often a label that is not neutral counts. With 1, a portrayal that one clear passage shows is neutral even in
a text of one sentence."""


def dyad_rows(model: stance.StanceModel, article: GoldArticle) -> tuple[np.ndarray, list[str]]:
    """Pooled features of the dyads that the model sees in an article, and their gold stances."""
    answers = model.answers(article.document, sentiment=False)
    grouped = group(answers.stances)
    gold_of = aligned(article, ArticleStance(article.document, answers.mentions, (), model.stamp))
    labels = []
    for own in grouped:
        pair = own[0][0]
        gold = article.dyads.get((gold_of.get(pair.source.id, ""), gold_of.get(pair.target.id, "")))
        labels.append(gold.stance if gold else "neutral")
    return pooled(grouped), labels


def portrayal_rows(model: stance.StanceModel, article: GoldArticle) -> tuple[np.ndarray, list[str]]:
    """Pooled features of the actors that the model sees in an article, and their gold portrayals."""
    answers = model.answers(article.document)
    grouped = group_by_actor(answers.portrayals)
    gold_of = portrayed(article, ArticleStance(article.document, answers.mentions, (), model.stamp), grouped)
    gold = article.portrayals or {}
    labels = [gold.get(own or "", "neutral") for own in gold_of]
    return pooled([*grouped.values()], "sentiment"), labels


def log_loss(probabilities: np.ndarray, columns: np.ndarray, task: str) -> float:
    """Mean negative log likelihood of the true columns, with ``SIDE_WEIGHT``."""
    weights = np.where(columns == TASKS[task].index("neutral"), 1.0, SIDE_WEIGHT[task])
    return float(np.average(-np.log(probabilities[np.arange(len(columns)), columns] + 1e-12), weights=weights))


def fitted(rows: np.ndarray, columns: np.ndarray, task: str) -> np.ndarray:
    """The weights that make the gold labels likeliest, with a small penalty."""

    def loss(weights: np.ndarray) -> float:
        return log_loss(weighed(rows, weights, task), columns, task) + PENALTY * float(weights @ weights)

    return minimize(loss, np.full(len(FEATURES), 0.5), method="L-BFGS-B").x


def fit_task(task: str, parts: Sequence[tuple[np.ndarray, list[str]]]) -> dict[str, Any]:
    """Fit the weights of a task to the rows of each article, and cross-validate them."""
    labels = TASKS[task]
    rows = np.concatenate([part for part, _ in parts])
    columns = np.array([labels.index(label) for _, own in parts for label in own])
    of = np.repeat(np.arange(len(parts)), [len(own) for _, own in parts])
    probabilities = np.zeros((len(columns), len(labels)))
    for fold in range(FOLDS):
        test = of % FOLDS == fold
        probabilities[test] = weighed(rows[test], fitted(rows[~test], columns[~test], task), task)
    weights = fitted(rows, columns, task)
    return {
        "weights": {name: round(float(weight), 3) for name, weight in zip(FEATURES, weights, strict=True)},
        "fitted_to": {"articles": len(parts), "labels": len(columns)},
        "cross_validation": {
            "log_loss": round(log_loss(probabilities, columns, task), 4),
            "ece": round(expected_calibration_error(columns, probabilities), 4),
        },
    }


def fit() -> None:
    """Fit, cross-validate and write the weights."""
    model = stance.load()
    articles = read_articles([ARTICLES / "dev"])
    data = {
        "stance": fit_task("stance", [dyad_rows(model, article) for article in articles]),
        "sentiment": fit_task("sentiment", [portrayal_rows(model, a) for a in articles if a.portrayals is not None]),
    }
    WEIGHING.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(data, indent=1))


def check() -> None:
    """Parse everything and count."""
    agreement = (ARTICLES / "agreement.tsv").read_text(encoding="utf-8").splitlines()[1:]
    first, second, same = (sum(int(line.split("\t")[k]) for line in agreement) for k in (1, 2, 3))
    for split in ("dev", "test"):
        articles = read_articles([ARTICLES / split])
        vias = Counter(mention.via for article in articles for mention in article.mentions)
        stances = Counter(dyad.stance for article in articles for dyad in article.dyads.values())
        portrayals = Counter(label for a in articles if a.portrayals for label in a.portrayals.values())
        words = [len(article.document.text.split()) for article in articles]
        print(
            f"{split}: {len(articles)} articles of {min(words)} to {max(words)} words, "
            f"mentions {dict(vias)}, dyads {dict(stances)}, portrayals {dict(portrayals)}"
        )
    print(f"agreement of two readers on dyads, before settling: F1 {2 * same / (first + second):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("check", "fit"))
    {"check": check, "fit": fit}[parser.parse_args().command]()


if __name__ == "__main__":
    main()
