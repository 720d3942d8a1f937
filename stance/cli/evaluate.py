"""``stance evaluate``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.cli.options import (
    LabelsOption,
    ModelOption,
    SeedOption,
    TableFormat,
    TrustOption,
    console,
    read_labels,
    wants_json,
)


def register(app: typer.Typer) -> None:
    app.command()(evaluate)


def evaluate(
    data: Annotated[list[Path], typer.Argument(metavar="DATA", help="Labelled pairs: JSONL, CSV or TSV.")],
    model: ModelOption = "stance-en",
    labels: LabelsOption = None,
    format: Annotated[
        TableFormat | None, typer.Option("--format", "-f", help="Default: table on a terminal, json elsewhere.")
    ] = None,
    seed: SeedOption = 0,
    trust_joblib: TrustOption = False,
) -> None:
    """Score a model on labelled pairs, beside two baselines."""
    from stance import report
    from stance.corpus import read_corpus
    from stance.evaluation import evaluate as score
    from stance.model import load

    loaded = load(model, trusted=trust_joblib)
    names = read_labels(labels, loaded.labels)
    corpus = read_corpus(data, strict=False)
    evaluation = score(loaded, corpus, names, seed)
    if wants_json(format):
        print(report.to_json(evaluation.to_dict()))
        return
    screen = console()
    for part in report.evaluation_tables(evaluation):
        screen.print(part)
