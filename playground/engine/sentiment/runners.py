"""The runners of this room, one a request type. Imports torch."""

from playground.engine.rooms import Runners
from playground.engine.sentiment import attribution, sentiment
from playground.tasks.sentiment.attribution import AttributionRequest
from playground.tasks.sentiment.sentiment import SentimentRequest

RUNNERS: Runners = {
    SentimentRequest: sentiment.classify,
    AttributionRequest: attribution.explain,
}
