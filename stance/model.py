"""The public model: text in, directed stances with evidence out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from stance import artifact
from stance.actor_files import extended, read_actors
from stance.actors import find_actors
from stance.aggregation import dyads
from stance.errors import ArtifactError
from stance.linear import LinearModel
from stance.ner import NameFinder
from stance.pairs import PassagePair, ordered_pairs, passages
from stance.records import (
    STANCES,
    Actor,
    ArticleStance,
    Document,
    Explanation,
    Mention,
    ModelStamp,
    Pair,
    PairStance,
    Span,
)
from stance.registry import Registry, iso_date, load_registry
from stance.segmentation import sentences

DEFAULT_MODEL = "stance-en"
_CHUNK = 2_000  # pairs scored at once
_TEXTS_PER_JOB = 16
_CONTEST = PairStance("neutral", {"cooperative": 0.0, "neutral": 1.0, "opposed": 0.0})


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
    """

    linear: LinearModel
    registry: Registry
    stamp: ModelStamp
    manifest: Mapping[str, Any]
    card: str | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels it chooses among, sorted."""
        return self.linear.labels

    def predict(self, text: str | Document, *, reference: bool = True, ner: NameFinder | None = None) -> ArticleStance:
        """Find the actors of an article, and the stance of each toward each.

        Parameters
        ----------
        text : str or Document
            Plain text. All offsets in the answer are into it.
        reference : bool
            Whether nouns and pronouns are linked to the actors that they stand for.
        ner : callable, optional
            Finds further names, such as ``stance.ner.load_ner("spacy")`` gives.

        Returns
        -------
        ArticleStance
            Without dyads where no sentence mentions two actors.

        Raises
        ------
        ArtifactError
            The model was trained without one of the three stances.
        """
        document = Document(text) if isinstance(text, str) else text
        mentions, answers = self.answers(document, reference=reference, ner=ner)
        return ArticleStance(document, mentions, tuple(dyads(answers)), self.stamp)

    def answers(
        self, document: Document, *, reference: bool = True, ner: NameFinder | None = None
    ) -> tuple[tuple[Mention, ...], Iterator[tuple[PassagePair, PairStance]]]:
        """The mentions in an article, and the stance of each pair in each passage, before they are weighed.

        Raises
        ------
        ArtifactError
            The model was trained without one of the three stances.
        """
        missing = set(STANCES) - set(self.labels)
        if missing:
            raise ArtifactError(f"this model is for classify only: it was trained without {', '.join(sorted(missing))}")
        spans = [*sentences(document.text)]
        mentions = find_actors(
            document.text, spans, self.registry, iso_date(document.date), reference=reference, ner=ner
        )
        found = passages(document.text, spans, mentions, document.title)
        return mentions, self._answers(pair for passage in found for pair in ordered_pairs(passage))

    def _answers(self, pairs: Iterable[PassagePair]) -> Iterator[tuple[PassagePair, PairStance]]:
        """The stance of each pair; actors that meet in a sports contest are neutral."""
        pairs = iter(pairs)
        while chunk := [*islice(pairs, _CHUNK)]:
            answers = iter(self.linear.classify([pair.pair for pair in chunk if not pair.passage.contest]))
            for pair in chunk:
                yield pair, _CONTEST if pair.passage.contest else next(answers)

    def predict_many(
        self, texts: Iterable[str | Document], jobs: int = 1, *, reference: bool = True, ner: NameFinder | None = None
    ) -> Iterator[ArticleStance]:
        """Predict on many texts, one after the other, or on several processors.

        Parameters
        ----------
        texts : iterable of str or Document
            Read as needed.
        jobs : int
            Processes; -1 for as many as there are processors.
        reference, ner
            As for ``predict``.

        Yields
        ------
        ArticleStance
            In the order of the texts.
        """
        if jobs == 1:
            yield from (self.predict(text, reference=reference, ner=ner) for text in texts)
            return
        from joblib import Parallel, delayed

        texts = iter(texts)
        batches = iter(lambda: [*islice(texts, _TEXTS_PER_JOB)], [])
        parallel = Parallel(n_jobs=jobs, return_as="generator", pre_dispatch="2*n_jobs")
        for answers in parallel(delayed(_predict_batch)(self, batch, reference, ner) for batch in batches):
            yield from answers

    def classify(self, pairs: Sequence[Pair], labels: Sequence[str] | None = None) -> list[PairStance]:
        """Label given pairs.

        Parameters
        ----------
        pairs : sequence of Pair
        labels : sequence of str, optional
            Choose among these only.

        Returns
        -------
        list of PairStance
            One for each pair, in order; empty for no pairs.
        """
        return self.linear.classify(pairs, labels)

    def explain(self, pair: Pair) -> Explanation:
        """Take the decision on one pair apart: contributions and intercept sum to each score."""
        return self.linear.explain(pair)

    def explain_text(self, text: str, source: str, target: str) -> tuple[PassageExplanation, ...]:
        """Explain every passage of a text that mentions two actors.

        Parameters
        ----------
        text : str
        source, target : str
            Names or ids. ``ActorError`` for one that the registry does not know.

        Returns
        -------
        tuple of PassageExplanation
            In the order of the text; empty where no sentence mentions both.
        """
        spans = [*sentences(text)]
        mentions = find_actors(text, spans, self.registry)
        first, second = (_named(name, mentions) or self.registry.resolve(name) for name in (source, target))
        found = []
        for passage in passages(text, spans, mentions):
            if {first.id, second.id} <= {mention.actor.id for mention in passage.mentions}:
                pair = PassagePair(passage, first, second).pair
                found.append(PassageExplanation(passage.span, passage.text, self.explain(pair)))
        return tuple(found)

    def with_actors(self, path: str | Path) -> StanceModel:
        """The same model with a user's own actors added to, or overriding, the registry."""
        return replace(self, registry=extended(self.registry, read_actors(path)))

    def describe(self) -> dict[str, Any]:
        """What the model is: the JSON object that ``stance info`` prints."""
        return {**self.manifest, "terms": len(self.linear.vectorizer.terms_), "sha256": self.stamp.sha256}

    def __repr__(self) -> str:
        return f"StanceModel({self.stamp.name} {self.stamp.version}, {len(self.linear.vectorizer.terms_)} terms)"


def _named(name: str, mentions: Iterable[Mention]) -> Actor | None:
    """The actor of a text that has this name or id."""
    wanted = name.casefold()
    return next((m.actor for m in mentions if wanted in (m.actor.id.casefold(), m.actor.name.casefold())), None)


def _predict_batch(
    model: StanceModel, texts: Sequence[str | Document], reference: bool, ner: NameFinder | None
) -> list[ArticleStance]:
    return [model.predict(text, reference=reference, ner=ner) for text in texts]


def locate(model: str | Path = DEFAULT_MODEL) -> Path:
    """The folder or file of a model: a path, or the name of a model that comes with the package."""
    if Path(model).exists():
        return Path(model)
    package = Path(__file__).parent
    for shipped in (package / "models", package.parent / "models"):  # installed; in a checkout
        if (shipped / model / artifact.MANIFEST).is_file():
            return shipped / model
    raise ArtifactError(f"{model}: no such model; expected a folder written by 'stance train', or {DEFAULT_MODEL!r}")


def load(model: str | Path = DEFAULT_MODEL, *, actors: str | Path | None = None, trusted: bool = False) -> StanceModel:
    """Load a model.

    Parameters
    ----------
    model : path or str
        A folder that ``stance train`` wrote, the name of a shipped model, or a ``.joblib`` file that
        holds a fitted ``StanceClassifier``.
    actors : path, optional
        The user's own actors, added to the registry or overriding it.
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
