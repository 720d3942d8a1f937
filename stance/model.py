"""The public model: text in, directed stances with evidence out."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from stance import artifact
from stance.actor_files import extended, read_actors
from stance.actors import find_actors
from stance.aggregation import Asked, AskedT, dyads, sentiments
from stance.errors import ArtifactError
from stance.linear import LinearModel
from stance.ner import NameFinder
from stance.pairs import Passage, PassageActor, PassagePair, ordered_pairs, passage_actors, passages
from stance.records import (
    TASKS,
    Actor,
    Answer,
    ArticleStance,
    Document,
    Explanation,
    Mention,
    ModelStamp,
    Pair,
    Span,
)
from stance.registry import Registry, iso_date, load_registry
from stance.segmentation import sentences

DEFAULT_MODEL, SENTIMENT_MODEL = "stance-en", "sentiment-en"
SHIPPED = {"stance": DEFAULT_MODEL, "sentiment": SENTIMENT_MODEL}
"""The model that comes with the package, by task."""

_CHUNK = 300  # passages whose pairs are scored at once; fewer than ``stance.reading.read`` remembers
_TEXTS_PER_JOB = 16
_CONTEST = {
    task: Answer("neutral", {label: float(label == "neutral") for label in labels}, task=task)
    for task, labels in TASKS.items()
}


class Answers(NamedTuple):
    """The mentions of an article, and what the models say of its passages, in the order of the text."""

    mentions: tuple[Mention, ...]
    stances: list[tuple[PassagePair, Answer]]
    portrayals: list[tuple[PassageActor, Answer]]


@dataclass(frozen=True, slots=True)
class PassageExplanation:
    """Why the model says what it says of a pair in one passage of a text."""

    span: Span
    text: str
    explanation: Explanation

    def to_dict(self) -> dict[str, Any]:
        return {"start": self.span.start, "end": self.span.end, "text": self.text, **self.explanation.to_dict()}


@dataclass(frozen=True, slots=True, eq=False)
class StanceModel:
    """A linear model, the actors it knows, and where both come from. Make one with ``stance.load``.

    Attributes
    ----------
    linear : LinearModel
    registry : Registry
    stamp : ModelStamp
        Name, version and hash, as they are printed with every answer.
    manifest : mapping
        All that is known of how the model was made.
    card : str or None
        Its card, in Markdown.
    sentiment : path or str
        The model that says how articles portray their actors; loaded when it is first needed.
    """

    linear: LinearModel
    registry: Registry
    stamp: ModelStamp
    manifest: Mapping[str, Any]
    card: str | None = None
    sentiment: str | Path = SENTIMENT_MODEL

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels it chooses among, sorted."""
        return self.linear.labels

    @property
    def task(self) -> str:
        """What it can be asked: ``stance``, or ``sentiment``."""
        return self.linear.task

    def require(self, task: str) -> None:
        """Raise ``ArtifactError`` for a model of another task."""
        if self.task != task:
            raise ArtifactError(f"{self.stamp.name} is a model of {self.task}, and what is asked is {task}")

    def predict(
        self,
        text: str | Document,
        *,
        reference: bool = True,
        ner: NameFinder | None = None,
        sentiment: bool = True,
    ) -> ArticleStance:
        """Find the actors of an article, the stance of each toward each, and how the article portrays each.

        Parameters
        ----------
        text : str or Document
            Plain text. All offsets in the answer are into it.
        reference : bool
            Whether nouns and pronouns are linked to the actors that they stand for.
        ner : callable, optional
            Finds further names, such as ``stance.ner.load_ner("spacy")`` gives.
        sentiment : bool
            Whether to ask how the article portrays each actor.

        Returns
        -------
        ArticleStance
            Without dyads where no sentence mentions two actors.

        Raises
        ------
        ArtifactError
            The model was trained without one of the three stances, or there is no model of sentiment.
        """
        document = Document(text) if isinstance(text, str) else text
        found = self.answers(document, reference=reference, ner=ner, sentiment=sentiment)
        return ArticleStance(
            document,
            found.mentions,
            tuple(dyads(found.stances)),
            self.stamp,
            self.sentiment_model().stamp if sentiment else None,
            sentiments(found.portrayals),
        )

    def answers(
        self,
        document: Document,
        *,
        reference: bool = True,
        ner: NameFinder | None = None,
        sentiment: bool = True,
    ) -> Answers:
        """What ``predict`` weighs: the mentions of an article, and the answers for each of its passages.

        Raises
        ------
        ArtifactError
            The model was trained without one of the three stances, or there is no model of sentiment.
        """
        self._require_all("stance")
        portrayals = self.sentiment_model() if sentiment else None
        mentions, found = self._read(document, reference, ner)
        named = {mention.actor for mention in mentions if mention.agent is None}
        stances, portrayed = [], []
        while chunk := [*islice(found, _CHUNK)]:  # both questions to a passage while it is freshly read
            stances += self._ask(pair for passage in chunk for pair in ordered_pairs(passage))
            if portrayals:
                portrayed += portrayals._ask(actor for passage in chunk for actor in passage_actors(passage, named))
        return Answers(mentions, stances, portrayed)

    def sentiment_model(self) -> StanceModel:
        """The model that ``predict`` asks how passages portray actors."""
        model = self if self.task == "sentiment" else _sentiment_model(str(self.sentiment))
        model._require_all("sentiment")
        return model

    def _require_all(self, task: str) -> None:
        self.require(task)
        missing = set(TASKS[task]) - set(self.labels)
        if missing:
            raise ArtifactError(f"this model is for classify only: it was trained without {', '.join(sorted(missing))}")

    def _read(
        self, document: Document, reference: bool, ner: NameFinder | None
    ) -> tuple[tuple[Mention, ...], Iterator[Passage]]:
        spans = [*sentences(document.text)]
        mentions = find_actors(
            document.text, spans, self.registry, iso_date(document.date), reference=reference, ner=ner
        )
        return mentions, passages(document.text, spans, mentions, document.title)

    def _ask(self, asked: Iterable[AskedT]) -> list[tuple[AskedT, Answer]]:
        """The answer to each question on a passage; in the report of a sports contest all are neutral."""
        questions = list(asked)
        answers = iter(self.linear.classify([one.pair for one in questions if not one.passage.contest]))
        return [(one, _CONTEST[self.task] if one.passage.contest else next(answers)) for one in questions]

    def predict_many(
        self,
        texts: Iterable[str | Document],
        jobs: int = 1,
        *,
        reference: bool = True,
        ner: NameFinder | None = None,
        sentiment: bool = True,
    ) -> Iterator[ArticleStance]:
        """Predict on many texts, one after the other, or on several processors.

        Parameters
        ----------
        texts : iterable of str or Document
            Read as needed.
        jobs : int
            Processes; -1 for as many as there are processors.
        reference, ner, sentiment
            As for ``predict``.

        Yields
        ------
        ArticleStance
            In the order of the texts.
        """
        if jobs == 1:
            yield from (self.predict(text, reference=reference, ner=ner, sentiment=sentiment) for text in texts)
            return
        from joblib import Parallel, delayed

        texts = iter(texts)
        batches = iter(lambda: [*islice(texts, _TEXTS_PER_JOB)], [])
        parallel = Parallel(n_jobs=jobs, return_as="generator", pre_dispatch="2*n_jobs")
        for answers in parallel(delayed(_predict_batch)(self, batch, reference, ner, sentiment) for batch in batches):
            yield from answers

    def classify(self, pairs: Sequence[Pair], labels: Sequence[str] | None = None) -> list[Answer]:
        """Label given pairs.

        Parameters
        ----------
        pairs : sequence of Pair
        labels : sequence of str, optional
            Choose among these only.

        Returns
        -------
        list of Answer
            One for each pair, in order; empty for no pairs.
        """
        return self.linear.classify(pairs, labels)

    def explain(self, pair: Pair) -> Explanation:
        """Take the decision on one pair apart: contributions and intercept sum to each score."""
        return self.linear.explain(pair)

    def explain_text(self, text: str, *actors: str) -> tuple[PassageExplanation, ...]:
        """Explain every passage of a text that mentions the actors asked for.

        Parameters
        ----------
        text : str
        *actors : str
            Names or ids: source and target for a model of stance, one actor for one of sentiment. ``ActorError`` for
            one that neither the text nor the registry knows.

        Returns
        -------
        tuple of PassageExplanation
            In the order of the text; empty where no sentence mentions them (both).
        """
        self.require("stance" if len(actors) == 2 else "sentiment")
        mentions, found = self._read(Document(text), True, None)
        alone = len(actors) == 1  # a portrayal can be of one who acts for another; a stance is the other's
        wanted = [_named(name, mentions, agents=alone) or self.registry.resolve(name) for name in actors]
        named = {mention.actor for mention in mentions if mention.agent is None}
        return tuple(
            PassageExplanation(passage.span, passage.text, self.explain(asked.pair))
            for passage in found
            for asked in _asked(passage, wanted, named)
        )

    def with_actors(self, path: str | Path) -> StanceModel:
        """The same model with a user's own actors added to, or overriding, the registry."""
        return replace(self, registry=extended(self.registry, read_actors(path)))

    def describe(self) -> dict[str, Any]:
        """What the model is: the JSON object that ``stance info`` prints."""
        return {**self.manifest, "terms": len(self.linear.vectorizer.keys_), "sha256": self.stamp.sha256}

    def __repr__(self) -> str:
        return f"StanceModel({self.stamp.name} {self.stamp.version}, {len(self.linear.vectorizer.keys_)} terms)"


def _asked(passage: Passage, actors: Sequence[Actor], named: Container[Actor]) -> Iterator[Asked]:
    """What a passage can be asked about two actors, or about one."""
    if len(actors) == 2:
        source, target = actors
        if {source.id, target.id} <= {mention.actor.id for mention in passage.mentions}:
            yield PassagePair(passage, source, target)
    else:
        yield from (one for one in passage_actors(passage, named) if one.actor.id == actors[0].id)


def _named(name: str, mentions: Iterable[Mention], *, agents: bool) -> Actor | None:
    """The actor of a text that has this name or id; with ``agents``, also one who acts there for another."""
    wanted = name.casefold()
    actors = (actor for m in mentions for actor in (m.actor, m.agent if agents else None) if actor)
    return next((actor for actor in actors if wanted in (actor.id.casefold(), actor.name.casefold())), None)


def _predict_batch(
    model: StanceModel, texts: Sequence[str | Document], reference: bool, ner: NameFinder | None, sentiment: bool
) -> list[ArticleStance]:
    return [model.predict(text, reference=reference, ner=ner, sentiment=sentiment) for text in texts]


def locate(model: str | Path = DEFAULT_MODEL) -> Path:
    """The folder or file of a model: a path, or the name of a model that comes with the package."""
    if Path(model).exists():
        return Path(model)
    package = Path(__file__).parent
    for shipped in (package / "models", package.parent / "models"):  # installed; in a checkout
        if (shipped / model / artifact.MANIFEST).is_file():
            return shipped / model
    raise ArtifactError(f"{model}: no such model; expected a folder written by 'stance train', or {DEFAULT_MODEL!r}")


@lru_cache(maxsize=4)
def _sentiment_model(path: str) -> StanceModel:
    return load(path)


def load(
    model: str | Path = DEFAULT_MODEL,
    *,
    actors: str | Path | None = None,
    sentiment: str | Path = SENTIMENT_MODEL,
    trusted: bool = False,
) -> StanceModel:
    """Load a model.

    Parameters
    ----------
    model : path or str
        A folder that ``stance train`` wrote, the name of a shipped model, or a ``.joblib`` file that
        holds a fitted ``StanceClassifier``.
    actors : path, optional
        The user's own actors, added to the registry or overriding it.
    sentiment : path or str
        The model that says how articles portray their actors.
    trusted : bool
        Loading a ``.joblib`` file runs whatever code it holds; it is refused unless this is set.

    Raises
    ------
    ArtifactError
        The model is missing, damaged, of another version, or a ``.joblib`` file that is not trusted.
    """
    path = locate(model)
    if path.is_file():
        loaded = _from_joblib(path, trusted)
    else:
        read = artifact.read(path)
        stamp = ModelStamp(str(read.manifest.get("name")), str(read.manifest.get("version")), read.sha256)
        loaded = StanceModel(read.linear, load_registry(), stamp, read.manifest, read.card)
    loaded = replace(loaded, sentiment=sentiment)
    return loaded.with_actors(actors) if actors else loaded


def _from_joblib(path: Path, trusted: bool) -> StanceModel:
    import hashlib

    if path.suffix != ".joblib":
        raise ArtifactError(f"{path}: is no model; expected a folder, or a .joblib file")
    if not trusted:
        raise ArtifactError(
            f"{path}: loading a .joblib file can run any code; if you trust where it comes from, say "
            "trusted=True (--trust-joblib)"
        )
    import joblib

    from stance.classifier import StanceClassifier

    try:
        classifier = joblib.load(path)
    except Exception as error:  # a pickle can raise anything
        raise ArtifactError(f"{path}: cannot be loaded: {error}") from error
    if not isinstance(classifier, StanceClassifier) or not hasattr(classifier, "linear_"):
        raise ArtifactError(f"{path}: holds a {type(classifier).__name__}; expected a fitted StanceClassifier")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest = {"parameters": classifier.get_params(), "labels": list(classifier.linear_.labels)}
    return StanceModel(classifier.linear_, load_registry(), ModelStamp(path.stem, "joblib", sha256), manifest)
