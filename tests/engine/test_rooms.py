"""Every request the service can be asked has a runner in the list of its own room, and no list holds another room's."""

import subprocess
import sys

import pytest

from playground.catalog import ROOMS
from playground.engine.rooms import runner_of, runners_of
from playground.tasks.attention.attention import AttentionPart
from tests.service.requests import SMALL


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_lists_its_own_requests(room: str) -> None:
    listed = runners_of(room)
    assert listed
    assert {kind.__module__.split(".")[2] for kind in listed} == {room}


@pytest.mark.parametrize("name", SMALL)
def test_a_request_is_found(name: str) -> None:
    request = SMALL[name]
    kind = type(request.of) if isinstance(request, AttentionPart) else type(request)  # read from the run that the whole request makes
    assert callable(runner_of(kind))


def test_a_tokenizers_runners_need_no_torch() -> None:
    code = "import sys; from playground.engine.rooms import runners_of; runners_of('tokens'); print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120).stdout.strip() == "False"
