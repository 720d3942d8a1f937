"""Results as tables, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table
from rich.text import Text

from stance.article_evaluation import ArticleEvaluation
from stance.audit import TESTS, Audit
from stance.evaluation import Evaluation
from stance.records import SIGNS, ArticleStance, Dyad, Evidence, Explanation, Sentiment
from stance.registry import ActorRecord, Meaning

_NAME_WIDTH = 28
_LEAST_PASSAGE = 24
COLORS = {"cooperative": "green", "positive": "green", "neutral": "dim", "opposed": "red", "negative": "red"}
CSV_COLUMNS = (
    "article_id", "path", "title", "date", "url", "source", "source_name", "target", "target_name", "stance", "quad",
    "probability", "cooperative", "neutral", "opposed", "mixed", "passages", "start", "end", "evidence",
    "source_sentiment", "source_sentiment_probability", "target_sentiment", "target_sentiment_probability",
)  # fmt: skip


def to_json(value: Any) -> str:
    """JSON over several lines, for people."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def to_json_line(value: Any) -> str:
    """JSON on one line, for programs."""
    return json.dumps(value, ensure_ascii=False)


def json_parts(values: Iterable[Any]) -> Iterator[str]:
    """One value as itself, several as an array, piece by piece."""
    held = None
    for number, value in enumerate(values):
        if held is not None:
            yield ("[\n" if number == 1 else "") + held + ","
        held = to_json(value)
        several = number > 0
    if held is None:
        yield "[]"
    else:
        yield held + ("\n]" if several else "")


def csv_lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Rows as CSV lines, without line ends."""
    for row in rows:
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="").writerow(row)
        yield buffer.getvalue()


def dyad_rows(result: ArticleStance) -> Iterator[tuple[Any, ...]]:
    """One row for each dyad, with the cells of ``CSV_COLUMNS``; the strongest passage stands for all."""
    document = result.document
    sentiments = result.sentiments
    for dyad in result:
        best = dyad.evidence[0]
        portrayals = (sentiments.get((actor, None)) for actor in (dyad.source, dyad.target))
        yield (
            document.id, document.path, document.title, document.date, document.url,
            dyad.source.id, dyad.source.name, dyad.target.id, dyad.target.name,
            dyad.stance, dyad.quad, f"{dyad.probability:.4f}",
            *(f"{dyad.probabilities[label]:.4f}" for label in ("cooperative", "neutral", "opposed")),
            dyad.mixed, dyad.passages, best.span.start, best.span.end, " ".join(best.text.split()),
            *(cell for own in portrayals for cell in ((own.label, f"{own.probability:.4f}") if own else (None, None))),
        )  # fmt: skip


def shorten(text: str, width: int) -> str:
    """One line of at most ``width`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def dyad_table(result: ArticleStance, width: int) -> Table:
    """The dyads of an article, for a terminal of ``width`` columns."""
    document = result.document
    title = Text(document.title or document.id or document.path or "")
    heads = ("source", "stance", "target", "prob.", "passages")
    rows = [
        (
            Text(shorten(dyad.source.name, _NAME_WIDTH)),
            _label(dyad.stance, dyad.mixed),
            Text(shorten(dyad.target.name, _NAME_WIDTH)),
            *_weight(dyad),
        )
        for dyad in result
    ]
    return _evidence_table(title if title.plain else None, heads, rows, [dyad.evidence for dyad in result], width)


def sentiment_table(result: ArticleStance, width: int) -> Table | None:
    """How an article portrays its actors, for a terminal of ``width`` columns; ``None`` where it portrays none."""
    telling = [
        (found, found.sentiment) for found in result.actors if found.sentiment and found.sentiment.label != "neutral"
    ]
    if not telling:
        return None
    telling.sort(key=lambda item: -item[1].probability)
    rows = [
        (Text(shorten(found.name, _NAME_WIDTH)), _label(own.label, own.mixed), *_weight(own)) for found, own in telling
    ]
    heads = ("portrayed", "sentiment", "prob.", "passages")
    return _evidence_table(None, heads, rows, [own.evidence for _, own in telling], width)


def _label(label: str, mixed: bool) -> Text:
    return Text(f"{SIGNS[label]} {label}{' (mixed)' if mixed else ''}", style=COLORS[label])


def _weight(weighed: Dyad | Sentiment) -> tuple[Text, Text]:
    return Text(f"{weighed.probability:.2f}"), Text(str(weighed.passages))


def _evidence_table(
    title: Text | None,
    heads: Sequence[str],
    rows: Sequence[Sequence[Text]],
    evidence: Iterable[Sequence[Evidence]],
    width: int,
) -> Table:
    """Rows, the last two cells of each a number, with as much of the strongest passage as there is room for."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for number, head in enumerate(heads):
        table.add_column(head, no_wrap=True, justify="right" if number >= len(heads) - 2 else "left")
        width -= 2 + max(len(head), *(len(row[number]) for row in rows))
    table.add_column("strongest passage", no_wrap=True)
    for row, own in zip(rows, evidence, strict=True):
        table.add_row(*row, Text(shorten(own[0].text, max(width, _LEAST_PASSAGE))))
    return table


def nothing_found(result: ArticleStance) -> Text:
    """What to say of an article without dyads."""
    document = result.document
    name = document.title or document.id or document.path or "the text"
    return Text(f"{name}: {len(result.actors)} actors, no dyads to show", style="dim")


def evaluation_tables(evaluation: Evaluation) -> list[Table | Text]:
    """An evaluation, for a terminal."""
    scores = Table(
        "", "macro-F1", "accuracy", title=f"{evaluation.n} pairs", title_justify="left", box=None, pad_edge=False
    )
    for name, score in {"model": evaluation.score, **evaluation.baselines}.items():
        scores.add_row(
            name,
            "{:.3f}  [{:.3f}, {:.3f}]".format(score.macro_f1, *score.macro_f1_ci),
            "{:.3f}  [{:.3f}, {:.3f}]".format(score.accuracy, *score.accuracy_ci),
        )
    labels = Table("label", "precision", "recall", "F1", "support", box=None, pad_edge=False)
    for label, own in evaluation.per_label.items():
        labels.add_row(label, *(f"{x:.3f}" for x in (own.precision, own.recall, own.f1)), str(own.support))
    confusion = Table("true \\ predicted", *evaluation.confusion, box=None, pad_edge=False)
    for label, row in evaluation.confusion.items():
        confusion.add_row(label, *(str(row[other]) for other in evaluation.confusion))
    calibration = Text(f"expected calibration error {evaluation.ece:.3f}")
    signature = Text(" ".join(f"{key}:{_short(value)}" for key, value in evaluation.signature.items()), style="dim")
    gap = Text("")
    return [scores, gap, labels, gap, confusion, gap, calibration, signature]


def article_table(evaluation: ArticleEvaluation) -> Table:
    """The scores on gold articles, for a terminal."""
    table = Table(
        "", "value", "95 % interval", title=f"{evaluation.n} articles", title_justify="left", box=None, pad_edge=False
    )
    for name, figure in evaluation.figures.items():
        table.add_row(name, f"{figure.value:.3f}", f"[{figure.low:.3f}, {figure.high:.3f}]")
    counts = ", ".join(f"{count} {name}" for name, count in evaluation.counts.items())
    signature = " ".join(f"{key}:{_short(value)}" for key, value in evaluation.signature.items())
    table.caption = Text(f"{counts}\n{signature}", style="dim")
    table.caption_justify = "left"
    return table


def audit_tables(audit: Audit, examples: int) -> Iterator[Table | Text]:
    """The results of an audit, for a terminal, with some failures of each test."""
    table = Table("test", "cases", "passed", "rate", "what", box=None, pad_edge=False)
    for result in audit.results:
        table.add_row(result.test, str(result.n), str(result.passed), f"{result.rate:.1%}", TESTS[result.test])
    yield table
    for title, rates in (("kind of source", audit.by_kind), ("region", audit.by_region)):
        yield Text("")
        own = Table(title, "rate", box=None, pad_edge=False)
        for name, rate in rates.items():
            own.add_row(Text(name), f"{rate:.1%}")
        yield own
    for result in audit.results:
        for failure in result.failures[:examples]:
            texts = (failure.case.first.text, failure.case.second.text)
            yield Text(f"\n{failure.case.id}", style="bold")
            for text, expected, answer in zip(texts, failure.case.expected, failure.answers, strict=True):
                yield Text(f"  {text}\n    expected {expected}, answered {answer.label}")


def actor_dict(record: ActorRecord) -> dict[str, Any]:
    """The JSON object of an actor of the registry; empty fields are left out."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(record).items() if value}


def actor_table(records: Sequence[ActorRecord]) -> Table:
    """Actors of the registry, for a terminal."""
    table = Table("id", "name", "kind", "code", "other names", box=None, pad_edge=False)
    for record in records:
        others = [string for string, role in record.strings() if role != "name"]
        table.add_row(
            Text(record.id),
            Text(record.name),
            record.kind,
            Text(record.code or ""),
            Text(shorten(", ".join(others), 60)),
        )
    table.caption = Text(f"{len(records)} actors", style="dim")
    return table


def meaning_dict(meaning: Meaning) -> dict[str, Any]:
    """The JSON object of what a string stands for."""
    person = meaning.person
    return {
        "string": meaning.string,
        "actor": actor_dict(meaning.record) if meaning.record else None,
        "person": meaning.agent.name if meaning.agent else meaning.actor.name if person and meaning.actor else None,
        "acts_for": meaning.actor.id if meaning.agent and meaning.actor else None,
        "role": meaning.role,
        "offices": [office._asdict() for office in person.offices] if person else [],
        "readings": [
            {"actor": reading.actor.id if reading.actor else None, "cues": list(reading.cues)}
            for reading in meaning.readings
        ],
    }


def meaning_lines(meaning: Meaning) -> Iterator[Text]:
    """What a string stands for, for a terminal."""
    actor, person = meaning.actor, meaning.person
    if actor is None:
        yield Text(f"{meaning.string}: muted, no mention of an actor")
        return
    if meaning.agent:
        yield Text(f"{meaning.agent.name} acts for {actor.name} ({actor.id})")
    else:
        yield Text(
            f"{actor.name} ({actor.id}), {actor.kind}"
            + (f", code {meaning.record.code}" if meaning.record and meaning.record.code else "")
        )
    for office in person.offices if person else ():
        yield Text(f"  {office.title} of {office.of}, {office.start or '?'} to {office.end or 'now'}")
    for reading in meaning.readings:
        yield Text(
            f"  {reading.actor.name if reading.actor else 'no actor'}, where the text has {', '.join(reading.cues)}"
        )
    if meaning.record and not person:
        for role in ("aliases", "adjectives", "demonyms", "seats", "leaders"):
            if names := getattr(meaning.record, role):
                yield Text(f"  {role}: {', '.join(names)}")


def _short(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)[:12]


def explanation_table(explanation: Explanation, top: int) -> Table:
    """The terms that moved a decision most, and the sums, for a terminal."""
    labels = list(explanation.scores)
    table = Table("term", "TF-IDF", *labels, box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"

    def row(name: str, value: str, scores: Mapping[str, float], style: str | None = None) -> None:
        table.add_row(Text(name), value, *(f"{scores[label]:+.3f}" for label in labels), style=style)

    for contribution in explanation.contributions[:top]:
        row(contribution.term, f"{contribution.value:.3f}", contribution.scores)
    rest = explanation.contributions[top:]
    if rest:
        row(f"{len(rest)} further terms", "", {label: sum(c.scores[label] for c in rest) for label in labels})
    row("intercept", "", explanation.intercepts)
    row("score", "", explanation.scores, style="bold")
    row("probability", "", explanation.answer.probabilities, style="bold")
    return table
