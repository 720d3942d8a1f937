from __future__ import annotations

import pytest

from stance.contests import is_contest


@pytest.mark.parametrize(
    "sentence",
    [
        "Norvik beat Ostmark 3-1 in Vell.",
        "Norvik crushed Ostmark 21–7 in the rain.",
        "Norvik drew 1-1 with Ostmark.",
        "Norvik won the match against Ostmark after extra time.",
        "Norvik took gold, and Ostmark took silver in the relay.",
        "The Ostmark goalkeeper saved a penalty against Norvik.",
        "Norvik eliminated Ostmark from the World Cup after a late goal.",
        "Norvik won by six wickets after Ostmark had made 240 runs.",
        "Norvik defeated Ostmark in the semi-final in Vell.",
    ],
)
def test_reports_of_sport_are_contests(sentence):
    assert is_contest(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "Norvik defeated Ostmark at the border and took ten tanks.",
        "Norvik crushed the rebels and won the hills back.",
        "Norvik boycotts the Olympics in Ostmark.",
        "Norvik condemned Ostmark before their qualifying match.",
        "The team of inspectors won access to the sites.",
        "Norvik and Ostmark set goals for the talks.",
        "Men aged 20-30 attacked Ostmark.",
        "On 2014-03-02 Norvik won the vote against Ostmark.",
        "The Security Council voted 13-2 to condemn Norvik.",
        "Parliament voted 210-95 against Ostmark.",
        "The court ruled 5-4 against Norvik.",
        "Norvik lost 40-50 men in the attack on Ostmark.",
        "The final goal of Norvik is to defeat Ostmark.",
    ],
)
def test_war_votes_and_talks_are_none(sentence):
    assert not is_contest(sentence)
