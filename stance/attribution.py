"""Who says what a passage reports."""

from __future__ import annotations

import re

from stance.pairs import PassagePair

_SAYING = (
    r"(?:said|says|say|told|tells|added|adds|wrote|writes|argued|argues|insisted|insists|claimed|claims|warned|warns|announced|"
    r"acknowledged|admitted|stressed|noted|explained|alleged|reported|reports|declared|charged|complained|accused|accuses|has\s+accused|"
    r"have\s+accused|had\s+accused|blamed|blames|has\s+blamed|denounced|condemned|concluded|found|testified)"
)
_THEN_SAYS = re.compile(
    rf"(?:,[^,.;]{{1,80}},)?(?:[’']s\s+[\w\s-]{{1,40}}?)?\s+(?:also\s+|later\s+|\w+ly\s+)?{_SAYING}\b"
)
_SAID_BY = re.compile(rf"(?:\baccording\s+to|,[”\"]?\s+{_SAYING}|[”\"]\s+{_SAYING})\s+(?:the\s+)?$")
_WINDOW = 40


def attributed_to(pair: PassagePair) -> str | None:
    """Id of the first actor in a passage, other than the source, to whom its words or charges are attributed."""
    passage = pair.passage
    for mention in passage.mentions:
        if mention.actor.id == pair.source.id:
            continue
        start, end = mention.span.start - passage.span.start, mention.span.end - passage.span.start
        if _THEN_SAYS.match(passage.text, end) or _SAID_BY.search(passage.text, max(0, start - _WINDOW), start):
            return mention.actor.id
    return None
