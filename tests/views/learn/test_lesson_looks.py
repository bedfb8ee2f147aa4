"""What the lesson says one should see is so: each scene's own text and model, looked at with plain transformers, torch and numpy."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from transformers import AutoModel, AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

from playground.service.port import Service
from playground.settings import Settings
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.tasks.tokens.tokens import TokensRequest
from playground.tasks.translation.forced_decoding import ForcedDecodingRequest
from playground.tasks.translation.translation import TranslationRequest
from playground.views.learn.lessons import Step, chapters
from playground.views.scenes import Scene
from playground.views.tokens.comparison import languages
from playground.views.tokens.tokens import tokens_view
from playground.views.translation.forced_decoding import explained_translation
from tests.views.folders import WEIGHTS, minilm_folder, smollm_folder
from tests.wire import unpack

pytestmark = pytest.mark.models


@dataclass
class Plain:
    """A tokenizer and a model as transformers loads them."""

    tokenizer: Any
    model: Any

    def read(self, text: str, **more: Any) -> Any:
        with torch.inference_mode():
            return self.model(**self.tokenizer(text, return_tensors="pt"), **more)

    def pieces(self, text: str) -> list[str]:
        return list(self.tokenizer.convert_ids_to_tokens(self.tokenizer(text)["input_ids"]))


@pytest.fixture(scope="module")
def smollm(settings: Settings) -> Plain:
    folder = smollm_folder(settings)
    return Plain(AutoTokenizer.from_pretrained(folder), AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager").eval())


@pytest.fixture(scope="module")
def minilm() -> Plain:
    folder = minilm_folder()
    return Plain(AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder, attn_implementation="eager").eval())


def step_of(chapter: str, title: str) -> Step:
    return next(step for one in chapters() if one.id == chapter for step in one.steps if step.title == title)


def scene_of(chapter: str, title: str) -> Scene:
    scene = step_of(chapter, title).see
    assert scene is not None
    return scene


def numbers(text: str) -> list[float]:
    return [float(found) for found in re.findall(r"\d+(?:\.\d+)?", text)]


def written(scene: Scene, service: Service, **more: Any) -> Any:
    given = scene.inputs
    return service.run(
        GenerationRequest(
            str(given["generation-prompt"]), str(given["generation-model"]), bool(given["generation-chat"]),
            temperature=float(given["generation-temperature"]), max_new_tokens=int(given["generation-most"]),
            repetition_penalty=float(given.get("generation-penalty", 1.1)), **more,
        )
    )  # fmt: skip


def test_the_chat_model_answers_and_stops(service: Service) -> None:
    made = written(scene_of("llm", "Trained in stages"), service, seed=0)
    assert "Paris" in made.text and made.stopped == "end"


def test_it_names_the_capital_of_a_country_that_is_not_there(service: Service) -> None:
    made = written(scene_of("llm", "Likely is not the same as true"), service, seed=0)
    assert re.fullmatch(r"The capital of the country Zubrovia is [A-Z][\w -]+\.", made.text) and made.stopped == "end"


def test_the_chips_show_what_is_said_of_wordpiece(minilm: Plain, service: Service) -> None:
    scene = scene_of("tokens", "Three ways to cut")
    text = str(scene.inputs["tokens-text"])
    rows = tokens_view(service.run(TokensRequest(text, "minilm-l6", True)))
    shown = [rows["rows"][i][1] for i in unpack(rows["arrays"])["index"]]
    assert shown == minilm.pieces(text)
    assert (shown[0], shown[-1]) == ("[CLS]", "[SEP]") and any(one.startswith("##") for one in shown)
    assert all(one.islower() for one in shown[1:-1] if one.strip("#").isalpha()) and text[0].isupper()


def test_one_sentence_in_ten_languages(smollm: Plain) -> None:
    counts = {row["language"]: len(smollm.tokenizer(row["text"], add_special_tokens=False)["input_ids"]) for row in languages()}
    said = scene_of("tokens", "A token count is a price").look
    assert numbers(said) == [2, counts["English"], counts["Hindi"]]
    assert counts["French"] == 2 * counts["English"] and len(counts) == 10


def test_two_banks_layer_by_layer(minilm: Plain) -> None:
    scene = scene_of("embeddings", "A number becomes a vector")
    texts = [str(scene.inputs[name]) for name in ("embeddings-text", "embeddings-second")]
    states = [minilm.read(text, output_hidden_states=True).hidden_states for text in texts]
    places = [minilm.pieces(text).index("bank") for text in texts]
    cosines = [torch.cosine_similarity(a[0, places[0]], b[0, places[1]], 0).item() for a, b in zip(*states, strict=True)]
    assert numbers(scene.look) == [round(cosines[0], 2), round(cosines[-1], 2)]
    assert min(np.diff(cosines)) < 0 < max(np.diff(cosines)), "it falls, and also rises"


def test_the_sines_and_cosines_of_the_formula_are_what_the_translator_adds() -> None:
    text = step_of("embeddings", "Sines and cosines").text
    assert "PE(p, 2i) = sin(p / 10000^(2i/d))" in text and "PE(p, 2i+1) = cos(p / 10000^(2i/d))" in text
    table = AutoModelForSeq2SeqLM.from_pretrained(WEIGHTS / "en-fr", dtype=torch.float32).model.encoder.embed_positions.weight
    d = table.shape[1]
    angles = np.arange(len(table))[:, None] / 10000 ** (2 * np.arange(d // 2) / d)
    halves = np.concatenate([np.sin(angles), np.cos(angles)], 1)
    assert np.abs(table.detach().numpy() - halves).max() < 1e-3, "float16 in the file"


def head_by_hand(plain: Plain, text: str, layer: int, head: int) -> tuple[np.ndarray[Any, Any], float]:
    """(q·k of a BERT head, √d_k), from its weights."""
    state = plain.read(text, output_hidden_states=True).hidden_states[layer]
    own = plain.model.encoder.layer[layer].attention.self
    with torch.inference_mode():
        q, k = (part(state)[0].reshape(state.shape[1], 12, -1)[:, head] for part in (own.query, own.key))
    return (q @ k.T).numpy(), q.shape[-1] ** 0.5


def test_it_is_pinned_and_looks_at_the_animal(minilm: Plain) -> None:
    scene = scene_of("attention", "Query, key, value")
    text, lab = str(scene.inputs["attention-text"]), dict(scene.lab or {})
    pieces, (pin,) = minilm.pieces(text), lab["pins"]
    weights = minilm.read(text, output_attentions=True).attentions[lab["layer"]][0, lab["head"], pin]
    assert pieces[pin] == "it" and pieces[int(weights.argmax())] == "animal"
    assert numbers(scene.look) == [round(weights.max().item(), 2)]
    assert "32 in MiniLM, 64 in SmolLM2" in step_of("attention", "Query, key, value").text
    assert head_by_hand(minilm, text, 3, 1)[1] == 32**0.5


def test_with_and_without_the_scaling(minilm: Plain) -> None:
    scene = scene_of("attention", "Why it is divided by √d_k")
    lab = dict(scene.lab or {})
    text, (pin,) = str(scene.inputs["attention-text"]), lab["pins"]
    scores, root = head_by_hand(minilm, text, lab["layer"], lab["head"])
    largest = [(np.exp(row - row.max()) / np.exp(row - row.max()).sum()).max() for row in (scores[pin], scores[pin] / root)]
    assert minilm.pieces(text)[pin] == "animal"
    assert numbers(scene.look) == [round(float(one), 2) for one in largest]


def test_the_rounds_of_the_induction_head(smollm: Plain) -> None:
    scene = scene_of("heads", "A head that repeats what it has seen")
    text, lab = str(scene.inputs["attention-text"]), scene.lab or {}
    weights = smollm.read(text, output_attentions=True).attentions[lab["layer"]][0, lab["head"]].numpy()
    words = [piece.strip("Ġ") for piece in smollm.pieces(text)]
    second = len(words) - 1 - words[::-1].index("fox") - 6
    assert words[second] == "fox" and words.index("fox") < second
    assert all(weights[i].argmax() == i - 5 for i in range(second, len(words))), "from the second fox on"
    assert weights[second - 1].argmax() == 0 and words[second - 1] == "blue"
    assert numbers(scene.look) == [round(float(weights[second - 1, 0]), 2)]


def test_what_a_block_adds(minilm: Plain, smollm: Plain) -> None:
    said = {title: scene_of("block", title) for title in ("Feed-forward: each token alone", "Add, do not replace")}
    text = str(said["Add, do not replace"].inputs["block-text"])
    assert [minilm.pieces(text)[2], smollm.pieces(text)[1]] == ["animal", "Ġanimal"]
    layer = minilm.model.encoder.layer[0]
    added = hooked(minilm, text, [layer.attention.output.dense, layer.output.dense], 2)
    assert numbers(said["Feed-forward: each token alone"].look) == [round(one, 2) for one in added]
    layers = smollm.model.model.layers
    stream = smollm.read(text, output_hidden_states=True).hidden_states[0][0, 1].norm().item()
    first, last = hooked(smollm, text, [layers[0].mlp, layers[-1]], 1)
    assert numbers(said["Add, do not replace"].look) == [round(first, 2), round(stream, 2), round(last, 1)]


def hooked(plain: Plain, text: str, modules: list[Any], token: int) -> list[float]:
    """The length of what each module gives for a token."""
    found: list[float] = []
    handles = [
        one.register_forward_hook(lambda m, i, made: found.append((made[0] if isinstance(made, tuple) else made)[0, token].norm().item()))
        for one in modules
    ]
    plain.read(text)
    for handle in handles:
        handle.remove()
    return found


def test_without_the_first_block_paris_is_gone_without_one_in_the_middle_it_is_not(settings: Settings) -> None:
    scene = scene_of("block", "What if one block is left out?")
    assert scene.lab and scene.lab["layer"] == 15 and "choose layer 0" in scene.look
    folder = smollm_folder(settings)
    told = {}
    for left_out in (None, 0, 1, 10, 15, 20, 29):
        plain = Plain(AutoTokenizer.from_pretrained(folder), AutoModelForCausalLM.from_pretrained(folder).eval())
        if left_out is not None:
            del plain.model.model.layers[left_out]
        logits = plain.read(str(scene.inputs["attention-text"]), use_cache=False).logits[0, -1]
        order = [plain.tokenizer.decode(i) for i in logits.topk(5).indices.tolist()]
        told[left_out] = order.index(" Paris") if " Paris" in order else None
    assert {place: at for place, at in told.items() if at == 0} == {None: 0, 10: 0, 15: 0, 20: 0}
    assert told[0] is None


def test_rare_tokens_get_their_turn(service: Service) -> None:
    scene = scene_of("generation", "Hotter")
    made = written(scene, service, seed=int(scene.inputs["generation-seed"]), top_k=0, top_p=1.0, alternatives=1)
    assert made.trace is not None
    assert np.mean(made.trace.ranks > 50) > 0.3, "at least a third could not have been drawn with top-k 50"


def test_the_lines_of_the_translation_cross_where_it_is_said(service: Service) -> None:
    scene = scene_of("translation", "Which word was read for which")
    request = TranslationRequest(str(scene.inputs["translation-text"]), "en-fr", 4)
    best = service.run(request).candidates[0]
    made = explained_translation(service.run(ForcedDecodingRequest(request, 0, best.ids)), service.run(request))
    tokenizer = AutoTokenizer.from_pretrained(WEIGHTS / "en-fr")
    read = [piece.strip("▁") for piece in tokenizer.convert_ids_to_tokens(tokenizer(request.text)["input_ids"])]
    pairs = {token["text"].strip(): read[int(np.argmax(row))] for token, row in zip(made["tokens"], made["alignment"], strict=True)}
    assert {french: pairs[french] for french in ("chat", "noir", "table", "blanche")} == {
        "chat": "cat", "noir": "black", "table": "table", "blanche": "white",
    }  # fmt: skip
    assert re.findall("“(.*?)”", scene.look) == ["chat", "cat", "noir", "black", "table", "blanche"]


def test_what_not_does(service: Service) -> None:
    scene = scene_of("sentiment", "A few numbers, one softmax")
    labels = [service.run(SentimentRequest(text, "minilm-sentiment")).label for text in str(scene.inputs["sentiment-text"]).splitlines()]
    assert labels == ["positive", "negative", "positive"], "the double turn is understood"
