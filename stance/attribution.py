"""Who says what a passage reports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stance.records import Mention, Span

_SAYING = (
    r"(?:said|says|say|told|tells|added|adds|wrote|writes|argued|argues|insisted|insists|claimed|claims|warned|warns|announced|"
    r"acknowledged|admitted|stressed|noted|explained|alleged|reported|reports|declared|charged|complained|accused|accuses|has\s+accused|"
    r"have\s+accused|had\s+accused|blamed|blames|has\s+blamed|denounced|condemned|concluded|found|testified)"
)


def then(verbs: str, owned: int) -> re.Pattern[str]:
    """A pattern for verbs after a mention, across an insertion, or what the actor owns in so many characters."""
    return re.compile(
        rf"(?:,[^,.;]{{1,80}},)?(?:[’']s\s+[\w\s-]{{1,{owned}}}?)?\s+(?:also\s+|later\s+|ha[sd]\s+|have\s+|\w+ly\s+)*{verbs}\b"
    )


_THEN_SAYS = then(_SAYING, 40)
_SAID_BY = re.compile(rf"(?:\b[Aa]ccording\s+to|[,”\"]\s+{_SAYING})\s+(?:the\s+)?$")
_TAG_ENDS = re.compile(r"[,.;]|$")
_WINDOW = 40


def sayers(text: str, sentence: Span, mentions: Sequence[Mention]) -> Iterator[str]:
    """Ids of the actors to whom the words or charges of a sentence are attributed, in the order of their mentions."""
    for mention in mentions:
        start, end = mention.span
        tag = _SAID_BY.search(text, max(sentence.start, start - _WINDOW), start)
        # "..., said Norvik." is a tag; in "Norvik, which waited, said Ostmark shelled it", Ostmark does not say so
        if _THEN_SAYS.match(text, end, sentence.end) or (
            tag and ("ccording" in tag.group() or _TAG_ENDS.match(text, end, sentence.end))
        ):
            yield mention.actor.id
