"""Fetches a model's files from a Hugging Face hub, or from what was fetched before. Safetensors only, never code.

Asks whether the hub answers before anything else, so that a machine without one gives a sentence in seconds.
"""

import threading
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from playground.catalog import Hub, ModelCard, offline_sentence
from playground.errors import ModelUnavailable
from playground.settings import Settings

TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "source.spm", "target.spm", "vocab.json")
MODEL = ("config.json", "generation_config.json", "model.safetensors", "model.safetensors.index.json", "model-*.safetensors")
REACH_SECONDS = 3.0


def fetch(source: Hub, card: ModelCard, settings: Settings, report: Callable[[str, int, int], None], tokenizer_only: bool = False) -> Path:
    """A folder with the files of `source`. Raises ModelUnavailable, within 5 seconds where the hub cannot be reached."""
    import httpx2
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled

    wanted = TOKENIZER if tokenizer_only else TOKENIZER + MODEL
    try:
        folder = Path(snapshot_download(source.id, revision=source.revision, allow_patterns=list(wanted), local_files_only=True))
        if is_complete(folder, tokenizer_only):
            return folder
    except (LocalEntryNotFoundError, OSError, ValueError):
        pass
    reach(card, settings)
    try:
        names, total = list_files(source, card, settings, wanted, tokenizer_only)
        report("downloading", 0, total)
        fetched = snapshot_download(
            source.id, revision=source.revision, allow_patterns=names, endpoint=settings.hub_endpoint, tqdm_class=_bar(report, total)
        )
        return Path(fetched)
    except (HfHubHTTPError, OfflineModeIsEnabled, LocalEntryNotFoundError, OSError, httpx2.HTTPError) as error:
        raise ModelUnavailable(
            f"{card.name} ({source.id}) could not be downloaded from {settings.hub_endpoint}: {_short(error)}. "
            f"Try again later. {offline_sentence()}"
        ) from error


def reach(card: ModelCard, settings: Settings) -> None:
    """Returns if the hub answers at all within REACH_SECONDS. A thread, since a name look-up cannot be given a time limit."""
    if not settings.hub:
        raise ModelUnavailable(f"{card.name} comes from the hub, which is switched off here (PLAYGROUND_HUB). {offline_sentence()}")
    answered = threading.Event()

    def knock() -> None:
        import httpx2

        try:
            httpx2.head(settings.hub_endpoint, timeout=REACH_SECONDS)
            answered.set()
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError):
            pass

    thread = threading.Thread(target=knock, daemon=True)
    thread.start()
    thread.join(REACH_SECONDS)
    if not answered.is_set():
        raise ModelUnavailable(
            f"{card.name} is not on this machine yet and the hub ({settings.hub_endpoint}) cannot be reached. {offline_sentence()}"
        )


def list_files(source: Hub, card: ModelCard, settings: Settings, wanted: tuple[str, ...], tokenizer_only: bool) -> tuple[list[str], int]:
    """(names to fetch, their bytes). Raises ModelUnavailable where the repository has no safetensors or far more than the card says."""
    from huggingface_hub import HfApi

    info = HfApi(endpoint=settings.hub_endpoint).model_info(source.id, revision=source.revision, files_metadata=True, timeout=10)
    sizes = {s.rfilename: s.size or 0 for s in info.siblings or [] if any(fnmatch(s.rfilename, p) for p in wanted)}
    total = sum(sizes.values())
    if not tokenizer_only and not any(name.endswith(".safetensors") for name in sizes):
        raise ModelUnavailable(
            f"{card.name} ({source.id}@{source.revision}) has no safetensors file, and other weight formats can run code. "
            f"{offline_sentence()}"
        )
    if total > 2 * card.bytes + 50_000_000:
        raise ModelUnavailable(f"{card.name} ({source.id}) is {total / 1e6:,.0f} MB, over what the catalog allows. {offline_sentence()}")
    return list(sizes), total


def is_complete(folder: Path, tokenizer_only: bool) -> bool:
    """Whether an earlier download left all that is needed to load."""
    spoken = (folder / "tokenizer.json").exists() or (folder / "source.spm").exists()
    return spoken and (tokenizer_only or ((folder / "config.json").exists() and any(folder.glob("*.safetensors"))))


def _bar(report: Callable[[str, int, int], None], total: int) -> type:
    """A tqdm class for snapshot_download whose byte counts go to `report`. Of its two bars one counts the bytes of the files,
    the other what came over the wire."""
    from huggingface_hub.utils.tqdm import tqdm

    done = [0]

    class Reporting(tqdm):
        def __init__(self, *args: Any, **options: Any) -> None:
            self.counts = options.get("name") == "huggingface_hub.snapshot_download"
            super().__init__(*args, **(options | {"disable": False, "file": _Silent()}))  # type: ignore[no-untyped-call]

        def update(self, n: float | None = 1) -> bool | None:
            if self.counts and n:
                done[0] += int(n)
                report("downloading", min(done[0], total), total)
            return bool(super().update(n))

    return Reporting


class _Silent:
    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        """Nothing is kept back."""


def _short(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200].rstrip(".") if lines else type(error).__name__
