"""Whom persons act for, as the words beside their names say, and the state that a text is about.

"Zamir Kabulov, President Vladimir Putin's special representative", "Ilse Brandt, a spokeswoman for Darro Timber", "its
leader, Amon Tesh": such a person is an agent, and a mention of him or her counts for the actor that is named there.
Ministers and prosecutors without a state's name act for the state that the text is about.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence

from stance.records import REFERENCES, Actor, Mention, Span
from stance.registry import Registry

ROLE = (
    r"(?:(?:vice|deputy|co|sub|under)[-\s])?(?:spokes(?:man|woman|person)|ministers?|secretary(?:[-\s]general)?|president|premier|chancellor|leaders?|chief|head|director|"
    r"commander|commandant|general|colonel|major|captain|lieutenant|envoy|ambassador|representative|official|officer|advis[eo]r|aide|"
    r"negotiator|mediator|chair(?:man|woman|person)?|governor|mayor|deputy|prosecutor|founder|co-founder|ceo|executive|manager|lawyer|"
    r"attorney|lawmaker|legislator|senator|member|mp|organi[sz]er|coordinator|treasurer|bishop|archbishop|imam|cleric|priest|"
    r"diplomat|delegate|counsel|general\s+secretary|boss|partner|coach|owner|figure|coordinator|co-?chair|number\s+two|chief\s+of\s+staff|"
    r"strategist|deputy|whip|speaker|nuncio|consul|economist|volunteers?|attach[eé]|inspector|commissioner|superintendent|sergeant)"
)
"""What a person can be for an actor; a pattern."""
_FORMER = re.compile(r"\b(?:former|ex|late|ousted|deposed|retired|one-time)\b", re.IGNORECASE)
_WHO_HEADS = re.compile(
    r"(?:,\s+who)?\s+(?:heads|leads|runs|chairs|represents|commands|directs|speaks\s+for|(?:has\s+)?presided\s+over|is\s+(?:the\s+)?\w+\s+of)\s+(?:the\s+)?(?:[\w’'-]+\s+){0,3}?",
    re.IGNORECASE,
)
_OF = re.compile(r"\s+of\s+(?:the\s+)?")
_POSSESSIVE_ROLE = re.compile(rf"(?:[’']s?)?\s+(?:[\w’'-]+\s+){{0,5}}?{ROLE},?\s+", re.IGNORECASE)
_ROLE_OF = re.compile(rf"\b{ROLE}\s+(?:of|for|at|to|from|with|in)\s+(?:the\s+)?$", re.IGNORECASE)
_THEN_ROLE_OF = re.compile(
    rf",\s+(?:[\w’'.-]+\s+){{0,8}}?{ROLE}\s+(?:[\w-]+\s+){{0,3}}?(?:of|for|at|in|from|with|to)\s+"
    r"(?:(?:the|an?)\s+(?:[\w-]+\s+){0,2}?)?",
    re.IGNORECASE,
)
_THEN_OWNER = re.compile(r",\s+(?:(?:the|a|an)\s+)?(?:[\w’'-]+\s+){0,7}?", re.IGNORECASE)
OWNS_ROLE = re.compile(rf"(?:[’']s?)?\s+(?:[\w’'-]+\s+){{0,4}}?{ROLE}\b", re.IGNORECASE)
_ENDS_IN_ROLE = re.compile(rf"\b(?:{ROLE}|officials?)\s*$", re.IGNORECASE)
_THEN_THE = re.compile(r",\s+(?:the\s+)?")
_OFFICE = (
    r"(?:president|prime\s+minister|premier|chancellor|(?:[a-z]+\s+){0,3}minister|foreign\s+secretary|home\s+secretary|"
    r"(?:federal|public|chief|state|military)\s+prosecutor|prosecutor|attorney[\s-]general|army\s+(?:chief|spokesman|commander)|"
    r"(?:police|army|military|government|navy|ministry|coast\s+guard)\s+(?:chief|spokes(?:man|woman|person)|commander|officer))"
)
_STATE_OFFICE = re.compile(rf"(?:(?:Acting|Deputy|Vice|Federal|First|Assistant)\s+)*{_OFFICE}\s", re.IGNORECASE)
_STATE_OFFICE_BEFORE = re.compile(rf"\b{_OFFICE},?\s+$", re.IGNORECASE)
_STATE_OFFICE_AFTER = re.compile(
    rf",\s+(?:a|an|the|our|his|her)?\s*(?:[a-z-]+\s+){{0,3}}?(?:{_OFFICE}\b(?!\s+(?:of|for|in|to|at)\b)|spokes(?:man|woman|person)\s+for\s+the\s+"
    rf"(?:[a-z]+\s+)?(?:ministry|army|military|police|government|navy|coast\s+guard|prosecution|prosecutor)|"
    rf"the\s+(?:army|military|government|police|ministry|navy)[’']s\s+(?:chief\s+)?spokes(?:man|woman|person))",
    re.IGNORECASE,
)
_SENT_TO = re.compile(r"(?:[’']s?)?\s+(?:[\w’'-]+\s+){0,3}?(?:ambassador|envoy|consul|delegate)\s+to\s+(?:the\s+)?")
_PRONOUN_ROLE = re.compile(rf"\b(?:its|their)\s+(?:[\w’'-]+\s+){{0,4}}?{ROLE},?\s+$", re.IGNORECASE)
_PRONOUN_ROLE_AFTER = re.compile(rf",\s+(?:its|their)\s+(?:[\w’'-]+\s+){{0,4}}?{ROLE}\b", re.IGNORECASE)
_NOMINAL = (
    r"(?:group|movement|front|party|union|company|firm|organi[sz]ation|agency|alliance|militia|coalition|council|federation|association|bank|club|"
    r"faction|guard|league|network|bloc|court|commission|rebels|militants|insurgents)"
)
_NOMINAL_ROLE_AFTER = re.compile(
    rf",\s+(?:[\w’'.-]+\s+){{0,8}}?(?:{ROLE}\s+(?:of|for|at|in|from|with|to)\s+(?:the|its|their)\s+{_NOMINAL}\b|the\s+{_NOMINAL}[’']s?\s+"
    rf"(?:[\w’'-]+\s+){{0,4}}?{ROLE}\b)|,\s+who\s+(?:heads|leads|runs|chairs)\s+the\s+{_NOMINAL}\b",
    re.IGNORECASE,
)
_IN_PLACE = re.compile(r"(?:In|At|From)\s+((?:the\s+)?[^\W\d_a-z][^,.;]{2,40}),")
_BY_FAR = 1.5
_HEAD_SENTENCES = 5  # among which one follows the dateline
_BEFORE = 60


def with_agents(
    text: str,
    sentences: Sequence[Span],
    mentions: Sequence[Mention],
    opened: set[Actor],
    registry: Registry,
    home: Actor | None,
) -> list[Mention]:
    """Find out whom each open person acts for, and say so in all mentions of that person."""
    starts = [sentence.start for sentence in sentences]
    principals: dict[Actor, Actor] = {}
    for index, mention in enumerate(mentions):
        person = mention.actor
        if person.kind != "person" or person not in opened or person in principals:
            continue
        number = bisect_right(starts, mention.span.start) - 1
        if number < 0:
            continue
        sentence = sentences[number]
        principal = _principal(text, sentence, mentions, index)
        if principal is None and _holds_state_office(text, sentence, mention.span):
            principal = _place(text, sentence, mention.span.start, registry) or home
        if principal and principal != person:
            principals[person] = principal
    return _acting(mentions, principals)


def _holds_state_office(text: str, sentence: Span, span: Span) -> bool:
    """Whether a person is called by an office that only a state has."""
    return bool(
        _STATE_OFFICE.match(text, span.start, span.end)
        or _STATE_OFFICE_BEFORE.search(text, sentence.start, span.start)
        or _STATE_OFFICE_AFTER.match(text, span.end, sentence.end)
    ) and not _FORMER.search(text, max(sentence.start, span.start - 40), min(sentence.end, span.end + 25))


def _place(text: str, sentence: Span, before: int, registry: Registry) -> Actor | None:
    """The state in whose place a sentence begins: "In Thailand, Foreign Minister ..."."""
    begin = _IN_PLACE.match(text, sentence.start, before)
    if begin:
        for span, name in registry.matches(begin[1]):
            if name.actor and name.actor.kind == "state" and span.start == 0:
                return name.actor
    return None


def joined_with_offices(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Make one mention of a person and the office beside it ("Nikos Dendias, the Greek foreign minister")."""
    result: list[Mention] = []
    for mention in mentions:
        last = result[-1] if result else None
        if last is None or last.actor != mention.actor or bool(last.agent) == bool(mention.agent):
            result.append(mention)
            continue
        gap = text[last.span.end : mention.span.start]
        agent = mention.agent or last.agent
        if mention.agent and (
            (gap in (" ", ", ") and _ENDS_IN_ROLE.search(text[slice(*last.span)])) or _POSSESSIVE_ROLE.fullmatch(gap)
        ):
            result[-1] = Mention(mention.actor, Span(last.span.start, mention.span.end), mention.via, agent)
        elif last.agent and _THEN_THE.fullmatch(gap):
            end = mention.span.end
            owns = OWNS_ROLE.match(text, end)
            if owns or _ENDS_IN_ROLE.search(text[mention.span.start : end]):
                result[-1] = Mention(mention.actor, Span(last.span.start, owns.end() if owns else end), last.via, agent)
            else:
                result.append(mention)
        else:
            result.append(mention)
    return result


def _principal(text: str, sentence: Span, mentions: Sequence[Mention], index: int) -> Actor | None:
    """Whom the person of a mention acts for, as the words beside it say."""
    start, end = mentions[index].span
    if index > 1 and mentions[index - 2].span.start >= sentence.start:
        sender, host = mentions[index - 2 : index]
        if _SENT_TO.fullmatch(text[sender.span.end : host.span.start]) and text[host.span.end : start] in (" ", ", "):
            return sender.actor  # "Ostmark's ambassador to Norvik, Ilse Brandt"
    if index and mentions[index - 1].span.start >= sentence.start:
        owner = mentions[index - 1]
        gap = text[owner.span.end : start]
        words = text[slice(*owner.span)]
        if not _FORMER.search(text[max(sentence.start, owner.span.start - 12) : start]):
            if gap in (" ", ", ") and (
                _ENDS_IN_ROLE.search(words) or _ROLE_OF.search(text, sentence.start, owner.span.start)
            ):
                return owner.actor
            if _POSSESSIVE_ROLE.fullmatch(gap):
                return owner.actor
    if index + 1 < len(mentions) and mentions[index + 1].span.end <= sentence.end:
        owner = mentions[index + 1]
        gap = text[end : owner.span.start]
        if not _FORMER.search(gap):
            if _THEN_ROLE_OF.fullmatch(gap) or _WHO_HEADS.fullmatch(gap):
                return owner.actor
            if owner.actor.kind not in ("state", "person") and _OF.fullmatch(gap):
                return owner.actor
            if _THEN_OWNER.fullmatch(gap) and (
                _ENDS_IN_ROLE.search(text[slice(*owner.span)]) or OWNS_ROLE.match(text, owner.span.end)
            ):
                return owner.actor
    return None


def with_referred_principals(text: str, sentences: Sequence[Span], mentions: Sequence[Mention]) -> list[Mention]:
    """Find out for whom persons act who are called by a noun or pronoun's role ("its counsel, Ines Verlinden").

    Parameters
    ----------
    text : str
    sentences : sequence of Span
        In the order of the text.
    mentions : sequence of Mention
        In order, with the nouns and pronouns that stand for actors.

    Returns
    -------
    list of Mention
        The same, with all mentions of such persons counting for those for whom they act.
    """
    starts = [sentence.start for sentence in sentences]
    places = [mention.span.start for mention in mentions]
    principals: dict[Actor, Actor] = {}
    for mention in mentions:
        person = mention.actor
        if person.kind != "person" or mention.via in REFERENCES or person in principals:
            continue
        sentence = sentences[bisect_right(starts, mention.span.start) - 1]
        match = (
            _PRONOUN_ROLE.search(text, sentence.start, mention.span.start)
            or _PRONOUN_ROLE_AFTER.match(text, mention.span.end, sentence.end)
            or _NOMINAL_ROLE_AFTER.match(text, mention.span.end, sentence.end)
        )
        if match:
            inside = mentions[bisect_left(places, match.start()) : bisect_left(places, match.end())]
            owner = next((m.actor for m in inside if m.via in REFERENCES and m.actor != person), None)
            if owner and owner.kind != "person":
                principals[person] = owner
    return _acting(mentions, principals)


def _acting(mentions: Sequence[Mention], principals: Mapping[Actor, Actor]) -> list[Mention]:
    """The mentions, with those of persons who act for somebody counting for that one."""
    return [
        Mention(principals[m.actor], m.span, m.via if m.via in REFERENCES else "office", m.actor)
        if m.actor in principals
        else m
        for m in mentions
    ]


def home_state(text: str, sentences: Sequence[Span], mentions: Sequence[Mention], registry: Registry) -> Actor | None:
    """The state that a text is about: the one that it mentions by far most often, else that of the dateline."""
    states = Counter(m.actor for m in mentions if m.actor.kind == "state").most_common(2)
    if states and (len(states) == 1 or states[0][1] >= _BY_FAR * states[1][1]):
        return states[0][0]
    end = 0
    for sentence in sentences[:_HEAD_SENTENCES]:
        for _, name in registry.matches(text[max(end, sentence.start - _BEFORE) : sentence.start]):
            if name.actor and name.actor.kind == "state":
                return name.actor
        end = sentence.end
    return None
