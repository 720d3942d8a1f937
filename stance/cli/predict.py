"""``stance predict``"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from stance.cli.options import ActorsOption, DateOption, ModelOption, TrustOption, console, read_date, read_pair

if TYPE_CHECKING:
    from stance.errors import DocumentError
    from stance.model import StanceModel
    from stance.records import ArticleStance


class Format(StrEnum):
    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"


def register(app: typer.Typer) -> None:
    app.command()(predict)


def predict(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            help="Text, Markdown, HTML or JSONL files, folders, glob patterns, or - for standard input.",
        ),
    ],
    format: Annotated[
        Format | None, typer.Option("--format", "-f", help="Default: table on a terminal, json elsewhere.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
    model: ModelOption = "stance-en",
    actors: ActorsOption = None,
    pair: Annotated[
        list[str] | None, typer.Option("--pair", metavar="SOURCE:TARGET", help="Only this dyad; may be repeated.")
    ] = None,
    min_probability: Annotated[
        float, typer.Option("--min-probability", min=0, max=1, help="Leave out dyads that are less certain.")
    ] = 0.0,
    date: DateOption = None,
    reference: Annotated[
        bool, typer.Option("--reference/--no-reference", help="Link 'the group', 'it' and 'he' to the actors meant.")
    ] = True,
    ner: Annotated[
        str | None,
        typer.Option(
            "--ner", metavar="PIPELINE", help="Find further names with spaCy: 'spacy', or the name of a pipeline."
        ),
    ] = None,
    sentiment: Annotated[
        bool, typer.Option("--sentiment/--no-sentiment", help="Say how the text portrays each actor.")
    ] = True,
    sentiment_model: Annotated[
        str, typer.Option("--sentiment-model", help="The model for that: a folder, or the name of a shipped one.")
    ] = "sentiment-en",
    all: Annotated[bool, typer.Option("--all", help="Show neutral dyads too.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Processes; -1 for one a processor.")] = 1,
    trust_joblib: TrustOption = False,
) -> None:
    """Say who stands where toward whom in texts.

    What cannot be read is reported and skipped; the exit status is then 1.
    """
    from stance.documents import read_documents
    from stance.model import load
    from stance.ner import load_ner

    wanted = [read_pair(value) for value in pair or ()]
    written = read_date(date)
    loaded = load(model, actors=actors, sentiment=sentiment_model, trusted=trust_joblib)
    names = None if ner is None else load_ner(ner)
    failed = False

    def report(error: DocumentError) -> None:
        nonlocal failed
        failed = True
        typer.echo(f"stance: {error}", err=True)

    documents = _watched(read_documents(inputs, report))
    if written:
        documents = (replace(document, date=written) for document in documents)
    results = loaded.predict_many(documents, jobs, reference=reference, ner=names, sentiment=sentiment)
    selected = (
        result.select(_ids(wanted, result, loaded, written), min_probability, neutral=all) for result in results
    )
    chosen = format or (Format.table if output is None and sys.stdout.isatty() else Format.json)
    with _open(output) if output else nullcontext(sys.stdout) as file:
        _print(selected, chosen, file)
    if failed:
        raise typer.Exit(1)


def _ids(
    wanted: list[tuple[str, str]], result: ArticleStance, model: StanceModel, date: str | None
) -> set[tuple[str, str]] | None:
    """Ids of the pairs asked for; a name may be one that only the article knows."""
    parties = [found for found in result.actors if not found.acts_for]
    by_name = {name.casefold(): found.id for found in parties for name in (found.id, found.name)}

    def resolve(name: str) -> str:
        return by_name.get(name.casefold()) or model.registry.resolve(name, date).id

    return {(resolve(source), resolve(target)) for source, target in wanted} or None


def _open(path: Path) -> TextIO:
    from stance.errors import StanceError

    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise StanceError(f"{path}: cannot be written: {error.strerror}") from None


def _watched(documents: Iterable) -> Iterator:
    """Count articles on a terminal, where there are many."""
    if not sys.stderr.isatty():
        yield from documents
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed} articles"), TimeElapsedColumn())
    with Progress(*columns, console=console(sys.stderr), transient=True) as progress:
        task = progress.add_task("predict", total=None)
        for document in documents:
            yield document
            progress.advance(task)


def _print(results: Iterator[ArticleStance], format: Format, file: TextIO) -> None:
    from stance import report

    if format is Format.table:
        screen = console(file)
        for number, result in enumerate(results):
            if number:
                screen.print()
            screen.print(report.dyad_table(result, screen.width) if result.dyads else report.nothing_found(result))
            if portrayed := report.sentiment_table(result, screen.width):
                screen.print()
                screen.print(portrayed)
    elif format is Format.csv:
        rows = (row for result in results for row in report.dyad_rows(result))
        for line in report.csv_lines(chain([report.CSV_COLUMNS], rows)):
            print(line, file=file)
    elif format is Format.jsonl:
        for result in results:
            print(report.to_json_line(result.to_dict()), file=file)
    else:
        for part in report.json_parts(result.to_dict() for result in results):
            print(part, file=file)
