"""The runners of this room, one a request type. Imports torch."""

from playground.engine.embeddings import anatomy, block, embeddings, multihead_beside, positions, similarity
from playground.engine.rooms import Runners
from playground.tasks.embeddings.anatomy import AnatomyRequest
from playground.tasks.embeddings.block import BlockRequest
from playground.tasks.embeddings.embeddings import EmbeddingsRequest, NeighboursRequest
from playground.tasks.embeddings.multihead import MultiHeadRequest
from playground.tasks.embeddings.positions import PositionsRequest, ShuffleRequest
from playground.tasks.embeddings.similarity import SimilarityRequest

RUNNERS: Runners = {
    EmbeddingsRequest: embeddings.embed,
    NeighboursRequest: embeddings.nearest,
    PositionsRequest: positions.look_up,
    ShuffleRequest: positions.shuffle,
    SimilarityRequest: similarity.compare,
    BlockRequest: block.open_blocks,
    AnatomyRequest: anatomy.take_apart,
    MultiHeadRequest: multihead_beside.run_beside,
}
