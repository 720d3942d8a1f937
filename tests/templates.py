from __future__ import annotations

from collections import defaultdict
from string import Formatter

from stance import Pair, Span


def fill(template: str, *, source: str = "s", target: str = "t", **names: str) -> Pair:
    """A pair from a sentence with fields: ``fill("{s} met {t}", s="Norvik", t="the Harrow League")``.

    ``source`` and ``target`` name the fields that have these roles; all other fields are further actors.
    """
    text = ""
    spans: dict[str, list[Span]] = defaultdict(list)
    for literal, field, _, _ in Formatter().parse(template):
        text += literal
        if field is not None:
            spans[field].append(Span(len(text), len(text) + len(names[field])))
            text += names[field]
    others = sorted(span for field, own in spans.items() if field not in (source, target) for span in own)
    return Pair(text, tuple(spans[source]), tuple(spans[target]), tuple(others))
