"""The written list of runners, one a request type, and the loaders the stores are made with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playground.catalog import MB, ModelCard
from playground.engine.codec import Codec, open_codec
from playground.engine.sources import find_files
from playground.settings import Settings
from playground.tasks.anatomy import AnatomyRequest
from playground.tasks.answering import AnsweringRequest, AnswerManyRequest
from playground.tasks.attention import AttentionRequest
from playground.tasks.attribution import AttributionRequest
from playground.tasks.beams import BeamTreeRequest
from playground.tasks.block import BlockRequest
from playground.tasks.budget import BudgetRequest
from playground.tasks.cutting import CuttingRequest
from playground.tasks.document import DocumentRequest
from playground.tasks.embeddings import EmbeddingsRequest, NeighboursRequest
from playground.tasks.explained_answer import ExplainAnswerRequest
from playground.tasks.forced_decoding import ForcedDecodingRequest
from playground.tasks.fresh_head import FreshHeadRequest
from playground.tasks.generation import GenerationRequest
from playground.tasks.influence import InfluenceRequest
from playground.tasks.issues import IssueRequest
from playground.tasks.lens import LensRequest
from playground.tasks.misreading import MisreadingRequest
from playground.tasks.multihead import MultiHeadRequest
from playground.tasks.nexttoken import NextLogitsRequest
from playground.tasks.outcome import OutcomeRequest
from playground.tasks.pace import PaceRequest
from playground.tasks.positions import PositionsRequest, ShuffleRequest
from playground.tasks.question_words import QuestionWordsRequest
from playground.tasks.reading import PromptReadingRequest
from playground.tasks.request import Request
from playground.tasks.sentiment import SentimentRequest
from playground.tasks.similarity import SimilarityRequest
from playground.tasks.steps import StepsRequest
from playground.tasks.tokens import TokensRequest
from playground.tasks.translation import TranslationRequest
from playground.tasks.writing import WritingRequest

Report = Callable[[str, int, int], None]


@dataclass(frozen=True)
class LoadedCodec:
    """A tokenizer without its model."""

    codec: Codec
    source: str
    bytes: int = 40 * MB


def load_codec(card: ModelCard, settings: Settings, report: Report) -> LoadedCodec:
    files = find_files(card, settings, report, tokenizer_only=True)
    return LoadedCodec(open_codec(files.folder), files.source)


def tokenizer_runner_of(kind: type[Request[Any]]) -> Callable[[ModelCard, Codec, list[Any], Any], list[Any]]:
    """The runner for requests of `kind` that need a tokenizer and no model: (card, codec, requests, watch) -> answers."""
    from playground.engine import budget, cutting, misreading, tokens

    runners: dict[type[Request[Any]], Callable[[ModelCard, Codec, list[Any], Any], list[Any]]] = {
        TokensRequest: tokens.tokenize,
        CuttingRequest: cutting.cut,
        BudgetRequest: budget.weigh,
        MisreadingRequest: misreading.misread,
    }
    return runners[kind]


def runner_of(kind: type[Request[Any]]) -> Callable[[Any, list[Any], Any], list[Any]]:
    """The runner for requests of `kind`: (loaded model, requests, watch) -> answers. Imports torch when first called."""
    from playground.engine import (
        answering,
        attention,
        attribution,
        beams,
        fresh_head,
        generation,
        influence,
        issues,
        lens,
        nexttoken,
        outcome,
        pace,
        question_words,
        reading,
        sentiment,
        steps,
        translation,
        writing,
    )
    from playground.engine.anatomy import take_apart
    from playground.engine.block import open_blocks
    from playground.engine.document import translate_documents
    from playground.engine.embeddings import embed, nearest
    from playground.engine.forced_decoding import reread
    from playground.engine.lesson import run_beside
    from playground.engine.positions import look_up, shuffle
    from playground.engine.similarity import compare

    runners: dict[type[Request[Any]], Callable[[Any, list[Any], Any], list[Any]]] = {
        AttentionRequest: attention.attend,
        StepsRequest: steps.explain,
        InfluenceRequest: influence.attribute,
        WritingRequest: writing.write_on,
        OutcomeRequest: outcome.foresee,
        GenerationRequest: generation.generate,
        SentimentRequest: sentiment.classify,
        AnsweringRequest: answering.answer,
        TranslationRequest: translation.translate,
        FreshHeadRequest: fresh_head.classify_fresh,
        IssueRequest: issues.provoke,
        PaceRequest: pace.race,
        LensRequest: lens.look,
        AttributionRequest: attribution.explain,
        DocumentRequest: translate_documents,
        ForcedDecodingRequest: reread,
        AnswerManyRequest: answering.answer_many,
        ExplainAnswerRequest: answering.explain,
        QuestionWordsRequest: question_words.weigh,
        NextLogitsRequest: nexttoken.foretell,
        PromptReadingRequest: reading.read_prompt,
        BeamTreeRequest: beams.grow_beams,
        EmbeddingsRequest: embed,
        NeighboursRequest: nearest,
        PositionsRequest: look_up,
        ShuffleRequest: shuffle,
        SimilarityRequest: compare,
        BlockRequest: open_blocks,
        AnatomyRequest: take_apart,
        MultiHeadRequest: run_beside,
    }
    return runners[kind]
