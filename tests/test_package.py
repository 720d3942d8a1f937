from __future__ import annotations

import doctest
import json
import subprocess
import sys

import pytest

import stance

HEAVY = ("sklearn", "scipy", "trafilatura", "vaderSentiment", "charset_normalizer", "joblib")


def python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", stance.__all__)
def test_every_public_name_resolves(name):
    assert getattr(stance, name) is not None
    assert name in dir(stance)


def test_a_name_that_is_not_public_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'stance' has no attribute 'predict'"):
        stance.predict  # noqa: B018


@pytest.mark.parametrize(
    "code",
    [
        "import stance",
        "import sys\nsys.argv[1:] = ['--help']\nfrom stance.cli import main\ntry: main()\nexcept SystemExit: pass",
    ],
    ids=["import", "help"],
)
def test_starting_loads_nothing_heavy(code):
    *_, loaded = python(f"{code}\nimport json, sys; print(json.dumps(sorted(sys.modules)))").splitlines()
    assert not {module.partition(".")[0] for module in json.loads(loaded)} & set(HEAVY)


def test_predicting_on_a_text_loads_no_scikit_learn():
    *_, loaded = python(
        "import stance, sys; stance.load().predict('Russia met Turkey.'); print('sklearn' in sys.modules)"
    ).splitlines()
    assert loaded == "False"


def test_the_example_in_the_docstring_is_true():
    assert doctest.testmod(stance).attempted > 0
    assert doctest.testmod(stance).failed == 0


def test_the_module_runs_as_a_command():
    done = subprocess.run([sys.executable, "-m", "stance", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == stance.__version__


def test_help_names_every_command():
    done = subprocess.run([sys.executable, "-m", "stance", "--help"], capture_output=True, text=True, check=True)
    for command in ("predict", "explain", "classify", "evaluate", "train", "info"):
        assert f"  {command} " in done.stdout
