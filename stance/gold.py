"""Gold articles: whole texts with all their actors, mentions, dyads and portrayals, as people annotated them.

One file holds one article::

    id: dev-01
    date: 2014-03-02
    region: Middle East
    genre: wire
    title: Headline
    actor: RUS | Russia | state
    actor: zamir-kabulov | Zamir Kabulov | person | RUS
    dyad: RUS > taliban | cooperative mixed
    portrayal: taliban | negative
    ---
    {RUS|Moscow} said ... {zamir-kabulov|the envoy Zamir Kabulov} ... {taliban~n|the group} ... {RUS~p|it} ...

An actor line holds id, name, kind and, for a person or unit, the id of the actor that it acts for. Dyads are between
those acted for; pairs without a line are neutral. So are actors without a line ``portrayal``; ``portrayal: none`` says
that all are, and an article without any such line has not been read for sentiment. A mark ``{id|words}`` is a mention
by name, ``~n`` one by a noun and ``~p`` one by a pronoun; ``{FRA+ITA~n|the two countries}`` stands for both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from stance.errors import CorpusError, Problem
from stance.marks import unmarked
from stance.records import KINDS, SENTIMENTS, STANCES, Actor, Document, Mention

_DYAD = re.compile(r"(\S+)\s*>\s*(\S+)\s*\|\s*(\w+)(\s+mixed)?")
_VIAS = {"": "name", "n": "nominal", "p": "pronoun"}
_META = ("id", "date", "region", "genre", "title")


@dataclass(frozen=True, slots=True)
class GoldDyad:
    """What a reader found: the stance, and whether passages of the other side weigh too."""

    stance: str
    mixed: bool


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article with its annotation; what ``dyads`` does not hold is neutral.

    ``portrayals`` are those that are not neutral, by id of the actor; ``None`` where the article was not read for them.
    """

    document: Document
    genre: str
    mentions: tuple[Mention, ...]
    dyads: Mapping[tuple[str, str], GoldDyad]
    portrayals: Mapping[str, str] | None = None

    @property
    def actors(self) -> dict[str, Actor]:
        """The actors that others act for, or that act for themselves, by id."""
        return {mention.actor.id: mention.actor for mention in self.mentions}


def read_articles(paths: Iterable[str | Path]) -> list[GoldArticle]:
    """Read gold articles from files, or from all ``.txt`` files of folders.

    Raises
    ------
    CorpusError
        With every problem, by file and line; or when there are no articles.
    """
    problems: list[Problem] = []
    articles = []
    for path in _files(paths):
        try:
            content = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(str(path), 1, f"cannot be read: {error}"))
            continue
        article = _parse(path, content, problems)
        if article:
            articles.append(article)
    if problems:
        raise CorpusError(f"{len(problems)} problems in the articles; nothing was used", problems)
    if not articles:
        raise CorpusError(f"no gold articles in {', '.join(map(str, paths))}")
    return articles


def _files(paths: Iterable[str | Path]) -> list[Path]:
    found: list[Path] = []
    for path in map(Path, paths):
        found += sorted(path.rglob("*.txt")) if path.is_dir() else [path]
    return found


def _parse(path: Path, content: str, problems: list[Problem]) -> GoldArticle | None:
    before = len(problems)

    def wrong(line: int, message: str) -> None:
        problems.append(Problem(str(path), line, message))

    head, rule, body = content.partition("\n---\n")
    meta: dict[str, str] = {}
    actors: dict[str, Actor] = {}
    acts_for: dict[str, str] = {}
    actor_lines: dict[str, int] = {}
    dyads: dict[tuple[str, str], GoldDyad] = {}
    dyad_lines: dict[tuple[str, str], int] = {}
    portrayals: dict[str, str] | None = None
    for number, line in enumerate(head.splitlines(), 1):
        key, _, value = line.partition(":")
        cells = [cell.strip() for cell in value.split("|")]
        if key in _META:
            meta[key] = value.strip()
        elif key == "actor" and len(cells) in (3, 4) and cells[2] in KINDS:
            if cells[0] in actors:
                wrong(number, f"actor {cells[0]!r} stands twice")
            actors[cells[0]] = Actor(*cells[:3])
            if len(cells) == 4 and cells[3]:
                acts_for[cells[0]] = cells[3]
            actor_lines[cells[0]] = number
        elif key == "dyad" and (match := _DYAD.fullmatch(value.strip())) and match[3] in STANCES:
            pair = (match[1], match[2])
            if pair in dyads:
                wrong(number, f"dyad {match[1]} > {match[2]} stands twice")
            dyads[pair] = GoldDyad(match[3], bool(match[4]))
            dyad_lines[pair] = number
        elif key == "portrayal" and cells == ["none"]:
            portrayals = portrayals or {}
        elif key == "portrayal" and len(cells) == 2 and cells[0] in actors and cells[1] in SENTIMENTS:
            portrayals = portrayals or {}
            if cells[0] in portrayals:
                wrong(number, f"portrayal of {cells[0]} stands twice")
            portrayals[cells[0]] = cells[1]
        else:
            wrong(
                number,
                f"expected {', '.join(_META)}, actor: id | name | kind, dyad: a > b | stance, "
                "or portrayal: a | sentiment, after the actor's line",
            )
    if not rule:
        wrong(1, "no line '---' between head and text")
    for actor, principal in acts_for.items():
        if principal not in actors:
            wrong(actor_lines[actor], f"{actor} acts for {principal!r}, which has no actor line")
    for pair, number in dyad_lines.items():
        for actor in pair:
            if actor not in actors:
                wrong(number, f"{actor!r} has no actor line")
            elif actor in acts_for:
                wrong(number, f"{actor!r} acts for {acts_for[actor]}: name that one")
    first = head.count("\n") + 3
    text, marks = unmarked(body)
    for number, line in enumerate(body.splitlines(), first):
        if re.search(r"[{}]", unmarked(line)[0]):
            wrong(number, "a mark is not closed, or stands in another mark")
    mentions = []
    for mark in marks:
        ids, _, via = mark.name.partition("~")
        for actor in ids.split("+"):
            if actor not in actors or via not in _VIAS:
                place = first + body.count("\n", 0, mark.offset)
                wrong(place, f"mark {mark.name!r}: no such actor line or kind of mention")
                continue
            own, owner = actors[actor], actors.get(acts_for.get(actor, ""))
            mentions.append(Mention(owner or own, mark.span, _VIAS[via], own if owner else None))
    if len(problems) > before:
        return None
    document = Document(text, meta.get("id"), meta.get("title"), meta.get("date"), path=str(path))
    return GoldArticle(document, meta.get("genre", ""), tuple(mentions), dyads, portrayals)
