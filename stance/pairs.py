"""From sentences and mentions to passages, and from passages to the ordered pairs in them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from stance.attribution import sayers
from stance.contests import is_contest
from stance.records import Actor, Mention, Pair, Span

MAX_ACTORS = 10
"""A sentence with more actors is a list (of signatories, of results): it says nothing of any two of them."""


_BREAKS = "\n\r"
_SENTENCE_ENDS = '.!?…:;"”'
_LONGEST_HEADLINE = 200  # characters


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence with mentions; offsets are into the whole text.

    ``place`` is ``headline``, ``lead`` or ``body``; ``contest`` says that it reports a sports contest; ``sayers`` are
    the ids of the actors to whom its words are attributed.
    """

    span: Span
    text: str
    mentions: tuple[Mention, ...]
    place: str = "body"
    contest: bool = False
    sayers: tuple[str, ...] = ()

    def said_by_other_than(self, actor: Actor) -> str | None:
        """Id of the first actor, other than this one, to whom the passage's words are attributed."""
        return next((sayer for sayer in self.sayers if sayer != actor.id), None)

    def local(self, span: Span) -> Span:
        """A span of the whole text as offsets into the passage."""
        return Span(span.start - self.span.start, span.end - self.span.start)


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
    def attributed_to(self) -> str | None:
        """Id of the first actor, other than the source, to whom the passage's words are attributed."""
        return self.passage.said_by_other_than(self.source)

    @property
    def pair(self) -> Pair:
        """What the model is asked."""
        spans: dict[str, list[Span]] = {}
        for mention in self.passage.mentions:
            spans.setdefault(mention.actor.id, []).append(self.passage.local(mention.span))
        source, target, others = roles(spans, self.source.id, self.target.id)
        return Pair(self.passage.text, tuple(source), tuple(target), tuple(others))


def roles(spans: Mapping[str, Sequence[Span]], source: str, target: str) -> tuple[list[Span], list[Span], list[Span]]:
    """The mentions of source, target and all others, which do not overlap.

    One that stands for both ("the two countries") is either's only where it has no other; where neither has, each gets
    one half of it.
    """
    own, other = spans[source], spans[target]
    everything = {span for found in spans.values() for span in found}
    both = [span for span in own if span in other]
    if both:
        own, other = ([span for span in found if span not in both] for found in (own, other))
        if not own and not other:
            middles = [(start + end) // 2 for start, end in both]
            own = [Span(start, middle) for (start, _), middle in zip(both, middles, strict=True)]
            other = [Span(middle, end) for (_, end), middle in zip(both, middles, strict=True)]
            everything.difference_update(both)
        own, other = own or both, other or both
    return [*own], [*other], sorted(everything.difference(own, other))


@dataclass(frozen=True, slots=True)
class PassageActor:
    """An actor in a passage, or who acts there for another (``acts_for``), with its mentions in the whole text."""

    passage: Passage
    actor: Actor
    acts_for: Actor | None
    spans: tuple[Span, ...]

    @property
    def attributed_to(self) -> str | None:
        """Id of the first actor, other than this one, to whom the passage's words are attributed."""
        return self.passage.said_by_other_than(self.actor)

    @property
    def pair(self) -> Pair:
        """What the model is asked."""
        others = sorted({mention.span for mention in self.passage.mentions}.difference(self.spans))
        local = self.passage.local
        return Pair(self.passage.text, (), tuple(map(local, self.spans)), tuple(map(local, others)))


def passage_actors(passage: Passage, named: Container[Actor]) -> Iterator[PassageActor]:
    """Every actor in a passage, and everyone who acts for one.

    Parameters
    ----------
    passage : Passage
    named : container of Actor
        Those whom the article mentions themselves. A mention of somebody who acts for one of these is not theirs; for
        others it is all there is.
    """
    found: dict[tuple[Actor, Actor | None], list[Span]] = {}
    for mention in passage.mentions:
        if mention.agent:
            found.setdefault((mention.agent, mention.actor), []).append(mention.span)
        if not mention.agent or mention.actor not in named:
            found.setdefault((mention.actor, None), []).append(mention.span)
    if len(found) <= MAX_ACTORS:
        for (actor, principal), spans in found.items():
            yield PassageActor(passage, actor, principal, tuple(spans))


def passages(
    text: str, sentences: Iterable[Span], mentions: Sequence[Mention], title: str | None = None
) -> Iterator[Passage]:
    """Sentences that mention at least one actor. A sentence that stands twice in the text comes once.

    Parameters
    ----------
    text : str
    sentences : iterable of Span
        In the order of the text.
    mentions : sequence of Mention
        In the order of the text.
    title : str, optional
        The sentence that says the same is the headline.
    """
    seen = set()
    position = 0
    body = False
    for span in sentences:
        place = _place(text, span, title, body)
        body = body or place == "lead"
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
            own = tuple(mentions[first:position])
            said_by = tuple(sayers(text, span, own))
            yield Passage(span, sentence, own, place, is_contest(sentence), said_by)


def _place(text: str, span: Span, title: str | None, body: bool) -> str:
    """A headline stands alone on its line without a full stop, or is the title; the sentence after it is the lead."""
    sentence = text[slice(*span)]
    alone = (span.start == 0 or text[span.start - 1] in _BREAKS) and (
        span.end == len(text) or text[span.end] in _BREAKS
    )
    if (title and sentence == title.strip()) or (
        alone and sentence[-1:] not in _SENTENCE_ENDS and len(sentence) <= _LONGEST_HEADLINE
    ):
        return "headline"
    return "body" if body else "lead"


def ordered_pairs(passage: Passage) -> Iterator[PassagePair]:
    """Every ordered pair of different actors in a passage."""
    actors = list({mention.actor.id: mention.actor for mention in passage.mentions}.values())
    if len(actors) <= MAX_ACTORS:
        for source, target in permutations(actors, 2):
            yield PassagePair(passage, source, target)
