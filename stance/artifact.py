"""A model on disk: a folder of plain data, so that loading it can run no code.

=================  ============================================================================
``manifest.json``  format, feature version, task, hash of its lexicons, labels, parameters, seed, library versions,
                   data counts and hash, scores, the SHA-256 of every other file, and that of the manifest itself
``symbols.txt``    the symbols that terms are made of, one a line, sorted; the first is empty
``keys.npy``       int64, shape (n_terms,): the vocabulary, each term a number (see ``stance.features``), sorted
``idf.npy``        float32, shape (n_terms,)
``coef.npy``       float32, shape (n_terms, n_labels)
``intercept.npy``  float64, shape (n_labels,)
``quad_*.npy``     the same two of the quad head, with two columns, where the model has one
``corpus.jsonl.gz``  the training data, where the model was told to carry it
``README.md``      the model card, for people; not read
=================  ============================================================================

To change the format: raise ``FORMAT``. A model of an older format is refused, unless ``read`` is taught to read it and
its feature version is still the same.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stance.corpus import Corpus, read_corpus, to_json
from stance.errors import ArtifactError
from stance.features import FEATURE_VERSION, PairVectorizer
from stance.linear import LinearModel, QuadHead
from stance.reading import lexicons_sha256
from stance.records import QUADS

FORMAT = 3
MANIFEST, SYMBOLS, KEYS, CORPUS, CARD = "manifest.json", "symbols.txt", "keys.npy", "corpus.jsonl.gz", "README.md"
_ARRAYS = ("idf", "coef", "intercept")
_QUAD_ARRAYS = ("quad_coef", "quad_intercept")


@dataclass(frozen=True, slots=True)
class Artifact:
    """What was read from a model folder.

    Attributes
    ----------
    linear : LinearModel
    manifest : mapping
    path : Path
    card : str or None
        Markdown.
    """

    linear: LinearModel
    manifest: Mapping[str, Any]
    path: Path
    card: str | None

    @property
    def sha256(self) -> str:
        """Of the manifest, as it names it, and through it of everything in the folder but the card."""
        return self.manifest["sha256"]


def write(
    path: str | Path, linear: LinearModel, manifest: Mapping[str, Any], card: str, corpus: Corpus | None = None
) -> None:
    """Write a model folder; the same content gives the same bytes.

    Parameters
    ----------
    path : path
        The folder; made where it is missing, its files replaced where it is there.
    linear : LinearModel
    manifest : mapping
        What ``write`` does not know by itself: name, version, parameters, data, scores.
    card : str
        Markdown.
    corpus : Corpus, optional
        Training data for the model to carry.
    """
    path = Path(path)
    contents = {SYMBOLS: "".join(f"{symbol}\n" for symbol in linear.vectorizer.symbols_).encode()}
    arrays: dict[str, np.ndarray] = {
        "keys": linear.vectorizer.keys_,
        "idf": linear.vectorizer.idf_.astype(np.float32),
        "coef": linear.coef.astype(np.float32),
        "intercept": linear.intercept.astype(np.float64),
    }
    if linear.quad:
        arrays["quad_coef"] = linear.quad.coef.astype(np.float32)
        arrays["quad_intercept"] = linear.quad.intercept.astype(np.float64)
    for name, array in arrays.items():
        buffer = io.BytesIO()
        np.save(buffer, array, allow_pickle=False)
        contents[f"{name}.npy"] = buffer.getvalue()
    if corpus:
        lines = "".join(json.dumps(to_json(labelled), ensure_ascii=False) + "\n" for labelled in corpus.pairs)
        contents[CORPUS] = gzip.compress(lines.encode(), mtime=0)
    manifest = {
        "format": FORMAT,
        **manifest,
        "feature_version": FEATURE_VERSION,
        "task": linear.task,
        "lexicon": lexicons_sha256(linear.task),
        "labels": list(linear.labels),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()},
    }
    manifest["sha256"] = _sha256_of(manifest)
    contents[MANIFEST] = (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()
    contents[CARD] = card.encode()
    try:
        path.mkdir(parents=True, exist_ok=True)
        for name in (CORPUS, *(f"{name}.npy" for name in _QUAD_ARRAYS)):
            (path / name).unlink(missing_ok=True)
        for name, content in contents.items():
            (path / name).write_bytes(content)
    except OSError as error:
        raise ArtifactError(f"{path}: the model cannot be written: {error.strerror}") from None


def read(path: str | Path) -> Artifact:
    """Read a model folder.

    Raises
    ------
    ArtifactError
        The folder is no model, is damaged, or was written for other versions.
    """
    path = Path(path)
    manifest = _manifest(path / MANIFEST)
    files, labels = manifest["files"], tuple(manifest["labels"])
    wanted = [SYMBOLS, KEYS, *(f"{name}.npy" for name in _ARRAYS)]
    checked = {name: _checked(path / name, files.get(name)) for name in wanted}
    keys = _array(path / KEYS, checked[KEYS], np.int64)
    idf, coef, intercept = (_array(path / f"{name}.npy", checked[f"{name}.npy"]) for name in _ARRAYS)
    try:
        symbols = checked[SYMBOLS].decode().split("\n")[:-1]
    except UnicodeDecodeError:
        raise ArtifactError(f"{path / SYMBOLS}: is not UTF-8") from None
    shapes = (keys.shape, idf.shape, coef.shape, intercept.shape)
    terms = keys.size
    if shapes != ((terms,), (terms,), (terms, len(labels)), (len(labels),)):
        raise ArtifactError(f"{path}: shapes {shapes} do not fit {terms} terms and {len(labels)} labels")
    vectorizer = PairVectorizer()
    try:
        vectorizer.set_vocabulary(symbols, keys, idf.astype(float))
    except ValueError as error:
        raise ArtifactError(f"{path}: {SYMBOLS} and {KEYS} are no vocabulary: {error}") from None
    card = (path / CARD).read_text(encoding="utf-8", errors="replace") if (path / CARD).is_file() else None
    linear = LinearModel(vectorizer, coef, intercept, labels, _quad_head(path, files, terms))
    return Artifact(linear, manifest, path, card)


def _quad_head(path: Path, files: Mapping[str, str], terms: int) -> QuadHead | None:
    names = [f"{name}.npy" for name in _QUAD_ARRAYS]
    if not any(name in files for name in names):
        return None
    coef, intercept = (_array(path / name, _checked(path / name, files.get(name))) for name in names)
    if coef.shape != (terms, len(QUADS)) or intercept.shape != (len(QUADS),):
        raise ArtifactError(f"{path}: shapes {coef.shape}, {intercept.shape} of the quad head do not fit {terms} terms")
    return QuadHead(coef, intercept)


def _manifest(path: Path) -> dict[str, Any]:
    """Read a manifest, and check it before anything else is looked at."""
    try:
        manifest = json.loads(_content(path))
    except (ValueError, RecursionError):
        manifest = None
    if not isinstance(manifest, dict) or "format" not in manifest:
        raise ArtifactError(f"{path}: is no manifest of a stance model")
    expected = {"format": FORMAT, "feature_version": FEATURE_VERSION, "lexicon": lexicons_sha256(manifest.get("task"))}
    for key, known in expected.items():
        if manifest.get(key) != known:
            found = manifest.get(key, "none")
            raise ArtifactError(
                f"{path}: {key.replace('_', ' ')} {found} found, {known} expected; "
                "retrain the model, or use the version of stance that wrote it"
            )
    if manifest.get("sha256") != _sha256_of(manifest):
        raise ArtifactError(f"{path}: damaged or changed: its SHA-256 is not the one it names")
    labels, files = manifest.get("labels"), manifest.get("files")
    if not (isinstance(labels, list) and len(labels) > 1 and all(isinstance(label, str) for label in labels)):
        raise ArtifactError(f"{path}: the model's labels are {labels!r}; expected at least two names")
    if len(set(labels)) < len(labels) or not isinstance(files, dict):
        raise ArtifactError(f"{path}: the model's labels stand twice, or its files are not listed")
    return manifest


def _sha256_of(manifest: Mapping[str, Any]) -> str:
    """Over everything in a manifest but the hash itself."""
    rest = {key: value for key, value in manifest.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def read_carried_corpus(path: str | Path) -> Corpus:
    """The training data that a model carries; ``ArtifactError`` where it carries none."""
    artifact = read(path)
    compressed = artifact.path / CORPUS
    if CORPUS not in artifact.manifest["files"]:
        raise ArtifactError(f"{path}: does not carry its training data; give the data files instead")
    _checked(compressed, artifact.manifest["files"][CORPUS])
    return read_corpus([compressed], strict=False)  # it was checked before the model was trained


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ArtifactError(f"{path}: cannot be read: {error.strerror}; expected a model folder") from None


def _checked(path: Path, sha256: str | None) -> bytes:
    content = _content(path)
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ArtifactError(f"{path}: damaged or exchanged: SHA-256 {sha256} expected, {found} found")
    return content


def _array(path: Path, content: bytes, *dtypes: type) -> np.ndarray:
    try:
        array = np.load(io.BytesIO(content), allow_pickle=False)
    except Exception as error:  # a forged header makes NumPy raise almost anything
        raise ArtifactError(f"{path}: is no plain array: {error}") from None
    expected = dtypes or (np.float32, np.float64)
    if not isinstance(array, np.ndarray) or array.dtype not in expected or not np.isfinite(array).all():
        raise ArtifactError(f"{path}: is no array of finite {' or '.join(dtype.__name__ for dtype in expected)}")
    return array
