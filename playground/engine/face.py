"""What a loaded model is, asked of its configuration and its modules, never of its card: stacks, attention, widths, and its head."""

from dataclasses import dataclass
from typing import Any, Literal

from playground.layouts import layout_of

Head = Literal["words", "labels", "span", "vectors"]
Kind = Literal["self", "masked", "cross"]


@dataclass(frozen=True)
class Face:
    """`layers` and `heads` are by stack ("encoder", "decoder"); `key_heads` of them have keys and values of their own (grouped-query
    attention), each `head_width` numbers wide (d_k); `width` is the model's (d_model). `types`: whether it marks the second text of a
    pair by segments. `head` is what it makes of its last vectors: a score for each vocabulary entry, for each label, for the start and
    the end of a span, or nothing."""

    layers: dict[str, int]
    heads: dict[str, int]
    key_heads: int
    head_width: int
    width: int
    types: bool
    head: Head

    @property
    def stacks(self) -> tuple[str, ...]:
        return tuple(self.layers)

    @property
    def has_cross(self) -> bool:
        """An encoder that a decoder reads."""
        return len(self.layers) == 2

    @property
    def writes(self) -> bool:
        """A decoder alone: it goes on from a text."""
        return self.stacks == ("decoder",)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Of attention, in the order of their layers: an encoder's is "self", a decoder's "masked"."""
        return ("self", "masked", "cross") if self.has_cross else ("masked",) if self.writes else ("self",)

    @property
    def uncached(self) -> dict[str, bool]:
        """The argument that keeps a forward from building a key-value cache; only models with a decoder know it."""
        return {"use_cache": False} if "decoder" in self.layers else {}


def face_of(model: Any, name: str) -> Face:
    """Of a transformers model. Raises BadInput for a family that `layouts` does not know; `name` is for that sentence."""
    config = model.config  # transformers' attribute_map gives each family's own names these common ones
    stacks = layout_of(config.model_type, name).stacks
    heads = int(config.num_attention_heads)
    found = {"encoder": (int(config.num_hidden_layers), heads), "decoder": (int(config.num_hidden_layers), heads)}
    if len(stacks) == 2:
        layers = getattr(config, "decoder_layers", None) or getattr(config, "num_decoder_layers", None) or config.num_hidden_layers
        found["decoder"] = (int(layers), int(getattr(config, "decoder_attention_heads", heads)))
    width = int(config.hidden_size)
    head_width = int(getattr(config, "head_dim", None) or getattr(config, "d_kv", None) or width // heads)
    return Face(
        {stack: found[stack][0] for stack in stacks}, {stack: found[stack][1] for stack in stacks},
        int(getattr(config, "num_key_value_heads", None) or heads), head_width, width,
        int(getattr(config, "type_vocab_size", 0) or 0) > 1, _head(model),
    )  # fmt: skip


def _head(model: Any) -> Head:
    name = type(model).__name__
    if name.endswith("ForSequenceClassification"):
        return "labels"
    if name.endswith("ForQuestionAnswering"):
        return "span"
    return "words" if model.get_output_embeddings() is not None else "vectors"
