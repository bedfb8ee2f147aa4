"""A model's parameters counted by component, each parameter once, by where its module lies. Knows the layouts, no numbers.

What the library keeps beside them and no training sets (Marian's sines and cosines) is listed, and not counted.
"""

from collections import Counter

from playground.engine.models import Loaded
from playground.engine.stack import Stack, find_part, stack_of
from playground.engine.watch import Watch
from playground.layouts import ATTENTION, CROSS, FORWARD
from playground.tasks.embeddings.anatomy import Anatomy, AnatomyRequest, Component

MEAN = "Not used for what this page shows: a sentence's vector is the mean of its tokens' vectors (Reimers and Gurevych 2019)."
UNUSED = {"vectors": MEAN}


def take_apart(loaded: Loaded, requests: list[AnatomyRequest], watch: Watch) -> list[Anatomy]:
    """One answer a request; the components' parameters add up to the model's own count."""
    watch.check()
    return [_take_apart(loaded) for _ in requests]


def _take_apart(loaded: Loaded) -> Anatomy:
    stacks = [stack_of(loaded, name) for name in loaded.face.stacks]
    groups: dict[tuple[str, str], Counter[str]] = {}
    shapes: dict[tuple[str, str], dict[str, str]] = {}
    places = _places(stacks)
    for name, parameter in loaded.model.named_parameters():  # each parameter once, tied ones under their first name
        stack, part, block, inner = _where(loaded, name, places)
        groups.setdefault((stack, part), Counter())[block] += parameter.numel()
        shapes.setdefault((stack, part), {}).setdefault(inner, "×".join(map(str, parameter.shape)))
    made = []
    waves = {(one.name, "position embeddings") for one in stacks if one.layout.positions == "sinusoidal"}
    for (stack, part), counts in groups.items():
        aside = UNUSED.get(loaded.face.head, "") if part == "pooler" else ""
        for each in sorted(set(counts.values()), reverse=True):
            times = sum(1 for count in counts.values() if count == each)
            made.append(Component(stack, part, times, each, _detail(shapes[stack, part]), (stack, part) in waves, aside))
    total = sum(one.parameters for one in made)
    size = sum(p.numel() * p.element_size() for p in loaded.model.parameters())
    layout = stacks[0].layout
    return Anatomy(loaded.card.slug, loaded.card.name, loaded.card.family, loaded.source, tuple(made), total, size, _tied(loaded),
                   _facts(loaded, stacks), layout.norm_first, layout.norm, _head(loaded))  # fmt: skip


def _places(stacks: list[Stack]) -> dict[int, tuple[str, str, str]]:
    """By the identity of a parameter: (stack, component, number of its block or "")."""
    places: dict[int, tuple[str, str, str]] = {}
    for stack in stacks:
        for path_name, path in stack.layout.parts:
            place = ("", "token embeddings", "") if path_name == "token" else (stack.name, f"{path_name} embeddings", "")
            for parameter in stack.part(path).parameters():
                places.setdefault(id(parameter), place)
        for number, block in enumerate(stack.blocks):
            for path, parameter in block.named_parameters():
                places.setdefault(id(parameter), (stack.name, _component(stack, path), str(number)))
        if stack.layout.embedding_norm:
            for parameter in stack.part(stack.layout.embedding_norm).parameters():
                places.setdefault(id(parameter), (stack.name, "norm after the embeddings", ""))
        for parameter in () if stack.final is None else stack.final.parameters():
            places.setdefault(id(parameter), (stack.name, "final norm", ""))
    return places


def _component(stack: Stack, path: str) -> str:
    """The sub-layer a path inside a block belongs to: a norm by its own name, else by the longest shared beginning."""
    if any(path.startswith(f"{one.norm}.".replace("layer.-1", "layer.1")) for one in stack.layout.sublayers) or "norm" in path.lower():
        return "norms"
    if "EncDecAttention" in path or "encoder_attn" in path or "crossattention" in path:
        return CROSS
    return ATTENTION if "attn" in path.lower() or "attention" in path.lower() else FORWARD


def _where(loaded: Loaded, name: str, places: dict[int, tuple[str, str, str]]) -> tuple[str, str, str, str]:
    found = places.get(id(loaded.model.get_parameter(name)))
    short = ".".join(part for part in name.split(".")[-3:] if not part.isdecimal())
    if found is None:
        return "", "pooler" if "pooler" in name else "task head", "", short
    return *found, short


def _detail(shapes: dict[str, str]) -> str:
    """ "query 384×384, …": the weights, without biases."""
    some = {name: shape for name, shape in shapes.items() if "bias" not in name.rpartition(".")[2] or "relative" in name}
    return ", ".join(f"{name.removesuffix('.weight').rpartition('.')[2]} {shape}" for name, shape in some.items())


def _facts(loaded: Loaded, stacks: list[Stack]) -> tuple[tuple[str, str], ...]:
    """What the configuration says, in the field's terms."""
    face, feed = loaded.face, next(one.neurons for one in stacks[0].layout.sublayers if one.neurons)
    first, *more = face.stacks
    inner = find_part(stacks[0].blocks[0], feed).weight.numel() // face.width
    said = {"width (hidden size)": face.width, "blocks": face.layers[first], **{f"{stack} blocks": face.layers[stack] for stack in more},
            "heads": face.heads[first], **({"key/value heads": face.key_heads} if face.key_heads < face.heads[first] else {}),
            "feed-forward width": inner, "vocabulary": loaded.model.config.vocab_size, "window (tokens)": loaded.window}  # fmt: skip
    return tuple((name, f"{number:,}") for name, number in said.items())


def _tied(loaded: Loaded) -> str:
    """Whether the vocabulary projection is the token table."""
    head = loaded.model.get_output_embeddings()
    if head is None:
        return ""
    same = head.weight.data_ptr() == loaded.model.get_input_embeddings().weight.data_ptr()
    said = "The output projection to the vocabulary is the token table itself (tied weights), so it is counted once."
    return said if same else "The output projection to the vocabulary has weights of its own."


def _head(loaded: Loaded) -> str:
    """What is made of the last vectors."""
    said = {"words": "a score (logit) for every vocabulary entry", "labels": "a score for each label",
            "span": "a start and an end score for each token", "vectors": "the vectors themselves are the result"}  # fmt: skip
    return said[loaded.face.head]
