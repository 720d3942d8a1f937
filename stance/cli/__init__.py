"""The command line: parse options, call the library once, print."""

from __future__ import annotations

import sys

import typer

from stance.cli import actors, audit, classify, evaluate, explain, info, predict, train
from stance.errors import StanceError

app = typer.Typer(
    name="stance",
    help="Who stands where toward whom: directed stance between the actors of a news text.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (predict, explain, classify, evaluate, audit, train, info, actors):
    module.register(app)


@app.callback(invoke_without_command=True)
def _root(version: bool = typer.Option(False, "--version", help="Print the version and exit.")) -> None:
    if version:
        from stance import __version__

        typer.echo(__version__)
        raise typer.Exit


def main() -> None:
    """Run the command line; data that cannot be used is one message and exit status 1."""
    try:
        app()
    except StanceError as error:
        typer.echo(f"stance: {error}", err=True)
        sys.exit(1)
