"""A small registry of real names, and what is found with it."""

from __future__ import annotations

from stance.names import find_names
from stance.registry import ActorRecord, Registry

RUSSIA = ActorRecord(
    "RUS", "Russia", "state", (), ("Russian",), ("Russians",), ("Moscow", "the Kremlin"), ("Putin", "Vladimir Putin")
)
USA = ActorRecord("USA", "United States", "state", ("US", "U.S."), ("American",), ("Americans",), ("Washington",))
TURKEY = ActorRecord("TUR", "Turkey", "state", (), ("Turkish",), ("Turks",), ("Ankara",))
AFGHANISTAN = ActorRecord("AFG", "Afghanistan", "state", (), ("Afghan",), ("Afghans",), ("Kabul",))
ISLAMIC_STATE = ActorRecord("islamic-state", "Islamic State", "armed_group", ("ISIS",))
KHORASAN = ActorRecord("isk", "Islamic State Khorasan", "armed_group")
RECORDS = (RUSSIA, USA, TURKEY, AFGHANISTAN, ISLAMIC_STATE, KHORASAN)


def found(registry: Registry, text: str, date: str | None = None) -> list[tuple[str, str]]:
    """Ids of the actors found, with the words that name them."""
    return [(m.actor.id, text[m.span.start : m.span.end]) for m in find_names(text, registry, date)]


def ids(registry: Registry, text: str, date: str | None = None) -> list[str]:
    return [actor for actor, _ in found(registry, text, date)]
