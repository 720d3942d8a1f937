"""Sentences that report a contest in sport, in which "beat" and "crushed" say nothing of how actors stand."""

from __future__ import annotations

import re

_RESULT = re.compile(
    r"\b(?:beat(?:en|s)?|defeat(?:ed|s)?|lost|drew|wins?|won|victory|edged|thrashed|trounced|overcame|eliminated|knocked\s+out|crushed|"
    r"draw|win\s+over|loss\s+to|stunned|upset|downed|routed|hosts?|against|versus|v)\b",
    re.IGNORECASE,
)
_SCORE = re.compile(r"(?<![\d-])\d{1,3}[-–]\d{1,3}(?![\d-])(?:\s+on\s+penalties)?")
_TERMS = re.compile(
    r"\b(?:goals?|goalless|goalkeeper|midfielder|striker|defender|semi-?finals?|quarter-?finals?|finals?|knock-?out|qualifiers?|qualifying|"
    r"tournament|championships?|World\s+Cup|Asian\s+Cup|Nations\s+Cup|Cup\s+of\s+Nations|Euro\s+20\d\d|Olympics?|Olympic|Games|medals?|"
    r"gold|silver|bronze|innings|wickets?|runs|overs|penalt(?:y|ies)|half-?time|extra\s+time|stoppage\s+time|coach|squad|seeded|matches|match|"
    r"round\s+of\s+16|group\s+stage|group\s+[A-H]|league|title|referee|stadium|metres|relay|sprint|lap|podium|athletes?|players?|team(?:s|-?mates?)?|"
    r"scored|scorer|hat-?trick|equali[sz]er|kick-?off|playoffs?|tie-?break|sets|unbeaten|fixture|Test|one-day)\b"
)
_ENOUGH = 2


def is_contest(sentence: str) -> bool:
    """Whether a sentence reports a contest in sport: a score beside words of winning, or several words of sport."""
    terms = {match.lower() for match in _TERMS.findall(sentence)}
    if _SCORE.search(sentence) and (terms or _RESULT.search(sentence)):
        return True
    return len(terms) > _ENOUGH or (len(terms) == _ENOUGH and bool(_RESULT.search(sentence)))
