"""How headlines are told from sentences."""

from __future__ import annotations

from collections.abc import Iterable

_SHORTEST = 4  # letters of a word that a sentence would not begin with a capital
_SHARE = 0.6


def is_title_case(words: Iterable[str]) -> bool:
    """Whether most of the longer words have a capital, as in a headline; ``False`` for no words."""
    long_words = [word for word in words if len(word) >= _SHORTEST and word[0].isalpha()]
    return sum(word[0].isupper() for word in long_words) > _SHARE * len(long_words)
