"""Finding the names of the registry in a text, and telling actors from places, adjectives and longer names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from stance.headlines import is_title_case
from stance.records import Actor, Mention, Span
from stance.registry import Name, PersonRecord, Registry, slug

# Who acts for a state: "Russian forces" acts, "a Russian rifle" does not.
_OFFICIALS = (
    "administration|admirals?|agenc(?:y|ies)|agents?|aides?|air\\s?force|aircraft|ambassadors?|arm(?:y|ies)|artillery|attach[eé]s?|"
    "authorit(?:y|ies)|battalions?|bombers?|brigades?|cabinet|chancellor|chiefs?|coast\\s?guards?|commanders?|commandos|"
    "commission(?:er|ers)?|congress|consulates?|consuls?|convoys?|council|courts?|crews?|delegat(?:es?|ions?)|diplomats?|drones?|"
    "embass(?:y|ies)|emir|emperor|envoys?|fighter\\s+jets?|firefighters|fleet|forces?|frigates?|generals?|"
    "gendarme(?:s|rie)|governments?|governors?|guards?|gunboats?|gunners|gunships?|helicopters?|infantry|inspectors?|instructors?|intelligence|"
    "investigators?|jets?|judges?|junta|king|lawmakers?|leaders?|leadership|legislature|legislators?|marines?|"
    "media|military|ministers?|ministr(?:y|ies)|monarch|navy|negotiators?|officers?|officials?|parliament|"
    "parliamentarians?|paratroopers?|patrols?|peacekeepers?|people|pilots?|rangers|planes?|police|policemen|premier|presidency|president|"
    "prime\\s+minister|prince|prosecutors?|queen|regime|representatives?|rulers?|secretary(?:\\s+of\\s+(?:state|defen[cs]e)|[-\\s]general)?|security|senate|"
    "senators?|service|service(?:men|women)|sheikh|specialists|treasury|trainers|ships?|side|snipers?|soldiers?|spies|spokes(?:man|woman|men|person|people)|"
    "state\\s+media|sultan|tanks?|team|troops?|units?|vessels?|vice\\s+president|warplanes?|warships?"
)
# Who takes up arms in a state, and does not act for it.
_REBELS = (
    "fighters?|guerrillas?|gunmen|insurgen(?:ts?|cy)|jihadis?t?s?|militants?|militias?|militiamen|paramilitar(?:y|ies)|"
    "rebels?|separatists?"
)
_OPPOSITION = "opposition"
_MODIFIER = (
    r"(?!(?:of|in|on|at|by|to|for|and|or|with|from|as|is|are|was|were|has|have|had|who|that|which|said|the|a|an)\b)"
)
_HEADS = rf"(?:{_OFFICIALS}|{_REBELS}|{_OPPOSITION})"
_HEADED = re.compile(rf"\s+(?:{_MODIFIER}[^\W\d_][\w.’'-]*\s+){{0,3}}?{_HEADS}\b(?:\s+{_HEADS}\b)*", re.IGNORECASE)
_SHARED_HEAD = re.compile(rf"(?:(?:,|,?\s+and)\s+(?-i:[A-Z])[\w.’'-]*){{1,3}}{_HEADED.pattern}", re.IGNORECASE)
_OWN_HEAD = re.compile(rf"\s+{_HEADS}\b(?:\s+{_HEADS}\b)*", re.IGNORECASE)
_REBEL = re.compile(rf"\b(?:{_REBELS})\b", re.IGNORECASE)
_OPPOSING = re.compile(rf"\b{_OPPOSITION}\b", re.IGNORECASE)
_FORMER = re.compile(
    r"\b(?:former|ex|late|ousted|deposed|exiled|one-time|then-future)[\s-]+(?:the\s+)?(?:[\w’'-]+\s+){0,3}$",
    re.IGNORECASE,
)
TITLE = (
    r"(?:(?:Acting|Deputy|Vice|First|Assistant|Under|Former)[\s-]+)?"
    r"(?:President|Prime\s+Minister|Premier|Chancellor|(?:[A-Z][\w-]+\s+){0,3}(?:Minister|Secretary)|Minister|Secretary(?:\s+of\s+State|\s+of\s+Defen[cs]e|[-\s]General)?|Attorney\s+General|Ambassador|"
    r"Envoy|Governor|Gov\.|Mayor|Senator|Sen\.|Rep\.|Congress(?:man|woman)|Speaker|Judge|Justice|Chief\s+Justice|"
    r"(?:(?:Lt|Maj|Brig|Col|Lieutenant|Major|Brigadier|Colonel)\.?[\s-]+)?(?:General|Gen|Col|Colonel)\.?|"
    r"(?:Lt|Lieutenant|Maj|Major|Capt|Captain|Cmdr|Commander|Adm|Admiral|Sgt|Sergeant|Brig|Brigadier|Marshal|Commissioner|"
    r"Superintendent|Inspector|Sheriff)\.?|King|Queen|Prince|Princess|Emperor|Emir|Sultan|Sheikh|Sheik|Ayatollah|Grand\s+Ayatollah|"
    r"Imam|Mullah|Mufti|Pope|Cardinal|Archbishop|Bishop|Father|Rabbi|Pastor|Rev\.|Reverend|Dr|Dr\.|Prof\.|Professor|"
    r"Mr\.?|Mrs\.?|Ms\.?|Miss|Sir|Lord|Lady|Dame|Baroness|Chief|Chairman|Chairwoman|Director|Comrade|Señor|Don)"
)
"""Titles that stand before a person's name; a pattern."""
TITLED = re.compile(rf"(?:\b(?:{TITLE})\s+)+$")
_LOCATIVE = re.compile(
    r"(?<!confidence )(?<!trust )(?<!faith )\b(?:in|inside|within|throughout|across|near|outside|around|at|"
    r"central|downtown|northern|southern|eastern|western)\s+(?:the\s+|neighbou?ring\s+)?$",
    re.IGNORECASE,
)
_WAY_THERE = re.compile(
    r"(?:\bfrom|\bfrom\s+\w+\s+to|\bto\s+visit|"
    r"\b(?:fl[ey]w?|fl(?:ies|ying)|flights?|travell?(?:ed|s|ing)?|trips?|visits?|go|goes|went|going|"
    r"return(?:ed|s|ing)?|arriv(?:ed|es|ing)|came|drove|sailed|road|moved|fled|way|tickets?|pipeline|crossed)\s+(?:back\s+)?to|"
    r"\bthrough|\bvia|\bway\s+of|\bout\s+of|\bleft|\bvisit(?:ed|ing|s)?|\bbound\s+for|\bleave\s+for|"
    r"\b(?:city|streets|suburbs|outskirts|south|north|east|west|capital)\s+of|\bcapital,?)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_WAY_THROUGH = re.compile(
    r"(?:\bthrough|\bvia|\bway\s+of|\bout\s+of|\bbound\s+for|\b(?:flights?|tickets?|pipeline|road|trains?)\s+to)\s+(?:the\s+)?$"
)  # states are passed through; "visited France" is an act toward it
_STREET = re.compile(
    r"\b(?:Avenue|Avenida|Rue|Boulevard|Via|Calle|Plaza|Place|Pont|Rua|Hotel|Café)\s+(?:de\s+|d[’'])?(?:la\s+|l[’'])?$"
)
_SHOUTED = frozenset(("IS", "US", "WHO"))  # words that a headline in capitals prints alike
_CAPITALS_AFTER = re.compile(r"\s*[“\"‘]?[A-Z]{2,}\b")
_CAPITALS_BEFORE = re.compile(r"\b[A-Z]{2,}\s+$")
_ON_PLATFORM = re.compile(r"\b(?:on|via|over|through)\s+$")  # "wrote on Facebook"
_ALSO = re.compile(r"(?:,?\s+and|,?\s+or)\s+(?:in\s+)?(?:the\s+)?")
_COMMA = re.compile(r",\s+(?:the\s+)?")
_LIST_GOES_ON = re.compile(r"(?:,|,?\s+and|,?\s+or)\s+(?:the\s+)?[A-Z]")
_ARTICLE = re.compile(r"\b[Aa]n?\s+$")
_COMMON_NOUN = re.compile(r"\s[a-z]")
_PEOPLE_ADJECTIVE = re.compile(r"[Tt]he\s+$")
_PEOPLE_ENDS = ("sh", "ch", "ese", "ss")
_NO_NOUN = re.compile(
    r"[’'\"”]?[,.;:?!)]|\s+(?:and|or|but|who|are|were|have|had|will|would|could|can|may|might|must|should|also|then|in|on|at|to|"
    r"for|from|with|by|as|say|said|want|did|do|left|took|came|went|made|gave|sent|held|kept|"
    r"found|fought|won|lost|met|told|knew|saw|paid|sold|bought|[a-z]+ed)\b"
)
_BODY_IN = re.compile(
    r"\b(?i:(?:delegations?|officials|envoys?|troops|soldiers|diplomats|inspectors|peacekeepers)\s+from|(?:authorities|officials|lawmakers|generals|(?:[a-z]+\s+)?ministry|(?:[A-Z][a-z]+\s+)Ministry|government|courts?|rulers|leaders|"
    r"parliament|soldiers|junta|cabinet)\s+in)\s+(?:the\s+)?$"
)  # "officials in Laos", "a delegation from Beijing"
_PORTFOLIO = ("Minister", "Secretary", "Ministry")
_POSSESSIVES = ("'s", "’s")
_OF_ANOTHER = ("'s ", "’s ")
_BACKED = re.compile(r"[-‑](?:backed|supported|funded|financed|armed|trained|sponsored|allied|aligned)\b")
_NAME_GOES_ON = re.compile(r"\s(?:[A-Z][a-z]|(?:al|el|bin|de|von|van)[\s-][A-Z])")
_NAME_BEFORE = re.compile(r"(?:^|[^.!?:;“\"‘(\n]\s)([A-Z][a-z’'-]+|[A-Z]\.)\s$")
_PLACE_GOES_ON = re.compile(
    r"\s(?:airport|region|province|suburbs?|metro|area|time|university|hospital|stadium|bureau|neighbou?rhoods?|street)\b"
)
_STATES_OF_THE_USA = """
    Alabama Arizona Arkansas California Colorado Connecticut Delaware Florida Idaho Illinois Indiana Iowa Kansas
    Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota Mississippi Missouri Montana Nebraska
    Nevada Ohio Oklahoma Ontario Oregon Pennsylvania Quebec Tennessee Texas Utah Vermont Virginia Wisconsin
    Wyoming Ala. Ariz. Ark. Calif. Colo. Conn. Fla. Ga. Ill. Ind. Kan. Ky. La. Mass. Md. Mich. Minn. Miss. Mo.
    Mont. Neb. Nev. Okla. Ont. Ore. Pa. Tenn. Tex. Va. Vt. Wash. Wis. Wyo.
"""
_TOWN_IN = re.compile(
    rf",\s+(?:(?:{'|'.join(map(re.escape, _STATES_OF_THE_USA.split()))})(?!\w)|(?:New|North|South|West|Rhode)\s+"
    r"(?:Hampshire|Jersey|Mexico|York|Carolina|Dakota|Virginia|Island)\b)"
)  # "Moscow, Idaho"
_WORD = re.compile(r"[^\W\d_]+")
_WINDOW = 40


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    return tomllib.loads(files("stance").joinpath("name_words.toml").read_text(encoding="utf-8"))


def name_words(key: str) -> Any:
    """A list of ``name_words.toml``: words in one string, or such strings by kind of actor."""
    return _words()[key]


def find_names(text: str, registry: Registry, date: str | None = None) -> tuple[Mention, ...]:
    """Find the mentions of all actors that the registry knows.

    One pass; of overlapping names the longest wins. Left out are places ("in Kabul"), adjectives without an
    actor's noun, first parts of hyphenated words (but "Iran-backed" is Iran's) and parts of longer names.
    Titles before a person's name, and a noun for those who act after any name, belong to the mention.

    Parameters
    ----------
    text : str
    registry : Registry
    date : str, optional
        ISO date of the text, on which the offices of persons count.

    Returns
    -------
    tuple of Mention
        In the order of the text, not overlapping. Empty for an empty text.
    """
    found: list[Mention] = []
    free = 0
    place_end = -1
    matches = registry.matches(text)
    named = {name.string for _, name in matches if name.persons}
    for span, ambiguous in matches:
        if span.start < free:
            continue
        free = span.end
        name = ambiguous.read_in(text)
        if name.role in ("muted", "place"):
            continue
        if name.persons or name.role == "leaders":
            mention = _person(text, span, name, registry, named, date, found[-1].span.end if found else 0)
        elif body := _body_in(text, span, name):
            start = max(body.start(), found[-1].span.end if found else 0)
            mention = Mention(name.actor, Span(start, span.end), "alias")  # type: ignore[arg-type]
        elif _is_place(text, span, name, place_end):
            place_end = span.end
            continue
        else:
            mention = _named(text, span, name)
        if mention:
            free = mention.span.end
            _append(found, mention, text)
    return tuple(found)


def _body_in(text: str, span: Span, name: Name) -> re.Match[str] | None:
    """The body of a state that is named by its place: "officials in Laos"."""
    if name.actor is None or name.actor.kind != "state":
        return None
    return _BODY_IN.search(text, max(0, span.start - _WINDOW), span.start)


def _append(found: list[Mention], mention: Mention, text: str) -> None:
    """Add a mention; a person's joins that of the office before it ("Russian Foreign Minister" "Sergei Lavrov")."""
    if found and found[-1].actor == mention.actor and found[-1].agent is None:
        between = text[found[-1].span.end : mention.span.start]
        if between == " (" and text.startswith(")", mention.span.end):
            return  # "Kurdistan Workers' Party (PKK)" names it once
        if mention.agent and between in (" ", ", ") and _HEADED.search(" " + text[slice(*found[-1].span)]):
            span = Span(found[-1].span.start, mention.span.end)
            found[-1] = Mention(mention.actor, span, mention.via, mention.agent)
            return
    found.append(mention)


def _named(text: str, span: Span, name: Name) -> Mention | None:
    """The mention that an actor's own name or adjective makes, with the noun after it."""
    actor, end, via = name.actor, span.end, "name" if name.role == "name" else "alias"
    assert actor is not None
    if _BACKED.match(text, end):
        return Mention(actor, span, via)
    adjective = name.role == "adjectives"
    headed = _HEADED.match(text, end) if adjective else _OWN_HEAD.match(text, end)
    if adjective and not headed and not _SHARED_HEAD.match(text, end):
        people = (
            name.string.endswith(_PEOPLE_ENDS)
            and _PEOPLE_ADJECTIVE.search(text, max(0, span.start - 4), span.start)
            and _NO_NOUN.match(text, end)
        )
        return Mention(actor, span, via) if people else None  # "the French", "the Chinese said"
    if not headed:
        return Mention(actor, span, via)
    if not adjective and text.startswith(_OF_ANOTHER, span.start - 3):
        return None  # "the UN's Yemen envoy"
    words = headed.group()
    if actor.kind == "party" and words.split()[0] in _PORTFOLIO:
        return None  # "Labour Minister"
    if actor.kind == "state":
        if _OPPOSING.search(words):
            end += _OPPOSING.search(words).end()  # type: ignore[union-attr]
            return Mention(_within(actor, name.string, "opposition", "organisation"), Span(span.start, end), "name")
        if rebel := _REBEL.search(words):
            noun = rebel.group().lower()
            own = _within(actor, name.string, noun if noun.endswith(("s", "y", "n")) else noun + "s", "armed_group")
            return Mention(own, Span(span.start, headed.end()), "name")
        if _FORMER.search(text, max(0, span.start - _WINDOW), span.start):
            return None
    return Mention(actor, Span(span.start, headed.end()), via)


def _within(state: Actor, adjective: str, noun: str, kind: str) -> Actor:
    """An actor within a state that has no other name: "Syrian rebels"."""
    return Actor(slug(f"{state.id} {noun}"), f"{adjective} {noun}", kind)


def _person(
    text: str,
    span: Span,
    name: Name,
    registry: Registry,
    named: Iterable[str],
    date: str | None,
    free: int,
) -> Mention | None:
    """The mention that a person's name makes, with the titles before it."""
    titled = TITLED.search(text[max(free, span.start - _WINDOW * 2) : span.start])
    start = span.start - len(titled.group()) if titled else span.start
    if " " not in name.string:
        if _NAME_GOES_ON.match(text, span.end) and not is_title_case(_words_around(text, span)):
            return None
        if (
            not titled
            and _NAME_BEFORE.search(text, max(0, span.start - _WINDOW), span.start)
            and not _ends_mention(text, span.start, free)
        ):
            return None
    if name.role == "leaders":
        assert name.actor is not None
        actor, agent = name.actor, Actor(slug(name.string), name.string, "person")
    else:
        actor, agent = registry.acting(_likeliest(name.persons, named), date)  # type: ignore[assignment]
    if agent and _FORMER.search(text[max(0, start - _WINDOW) : span.start]):
        actor, agent = agent, None  # type: ignore[assignment]
    via = "office" if agent else "name"
    return Mention(actor, Span(start, span.end), via, agent)


def _ends_mention(text: str, start: int, free: int) -> bool:
    """Whether another mention ends just before: "Russian Foreign Minister" Lavrov."""
    return free > 0 and text[free:start].strip() == ""


def _likeliest(persons: Sequence[PersonRecord], named: Iterable[str]) -> Sequence[PersonRecord]:
    """Of the persons who bear a name, those whose longer names the text holds; all, where it holds none."""
    in_full = [p for p in persons if any(" " in s and s in named for s in (p.name, *p.aliases))]
    return in_full or persons


def _is_place(text: str, span: Span, name: Name, place_end: int) -> bool:
    """Whether a name is a place, a medium, an adjective or part of another name where it stands."""
    start, end = span
    role = name.role
    following = text[end : end + 2]
    if len(following) == 2 and following[0] in "-‑" and following[1].islower() and not _BACKED.match(text, end):
        return True  # "U.S.-led", "Moscow-based"
    if role not in ("name", "aliases", "seats"):
        return False
    before = text[max(0, start - _WINDOW) : start]
    if _STREET.search(before) or (name.string in _SHOUTED and _is_shouted(text, span)):
        return True
    if not text.startswith(_POSSESSIVES, end) and _LOCATIVE.search(before):
        return True
    if place_end >= 0 and (
        _ALSO.fullmatch(text, place_end, start)
        or (_COMMA.fullmatch(text, place_end, start) and _LIST_GOES_ON.match(text, end))
    ):
        return True
    kind = name.actor.kind if name.actor else ""
    if kind == "company" and _ON_PLATFORM.search(before):
        return True
    if kind != "state" and role != "seats":
        return False
    if _TOWN_IN.match(text, end):
        return True
    way = _WAY_THERE if role == "seats" else _WAY_THROUGH
    if not text.startswith(_POSSESSIVES, end) and way.search(before):
        return True
    if role == "seats" and (
        _PLACE_GOES_ON.match(text, end)
        or (_ARTICLE.search(before) and _COMMON_NOUN.match(text, end) and not _OWN_HEAD.match(text, end))
    ):
        return True
    return bool(
        _NAME_GOES_ON.match(text, end) and not _HEADED.match(text, end) and not is_title_case(_words_around(text, span))
    )


def _is_shouted(text: str, span: Span) -> bool:
    """Whether the words on both sides are in capitals, too."""
    before = _CAPITALS_BEFORE.search(text, max(0, span.start - _WINDOW), span.start)
    return bool(before and _CAPITALS_AFTER.match(text, span.end))


def _words_around(text: str, span: Span) -> list[str]:
    return _WORD.findall(text, max(0, span.start - _WINDOW), span.end + _WINDOW)
