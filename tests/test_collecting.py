from __future__ import annotations

import gc

import pytest

from stance.collecting import uncollected


@pytest.fixture(params=[True, False])
def enabled(request):
    before = gc.isenabled()
    (gc.enable if request.param else gc.disable)()
    yield request.param
    (gc.enable if before else gc.disable)()


def test_nothing_is_collected_inside_and_afterwards_it_is_as_before(enabled):
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled() is enabled


def test_an_error_leaves_it_as_before(enabled):
    with pytest.raises(KeyError), uncollected():
        raise KeyError
    assert gc.isenabled() is enabled
