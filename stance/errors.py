"""The exceptions that the library raises about data; caller mistakes stay ValueError and TypeError."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class StanceError(Exception):
    """Something is wrong with the data or files given; the message says what, where and what was expected."""


class ArtifactError(StanceError):
    """A model on disk cannot be used."""


class DocumentError(StanceError):
    """An input text cannot be read."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a data file.

    Attributes
    ----------
    path : str
        The file.
    line : int
        The line, counted from 1.
    message : str
        What is wrong, and what was expected.
    """

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class _ListedError(StanceError):
    """A data file cannot be used; ``problems`` lists every reason."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"  {problem}" for problem in self.problems)])


class CorpusError(_ListedError):
    """Labelled data cannot be used; ``problems`` lists every reason."""


class ActorError(_ListedError):
    """An actors file cannot be used (``problems`` lists every reason), or an actor named by the caller is unknown."""
