from __future__ import annotations

import csv
import io
import json
import sys

import pytest

import stance

PRAISE = "Norvik praised the Harrow League and sent it forty tonnes of aid.\n"
ATTACK = "Norvik condemned the Sarn Front, and Norvik's jets bombed the Sarn Front's camps.\n"
BESIDE = "A map on the wall showed Norvik and the Harrow League.\n"


@pytest.fixture
def predict(run, actors):
    def call(*arguments, **options):
        return run("predict", *arguments, "--actors", actors, **options)

    return call


@pytest.fixture
def file(tmp_path):
    def write(content: str | bytes, name: str = "article.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def stances(article: dict) -> dict[tuple[str, str], str]:
    return {(dyad["source"], dyad["target"]): dyad["stance"] for dyad in article["dyads"]}


def test_one_article_is_one_json_object_with_true_offsets(predict, file):
    text = f"A headline for Sarn Front\n\n{PRAISE}\n[Norvik attacks the Harrow League]\n{ATTACK}"
    path = file(text)
    done = predict(path, "--no-reference")
    assert (done.code, done.err) == (0, "")
    article = json.loads(done.out)
    assert article["schema"] == 1
    assert article["article"]["path"] == str(path)
    assert stances(article) == {("norvik", "harrow"): "cooperative", ("norvik", "sarn"): "opposed"}
    names = {"norvik": "Norvik", "harrow": "Harrow League", "sarn": "Sarn Front"}
    for actor in article["actors"]:
        assert {text[start:end] for start, end in actor["mentions"]} == {names[actor["id"]]}
    for dyad in article["dyads"]:
        assert sum(dyad["probabilities"].values()) == pytest.approx(1)
        assert dyad["probability"] == dyad["probabilities"][dyad["stance"]]
        for evidence in dyad["evidence"]:
            assert text[evidence["start"] : evidence["end"]] == evidence["text"]
            for role in ("source", "target"):
                assert {text[s:e] for s, e in evidence[f"{role}_spans"]} == {names[dyad[role]]}
    assert article["model"]["name"] == "stance-en"
    assert len(article["model"]["sha256"]) == 64


def test_a_text_pasted_twice_counts_once(predict, file):
    once = json.loads(predict(file(PRAISE)).out)
    twice = json.loads(predict(file(PRAISE + "\n" + PRAISE)).out)
    assert twice["dyads"] == once["dyads"]
    assert once["dyads"][0]["passages"] == 1


def test_both_sides_are_flagged_mixed(predict, file):
    done = predict(file(f"{PRAISE}\nNorvik condemned the Harrow League and imposed sanctions on the Harrow League.\n"))
    (dyad,) = (dyad for dyad in json.loads(done.out)["dyads"] if dyad["source"] == "norvik")
    assert dyad["mixed"]
    assert {evidence["stance"] for evidence in dyad["evidence"]} == {"cooperative", "opposed"}


def test_several_articles_are_a_json_array_in_the_order_given(predict, file):
    first, second = file(ATTACK, "b.txt"), file(PRAISE, "a.txt")
    articles = json.loads(predict(first, second).out)
    assert [article["article"]["path"] for article in articles] == [str(first), str(second)]


def test_jsonl_is_one_article_a_line(predict, file):
    data = file(
        "".join(
            json.dumps({"text": text, "id": k, "title": "T"}) + "\n" for k, text in enumerate([PRAISE, "", ATTACK])
        ),
        "a.jsonl",
    )
    done = predict(data, "--format", "jsonl")
    articles = [json.loads(line) for line in done.out.splitlines()]
    assert [article["article"]["id"] for article in articles] == ["0", "1", "2"]
    assert [len(article["dyads"]) for article in articles] == [1, 0, 1]


def test_csv_has_one_row_for_each_dyad(predict, file):
    done = predict(file(PRAISE, "a.txt"), file(ATTACK, "b.txt"), "-f", "csv")
    rows = [*csv.DictReader(io.StringIO(done.out))]
    assert [(row["source_name"], row["target_name"], row["stance"]) for row in rows] == [
        ("Norvik", "Harrow League", "cooperative"),
        ("Norvik", "Sarn Front", "opposed"),
    ]
    assert rows[0]["evidence"] == PRAISE.strip()


def test_csv_without_dyads_is_its_head(predict, file):
    done = predict(file("It rained."), "-f", "csv")
    assert done.code == 0
    assert done.out.splitlines() == [done.out.strip()]
    assert done.out.startswith("article_id,path,")


@pytest.mark.parametrize("options", [{"tty": True}, {}], ids=["terminal", "asked for"])
def test_the_table_shows_signs_and_passages(predict, file, options):
    asked = ("--no-sentiment",) if options else ("--no-sentiment", "--format", "table")
    done = predict(file(PRAISE + "\n" + ATTACK), *asked, **options)
    rows = [line for line in done.out.splitlines() if line.startswith("Norvik")]
    assert [("+ cooperative" in row, "− opposed" in row) for row in sorted(rows)] == [(True, False), (False, True)]
    assert "Norvik praised the" in done.out


@pytest.mark.parametrize(
    ("format", "read"), [("json", json.loads), ("jsonl", json.loads), ("csv", str), ("table", str)]
)
def test_output_goes_to_a_file_as_it_would_be_printed(predict, file, tmp_path, format, read):
    path, target = file(PRAISE), tmp_path / "result"
    shown = predict(path, "-f", format)
    done = predict(path, "-f", format, "-o", target)
    assert (done.code, done.out) == (0, "")
    with target.open(encoding="utf-8", newline="") as written:
        assert read(written.read()) == read(shown.out)


def test_output_that_cannot_be_written_is_one_clear_line(predict, file, tmp_path):
    done = predict(file(PRAISE), "-o", tmp_path / "no such folder" / "result.json")
    assert done.code in (1, 2)
    assert "no such folder" in done.err


def test_neutral_dyads_are_shown_only_on_request(predict, file):
    path = file(PRAISE)
    assert stances(json.loads(predict(path).out)) == {("norvik", "harrow"): "cooperative"}
    assert stances(json.loads(predict(path, "--all").out)) == {
        ("norvik", "harrow"): "cooperative",
        ("harrow", "norvik"): "neutral",
    }


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (["Norvik:Sarn Front"], {("norvik", "sarn")}),
        (["norvik : SARN"], {("norvik", "sarn")}),
        (["Harrow League:Norvik"], {("harrow", "norvik")}),
        (["norvik:sarn", "norvik:harrow"], {("norvik", "sarn"), ("norvik", "harrow")}),
        (["harrow:sarn"], set()),
    ],
)
def test_pairs_asked_for_are_shown_whatever_their_stance_and_no_others(predict, file, wanted, left):
    options = [part for pair in wanted for part in ("--pair", pair)]
    done = predict(file(PRAISE + "\n" + ATTACK), *options)
    assert done.code == 0
    assert set(stances(json.loads(done.out))) == left


@pytest.mark.parametrize("pair", ["Norvik", "Norvik:", ":Norvik", " : ", ""])
def test_a_pair_that_is_none_is_a_usage_error(predict, file, pair):
    done = predict(file(PRAISE), "--pair", pair)
    assert (done.code, done.out) == (2, "")
    assert "SOURCE:TARGET" in done.err


def test_an_unknown_actor_in_a_pair_is_named(predict, file):
    done = predict(file(PRAISE), "--pair", "Norvik:Ruritanian Guild")
    assert (done.code, done.out) == (1, "")
    assert "no actor is called 'Ruritanian Guild'" in done.err


def test_uncertain_dyads_can_be_left_out(predict, file):
    path = file(PRAISE + "\n" + BESIDE)
    probabilities = sorted(dyad["probability"] for dyad in json.loads(predict(path, "--all").out)["dyads"])
    least = probabilities[-1] - 1e-9
    kept = json.loads(predict(path, "--all", "--min-probability", least).out)["dyads"]
    assert [dyad["probability"] for dyad in kept] == probabilities[-1:]
    assert json.loads(predict(path, "--all", "--min-probability", 1).out)["dyads"] == []


def test_one_broken_input_is_reported_and_the_rest_delivered(predict, file, tmp_path):
    lines = f'{json.dumps({"text": PRAISE})}\n{{"text": \n{json.dumps({"text": ATTACK})}\n'
    done = predict(
        file(PRAISE, "a.txt"),
        file(b"\0\1\2\0", "b.txt"),
        tmp_path / "gone.txt",
        file(lines, "c.jsonl"),
        file(ATTACK, "d.txt"),
    )
    assert done.code == 1
    assert [next(iter(stances(article)))[1] for article in json.loads(done.out)] == ["harrow", "harrow", "sarn", "sarn"]
    messages = done.err.splitlines()
    assert len(messages) == 3
    assert all(message.startswith("stance: ") for message in messages)
    assert [name in message for name, message in zip(("b.txt", "gone.txt", "c.jsonl:2:"), messages, strict=True)] == [
        True
    ] * 3


@pytest.mark.parametrize("format", ["json", "jsonl", "csv", "table"])
@pytest.mark.parametrize("text", ["", "It rained all day.\n", "Norvik said nothing.\n"])
def test_a_text_without_pairs_is_an_empty_result(predict, file, text, format):
    done = predict(file(text), "-f", format)
    assert (done.code, done.err) == (0, "")
    if format == "json":
        assert json.loads(done.out)["dyads"] == []


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"\x89PNG\r\n\x1a\n\0\0", "a.txt"), (b"{", "a.jsonl"), (b"", "a.html"), (None, "empty"), (None, "gone.txt")],
)
def test_an_input_that_cannot_be_read_is_one_line_and_status_1(predict, file, tmp_path, content, name):
    path = tmp_path / name
    if content is not None:
        file(content, name)
    elif name == "empty":
        path.mkdir()
    done = predict(path)
    assert done.code == 1
    assert len(done.err.splitlines()) == 1
    assert name in done.err
    assert json.loads(done.out) == []


def test_half_a_surrogate_pair_is_no_traceback(predict, file):
    lines = json.dumps({"text": PRAISE.strip() + " \ud83d"}) + "\n" + json.dumps({"text": ATTACK, "id": "b"}) + "\n"
    done = predict(file(lines, "a.jsonl"), "-f", "jsonl")
    last = json.loads(done.out.splitlines()[-1])
    assert stances(last) == {("norvik", "sarn"): "opposed"}


def test_mojibake_and_latin1_are_results(predict, file):
    for number, content in enumerate([f"Café. {PRAISE}".encode("latin-1"), f"CafÃ©. {PRAISE}".encode()]):
        done = predict(file(content, f"{number}.txt"))
        assert done.code == 0
        assert stances(json.loads(done.out)) == {("norvik", "harrow"): "cooperative"}


def test_folders_and_patterns_are_inputs(predict, file, tmp_path):
    file(PRAISE, "a.txt")
    file(ATTACK, "b.md")
    assert len(json.loads(predict(tmp_path).out)) == 2
    assert stances(json.loads(predict(tmp_path / "*.md").out)) == {("norvik", "sarn"): "opposed"}


@pytest.mark.parametrize("stdin", [PRAISE, json.dumps({"text": PRAISE}) + "\n"])
def test_standard_input_is_an_input(predict, stdin):
    done = predict("-", stdin=stdin)
    assert done.code == 0
    assert stances(json.loads(done.out)) == {("norvik", "harrow"): "cooperative"}


def test_several_processes_give_what_one_gives(predict, file):
    lines = "".join(json.dumps({"text": (PRAISE, ATTACK)[k % 2], "id": k}) + "\n" for k in range(40))
    path = file(lines, "a.jsonl")
    alone, together = (predict(path, "--jobs", jobs, "-f", "jsonl") for jobs in (1, 2))
    assert together.code == 0
    assert together.out == alone.out


@pytest.mark.parametrize(
    "arguments", [[], ["a.txt", "--format", "xml"], ["a.txt", "--min-probability", "2"], ["a.txt", "--no-such-option"]]
)
def test_wrong_usage_is_status_2(predict, arguments):
    done = predict(*arguments)
    assert (done.code, done.out) == (2, "")
    assert "Usage: " in done.err


@pytest.mark.parametrize("content", [None, "[[actor]]\nid = 1\n", "not toml"])
def test_an_actors_file_that_cannot_be_used_is_one_line(run, file, tmp_path, content):
    own = tmp_path / "mine.toml"
    if content is not None:
        own.write_text(content)
    done = run("predict", file(PRAISE), "--actors", own)
    assert (done.code, done.out) == (1, "")
    assert "mine.toml" in done.err
    assert "Traceback" not in done.err


def test_a_missing_model_is_one_line(predict, file):
    done = predict(file(PRAISE), "--model", "no-such-model")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("stance: no-such-model: no such model")


def test_a_model_without_the_three_stances_says_so(predict, file, pairs_file, small_rows, tmp_path):
    rows = [row for row in small_rows if row["label"] != "neutral"]
    stance.train([pairs_file(rows)], tmp_path / "two")
    done = predict(file(PRAISE), "--model", tmp_path / "two")
    assert (done.code, done.out) in [(1, ""), (1, "[]\n"), (2, "")]
    assert "trained without neutral" in done.err


OFFICE = """
[[person]]
name = "Ada Lorn"

[[person.offices]]
of = "norvik"
title = "head of state"
from = 2010
to = 2014-06-30

[[person.offices]]
of = "sarn"
title = "leader"
from = 2016
"""
LORN = "In the evening Ada Lorn condemned the Harrow League over the raid.\n"


@pytest.fixture
def led(actors):
    """The actors file with a person."""
    actors.write_text(actors.read_text() + OFFICE)
    return actors


@pytest.mark.parametrize(
    ("date", "source"),
    [("2012-03-04", "norvik"), ("2014", "norvik"), ("2015-01", "ada-lorn"), ("2020", "sarn"), (None, "norvik")],
)
def test_the_date_says_for_whom_persons_act(run, file, led, date, source):
    done = run("predict", file(LORN), "--actors", led, *(["--date", date] if date else []))
    assert (done.code, done.err) == (0, "")
    article = json.loads(done.out)
    assert article["article"]["date"] == date
    assert stances(article) == {(source, "harrow"): "opposed"}


def test_the_date_of_the_option_goes_before_that_of_the_text(run, file, led):
    path = file(json.dumps({"text": LORN, "date": "2012-03-04"}) + "\n", "a.jsonl")
    own, given = (
        json.loads(run("predict", path, "--actors", led, *options).out) for options in ([], ["--date", "2020-03-04"])
    )
    assert stances(own) == {("norvik", "harrow"): "opposed"}
    assert stances(given) == {("sarn", "harrow"): "opposed"}


def test_persons_are_actors_of_the_json_beside_those_they_act_for(run, file, led):
    path = file(LORN)
    article = json.loads(run("predict", path, "--actors", led, "--date", "2012").out)
    span = [LORN.index("Ada"), LORN.index(" condemned")]
    assert {actor["id"]: (actor["acts_for"], actor["mentions"]) for actor in article["actors"]} == {
        "norvik": (None, [span]),
        "ada-lorn": ("norvik", [span]),
        "harrow": (None, [[LORN.index("Harrow"), LORN.index(" over")]]),
    }
    assert article["mentions"][0] == {
        "start": span[0],
        "end": span[1],
        "actor": "ada-lorn",
        "acts_for": "norvik",
        "via": "office",
    }


def test_a_pair_can_name_a_person_who_acts_for_one(run, file, led):
    done = run("predict", file(LORN), "--actors", led, "--date", "2012", "--pair", "Ada Lorn:Harrow League")
    assert stances(json.loads(done.out)) == {("norvik", "harrow"): "opposed"}


@pytest.mark.parametrize("date", ["soon", "2012-3-4", "4 March 2012", ""])
def test_a_date_that_is_none_is_a_usage_error(predict, file, date):
    done = predict(file(PRAISE), "--date", date)
    assert (done.code, done.out) == (2, "")
    assert "YYYY-MM-DD" in done.err


REFERRED = "Norvik shut the bridge on Monday. It condemned the Harrow League over the raid.\n"


def test_references_are_linked_unless_told_otherwise(predict, file):
    path = file(REFERRED)
    linked, plain = (json.loads(predict(path, *options).out) for options in ([], ["--no-reference"]))
    assert stances(linked) == {("norvik", "harrow"): "opposed"}
    assert [(m["via"], REFERRED[m["start"] : m["end"]]) for m in linked["mentions"]] == [
        ("name", "Norvik"),
        ("pronoun", "It"),
        ("name", "Harrow League"),
    ]
    assert stances(plain) == {}
    assert {m["via"] for m in plain["mentions"]} == {"name"}


def test_a_headline_the_lead_and_who_says_so_are_told(predict, file):
    text = (
        "Norvik Condemns Harrow League\n\nNorvik condemned the Harrow League over the raid.\n\n"
        "Norvik has also condemned the Harrow League in spring, the Sarn Front said.\n"
    )
    (dyad,) = (
        d for d in json.loads(predict(file(text)).out)["dyads"] if (d["source"], d["target"]) == ("norvik", "harrow")
    )
    told = {evidence["place"]: evidence["attributed_to"] for evidence in dyad["evidence"]}
    assert told == {"headline": None, "lead": None, "body": "sarn"}


def test_an_actor_that_only_the_text_knows_can_be_asked_for(predict, file):
    text = "In the evening Norvik condemned the Velm Council over the raid.\n"
    done = predict(file(text), "--pair", "Norvik:Velm Council")
    assert stances(json.loads(done.out)) == {("norvik", "velm-council"): "opposed"}


def test_further_names_need_spacy_and_the_error_says_so(predict, file, monkeypatch):
    monkeypatch.setitem(sys.modules, "spacy", None)  # as if it were not installed
    done = predict(file(PRAISE), "--ner", "spacy")
    assert (done.code, done.out) == (1, "")
    assert done.err == "stance: --ner needs spaCy: pip install 'actor-stance[ner]'\n"


def test_a_spacy_pipeline_that_is_not_there_is_one_line(predict, file):
    pytest.importorskip("spacy")
    done = predict(file(PRAISE), "--ner", "no_such_pipeline")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("stance: spaCy has no pipeline 'no_such_pipeline'")


def test_names_of_a_spacy_pipeline_are_actors(predict, file, tmp_path):
    spacy = pytest.importorskip("spacy")
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "Sarovia"}])
    nlp.to_disk(tmp_path / "pipeline")
    path = file("In the evening they came through Sarovia.\n")
    plain, helped = (
        json.loads(predict(path, *options).out)["actors"] for options in ([], ["--ner", tmp_path / "pipeline"])
    )
    assert plain == []
    assert [(actor["id"], actor["kind"]) for actor in helped] == [("sarovia", "organisation")]
