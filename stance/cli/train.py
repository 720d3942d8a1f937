"""``stance train``"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.options import SeedOption, TaskOption, console

if TYPE_CHECKING:
    from rich.progress import TaskID

    from stance.training import Progress


def register(app: typer.Typer) -> None:
    app.command()(train)


def train(
    data: Annotated[list[Path], typer.Argument(metavar="DATA", help="Labelled pairs: JSONL, CSV or TSV.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The model folder to write.")],
    base: Annotated[
        str | None,
        typer.Option(
            "--base", help="Learn from this too: a model that carries its data, such as stance-en, or a data file."
        ),
    ] = None,
    task: TaskOption = None,
    carry_data: Annotated[
        bool, typer.Option("--carry-data", help="Put the training data into the model, so that it can be a base.")
    ] = False,
    seed: SeedOption = 0,
) -> None:
    """Train a model of stance, or of sentiment where the data has no sources, on labelled pairs.

    Settings are chosen, probabilities calibrated and scores measured in grouped cross-validation.
    Where anything is wrong with the data, all of it is listed and nothing is trained.
    """
    from stance import report
    from stance.training import train as fit

    with _progress() as progress:
        result = fit(data, output, base=base, task=task, carry_data=carry_data, seed=seed, progress=progress)
    screen = console()
    for part in report.evaluation_tables(result.evaluation):
        screen.print(part)
    chosen = ", ".join(f"{key} {result.model.manifest['parameters'][key]}" for key in ("C", "base_weight"))
    screen.print(
        f"\nScores are from cross-validation. Chosen: {chosen}.\nWrote {result.path} with its card README.md.",
        markup=False,
    )


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar for each step on a terminal, a line for each step elsewhere."""
    if not sys.stderr.isatty():
        steps: set[str] = set()

        def tell(step: str, _done: int, _total: int) -> None:
            if step not in steps:
                steps.add(step)
                typer.echo(f"{step} ...", err=True)

        yield tell
        return
    from rich.progress import Progress as Bars

    with Bars(console=console(sys.stderr), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int, total: int) -> None:
            for name, task in tasks.items():
                if name != step:
                    bars.update(task, visible=False)
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        yield show
