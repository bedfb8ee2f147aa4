"""The hand-written tables of the tests hold everything they speak of: a new panel, endpoint or program is told here where it is missing."""

from playground.panels import PANELS
from playground.tasks.request import Batch
from playground.ui import build_app
from playground.views.code import PROGRAMS
from tests import rooms
from tests.api import test_bad_input
from tests.fake.service import FakeService
from tests.views.test_code import RUNS


def test_every_panel_is_pressed_in_the_browser() -> None:
    assert [panel.id for panel in PANELS if panel.id not in rooms.APART] == list(rooms.ROOMS)
    assert {panel.id for panel in PANELS} == {*rooms.ROOMS, *rooms.APART}


def test_every_endpoint_meets_bad_input() -> None:
    """GOOD and what hangs on it: a model and a text of each."""
    public = {name.removeprefix("/") for name in build_app(FakeService()).get_api_info()["named_endpoints"]}
    assert public == {*test_bad_input.GOOD, *test_bad_input.APART}
    assert set(test_bad_input.ROOM) == set(test_bad_input.GOOD)
    assert {api for api, _ in test_bad_input.TEXTS} == set(test_bad_input.GOOD) - {"classify_lines", "token_steps"}
    assert {api for api, *_ in test_bad_input.WRONG_VALUES} >= {"classify_lines", "token_steps"}


def test_every_sort_of_program_is_run() -> None:
    made = {type(one.requests[0]) if isinstance(one, Batch) else type(one) for one in RUNS.values()}
    assert made >= set(PROGRAMS)
