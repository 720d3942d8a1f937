#!/usr/bin/env python3
"""Write docs/cli.md from the commands' --help, or check that it is current.

python scripts/cli_reference.py [--check]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from typer.main import get_command
from typer.testing import CliRunner

from stance.cli import app

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "cli.md"
WIDTH = 100


def reference() -> str:
    """The help of every command, in Markdown."""
    runner = CliRunner(env={"COLUMNS": str(WIDTH), "TERMINAL_WIDTH": str(WIDTH), "NO_COLOR": "1"})
    parts = ["# Command line\n\nWritten by `scripts/cli_reference.py` from `--help`.\n"]
    group = get_command(app).commands["actors"]
    for command in ("", *get_command(app).commands, *(f"actors {name}" for name in group.commands)):
        arguments = [*command.split(), "--help"]
        output = runner.invoke(app, arguments, prog_name="stance").output
        text = "\n".join(line.rstrip() for line in output.strip().splitlines())
        parts.append(f"## `stance {command}`\n".replace(" `\n", "`\n") + f"\n```text\n{text}\n```\n")
    return "\n".join(parts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say whether docs/cli.md is current")
    check = parser.parse_args().check
    text = reference()
    if check:
        current = REFERENCE.is_file() and REFERENCE.read_text(encoding="utf-8") == text
        print(f"{REFERENCE} is {'current' if current else 'not what --help says now'}")
        return 0 if current else 1
    REFERENCE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
