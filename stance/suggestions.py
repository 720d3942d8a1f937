"""Names that many texts have and the registry lacks, as an actors file to edit."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from stance.discovery import unknown_names
from stance.names import find_names
from stance.records import Document
from stance.registry import Registry, slug
from stance.segmentation import sentences


@dataclass(slots=True)
class Suggestion:
    """A name, how often and in how many texts it stands, and what it seems to be."""

    name: str
    kind: str | None
    mentions: int = 0
    texts: int = 0
    aliases: Counter[str] = field(default_factory=Counter)
    example: str = ""


def suggest(documents: Iterable[Document], registry: Registry, min_mentions: int = 3) -> list[Suggestion]:
    """Collect the unrecognised names of texts.

    Parameters
    ----------
    documents : iterable of Document
    registry : Registry
    min_mentions : int
        A name stands at least this often in all texts together.

    Returns
    -------
    list of Suggestion
        Those that behave like actors first (``kind`` is set), the most frequent first.
    """
    found: dict[str, Suggestion] = {}
    for document in documents:
        spans = [*sentences(document.text)]
        mentions = find_names(document.text, registry, document.date)
        for unknown in unknown_names(document.text, spans, mentions, registry):
            own = found.setdefault(unknown.name, Suggestion(unknown.name, unknown.kind))
            own.kind = own.kind or unknown.kind
            own.mentions += unknown.mentions
            own.texts += 1
            own.aliases.update(unknown.aliases)
            own.example = own.example or unknown.example
    kept = [own for own in found.values() if own.mentions >= min_mentions]
    return sorted(kept, key=lambda own: (own.kind is None, -own.mentions, own.name))


def as_toml(suggestions: Iterable[Suggestion]) -> str:
    """An actors file to edit; names that do not behave like actors are commented out."""
    parts = ["# Unrecognised names, the most frequent first. Delete what is no actor, mend kinds, join spellings.\n"]
    taken: Counter[str] = Counter()
    for own in suggestions:
        identifier = slug(own.name)
        taken[identifier] += 1
        if taken[identifier] > 1:  # another spelling
            identifier += f"-{taken[identifier]}"
        lines = [
            f"# {own.mentions} mentions in {own.texts} texts: {' '.join(own.example.split())[:150]}",
            "[[actor]]",
            f"id = {_quoted(identifier)}",
            f"name = {_quoted(own.name)}",
            f"kind = {_quoted(own.kind or 'organisation')}",
        ]
        if own.aliases:
            lines.append(f"aliases = [{', '.join(map(_quoted, own.aliases))}]")
        if own.kind is None:
            lines[1:] = ["# " + line for line in lines[1:]]
            lines[0] += "  (a place?)"
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _quoted(string: str) -> str:
    return json.dumps(string, ensure_ascii=False)
