#!/usr/bin/env python3
"""Measure speed, start-up, size and memory, beside VADER and scikit-learn, in one run.

    python scripts/benchmark.py [ARTICLE...] [--json FILE]

Articles default to data/examples. Times are the best of several runs; memory is the peak of a process. Where PyTorch
and transformers are installed, a transformer of MiniLM's size labels the same pairs.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "data" / "examples"
RUNS = 5
MIN_SENTENCES = 2_000
MIN_PAIRS = 1_000
BATCH = 32

_PEAK = """
import resource, sys
from stance.cli import app
sys.argv = ["stance", "predict", {article!r}, "--format", "jsonl"]
try:
    app()
except SystemExit:
    pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One line of the table."""

    name: str
    value: float
    unit: str


def best(action: Callable[[], object], runs: int = RUNS) -> float:
    """The shortest of several runs, in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def command_seconds(command: Sequence[str]) -> float:
    """The shortest run of a command, from start to exit."""
    return best(lambda: subprocess.run(command, check=True, capture_output=True))


def pairs_of(model, text: str) -> list:
    """What the model is asked about a text."""
    from stance.records import Document

    return [asked.pair for asked, _ in model.answers(Document(text), sentiment=False).stances]


def transformer_seconds(lengths: Sequence[int]) -> float | None:
    """How long a pair classifier of MiniLM's size takes for passages of so many words; ``None`` without PyTorch.

    Weights are random, since time does not depend on them, and words are numbered beforehand: 1.3 word pieces each, and
    six for the marks of source and target.
    """
    try:
        import torch
        from transformers import BertConfig, BertForSequenceClassification
    except ImportError:
        return None
    size = {"hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536}
    network = BertForSequenceClassification(BertConfig(**size, num_labels=3)).eval()
    pieces = sorted(min(512, round(1.3 * length) + 6) for length in lengths)

    def label_all() -> None:
        with torch.inference_mode():
            for start in range(0, len(pieces), BATCH):  # of like length, so that little is padded
                own = pieces[start : start + BATCH]
                network(torch.randint(1000, 30_000, (len(own), max(own))))

    return best(label_all, 2)


def measure(paths: Sequence[Path]) -> list[Measurement]:
    """Take all measurements on the articles at ``paths``."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    import stance
    from stance.actors import find_actors
    from stance.lexicon import load_lexicon
    from stance.model import SHIPPED, locate
    from stance.reading import read, read_tones
    from stance.registry import load_registry
    from stance.segmentation import sentences

    texts = [path.read_text(encoding="utf-8") for path in paths]
    spans = [[text[span.start : span.end] for span in sentences(text)] for text in texts]
    copies = 1 + MIN_SENTENCES // sum(map(len, spans))
    count = copies * sum(map(len, spans))
    model = stance.load()
    vader = SentimentIntensityAnalyzer()
    model.predict(texts[0])  # the lexicon is read on first use

    def predict_all(sentiment: bool) -> None:
        for _ in range(copies):
            read.cache_clear()  # a copy is read anew, as another article would be
            read_tones.cache_clear()
            for text in texts:
                model.predict(text, sentiment=sentiment)

    ours, with_sentiment = best(lambda: predict_all(False)), best(lambda: predict_all(True))

    def load_anew() -> None:
        load_registry.cache_clear()
        load_lexicon.cache_clear()
        stance.load()

    theirs = best(lambda: [vader.polarity_scores(s) for _ in range(copies) for own in spans for s in own])
    registry = model.registry
    finding = best(lambda: [find_actors(t, [*sentences(t)], registry) for _ in range(copies) for t in texts])
    splitting = best(lambda: [[*sentences(text)] for _ in range(copies) for text in texts])

    pairs = [pair for text in texts for pair in pairs_of(model, text)]
    pair_copies = 1 + MIN_PAIRS // len(pairs)

    def classify_all() -> None:
        for _ in range(pair_copies):
            read.cache_clear()
            model.classify(pairs)

    classifying = best(classify_all) / pair_copies
    transformer = transformer_seconds([len(pair.text.split()) for pair in pairs])
    article = str(paths[0])
    predict = command_seconds([sys.executable, "-m", "stance", "predict", article, "--format", "json"])
    sklearn = command_seconds([sys.executable, "-c", "import sklearn.linear_model"])
    peak = subprocess.run(
        [sys.executable, "-c", _PEAK.format(article=article)], check=True, capture_output=True, text=True
    ).stderr.split()[-1]
    return [
        Measurement("articles", len(texts), ""),
        Measurement("sentences, with copies", count, ""),
        Measurement("stance predict --no-sentiment", count / ours, "sentences/s"),
        Measurement("VADER", count / theirs, "sentences/s"),
        Measurement("stance / VADER", theirs / ours, ""),
        Measurement("with sentiment / without", ours / with_sentiment, ""),
        Measurement("share of finding actors", (finding - splitting) / ours, ""),
        Measurement("stance classify", len(pairs) / classifying, "pairs/s"),
        *(
            (
                Measurement("a transformer of MiniLM's size", len(pairs) / transformer, "pairs/s"),
                Measurement("stance / transformer", transformer / classifying, ""),
            )
            if transformer
            else ()
        ),
        Measurement("cold stance predict, one article", predict, "s"),
        Measurement("cold import sklearn.linear_model", sklearn, "s"),
        Measurement("cold stance / cold scikit-learn", predict / sklearn, ""),
        Measurement("load the model of stance", best(load_anew), "s"),
        *(
            Measurement(f"{name} on disk", sum(f.stat().st_size for f in locate(name).iterdir()) / 1e6, "MB")
            for name in SHIPPED.values()
        ),
        Measurement("peak memory of stance predict", int(peak) / 1024, "MB"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="*", type=Path)
    parser.add_argument("--json", type=Path, default=Path("benchmark.json"), help="where to write the figures")
    args = parser.parse_args()
    paths = args.articles or sorted(EXAMPLES.glob("*.txt"))
    results = measure(paths)
    machine = {"python": platform.python_version(), "machine": platform.machine(), "system": platform.system()}
    args.json.write_text(
        json.dumps({**machine, "measurements": [asdict(m) for m in results]}, indent=2) + "\n", encoding="utf-8"
    )
    print("| measured | value | |\n| --- | ---: | --- |")
    for result in results:
        print(f"| {result.name} | {result.value:,.3g} | {result.unit} |")


if __name__ == "__main__":
    main()
