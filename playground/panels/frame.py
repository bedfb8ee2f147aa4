"""How a tab is laid out: its picture first, its controls in a drawer beside it, its other views below. Knows no panel.

A panel is built from top to bottom as one reads it: fields, its note, its pictures, its accordions. Here they are put where they
belong; `web/base.css` does the rest. A panel without a note of its own (the lesson) stays as it was built.
"""

from collections.abc import Iterable

import gradio as gr
from gradio.blocks import Block


def frame(room: str, tab: gr.Tab) -> None:
    """To be called inside the open `tab`, when its panel is built."""
    blocks = list(tab.children)
    note = next((i for i, block in enumerate(blocks) if block.elem_id == f"{room}-note"), None)
    if note is None:
        return
    views = [block for block in blocks[note:] if isinstance(block, gr.Accordion)]
    pictures = [block for block in blocks[note:] if block not in views]
    for name, some in (("picture", pictures), ("drawer", blocks[:note]), ("views", views)):
        _move(room, name, some, tab)


def _move(room: str, name: str, blocks: Iterable[Block], tab: gr.Tab) -> None:
    with gr.Column(elem_id=f"{room}-{name}", elem_classes=f"pg-{name}") as column:
        for block in blocks:
            tab.children.remove(block)
            column.add(block)
