"""What explaining a translation costs over translating, and what batches save on a text of many sentences. In one process, caches off."""

from playground.catalog import DEFAULTS
from playground.tasks.document import DocumentRequest
from playground.tasks.forced_decoding import ForcedDecodingRequest
from playground.tasks.translation import TranslationRequest
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


def document_vs_sentences() -> Measured:
    """A text of 32 sentences as one request, against its sentences one at a time; the translations are the same."""
    text, requests = "\n".join(SENTENCES), [TranslationRequest(text, MODEL) for text in SENTENCES]
    whole = service().run(DocumentRequest(text, MODEL))
    assert whole.translation == "\n".join(service().run(request).translation for request in requests)

    def one_by_one() -> None:
        for request in requests:
            service().run(request)

    return paired(lambda: seconds(lambda: service().run(DocumentRequest(text, MODEL))), lambda: seconds(one_by_one), 5, "s")
