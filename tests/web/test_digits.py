"""One table of numbers as text, for Python and the page; and that nothing on the page rounds by itself."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from playground.tasks.precision import packing_error
from playground.views.text import number, percent, signed
from playground.views.wire import packed, weights
from tests.web.node import WEB, run

# Exact decimal arithmetic on the binary value of each number, halves away from zero (worked out with fractions.Fraction, by hand).
TABLE = json.loads(Path(__file__).with_name("digits.json").read_text("utf-8"))
VIEWS = WEB.parent / "views"
# What a style needs is no figure anybody reads, and the bare number of an input stays a number.
STYLES = re.compile(r"setProperty|rgba\(|stroke-opacity|strength|String\(\+\(\+|toPrecision")


def test_python_and_the_page_write_a_number_alike() -> None:
    numbers = [number(value, places, error) for value, places, error, _ in TABLE["numbers"]]
    percents = [percent(share, places) for share, places, _ in TABLE["percents"]]
    assert numbers == [row[-1] for row in TABLE["numbers"]] and percents == [row[-1] for row in TABLE["percents"]]
    code = """return [given.numbers.map(([value, places, error]) => numberText(value, places, error)),
      given.percents.map(([share, places]) => percentText(share, places ?? undefined))];"""
    assert run({"digits.js": "numberText, percentText"}, code, TABLE) == [numbers, percents]


def test_random_numbers_too() -> None:
    rng = np.random.default_rng(0)
    values = [*(rng.standard_normal(400) * 10.0 ** rng.integers(-6, 4, 400)).tolist(), *(rng.integers(-99, 99, 100) / 8).tolist()]
    given = [[value, int(rng.integers(0, 6))] for value in values]
    page = run({"digits.js": "numberText"}, "return given.map(([value, places]) => numberText(value, places));", given)
    assert page == [number(value, places) for value, places in given]
    assert signed(0.004) == "0.00" and signed(-0.004) == "0.00" and signed(0.005001) == "+0.01" and signed(-1.0) == "−1.00"


def test_no_digit_that_float16_does_not_have() -> None:
    """A float16 is told with digits that its neighbours do not share by accident: numpy's own spacing, halved, is the error."""
    values = np.array([0.00011, 0.0123, 0.4878, 0.9995, 2.2, 31.7, 4931.0], np.float16).astype(float).tolist()
    errors = run({"digits.js": "halfError"}, "return given.map(halfError);", values)
    assert errors == [float(np.spacing(np.float16(value))) / 2 for value in values]
    texts = run({"digits.js": "numberText, halfError"}, "return given.map((v) => numberText(v, 4, halfError(v)));", values)
    assert texts == ["0.0001", "0.0123", "0.488", "1.000", "2.20", "31.7", "4930"]


@pytest.mark.parametrize("weight", [1.0, 0.5, 0.01, 1e-5, 1e-9, 0.0])
def test_the_page_knows_how_far_a_packed_weight_can_be_off(weight: float) -> None:
    given = {"sent": packed({"weights": weights(np.zeros(1, np.uint16))}), "weight": weight}
    code = "return errorOf(read(bytesOf(given.sent)).arrays.weights, given.weight);"
    assert run({"wire.js": "bytesOf, errorOf, read"}, code, given) == pytest.approx(packing_error(weight), rel=1e-9)


def test_the_page_rounds_in_one_place() -> None:
    """toFixed and its kin are in digits.js alone, but for styles."""
    found = []
    for path in sorted(WEB.rglob("*.js")):
        for line in path.read_text("utf-8").splitlines():
            if path.name != "digits.js" and re.search(r"toFixed|toLocaleString|Math\.round\(100", line) and not STYLES.search(line):
                found.append(f"{path.name}: {line.strip()}")
    assert found == []


def test_views_write_per_cents_in_one_place() -> None:
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted(VIEWS.rglob("*.py"))
        for line in path.read_text("utf-8").splitlines()
        if path.name != "text.py" and re.search(r":\.\d(f\} ?%|%)", line)
    ]
    assert found == []
