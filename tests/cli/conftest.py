from __future__ import annotations

import io
import sys
from dataclasses import dataclass

import pytest

from stance.cli import main

ACTORS = """
[[actor]]
id = "norvik"
name = "Norvik"
kind = "state"

[[actor]]
id = "harrow"
name = "Harrow League"
kind = "organisation"

[[actor]]
id = "sarn"
name = "Sarn Front"
kind = "armed_group"
"""


@dataclass(frozen=True)
class Run:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs ``stance`` as the shell would: ``run("predict", path)``; ``tty`` makes standard output a terminal."""

    def call(*arguments, stdin: str = "", tty: bool = False) -> Run:
        monkeypatch.setattr(sys, "argv", ["stance", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        monkeypatch.setattr(sys.stdout, "isatty", lambda: tty)
        for name, value in {"TERM": "dumb", "COLUMNS": "140", "LINES": "50"}.items():
            monkeypatch.setenv(name, value)
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code or 0
        return Run(code, *capsys.readouterr())

    return call


@pytest.fixture
def actors(tmp_path):
    """A file with three invented actors, apart from the inputs."""
    path = tmp_path / "own-actors" / "actors.toml"
    path.parent.mkdir()
    path.write_text(ACTORS)
    return path
