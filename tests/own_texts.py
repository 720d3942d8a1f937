"""A small invented registry, and what is found in a text with it, open actors included."""

from __future__ import annotations

from stance.actors import within
from stance.agents import home_state, joined_with_offices
from stance.discovery import with_open_actors
from stance.names import find_names
from stance.records import Mention
from stance.registry import ActorRecord, Office, PersonRecord, Registry
from stance.segmentation import sentences

NORVIK = ActorRecord("NVK", "Norvik", "state", (), ("Norvikan",), ("Norvikans",), ("Vell",))
OSTMARK = ActorRecord("OST", "Ostmark", "state", (), ("Ostmarker",), (), ("Harth",))
LEAGUE = ActorRecord("harrow", "Harrow League", "organisation")
FRONT = ActorRecord("sarn", "Sarn Front", "armed_group")
LORN = PersonRecord("Ada Lorn", (), (Office("NVK", "head of state", "2010", "2014"),))
REGISTRY = Registry((NORVIK, OSTMARK, LEAGUE, FRONT), ("Vell Choir",), (LORN,))


def opened(text: str, given: dict[str, str] | None = None) -> list[Mention]:
    """All mentions of a text by name, with those that the registry does not know."""
    spans = [*sentences(text)]
    named = [*within(find_names(text, REGISTRY), spans)]
    home = home_state(text, spans, named, REGISTRY)
    return joined_with_offices(text, with_open_actors(text, spans, named, REGISTRY, home, given or {}))


def found(text: str) -> list[tuple[str, str]]:
    """Names and kinds of the actors found, in order, each once."""
    actors = dict.fromkeys(mention.agent or mention.actor for mention in opened(text))
    return [(actor.name, actor.kind) for actor in actors]


def words(text: str, name: str) -> list[str]:
    """The words that name an actor or agent."""
    return [text[slice(*m.span)] for m in opened(text) if name in (m.actor.name, m.agent and m.agent.name)]
