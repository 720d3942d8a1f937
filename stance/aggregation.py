"""From the answers on passages to the stance of a dyad over the article, and to the sentiment toward an actor.

All passages that mention a dyad (or an actor) are pooled into a few numbers (``FEATURES``) for each side, and a
conditional logistic regression over these gives the probabilities: stacking, as Wolpert (*Stacked Generalization*,
Neural Networks 5, 1992) calls it. Its weights, in ``weighing.json`` for each task, are fitted to gold articles by
``scripts/articles.py``, and are the same for both sides, so that the weighing favours none. The order of the passages
does not matter.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple, TypeVar

import numpy as np

from stance.linear import softmax
from stance.pairs import PassageActor, PassagePair
from stance.records import SIDES, TASKS, Actor, Answer, Dyad, Evidence, Sentiment, quad_of

MIXED_SHARE = 0.25
"""A dyad is mixed when the weaker side holds at least this share of the weight of both."""

FEATURES = ("best", "all", "net", "passages", "bias")
"""What speaks for a side: the highest log-odds of the side against neutral over the passages; the logarithm of the sum
of its probabilities; that sum less the other side's; the logarithm of the number of passages; one."""

_LEAST = 1e-4  # keeps logarithms finite

Asked = PassagePair | PassageActor
Answered = tuple[Asked, Answer]
AskedT = TypeVar("AskedT", PassagePair, PassageActor)
KeyT = TypeVar("KeyT", bound=Hashable)


@lru_cache(maxsize=2)
def load_weighing(task: str) -> np.ndarray:
    """The weights for a task that come with the package, in the order of ``FEATURES``."""
    weights = json.loads(files("stance").joinpath("weighing.json").read_text(encoding="utf-8"))[task]["weights"]
    return np.array([weights[name] for name in FEATURES])


def dyads(answers: Iterable[tuple[PassagePair, Answer]]) -> list[Dyad]:
    """Weigh all passages of each ordered pair of actors.

    Parameters
    ----------
    answers : iterable of (PassagePair, Answer)
        In the order of the text. They must hold all of ``STANCES``.

    Returns
    -------
    list of Dyad
        Strongest stance first, then neutral ones. Empty when there are no answers.
    """
    grouped = group(answers)
    found = []
    for own, whole in zip(grouped, _wholes(grouped, "stance"), strict=True):
        material = [a.material for _, a in whole.telling if a.label == whole.label and a.material is not None]
        quad = quad_of(whole.label, sum(material) / len(material)) if material else None
        pair = own[0][0]
        found.append(
            Dyad(
                pair.source, pair.target, whole.label, whole.probabilities, whole.mixed, whole.evidence, len(own), quad
            )
        )
    return sorted(found, key=lambda dyad: (dyad.stance == "neutral", -dyad.probability))


def sentiments(answers: Iterable[tuple[PassageActor, Answer]]) -> dict[tuple[Actor, Actor | None], Sentiment]:
    """Weigh all passages that mention an actor.

    Parameters
    ----------
    answers : iterable of (PassageActor, Answer)
        In the order of the text. They must hold all of ``SENTIMENTS``.

    Returns
    -------
    dict of (actor, whom it acts for) to Sentiment
        Empty when there are no answers.
    """
    grouped = group_by_actor(answers)
    wholes = _wholes([*grouped.values()], "sentiment")
    return {
        key: Sentiment(whole.label, whole.probabilities, whole.mixed, whole.evidence, len(own))
        for (key, own), whole in zip(grouped.items(), wholes, strict=True)
    }


def group(answers: Iterable[tuple[PassagePair, Answer]]) -> list[list[tuple[PassagePair, Answer]]]:
    """Answers by dyad, in the order of their first passages."""
    return [*_grouped(answers, lambda pair: (pair.source.id, pair.target.id)).values()]


def group_by_actor(
    answers: Iterable[tuple[PassageActor, Answer]],
) -> dict[tuple[Actor, Actor | None], list[tuple[PassageActor, Answer]]]:
    """Answers by actor and whom it acts for, in the order of their first passages."""
    return _grouped(answers, lambda one: (one.actor, one.acts_for))


def _grouped(answers: Iterable[tuple[AskedT, Answer]], key: Callable[[AskedT], KeyT]) -> dict[KeyT, list]:
    found: dict[KeyT, list] = {}
    for asked, answer in answers:
        found.setdefault(key(asked), []).append((asked, answer))
    return found


def pooled(grouped: Sequence[Sequence[Answered]], task: str = "stance") -> np.ndarray:
    """The ``FEATURES`` of groups of answers: shape (n_groups, 2, n_features), the sides in the order of ``SIDES``."""
    labels = TASKS[task]
    features = np.ones((len(grouped), len(SIDES[task]), len(FEATURES)))
    if not grouped:
        return features
    of = np.repeat(np.arange(len(grouped)), [len(own) for own in grouped])
    rows = np.array([[answer.probabilities[label] for label in labels] for own in grouped for _, answer in own])
    odds = np.log(rows + _LEAST) - np.log(rows[:, [labels.index("neutral")]] + _LEAST)
    columns = [labels.index(label) for label in SIDES[task]]
    sums = np.stack([np.bincount(of, rows[:, column], len(grouped)) for column in columns], axis=1)
    for side, column in enumerate(columns):
        best = np.full(len(grouped), -np.inf)
        np.maximum.at(best, of, odds[:, column])
        features[:, side, 0] = best
    features[:, :, 1] = np.log(sums + _LEAST)
    features[:, :, 2] = sums - sums[:, ::-1]
    features[:, :, 3] = np.log([len(own) for own in grouped])[:, None]
    return features


def weighed(features: np.ndarray, weights: np.ndarray, task: str = "stance") -> np.ndarray:
    """Probabilities of the labels of a task, from pooled features: shape (n_groups, n_labels); neutral scores 0."""
    labels = TASKS[task]
    scores = np.zeros((len(features), len(labels)))
    scores[:, [labels.index(side) for side in SIDES[task]]] = features @ weights
    return softmax(scores)


class _Whole(NamedTuple):
    """What a group of answers comes to; ``telling`` are the answers behind ``evidence``, in the order of the text."""

    label: str
    probabilities: dict[str, float]
    mixed: bool
    telling: list[Answered]
    evidence: tuple[Evidence, ...]


def _wholes(grouped: Sequence[Sequence[Answered]], task: str) -> Iterator[_Whole]:
    labels, sides = TASKS[task], SIDES[task]
    for own, row in zip(grouped, weighed(pooled(grouped, task), load_weighing(task), task).tolist(), strict=True):
        probabilities = dict(zip(labels, row, strict=True))
        label = max(labels, key=probabilities.__getitem__)
        telling = [(asked, answer) for asked, answer in own if answer.label != "neutral"]
        weight = {side: sum(answer.probabilities[side] for _, answer in telling) for side in sides}
        told = {answer.label for _, answer in telling}
        mixed = len(told) == len(sides) and min(weight.values()) >= MIXED_SHARE * sum(weight.values())
        if label != "neutral" and label not in told:  # many faint passages, none of which tells alone
            telling.append(max(own, key=lambda item: item[1].probabilities[label]))
        evidence = [_evidence(asked, answer, label) for asked, answer in telling or own]
        evidence.sort(key=lambda item: (item.label != label, -item.probability))
        yield _Whole(label, probabilities, mixed, telling, tuple(evidence))


def _evidence(asked: Asked, answer: Answer, label: str) -> Evidence:
    """A passage as evidence: for its own label, or for that of the whole where the passage alone does not tell."""
    passage = asked.passage
    shown = answer.label if answer.label != "neutral" else label
    if isinstance(asked, PassagePair):
        source, target = asked.spans(asked.source), asked.spans(asked.target)
    else:
        source, target = (), asked.spans
    return Evidence(
        passage.span,
        passage.text,
        shown,
        answer.probabilities[shown],
        source,
        target,
        passage.place,
        asked.attributed_to,
        answer.quad,
    )
