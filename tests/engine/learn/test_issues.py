"""Failures provoked on purpose: the error is the library's own, the fix beside it works, and the process is none the worse."""

from typing import TYPE_CHECKING

import pytest
import torch

from playground.errors import BadInput
from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.learn.issues import IssueRequest
from playground.tasks.tokens.tokens import TokensRequest
from playground.views.learn.issues import issue_view, key_view, known_issues

if TYPE_CHECKING:
    from playground.service.port import Service

TEXT = "The cat sat on the mat because unbelievably it was tired."


@pytest.mark.models
def test_another_tokenizers_numbers(service: "Service") -> None:
    ids = tuple(service.run(TokensRequest(TEXT, "smollm2-135m", False)).ids.tolist())
    assert max(ids) >= 30_522, "the example must hold a number beyond MiniLM's table"
    made = service.run(IssueRequest("tokens", "minilm-l6", TEXT, ids))
    assert (made.error, made.message) == ("IndexError", "index out of range in self")
    assert made.read and made.read != TEXT
    assert made.fixed.endswith("one vector of 384 numbers for each")


@pytest.mark.models
def test_numbers_inside_the_table_raise_nothing(service: "Service") -> None:
    made = service.run(IssueRequest("tokens", "minilm-l6", "x", (2003, 2009)))
    assert (made.error, made.read) == ("", "is it")


@pytest.mark.models
def test_more_tokens_than_the_window(service: "Service") -> None:
    made = service.run(IssueRequest("window", "minilm-l6", TEXT))
    assert made.error == "RuntimeError"
    assert "512" in made.message and "602" in made.message
    assert "cut to 512" in made.fixed and "90 were left out" in made.fixed


@pytest.mark.models
def test_cuda(service: "Service") -> None:
    made = service.run(IssueRequest("cuda", "minilm-l6", TEXT))
    assert bool(made.error) == (not torch.cuda.is_available())
    assert made.read == f"torch {torch.__version__}"
    assert "tokens read" in made.fixed


@pytest.mark.models
def test_the_model_works_as_before(service: "Service") -> None:
    for kind in ("window", "cuda"):
        service.run(IssueRequest(kind, "minilm-l6", TEXT))
    assert service.run(AttentionRequest(TEXT, "minilm-l6")).shapes


@pytest.mark.models
def test_only_an_encoder_is_used(service: "Service") -> None:
    with pytest.raises(BadInput, match="is no encoder"):
        service.run(IssueRequest("window", "smollm2-135m"))


@pytest.mark.parametrize(
    "bad",
    [IssueRequest("nosuch", "minilm-l6"), IssueRequest("tokens", "minilm-l6"), IssueRequest("tokens", "minilm-l6", "x", (-1,)),
     IssueRequest("tokens", "minilm-l6", "x", (1,) * 513), IssueRequest("window", "minilm-l6", "")],
)  # fmt: skip
def test_bad_requests(bad: IssueRequest) -> None:
    with pytest.raises(BadInput):
        bad.check()


def test_every_issue_is_explained(fake: "Service") -> None:
    assert list(known_issues()) == ["tokens", "window", "cuda", "key"]
    for kind, told in known_issues().items():
        assert all(told[part] for part in ("title", "code", "means", "fix"))
        view = key_view("sentence") if kind == "key" else issue_view(fake.run(IssueRequest(kind, "minilm-l6", "x", (1,))))
        assert view["said"] and view["code"] and [name for name, _ in view["rows"]][-1]
