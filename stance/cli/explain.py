"""``stance explain``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.cli.options import ActorsOption, ModelOption, TableFormat, TrustOption, console, read_pair, wants_json


def register(app: typer.Typer) -> None:
    app.command()(explain)


def explain(
    input: Annotated[str, typer.Argument(help="A text, with --pair; or a file of pairs, as for classify.")],
    pair: Annotated[
        str | None, typer.Option("--pair", metavar="SOURCE:TARGET", help="The actors to explain in a text.")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, help="Terms to show in a table.")] = 15,
    format: Annotated[
        TableFormat | None, typer.Option("--format", "-f", help="Default: table on a terminal, json elsewhere.")
    ] = None,
    model: ModelOption = "stance-en",
    actors: ActorsOption = None,
    trust_joblib: TrustOption = False,
) -> None:
    """Show the terms that moved a decision.

    Contributions and intercept sum to the score of each label; JSON gives all of them.
    """
    from stance import report
    from stance.model import load

    names = read_pair(pair) if pair else None
    loaded = load(model, actors=actors, trusted=trust_joblib)
    explained = _of_text(loaded, input, *names) if names else _of_pairs(loaded, Path(input))
    if wants_json(format):
        print(report.to_json([value.to_dict() for _, value in explained]))
        return
    screen = console()
    for text, value in explained:
        screen.print(text, style="bold", markup=False)
        screen.print(report.explanation_table(getattr(value, "explanation", value), top))
        screen.print()


def _of_text(loaded, name: str, source: str, target: str) -> list:
    from stance.documents import read_one

    found = loaded.explain_text(read_one(name).text, source, target)
    if not found:
        typer.echo(f"stance: no sentence mentions both {source} and {target}", err=True)
    return [(passage.text, passage) for passage in found]


def _of_pairs(loaded, path: Path) -> list:
    from stance.corpus import read_pairs

    return [(pair.text, loaded.explain(pair)) for pair in read_pairs(path)]
