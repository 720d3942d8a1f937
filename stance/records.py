"""The small frozen records that travel between the stages.

All offsets are half-open character offsets into the text as it was given, so that
``text[span.start:span.end]`` is the stretch that the span names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, NamedTuple

STANCES = ("cooperative", "neutral", "opposed")
"""The stances, in the order of every array and table that has a column for each."""

KINDS = ("state", "organisation", "armed_group", "party", "company", "person")
"""What an actor can be."""

VIAS = ("name", "alias", "office", "nominal", "pronoun")
"""How a mention names its actor: by its name; by another name, a seat or an adjective; by a person or unit that
acts for it; by a noun ("the group"); by a pronoun."""

QUADS = {
    "cooperative": ("verbal_cooperation", "material_cooperation"),
    "opposed": ("verbal_conflict", "material_conflict"),
}
"""The quad classes of CAMEO and PLOVER, verbal and material, by the stance that they divide."""

SIGNS = {"cooperative": "+", "neutral": "·", "opposed": "−"}
"""One character for each stance, for tables."""


class Span(NamedTuple):
    """A stretch of a text: ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a state, organisation, armed group, party, company or person.

    Attributes
    ----------
    id : str
        ISO 3166 alpha-3 code for a state, a slug otherwise.
    name : str
        The name to print.
    kind : str
        One of ``KINDS``.
    """

    id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Mention:
    """One occurrence of an actor in a text.

    Attributes
    ----------
    actor : Actor
        For whom the mention counts.
    span : Span
    via : str
        How the actor is named: one of ``VIAS``.
    agent : Actor or None
        The person or unit that is named, where it acts for ``actor``.
    """

    actor: Actor
    span: Span
    via: str = "name"
    agent: Actor | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "start": self.span.start,
            "end": self.span.end,
            "actor": (self.agent or self.actor).id,
            "acts_for": self.actor.id if self.agent else None,
            "via": self.via,
        }


@dataclass(frozen=True, slots=True)
class Pair:
    """An ordered pair of actors in one passage: what does the source hold toward the target?

    Attributes
    ----------
    text : str
        The passage.
    source, target : tuple of Span
        Their mentions, as offsets into ``text``; at least one each.
    others : tuple of Span
        Mentions of further actors. They are hidden from the features as source and target are.
    id : str or None
        The caller's name for the pair.
    """

    text: str
    source: tuple[Span, ...]
    target: tuple[Span, ...]
    others: tuple[Span, ...] = ()
    id: str | None = None


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """A pair with its stance, as people labelled it.

    Attributes
    ----------
    pair : Pair
    label : str
        One of ``STANCES``.
    article : str
        Pairs of one article are never split between training and testing.
    quad : str or None
        PLOVER quad class, such as ``verbal_conflict``.
    """

    pair: Pair
    label: str
    article: str
    quad: str | None = None


@dataclass(frozen=True, slots=True)
class PairStance:
    """The answer for one pair: the likeliest stance, and the probability of each.

    ``material`` is the probability that the stance is shown by deeds and not by words; ``None`` for a neutral one, and
    from a model that learned from no quad classes.
    """

    stance: str
    probabilities: Mapping[str, float]
    id: str | None = None
    material: float | None = None

    @property
    def probability(self) -> float:
        """Probability of ``stance``."""
        return self.probabilities[self.stance]

    @property
    def quad(self) -> str | None:
        """The quad class that goes with the stance."""
        return quad_of(self.stance, self.material)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that ``stance classify`` prints."""
        return {"id": self.id, "stance": self.stance, "quad": self.quad, "probabilities": dict(self.probabilities)}


def quad_of(stance: str, material: float | None) -> str | None:
    """The quad class of a stance, by the probability that it is material; ``None`` where there is none."""
    if material is None or stance not in QUADS:
        return None
    return QUADS[stance][material >= 0.5]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one term adds to the score of each label: TF-IDF value times weight."""

    term: str
    value: float
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision taken apart.

    For every label, the contributions and the intercept sum to its score; the probabilities are
    the softmax of the scores.
    """

    answer: PairStance
    scores: Mapping[str, float]
    intercepts: Mapping[str, float]
    contributions: tuple[Contribution, ...]

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that ``stance explain`` prints."""
        return {
            **self.answer.to_dict(),
            "scores": dict(self.scores),
            "intercepts": dict(self.intercepts),
            "contributions": [{"term": c.term, "value": c.value, "scores": dict(c.scores)} for c in self.contributions],
        }


@dataclass(frozen=True, slots=True)
class Document:
    """A text to predict on, with what is known of where it comes from."""

    text: str
    id: str | None = None
    title: str | None = None
    date: str | None = None
    url: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that a dyad's stance rests on; all offsets are into the whole text.

    Attributes
    ----------
    place : str
        Where in the article it stands: ``headline``, ``lead`` or ``body``.
    attributed_to : str or None
        Id of the actor, other than the source, who says so.
    """

    span: Span
    text: str
    stance: str
    probability: float
    source_spans: tuple[Span, ...]
    target_spans: tuple[Span, ...]
    place: str = "body"
    attributed_to: str | None = None
    quad: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "start": self.span.start,
            "end": self.span.end,
            "text": self.text,
            "stance": self.stance,
            "probability": self.probability,
            "quad": self.quad,
            "place": self.place,
            "attributed_to": self.attributed_to,
            "source_spans": [list(span) for span in self.source_spans],
            "target_spans": [list(span) for span in self.target_spans],
        }


@dataclass(frozen=True, slots=True)
class Dyad:
    """An ordered pair of actors over a whole article.

    Attributes
    ----------
    source, target : Actor
    stance : str
    probabilities : mapping of str to float
        One for each stance; they sum to 1.
    mixed : bool
        Whether both cooperative and opposed passages carry weight.
    evidence : tuple of Evidence
        Strongest first. Those of the other side are among them when the dyad is mixed.
    passages : int
        Number of distinct passages that mention both.
    quad : str or None
        Quad class of the stance; ``None`` when it is neutral, or from a model that knows none.
    """

    source: Actor
    target: Actor
    stance: str
    probabilities: Mapping[str, float]
    mixed: bool
    evidence: tuple[Evidence, ...]
    passages: int
    quad: str | None = None

    @property
    def probability(self) -> float:
        """Probability of ``stance``."""
        return self.probabilities[self.stance]

    def to_dict(self) -> dict[str, Any]:
        return {
            "source": self.source.id,
            "target": self.target.id,
            "source_name": self.source.name,
            "target_name": self.target.name,
            "stance": self.stance,
            "probability": self.probability,
            "probabilities": dict(self.probabilities),
            "quad": self.quad,
            "mixed": self.mixed,
            "passages": self.passages,
            "evidence": [evidence.to_dict() for evidence in self.evidence],
        }


@dataclass(frozen=True, slots=True)
class ModelStamp:
    """Which model gave an answer."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True, repr=False)
class ArticleStance:
    """Who stands where toward whom in one article.

    Iterating gives the dyads, strongest first, neutral ones last;
    ``result["Russia", "Taliban"]`` gives one of them, by name or id.
    """

    document: Document
    mentions: tuple[Mention, ...]
    dyads: tuple[Dyad, ...]
    model: ModelStamp
    _index: dict[tuple[str, str], Dyad] = field(default_factory=dict, init=False, compare=False)

    def __post_init__(self) -> None:
        for dyad in self.dyads:
            for source in (dyad.source.id, dyad.source.name):
                for target in (dyad.target.id, dyad.target.name):
                    self._index[source.casefold(), target.casefold()] = dyad

    @property
    def actors(self) -> dict[Actor, tuple[Span, ...]]:
        """Every actor found, in order of first mention, with its mentions."""
        found: dict[Actor, list[Span]] = {}
        for mention in self.mentions:
            found.setdefault(mention.actor, []).append(mention.span)
        return {actor: tuple(spans) for actor, spans in found.items()}

    def _named(self) -> dict[tuple[Actor, Actor | None], list[Span]]:
        """Every actor with its mentions, and every agent beside the actor that he or she acts for."""
        found: dict[tuple[Actor, Actor | None], list[Span]] = {
            (actor, None): list(spans) for actor, spans in self.actors.items()
        }
        for mention in self.mentions:
            if mention.agent:
                found.setdefault((mention.agent, mention.actor), []).append(mention.span)
        return found

    def __iter__(self) -> Iterator[Dyad]:
        return iter(self.dyads)

    def __len__(self) -> int:
        return len(self.dyads)

    def __getitem__(self, names: tuple[str, str]) -> Dyad:
        source, target = names
        try:
            return self._index[source.casefold(), target.casefold()]
        except KeyError:
            raise KeyError(f"no passage of this article mentions both {source!r} and {target!r}") from None

    def select(
        self, pairs: Collection[tuple[str, str]] | None = None, min_probability: float = 0.0, *, neutral: bool = True
    ) -> ArticleStance:
        """The same article with some of its dyads.

        Parameters
        ----------
        pairs : collection of (source id, target id), optional
            Only these.
        min_probability : float
            Only those at least this certain.
        neutral : bool
            Whether neutral ones stay; those named in ``pairs`` always do.
        """
        kept = tuple(
            dyad
            for dyad in self.dyads
            if (pairs is None or (dyad.source.id, dyad.target.id) in pairs)
            and dyad.probability >= min_probability
            and (neutral or pairs is not None or dyad.stance != "neutral")
        )
        return ArticleStance(self.document, self.mentions, kept, self.model)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of the article, as ``stance predict --format json`` prints it."""
        document = self.document
        return {
            "schema": 1,
            "article": {
                "id": document.id,
                "title": document.title,
                "date": document.date,
                "url": document.url,
                "path": document.path,
            },
            "actors": [
                {
                    "id": actor.id,
                    "name": actor.name,
                    "kind": actor.kind,
                    "acts_for": principal.id if principal else None,
                    "mentions": [list(span) for span in spans],
                }
                for (actor, principal), spans in self._named().items()
            ],
            "mentions": [mention.to_dict() for mention in self.mentions],
            "dyads": [dyad.to_dict() for dyad in self.dyads],
            "model": {"name": self.model.name, "version": self.model.version, "sha256": self.model.sha256},
        }

    def __repr__(self) -> str:
        lines = [
            f"  {dyad.source.name} {SIGNS[dyad.stance]} {dyad.target.name}: {dyad.stance} {dyad.probability:.2f}"
            + (" (mixed)" if dyad.mixed else "")
            for dyad in self.dyads
            if dyad.stance != "neutral"
        ]
        head = f"ArticleStance: {len(self.actors)} actors, {len(self.dyads)} dyads, {len(lines)} with a stance"
        return "\n".join([head, *lines])

    def _repr_html_(self) -> str:
        rows = "".join(
            "<tr>"
            + "".join(
                f"<td>{escape(cell)}</td>"
                for cell in (
                    dyad.source.name,
                    f"{SIGNS[dyad.stance]} {dyad.stance}{' (mixed)' if dyad.mixed else ''}",
                    dyad.target.name,
                    f"{dyad.probability:.2f}",
                    dyad.evidence[0].text if dyad.evidence else "",
                )
            )
            + "</tr>"
            for dyad in self.dyads
            if dyad.stance != "neutral"
        )
        head = "".join(f"<th>{title}</th>" for title in ("source", "stance", "target", "probability", "passage"))
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
