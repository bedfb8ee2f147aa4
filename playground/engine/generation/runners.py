"""The runners of this room, one a request type. Imports torch."""

from playground.engine.generation import beams, generation, kv_cache, lens, nexttoken, prompt
from playground.engine.rooms import Runners
from playground.tasks.generation.beams import BeamTreeRequest
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.kv_cache import PaceRequest
from playground.tasks.generation.lens import LensRequest
from playground.tasks.generation.nexttoken import NextLogitsRequest
from playground.tasks.generation.prompt import PromptReadingRequest

RUNNERS: Runners = {
    GenerationRequest: generation.generate,
    NextLogitsRequest: nexttoken.foretell,
    PromptReadingRequest: prompt.read_prompt,
    BeamTreeRequest: beams.grow_beams,
    LensRequest: lens.look,
    PaceRequest: kv_cache.race,
}
