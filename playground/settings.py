"""One frozen Settings, read once from an environment that is passed in. Each field's help line is what README prints."""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from playground.errors import PlaygroundError


def _setting(variable: str, default: Any, help: str, secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={"variable": variable, "help": help})


@dataclass(frozen=True)
class Settings:
    """Everything a host can choose. `from_environ` reads it; nothing else in the package reads the environment."""

    host: str = _setting("PLAYGROUND_HOST", "127.0.0.1", "Address to listen on; 0.0.0.0 lets others in the room in.")
    port: int = _setting("PLAYGROUND_PORT", 7860, "Port to listen on.")
    cache: Path = _setting(
        "PLAYGROUND_CACHE", Path("~/.cache/transformers-playground"), "Folder for converted models (SmolLM2: 540 MB, once)."
    )
    hub: bool = _setting("PLAYGROUND_HUB", True, "0 never asks the Hugging Face hub; models already cached still load.")
    hub_endpoint: str = _setting("HF_ENDPOINT", "https://huggingface.co", "The hub to download from.")
    device: str = _setting("PLAYGROUND_DEVICE", "auto", "auto (cuda, then mps, then cpu), cuda, mps or cpu.")
    fast: bool = _setting("PLAYGROUND_FAST", True, "0 writes in float32 also where a model's own four-bit weights are faster on the CPU.")
    model_memory_mb: int = _setting("PLAYGROUND_MODEL_MEMORY_MB", 4096, "Models kept loaded, in MB; the least recently used goes first.")
    answer_cache_mb: int = _setting("PLAYGROUND_ANSWER_CACHE_MB", 64, "Answers kept for equal requests, in MB; 0 keeps none.")
    run_cache_mb: int = _setting("PLAYGROUND_RUN_CACHE_MB", 512, "Attention runs kept so that a new layer or head needs no new run, in MB.")
    at_once: int = _setting("PLAYGROUND_AT_ONCE", 1, "Requests one model works on at the same moment.")
    waiting: int = _setting("PLAYGROUND_WAITING", 100, "Requests that may wait for one model before new ones are refused.")
    space: str = _setting("SPACE_HOST", "", "The name others reach a Space by; Hugging Face sets it, and links and QR codes use it.")
    warm: bool = _setting("PLAYGROUND_WARM", True, "1 loads the embedded models in the background after the start.")
    openai_base_url: str = _setting(
        "PLAYGROUND_OPENAI_BASE_URL", "", "An OpenAI-compatible address for comparison in the Learn tab, with /v1; empty is off."
    )
    openai_model: str = _setting("PLAYGROUND_OPENAI_MODEL", "", "The model to ask there, as its provider names it.")
    openai_key: str = _setting("OPENAI_API_KEY", "", "The key for it. Sent to that address alone, never shown or logged.", secret=True)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Raises PlaygroundError naming the variable whose value cannot be read."""
        values = {f.name: _read(f, environ[v]) for f in fields(cls) if environ.get(v := f.metadata["variable"], "") != ""}
        settings = cls(**values)
        if settings.device not in ("auto", "cuda", "mps", "cpu"):
            raise PlaygroundError(f"PLAYGROUND_DEVICE is {settings.device!r}; choose auto, cuda, mps or cpu.")
        return settings

    def cache_folder(self) -> Path:
        return self.cache.expanduser()


def _read(setting: "Field[Any]", text: str) -> Any:
    default: Any = setting.default
    kind, variable = type(default), setting.metadata["variable"]
    if kind is bool:
        if text.lower() in ("1", "true", "yes", "on"):
            return True
        if text.lower() in ("0", "false", "no", "off"):
            return False
        raise PlaygroundError(f"{variable} is {text!r}; set it to 1 or 0.")
    if kind is int:
        if not text.strip().isdecimal():
            raise PlaygroundError(f"{variable} is {text!r}; set it to a whole number, 0 or more.")
        return int(text)
    return Path(text) if issubclass(kind, Path) else text
