"""How a text is cut, stage by stage, from the codec's own tables, beside what its library gives. Needs no model weights."""

from playground.catalog import ModelCard
from playground.engine.codec import Codec
from playground.engine.watch import Watch
from playground.tasks.tokens.segmentation import Cutting, CuttingRequest, cut_words


def cut(card: ModelCard, codec: Codec, requests: list[CuttingRequest], watch: Watch) -> list[Cutting]:
    """One answer a request, in order."""
    return [_cut(card, codec, request, watch) for request in requests]


def _cut(card: ModelCard, codec: Codec, request: CuttingRequest, watch: Watch) -> Cutting:
    watch.check()
    rendered = codec.chat(request.text) if request.chat else None
    read = codec.plain(request.text) if rendered is None else rendered
    segments = codec.segments(read)
    words = cut_words(segments, codec.tables)
    made, bare = codec.encode(read), codec.ids(read, special=False)
    written = {segment.text for segment in segments if segment.special}
    special = tuple(bool(s) or piece in written for s, piece in zip(made.special, made.pieces, strict=True))
    agrees = [i for word in words for i in word.ids] == bare
    ids = tuple(int(i) for i in made.ids)
    templated = rendered is not None
    return Cutting(
        request.text, card.slug, card.scheme, read, segments, words, made.pieces, ids, special, agrees, templated, codec.origin,
        codec.spelled(read),
    )  # fmt: skip
