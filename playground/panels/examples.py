"""A row of example buttons that fill a panel's inputs; the panel runs on what they filled in. Knows no room."""

from collections.abc import Sequence
from typing import Any

import gradio as gr
from gradio.events import Dependency


def example_row(room: str, rows: Sequence[tuple[str, Sequence[Any]]], inputs: Sequence[Any]) -> Dependency:
    """One button for each (label, values of `inputs`). Chain the run to what is returned: `filled.then(run, …)`."""
    made = gr.Examples(
        [list(values) for _, values in rows],
        list(inputs),
        example_labels=[label for label, _ in rows],
        label="Examples (one click runs them)",
        elem_id=f"{room}-examples",
        cache_examples=False,
        api_visibility="private",
    )
    return made.load_input_event
