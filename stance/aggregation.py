"""From the stances of pairs in passages to the stance of a dyad over the article.

All passages that mention a dyad are pooled into a few numbers (``FEATURES``) for each side, and a conditional logistic
regression over these gives the probabilities of the dyad: stacking, as Wolpert (*Stacked Generalization*, Neural
Networks 5, 1992) calls it. Its weights, in ``weighing.json``, are fitted to gold articles by ``scripts/articles.py``,
and are the same for both sides, so that the weighing favours none. The order of the passages does not matter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files

import numpy as np

from stance.linear import softmax
from stance.pairs import PassagePair
from stance.records import QUADS, STANCES, Dyad, Evidence, PairStance, quad_of

MIXED_SHARE = 0.25
"""A dyad is mixed when the weaker side holds at least this share of the weight of both."""

FEATURES = ("best", "all", "passages", "bias")
"""What speaks for a side: the highest log-odds of the side against neutral over the passages; the logarithm of the sum
of its probabilities; the logarithm of the number of passages; one. A headline counts twice in sum and number."""

HEADLINE_WEIGHT = 2.0
"""A headline sums up the article, and counts as two passages."""

_LEAST = 1e-4  # keeps logarithms finite

Answer = tuple[PassagePair, PairStance]


@lru_cache(maxsize=1)
def load_weighing() -> np.ndarray:
    """The weights that come with the package, in the order of ``FEATURES``."""
    weights = json.loads(files("stance").joinpath("weighing.json").read_text(encoding="utf-8"))["weights"]
    return np.array([weights[name] for name in FEATURES])


def dyads(answers: Iterable[Answer]) -> list[Dyad]:
    """Weigh all passages of each ordered pair of actors.

    Parameters
    ----------
    answers : iterable of (PassagePair, PairStance)
        In the order of the text. Stances must hold all of ``STANCES``.

    Returns
    -------
    list of Dyad
        Strongest stance first, then neutral ones. Empty when there are no answers.
    """
    grouped = group(answers)
    if not grouped:
        return []
    probabilities = weighed(pooled(grouped), load_weighing())
    found = [_dyad(own, row) for own, row in zip(grouped, probabilities.tolist(), strict=True)]
    return sorted(found, key=lambda dyad: (dyad.stance == "neutral", -dyad.probability))


def group(answers: Iterable[Answer]) -> list[list[Answer]]:
    """Answers by dyad, in the order of their first passages."""
    grouped: dict[tuple[str, str], list[Answer]] = {}
    for pair, answer in answers:
        grouped.setdefault((pair.source.id, pair.target.id), []).append((pair, answer))
    return [*grouped.values()]


def pooled(grouped: Sequence[Sequence[Answer]]) -> np.ndarray:
    """The ``FEATURES`` of dyads: shape (n_dyads, len(QUADS), len(FEATURES)), the sides in the order of ``QUADS``."""
    sizes = np.array([len(own) for own in grouped])
    of = np.repeat(np.arange(len(grouped)), sizes)
    rows = np.array([[answer.probabilities[stance] for stance in STANCES] for own in grouped for _, answer in own])
    odds = np.log(rows + _LEAST) - np.log(rows[:, [STANCES.index("neutral")]] + _LEAST)
    features = np.ones((len(grouped), len(QUADS), len(FEATURES)))
    counts = np.array(
        [HEADLINE_WEIGHT if pair.passage.place == "headline" else 1.0 for own in grouped for pair, _ in own]
    )
    features[:, :, 2] = np.log(np.bincount(of, counts, len(grouped)))[:, None]
    for side, stance in enumerate(QUADS):
        column = STANCES.index(stance)
        best = np.full(len(grouped), -np.inf)
        np.maximum.at(best, of, odds[:, column])
        features[:, side, 0] = best
        features[:, side, 1] = np.log(np.bincount(of, rows[:, column] * counts, len(grouped)) + _LEAST)
    return features


def weighed(features: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Probabilities of dyads, from their pooled features: shape (n_dyads, len(STANCES)); neutral scores 0."""
    scores = np.zeros((len(features), len(STANCES)))
    scores[:, [STANCES.index(stance) for stance in QUADS]] = features @ weights
    return softmax(scores)


def _dyad(own: Sequence[Answer], row: Sequence[float]) -> Dyad:
    probabilities = dict(zip(STANCES, row, strict=True))
    stance = max(STANCES, key=probabilities.__getitem__)
    telling = [(pair, answer) for pair, answer in own if answer.stance != "neutral"]
    weight = {side: sum(answer.probabilities[side] for _, answer in telling) for side in QUADS}
    sides = {answer.stance for _, answer in telling}
    mixed = len(sides) == len(QUADS) and min(weight.values()) >= MIXED_SHARE * sum(weight.values())
    if stance != "neutral" and stance not in sides:  # many faint passages, none of which tells alone
        telling.append(max(own, key=lambda item: item[1].probabilities[stance]))
    evidence = [_evidence(pair, answer, stance) for pair, answer in telling or own]
    evidence.sort(key=lambda item: (item.stance != stance, -item.probability))
    material = [answer.material for _, answer in telling if answer.stance == stance and answer.material is not None]
    quad = quad_of(stance, sum(material) / len(material)) if material else None
    pair = own[0][0]
    return Dyad(pair.source, pair.target, stance, probabilities, mixed, tuple(evidence), len(own), quad)


def _evidence(pair: PassagePair, answer: PairStance, stance: str) -> Evidence:
    """A passage as evidence: for its own stance, or for that of the dyad where the passage alone does not tell."""
    passage = pair.passage
    shown = answer.stance if answer.stance != "neutral" else stance
    return Evidence(
        passage.span,
        passage.text,
        shown,
        answer.probabilities[shown],
        pair.spans(pair.source),
        pair.spans(pair.target),
        passage.place,
        pair.attributed_to,
        answer.quad,
    )
