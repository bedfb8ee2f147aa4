"""Every program of the lesson is run as it is shown, offline: only MODEL is set to a model that is on this machine."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from transformers import (
    AutoModelForCausalLM,
    AutoModelForQuestionAnswering,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PreTrainedModel,
)

from playground.service.port import Service
from playground.settings import Settings
from playground.tasks.answering.answering import AnsweringRequest
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.tasks.translation.translation import TranslationRequest
from playground.views.code import program
from playground.views.learn.lessons import blanked, chapters, exercises, lesson_program
from tests.views.folders import WEIGHTS, minilm_folder, smollm_folder
from tests.views.test_code import in_process

ROOT = Path(__file__).parents[3]
PROGRAMS = ROOT / "playground" / "lessons" / "programs"
Run = Callable[..., str]


@pytest.fixture
def run(settings: Settings, tmp_path: Path) -> Run:
    """Runs a program with `values` for its constants on top, and gives what it prints."""

    def run(text: str, *arguments: str, **values: Any) -> str:
        for name, value in values.items():
            text, changed = re.subn(rf"^{name} = .*$", lambda _, n=name, v=value: f"{n} = {v!r}", text, flags=re.MULTILINE)  # type: ignore[misc]
            assert changed == 1, name
        (tmp_path / "program.py").write_text(text, "utf-8")
        done = in_process([str(tmp_path / "program.py"), *arguments], settings)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    return run


@pytest.fixture(scope="module")
def smollm(settings: Settings) -> str:
    return smollm_folder(settings)


def whole(kind: Any, adapter: str, folder: Path, **more: Any) -> str:
    """MiniLM with one of our adapters worked in, saved as one model, so that a pipeline can read it."""
    base = minilm_folder()
    body: PreTrainedModel = kind.from_pretrained(base, dtype=torch.float32, **more)
    made = PeftModel.from_pretrained(body, str(WEIGHTS / adapter)).merge_and_unload()
    made.save_pretrained(folder)
    AutoTokenizer.from_pretrained(base).save_pretrained(folder)
    return str(folder)


def test_every_program_is_shown_once_and_run_below() -> None:
    shown = [step.program for chapter in chapters() for step in chapter.steps if step.program]
    shown += [card.program for card in exercises() if card.program]
    assert sorted(shown) == sorted(path.stem for path in PROGRAMS.glob("*.py"))
    tested = Path(__file__).read_text("utf-8")
    assert [name for name in shown if f'lesson_program("{name}")' not in tested] == []


@pytest.mark.models
def test_the_first_program(run: Run, smollm: str) -> None:
    said = run(lesson_program("first"), MODEL=smollm).splitlines()
    assert said[0] == "5 tokens"
    tokenizer, model = AutoTokenizer.from_pretrained(smollm), AutoModelForCausalLM.from_pretrained(smollm)
    with torch.inference_mode():
        chances = model(**tokenizer("The capital of France is", return_tensors="pt")).logits[0, -1].float().softmax(-1)
    top = chances.topk(5)
    wanted = [f"{p:.3f} {tokenizer.decode(i)!r}" for p, i in zip(top.values.tolist(), top.indices.tolist(), strict=True)]
    assert said[1:] == wanted
    assert said[1].endswith("' Paris'")


@pytest.mark.models
def test_text_generation(run: Run, smollm: str) -> None:
    assert "Paris" in run(lesson_program("generate"), MODEL=smollm)


@pytest.mark.models
def test_sentiment(run: Run, tmp_path: Path) -> None:
    folder = whole(AutoModelForSequenceClassification, "sentiment", tmp_path / "model", num_labels=4)
    said = [line.split(" ", 2) for line in run(lesson_program("classify"), MODEL=folder).splitlines()]
    assert [(label, text) for label, _, text in said] == [("LABEL_2", "I love this product!"), ("LABEL_0", "The film is not good.")]
    assert float(said[0][1]) == pytest.approx(0.959, abs=0.002), "what the model's card says of this sentence"


@pytest.mark.models
def test_question_answering(run: Run, tmp_path: Path, service: Service) -> None:
    folder = whole(AutoModelForQuestionAnswering, "answering", tmp_path / "model")
    text = lesson_program("answer")
    assert run(text, MODEL=folder).strip() in ("330 metres", "330 metres tall")
    question = "Who built the Eiffel Tower?"
    context = re.search(r'^CONTEXT = "(.*)"$', text, re.MULTILINE)
    assert context
    found = service.run(AnsweringRequest(question, context[1], "minilm-qa")).best
    assert found and run(text, MODEL=folder, QUESTION=question).strip() == context[1][found.start : found.end]


@pytest.mark.models
def test_translation(run: Run, service: Service) -> None:
    said = run(lesson_program("translate"), MODEL=str(WEIGHTS / "en-fr"), PREFIX="").splitlines()
    assert said == [
        service.run(TranslationRequest(text, "en-fr", 4)).candidates[0].text for text in ("How are you?", "The white house is small.")
    ]
    assert "maison blanche" in said[1]


@pytest.mark.models
def test_translation_with_a_model_of_t5s_kind(run: Run, tmp_path: Path) -> None:
    """The program names T5, so it is run with one: tiny and untrained, so what it writes says nothing."""
    from tests.engine.tiny_translators import make_tiny_t5

    (tmp_path / "t5").mkdir()
    assert len(run(lesson_program("translate"), MODEL=str(make_tiny_t5(tmp_path / "t5"))).splitlines()) >= 2


@pytest.mark.models
def test_the_tool_says_what_the_page_and_the_exercise_say(run: Run, service: Service, tmp_path: Path) -> None:
    card = next(card for card in exercises() if card.program == "tool")
    texts = str(card.see[0][1].inputs["sentiment-text"]).splitlines()
    said = run(lesson_program("tool")).splitlines()
    page = [service.run(SentimentRequest(text, "minilm-sentiment")) for text in texts]
    assert said[:-1] == [f"{one.label} {max(one.probabilities):.3f} {text}" for one, text in zip(page, texts, strict=True)]
    assert said[-1] == "1 negative, 0 neutral, 2 positive, 0 unreadable"
    for line, word in zip(said, ("positive 0.963", "negative 0.960", "positive 0.963"), strict=False):
        assert line.startswith(word)
    assert "prints positive 0.963, negative 0.960 and positive 0.963" in card.found
    own = tmp_path / "reviews.txt"
    own.write_text("I love this product!\n\nThe train leaves at nine.\n", "utf-8")
    lines = run(lesson_program("tool"), str(own)).splitlines()
    assert [line.split(" ", 2)[2] for line in lines[:-1]] == ["I love this product!", "The train leaves at nine."]
    assert lines[1].startswith("neutral") and "“The train leaves at nine.” is neutral" in card.found
    shown = run(program(SentimentRequest(texts[0], "minilm-sentiment")))
    assert f"{max(page[0].probabilities):.3f}" in "".join(f"{float(n):.3f} " for n in re.findall(r"\d\.\d+", shown))


@pytest.mark.models
def test_the_tool_as_it_is_to_be_changed_for_another_computer(run: Run, tmp_path: Path) -> None:
    """Step 5: MODEL and LABELS set, the lines with PeftModel and ADAPTER taken out; run on a whole model."""
    folder = whole(AutoModelForSequenceClassification, "sentiment", tmp_path / "model", num_labels=4)
    two = AutoModelForSequenceClassification.from_pretrained(folder)
    two.classifier.weight.data, two.classifier.bias.data = (p.data[[0, 2]] for p in (two.classifier.weight, two.classifier.bias))
    two.config.num_labels = 2  # negative and positive alone, as the model that step 5 names
    two.save_pretrained(folder)
    text = re.sub(r"^LABELS = .*$", 'LABELS = ["negative", "positive"]', lesson_program("tool"), flags=re.MULTILINE)
    text = re.sub(r"^MODEL = .*$", f"MODEL = {folder!r}", text, flags=re.MULTILINE)
    left = [line for line in text.splitlines() if "PeftModel" not in line and "ADAPTER" not in line]
    assert len(text.splitlines()) - len(left) == 3
    said = run("\n".join(left)).splitlines()
    assert [line.split()[0] for line in said[:-1]] == ["positive", "negative", "positive"]


def test_the_exercise_is_wrong_until_it_is_filled_in(tmp_path: Path) -> None:
    """The sums it is checked against are made by hand: scores 2 and 0, so weights e²/(e²+1) = 0.8808 and 0.1192."""
    whole_, empty = lesson_program("attention"), blanked(lesson_program("attention"))
    assert empty.count("...  # fill in") == whole_.count("# fill in") == 3
    for line in ("powers / powers.sum", "q @ k.T", "weights @ v"):
        assert line in whole_ and line not in empty
    done = subprocess.run([sys.executable, "-c", whole_], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "All three are right.", done.stderr
    assert subprocess.run([sys.executable, "-c", empty], capture_output=True, timeout=60).returncode != 0
    told: dict[str, Any] = {}
    exec(whole_, told)
    weights = told["attention"](told["q"], told["k"], told["v"])
    assert weights.round(4).tolist() == [[0.8808, 0.1192], [0.1192, 0.8808]]
    wrong = whole_.replace(" / np.sqrt(d_k)", "")
    assert wrong != whole_
    assert b"AssertionError" in subprocess.run([sys.executable, "-c", wrong], capture_output=True, timeout=60).stderr


def test_the_pip_line_installs_what_this_page_runs_on() -> None:
    step = next(step for chapter in chapters() for step in chapter.steps if step.title == "What you need")
    pins = dict(line.split("==") for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines() if "==" in line)
    for name in ("transformers", "torch"):
        assert re.findall(rf"{name}==([\d.]+)", step.text)[0] == pins[name]
    from importlib import metadata

    assert metadata.metadata("transformers")["Requires-Python"].startswith(">=3.11") and "3.11 or newer" in step.text
    models = {r["model"]: r for r in json.loads((ROOT / "playground/lessons/models.json").read_text("utf-8"))}
    assert "135 million" in models["SmolLM2 135M Instruct"]["size"]
    assert f"{135e6 * 4 / 1e9:.2f} GB" in step.text
