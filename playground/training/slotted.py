"""The translator's training pairs as it reads them: slots for what is copied, the same on both sides. Pure text.

The words that the pairs show often enough to know, and the vocabulary grown by the slots, are made here too.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from pathlib import Path
from random import Random
from typing import Any

from playground.tasks.carried import KIND_OF, POOLS, Span
from playground.tasks.french_forms import in_words, plain
from playground.tasks.source_text import SourceText, source_text
from playground.training.augment import Pair

SEEDS = (
    "20 30 50 100 14 16 18 19 11 12 10 2013 8 6 11 12 10 5 100 50 20 30 10 2013 "  # numbers, times, prices
    "Tom Mary John Boston Marie Tom Mary John Tom Mary John Boston"
)
DOMAINS = ("docs", "prose", "ui", "variants")
_WORD = re.compile(r"[^\W\d_]+")
_QUOTED = re.compile(r"[“”„]|\"")
NBSP = str.maketrans({"’": "'", "‘": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " "})


def known_words(pairs: Iterable[Pair]) -> set[str]:
    """English words a translator can have learned: seen twice in small letters, or with a capital and not merely copied (or 20 times)."""
    low, high, copied = Counter[str](), Counter[str](), Counter[str]()
    for en, fr in pairs:
        there = set(_WORD.findall(fr))
        for match in _WORD.finditer(en):
            word = match.group()
            if word.islower():
                low[word] += 1
            elif match.start() and ((word[0].isupper() and word[1:].islower()) or (word.isupper() and len(word) > 1 and not en.isupper())):
                high[word] += 1
                copied[word] += word in there
    words = {word for word, times in low.items() if times > 1}
    return words | {w for w, n in high.items() if w.lower() not in words and n > 2 * w.isupper() and (n >= 20 or copied[w] <= n / 2)}


def masked(pair: Pair, letters: Set[str], words: Set[str], rng: Random) -> Pair | None:
    """`pair` with the same slot on both sides for each span; None where the French does not carry one of them."""
    source = source_text(pair[0], letters, words)
    if source.shouted:
        return None
    fr, moved = _french(pair[1], bool(re.search(r'"', source.read))), _other_slots(source, rng)
    for span, slot in sorted(zip(source.spans, source.slots, strict=True), key=lambda one: (-len(one[0].forms[0]), one[0].start)):
        fr_new = _replaced(fr, span, moved[slot])
        if fr_new is None:
            return None
        fr = fr_new
    return "".join(moved.get(c, c) for c in source.read), fr


def _other_slots(source: SourceText, rng: Random) -> dict[str, str]:
    """Slots of the same kind and order, drawn so that all of them are learned."""
    moved = dict[str, str]()
    for pool in POOLS.values():
        used = [slot for slot in source.slots if slot in pool]
        at = sorted(rng.sample(range(len(pool)), len(used))) if rng.random() < 0.5 else range(len(used))
        moved |= {slot: pool[i] for slot, i in zip(used, at, strict=True)}
    return moved


def _french(fr: str, quoted: bool) -> str:
    fr = fr.translate(NBSP)
    fr = re.sub(r"[!?]{2,}", lambda m: m.group()[0], fr)
    if quoted:
        fr = re.sub(r"«\s*", "« ", re.sub(r"\s*»", " »", fr.replace("“", "« ").replace("”", " »").replace("„", "« ")))
        if fr.count('"') % 2 == 0:
            parts = fr.split('"')
            fr = "".join(part if i == 0 else ("« " + part.lstrip() if i % 2 else part_end(part)) for i, part in enumerate(parts))
    return fr


def part_end(part: str) -> str:
    return " »" + part


def _replaced(fr: str, span: Span, slot: str) -> str | None:
    """`fr` with the first free occurrence of one of the span's forms as `slot`."""
    forms = [plain(form).translate(NBSP) for form in span.forms]
    if span.kind == "number" and span.rule == "number" and span.forms[0].isdigit() and int(span.forms[0]) <= 100:
        word = in_words(int(span.forms[0]))
        forms += [word] if word else []
        forms += ["une"] if word == "un" else []
    for form in dict.fromkeys(forms):
        wordly = span.kind in ("number", "time", "price") or span.rule in ("name", "letters", "alnum")
        left = r"(?<![\w])" if wordly and form[:1].isalnum() else ""
        right = r"(?![\w])" if wordly and form[-1:].isalnum() else ""
        if span.kind in ("number",) and form[:1].isdigit():
            left, right = r"(?<![\w.,])", r"(?!\w|[.,]\d)" if form[-1].isdigit() else right
        flags = re.I if form[0].isalpha() and span.kind == "number" else 0
        made, count = re.subn(left + re.escape(form) + right, slot, fr, count=1, flags=flags)
        if count:
            return made
    return None


def carries(pair: Pair) -> bool:
    """Whether both sides hold the same slots, once each."""
    return sorted(c for c in pair[0] if c in KIND_OF) == sorted(c for c in pair[1] if c in KIND_OF)


def grow_vocabulary(start: Path, out: Path, slots: str) -> None:
    """Writes the checkpoint in `start` into `out` with a piece for each slot.

    A slot's row begins near that of a number or a name (SEEDS) that the model copies already, a sign's near the mean of all rows.
    """
    import json
    import shutil

    import torch
    from safetensors.torch import load_file, save_file
    from sentencepiece import sentencepiece_model_pb2

    out.mkdir(parents=True, exist_ok=True)
    proto: Any = sentencepiece_model_pb2
    model = proto.ModelProto()
    model.ParseFromString((start / "source.spm").read_bytes())
    for slot in slots:
        model.pieces.add(piece=slot, score=0.0, type=proto.ModelProto.SentencePiece.USER_DEFINED)
    for name in ("source.spm", "target.spm"):
        (out / name).write_bytes(model.SerializeToString())
    vocabulary: dict[str, int] = json.loads((start / "vocab.json").read_text("utf-8"))
    size = len(vocabulary)
    vocabulary |= {slot: size + i for i, slot in enumerate(slots)}
    (out / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), "utf-8")
    config = json.loads((start / "config.json").read_text("utf-8"))
    config |= {"vocab_size": len(vocabulary), "decoder_vocab_size": len(vocabulary)}
    (out / "config.json").write_text(json.dumps(config, indent=2), "utf-8")
    shutil.copy(start / "generation_config.json", out)
    weights = {name: value.float() for file in sorted(start.glob("model*.safetensors")) for name, value in load_file(file).items()}
    made = torch.Generator().manual_seed(1)
    for name, value in weights.items():
        if size in value.shape:
            at = value.shape.index(size)
            if name == "final_logits_bias":
                more = torch.zeros(1, len(slots))
            else:
                noise = value.std(0, keepdim=True) * torch.randn(len(slots), value.shape[1], generator=made)
                near = [0.8 * value[vocabulary[f"▁{seed}"]] for seed in SEEDS.split(" ")]
                near = [0.6 * noise[i] + row for i, row in enumerate(near)]
                more = torch.stack([*near, *(value.mean(0) + noise)[len(near) :]])
            weights[name] = torch.cat([value, more], at)
    save_file({name: value.contiguous() for name, value in weights.items()}, out / "model.safetensors", {"format": "pt"})


def sampled(rows: list[Pair], count: int, rng: Random) -> Iterator[Pair]:
    """`count` of the rows, each at most once more often than another."""
    while count > 0:
        some = rng.sample(rows, min(count, len(rows)))
        yield from some
        count -= len(some)
