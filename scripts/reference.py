#!/usr/bin/env python3
"""Fit whom nouns and pronouns stand for to the articles in data/passages, and write stance/reference.json.

    python scripts/reference.py

An article is there sentence by sentence, with every mention of its actors marked. Printed are precision and recall of
the links by kind of question, in cross-validation in which whole articles are held back.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import corpus
import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array

from stance.actors import find_actors
from stance.agents import home_state
from stance.names import name_words
from stance.records import Actor, Mention, Span
from stance.reference import STATE_NOUNS, Feature, Option, Question, Weights, most_likely, noun_pattern, with_references
from stance.registry import load_registry
from stance.segmentation import sentences

REFERENCE = Path(__file__).resolve().parent.parent / "stance" / "reference.json"
FOLDS = 5
PENALTY = 1.0
MIN_COUNT = 3
LEAST_WEIGHT = 0.05
MIN_NOUN, NOUN_SHARE = 4, 0.35
"""A noun is asked about where it stands for an actor at least so often, and in this share of its uses with "the"."""

_THE = r"[Tt]h(?:e|is|ese|ose)"
_NOUN_PHRASE = re.compile(rf"{_THE}(?: [a-z-]+){{0,2}}? ([a-z-]+)")
_THE_NOUN = re.compile(rf"\b{_THE}\s+([a-z-]+)(?:\s+([a-z-]+))?")


@dataclass(frozen=True, slots=True)
class Article:
    """A text, with whom each span stands for, and what the finder of actors makes of it."""

    text: str
    marks: tuple[tuple[Span, str], ...]
    sentences: tuple[Span, ...]
    mentions: tuple[Mention, ...]
    home: Actor | None

    @classmethod
    def of(cls, passages: Sequence[corpus.Passage]) -> Article:
        text = ""
        marks = []
        for passage in passages:
            marks += [
                (Span(len(text) + start, len(text) + end), letter)
                for letter, spans in passage.spans.items()
                for start, end in spans
            ]
            text += passage.text + (" " if text else "\n\n")  # the headline is a paragraph of its own
        text = text.rstrip()
        registry = load_registry()
        spans = tuple(sentences(text))
        mentions = find_actors(text, spans, registry, reference=False)
        return cls(text, tuple(sorted(marks)), spans, mentions, home_state(text, spans, mentions, registry))

    def letters(self, span: Span) -> set[str]:
        """Whom the marks say that a span stands for."""
        return {letter for mark, letter in self.marks if mark.overlaps(span)}

    def letter_of(self) -> dict[Actor, str]:
        """Which marked actor each found one is: the one with which it shares most mentions."""
        shared: dict[Actor, Counter[str]] = defaultdict(Counter)
        for mention in self.mentions:
            shared[mention.actor].update(sorted(self.letters(mention.span)))  # of two as often the first
        return {actor: letters.most_common(1)[0][0] for actor, letters in shared.items() if letters}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and which of its options are right: all wrong where it stands for none of them."""

    question: Question
    right: tuple[bool, ...]


def articles() -> list[Article]:
    """All articles of the corpus."""
    passages, _ = corpus.read_all(sorted(corpus.PASSAGES.glob("*.txt")))
    of_articles = (passage for passage in passages if passage.id != passage.article)
    return [Article.of([*own]) for _, own in groupby(of_articles, key=lambda passage: passage.article)]


def nouns_of(found: Iterable[Article]) -> list[str]:
    """The nouns that stand for actors often enough."""
    marked: Counter[str] = Counter()
    all_uses: Counter[str] = Counter()
    for article in found:
        for span, _ in article.marks:
            if match := _NOUN_PHRASE.fullmatch(article.text[slice(*span)]):
                marked[match[1]] += 1
        for match in _THE_NOUN.finditer(article.text):
            all_uses.update(word for word in match.groups() if word)
    learned = (n for n, count in marked.items() if count >= MIN_NOUN and count >= NOUN_SHARE * all_uses[n])
    return sorted({*learned, *STATE_NOUNS, *(noun for nouns in name_words("nouns").values() for noun in nouns.split())})


def asked(article: Article, nouns: re.Pattern[str]) -> list[Asked]:
    """All questions of an article, each with the earlier ones answered as the marks say."""
    letter_of = article.letter_of()
    found: list[Asked] = []

    def decide(question: Question) -> Option | None:
        letters = article.letters(question.span)
        right = tuple(
            bool(letters) and {letter_of.get(actor) for actor in option.actors} == letters
            if question.kind == "both"
            else letter_of.get(option.actors[0]) in letters
            for option in question.options
        )
        found.append(Asked(question, right))
        return next((option for option, is_right in zip(question.options, right, strict=True) if is_right), None)

    with_references(article.text, article.sentences, article.mentions, article.home, decide, nouns)
    return found


def fitted(questions: Sequence[Asked]) -> dict[str, dict[Feature, float]]:
    """The weights that make the right options likeliest, with a penalty, by kind of question."""
    kinds = sorted({one.question.kind for one in questions})
    return {kind: _fitted([one for one in questions if one.question.kind == kind]) for kind in kinds}


def _fitted(questions: Sequence[Asked]) -> dict[Feature, float]:
    rows: list[list[Feature]] = []
    of: list[int] = []
    right: list[bool] = []
    for number, one in enumerate(questions):
        options = [*(option.features for option in one.question.options), one.question.features]
        rows += options
        of += [number] * len(options)
        right += [*one.right, not any(one.right)]
    counts = Counter(feature for row in rows for feature in row)
    known = {feature: n for n, feature in enumerate(f for f, count in counts.items() if count >= MIN_COUNT)}
    columns = [[known[feature] for feature in row if feature in known] for row in rows]
    starts = np.cumsum([0, *map(len, columns)])
    indices = np.array([column for row in columns for column in row])
    matrix = csr_array((np.ones(len(indices)), indices, starts), shape=(len(rows), len(known)))
    groups, is_right = np.array(of), np.array(right)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ weights
        top = np.full(len(questions), -np.inf)
        np.maximum.at(top, groups, scores)
        shares = np.exp(scores - top[groups])
        everything = np.bincount(groups, shares)
        good = np.bincount(groups, shares * is_right)
        slope = matrix.T @ (shares / everything[groups] - shares * is_right / good[groups])
        return float(np.log(everything / good).sum() + PENALTY / 2 * weights @ weights), slope + PENALTY * weights

    best = minimize(loss, np.zeros(len(known)), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return {feature: float(best[n]) for feature, n in known.items() if abs(best[n]) >= LEAST_WEIGHT}


def score(article: Article, nouns: re.Pattern[str], weights: Mapping[str, Weights], counts: Counter) -> None:
    """Count links, right links and marks that could be linked, with every link left to the model."""
    letter_of = article.letter_of()
    known = set(letter_of.values())

    def decide(question: Question) -> Option | None:
        chosen = most_likely(question, weights)
        letters = article.letters(question.span)
        counts[question.kind, "marked"] += bool(letters & known)
        if chosen:
            counts[question.kind, "linked"] += 1
            counts[question.kind, "right"] += {letter_of.get(actor) for actor in chosen.actors} <= letters
        return chosen

    with_references(article.text, article.sentences, article.mentions, article.home, decide, nouns)


def cross_validated(found: Sequence[Article], report: Callable[[str], None] = print) -> None:
    """Print precision and recall of links in articles that the weights and the nouns have not seen."""
    counts: Counter = Counter()
    for fold in range(FOLDS):
        train = [article for n, article in enumerate(found) if n % FOLDS != fold]
        nouns = noun_pattern(nouns_of(train))
        weights = fitted([one for article in train for one in asked(article, nouns)])
        for article in found[fold::FOLDS]:
            score(article, nouns, weights, counts)
    for kind in (*sorted({kind for kind, _ in counts}), "all"):
        marked, linked, right = (
            sum(n for (own, what), n in counts.items() if what == wanted and kind in (own, "all"))
            for wanted in ("marked", "linked", "right")
        )
        precision, recall = right / max(1, linked), right / max(1, marked)
        report(f"{kind:5} {marked:5} marked, {linked:5} linked, precision {precision:.3f}, recall {recall:.3f}")


def main() -> None:
    found = articles()
    cross_validated(found)
    nouns = nouns_of(found)
    pattern = noun_pattern(nouns)
    weights = fitted([one for article in found for one in asked(article, pattern)])
    rows = {
        kind: sorted(([*feature, round(weight, 2)] for feature, weight in own.items()), key=json.dumps)
        for kind, own in weights.items()
    }
    REFERENCE.write_text(json.dumps({"nouns": nouns, "weights": rows}, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{len(found)} articles, {len(nouns)} nouns, {sum(map(len, rows.values()))} weights: {REFERENCE}")


if __name__ == "__main__":
    main()
