"""Show the code: every program is run in a process of its own, on the embedded models, and gives what the service gives."""

import ast
import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from playground.catalog import MODELS, Hub
from playground.engine.decoding import PREFILL
from playground.engine.embeddings.block import open_blocks
from playground.engine.watch import Watch
from playground.errors import BadInput, UnknownModel
from playground.service.local import LocalService
from playground.service.port import Service
from playground.settings import Settings
from playground.tasks.answering.answering import AnsweringRequest, AnswerManyRequest
from playground.tasks.attention.attention import AttentionMapRequest, AttentionRequest
from playground.tasks.embeddings.block import BlockRequest
from playground.tasks.embeddings.embeddings import EmbeddingsRequest, square
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.journey.journey import JourneyRequest
from playground.tasks.precision import unpacked
from playground.tasks.request import Batch, Request
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.tasks.status import FOUR_BIT, StatusRequest
from playground.tasks.tokens.tokens import TokensRequest
from playground.tasks.translation.document import DocumentRequest
from playground.tasks.translation.translation import TranslationRequest
from playground.views.code import program
from tests.engine.hub_server import make_tiny_gpt2, serving
from tests.engine.tiny import CARDS, TEXT, tiny

ROOT = Path(__file__).parents[2]
TOWER = "The Eiffel Tower was built by the company of Gustave Eiffel. It is 330 metres tall. "
OTTO = "Otto (1889–1912) was king before Karl-Heinz, whose son's name was Jean-Luc."
HOSTILE = '"\'\'\'\\ ${x} {y} \\n\n\u202e\u0000 <b> Zoë’s 🤖 café """ # not a comment'
RUNS: dict[str, Request[Any]] = {
    "bpe": TokensRequest(HOSTILE, "smollm2-135m"),
    "wordpiece": TokensRequest(HOSTILE, "minilm-l6", special=False),
    "sentencepiece": TokensRequest(HOSTILE, "en-fr"),
    "encoder": AttentionMapRequest(AttentionRequest("The cat sat because it was tired.", "minilm-l6"), 3, 5),
    "decoder": AttentionMapRequest(AttentionRequest("The cat sat because", "smollm2-135m"), 7, "mean"),
    "cross": AttentionMapRequest(AttentionRequest("The white house is small.", "en-fr"), 1, 2, "cross"),
    "target": AttentionMapRequest(AttentionRequest("The house.", "en-fr", "La maison est là."), 0, "mean", "masked"),
    "pair": AttentionMapRequest(AttentionRequest("Who sleeps?", "minilm-qa", pair="The cat sleeps, and no dog barks."), 2, 1),
    "cut": AttentionMapRequest(AttentionRequest("So many words. " * 150, "minilm-l6"), 0, 1),
    "classifier": AttentionMapRequest(AttentionRequest("A lovely film.", "minilm-sentiment"), 5, 0),
    "two texts": EmbeddingsRequest("She sat on the bank.", "minilm-l6", "He took the money to the bank."),
    "decoder's vectors": EmbeddingsRequest("The bank is closed.", "smollm2-135m"),
    "translation's vectors": EmbeddingsRequest("The white house is small.", "en-fr", "", "decoder"),
    "encoder beside a decoder": EmbeddingsRequest("The white house is small.", "en-fr", "", "encoder"),
    "cut vectors": EmbeddingsRequest("So many words. " * 40, "minilm-qa"),
    "block": BlockRequest(EmbeddingsRequest("The animal was too tired.", "minilm-l6"), 2, 3),
    "adapter's block": BlockRequest(EmbeddingsRequest("A lovely film.", "minilm-sentiment"), 5, 1),
    "decoder's block": BlockRequest(EmbeddingsRequest("The capital of France", "smollm2-135m"), 11, 2),
    "cross block": BlockRequest(EmbeddingsRequest("The white house is small.", "en-fr", "", "decoder"), 1, 2),
    "encoder's block": BlockRequest(EmbeddingsRequest("The white house is small.", "en-fr"), 3, 2),
    "journey": JourneyRequest("The capital of France is", "smollm2-135m"),
    "journey of a classifier": JourneyRequest("A lovely film.", "minilm-sentiment"),
    "greedy": GenerationRequest("The sky is", "smollm2-135m", chat=False, temperature=0.0, max_new_tokens=12, seed=0),
    "sampled chat": GenerationRequest("Name a colour of the sky.", "smollm2-135m", max_new_tokens=16, seed=11),
    "beams": GenerationRequest("Once upon a time", "smollm2-135m", chat=False, beams=3, max_new_tokens=8, seed=0),
    "sentiment": Batch((SentimentRequest("I love it!", "minilm-sentiment"), SentimentRequest('It\'s "awful", \\n.', "minilm-sentiment"))),
    "span": AnsweringRequest("How tall is it?", TOWER, "minilm-qa"),
    "windows": AnsweringRequest("How tall is it?", "Paris has many parks and old streets. " * 70 + TOWER, "minilm-qa"),
    "no answer": AnsweringRequest("What does the lift cost?", TOWER, "minilm-qa"),
    "short and doubtful": AnsweringRequest("When was Otto king?", OTTO, "minilm-qa"),
    "long and doubtful": AnsweringRequest("When was Otto king?", OTTO + " Paris has many parks and old streets." * 9, "minilm-qa"),
    "several": AnswerManyRequest(("How tall is it?", "Who built it?", "What does the lift cost?"), TOWER, "minilm-qa"),
    "document": DocumentRequest("Where is the station? It is late.\n- How are you?", "en-fr", 2),
    "translation": TranslationRequest("Where is the train station?", "en-fr", 3),
}
RUNNER = """
import contextlib, io, json, sys
made = []
for text in json.load(open(sys.argv[1])):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(text, "program.py", "exec"), {"__name__": "__main__"})
    made.append(out.getvalue())
json.dump(made, open(sys.argv[2], "w"))
"""


@dataclass
class Printed:
    """What each program of RUNS wrote."""

    by_name: dict[str, str]


def in_process(code: list[str], settings: Settings) -> "subprocess.CompletedProcess[str]":
    environ = os.environ | {"HF_HUB_OFFLINE": "1", "PLAYGROUND_CACHE": str(settings.cache_folder()), "PYTHONPATH": ""}
    return subprocess.run([sys.executable, *code], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def printed(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """All programs in one new process, which imports nothing of the playground: each in a namespace of its own."""
    folder = tmp_path_factory.mktemp("programs")
    (folder / "in.json").write_text(json.dumps([program(request) for request in RUNS.values()]))
    (folder / "run.py").write_text(RUNNER)
    done = in_process([str(folder / "run.py"), str(folder / "in.json"), str(folder / "out.json")], settings)
    assert done.returncode == 0, done.stderr[-3000:]
    return Printed(dict(zip(RUNS, json.loads((folder / "out.json").read_text()), strict=True)))


@pytest.mark.slow
@pytest.mark.models
@pytest.mark.parametrize("name", ["bpe", "wordpiece", "sentencepiece"])
def test_tokens(printed: Printed, service: Service, name: str) -> None:
    made = service.run(RUNS[name])
    lines = [f"{number} {piece!r}" for number, piece in zip(made.ids.tolist(), made.pieces, strict=True)]
    assert printed.by_name[name].splitlines() == [*lines, f"{made.count} tokens"]


@pytest.mark.slow
@pytest.mark.models
@pytest.mark.parametrize("name", ["encoder", "decoder", "cross", "target", "pair", "cut", "classifier"])
def test_attention(printed: Printed, service: Service, name: str) -> None:
    made = service.run(RUNS[name])
    rows = [[float(word) for word in line.rsplit(maxsplit=len(made.keys))[1:]] for line in printed.by_name[name].splitlines()]
    weights = made.weights if made.weights.dtype.kind == "f" else unpacked(made.weights)
    assert len(rows) == len(made.queries)
    assert abs(weights - rows).max() < 2e-4


@pytest.mark.slow
@pytest.mark.models
@pytest.mark.parametrize("name", ["two texts", "decoder's vectors", "translation's vectors", "encoder beside a decoder", "cut vectors"])
def test_embeddings(printed: Printed, service: Service, name: str) -> None:
    made = service.run(RUNS[name])
    count = len(made.labels)
    rows = [[float(word) for word in line.rsplit(maxsplit=count)[1:]] for line in printed.by_name[name].splitlines()]
    assert len(rows) == count
    assert abs(square(made.cosines[-1]) - rows).max() < 6e-5, "both to four decimals"


@pytest.mark.slow
@pytest.mark.models
@pytest.mark.parametrize("name", ["block", "adapter's block", "decoder's block", "cross block", "encoder's block"])
def test_block(printed: Printed, service: Service, name: str) -> None:
    made = service.run(RUNS[name])
    lengths = [float(line.split()[-1]) for line in printed.by_name[name].splitlines()[1:]]
    token = made.token
    added = [stage.norms[token] for stage in made.stages if stage.kind == "added"]
    assert lengths == pytest.approx([made.stages[0].norms[token], *added], rel=1e-3)


@pytest.mark.parametrize("family", CARDS)
def test_a_blocks_program_finds_the_parts_of_every_family(family: str) -> None:
    """On tiny random models, since the large ones are on the hub: the program's own lines, from the block to the hidden states."""
    loaded = tiny(family)
    request = BlockRequest(EmbeddingsRequest(TEXT, loaded.card.slug), 1, 3)
    (made,) = open_blocks(loaded, [request], Watch())
    starts = ("block", "added", "def ", "    return", "with ", "    states")
    ids = torch.tensor([loaded.codec.ids(loaded.card.prefix + TEXT)])
    space: dict[str, Any] = {"torch": torch, "body": loaded.model.base_model, "LAYER": 1, "TOKEN": 3, "inputs": {"input_ids": ids}}
    exec("\n".join(line for line in program(request).splitlines() if line.startswith(starts)), space)
    found = [space["states"][1][0, 3], *space["added"].values()]
    wanted = [made.stages[0].vector, *(stage.vector for stage in made.stages if stage.kind == "added")]
    torch.testing.assert_close(torch.stack(found), torch.tensor(np.array(wanted)), rtol=1e-4, atol=1e-5)


@pytest.fixture(scope="module")
def quick(settings: Settings) -> LocalService:
    """Writes as a page does by default: with four-bit weights where this machine is faster with them."""
    return LocalService(replace(settings, fast=True))


@pytest.mark.slow
@pytest.mark.models
def test_generations_program_repeats_the_pages_text(quick: LocalService, settings: Settings, tmp_path: Path) -> None:
    """With the default settings, seed by seed: in float32 eight of ten texts were others, all within thirteen tokens."""
    sky = "Explain in two sentences why the sky is blue."
    asked = [GenerationRequest(sky, "smollm2-135m", max_new_tokens=24, seed=seed) for seed in range(4)]
    asked.append(GenerationRequest("Once upon a time", "smollm2-135m", chat=False, beams=3, max_new_tokens=12, seed=0))
    long = "Summarise this. " + "The lighthouse keeper walked along the shore and looked for the whale that sang every night. " * 22
    asked.append(GenerationRequest(long, "smollm2-135m", max_new_tokens=24, seed=0))
    assert f"prefill_chunk_size={PREFILL}," in program(asked[-1], "", False, FOUR_BIT)
    texts = [quick.run(one).text for one in asked]
    (ran,) = [one for one in quick.run(StatusRequest()).models if one.model == "smollm2-135m"]
    if ran.precision == "float32":
        pytest.skip("this machine is not faster with four-bit weights, so its pages write in float32")
    programs = [program(one, ran.source, False, ran.precision) for one in asked]
    assert all("this is the page's text" in one.splitlines()[0] for one in programs)
    (tmp_path / "in.json").write_text(json.dumps(programs))
    (tmp_path / "run.py").write_text(RUNNER)
    done = in_process([str(tmp_path / "run.py"), str(tmp_path / "in.json"), str(tmp_path / "out.json")], settings)
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads((tmp_path / "out.json").read_text()) == [f"{text}\n" for text in texts]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("wheel x", False, "float32"), "in float32 as the page does: on the page's machine this is the page's text"),
        (("wheel x", False, "four-bit weights, bfloat16"), "in four-bit weights, bfloat16 as the page does"),
        (("wheel x", True, "four-bit weights, bfloat16"), "its text is another: untick"),
        (("wheel x", True, "float32"), "its text is another: untick"),
        (("hub y@main", False, "float32"), "this is the page's text"),
        (("", False, ""), "The page has not loaded this model yet"),
    ],
)
def test_the_first_line_says_whether_it_writes_the_pages_text(more: tuple[str, bool, str], told: str) -> None:
    made = program(GenerationRequest("x", "smollm2-135m", seed=1), *more)
    compile(made, "program.py", "exec")
    assert told in made.splitlines()[0]
    assert ("class FourBit" in made) == (more[2].startswith("four-bit") and not more[1])


@pytest.fixture(scope="module")
def exact(settings: Settings) -> LocalService:
    """Writes in float32, as the programs do, also where four-bit weights would be faster."""
    return LocalService(replace(settings, fast=False))


@pytest.mark.slow
@pytest.mark.models
def test_journeys(printed: Printed, local: LocalService) -> None:
    lines = printed.by_name["journey"].splitlines()
    saying = local.run(RUNS["journey"]).saying
    for row, line in enumerate(lines):
        block, share, said = line.split(maxsplit=2)
        assert int(block) == row - 1 and float(share) == pytest.approx(saying.probabilities[row, 0], abs=2e-4)
        assert ast.literal_eval(said) == saying.words.label_of(int(saying.best[row, 0]))
    assert len(lines) == 31
    labels = local.run(RUNS["journey of a classifier"]).labels
    shares = [float(line.split()[1]) for line in printed.by_name["journey of a classifier"].splitlines()]
    assert shares == pytest.approx([share for _, share in labels], abs=2e-4)


@pytest.mark.parametrize("name", ["greedy", "sampled chat", "beams"])
def test_generation(printed: Printed, exact: LocalService, name: str) -> None:
    """Also what is drawn: the seed sets the same generator."""
    assert printed.by_name[name] == exact.run(RUNS[name]).text + "\n"


@pytest.mark.slow
@pytest.mark.models
def test_sentiment(printed: Printed, service: Service) -> None:
    for line, made in zip(printed.by_name["sentiment"].splitlines(), service.run(RUNS["sentiment"]), strict=True):
        words = line.split()
        assert tuple(words[::2]) == made.labels
        assert [float(word) for word in words[1::2]] == pytest.approx(made.probabilities, abs=2e-4)


@pytest.mark.slow
@pytest.mark.models
@pytest.mark.parametrize("name", ["span", "windows", "no answer", "short and doubtful", "long and doubtful"])
def test_answering(printed: Printed, service: Service, name: str) -> None:
    made = service.run(RUNS[name])
    assert printed.by_name[name] == (made.best.text if made.best else "no answer") + "\n"
    assert (name == "windows") == (made.windows > 1)
    assert (name in ("no answer", "short and doubtful")) == (made.best is None)


@pytest.mark.slow
@pytest.mark.models
def test_translation(printed: Printed, service: Service) -> None:
    assert printed.by_name["translation"].splitlines() == [one.text for one in service.run(RUNS["translation"]).candidates]


@pytest.mark.slow
@pytest.mark.models
def test_several_questions(printed: Printed, service: Service) -> None:
    answers = service.run(RUNS["several"]).answers
    assert printed.by_name["several"].splitlines() == [one.best.text if one.best else "no answer" for one in answers]


@pytest.mark.slow
@pytest.mark.models
def test_sentence_by_sentence(printed: Printed, service: Service) -> None:
    assert printed.by_name["document"] == service.run(RUNS["document"]).translation + "\n"


@pytest.mark.models
def test_a_saved_program_runs_as_it_is(settings: Settings, service: Service, tmp_path: Path) -> None:
    """As people run it: a file, the playground's Python, the playground's folder."""
    (tmp_path / "tokens.py").write_text(program(RUNS["wordpiece"]), "utf-8")
    done = in_process([str(tmp_path / "tokens.py")], settings)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"{service.run(RUNS['wordpiece']).count} tokens"


@pytest.mark.parametrize("name", RUNS)
def test_no_text_leaves_its_string(name: str) -> None:
    """The program of a hostile text has the very lines of a harmless one, but for the constants on top."""

    def shape(request: Request[Any]) -> list[str]:
        tree = ast.parse(program(request))
        return [type(node).__name__ for node in ast.walk(tree) if not isinstance(node, ast.Constant)]

    if name in ("bpe", "wordpiece", "sentencepiece"):
        plain = TokensRequest("plain", RUNS[name].tokenizer, RUNS[name].special)  # type: ignore[attr-defined]
        assert shape(plain) == shape(RUNS[name])
    assert program(RUNS[name]).isprintable() is False  # line breaks only:
    assert not [c for c in program(RUNS[name]) if c != "\n" and not c.isprintable()]


@pytest.mark.parametrize("card", [card for card in MODELS if any(isinstance(s, Hub) for s in card.sources)], ids=lambda card: card.slug)
def test_a_hub_model_is_named_by_its_id(card: Any) -> None:
    makers: dict[str, Any] = {
        "tokens": lambda slug: TokensRequest("x", slug),
        "attention": lambda slug: AttentionMapRequest(AttentionRequest("x", slug), 0, 0),
        "embeddings": lambda slug: BlockRequest(EmbeddingsRequest("x", slug, "", "decoder")),
        "generation": lambda slug: GenerationRequest("x", slug, seed=1),
        "sentiment": lambda slug: SentimentRequest("x", slug),
        "answering": lambda slug: AnsweringRequest("x", "y", slug),
        "translation": lambda slug: TranslationRequest("x", slug),
    }
    hub = next(s for s in card.sources if isinstance(s, Hub))
    for room in set(card.rooms) & set(makers):
        for made in (program(makers[room](card.slug), hub=True), program(makers[room](card.slug), source=f"hub {hub.id}@main")):
            compile(made, "program.py", "exec")
            assert f'MODEL = "{hub.id}"' in made
            assert "distribution(" not in made and "PLAYGROUND_CACHE" not in made


def test_an_adapter_stands_on_the_hubs_base() -> None:
    made = program(SentimentRequest("x", "minilm-sentiment"), hub=True)
    assert 'MODEL = "sentence-transformers/all-MiniLM-L6-v2"' in made
    assert 'ADAPTER = "playground/weights/sentiment"' in made


def test_what_cannot_be_written_is_a_sentence() -> None:
    with pytest.raises(BadInput, match="on no hub"):
        program(TranslationRequest("x", "en-fr"), hub=True)
    with pytest.raises(UnknownModel, match="minilm-sentiment"):
        program(SentimentRequest("x", "nosuch"))
    with pytest.raises(BadInput, match="no program"):
        program(StatusRequest())


@pytest.mark.slow
@pytest.mark.models
def test_programs_with_a_hubs_id_run_where_a_hub_answers(service: Service, settings: Settings, tmp_path: Path) -> None:
    """A small hub over real HTTP: MiniLM from its wheel under the hub's name, and a tiny GPT-2 under GPT-2's."""
    from transformers import AutoTokenizer, GPT2LMHeadModel

    from playground.catalog import find_model
    from playground.engine.sources import find_files

    minilm, tiny = tmp_path / "minilm", make_tiny_gpt2(tmp_path / "tiny")
    minilm.mkdir()
    for file in find_files(find_model("minilm-l6"), settings, lambda state, done, total: None).folder.iterdir():
        if file.is_file():
            (minilm / file.name).symlink_to(file)
    asked = GenerationRequest("Hello, lazy fox!", "gpt2", temperature=0.0, max_new_tokens=5, seed=0)
    programs = {"sentiment": program(RUNS["sentiment"], hub=True), "gpt2": program(asked)}
    with serving({"sentence-transformers/all-MiniLM-L6-v2": minilm, "openai-community/gpt2": tiny}) as hub:
        environ = os.environ | {"HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "home"), "HF_HUB_DISABLE_XET": "1", "PYTHONPATH": ""}
        environ.pop("HF_HUB_OFFLINE", None)
        printed = {}
        for name, text in programs.items():
            done = subprocess.run([sys.executable, "-c", text], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120)
            assert done.returncode == 0, done.stderr[-2000:]
            printed[name] = done.stdout
        assert {"model.safetensors", "tokenizer.json", "config.json"} <= hub.fetched
    first = printed["sentiment"].split()
    assert float(first[3]) == pytest.approx(service.run(RUNS["sentiment"])[0].probabilities[1], abs=2e-4)
    model = GPT2LMHeadModel.from_pretrained(tiny).eval()
    tokenizer = AutoTokenizer.from_pretrained(tiny)
    ids = tokenizer(asked.prompt, return_tensors="pt").input_ids
    made = model.generate(ids, max_new_tokens=5, do_sample=False, repetition_penalty=1.1, pad_token_id=0)
    assert printed["gpt2"] == tokenizer.decode(made[0, ids.shape[1] :], skip_special_tokens=True) + "\n"
