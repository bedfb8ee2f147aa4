"""The runners of this room, one a request type. Imports torch."""

from playground.engine.attention import attention, dot_product, influence, outcome, writing
from playground.engine.rooms import Runners
from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.attention.dot_product import StepsRequest
from playground.tasks.attention.influence import InfluenceRequest
from playground.tasks.attention.outcome import OutcomeRequest
from playground.tasks.attention.writing import WritingRequest

RUNNERS: Runners = {
    AttentionRequest: attention.attend,
    StepsRequest: dot_product.explain,
    InfluenceRequest: influence.attribute,
    WritingRequest: writing.write_on,
    OutcomeRequest: outcome.foresee,
}
