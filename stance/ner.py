"""Further names from a spaCy pipeline, for those who have one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from stance.errors import StanceError

DEFAULT_PIPELINE = "en_core_web_sm"
_KINDS = {"PERSON": "person", "ORG": "organisation"}

NameFinder = Callable[[str], Mapping[str, str]]
"""Gives the names in a text, each with its kind."""


@dataclass(frozen=True)
class SpacyNames:
    """The persons and organisations that a spaCy pipeline finds; the pipeline is loaded on first use."""

    pipeline: str

    @cached_property
    def _nlp(self) -> Any:
        try:
            import spacy

            return spacy.load(self.pipeline, exclude=["parser", "tagger", "lemmatizer", "attribute_ruler"])
        except ImportError:
            raise StanceError("--ner needs spaCy: pip install 'actor-stance[ner]'") from None
        except OSError as error:
            raise StanceError(
                f"spaCy has no pipeline {self.pipeline!r}; python -m spacy download {self.pipeline}"
            ) from error

    def __call__(self, text: str) -> Mapping[str, str]:
        names = {}
        for entity in self._nlp(text[: self._nlp.max_length]).ents:
            kind = _KINDS.get(entity.label_)
            name = (
                " ".join(entity.text.removeprefix("the ").removeprefix("The ").split())
                .removesuffix("'s")
                .removesuffix("’s")
            )
            if kind and name[:1].isupper():
                names[name] = kind
        return names


def load_ner(name: str) -> SpacyNames:
    """A finder of names: ``spacy`` for the small English pipeline, or the name of another pipeline.

    Raises
    ------
    StanceError
        spaCy or the pipeline is not installed.
    """
    found = SpacyNames(DEFAULT_PIPELINE if name == "spacy" else name)
    found._nlp  # noqa: B018 - fail now, not at the first text
    return found
