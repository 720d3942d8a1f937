"""``stance evaluate``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.cli.options import (
    ActorsOption,
    LabelsOption,
    SeedOption,
    TableFormat,
    TaskModelOption,
    TaskOption,
    TrustOption,
    console,
    read_labels,
    wants_json,
)


def register(app: typer.Typer) -> None:
    app.command()(evaluate)


def evaluate(
    data: Annotated[
        list[Path],
        typer.Argument(metavar="DATA", help="Labelled pairs: JSONL, CSV or TSV; gold articles with --articles."),
    ],
    articles: Annotated[
        bool, typer.Option("--articles", help="DATA are gold articles: score mentions, actors and dyads.")
    ] = False,
    quad: Annotated[bool, typer.Option("--quad", help="Score the four quad classes of CAMEO and PLOVER.")] = False,
    actors: ActorsOption = None,
    reference: Annotated[
        bool, typer.Option("--reference/--no-reference", help="In articles, link nouns and pronouns to actors.")
    ] = True,
    model: TaskModelOption = None,
    task: TaskOption = None,
    labels: LabelsOption = None,
    format: Annotated[
        TableFormat | None, typer.Option("--format", "-f", help="Default: table on a terminal, json elsewhere.")
    ] = None,
    seed: SeedOption = 0,
    trust_joblib: TrustOption = False,
) -> None:
    """Score a model on labelled pairs, beside two baselines, or on whole gold articles."""
    from stance import report
    from stance.article_evaluation import evaluate_articles
    from stance.corpus import read_corpus
    from stance.evaluation import evaluate as score
    from stance.evaluation import evaluate_quads
    from stance.gold import read_articles
    from stance.model import DEFAULT_MODEL, SHIPPED, load

    if articles:
        loaded = load(model or DEFAULT_MODEL, actors=actors, trusted=trust_joblib)
        scores = evaluate_articles(loaded, read_articles(data), seed, reference=reference)
        if wants_json(format):
            print(report.to_json(scores.to_dict()))
        else:
            console().print(report.article_table(scores))
        return
    corpus = read_corpus(data, task, strict=False)
    loaded = load(model or SHIPPED[corpus.task], trusted=trust_joblib)
    names = read_labels(labels, loaded.labels)
    evaluation = evaluate_quads(loaded, corpus, seed) if quad else score(loaded, corpus, names, seed)
    if wants_json(format):
        print(report.to_json(evaluation.to_dict()))
        return
    screen = console()
    for part in report.evaluation_tables(evaluation):
        screen.print(part)
