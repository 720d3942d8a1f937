"""How good the answers on whole articles are: mentions, actors, dyads and portrayals against gold articles."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stance import __version__
from stance.gold import GoldArticle
from stance.model import StanceModel
from stance.records import REFERENCES, Actor, ArticleStance, Mention

RESAMPLES = 1_000

_COUNTS = (
    "gold mentions", "found mentions", "right mentions", "right actors",
    "gold references", "found references", "right references",
    "gold dyads", "found dyads", "right dyads", "polarity errors", "spurious dyads",
    "gold portrayals", "found portrayals", "right portrayals",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A score with its 95 % interval."""

    value: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        return {"value": self.value, "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True)
class ArticleEvaluation:
    """Everything that ``stance evaluate --articles`` prints.

    Attributes
    ----------
    n : int
        Number of articles.
    figures : mapping of str to Figure
        See ``FIGURES``.
    counts : mapping of str to int
        What the figures are made from, over all articles.
    """

    n: int
    figures: Mapping[str, Figure]
    counts: Mapping[str, int]
    signature: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "figures": {name: figure.to_dict() for name, figure in self.figures.items()},
            "counts": dict(self.counts),
            "signature": dict(self.signature),
        }


def _ratio(part: str, whole: str) -> Callable[[Mapping[str, np.ndarray]], np.ndarray]:
    return lambda c: c[part] / np.maximum(1, c[whole])


def _f1(right: str, found: str, gold: str) -> Callable[[Mapping[str, np.ndarray]], np.ndarray]:
    return lambda c: 2 * c[right] / np.maximum(1, c[found] + c[gold])


FIGURES: Mapping[str, Callable[[Mapping[str, np.ndarray]], np.ndarray]] = {
    "mention precision": _ratio("right mentions", "found mentions"),
    "mention recall": _ratio("right mentions", "gold mentions"),
    "mention F1": _f1("right mentions", "found mentions", "gold mentions"),
    "actor resolution accuracy": _ratio("right actors", "right mentions"),
    "reference precision": _ratio("right references", "found references"),
    "reference recall": _ratio("right references", "gold references"),
    "dyad precision": _ratio("right dyads", "found dyads"),
    "dyad recall": _ratio("right dyads", "gold dyads"),
    "dyad F1": _f1("right dyads", "found dyads", "gold dyads"),
    "polarity errors per gold dyad": _ratio("polarity errors", "gold dyads"),
    "spurious dyads per article": _ratio("spurious dyads", "articles"),
    "portrayal precision": _ratio("right portrayals", "found portrayals"),
    "portrayal recall": _ratio("right portrayals", "gold portrayals"),
    "portrayal F1": _f1("right portrayals", "found portrayals", "gold portrayals"),
}
"""The scores, each from counts that are summed over articles.

A mention is right when it overlaps a gold mention by name, one to one (the body of a state that the text names without
the state, "the army", may be found as a noun); its actor is right when both count for the
same actor. References (nouns and pronouns) are scored apart: only those that matter for a dyad are in the gold, so
that their precision is a lower bound. A dyad is right when source, target and stance are. A polarity error is a
cooperative dyad answered as opposed or the reverse, unless the gold dyad is mixed. A spurious dyad is one that the
gold has as neutral. Portrayals are the sentiments that are not neutral; a right one has actor and sentiment right.
"""


def evaluate_articles(
    model: StanceModel, articles: Sequence[GoldArticle], seed: int = 0, *, reference: bool = True
) -> ArticleEvaluation:
    """Predict on gold articles and score the answers.

    Parameters
    ----------
    model : StanceModel
    articles : sequence of GoldArticle
    seed : int
        Of the bootstrap, which resamples articles.
    reference : bool
        Whether nouns and pronouns are linked to actors.
    """
    results = [*model.predict_many([article.document for article in articles], reference=reference)]
    digest = hashlib.sha256("\0".join(article.document.text for article in articles).encode()).hexdigest()
    signature = {
        "model": model.stamp.sha256,
        "articles": digest,
        "reference": reference,
        "seed": seed,
        "resamples": RESAMPLES,
        "version": __version__,
    }
    return score_articles(articles, results, seed, signature)


def score_articles(
    articles: Sequence[GoldArticle], results: Sequence[ArticleStance], seed: int, signature: Mapping[str, Any]
) -> ArticleEvaluation:
    """Score answers against gold articles.

    Parameters
    ----------
    articles : sequence of GoldArticle
    results : sequence of ArticleStance
        The answer for each.
    seed : int
        Of the bootstrap, which resamples articles.
    signature : mapping
        What was measured with what.
    """
    rows = [_counts(article, result) for article, result in zip(articles, results, strict=True)]
    table = {name: np.array([row[name] for row in rows]) for name in _COUNTS} | {"articles": np.ones(len(rows))}
    weights = np.random.default_rng(seed).multinomial(len(rows), np.full(len(rows), 1 / len(rows)), RESAMPLES)
    resampled = {name: weights @ column for name, column in table.items()}
    total = {name: column.sum() for name, column in table.items()}
    figures = {}
    for name, figure in FIGURES.items():
        low, high = np.quantile(figure(resampled), (0.025, 0.975))
        figures[name] = Figure(float(figure(total)), float(low), float(high))
    return ArticleEvaluation(len(rows), figures, {name: int(total[name]) for name in _COUNTS}, signature)


def _counts(article: GoldArticle, result: ArticleStance) -> Counter[str]:
    counts: Counter[str] = Counter()
    gold_of = aligned(article, result)
    named = [m for m in article.mentions if m.via == "name"]
    references = [m for m in article.mentions if m.via != "name"]
    found = [
        m
        for m in result.mentions
        if m.via not in REFERENCES or (m.via == "nominal" and any(_overlap(m, gold) for gold in named))
    ]
    counts["gold mentions"] = len(named)
    matched = _matched(named, found)
    unmatched = [m for m in found if m not in {f for _, f in matched}]
    # a name inside of a noun that stands for somebody ("the Tripoli government") is neither right nor wrong
    counts["found mentions"] = len(matched) + sum(not any(_overlap(m, r) for r in references) for m in unmatched)
    counts["right mentions"] = len(matched)
    counts["right actors"] = sum(gold.actor.id == gold_of.get(own.actor.id) for gold, own in matched)
    linked = [m for m in result.mentions if m.via in REFERENCES and m not in set(found)]
    counts["gold references"] = len(references)
    counts["found references"] = len(linked)
    counts["right references"] = sum(
        any(_overlap(m, r) and r.actor.id == gold_of.get(m.actor.id) for r in article.mentions) for m in linked
    )
    dyads = {
        (gold_of.get(d.source.id, f"? {d.source.id}"), gold_of.get(d.target.id, f"? {d.target.id}")): d.stance
        for d in result.dyads
        if d.stance != "neutral"
    }
    gold = {pair: dyad for pair, dyad in article.dyads.items() if dyad.stance != "neutral"}
    counts["gold dyads"], counts["found dyads"] = len(gold), len(dyads)
    for pair, stance in dyads.items():
        if pair not in gold:
            counts["spurious dyads"] += 1
        elif gold[pair].stance == stance:
            counts["right dyads"] += 1
        elif not gold[pair].mixed:
            counts["polarity errors"] += 1
    if article.portrayals is not None:
        counts["gold portrayals"] = sum(label != "neutral" for label in article.portrayals.values())
        for sentiment, own in zip(
            result.sentiments.values(), portrayed(article, result, result.sentiments), strict=True
        ):
            if sentiment.label != "neutral":
                counts["found portrayals"] += 1
                counts["right portrayals"] += own is not None and article.portrayals.get(own) == sentiment.label
    return counts


def portrayed(
    article: GoldArticle, result: ArticleStance, actors: Iterable[tuple[Actor, Actor | None]]
) -> list[str | None]:
    """Which gold actor each of the actors of an answer is, given with whom they act for; ``None`` for none."""
    gold_of = aligned(article, result)
    shared: dict[Actor, Counter[str]] = {}
    for mention in result.mentions:
        for gold in article.mentions:
            if mention.agent and _overlap(mention, gold):
                shared.setdefault(mention.agent, Counter())[(gold.agent or gold.actor).id] += 1
    found: list[str | None] = []
    for actor, principal in actors:
        if principal is None:
            found.append(gold_of.get(actor.id))
        else:
            own = shared.get(actor)
            found.append(own.most_common(1)[0][0] if own else None)
    return found


def aligned(article: GoldArticle, result: ArticleStance) -> dict[str, str]:
    """Which gold actor each actor of the answer is: that of its id or name, else the one whose mentions it shares."""
    by_name = {actor.name.casefold(): actor.id for actor in article.actors.values()}
    shared: dict[str, Counter[str]] = {}
    for mention in result.mentions:
        for gold in article.mentions:
            if _overlap(mention, gold):
                shared.setdefault(mention.actor.id, Counter())[gold.actor.id] += 1
    found: dict[str, str] = {}
    for mention in result.mentions:
        actor = mention.actor
        if actor.id in article.actors:
            found[actor.id] = actor.id
        elif actor.name.casefold() in by_name:
            found[actor.id] = by_name[actor.name.casefold()]
    taken = set(found.values())
    for actor_id, counts in shared.items():
        best, _ = counts.most_common(1)[0]
        if actor_id not in found and best not in taken:
            found[actor_id] = best
            taken.add(best)
    return found


def _matched(gold: Sequence[Mention], found: Sequence[Mention]) -> list[tuple[Mention, Mention]]:
    """Pairs of mentions that overlap, each mention in one pair at most."""
    pairs = []
    free = list(found)
    for mention in gold:
        same = [m for m in free if _overlap(m, mention)]
        if same:
            best = max(same, key=lambda m: (m.actor.id == mention.actor.id, -abs(m.span.start - mention.span.start)))
            free.remove(best)
            pairs.append((mention, best))
    return pairs


def _overlap(one: Mention, other: Mention) -> bool:
    return one.span.overlaps(other.span)
