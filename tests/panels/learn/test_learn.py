"""The learn tab over the fake service: scenes fill inputs, heads are counted, failures provoked, and two models asked side by side."""

import json
import time
from typing import Any

import pytest

from playground.engine.learn.hosted import Connection
from playground.errors import BadInput, ModelUnavailable
from playground.panels.learn.fresh_head import count_others
from playground.panels.learn.hosted import _in_turn, ask_both
from playground.panels.learn.issues import provoke
from playground.panels.learn.learn import PANEL, installed
from playground.service.hosted import HostedService
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.learn.fresh_head import FreshHeadRequest
from playground.tasks.learn.hosted import UNSET, HostedRequest
from playground.tasks.learn.issues import IssueRequest
from playground.tasks.request import Batch
from playground.tasks.tokens.tokens import TokensRequest
from playground.ui import build_app
from playground.web.component import Component
from tests.fake.service import FakeService
from tests.panels.panel import WritingService, built, elem_ids
from tests.service.openai_server import OpenAIServer, endless, writes


class Unset(WritingService):
    """No hosted model is set up."""

    def stream(self, request: Any) -> Any:
        if isinstance(request, HostedRequest):
            raise ModelUnavailable(UNSET)
        return super().stream(request)

    def run(self, request: Any) -> Any:
        if isinstance(request, HostedRequest):
            raise ModelUnavailable(UNSET)
        return super().run(request)


def test_nothing_is_asked_of_the_service_while_the_page_is_built() -> None:
    service = WritingService()
    page = built(PANEL, service)
    assert service.asked == []
    needed = {"learn-lesson", "learn-quiz", "issues-kind", "issues-run", "fresh-run", "fresh-stop", "hosted-run", "hosted-stop"}
    assert needed <= elem_ids(page)
    assert [block for block in page.blocks.values() if isinstance(block, Component)]


def test_heads_are_counted_with_fresh_seeds_each_time() -> None:
    service = WritingService()
    shown = list(count_others(service, 40))[-1]
    fresh = next(request for request in service.asked if isinstance(request, FreshHeadRequest))
    assert fresh.seeds == tuple(range(60, 80))
    assert len(fresh.texts) == 64
    assert isinstance(service.asked[-1], Batch)
    assert "20 fresh heads got" in shown[0]["text"]
    assert len(shown[1]["rows"]) == 21
    assert shown[2] == 60


def test_tokens_are_provoked_with_the_other_tokenizers_numbers() -> None:
    service = WritingService()
    shown = list(provoke(service, "tokens", "one two three"))[-1]
    assert service.asked[0] == TokensRequest("one two three", "smollm2-135m", False)
    assert service.asked[1] == IssueRequest("tokens", "minilm-l6", "one two three", (0, 1, 2))
    assert shown[1]["said"] == "IndexError: index out of range"


@pytest.mark.parametrize("kind", ["window", "cuda"])
def test_other_failures(kind: str) -> None:
    service = WritingService()
    assert list(provoke(service, kind, "x y"))[-1][1]["code"]
    assert service.asked == [IssueRequest(kind, "minilm-l6", "x y")]


def test_a_missing_key_says_which_variable() -> None:
    assert "OPENAI_API_KEY" in list(provoke(Unset(), "key", ""))[-1][1]["said"]
    assert "nothing is missing" in list(provoke(WritingService(), "key", ""))[-1][1]["said"]


@pytest.mark.parametrize(("kind", "text"), [("tokens", ""), ("window", "   "), ("nosuch", "x"), (None, "x"), ("tokens", "x" * 5_001)])
def test_bad_input_is_a_sentence(kind: Any, text: str) -> None:
    with pytest.raises(BadInput) as caught:
        list(provoke(WritingService(), kind, text))
    assert len(str(caught.value).split()) > 3


def test_both_are_asked_and_both_are_shown() -> None:
    service = WritingService()
    shown = list(ask_both(service, "Why?", 20))[-1]
    assert service.asked == [HostedRequest("Why?", 0.7, 20), GenerationRequest("Why?", "smollm2-135m", max_new_tokens=20)]
    assert (shown[0], shown[2]) == ("Far away: Why?", "word word word")
    assert "network and queue included" in shown[1]["text"]


def test_ours_goes_on_where_the_hosted_one_is_not_set_up() -> None:
    shown = list(ask_both(Unset(), "Why?", 20))[-1]
    assert (shown[0], shown[2]) == ("", "word word word")
    assert (shown[1]["text"], shown[1]["tone"]) == (UNSET, "bad")


def test_the_key_never_reaches_the_page() -> None:
    """A real server over HTTP: it gets the key, the page gets the answer."""
    key = "sk-secret-0123456789"
    with OpenAIServer(writes("Hel", "lo")) as server:
        service = HostedService(FakeService(), Connection(server.url, "far-model", key))
        page = build_app(service)
        shown = list(ask_both(service, "Why?", 20))
        said = list(provoke(service, "key", "x"))
    assert server.talks[0].key == f"Bearer {key}"
    assert shown[-1][0] == "Hello"
    assert len(server.talks) == 1, "looking for a missing key sends nothing"
    assert key not in json.dumps([page.get_config_file(), shown, said], default=str)


def test_stop_hangs_up_on_the_hosted_model() -> None:
    with OpenAIServer(endless) as server:
        service = HostedService(FakeService(), Connection(server.url, "far-model", ""))
        run = ask_both(service, "Why?", 20)
        while not next(run)[0]:
            pass
        run.close()  # type: ignore[attr-defined]
        for _ in range(30):
            if not service._lane.working:
                break
            time.sleep(0.01)
        assert not service._lane.working


def test_an_empty_prompt_is_sent_nowhere() -> None:
    service = WritingService()
    with pytest.raises(BadInput, match="empty"):
        list(ask_both(service, "", 20))
    assert service.asked == []


def test_two_streams_take_turns() -> None:
    assert list(_in_turn([iter([1, 2, 3]), iter(["a"])])) == [(0, 1), (1, "a"), (0, 2), (0, 3)]


def test_versions_are_read_without_an_import() -> None:
    assert set(installed(("gradio", "no-such-package"))) == {"gradio"}
