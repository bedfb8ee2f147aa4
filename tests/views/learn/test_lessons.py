"""The lesson's data: every heading is covered, every button leads somewhere, every claim about a model holds on that model."""

import json
import subprocess
import sys
from dataclasses import fields
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import pytest

from playground.catalog import MODELS
from playground.errors import BadInput
from playground.panels import PANELS
from playground.service.port import Service
from playground.settings import Settings
from playground.tasks.answering.answering import AnsweringRequest
from playground.tasks.attention.attention import AttentionMapRequest, AttentionRequest
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.tasks.tokens.tokens import TokensRequest
from playground.ui import build_app
from playground.views.learn.facts import (
    models_table,
    packages,
    packages_table,
    pipelines,
    pipelines_table,
    resources_table,
    sizes_table,
    windows_table,
)
from playground.views.learn.issues import known_issues
from playground.views.learn.lessons import TABLES, chapters, every_scene, exercises, gallery, headings, lesson_view, questions, quiz_view
from playground.views.scenes import Scene
from playground.views.windows import known_windows
from tests.fake.service import FakeService

REMOVED = "has been removed from transformers"
LESSONS = Path(__file__).parents[3] / "playground" / "lessons"


@pytest.fixture(scope="module")
def page() -> gr.Blocks:
    return build_app(FakeService())


def test_every_heading_of_the_lesson_is_covered() -> None:
    covered = [heading for chapter in chapters() for heading in chapter.covers]
    assert set(covered) == set(headings())
    assert len(headings()) == len(set(headings())) >= 20


def test_chapters_are_short_and_each_shows_something() -> None:
    assert len({chapter.id for chapter in chapters()}) == len(chapters())
    for chapter in chapters():
        assert any(step.see for step in chapter.steps), chapter.id
        for step in chapter.steps:
            assert len(step.text.split()) < 150, f"{chapter.id}: {step.title}"
            assert bool(step.label) == (step.see is not None)
            assert step.table in ("", *TABLES)


@pytest.mark.parametrize(("name", "scene"), every_scene(), ids=[name for name, _ in every_scene()])
def test_every_scene_leads_somewhere(page: gr.Blocks, name: str, scene: Scene) -> None:
    """Its inputs, accordions and button are in its tab, its values are ones the inputs take."""
    ids = ids_of(page, scene.tab)
    fields = {block.elem_id: block for block in page.blocks.values() if getattr(block, "elem_id", None) in scene.inputs}
    assert scene.tab in {panel.id for panel in PANELS}
    assert set(scene.inputs) <= set(fields) & ids
    assert set(scene.open) <= ids
    assert (scene.press or f"{scene.tab}-run") in ids or not scene.run
    assert scene.look or not scene.run, "a scene that runs says what to look for"
    if scene.press:
        assert parts_around(page, scene.press) <= set(scene.open), "what is not open is closed"
    for elem_id, value in scene.inputs.items():
        assert_takes(fields[elem_id], value)
    if scene.lab is not None:
        assert scene.tab == "attention" and {"attention-text", "attention-model"} <= set(scene.inputs)
        assert set(scene.lab) - {"pins"} == {"kind", "layer", "head"}


def parts_around(page: gr.Blocks, elem_id: str) -> set[str]:
    """The accordions that a block stands in."""
    block: Any = next(block for block in page.blocks.values() if getattr(block, "elem_id", None) == elem_id)
    found = set()
    while block := block.parent:
        if isinstance(block, gr.Accordion):
            found.add(str(block.elem_id))
    return found


def ids_of(page: gr.Blocks, tab: str) -> set[str]:
    """The elem_ids of what stands in a tab, at any depth."""
    found, left = set(), [next(block for block in page.blocks.values() if getattr(block, "elem_id", None) == f"{tab}-tab")]
    while left:
        block = left.pop()
        found.add(block.elem_id)
        left += getattr(block, "children", [])
    return found - {None}


def assert_takes(field: Any, value: Any) -> None:
    if isinstance(field, gr.Slider):
        assert field.minimum <= value <= field.maximum
    elif isinstance(field, gr.Checkbox):
        assert isinstance(value, bool)
    else:
        assert isinstance(value, str)
    if isinstance(field, gr.Dropdown | gr.Radio):
        assert value in [one[1] for one in field.choices]
    if field.elem_id.endswith(("-model", "-tokenizer")):
        assert next(card for card in MODELS if card.slug == value).embedded, "the lesson works without a hub"


def test_the_questions() -> None:
    assert len({q.id for q in questions()}) == len(questions()) >= 20
    assert sum(q.lesson for q in questions()) == 5
    assert [q.lesson for q in questions()] == sorted((q.lesson for q in questions()), reverse=True)
    marked = [q for q in questions() if q.options]
    assert len(marked) >= 15 and len(marked) < len(questions()), "some are open"
    for q in questions():
        assert q.why and (q.right in range(len(q.options)) if q.options else q.right == -1)
        assert len(set(q.options)) == len(q.options)
    assert {q.right for q in marked} == {0, 1, 2}, "the right one is not always in the same place"
    assert [q.id for q in marked if not q.see] == []


def test_exercises_and_presets() -> None:
    assert [card.title[:2] for card in exercises()] == ["1.", "2.", "3.", "4.", "5."]
    assert all(card.found and card.see for card in exercises())
    assert exercises()[2].program and exercises()[2].steps, "the lesson's third is a tool to build"
    assert len(gallery()) >= 7


def test_the_five_of_the_lesson_are_marked() -> None:
    assert [q["lesson"] for q in quiz_view()["questions"]] == [True] * 5 + [False] * (len(questions()) - 5)


def test_facts_have_a_source_and_a_date() -> None:
    at = models_table()["columns"].index("published (source)")
    assert {"family", "good for", "trained on"} <= set(models_table()["columns"])
    for row in models_table()["rows"]:
        assert row[at]["link"].startswith("https://")
        assert date(2017, 1, 1) < date.fromisoformat(row[at]["text"] + "-07-01"[: 10 - len(row[at]["text"])]) < date(2027, 1, 1)
        assert all(row[:at])
    here = {r["here"] for r in json.loads((LESSONS / "models.json").read_text("utf-8")) if "here" in r}
    assert here <= {card.slug for card in MODELS if card.embedded}
    assert {"GPT-4", "BERT", "LLaMA 2", "Claude 2", "Gemini 1.0"} <= {row[0] for row in models_table()["rows"]}


def test_the_sizes_that_the_lesson_names() -> None:
    """From the papers: GPT-2 (Radford 2019), GPT-3 table 2.1 (Brown 2020), Llama 2 (Touvron 2023), and SmolLM2's card."""
    rows = {row[0]: row for row in sizes_table()["rows"]}
    assert rows["GPT-2"][1] == "124 million to 1.5 billion"
    assert rows["GPT-3"][1].endswith("175 billion") and rows["GPT-3"][2] == "300 billion tokens"
    assert rows["LLaMA 2"][1] == "7, 13 and 70 billion" and rows["LLaMA 2"][2] == "2 trillion tokens"
    assert rows["SmolLM2 135M Instruct"][2].startswith("2 trillion tokens")
    assert not [row for row in rows.values() if "not published" in "".join(row[1:3])]


def test_the_chapter_of_windows_has_the_table_that_the_meter_counts_against() -> None:
    steps = {c["id"]: c["steps"] for c in lesson_view()["chapters"]}["window"]
    table = next(step["table"] for step in steps if step["table"])
    assert table == windows_table()
    sizes = {row[0]: row[2] for row in table["rows"]}
    assert sizes == {row["model"]: f"{row['window']:,} tokens" for row in known_windows()}
    makers_own = {"BERT": "512", "GPT-3.5 Turbo": "16,385", "GPT-4 Turbo": "128,000", "LLaMA 2": "4,096", "Llama 3.1": "131,072"}
    assert {model: sizes[model] for model in makers_own} == {model: f"{n} tokens" for model, n in makers_own.items()}


def test_resources_are_links_that_open_elsewhere() -> None:
    hosts = {row[0]["link"].split("/")[2] for row in resources_table()["rows"]}
    assert {"arxiv.org", "huggingface.co", "jalammar.github.io", "karpathy.ai", "www.3blue1brown.com", "platform.openai.com"} == hosts
    assert all(row[0]["link"].startswith("https://") and row[1] and row[2] for row in resources_table()["rows"])


def test_what_is_missing_for_a_hosted_model_is_named_whole() -> None:
    """The three variables by which the page is told; and whose sentence it is that stands above."""
    told = known_issues()["key"]
    named = {one.metadata["variable"] for one in fields(Settings) if "OPENAI" in one.metadata["variable"]}
    assert len(named) == 3 and all(name in told["fix"] for name in named)
    assert "this page's own" in told["means"]
    step = next(step for chapter in chapters() for step in chapter.steps if step.title == "No key")
    assert "three variables" in step.text


def test_packages_that_are_said_to_be_here_are() -> None:
    rows = {r["package"]: r["here"] for r in json.loads((LESSONS / "packages.json").read_text("utf-8"))}
    required = (LESSONS.parents[1] / "requirements.txt").read_text("utf-8")
    assert {name for name, here in rows.items() if here} == {name for name in rows if f"\n{name}" in required}
    shown = packages_table({name: metadata.version(name) for name in packages() if rows[name]})
    assert [row[3] for row in shown["rows"] if row[0] == "torch"] == [metadata.version("torch")]


def test_which_pipelines_still_run() -> None:
    """Asked of the library that is installed: the KeyError is real."""
    code = (
        "import json, sys\nfrom transformers.pipelines import check_task\nsaid = {}\n"
        "for task in json.loads(sys.argv[1]):\n"
        "    try:\n        check_task(task); said[task] = ''\n"
        "    except KeyError as error:\n        said[task] = repr(error)\n"
        "print(json.dumps(said))"
    )
    tasks = [task for task, _ in pipelines()]
    done = subprocess.run([sys.executable, "-c", code, json.dumps(tasks)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert {task: not error for task, error in said.items()} == dict(pipelines())
    assert all(REMOVED in error for error in said.values() if error)
    assert REMOVED in pipelines_table("5")["caption"]


def row_of(service: Service, text: str, model: str, layer: int, head: int, token: str) -> dict[str, float]:
    """How the last `token` of `text` shares its weight, by the surface of the tokens (the largest where one stands twice)."""
    made = service.run(AttentionMapRequest(AttentionRequest(text, model), layer, head))
    words = [label.strip() for label in made.keys.labels]
    row = made.weights[len(words) - 1 - words[::-1].index(token)]
    found: dict[str, float] = {}
    for word, weight in zip(words, row.tolist(), strict=True):
        found[word] = max(weight, found.get(word, 0.0))
    return found


@pytest.mark.models
def test_the_animal_and_the_street(service: Service) -> None:
    text = "The animal didn't cross the street because it was too {}."
    tired, wide = (row_of(service, text.format(word), "minilm-l6", 3, 1, "it") for word in ("tired", "wide"))
    assert (tired["animal"], tired["street"]) == (pytest.approx(0.68, abs=0.01), pytest.approx(0.05, abs=0.01))
    assert (wide["animal"], wide["street"]) == (pytest.approx(0.28, abs=0.01), pytest.approx(0.12, abs=0.01))


@pytest.mark.models
def test_the_heads_do_what_is_said_of_them(service: Service) -> None:
    text = "When Mary and John went to the store, John gave a drink to"
    made = service.run(AttentionMapRequest(AttentionRequest(text, "smollm2-135m"), 16, 0))
    assert np.diagonal(made.weights, -1).mean() > 0.7, "the token before"
    assert row_of(service, text, "smollm2-135m", 24, 4, "to")["Mary"] > 0.7
    rounds = "blue fox seven lamp river chair blue fox seven lamp river chair blue fox seven"
    made = service.run(AttentionMapRequest(AttentionRequest(rounds, "smollm2-135m"), 18, 6))
    assert np.diagonal(made.weights, -5)[1:].mean() > 0.6, "the word after the same word, six places ago"


@pytest.mark.models
def test_the_translation_looks_crosswise(service: Service) -> None:
    made = service.run(AttentionMapRequest(AttentionRequest("The white house is small.", "en-fr"), 1, 4, "cross"))
    looks = {q.strip(): made.keys.labels[int(row.argmax())].strip() for q, row in zip(made.queries.labels, made.weights, strict=True)}
    assert (looks["La"], looks["maison"]) == ("house", "white")


@pytest.mark.models
def test_what_the_exercises_say_comes_true(service: Service) -> None:
    counts = [service.run(TokensRequest(str(scene.inputs["tokens-text"]), str(scene.inputs["tokens-tokenizer"]), False)).count
              for _, scene in exercises()[0].see]  # fmt: skip
    assert f"{counts[0]}, {counts[1]} and {counts[2]}" in exercises()[0].found
    ironic = "What a wonderful way to spend a night: six hours in a waiting room."
    assert service.run(SentimentRequest(ironic, "minilm-sentiment")).label == "positive"
    assert service.run(SentimentRequest("The film is not bad at all.", "minilm-sentiment")).label == "positive"
    assert service.run(SentimentRequest("The film is not good.", "minilm-sentiment")).label == "negative"


@pytest.mark.models
def test_answers_that_are_there_and_that_are_not(service: Service) -> None:
    asked = {s.inputs["answering-question"]: s for _, s in every_scene() if s.tab == "answering"}
    for question, scene in asked.items():
        made = service.run(AnsweringRequest(str(question), str(scene.inputs["answering-context"]), "minilm-qa"))
        assert (made.best is None) == (str(question).startswith(("What does a ticket", "In which year was the tower painted"))), question


def test_a_card_that_is_no_scene_is_found_out() -> None:
    from playground.views.scenes import read_scene

    with pytest.raises(BadInput):
        read_scene({"tab": "tokens", "input": {}})
