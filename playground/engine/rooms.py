"""The written list of runners, one a request type, and the loaders the stores are made with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playground.catalog import MB, ModelCard
from playground.engine.codec import Codec, open_codec
from playground.engine.sources import find_files
from playground.settings import Settings
from playground.tasks.answering.answering import AnsweringRequest, AnswerManyRequest
from playground.tasks.answering.explained_answer import ExplainAnswerRequest
from playground.tasks.answering.question_words import QuestionWordsRequest
from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.attention.dot_product import StepsRequest
from playground.tasks.attention.influence import InfluenceRequest
from playground.tasks.attention.outcome import OutcomeRequest
from playground.tasks.attention.writing import WritingRequest
from playground.tasks.embeddings.anatomy import AnatomyRequest
from playground.tasks.embeddings.block import BlockRequest
from playground.tasks.embeddings.embeddings import EmbeddingsRequest, NeighboursRequest
from playground.tasks.embeddings.multihead import MultiHeadRequest
from playground.tasks.embeddings.positions import PositionsRequest, ShuffleRequest
from playground.tasks.embeddings.similarity import SimilarityRequest
from playground.tasks.generation.beams import BeamTreeRequest
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.kv_cache import PaceRequest
from playground.tasks.generation.lens import LensRequest
from playground.tasks.generation.nexttoken import NextLogitsRequest
from playground.tasks.generation.prompt import PromptReadingRequest
from playground.tasks.learn.fresh_head import FreshHeadRequest
from playground.tasks.learn.issues import IssueRequest
from playground.tasks.request import Request
from playground.tasks.sentiment.attribution import AttributionRequest
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.tasks.tokens.budget import BudgetRequest
from playground.tasks.tokens.misreading import MisreadingRequest
from playground.tasks.tokens.segmentation import CuttingRequest
from playground.tasks.tokens.tokens import TokensRequest
from playground.tasks.translation.document import DocumentRequest
from playground.tasks.translation.forced_decoding import ForcedDecodingRequest
from playground.tasks.translation.translation import TranslationRequest

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
    from playground.engine.tokens import budget, misreading, tokens
    from playground.engine.tokens import segmentation as cutting

    runners: dict[type[Request[Any]], Callable[[ModelCard, Codec, list[Any], Any], list[Any]]] = {
        TokensRequest: tokens.tokenize,
        CuttingRequest: cutting.cut,
        BudgetRequest: budget.weigh,
        MisreadingRequest: misreading.misread,
    }
    return runners[kind]


def runner_of(kind: type[Request[Any]]) -> Callable[[Any, list[Any], Any], list[Any]]:
    """The runner for requests of `kind`: (loaded model, requests, watch) -> answers. Imports torch when first called."""
    from playground.engine.answering import answering, question_words
    from playground.engine.attention import attention, influence, outcome, writing
    from playground.engine.attention import dot_product as steps
    from playground.engine.embeddings.anatomy import take_apart
    from playground.engine.embeddings.block import open_blocks
    from playground.engine.embeddings.embeddings import embed, nearest
    from playground.engine.embeddings.multihead_beside import run_beside
    from playground.engine.embeddings.positions import look_up, shuffle
    from playground.engine.embeddings.similarity import compare
    from playground.engine.generation import beams, generation, lens, nexttoken
    from playground.engine.generation import kv_cache as pace
    from playground.engine.generation import prompt as reading
    from playground.engine.learn import fresh_head, issues
    from playground.engine.sentiment import attribution, sentiment
    from playground.engine.translation import translation
    from playground.engine.translation.document import translate_documents
    from playground.engine.translation.forced_decoding import reread

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
