from __future__ import annotations

import json
from pathlib import Path

import pytest

import stance
from stance.registry import Registry, load_registry
from stance.training import TrainingResult

DATA = Path(__file__).parent.parent / "data" / "stance.jsonl"


@pytest.fixture(scope="session")
def model() -> stance.StanceModel:
    """The shipped model; read only."""
    return stance.load()


@pytest.fixture(scope="session")
def shipped() -> Registry:
    """The shipped registry; read only."""
    return load_registry()


@pytest.fixture(scope="session")
def small_rows() -> list[dict]:
    """The first rows of the training data, in whole articles."""
    with DATA.open(encoding="utf-8") as lines:
        rows = [json.loads(next(lines)) for _ in range(400)]
    return [row for row in rows if row["article"] != rows[-1]["article"]]


@pytest.fixture
def pairs_file(tmp_path):
    """Writes rows as JSONL: ``pairs_file(rows)`` or ``pairs_file(rows, "name.jsonl")`` gives the path."""

    def write(rows: list[dict], name: str = "pairs.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def trained(small_rows, tmp_path_factory) -> TrainingResult:
    """A small model that carries its training data; read only, copy its folder to change it."""
    folder = tmp_path_factory.mktemp("trained")
    data = folder / "data.jsonl"
    data.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in small_rows), encoding="utf-8")
    return stance.train([data], folder / "small", carry_data=True, seed=7)
