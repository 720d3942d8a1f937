"""The small frozen records that travel between the stages.

All offsets are half-open character offsets into the text as it was given, so that
``text[span.start:span.end]`` is the stretch that the span names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from html import escape
from typing import Any, NamedTuple

STANCES = ("cooperative", "neutral", "opposed")
"""The stances, in the order of every array and table that has a column for each."""

SENTIMENTS = ("negative", "neutral", "positive")
"""How a passage portrays an actor, in the order of every array and table that has a column for each."""

TASKS: Mapping[str, tuple[str, ...]] = {"stance": STANCES, "sentiment": SENTIMENTS}
"""What a model can be asked, and the labels it answers with."""

KINDS = ("state", "organisation", "armed_group", "party", "company", "person")
"""What an actor can be."""

VIAS = ("name", "alias", "office", "nominal", "pronoun")
"""How a mention names its actor: by its name; by another name, a seat or an adjective; by a person or unit that
acts for it; by a noun ("the group"); by a pronoun."""
REFERENCES = ("nominal", "pronoun")
"""Those of ``VIAS`` that are no names."""

QUADS = {
    "cooperative": ("verbal_cooperation", "material_cooperation"),
    "opposed": ("verbal_conflict", "material_conflict"),
}
"""The quad classes of CAMEO and PLOVER, verbal and material, by the stance that they divide."""

SIDES: Mapping[str, tuple[str, str]] = {"stance": ("cooperative", "opposed"), "sentiment": ("positive", "negative")}
"""The labels of each task that are not neutral: for an actor and against it."""

SIGNS = {"cooperative": "+", "positive": "+", "neutral": "·", "opposed": "−", "negative": "−"}
"""One character for each label, for tables."""


class Span(NamedTuple):
    """A stretch of a text: ``text[start:end]``."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether both hold a character."""
        return self.start < other.end and other.start < self.end


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

    Without a source it is one actor, the target: how does the passage portray it?

    Attributes
    ----------
    text : str
        The passage.
    source, target : tuple of Span
        Their mentions, as offsets into ``text``; at least one of the target, and none of a source for sentiment.
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

    @property
    def task(self) -> str:
        """What is asked: one of ``TASKS``."""
        return "stance" if self.source else "sentiment"


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """A pair with its label, as people gave it.

    Attributes
    ----------
    pair : Pair
    label : str
        One of the labels of the pair's task.
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
class Answer:
    """The answer for one pair: the likeliest label, and the probability of each.

    ``material`` is the probability that the stance is shown by deeds and not by words; ``None`` for a neutral one, for
    sentiment, and from a model that learned from no quad classes.
    """

    label: str
    probabilities: Mapping[str, float]
    id: str | None = None
    material: float | None = None
    task: str = "stance"

    @property
    def probability(self) -> float:
        """Probability of ``label``."""
        return self.probabilities[self.label]

    @property
    def quad(self) -> str | None:
        """The quad class that goes with the stance."""
        return quad_of(self.label, self.material)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that ``stance classify`` prints."""
        quad = {"quad": self.quad} if self.task == "stance" else {}
        return {"id": self.id, self.task: self.label, **quad, "probabilities": dict(self.probabilities)}


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

    answer: Answer
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
    """A passage that the stance of a dyad rests on, or the sentiment toward an actor; offsets are into the whole text.

    Attributes
    ----------
    label : str
        The stance or sentiment that it shows.
    source_spans, target_spans : tuple of Span
        No source where it is about sentiment.
    place : str
        Where in the article it stands: ``headline``, ``lead`` or ``body``.
    attributed_to : str or None
        Id of the actor, other than the source, who says so.
    """

    span: Span
    text: str
    label: str
    probability: float
    source_spans: tuple[Span, ...]
    target_spans: tuple[Span, ...]
    place: str = "body"
    attributed_to: str | None = None
    quad: str | None = None

    def to_dict(self) -> dict[str, Any]:
        of_stance = bool(self.source_spans)
        return {
            "start": self.span.start,
            "end": self.span.end,
            "text": self.text,
            "stance" if of_stance else "sentiment": self.label,
            "probability": self.probability,
            **({"quad": self.quad} if of_stance else {}),
            "place": self.place,
            "attributed_to": self.attributed_to,
            **({"source_spans": [list(span) for span in self.source_spans]} if of_stance else {}),
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
class Sentiment:
    """How an article portrays an actor.

    Attributes
    ----------
    label : str
        One of ``SENTIMENTS``.
    probabilities : mapping of str to float
        One for each sentiment; they sum to 1.
    mixed : bool
        Whether both positive and negative passages carry weight.
    evidence : tuple of Evidence
        Strongest first. Those of the other side are among them when it is mixed.
    passages : int
        Number of distinct passages that mention the actor.
    """

    label: str
    probabilities: Mapping[str, float]
    mixed: bool
    evidence: tuple[Evidence, ...]
    passages: int

    @property
    def probability(self) -> float:
        """Probability of ``label``."""
        return self.probabilities[self.label]

    def to_dict(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "probability": self.probability,
            "probabilities": dict(self.probabilities),
            "mixed": self.mixed,
            "passages": self.passages,
            "evidence": [evidence.to_dict() for evidence in self.evidence],
        }


@dataclass(frozen=True, slots=True)
class ActorInText:
    """An actor of an article, with its mentions; a person or unit that acts for another is one of its own.

    Attributes
    ----------
    actor : Actor
    acts_for : Actor or None
    mentions : tuple of Span
    sentiment : Sentiment or None
        How the article portrays it; ``None`` where that was not asked.
    """

    actor: Actor
    acts_for: Actor | None
    mentions: tuple[Span, ...]
    sentiment: Sentiment | None = None

    @property
    def id(self) -> str:
        return self.actor.id

    @property
    def name(self) -> str:
        return self.actor.name

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.actor.id,
            "name": self.actor.name,
            "kind": self.actor.kind,
            "acts_for": self.acts_for.id if self.acts_for else None,
            "mentions": [list(span) for span in self.mentions],
            **({"sentiment": self.sentiment.to_dict()} if self.sentiment else {}),
        }


class Actors(tuple[ActorInText, ...]):
    """The actors of an article, in order of first mention; ``actors["Russia"]`` finds one by name or id."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, str):
            return super().__getitem__(key)
        wanted = key.casefold()
        for found in self:
            if wanted in (found.id.casefold(), found.name.casefold()):
                return found
        raise KeyError(f"no actor {key!r} in this article")


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
    sentiment_model: ModelStamp | None = None
    sentiments: Mapping[tuple[Actor, Actor | None], Sentiment] = field(default_factory=dict)
    _index: dict[tuple[str, str], Dyad] = field(default_factory=dict, init=False, compare=False)

    def __post_init__(self) -> None:
        for dyad in self.dyads:
            for source in (dyad.source.id, dyad.source.name):
                for target in (dyad.target.id, dyad.target.name):
                    self._index[source.casefold(), target.casefold()] = dyad

    @property
    def actors(self) -> Actors:
        """Every actor found, and then everyone who acts for one of them."""
        found: dict[tuple[Actor, Actor | None], list[Span]] = {}
        for mention in self.mentions:
            found.setdefault((mention.actor, None), []).append(mention.span)
        for mention in self.mentions:
            if mention.agent:
                found.setdefault((mention.agent, mention.actor), []).append(mention.span)
        return Actors(
            ActorInText(actor, principal, tuple(spans), self.sentiments.get((actor, principal)))
            for (actor, principal), spans in found.items()
        )

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
        return replace(self, dyads=kept)

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
            "actors": [actor.to_dict() for actor in self.actors],
            "mentions": [mention.to_dict() for mention in self.mentions],
            "dyads": [dyad.to_dict() for dyad in self.dyads],
            "model": asdict(self.model),
            "sentiment_model": asdict(self.sentiment_model) if self.sentiment_model else None,
        }

    def __repr__(self) -> str:
        lines = [
            f"  {dyad.source.name} {SIGNS[dyad.stance]} {dyad.target.name}: {dyad.stance} {dyad.probability:.2f}"
            + (" (mixed)" if dyad.mixed else "")
            for dyad in self.dyads
            if dyad.stance != "neutral"
        ]
        actors = self.actors
        head = f"ArticleStance: {len(actors)} actors, {len(self.dyads)} dyads, {len(lines)} with a stance"
        portrayed = [
            f"  {found.name}: {found.sentiment.label} {found.sentiment.probability:.2f}"
            for found in actors
            if found.sentiment and found.sentiment.label != "neutral"
        ]
        return "\n".join([head, *lines, *portrayed])

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
