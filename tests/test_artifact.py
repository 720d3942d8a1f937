from __future__ import annotations

import gzip
import hashlib
import io
import json
import pickle
import shutil
import zipfile
from pathlib import Path

import joblib
import numpy as np
import pytest
from templates import fill

import stance
from stance import ArtifactError, StanceClassifier, artifact

SENTENCES = [
    "{s} condemned {t} on Monday.",
    "{s} sent forty field kitchens to {t}.",
    "{s} lies north of {t}.",
    "{t} was praised by {s}.",
]
PAIRS = [fill(sentence, s="Norvik", t="Ostmark") for sentence in SENTENCES]
LABELS = ["opposed", "cooperative", "neutral", "cooperative"]
FILES = ["symbols.txt", "keys.npy", "idf.npy", "coef.npy", "intercept.npy", "quad_coef.npy", "quad_intercept.npy"]


@pytest.fixture
def folder(trained, tmp_path) -> Path:
    """A model folder to change at will."""
    return Path(shutil.copytree(trained.path, tmp_path / "model"))


def change_manifest(folder: Path, **changes) -> None:
    """Change a manifest and sign it anew."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8")) | changes
    del manifest["sha256"]
    manifest["sha256"] = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def forge(folder: Path, name: str, content: bytes) -> None:
    """Exchange a file, with its hash in the manifest, as somebody with bad intentions would."""
    (folder / name).write_bytes(content)
    files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    change_manifest(folder, files=files | {name: hashlib.sha256(content).hexdigest()})


def array_file(array: np.ndarray, *, allow_pickle: bool = False) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=allow_pickle)
    return buffer.getvalue()


class CreatesFile:
    """Unpickling one creates a file."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self):
        return (open, (str(self.marker), "w"))


def test_a_model_read_back_gives_the_same_probabilities(trained):
    again = stance.load(trained.path)
    for before, after in zip(trained.model.classify(PAIRS), again.classify(PAIRS), strict=True):
        assert after.probabilities == before.probabilities


def test_what_was_written_is_what_is_read(trained, tmp_path):
    linear = trained.model.linear
    artifact.write(tmp_path / "copy", linear, {"name": "copy", "version": "1"}, "# Card, über alles\n")
    read = artifact.read(tmp_path / "copy")
    assert read.linear.labels == linear.labels
    assert read.linear.vectorizer.symbols_ == linear.vectorizer.symbols_
    np.testing.assert_array_equal(read.linear.vectorizer.keys_, linear.vectorizer.keys_)
    np.testing.assert_allclose(read.linear.probabilities(PAIRS), linear.probabilities(PAIRS), atol=1e-12)
    assert read.card == "# Card, über alles\n"
    assert read.manifest["name"] == "copy"


def test_float64_weights_survive_to_one_in_a_million(tmp_path):
    linear = StanceClassifier(min_df=1, calibration_folds=0).fit(PAIRS, LABELS).linear_
    artifact.write(tmp_path / "model", linear, {"name": "m", "version": "1"}, "")
    read = artifact.read(tmp_path / "model").linear
    np.testing.assert_allclose(read.probabilities(PAIRS), linear.probabilities(PAIRS), atol=1e-6)


def test_the_same_content_gives_the_same_bytes(trained, tmp_path):
    corpus = artifact.read_carried_corpus(trained.path)
    for name in ("a", "b"):
        artifact.write(tmp_path / name, trained.model.linear, {"name": "m", "version": "1"}, "card", corpus)
    written = [{path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("a", "b")]
    assert written[0] == written[1]
    assert {*FILES, "manifest.json", "corpus.jsonl.gz", "README.md"} == written[0].keys()


def test_the_hash_of_a_model_follows_its_content(trained, folder):
    assert artifact.read(folder).sha256 == artifact.read(trained.path).sha256
    change_manifest(folder, seed=99)
    assert artifact.read(folder).sha256 != artifact.read(trained.path).sha256


def test_a_model_without_a_quad_head_can_be_read(folder, trained):
    files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    change_manifest(folder, files={name: digest for name, digest in files.items() if "quad" not in name})
    answers = stance.load(folder).classify(PAIRS)
    assert [answer.quad for answer in answers] == [None] * len(PAIRS)
    assert [a.probabilities for a in answers] == [a.probabilities for a in trained.model.classify(PAIRS)]


def test_a_quad_head_of_the_wrong_shape_is_refused(folder):
    forge(folder, "quad_intercept.npy", array_file(np.zeros(3)))
    with pytest.raises(ArtifactError, match="quad head"):
        stance.load(folder)


def test_a_card_is_for_people_and_may_be_missing_or_edited(folder):
    (folder / "README.md").write_bytes(b"edited \xff")
    assert stance.load(folder).card.startswith("edited")
    (folder / "README.md").unlink()
    assert stance.load(folder).card is None


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("place", [0, 0.5, -1])
def test_one_changed_byte_is_found(folder, name, place):
    content = bytearray((folder / name).read_bytes())
    position = place if place == -1 else int(place * len(content))
    content[position] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(ArtifactError, match=name):
        stance.load(folder)


def test_one_changed_byte_of_a_hash_is_found(folder):
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    digest = json.loads(text)["files"]["coef.npy"]
    (folder / "manifest.json").write_text(text.replace(digest, digest[:-1] + "x"), encoding="utf-8")
    with pytest.raises(ArtifactError, match=r"manifest\.json: damaged or changed"):
        stance.load(folder)


def test_labels_that_change_places_are_found(folder):
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    swapped = text.replace('"cooperative"', "?").replace('"opposed"', '"cooperative"').replace("?", '"opposed"')
    (folder / "manifest.json").write_text(swapped, encoding="utf-8")
    with pytest.raises(ArtifactError, match=r"manifest\.json: damaged or changed"):
        stance.load(folder)


@pytest.mark.parametrize("name", ["manifest.json", *FILES])
@pytest.mark.parametrize("kept", [0, 0.5, -1])
def test_a_truncated_file_is_found(folder, name, kept):
    content = (folder / name).read_bytes().rstrip()
    (folder / name).write_bytes(content[: kept if kept == -1 else int(kept * len(content))])
    with pytest.raises(ArtifactError, match=name):
        stance.load(folder)


@pytest.mark.parametrize("name", ["manifest.json", *FILES])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(ArtifactError, match=name):
        artifact.read(folder)


@pytest.mark.parametrize("name", ["manifest.json", *FILES])
def test_a_folder_in_the_place_of_a_file_is_named(folder, name):
    (folder / name).unlink()
    (folder / name).mkdir()
    with pytest.raises(ArtifactError, match=name):
        artifact.read(folder)


def test_files_may_not_be_exchanged_for_each_other(folder):
    shutil.copy(folder / "idf.npy", folder / "intercept.npy")
    with pytest.raises(ArtifactError, match=r"intercept\.npy"):
        stance.load(folder)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": artifact.FORMAT + 1}, f"format {artifact.FORMAT + 1} found, {artifact.FORMAT} expected"),
        ({"format": 0}, f"format 0 found, {artifact.FORMAT} expected"),
        ({"feature_version": 999}, "feature version 999 found"),
        ({"lexicon": "0" * 64}, "lexicon 0000"),
    ],
)
def test_a_model_of_another_version_says_what_was_found_and_expected(folder, changes, said):
    change_manifest(folder, **changes)
    with pytest.raises(ArtifactError) as caught:
        stance.load(folder)
    assert str(folder) in str(caught.value)
    assert said in str(caught.value)


def test_a_newer_format_may_look_altogether_different(folder):
    (folder / "manifest.json").write_text(json.dumps({"format": 17, "layers": []}), encoding="utf-8")
    with pytest.raises(ArtifactError, match=f"format 17 found, {artifact.FORMAT} expected"):
        stance.load(folder)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"format = 1",
        b"\xff\xfe\x00",
        b"null",
        b"[]",
        b"[1, 2]",
        b'"manifest"',
        b"{}",
        b"7",
        b"[" * 100_000,
        b'{"format": ' + b"9" * 5_000 + b"}",
        b'{"format": 1, "feature_version": 1, "labels": ["a"], "files": 3}',
    ],
    ids=lambda content: content[:12].decode("latin-1") or "empty",
)
def test_what_is_no_manifest_is_refused(folder, content):
    (folder / "manifest.json").write_bytes(content)
    with pytest.raises(ArtifactError, match=r"manifest\.json"):
        stance.load(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"labels": None},
        {"labels": 3},
        {"labels": []},
        {"labels": ["cooperative"]},
        {"labels": "abc"},
        {"labels": {"a": 1, "b": 2, "c": 3}},
        {"labels": [["a"], ["b"], ["c"]]},
        {"labels": [1, 2, 3]},
        {"labels": ["opposed", "opposed", "opposed"]},
        {"files": None},
        {"files": []},
        {"files": {}},
        {"files": "coef.npy"},
        {"files": dict.fromkeys(FILES, None)},
    ],
    ids=json.dumps,
)
def test_a_manifest_of_another_shape_is_refused(folder, changes):
    change_manifest(folder, **changes)
    with pytest.raises(ArtifactError, match=r"model"):
        stance.load(folder)


@pytest.mark.parametrize("name", FILES[1:])
def test_a_pickle_in_an_array_is_refused_and_does_not_run(folder, name, tmp_path):
    marker = tmp_path / "marker"
    content = array_file(np.array([CreatesFile(marker)], dtype=object), allow_pickle=True)
    forge(folder, name, content)
    with pytest.raises(ArtifactError, match=name):
        stance.load(folder)
    assert not marker.exists()
    np.load(folder / name, allow_pickle=True)  # it would have run
    assert marker.exists()


def test_a_bare_pickle_for_an_array_does_not_run_either(folder, tmp_path):
    marker = tmp_path / "marker"
    forge(folder, "coef.npy", pickle.dumps(CreatesFile(marker)))
    with pytest.raises(ArtifactError, match=r"coef\.npy"):
        stance.load(folder)
    assert not marker.exists()


def zip_of_arrays() -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, a=np.zeros(3))
    return buffer.getvalue()


def empty_zip() -> bytes:
    buffer = io.BytesIO()
    zipfile.ZipFile(buffer, "w").close()
    return buffer.getvalue()


def npy_with_header(header: str) -> bytes:
    padded = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(padded).to_bytes(2, "little") + padded


BAD_ARRAYS = {
    "empty": b"",
    "text": b"0.1 0.2 0.3\n",
    "magic only": b"\x93NUMPY",
    "cut short": array_file(np.zeros(3))[:-4],
    "zip of arrays": zip_of_arrays(),
    "empty zip": empty_zip(),
    "broken zip": b"PK\x03\x04 not really",
    "integers": array_file(np.zeros(3, dtype=int)),
    "complex": array_file(np.zeros(3, dtype=complex)),
    "strings": array_file(np.array(["a", "b", "c"])),
    "records": array_file(np.zeros(3, dtype=[("a", float)])),
    "not a number": array_file(np.array([0.0, np.nan, 0.0])),
    "infinite": array_file(np.array([0.0, np.inf, 0.0])),
    "too few": array_file(np.zeros(2)),
    "two dimensions": array_file(np.zeros((3, 3))),
    "no dimension": array_file(np.array(0.0)),
    "header no dict": npy_with_header("[1, 2]"),
    "header no python": npy_with_header("{'descr': ((("),
    "header without shape": npy_with_header("{'descr': '<f8', 'fortran_order': False}"),
    "negative shape": npy_with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (-3,)}"),
    "shape too large for memory": npy_with_header(
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000000,)}"
    ),
    "shape beyond integers": npy_with_header(
        "{'descr': '<f8', 'fortran_order': False, 'shape': (10**3, 9" + "9" * 25 + ")}"
    ),
}


@pytest.mark.parametrize("content", BAD_ARRAYS.values(), ids=BAD_ARRAYS.keys())
def test_what_is_no_fitting_array_is_refused(folder, content):
    forge(folder, "intercept.npy", content)
    with pytest.raises(ArtifactError, match=r"model"):
        stance.load(folder)


ONE, TWO = 1 << 38, 2 << 38  # the terms "g: …" of the first and the second symbol


@pytest.mark.parametrize(
    ("symbols", "keys"),
    [
        pytest.param(b"\xff\xfe\n", [ONE], id="no UTF-8"),
        pytest.param(b"peace\nwar\n", [ONE], id="no empty symbol first"),
        pytest.param(b"\nwar\nwar\n", [ONE], id="a symbol twice"),
        pytest.param(b"\nwar\npeace\n", [ONE, TWO], id="symbols not sorted"),
        pytest.param(b"\npeace\nwar\n", [TWO, ONE], id="keys not sorted"),
        pytest.param(b"\npeace\nwar\n", [ONE, ONE], id="a key twice"),
        pytest.param(b"\npeace\nwar\n", [3 << 38], id="a symbol that is not there"),
        pytest.param(b"\npeace\nwar\n", [0], id="no term"),
        pytest.param(b"\npeace\nwar\n", [31 << 57 | ONE], id="unknown kind"),
        pytest.param(b"\npeace\nwar\n", [-1], id="negative"),
        pytest.param(b"", [], id="nothing"),
    ],
)
def test_what_is_no_vocabulary_is_refused(folder, symbols, keys):
    forge(folder, "symbols.txt", symbols)
    forge(folder, "keys.npy", array_file(np.array(keys, dtype=np.int64)))
    forge(folder, "idf.npy", array_file(np.ones(len(keys), dtype=np.float32)))
    forge(folder, "coef.npy", array_file(np.ones((len(keys), 3), dtype=np.float32)))
    with pytest.raises(ArtifactError, match=r"symbols\.txt"):
        stance.load(folder)


def test_a_vocabulary_of_another_length_is_refused(folder):
    forge(folder, "keys.npy", array_file(np.array([ONE], dtype=np.int64)))
    with pytest.raises(ArtifactError, match="1 terms"):
        stance.load(folder)


def test_the_carried_corpus_is_the_training_data(trained, small_rows):
    corpus = artifact.read_carried_corpus(trained.path)
    assert [labelled.pair.id for labelled in corpus.pairs] == [row["id"] for row in small_rows]
    assert [labelled.label for labelled in corpus.pairs] == [row["label"] for row in small_rows]
    assert [labelled.article for labelled in corpus.pairs] == [row["article"] for row in small_rows]
    assert corpus.sha256 == trained.model.manifest["data"]["sha256"]


def test_a_model_without_carried_data_says_so(trained, tmp_path):
    artifact.write(tmp_path / "bare", trained.model.linear, {"name": "bare", "version": "1"}, "")
    with pytest.raises(ArtifactError, match="does not carry"):
        artifact.read_carried_corpus(tmp_path / "bare")


def test_writing_without_data_removes_the_data_of_before(folder, trained):
    artifact.write(folder, trained.model.linear, {"name": "bare", "version": "1"}, "")
    assert not (folder / "corpus.jsonl.gz").exists()
    artifact.read(folder)


@pytest.mark.parametrize("damage", ["changed", "missing", "cut"])
def test_damage_to_the_carried_corpus_is_found(folder, damage):
    path = folder / "corpus.jsonl.gz"
    content = path.read_bytes()
    path.unlink()
    if damage == "changed":
        path.write_bytes(gzip.compress(gzip.decompress(content) + b"\n"))
    elif damage == "cut":
        path.write_bytes(content[:-8])
    with pytest.raises(ArtifactError, match=r"corpus\.jsonl\.gz"):
        artifact.read_carried_corpus(folder)


def test_a_place_that_cannot_be_written_is_named(trained, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ArtifactError, match="cannot be written"):
        artifact.write(tmp_path / "file" / "model", trained.model.linear, {"name": "m", "version": "1"}, "")


@pytest.mark.parametrize("name", ["nowhere", "", "no/such/folder", "stance-xx"])
def test_a_model_that_is_not_there_is_named(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ArtifactError):
        stance.load(tmp_path / "empty" / name)


@pytest.fixture(scope="module")
def joblib_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("joblib") / "mine.joblib"
    joblib.dump(StanceClassifier(min_df=1, calibration_folds=0).fit(PAIRS, LABELS), path)
    return path


def test_a_joblib_file_is_accepted_when_trusted(joblib_file):
    model = stance.load(joblib_file, trusted=True)
    assert [answer.label for answer in model.classify(PAIRS)] == LABELS
    assert model.stamp.name == "mine"
    assert model.stamp.sha256 == hashlib.sha256(joblib_file.read_bytes()).hexdigest()


def test_a_joblib_file_is_refused_otherwise(joblib_file):
    with pytest.raises(ArtifactError, match=r"mine\.joblib.*trusted=True"):
        stance.load(joblib_file)


def test_a_joblib_file_that_is_not_trusted_does_not_run(tmp_path):
    joblib.dump(CreatesFile(tmp_path / "marker"), tmp_path / "evil.joblib")
    with pytest.raises(ArtifactError, match=r"evil\.joblib"):
        stance.load(tmp_path / "evil.joblib")
    assert not (tmp_path / "marker").exists()


@pytest.mark.parametrize(
    "value", [{"coef": [1]}, StanceClassifier(), None], ids=["another object", "not fitted", "nothing"]
)
def test_a_trusted_joblib_file_must_hold_a_fitted_classifier(tmp_path, value):
    joblib.dump(value, tmp_path / "other.joblib")
    with pytest.raises(ArtifactError, match=r"other\.joblib: .*expected a fitted StanceClassifier"):
        stance.load(tmp_path / "other.joblib", trusted=True)


@pytest.mark.parametrize("name", ["model.joblib", "model.pkl", "model.txt"])
def test_a_file_that_is_no_model_is_refused(tmp_path, name):
    (tmp_path / name).write_bytes(b"nothing of the kind")
    with pytest.raises(ArtifactError, match=name):
        stance.load(tmp_path / name, trusted=True)
