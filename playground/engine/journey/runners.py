"""The runners of this room, one a request type. Imports torch."""

from playground.engine.journey import journey
from playground.engine.rooms import Runners
from playground.tasks.journey.journey import JourneyRequest, SayingRequest, WordsRequest

RUNNERS: Runners = {
    JourneyRequest: journey.travel,
    SayingRequest: journey.say,
    WordsRequest: journey.name,
}
