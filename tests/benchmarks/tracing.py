"""What it costs to have every token of a generation told with its 50 alternatives, streamed: against the plain run, streamed too."""

from dataclasses import replace

from playground.catalog import DEFAULTS
from playground.tasks.generation.generation import Generation, GenerationRequest
from playground.tasks.generation.tracing import ALTERNATIVES
from playground.views.generation.trace import TraceMessages
from tests.benchmarks.harness import Measured, paired, seconds
from tests.benchmarks.overhead import NEW_TOKENS, service
from tests.benchmarks.texts import PROMPT

PLAIN = GenerationRequest(PROMPT, DEFAULTS["generation"], chat=False, max_new_tokens=NEW_TOKENS, seed=0)


def explained_generation() -> Measured:
    """Seconds of one sampled text of 64 tokens; ours also makes what the page is sent of each partial answer."""
    traced = replace(PLAIN, alternatives=ALTERNATIVES)
    assert service().run(traced).text == service().run(PLAIN).text
    return paired(lambda: seconds(lambda: _read(traced)), lambda: seconds(lambda: _read(PLAIN)), 15, "s")


def _read(request: GenerationRequest) -> None:
    told = TraceMessages(request)
    for item in service().stream(request):
        if isinstance(item, Generation) and request.alternatives:
            list(told(item))
