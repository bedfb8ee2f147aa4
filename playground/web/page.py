"""Gradio's Blocks, which tells the config of each of its blocks from memory. Nothing of Gradio itself is changed."""

from typing import Any

import gradio as gr
from gradio.blocks import Block, BlocksConfig


class KeptConfig(BlocksConfig):
    """For every new session, which is everybody who comes and every call of an endpoint, Gradio asks each block of the page for
    its config, on the event loop. The page's own blocks do not change once they stand, so each is asked once; a block that a
    session puts in place of one is asked anew."""

    def __init__(self, root_block: gr.Blocks) -> None:
        super().__init__(root_block)
        self._kept: dict[int, tuple[Block, dict[str, Any]]] = {}

    def __copy__(self) -> "KeptConfig":
        copied = KeptConfig.__new__(KeptConfig)
        copied.__dict__.update(super().__copy__().__dict__, _kept=self._kept)  # type: ignore[no-untyped-call]
        return copied

    def config_for_block(self, _id: int, rendered_ids: list[int], block: Block, renderable: Any = None) -> dict[str, Any]:  # type: ignore[override]
        kept, found = self._kept.get(_id, (None, {}))
        if renderable or kept is not block:
            found = super().config_for_block(_id, rendered_ids, block, renderable)
            if not renderable and self.root_block.is_running and self.root_block.blocks.get(_id) is block:
                self._kept[_id] = (block, found)
        return {**found, "props": {**found["props"]}} if "props" in found else found  # a session writes its values into it


class Page(gr.Blocks):
    """The whole page."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.default_config = KeptConfig(self)
