"""Who stands where toward whom: directed stance between the actors of a news text.

>>> import stance
>>> model = stance.load()
>>> for dyad in model.predict("Moscow condemned the Taliban on Monday."):
...     print(dyad.source.name, dyad.stance, dyad.target.name)
Russia opposed Taliban
Taliban neutral Russia
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from stance.classifier import StanceClassifier
    from stance.corpus import Corpus, read_corpus
    from stance.errors import ActorError, ArtifactError, CorpusError, DocumentError, StanceError
    from stance.evaluation import Evaluation, evaluate
    from stance.model import StanceModel, load
    from stance.records import STANCES, Answer, ArticleStance, Document, Dyad, Evidence, LabelledPair, Pair, Span
    from stance.training import TrainingResult, train

__all__ = [
    "STANCES",
    "ActorError",
    "Answer",
    "ArticleStance",
    "ArtifactError",
    "Corpus",
    "CorpusError",
    "Document",
    "DocumentError",
    "Dyad",
    "Evaluation",
    "Evidence",
    "LabelledPair",
    "Pair",
    "Span",
    "StanceClassifier",
    "StanceError",
    "StanceModel",
    "TrainingResult",
    "__version__",
    "evaluate",
    "load",
    "read_corpus",
    "train",
]

# Where each public name lives, other than in ``records``: loaded on first use, so that ``import stance`` is quick.
_HOMES = {
    "model": ("StanceModel", "load"),
    "training": ("TrainingResult", "train"),
    "evaluation": ("Evaluation", "evaluate"),
    "classifier": ("StanceClassifier",),
    "corpus": ("Corpus", "read_corpus"),
    "errors": ("ActorError", "ArtifactError", "CorpusError", "DocumentError", "StanceError"),
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'stance' has no attribute {name!r}")
    home = next((module for module, names in _HOMES.items() if name in names), "records")
    return getattr(import_module(f"stance.{home}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
