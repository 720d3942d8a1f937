"""``stance actors``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.cli.options import ActorsOption, DateOption, TableFormat, console, read_date, wants_json

FormatOption = Annotated[
    TableFormat | None, typer.Option("--format", "-f", help="Default: table on a terminal, json elsewhere.")
]


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help="Look into the registry of actors, and make or check a file of your own.", no_args_is_help=True
    )
    group.command("list")(list_actors)
    group.command()(show)
    group.command()(suggest)
    group.command()(check)
    app.add_typer(group, name="actors", rich_help_panel=None)


def list_actors(
    search: Annotated[str, typer.Argument(help="Only actors that have this in a name or id.")] = "",
    kind: Annotated[str | None, typer.Option("--kind", help="Only this kind, such as armed_group.")] = None,
    actors: ActorsOption = None,
    format: FormatOption = None,
) -> None:
    """List the actors that are known by name."""
    from stance import report
    from stance.records import KINDS

    if kind is not None and kind not in KINDS:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(KINDS)}", param_hint="--kind")
    wanted = search.casefold()
    found = [
        record
        for record in _registry(actors).records.values()
        if (kind is None or record.kind == kind)
        and (wanted in record.id.casefold() or any(wanted in string.casefold() for string, _ in record.strings()))
    ]
    if wants_json(format):
        print(report.to_json([report.actor_dict(record) for record in found]))
    else:
        console().print(report.actor_table(found))


def show(
    name: Annotated[str, typer.Argument(help="A string as it stands in a text: a name, an alias, a person.")],
    date: DateOption = None,
    actors: ActorsOption = None,
    format: FormatOption = None,
) -> None:
    """Say whom a string stands for, on a date or without one."""
    from stance import report

    registry = _registry(actors)
    meaning = registry.meaning(name, read_date(date))
    if wants_json(format):
        print(report.to_json(report.meaning_dict(meaning)))
    else:
        for line in report.meaning_lines(meaning):
            console().print(line)


def suggest(
    corpus: Annotated[list[str], typer.Argument(metavar="CORPUS", help="Texts, as for predict.")],
    actors: ActorsOption = None,
    min_mentions: Annotated[int, typer.Option("--min-mentions", min=1, help="In all texts together.")] = 3,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
) -> None:
    """Write an actors file of the frequent names that the registry lacks, to be edited."""
    from stance.documents import read_documents
    from stance.errors import DocumentError, StanceError
    from stance.suggestions import as_toml
    from stance.suggestions import suggest as find

    failed = False

    def report(error: DocumentError) -> None:
        nonlocal failed
        failed = True
        typer.echo(f"stance: {error}", err=True)

    found = find(read_documents(corpus, report), _registry(actors), min_mentions)
    text = as_toml(found)
    if output is None:
        print(text)
    else:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise StanceError(f"{output}: cannot be written: {error.strerror}") from None
        typer.echo(f"{len(found)} names written to {output}", err=True)
    if failed:
        raise typer.Exit(1)


def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An actors file: TOML, JSON, CSV or PETRARCH.")],
) -> None:
    """Check an actors file: every problem with its line, and the names that it takes from other actors."""
    from stance.actor_files import claimed_twice, extended, read_actors
    from stance.registry import load_registry

    found = read_actors(file)
    registry = load_registry()
    extended(registry, found)
    for string, actor, other in claimed_twice(found, registry):
        typer.echo(f"{file}:{found.lines.get(actor, 1)}: {string!r} is taken from {other}, for {actor}")
    counts = {
        "new or overridden": len(found.records), "added to": len(found.additions), "merged": len(found.merges),
        "muted": len(found.removed) + len(found.muted), "persons": len(found.persons),
    }  # fmt: skip
    typer.echo(f"{file}: sound; " + ", ".join(f"{count} {name}" for name, count in counts.items()))


def _registry(actors: Path | None):
    from stance.actor_files import extended, read_actors
    from stance.registry import load_registry

    registry = load_registry()
    return extended(registry, read_actors(actors)) if actors else registry
