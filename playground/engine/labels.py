"""Token ids as text a person can read: what each stands for alone, or its bytes where it is only part of a character."""

from playground.engine.codec import FastCodec
from playground.engine.models import Loaded
from playground.tasks.tokens import piece_bytes


def labels_of(loaded: Loaded, ids: list[int]) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    """(text of each id, whether it is special). A piece of a character shows its bytes, ⟨F0 9F⟩; a special token its name."""
    codec = loaded.codec
    if not isinstance(codec, FastCodec):
        return tuple(codec.decode([token]) for token in ids), (False,) * len(ids)
    named = codec.tokenizer.get_added_tokens_decoder()
    labels, special = [], []
    for token in ids:
        added = named.get(token)
        special.append(added is not None and added.special)
        text = codec.tokenizer.decode([token], skip_special_tokens=False)
        raw = piece_bytes(codec.tokenizer.id_to_token(token) or "", loaded.card.scheme) if "\ufffd" in text else None
        labels.append(f"⟨{raw.hex(' ').upper()}⟩" if raw else text)
    return tuple(labels), tuple(special)
