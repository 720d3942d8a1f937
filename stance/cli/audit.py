"""``stance audit``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.cli.options import TableFormat, TaskModelOption, TaskOption, TrustOption, console, wants_json


def register(app: typer.Typer) -> None:
    app.command()(audit)


def audit(
    cases: Annotated[
        list[Path] | None, typer.Argument(metavar="CASES", help="Files or folders of cases; default: those shipped.")
    ] = None,
    model: TaskModelOption = None,
    task: TaskOption = None,
    examples: Annotated[int, typer.Option("--examples", min=0, help="Failures to show of each test.")] = 3,
    format: Annotated[
        TableFormat | None, typer.Option("--format", "-f", help="Default: table on a terminal, json elsewhere.")
    ] = None,
    trust_joblib: TrustOption = False,
) -> None:
    """Try how a model behaves when one thing changes: names, direction, voice, negation, attribution ..."""
    from stance import report
    from stance.audit import audit as run
    from stance.audit import locate_cases, read_cases
    from stance.model import SHIPPED, load

    loaded = load(model, trusted=trust_joblib) if model else None
    read = read_cases(cases or [locate_cases(task or (loaded.task if loaded else "stance"))], task)
    found = run(loaded or load(SHIPPED[read[0].task]), read)
    if wants_json(format):
        print(report.to_json(found.to_dict()))
        return
    screen = console()
    for part in report.audit_tables(found, examples):
        screen.print(part)
