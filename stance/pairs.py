"""From sentences and mentions to passages, and from passages to the ordered pairs in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from stance.records import Actor, Mention, Pair, Span

MAX_ACTORS = 10
"""A sentence with more actors is a list (of signatories, of results): it says nothing of any two of them."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence with mentions; offsets are into the whole text."""

    span: Span
    text: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class PassagePair:
    """Source and target in a passage."""

    passage: Passage
    source: Actor
    target: Actor

    def spans(self, actor: Actor) -> tuple[Span, ...]:
        """Mentions of an actor in the passage, as offsets into the whole text."""
        return tuple(mention.span for mention in self.passage.mentions if mention.actor.id == actor.id)

    @property
    def pair(self) -> Pair:
        """What the model is asked."""
        offset = self.passage.span.start
        spans: dict[str, list[Span]] = {self.source.id: [], self.target.id: []}
        others: list[Span] = []
        for mention in self.passage.mentions:
            local = Span(mention.span.start - offset, mention.span.end - offset)
            spans.get(mention.actor.id, others).append(local)
        return Pair(self.passage.text, tuple(spans[self.source.id]), tuple(spans[self.target.id]), tuple(others))


def passages(text: str, sentences: Iterable[Span], mentions: Sequence[Mention]) -> Iterator[Passage]:
    """Sentences that mention at least one actor. A sentence that stands twice in the text comes once.

    Parameters
    ----------
    text : str
    sentences : iterable of Span
        In the order of the text.
    mentions : sequence of Mention
        In the order of the text.
    """
    seen = set()
    position = 0
    for span in sentences:
        while position < len(mentions) and mentions[position].span.start < span.start:
            position += 1
        first = position
        while position < len(mentions) and mentions[position].span.end <= span.end:
            position += 1
        if position == first:
            continue
        sentence = text[span.start : span.end]
        fingerprint = " ".join(sentence.casefold().split())
        if fingerprint not in seen:
            seen.add(fingerprint)
            yield Passage(span, sentence, tuple(mentions[first:position]))


def ordered_pairs(passage: Passage) -> Iterator[PassagePair]:
    """Every ordered pair of different actors in a passage."""
    actors = list({mention.actor.id: mention.actor for mention in passage.mentions}.values())
    if len(actors) <= MAX_ACTORS:
        for source, target in permutations(actors, 2):
            yield PassagePair(passage, source, target)
