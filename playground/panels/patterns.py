"""The part of the attention tab that finds a head with a known pattern and goes there. Knows the port, not the models."""

from typing import Any

import gradio as gr
from gradio.events import Dependency

from playground.panels.asking import readable
from playground.service.port import Service
from playground.tasks.attention import AttentionRequest
from playground.tasks.packing import AttentionPackRequest
from playground.views.patterns import best_head, pattern_choices, pattern_sentence
from playground.views.status import note
from playground.web.component import Component

HINT = "Read a text first, then choose what to look for."


def build_patterns(service: Service, asked: gr.State, kind: Any, layer: Any, head: Any) -> Dependency:
    """A choice of patterns; the head of the run `asked` that has it most comes into view. Chain the picture to what is returned."""
    with gr.Row(elem_classes="pg-row"):
        pattern = gr.Dropdown(pattern_choices(), value=None, label="Show me a head that…", min_width=240, elem_id="attention-pattern")
    said = Component("note", elem_id="attention-found")

    def find(asked: AttentionRequest | None, kind: str, name: str | None) -> tuple[Any, Any, Any]:
        if asked is None or name is None:
            return gr.skip(), gr.skip(), note(HINT)
        pack = service.run(AttentionPackRequest(asked, kind, patterns=True))
        found = best_head(pack, name)
        here = (gr.skip(), gr.skip()) if found is None else (found[0], str(found[1]))
        return *here, note(pattern_sentence(pack, name))

    return pattern.input(
        readable(find), [asked, kind, pattern], [layer, head, said], show_progress="hidden", api_visibility="private",
        trigger_mode="always_last",
    )  # fmt: skip
