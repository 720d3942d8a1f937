"""Sentences that report a contest in sport, in which "beat" and "crushed" say nothing of how actors stand."""

from __future__ import annotations

import re

from stance.names import name_words

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SCORE = re.compile(
    r"\b(?:beat|beaten|defeat(?:ed|s)?|los[et]s?|lost|drew|draws?|wins?|won|victory|edged|thrashed|trounced|overcame|crushed|stunned|"
    r"downed|routed|hold|held|leads?|led)\b[^.;]{0,60}?(?<![\d-])\d{1,3}[-–]\d{1,3}(?![\d-])"
    r"(?=\s*(?:[.,;:)”\"]|$|(?:in|on|at|to|after|with|against|and|before|as|over|by|from|while|win|victory|defeat|draw)\b))",
    re.IGNORECASE,
)
_COMPETITION = re.compile(
    r"\b(?:extra|stoppage|injury)\s+time\b|\b(?:World|Asian|Nations|Gold|European|Africa)\s+Cup\b|\bCup\s+of\s+Nations\b|\bEuro\s+20\d\d\b"
)
_STRONG, _WEAK, _NO_SPORT = (frozenset(name_words(key).split()) for key in ("sport", "sport_weak", "no_sport"))


def is_contest(sentence: str) -> bool:
    """Whether a sentence reports a contest in sport: a score after a word of winning, or several words of sport."""
    words = {word.lower() for word in _WORD.findall(sentence)}
    if not words.isdisjoint(_NO_SPORT):
        return False
    strong = len(words & _STRONG) + bool(_COMPETITION.search(sentence))
    return strong > 1 or (strong == 1 and not words.isdisjoint(_WEAK)) or bool(_SCORE.search(sentence))
