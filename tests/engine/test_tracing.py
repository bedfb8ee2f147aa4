"""What a trace tells equals a direct forward pass; going on equals having asked for more; prompt surprisal equals the model's loss."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from playground.engine.generation import nexttoken
from playground.engine.generation.generation import generate, prompt_ids
from playground.engine.generation.nexttoken import foretell
from playground.engine.generation.prompt import read_prompt
from playground.engine.models import Loaded
from playground.engine.watch import Watch
from playground.errors import BadInput, Cancelled
from playground.tasks.generation.generation import Generation, GenerationRequest
from playground.tasks.generation.nexttoken import NextLogitsRequest
from playground.tasks.generation.prompt import PromptReadingRequest
from tests.conftest import Models
from tests.oracles import run_pipeline

SLUG = "smollm2-135m"
ASKED = GenerationRequest(
    "A llama 🦙 is an animal that", SLUG, chat=False, temperature=0.9, max_new_tokens=8, seed=4, min_p=0.02, alternatives=50
)


@pytest.fixture(scope="module")
def smol(models: Models) -> Loaded:
    return models[SLUG]


def one(loaded: Loaded, request: GenerationRequest) -> Generation:
    return generate(loaded, [request], Watch())[0]


def direct(loaded: Loaded, ids: list[int]) -> np.ndarray:
    """The model's own logits after each of `ids`, one forward pass, no cache."""
    with torch.inference_mode():
        return np.asarray(loaded.model(torch.tensor([ids])).logits[0].float().numpy())


@pytest.mark.parametrize("change", [{}, {"temperature": 0.0}, {"beams": 2}, {"chat": True}])
def test_the_trace_equals_a_direct_forward(smol: Loaded, change: dict[str, object]) -> None:
    request = replace(ASKED, **change)  # type: ignore[arg-type]
    made = one(smol, request)
    trace, prompt = made.trace, prompt_ids(smol, request)
    assert trace is not None and len(trace) == made.new_tokens
    ids = trace.ids.tolist()
    logits = direct(smol, prompt + ids)[len(prompt) - 1 : -1]
    rows = np.arange(len(ids))
    np.testing.assert_allclose(trace.logits, logits[rows, ids], atol=2e-4)
    scores = torch.log_softmax(torch.tensor(logits), -1).numpy()
    np.testing.assert_allclose(trace.log_probabilities, scores[rows, ids], atol=2e-4)
    np.testing.assert_array_equal(trace.ranks, (logits > logits[rows, ids][:, None] + 1e-4).sum(1) + 1)
    for i, row in enumerate(logits):
        np.testing.assert_allclose(trace.other_logits[i], np.sort(row)[::-1][:50], atol=2e-4)
        np.testing.assert_allclose(row[trace.others[i]], trace.other_logits[i], atol=2e-4)
        if request.beams == 1:
            seen = np.unique(np.array(prompt + ids[:i], np.int32))
            drawn = run_pipeline(row, seen, request.knobs).probabilities
            np.testing.assert_allclose(trace.other_after[i], drawn[trace.others[i]], atol=2e-4)
            np.testing.assert_allclose(trace.after[i], drawn[ids[i]], atol=2e-4)
    assert np.isnan(trace.uniforms).all() == (request.temperature == 0 or request.beams > 1)
    assert not any(array.flags.writeable for array in (trace.ids, trace.logits, trace.others, trace.other_after))


def test_a_trace_changes_nothing(smol: Loaded) -> None:
    plain = one(smol, replace(ASKED, alternatives=0))
    assert plain.trace is None and plain.text == one(smol, ASKED).text


def test_partial_traces_are_cumulative_and_keep_what_they_were(smol: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.engine.generation.generation.REPORT_SECONDS", 0.0)
    seen: list[Generation] = []
    (made,) = generate(smol, [ASKED], Watch(seen.append))
    assert made.trace is not None and len(seen) == len(made.trace) == 8
    for count, item in enumerate(seen, 1):
        assert item.trace is not None and item.trace.ids.tolist() == made.trace.ids[:count].tolist()
        np.testing.assert_array_equal(item.trace.other_logits, made.trace.other_logits[:count])
        assert set(item.trace.others.ravel().tolist()) <= set(item.trace.words.ids)


@pytest.mark.parametrize("temperature", [0.0, 0.9, 1.5])
def test_going_on_equals_having_asked_for_more(smol: Loaded, temperature: float) -> None:
    asked = replace(ASKED, temperature=temperature, max_new_tokens=10)
    whole = one(smol, asked)
    first = one(smol, replace(asked, max_new_tokens=4))
    assert first.trace is not None and whole.trace is not None
    rest = one(smol, replace(asked, max_new_tokens=6, written=tuple(first.trace.ids.tolist())))
    assert rest.trace is not None
    assert first.trace.ids.tolist() + rest.trace.ids.tolist() == whole.trace.ids.tolist()
    assert rest.text == whole.text and rest.new_tokens == 6


def test_a_branch_begins_with_what_was_chosen(smol: Loaded) -> None:
    trace = one(smol, ASKED).trace
    assert trace is not None
    other = int(trace.others[2][7])
    chosen = (*trace.ids[:2].tolist(), other)
    branch = one(smol, replace(ASKED, written=chosen))
    assert branch.text.startswith(smol.codec.decode(list(chosen)))
    assert branch.trace is not None and len(branch.trace) == branch.new_tokens == 8


def test_after_an_end_token_nothing_is_written(smol: Loaded) -> None:
    end = smol.codec.id_of("<|im_end|>")
    assert end is not None
    made = one(smol, replace(ASKED, written=(end,)))
    assert (made.stopped, made.new_tokens, made.finished) == ("end", 0, True)


def test_split_characters_show_their_bytes_and_special_tokens_their_name(smol: Loaded) -> None:
    made = read_prompt(smol, [PromptReadingRequest(replace(ASKED, prompt="🦙", chat=True))], Watch())[0]
    bytes_shown = [label for label, own in zip(made.labels, made.own, strict=True) if own]
    assert bytes_shown and all(label.startswith("⟨") for label in bytes_shown)
    assert "<|im_start|>" in made.labels and made.special[made.labels.index("<|im_start|>")]
    assert "\ufffd" not in "".join(made.labels)


def test_ids_that_are_no_tokens_are_refused(smol: Loaded) -> None:
    with pytest.raises(BadInput, match=r"not in the vocabulary.*0 to 49,151"):
        one(smol, replace(ASKED, written=(49_152,)))
    for wrong in ((-1,), ("a",), (1.5,), (True,), ((1,),)):
        with pytest.raises(BadInput, match="written token's id"):
            replace(ASKED, written=wrong).check()  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="4,097 tokens are written already"):
        replace(ASKED, written=(1,) * 4097).check()
    with pytest.raises(BadInput, match="Go on from an earlier token"):
        one(replace(smol, window=len(smol.codec.ids(ASKED.prompt)) + 3), replace(ASKED, written=(5, 5, 5)))


def test_all_logits_of_a_step_equal_a_direct_forward(smol: Loaded) -> None:
    trace = one(smol, ASKED).trace
    assert trace is not None
    request = replace(ASKED, written=tuple(trace.ids[:5].tolist()))
    made = foretell(smol, [NextLogitsRequest(request)], Watch())[0]
    ids = prompt_ids(smol, request) + trace.ids[:5].tolist()
    np.testing.assert_allclose(made.logits, direct(smol, ids)[-1], atol=2e-4)
    assert made.logits.dtype == np.float32 and made.seen.tolist() == sorted(set(ids))
    assert made.uniform == trace.uniforms[5]
    assert set(made.seen.tolist()) | set(np.argsort(-made.logits)[:100].tolist()) <= set(made.words.ids)


def test_a_coarser_precision_is_read_token_by_token_as_it_wrote(smol: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a light copy present (here the model itself) the replay is taken; it must end at the very logits of the trace."""
    trace = one(smol, ASKED).trace
    assert trace is not None
    light = replace(smol, light=smol.model)
    for replayed in (256, 2):
        monkeypatch.setattr(nexttoken, "REPLAYED", replayed)
        made = foretell(light, [NextLogitsRequest(replace(ASKED, written=tuple(trace.ids[:5].tolist())))], Watch())[0]
        np.testing.assert_allclose(made.logits[trace.others[5]], trace.other_logits[5], atol=0 if replayed == 256 else 2e-4)


@pytest.mark.parametrize("chat", [True, False])
def test_surprisal_and_perplexity_equal_the_models_loss(smol: Loaded, chat: bool) -> None:
    request = replace(ASKED, prompt="The quick brown fox jumps over the lazy dog. " * 16, chat=chat)
    made = read_prompt(smol, [PromptReadingRequest(request)], Watch())[0]
    ids = torch.tensor([prompt_ids(smol, request)])
    with torch.inference_mode():
        out = smol.model(ids, labels=ids)
    assert len(made.ids) > 128, "more than one chunk"
    assert made.perplexity == pytest.approx(float(out.loss.exp()), rel=1e-4)
    scores = torch.log_softmax(out.logits[0, :-1].float(), -1)
    expected = scores[torch.arange(len(scores)), ids[0, 1:]].numpy()
    np.testing.assert_allclose(made.log_probabilities[1:], expected, atol=5e-4)
    assert np.isnan(made.log_probabilities[0]) and made.ids.tolist() == ids[0].tolist()
    typed = "".join(label for label, own in zip(made.labels, made.own, strict=True) if own)
    assert typed.strip() == request.prompt.strip()
    assert all(made.own) == (not chat)


@pytest.mark.parametrize("prompt", ["start", "assistant", "a", "user", "is"])
def test_words_that_the_template_has_too_are_found_where_they_were_typed(smol: Loaded, prompt: str) -> None:
    made = read_prompt(smol, [PromptReadingRequest(replace(ASKED, prompt=prompt, chat=True))], Watch())[0]
    own = [i for i, mine in enumerate(made.own) if mine]
    end = [i for i, label in enumerate(made.labels) if made.special[i] and "im_end" in label][-1]
    assert "".join(made.labels[i] for i in own).strip("·␣ ") == prompt and own[-1] == end - 1


def test_one_token_has_no_surprisal_and_too_many_are_refused(smol: Loaded) -> None:
    made = read_prompt(smol, [PromptReadingRequest(replace(ASKED, prompt="Hi", chat=False))], Watch())[0]
    assert len(made.ids) == 1 and np.isnan(made.perplexity)
    with pytest.raises(BadInput, match="up to 2,048 are shown"):
        read_prompt(smol, [PromptReadingRequest(replace(ASKED, prompt="word " * 3000))], Watch())


def test_all_of_it_stops(smol: Loaded) -> None:
    watch = Watch()
    watch.cancel()
    for runner, request in ((read_prompt, PromptReadingRequest(ASKED)), (foretell, NextLogitsRequest(ASKED)), (generate, ASKED)):
        with pytest.raises(Cancelled):
            runner(smol, [request], watch)  # type: ignore[operator]
