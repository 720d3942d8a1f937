#!/usr/bin/env python3
"""Write the figures and outputs in README.md, between their marks.

    python scripts/benchmark.py
    python scripts/figures.py [--sets FILE...]

Cross-validation scores come from the shipped models' manifests, speed from benchmark.json, the example's
table from running it. ``--sets`` are labelled pairs that the models have never seen; each is scored by the model for
its task, once with all labels and, where it is about stance, once with cooperative and opposed alone. Without
``--sets`` their table stays as it is.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import stance
from stance.article_evaluation import FIGURES, evaluate_articles
from stance.audit import TESTS, audit, locate_cases, read_cases
from stance.evaluation import evaluate_quads
from stance.gold import read_articles
from stance.model import SHIPPED
from stance.records import SIDES

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
EXAMPLE = "data/examples/river_dam.txt"
Models = Mapping[str, stance.StanceModel]
"""The shipped models, by task."""


def replace(text: str, name: str, content: str) -> str:
    """Put content between the marks called ``name``."""
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, mark, rest = text.partition(begin)
    _, closing, after = rest.partition(end)
    if not (mark and closing):
        raise SystemExit(f"{README}: no marks for {name}")
    return before + begin + content + end + after


def example() -> str:
    """What the README's first command prints."""
    command = [sys.executable, "-m", "stance", "predict", EXAMPLE, "--format", "table"]
    output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    return "```text\n" + "\n".join(line.rstrip() for line in output.rstrip().splitlines()) + "\n```\n"


def row(name: str, n: int, scores: dict) -> str:
    low, high = scores["ci"]["macro_f1"]
    others = [f"{scores['baselines'][key]['macro_f1']:.3f}" for key in ("majority", "lexicon")]
    return f"| {name} | {n:,} | **{scores['macro_f1']:.3f}** ({low:.3f} to {high:.3f}) | {' | '.join(others)} |\n"


HEAD = (
    "| data | pairs | macro-F1 (95 % interval) | always the commonest label | sentiment lexicon |\n"
    "| --- | ---: | --- | ---: | ---: |\n"
)


def cross_validation(models: Models) -> str:
    return HEAD + "".join(
        row(f"our corpus, {task}, held-back folds", model.manifest["scores"]["n"], model.manifest["scores"])
        for task, model in models.items()
    )


def unseen(models: Models, sets: Sequence[Path]) -> str:
    rows = []
    for path in sets:
        corpus = stance.read_corpus([path], strict=False)
        seen = tuple(sorted({labelled.label for labelled in corpus.pairs}))
        for labels in dict.fromkeys((seen, SIDES[corpus.task] if corpus.task == "stance" else seen)):
            scores = stance.evaluate(models[corpus.task], corpus, labels).to_dict()
            rows.append(row(f"`{path.stem}`, {len(labels)} labels", scores["n"], scores))
    return HEAD + "".join(rows)


def quads(model: stance.StanceModel, sets: Sequence[Path]) -> str:
    rows = []
    for path in sets:
        corpus = stance.read_corpus([path], strict=False)
        if any(labelled.quad for labelled in corpus.pairs):
            scores = evaluate_quads(model, corpus).to_dict()
            rows.append(row(f"`{path.stem}`, 4 quad classes", scores["n"], scores))
    return "".join(rows)


def articles(model: stance.StanceModel) -> str:
    found = {
        split: evaluate_articles(model, read_articles([ROOT / "data" / "articles" / split]))
        for split in ("dev", "test")
    }
    lines = [f"| | {' | '.join(f'{split} ({scores.n})' for split, scores in found.items())} |\n| --- | --- | --- |\n"]
    for name in FIGURES:
        cells = (scores.figures[name] for scores in found.values())
        lines.append(f"| {name} | {' | '.join(f'{c.value:.3f} ({c.low:.3f} to {c.high:.3f})' for c in cells)} |\n")
    return "".join(lines)


def behaviour(model: stance.StanceModel) -> str:
    rows = audit(model, read_cases([locate_cases(model.task)])).results
    return "| test | cases | passed | what |\n| --- | ---: | ---: | --- |\n" + "".join(
        f"| {result.test} | {result.n} | {result.rate:.1%} | {TESTS[result.test]} |\n" for result in rows
    )


def speed() -> str:
    measured = json.loads((ROOT / "benchmark.json").read_text(encoding="utf-8"))["measurements"]
    return "| measured | value |\n| --- | ---: |\n" + "".join(
        f"| {m['name']} | {m['value']:,.3g} {m['unit']} |\n" for m in measured
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="*", type=Path, default=[], help="labelled pairs the model has not seen")
    sets = parser.parse_args().sets
    models = {task: stance.load(name) for task, name in SHIPPED.items()}
    model = models["stance"]
    text = README.read_text(encoding="utf-8")
    text = replace(text, "example", example())
    text = replace(text, "cross-validation", cross_validation(models))
    text = replace(text, "speed", speed())
    text = replace(text, "articles", articles(model))
    text = replace(text, "audit", behaviour(model))
    text = replace(text, "sentiment audit", behaviour(models["sentiment"]))
    if sets:
        text = replace(text, "unseen", unseen(models, sets) + quads(model, sets))
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
