"""``stance classify``"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from stance.cli.options import LabelsOption, TaskModelOption, TaskOption, TrustOption, read_labels

_CHUNK = 500  # rows whose pairs are scored at once


def register(app: typer.Typer) -> None:
    app.command()(classify)


def classify(
    pairs: Annotated[
        Path,
        typer.Argument(
            help="JSONL, CSV or TSV with text, source and target (no source for sentiment); labels are not needed."
        ),
    ],
    model: TaskModelOption = None,
    task: TaskOption = None,
    labels: LabelsOption = None,
    trust_joblib: TrustOption = False,
) -> None:
    """Label given pairs: one JSON line for each row, in order.

    A row that cannot be used gets a line with an error; the exit status is then 1.
    """
    from stance.corpus import of_one_task, read_rows
    from stance.model import SHIPPED, load
    from stance.report import to_json_line

    asked, rows = of_one_task(read_rows(pairs), task)
    loaded = load(model or SHIPPED[asked], trusted=trust_joblib)
    loaded.require(asked)
    names = read_labels(labels, loaded.labels)
    failed = False
    while chunk := [*islice(rows, _CHUNK)]:
        answers = iter(loaded.classify([row.pair for row in chunk if row.pair], names))
        for row in chunk:
            if row.pair:
                print(to_json_line(next(answers).to_dict()))
            else:
                failed = True
                identifier = row.value.get("id") if row.value else None
                print(to_json_line({"id": identifier, "error": f"{row.place}: {row.error}"}))
    if failed:
        raise typer.Exit(1)
