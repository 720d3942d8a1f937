"""From the stances of pairs in passages to the stance of a dyad over the article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import prod

from stance.pairs import PassagePair
from stance.records import STANCES, Dyad, Evidence, PairStance, quad_of

MIXED_SHARE = 0.25
"""A dyad is mixed when the weaker side holds at least this share of the weight of both."""


def dyads(answers: Iterable[tuple[PassagePair, PairStance]]) -> list[Dyad]:
    """Weigh all passages of each ordered pair of actors.

    A passage whose likeliest stance is not neutral is *telling*. The dyad is neutral to the degree
    that all telling passages err (the noisy-or rule of Pearl, *Probabilistic Reasoning in
    Intelligent Systems*, 1988): the product of their neutral probabilities. The rest is shared
    between the sides by the sums of their probabilities over the telling passages. Without a
    telling passage the probabilities are the means over all passages.

    Parameters
    ----------
    answers : iterable of (PassagePair, PairStance)
        In the order of the text. Stances must hold all of ``STANCES``.

    Returns
    -------
    list of Dyad
        Strongest stance first, then neutral ones. Empty when there are no answers.
    """
    grouped: dict[tuple[str, str], list[tuple[PassagePair, PairStance]]] = {}
    for pair, answer in answers:
        grouped.setdefault((pair.source.id, pair.target.id), []).append((pair, answer))
    found = [_weigh(group) for group in grouped.values()]
    return sorted(found, key=lambda dyad: (dyad.stance == "neutral", -dyad.probability))


def _weigh(group: Sequence[tuple[PassagePair, PairStance]]) -> Dyad:
    telling = [(pair, answer) for pair, answer in group if answer.stance != "neutral"]
    probabilities = _pooled([answer.probabilities for _, answer in telling or group], bool(telling))
    cooperative, opposed = probabilities["cooperative"], probabilities["opposed"]
    sides = {answer.stance for _, answer in telling}
    mixed = len(sides) == 2 and min(cooperative, opposed) >= MIXED_SHARE * (cooperative + opposed)
    stance = max(STANCES, key=probabilities.__getitem__)
    evidence = [_evidence(pair, answer) for pair, answer in telling or group]
    evidence.sort(key=lambda item: (item.stance != stance, -item.probability))
    pair = group[0][0]
    material = [answer.material for _, answer in telling if answer.stance == stance and answer.material is not None]
    quad = quad_of(stance, sum(material) / len(material)) if material else None
    return Dyad(pair.source, pair.target, stance, probabilities, mixed, tuple(evidence), len(group), quad)


def _pooled(rows: Sequence[Mapping[str, float]], telling: bool) -> dict[str, float]:
    if not telling:
        return {stance: sum(row[stance] for row in rows) / len(rows) for stance in STANCES}
    neutral = prod(row["neutral"] for row in rows)
    cooperative, opposed = (sum(row[side] for row in rows) for side in ("cooperative", "opposed"))
    rest = (1 - neutral) / (cooperative + opposed)
    return {"cooperative": rest * cooperative, "neutral": neutral, "opposed": rest * opposed}


def _evidence(pair: PassagePair, answer: PairStance) -> Evidence:
    passage = pair.passage
    return Evidence(
        passage.span,
        passage.text,
        answer.stance,
        answer.probability,
        pair.spans(pair.source),
        pair.spans(pair.target),
        passage.place,
        pair.attributed_to,
        answer.quad,
    )
