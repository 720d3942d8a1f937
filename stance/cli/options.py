"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 120


class TableFormat(StrEnum):
    """How to print one result."""

    table = "table"
    json = "json"


class Task(StrEnum):
    """What a model can be asked."""

    stance = "stance"
    sentiment = "sentiment"


ModelOption = Annotated[
    str, typer.Option("--model", "-m", help="A model folder, or the name of a model that comes with the package.")
]
TaskModelOption = Annotated[
    str | None,
    typer.Option(
        "--model", "-m", help="A model folder, or the name of a shipped model. Default: the shipped one for the task."
    ),
]
TaskOption = Annotated[
    Task | None, typer.Option("--task", help="What the rows are about. Default: sentiment where they have no source.")
]
TrustOption = Annotated[
    bool, typer.Option("--trust-joblib", help="Load a .joblib model, although that can run any code it holds.")
]
LabelsOption = Annotated[
    str | None,
    typer.Option("--labels", metavar="A,B", help="Choose among these labels only, such as cooperative,opposed."),
]
ActorsOption = Annotated[
    Path | None,
    typer.Option(
        "--actors", help="Your own actors (TOML, JSON, CSV or PETRARCH), added to the registry or overriding it."
    ),
]
DateOption = Annotated[
    str | None,
    typer.Option(
        "--date", metavar="YYYY-MM-DD", help="When the texts were written: persons act for what they are then."
    ),
]
SeedOption = Annotated[int, typer.Option("--seed", help="Seed of everything random.")]


def read_date(value: str | None) -> str | None:
    """A date of an option; a usage error for what is none."""
    from stance.registry import iso_date

    if value is not None and (not re.fullmatch(r"[\d-]{4,10}", value) or iso_date(value) is None):
        raise typer.BadParameter(f"{value!r} is not YYYY-MM-DD, YYYY-MM or YYYY", param_hint="--date")
    return value


def wants_json(format: TableFormat | None) -> bool:
    """Whether to print JSON: as asked for, and otherwise wherever there is no terminal."""
    return format is TableFormat.json or (format is None and not sys.stdout.isatty())


def read_labels(value: str | None, known: Sequence[str]) -> tuple[str, ...] | None:
    """Labels of an option; a usage error for one that the model does not know."""
    if value is None:
        return None
    labels = tuple(dict.fromkeys(label.strip() for label in value.split(",")))
    unknown = [label for label in labels if label not in known]
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}: the labels are {', '.join(known)}", param_hint="--labels")
    return labels


def read_pair(value: str) -> tuple[str, str]:
    """Source and target of ``SOURCE:TARGET``; a usage error for anything else."""
    source, colon, target = value.partition(":")
    if not (colon and source.strip() and target.strip()):
        raise typer.BadParameter(f"{value!r} is not SOURCE:TARGET", param_hint="--pair")
    return source.strip(), target.strip()


def console(file: TextIO | None = None) -> Console:
    """A console for tables: as wide as the terminal, or wide enough to be read in a file."""
    from rich.console import Console

    file = file or sys.stdout
    return Console(file=file, width=None if file.isatty() else PIPED_WIDTH, highlight=False, soft_wrap=False)
