"""``stance explain``"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.options import (
    ActorsOption,
    TableFormat,
    TaskModelOption,
    TaskOption,
    TrustOption,
    console,
    read_pair,
    wants_json,
)

if TYPE_CHECKING:
    from stance.model import StanceModel


def register(app: typer.Typer) -> None:
    app.command()(explain)


def explain(
    input: Annotated[str, typer.Argument(help="A text, with --pair or --actor; or a file of pairs, as for classify.")],
    pair: Annotated[
        str | None,
        typer.Option("--pair", metavar="SOURCE:TARGET", help="The actors to explain in a text."),
    ] = None,
    actor: Annotated[str | None, typer.Option("--actor", help="The actor to explain in a text.")] = None,
    top: Annotated[int, typer.Option("--top", min=1, help="Terms to show in a table.")] = 15,
    format: Annotated[
        TableFormat | None, typer.Option("--format", "-f", help="Default: table on a terminal, json elsewhere.")
    ] = None,
    model: TaskModelOption = None,
    task: TaskOption = None,
    actors: ActorsOption = None,
    trust_joblib: TrustOption = False,
) -> None:
    """Show the terms that moved a decision.

    Contributions and intercept sum to the score of each label; JSON gives all of them.
    """
    from stance import report
    from stance.corpus import read_pairs
    from stance.model import SHIPPED, load

    if pair and actor:
        raise typer.BadParameter("--pair asks for a stance, and --actor for a portrayal: give one of them")

    def loaded(asked: str) -> StanceModel:
        return load(model or SHIPPED[asked], actors=actors, trusted=trust_joblib)

    if pair:
        explained = _of_text(loaded("stance"), input, *read_pair(pair))
    elif actor:
        explained = _of_text(loaded("sentiment"), input, actor)
    else:
        pairs = read_pairs(Path(input), task)
        asking = loaded(pairs[0].task if pairs else "stance")
        if pairs:
            asking.require(pairs[0].task)
        explained = [(one.text, asking.explain(one)) for one in pairs]
    if wants_json(format):
        print(report.to_json([value.to_dict() for _, value in explained]))
        return
    screen = console()
    for text, value in explained:
        screen.print(text, style="bold", markup=False)
        screen.print(report.explanation_table(getattr(value, "explanation", value), top))
        screen.print()


def _of_text(loaded: StanceModel, name: str, *actors: str) -> list:
    from stance.documents import read_one

    found = loaded.explain_text(read_one(name).text, *actors)
    if not found:
        typer.echo(f"stance: no sentence mentions {'both ' if len(actors) > 1 else ''}{' and '.join(actors)}", err=True)
    return [(passage.text, passage) for passage in found]
