"""A long text sentence by sentence: sentences of similar length in one batch, a cumulative answer after each batch."""

from dataclasses import dataclass, field

from playground.engine.models import Loaded
from playground.engine.source_texts import encoded, source_of
from playground.engine.translation.translation import translate_together
from playground.engine.watch import Watch
from playground.tasks.passages import Passage, parted, passages_of
from playground.tasks.translation.document import Document, DocumentRequest
from playground.tasks.translation.translation import Translation

TOGETHER = 8
AHEAD = 32
FEW = 2


@dataclass
class _Run:
    loaded: Loaded
    request: DocumentRequest
    passages: tuple[Passage, ...]
    parted: int
    made: dict[int, Translation] = field(default_factory=dict)

    def answer(self) -> Document:
        made = tuple(self.made.get(i) for i in range(len(self.passages)))
        return Document(self.loaded.card.slug, self.loaded.source, self.request.text, self.passages, made, self.parted)


def translate_documents(loaded: Loaded, requests: list[DocumentRequest], watch: Watch) -> list[Document]:
    """One answer a request, in order; the answers so far are reported on the way."""
    return [_translate(loaded, request, watch) for request in requests]


def _translate(loaded: Loaded, request: DocumentRequest, watch: Watch) -> Document:
    run = _Run(loaded, request, *_fitting(loaded, passages_of(request.text)))
    batches = batches_of([(i, len(passage.text)) for i, passage in enumerate(run.passages) if passage.sentence])
    for places in batches:
        if len(batches) > 1:
            watch.report(run.answer())  # alone: a Progress right after it would take its place
        texts = [run.passages[i].text for i in places]
        run.made |= dict(zip(places, translate_together(loaded, texts, request.beams, watch), strict=True))
    return run.answer()


def batches_of(sizes: list[tuple[int, int]]) -> list[list[int]]:
    """Places from (place, size) in batches: the first FEW alone, so that something is seen soon, then AHEAD sentences at a time in
    the text's order, and among these similar sizes together, TOGETHER to a batch, so that little is padded."""
    batches = [[place for place, _ in sizes[:FEW]]] if sizes else []
    for begin in range(FEW, len(sizes), AHEAD):
        near = sorted(sizes[begin : begin + AHEAD], key=lambda pair: pair[1])
        batches += [[place for place, _ in near[i : i + TOGETHER]] for i in range(0, len(near), TOGETHER)]
    return batches


def _fitting(loaded: Loaded, passages: tuple[Passage, ...]) -> tuple[tuple[Passage, ...], int]:
    """The passages with every sentence over the window in parts, and how many had to be parted."""

    def fits(text: str) -> bool:
        return len(encoded(loaded, source_of(loaded, text)).ids) <= loaded.window

    found, count = list[Passage](), 0
    for passage in passages:
        whole = not passage.sentence or fits(passage.text)
        count += not whole
        found += [passage] if whole else parted(passage.text, fits)
    return tuple(found), count
