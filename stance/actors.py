"""The actors of a text: all its mentions, those of the registry and those that no registry knows."""

from __future__ import annotations

from collections.abc import Sequence

from stance.agents import home_state, joined_with_offices, with_referred_principals
from stance.discovery import with_open_actors
from stance.names import find_names
from stance.ner import NameFinder
from stance.records import Mention, Span
from stance.reference import with_references
from stance.registry import Registry


def find_actors(
    text: str,
    sentences: Sequence[Span],
    registry: Registry,
    date: str | None = None,
    *,
    reference: bool = True,
    ner: NameFinder | None = None,
) -> tuple[Mention, ...]:
    """Find every mention of every actor in a text.

    Parameters
    ----------
    text : str
    sentences : sequence of Span
        In the order of the text. What stands outside of them is no mention.
    registry : Registry
    date : str, optional
        ISO date of the text, on which the offices of persons count.
    reference : bool
        Whether nouns and pronouns ("the group", "it") are linked to the actors that they stand for.
    ner : callable, optional
        Finds further names.

    Returns
    -------
    tuple of Mention
        In the order of the text, not overlapping.
    """
    named = [*within(find_names(text, registry, date), sentences)]
    home = home_state(text, sentences, named, registry)
    mentions = with_open_actors(text, sentences, named, registry, home, ner(text) if ner else {})
    mentions = joined_with_offices(text, [*within(mentions, sentences)])
    if reference:
        mentions = with_references(text, sentences, mentions, home)
        mentions = with_referred_principals(text, sentences, mentions)
    return tuple(mentions)


def within(mentions, sentences):
    """The mentions that stand inside a sentence; both in the order of the text."""
    position = 0
    for mention in mentions:
        while position < len(sentences) and sentences[position].end < mention.span.end:
            position += 1
        if position < len(sentences) and sentences[position].start <= mention.span.start:
            yield mention
