"""Arrays between Python and the page: what numpy holds, what numpy alone reads in the bytes, and what the page reads in them."""

import base64
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from playground.tasks.precision import packed as coded
from playground.tasks.precision import packing_error
from playground.views.wire import Coded, cosines, halves, message, packed, rising, scaled, weights, whole
from tests import wire
from tests.web.node import run

RNG = np.random.default_rng(5)
PAGE = {"wire.js": "read, numbers, bytesOf"}
# JSON has no NaN and no infinity: they travel back as text.
LIST = "const list = (one) => [...one].map((n) => (Number.isFinite(n) ? n : String(n)));"


def paged(arrays: dict[str, Any]) -> dict[str, NDArray[Any]]:
    """The numbers of `arrays` as the page reads them."""
    code = LIST + "return Object.entries(read(bytesOf(given)).arrays).map(([name, one]) => [name, one.shape, list(numbers(one))]);"
    found = run(PAGE, code, packed(arrays))
    return {name: np.array([float(one) for one in flat]).reshape(shape) for name, shape, flat in found}


def test_every_kind_of_number_comes_back_exactly() -> None:
    """Shapes of odd sizes, so that padding is in play; the extremes of each kind; halves below the normal range."""
    given = {
        "u1": RNG.integers(0, 256, (3, 5)).astype(np.uint8), "i2": np.array([-32768, 0, 32767], np.int16),
        "u2": np.array([[0, 65535]], np.uint16), "i4": np.array([-(2**31), 2**31 - 1, 7], np.int32), "empty": np.zeros((0, 4), np.float32),
        "f2": np.array([0, -0.0, 6e-8, 6.1e-5, 1 / 3, -65504, np.inf, np.nan], np.float16),
        "f4": np.array([np.nan, np.inf, 1e-40, np.pi], np.float32), "f8": np.array([np.pi, 1e-300]),
    }  # fmt: skip
    by_numpy, by_page = wire.unpack(packed(given)), paged(given)
    for name, numbers in given.items():
        np.testing.assert_array_equal(by_numpy[name], numbers)
        np.testing.assert_array_equal(by_page[name], numbers.astype(float))
        assert by_page[name].shape == numbers.shape


def test_what_is_no_plain_array_is_laid_out_as_one() -> None:
    """Big-endian, Fortran order, a view with steps: numpy says what each element is."""
    table = np.arange(24, dtype=np.int32).reshape(4, 6)
    given = {"turned": table.T, "every second": table[::2, ::3], "big": table.astype(">f4"), "fortran": np.asfortranarray(table)}
    for name, numbers in paged(given).items():
        np.testing.assert_array_equal(numbers, given[name])
    with pytest.raises(TypeError, match="int64"):
        packed({"long": np.arange(3)})


@pytest.mark.parametrize("values", [[], [0], [255], [256], [65535], [65536], [-1, 5], [7, 7, 9, 300]])
def test_whole_numbers_take_the_smallest_kind(values: list[int]) -> None:
    given = np.array(values, np.int64)
    size = 1 if not values or (min(values) >= 0 and max(values) < 256) else 2 if min(values) >= 0 and max(values) < 65536 else 4
    assert whole(given).codes.itemsize == size
    assert rising(np.sort(given)).codes.tolist() == np.diff(np.sort(given), prepend=0).tolist()
    page = paged({"whole": whole(given), "rising": rising(np.sort(given))})
    assert page["whole"].tolist() == values and page["rising"].tolist() == sorted(values)


@pytest.mark.parametrize("values", [[], [3.0], [2.0, 2.0], [-11.5, 0.0, 13.25, 1e-3]])
def test_scaled_numbers_come_back_to_half_a_step(values: list[float]) -> None:
    given = np.array(values, np.float32)
    step = (max(values, default=0) - min(values, default=0)) / 65535
    assert paged({"a": scaled(given)})["a"] == pytest.approx(values, abs=step / 2 + 1e-6)
    assert wire.unpack(packed({"a": scaled(given)}))["a"] == pytest.approx(values, abs=step / 2 + 1e-9)


def test_cosines_halves_and_weights_keep_what_they_promise() -> None:
    """Four decimals of a cosine; numpy's own float16; of an attention weight what tasks/precision.py says."""
    between, real = RNG.uniform(-1, 1, 500), (RNG.standard_normal(500) * 10.0 ** RNG.integers(-6, 6, 500)).astype(np.float32)
    shares = RNG.dirichlet(np.full(300, 0.1), 3).astype(np.float32)
    page = paged({"cosines": cosines(between), "halves": halves(real), "weights": weights(coded(shares))})
    assert np.abs(page["cosines"] - between).max() < 5e-5
    np.testing.assert_array_equal(page["halves"], np.clip(real, -65504, 65504).astype(np.float16).astype(float))
    assert (np.abs(page["weights"] - shares) <= packing_error(shares.astype(float))).all()
    assert paged({"ends": Coded(np.array([0, 255], np.uint8), 255)})["ends"].tolist() == [0, 1]


def test_messages_of_a_stream_come_one_by_one_however_it_is_cut() -> None:
    """Cut at every place that a network might cut it: in sevens, and all at once."""
    arrays = [{"n": np.arange(i, dtype=np.float32), "m": np.arange(i + 1, dtype=np.uint8)} for i in range(4)]
    stream = b"".join(message({"number": i, "text": 'é " ⏎'}, one) for i, one in enumerate(arrays))
    assert [(about["number"], found["n"].size) for about, found in wire.read_all(stream)] == [(i, i) for i in range(4)]
    code = """
      const bytes = new Uint8Array(bytesOf(given)), told = [];
      for (const size of [7, bytes.length]) {
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.slice(i * size, (i + 1) * size));
        const body = new ReadableStream({ start(stream) { pieces.forEach((one) => stream.enqueue(one)); stream.close(); } });
        for await (const { about, arrays } of messages(body)) told.push([about.number, about.text, [...arrays.n.data], [...arrays.m.data]]);
      }
      return told;"""
    found = run({"wire.js": "messages, bytesOf"}, code, base64.b64encode(stream).decode())
    assert found == 2 * [[i, 'é " ⏎', one["n"].tolist(), one["m"].tolist()] for i, one in enumerate(arrays)]


def test_base64_there_and_back() -> None:
    data = bytes(range(256)) * 300
    code = "return base64Of(bytesOf(given)) === given;"
    assert run({"wire.js": "bytesOf, base64Of"}, code, base64.b64encode(data).decode()) is True
