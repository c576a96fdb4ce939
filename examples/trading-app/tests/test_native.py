import pytest

from trading.native import sweep_cost, sweep_cost_python


@pytest.mark.parametrize("quantity", [0, 1, 5, 8, 100])
def test_both_loops_agree(quantity: int):
    levels = [(100, 5), (101, 3), (107, 2)]
    assert sweep_cost(levels, quantity) == sweep_cost_python(levels, quantity)


def test_no_levels_cost_nothing():
    assert sweep_cost([], 5) == (0, 0)
