"""What explaining a translation costs over translating it, in one process, answer cache off."""

from playground.catalog import DEFAULTS
from playground.tasks.translation.forced_decoding import ForcedDecodingRequest
from playground.tasks.translation.translation import TranslationRequest
from tests.benchmarks.harness import Measured, paired, seconds
from tests.benchmarks.overhead import service
from tests.benchmarks.texts import SENTENCES

MODEL = DEFAULTS["translation"]


def explained_cost() -> Measured:
    """Each sentence translated and reread with attention, probabilities and alternatives, against translated only."""
    requests = [TranslationRequest(text, MODEL) for text in SENTENCES[:12]]

    def explained() -> None:
        for request in requests:
            made = service().run(request)
            read = service().run(ForcedDecodingRequest(request, 0, made.candidates[0].ids))
            assert read.translation == made.translation

    def plain() -> None:
        for request in requests:
            service().run(request)

    explained()
    return paired(lambda: seconds(explained), lambda: seconds(plain), 7, "s")
