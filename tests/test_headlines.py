import pytest

from stance.headlines import is_title_case


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("Norvik Slams Harrow League Over Grain Blockade", True),
        ("NORVIK SLAMS LEAGUE", True),
        ("Norvik said that the Harrow League had blocked the grain", False),
        ("Is It So?", False),  # words this short say nothing
        ("1914 2001", False),
        ("", False),
    ],
)
def test_headlines_are_told_by_the_capitals_of_their_longer_words(text, headline):
    assert is_title_case(text.split()) is headline
