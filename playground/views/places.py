"""Where a program finds a model of the catalog, and how one is put together. Knows no request; each room's programs.py writes them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from playground.catalog import CAUSAL, CONVERSION, Hub, ModelCard, Weights, Wheel, find_model
from playground.errors import BadInput
from playground.tasks.source_text import PLAIN, SourceText, as_it_is, letters_of, source_text

WEIGHTS = Path(__file__).parent.parent / "weights"


@dataclass(frozen=True)
class Place:
    """Where a program finds a model: `imports` it needs, `lines` that set MODEL (and ADAPTER), whether there is an `adapter`."""

    imports: tuple[str, ...]
    lines: tuple[str, ...]
    adapter: bool = False


@dataclass(frozen=True)
class Ran:
    """What ran on the page, as the status says it, "" where it says nothing; `hub` asks for the hub's own model instead."""

    source: str = ""
    hub: bool = False
    precision: str = ""


Programs = dict[type[Any], Callable[[Any, Ran], str]]  # what a room lists: the writer of the program for each kind of request


def place_of(card: ModelCard, source: str = "", hub: bool = False) -> Place:
    """`source` is what the status says ran ("wheel …", "hub …", ""); `hub` asks for the hub's own model where there is one.

    Raises BadInput where `hub` is asked for and the model is on no hub.
    """
    named = next((s for s in card.sources if isinstance(s, Hub)), None)
    if hub and named is None and not base_of(card):
        raise BadInput(f"{card.name} was trained here and is on no hub; its files are in this repository.")
    if named is not None and (hub or source.startswith("hub ") or not card.embedded):
        return Place((), (_hub_line(named),))
    first = card.sources[0]
    if isinstance(first, Weights) and first.base:
        below = place_of(find_model(first.base), source.partition(" on ")[2], hub)
        line = f'ADAPTER = "playground/weights/{first.folder}"  # run this in the playground\'s folder'
        return Place((*below.imports, "from peft import PeftModel"), (*below.lines, line), adapter=True)
    if isinstance(first, Weights):
        return Place((), (f'MODEL = "playground/weights/{first.folder}"  # run this in the playground\'s folder',))
    assert isinstance(first, Wheel)
    return _wheel(first)


def base_of(card: ModelCard) -> str:
    """The slug that an adapter stands on, "" for a whole model."""
    first = card.sources[0]
    return first.base if isinstance(first, Weights) else ""


def _hub_line(hub: Hub) -> str:
    return f'MODEL = "{hub.id}"' + (f"  # revision {hub.revision}" if hub.revision != "main" else "")


def _wheel(wheel: Wheel) -> Place:
    """A folder in an installed wheel, or the one that was made of its .gguf file when the playground was set up."""
    name = wheel.path.rpartition("/")[2]
    if not name.endswith(".gguf"):
        return Place(
            ("from importlib.metadata import distribution",),
            (f'MODEL = distribution("{wheel.distribution}").locate_file("{wheel.path}")',),
        )
    return Place(
        ("import os", "from pathlib import Path"),
        (
            'CACHE = Path(os.environ.get("PLAYGROUND_CACHE", "~/.cache/transformers-playground")).expanduser()',
            "# made when the playground was set up, by this version of its converter",
            f'MODEL = next(CACHE.glob("{name.removesuffix(".gguf")}-*-v{CONVERSION}/config.json")).parent',
        ),
    )


def assembled(what: str, imports: Sequence[str], place: Place, constants: Sequence[str], body: str) -> str:
    """Imports sorted as people write them: plain ones first, the library's names on one line."""
    wanted = list(dict.fromkeys((*place.imports, *imports)))
    plain = sorted(line for line in wanted if line.startswith("import "))
    named = sorted(line for line in wanted if not line.startswith("import "))
    parts = [f"# {what}", "\n".join(plain), "\n".join(named), "", "\n".join((*constants, *place.lines)), "", body.strip("\n"), ""]
    return "\n".join(part for i, part in enumerate(parts) if part or i in (3, 5, 7))


def loading(place: Place, kind: str, more: str = "") -> str:
    """The lines that load tokenizer and model of class `kind`, with its adapter where there is one."""
    lines = ["tokenizer = AutoTokenizer.from_pretrained(MODEL)", f"model = {kind}.from_pretrained(MODEL{more}, dtype=torch.float32).eval()"]
    if place.adapter:
        lines.append("model = PeftModel.from_pretrained(model, ADAPTER).eval()")
    return "\n".join(lines)


def slotted(card: ModelCard) -> Path | None:
    """The folder of a model that was trained with slots for what is copied (tasks/carried.py); None for another model."""
    first = card.sources[0]
    folder = WEIGHTS / first.folder if isinstance(first, Weights) else None
    return folder if folder and (folder / "words.txt").exists() else None


def source_in(card: ModelCard, text: str) -> SourceText:
    """`text`, the task prefix included, as this model is given it: with slots where its vocabulary has some."""
    folder = slotted(card)
    if folder is None:
        return as_it_is(card.prefix + text)
    known = folder / "words.txt"
    letters = letters_of(json.loads((folder / "vocab.json").read_text("utf-8")))
    return source_text(text, letters, frozenset(known.read_text("utf-8").split()))


def words(text: str, card: ModelCard) -> str:
    """The text as a literal; for our SentencePiece model as the playground gives it, with curly quotes and odd spaces made plain."""
    marian = any(isinstance(s, Weights) and not s.base for s in card.sources)
    return repr(text.translate(PLAIN) if marian else text)


OWN_TRANSLATION = """
made = model.generate(**inputs, num_beams=4, max_new_tokens=2 * inputs["input_ids"].shape[1] + 20, do_sample=False)
TARGET = tokenizer.decode(made[0], skip_special_tokens=True)
""".strip("\n")
DECODER_INPUTS = """
target = tokenizer(text_target=TARGET, return_tensors="pt")["input_ids"]
start = torch.tensor([[model.config.decoder_start_token_id]])
inputs["decoder_input_ids"] = torch.cat([start, target[:, :-1]], 1)  # one step behind
""".strip("\n")


def beside(card: ModelCard) -> dict[str, Any]:
    """What a model of this repository was trained to read and say (`playground.json` beside its weights); {} for others."""
    first = card.sources[0]
    path = WEIGHTS / first.folder / "playground.json" if isinstance(first, Weights) else None
    return dict(json.loads(path.read_text("utf-8"))) if path and path.exists() else {}


def labelled(card: ModelCard) -> str:
    """The argument that gives a classifier as many labels as its adapter has; "" where it brings its own."""
    own = beside(card).get("labels")
    return f", num_labels={len(own)}" if own else ""


def class_of(card: ModelCard) -> tuple[str, str]:
    """(class to load, further arguments) to look inside a model: with its head, but for a decoder, whose head says nothing of that."""
    if card.head == CAUSAL:
        return "AutoModel", ""
    return card.head, labelled(card)


class ProgramView(TypedDict):
    """A program, and the name its file is saved under."""

    text: str
    name: str


def program_view(text: str, room: str) -> ProgramView:
    """What `web/program.js` shows, and the name the file is saved under."""
    return {"text": text, "name": f"{room}.py"}
