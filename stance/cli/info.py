"""``stance info``"""

from __future__ import annotations

from typing import Annotated

import typer

from stance.cli.options import TableFormat, TrustOption, console, wants_json


def register(app: typer.Typer) -> None:
    app.command()(info)


def info(
    model: Annotated[
        str, typer.Argument(help="A model folder, or the name of a model that comes with the package.")
    ] = "stance-en",
    format: Annotated[
        TableFormat | None, typer.Option("--format", "-f", help="Default: the card on a terminal, json elsewhere.")
    ] = None,
    trust_joblib: TrustOption = False,
) -> None:
    """Say what a model is: card, labels, counts, hashes, versions."""
    from stance.model import load
    from stance.report import to_json

    loaded = load(model, trusted=trust_joblib)
    if wants_json(format):
        print(to_json(loaded.describe()))
        return
    screen = console()
    if loaded.card:
        from rich.markdown import Markdown

        screen.print(Markdown(loaded.card))
    else:
        screen.print(to_json(loaded.describe()), markup=False)
