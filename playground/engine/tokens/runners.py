"""The runners of this room, one a request type. Tokenizers alone: no weights, no torch."""

from playground.engine.rooms import Runners
from playground.engine.tokens import budget, misreading, segmentation, tokens
from playground.tasks.tokens.budget import BudgetRequest
from playground.tasks.tokens.misreading import MisreadingRequest
from playground.tasks.tokens.segmentation import CuttingRequest
from playground.tasks.tokens.tokens import TokensRequest

RUNNERS: Runners = {
    TokensRequest: tokens.tokenize,
    CuttingRequest: segmentation.cut,
    BudgetRequest: budget.weigh,
    MisreadingRequest: misreading.misread,
}
