from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registries import RECORDS, found, ids

from stance.names import find_names
from stance.records import KINDS
from stance.registry import Registry


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry(RECORDS)


pieces = st.sampled_from(
    ["Russia", "russia", "RUSSIA", "Russian", "troops", "Kabul", "in", "US", "us", "U.S.", "Islamic State", "Khorasan"]
) | st.sampled_from(
    ["the Kremlin", "'s", "’s", "-led", "-", "and", "İ", "ß", "\u0301", "😀", "\n", ", ", ".", "@", "_", " "]
)


@given(st.lists(pieces | st.text(max_size=4), max_size=15), st.sampled_from(["", " "]))
@settings(max_examples=100, deadline=None)
def test_mentions_in_any_text_name_their_actor_in_order_without_overlap(registry, words, gap):
    text = gap.join(words)
    end = 0
    for mention in find_names(text, registry):
        start = mention.span.start
        assert end <= start < mention.span.end <= len(text)
        end = mention.span.end
        record = registry.records[mention.actor.id]
        names = [record.name, *record.aliases, *record.adjectives, *record.demonyms, *record.seats, *record.leaders]
        assert text[start:end].casefold().startswith(tuple(name.casefold() for name in names))


@pytest.mark.parametrize("records", [(), RECORDS])
def test_an_empty_text_or_registry_gives_no_mentions(records):
    assert find_names("", Registry(records)) == ()
    assert find_names("Russia met Turkey.", Registry(())) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Russia met Turkey.", [("RUS", "Russia"), ("TUR", "Turkey")]),
        ("The Kremlin's guest thanked the Kremlin.", [("RUS", "the Kremlin")]),
        ("Islamic State Khorasan raided a prison.", [("isk", "Islamic State Khorasan")]),
        ("Islamic State raided a prison.", [("islamic-state", "Islamic State")]),
        ("Vladimir Putin spoke; Putin left.", [("RUS", "Vladimir Putin"), ("RUS", "Putin")]),
        ("The Americans left, the Russians stayed.", [("USA", "Americans"), ("RUS", "Russians")]),
        ("Russia's army met Turkey’s envoy.", [("RUS", "Russia"), ("TUR", "Turkey")]),
        ("The U.S.'s envoy left.", [("USA", "U.S.")]),
        ("“Turkey,” she said, (Russia) too.", [("TUR", "Turkey"), ("RUS", "Russia")]),
        ("The Russia-Turkey talks failed.", [("RUS", "Russia"), ("TUR", "Turkey")]),
    ],
)
def test_names_are_found_and_the_longest_wins(registry, text, expected):
    assert found(registry, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He told us that US envoys had left us.", ["USA"]),
        ("The turkey was served before Turkey won.", ["TUR"]),
        ("They walked through russia.", []),
        ("RUSSIA WARNS TURKEY", ["RUS", "TUR"]),
        ("RUSSIAN FORCES LEAVE", ["RUS"]),
        ("The thesis on ISIS was a crisis.", ["islamic-state"]),
    ],
)
def test_case_counts_but_headlines_may_be_in_capitals(registry, text, expected):
    assert ids(registry, text) == expected


@pytest.mark.parametrize(
    "word", ["Russiagate", "Belorussia", "USB", "BUS", "Turkeys", "@Russia", "#Turkey", "_Russia", "Russia2"]
)
def test_parts_of_longer_words_handles_and_tags_are_no_mentions(registry, word):
    assert ids(registry, f"They wrote {word} on the wall.") == []


@pytest.mark.parametrize("word", ["US-led", "U.S.-led", "Turkey-based", "Russian-made"])
def test_first_parts_of_hyphenated_words_are_no_mentions(registry, word):
    assert ids(registry, f"A {word} militia fled.") == []


@pytest.mark.parametrize("word", ["Russia-backed", "Russia‑backed", "Russia-trained"])
def test_who_backs_others_is_an_actor(registry, word):
    assert found(registry, f"A {word} militia fled.") == [("RUS", "Russia")]


@pytest.mark.parametrize(
    "text",
    [
        "Fighting raged in Kabul.",
        "They met in the Kremlin.",
        "Storms swept across Turkey.",
        "A bomb went off near Ankara.",
        "Prices rose throughout Russia.",
        "A market in central Kabul burned.",
        "Protests were held in Moscow, Kabul and Ankara.",
        "Snow fell in Turkey, Russia, and Afghanistan.",
        "Refugees live in Turkey or Russia.",
        "Their flights to Kabul were cancelled.",
        "He returned to Moscow.",
        "Trains from Ankara were late.",
        "The streets of Kabul were empty.",
        "Kabul airport was closed.",
    ],
)
def test_places_are_no_mentions(registry, text):
    assert ids(registry, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kabul said it would wait.", ["AFG"]),
        ("Moscow and Kabul agreed to wait.", ["RUS", "AFG"]),
        ("Washington, Moscow and Ankara signed.", ["USA", "RUS", "TUR"]),
        ("Confidence in Russia fell.", ["RUS"]),
        ("They put their trust in Turkey.", ["TUR"]),
        ("The treaty binds Kabul.", ["AFG"]),
        ("They were shot in Kabul. Moscow said nothing.", ["RUS"]),
        ("In Kabul, Russian officials condemned Turkey.", ["RUS", "TUR"]),
        ("In Kabul, Russia condemned Turkey.", ["RUS", "TUR"]),
        ("Speaking in Ankara, Putin praised Turkey.", ["RUS", "TUR"]),
        ("Forty people died in Russia's attack on Turkey.", ["RUS", "TUR"]),
    ],
)
def test_actors_beside_places_are_mentions(registry, text, expected):
    assert ids(registry, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Russian forces left.", [("RUS", "Russian forces")]),
        ("Russian special forces left.", [("RUS", "Russian special forces")]),
        ("The Turkish foreign minister left.", [("TUR", "Turkish foreign minister")]),
        ("An Afghan court freed an American soldier.", [("AFG", "Afghan court"), ("USA", "American soldier")]),
        ("A Russian rifle was found in the Afghan city.", []),
        ("He likes Turkish coffee and American films.", []),
        ("The rifle was Russian.", []),
    ],
)
def test_adjectives_act_only_before_those_who_act(registry, text, expected):
    assert found(registry, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Russian and Turkish officials met.", ["RUS", "TUR"]),
        ("Afghan, Russian and Turkish envoys met.", ["AFG", "RUS", "TUR"]),
        ("Russian officials and Turkish envoys met.", ["RUS", "TUR"]),
        ("Russian and Turkish rifles were found.", []),
    ],
)
def test_joined_adjectives_share_their_noun(registry, text, expected):
    assert ids(registry, text) == expected


@pytest.mark.parametrize(
    "name", ["Moscow State University", "Kabul Bank", "Ankara Textile Works", "Washington Post", "Washington Irving"]
)
def test_a_seat_within_a_longer_name_is_no_mention(registry, name):
    assert ids(registry, f"The letter was printed by {name} before the meeting was over.") == []


def test_a_seat_in_a_headline_is_a_mention(registry):
    assert ids(registry, "Ankara Insists Moscow Break Silence Over Border") == ["TUR", "RUS"]


def test_the_shipped_registry_knows_states_by_name(shipped):
    assert {record.kind for record in shipped.records.values()} <= set(KINDS)
    assert ids(shipped, "Kenya thanked Peru, Iceland and Vietnam.") == ["KEN", "PER", "ISL", "VNM"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Georgia accused the Kremlin of sending tanks over the pass.", ["GEO", "RUS"]),
        ("Georgia and Azerbaijan signed a pact about the pipeline.", ["GEO", "AZE"]),
        ("Georgia counted its votes again while Fulton County waited.", []),
        ("Brian Kemp of Georgia vetoed the bill that Atlanta had wanted.", []),
        ("Jordan recalled its envoy from Israel after the raid.", ["JOR", "ISR"]),
        ("The crowd cheered as Michael Jordan left the hall.", []),
        ("They had been friends since Jordan Henderson joined the club.", []),
        ("The boats lay on the Jordan River for a month.", []),
        ("Chad closed its border with Sudan after the raid.", ["TCD", "SDN"]),
        ("They had been friends since Chad Wolf joined the firm.", []),
        ("They had been friends since Chad Hurley joined the firm.", []),
        ("The boats lay on Lake Chad for a month.", []),
    ],
)
def test_a_state_is_told_from_a_state_of_the_union_and_from_first_names(shipped, text, expected):
    assert ids(shipped, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Congo accused Rwanda of sending arms to the hills of Kivu.", ["COD", "RWA"]),
        ("Congo asked Sassou for calm.", ["COG"]),
        ("Brazzaville was calm as Congolese troops fired over the river.", ["COG", "COG"]),
        ("Kinshasa was calm as Congolese troops fired over the river.", ["COD", "COD"]),
        ("The Republic of the Congo thanked DR Congo for the boats.", ["COG", "COD"]),
        ("Korea and Japan held talks in Seoul about the islands.", ["KOR", "JPN"]),
        ("Korea fired a missile, and Pyongyang praised the crew.", ["PRK", "PRK"]),
        ("North Korea warned South Korea of a flood.", ["PRK", "KOR"]),
        ("Seoul said that the North Korean navy had fired.", ["KOR", "PRK"]),
        ("The Republic of China thanked Paraguay for its vote.", ["TWN", "PRY"]),
        ("The People's Republic of China warned Taiwan of a flood.", ["CHN", "TWN"]),
        ("Beijing warned Taipei of a flood.", ["CHN", "TWN"]),
        ("China and Chinese Taipei sent divers to the games.", ["CHN", "TWN"]),
        ("Guinea thanked the crew, and Doumbouya left the hall.", ["GIN", "GIN"]),
        ("Guinea shut its parliament, and a crowd in Bissau threw stones.", ["GNB"]),
        ("Guinean soldiers fired as Obiang left the hall.", ["GNQ", "GNQ"]),
        ("Guinean soldiers fired as the crowd fled through Conakry.", ["GIN"]),
        ("Guinea-Bissau thanked Papua New Guinea for the boats.", ["GNB", "PNG"]),
        ("Equatorial Guinea said that Guinea had sent no envoy to the talks.", ["GNQ", "GIN"]),
        ("Niger sent the ambassador of Nigeria home.", ["NER", "NGA"]),
        ("Oil spilled into the Niger Delta for a month.", []),
        ("South Sudan accused Sudan of sending arms over the river.", ["SSD", "SDN"]),
        ("The Dominican Republic thanked Dominica for the boats.", ["DOM", "DMA"]),
        ("Northern Ireland thanked Ireland for the boats.", ["northern-ireland", "IRL"]),
    ],
)
def test_states_that_share_a_name_are_told_apart(shipped, text, expected):
    assert ids(shipped, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The White House said that Washington would answer the raid.", ["USA", "USA"]),
        ("Spokane and Washington sued the firm over the spill.", []),
        ("The Washington state legislature sued the firm over the spill.", []),
        ("The army of George Washington crossed the river at night.", []),
        ("The crowd cheered as Mr Washington left the hall.", []),
        ("Turkey condemned the raid on the islands.", ["TUR"]),
        ("They carved the turkey and drank to the guests.", []),
        ("The US told us that it would let us land.", ["USA"]),
        ("It is us whom they fear.", []),
        ("Isis fighters shelled the dam.", ["islamic-state"]),
        ("The dam is full, and the road is shut.", []),
        ("IS fighters shelled the dam, and IS said so.", ["islamic-state"] * 2),
        ("American leaders met by the lake.", ["USA"]),
        ("Latin American leaders met by the lake.", []),
        ("Native American leaders met by the lake.", []),
        ("Indian officials met by the lake.", ["IND"]),
        ("A ship sank in the Indian Ocean with forty men.", []),
        ("The English Channel was calm at night.", []),
        ("Storms crossed the South China Sea at night.", []),
    ],
)
def test_a_capital_or_adjective_is_told_from_words_that_look_like_it(shipped, text, expected):
    assert ids(shipped, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Paris warned the club about its debts.", ["FRA"]),
        ("The crowd cheered as Paris Saint-Germain left the hall.", []),
        ("Moscow sold the farm to a bank.", ["RUS"]),
        ("The farm near Moscow, Idaho, was sold to a bank.", []),
        ("The mayor of Moscow, Idaho, sold the farm to a bank.", []),
        ("Moscow, Washington and Beijing sold their farms.", ["RUS", "USA", "CHN"]),
        ("She flew to Paris, Texas, and then to Lima, Ohio, to rest.", []),
        ("Tunisia shut the office at night.", ["TUN"]),
        ("The office on Tunisia Street was shut at night.", []),
        ("The office on Moscow Road was shut at night.", []),
        ("The march went down Avenue de France at night.", []),
        ("France cancelled the flights after the storm.", ["FRA"]),
        ("Air France cancelled the flights after the storm.", ["air-france"]),
        ("The head of Bank of America met the head of Deutsche Bank.", ["bank-of-america", "deutsche-bank"]),
        ("The Moscow Times and China Daily wrote about the storm.", []),
        ("Havana Club sold more rum after the storm.", []),
        ("The treaty that ended the Vietnam War was signed in spring.", []),
    ],
)
def test_towns_streets_clubs_firms_and_papers_are_not_the_state_in_their_name(shipped, text, expected):
    assert ids(shipped, text) == expected


def who(registry: Registry, text: str, date: str | None = None) -> list[tuple[str, str | None]]:
    """For whom each mention counts, and through whom."""
    return [(m.actor.id, m.agent.id if m.agent else None) for m in find_names(text, registry, date)]


ACTS = "{} told the crowd that the talks had failed."


@pytest.mark.parametrize(
    ("name", "date", "expected"),
    [
        ("Obama", "2006-03-01", ("USA", "barack-obama")),
        ("Obama", "2012-03-01", ("USA", "barack-obama")),
        ("Obama", "2012", ("USA", "barack-obama")),
        ("Obama", "2020-03-01", ("barack-obama", None)),
        ("Obama", "1999-03-01", ("barack-obama", None)),
        ("Obama", None, ("USA", "barack-obama")),
        ("George Bush", "1991-02-01", ("USA", "george-h-w-bush")),
        ("George Bush", "2005-02-01", ("USA", "george-w-bush")),
        ("Bush", "1991-02-01", ("USA", "george-h-w-bush")),
        ("President Bush", "2005-02-01", ("USA", "george-w-bush")),
        ("Assad", "1995-06-01", ("SYR", "hafez-al-assad")),
        ("Assad", "2015-06-01", ("SYR", "bashar-al-assad")),
        ("Assad", None, ("SYR", "bashar-al-assad")),
        ("Clinton", "1995-06-01", ("USA", "bill-clinton")),
        ("Clinton", "2011-06-01", ("USA", "hillary-clinton")),
        ("Vladimir Putin", "1985-05-01", ("vladimir-putin", None)),
        ("Vladimir Putin", "2010-05-01", ("RUS", "vladimir-putin")),
        ("Mandela", "1991-05-01", ("anc", "nelson-mandela")),
        ("Mandela", "1996-05-01", ("ZAF", "nelson-mandela")),
        ("Blair", "1996", ("uk-labour", "tony-blair")),
        ("Blair", "1997-05", ("GBR", "tony-blair")),
        ("Blair", "2003-03-20", ("GBR", "tony-blair")),
    ],
)
def test_a_person_acts_for_what_he_or_she_is_on_the_date(shipped, name, date, expected):
    assert who(shipped, ACTS.format(name), date) == [expected]


def test_a_surname_is_that_of_the_person_whose_full_name_the_text_has(shipped):
    text = "George Bush and Hafez al-Assad met by the lake, where Assad spoke first."
    assert [agent for _, agent in who(shipped, text)][1:] == ["hafez-al-assad"] * 2


@pytest.mark.parametrize(
    ("words", "person"),
    [
        ("Ex-President Nicolas Sarkozy", "nicolas-sarkozy"),
        ("The late Yasser Arafat", "yasser-arafat"),
        ("The former Prime Minister Tony Blair", "tony-blair"),
        ("Former President Barack Obama", "barack-obama"),
        ("The former president George W. Bush", "george-w-bush"),
        ("The deposed president Mohamed Morsi", "mohammed-morsi"),
    ],
)
def test_who_is_called_former_acts_for_nobody(shipped, words, person):
    assert who(shipped, ACTS.format(words)) == [(person, None)]


@pytest.mark.parametrize("words", ["The former Russian foreign minister", "The ousted Tunisian president"])
def test_a_former_office_is_no_mention_of_its_state(shipped, words):
    assert ids(shipped, ACTS.format(words)) == []


@pytest.mark.parametrize(
    ("words", "actor"),
    [
        ("President Vladimir Putin", "RUS"),
        ("Mr. Putin", "RUS"),
        ("Ms Merkel", "DEU"),
        ("Chancellor Angela Merkel", "DEU"),
        ("German Chancellor Angela Merkel", "DEU"),
        ("Russian Foreign Minister Sergei Lavrov", "RUS"),
        ("Russian Foreign Minister Lavrov", "RUS"),
        ("British prime minister, Tony Blair", "GBR"),
        ("Turkish Prime Minister Recep Tayyip Erdogan", "TUR"),
        ("Hamas leader Khaled Meshaal", "hamas"),
        ("U.S. Secretary of State Hillary Clinton", "USA"),
    ],
)
def test_title_and_name_are_one_mention(shipped, words, actor):
    date = "2005-06-01" if "Blair" in words else "2012-06-01"
    assert found(shipped, f"In the evening the {words} told the crowd to leave the hall.", date) == [(actor, words)]


@pytest.mark.parametrize("name", ["Michelle Obama", "Jean Obama Silva", "Xavier Putin"])
def test_a_surname_within_another_persons_name_is_no_mention(shipped, name):
    assert ids(shipped, f"In the evening the crowd listened to {name} by the lake.") == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("an Iran-backed militia", ["IRN"]),
        ("a Turkey-backed militia and a US-backed one", ["TUR", "USA"]),
        ("a Russian-backed militia", ["RUS"]),
        ("a US-led convoy", []),
        ("a Moscow-based bank", []),
        ("a China-made boat", []),
    ],
)
def test_who_backs_is_an_actor_and_who_only_leads_or_makes_is_none(shipped, words, expected):
    assert ids(shipped, f"In the evening they saw {words} by the lake.") == expected


@pytest.mark.parametrize(
    ("words", "name", "kind"),
    [
        ("Syrian rebels", "Syrian rebels", "armed_group"),
        ("Syrian rebel fighters", "Syrian rebels", "armed_group"),
        ("Iraqi insurgents", "Iraqi insurgents", "armed_group"),
        ("Venezuelan opposition", "Venezuelan opposition", "organisation"),
        ("Venezuelan opposition leaders", "Venezuelan opposition", "organisation"),
        ("Venezuelan government", "Venezuela", "state"),
        ("Syrian forces", "Syria", "state"),
    ],
)
def test_rebels_and_opposition_of_a_state_are_actors_of_their_own(shipped, words, name, kind):
    (mention,) = find_names(f"In the evening the {words} left the hall.", shipped)
    assert (mention.actor.name, mention.actor.kind) == (name, kind)


def test_the_rebels_of_a_state_are_one_actor_wherever_they_stand(shipped):
    one, other, foreign = ids(shipped, "Syrian rebels met Syrian rebels, and Iraqi rebels left.")
    assert one == other != foreign


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They said officials in Laos had shut the bridge.", [("LAO", "officials in Laos")]),
        ("They said the courts in Turkey had shut the bridge.", [("TUR", "courts in Turkey")]),
        ("Officials in Laos shut the bridge.", [("LAO", "Officials in Laos")]),
        ("They said villagers in Laos had shut the bridge.", []),
        ("They said the French had shut the bridge.", [("FRA", "French")]),
        ("The Chinese said the bridge was shut.", [("CHN", "Chinese")]),
        ("The Dutch and the Irish attacked the bridge.", [("NLD", "Dutch"), ("IRL", "Irish")]),
        ("They said the British left it.", [("GBR", "British")]),
        ("They carried the French wine over the bridge.", []),
    ],
)
def test_bodies_and_peoples_stand_for_their_state(shipped, text, expected):
    assert found(shipped, text) == expected


def test_a_name_and_its_acronym_in_brackets_are_one_mention(shipped):
    text = "In the evening the Kurdistan Workers' Party (PKK) left, and the PKK said why."
    assert found(shipped, text) == [("pkk", "Kurdistan Workers' Party"), ("pkk", "PKK")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("In the evening she sued Facebook.", ["meta"]), ("In the evening she wrote on Facebook.", [])],
)
def test_a_platform_that_carries_words_is_no_actor(shipped, text, expected):
    assert ids(shipped, text) == expected
