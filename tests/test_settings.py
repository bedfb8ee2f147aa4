"""Settings are read once from what is passed in; a value that cannot be read names its variable."""

from dataclasses import fields
from pathlib import Path

import pytest

from playground.errors import PlaygroundError
from playground.settings import Settings


def test_an_empty_environment_gives_the_defaults() -> None:
    assert Settings.from_environ({}) == Settings()
    assert Settings.from_environ({"PLAYGROUND_PORT": "", "OTHER": "x"}) == Settings()


def test_every_field_has_its_own_variable_and_a_help_line() -> None:
    variables = [f.metadata["variable"] for f in fields(Settings)]
    assert len(set(variables)) == len(variables)
    assert all(f.metadata["help"].endswith(".") for f in fields(Settings))


def test_values_are_read_as_their_kind() -> None:
    read = Settings.from_environ(
        {"PLAYGROUND_PORT": "8000", "PLAYGROUND_HUB": "0", "PLAYGROUND_WARM": "Yes", "PLAYGROUND_CACHE": "~/x", "HF_ENDPOINT": "http://h"}
    )
    assert (read.port, read.hub, read.warm, read.cache, read.hub_endpoint) == (8000, False, True, Path("~/x"), "http://h")
    assert read.cache_folder() == Path.home() / "x"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PLAYGROUND_PORT", "eighty"), ("PLAYGROUND_PORT", "-1"), ("PLAYGROUND_PORT", "1.5"), ("PLAYGROUND_HUB", "maybe"),
        ("PLAYGROUND_DEVICE", "tpu"), ("PLAYGROUND_MODEL_MEMORY_MB", "4 GB"), ("PLAYGROUND_PORT", "²"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_read_names_its_variable(variable: str, value: str) -> None:
    with pytest.raises(PlaygroundError, match=variable):
        Settings.from_environ({variable: value})
