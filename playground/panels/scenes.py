"""Opens scenes (views/scenes.py): any component that tells "scene" can fill any panel's inputs, switch to it and run it.

Finds the inputs by their elem_id in the page as it was built, so a new panel needs nothing here.
"""

import time
from typing import Any

import gradio as gr

from playground.errors import BadInput
from playground.panels.asking import readable
from playground.views.scenes import guide_view
from playground.web.component import Component
from playground.web.events import EVENTS
from playground.web.files import read_web

FIELDS = (gr.Textbox, gr.Dropdown, gr.Checkbox, gr.Slider, gr.Radio, gr.Number)


def scene_fields(demo: gr.Blocks) -> dict[str, Any]:
    """elem_id -> input, of all that a person can fill in."""
    found = [block for block in demo.blocks.values() if isinstance(block, FIELDS) and block.interactive is not False]
    return {str(block.elem_id): block for block in found if block.elem_id}


def connect_scenes(demo: gr.Blocks, tabs: gr.Tabs, guide: Component) -> None:
    """Wires every component of `demo` that tells "scene"; `guide` shows where it came from and what to look for."""
    fields = scene_fields(demo)
    sources = [block for block in demo.blocks.values() if isinstance(block, Component) and "scene" in EVENTS.get(block.script, ())]
    known = {tab.id for tab in tabs.children if isinstance(tab, gr.Tab)}

    def open_scene(event: gr.EventData) -> dict[Any, Any]:
        scene, shown = guide_view(event._data, time.time_ns())
        if scene.tab not in known:
            raise BadInput(f"There is no panel {scene.tab!r} on this page.")
        filled = {fields[name]: value for name, value in scene.inputs.items() if name in fields}
        return {tabs: gr.Tabs(selected=scene.tab), guide: shown, **filled}

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    for one in sources:
        opened = one.scene(readable(open_scene), None, [tabs, guide, *fields.values()], **quiet)
        opened.success(None, guide, None, js=read_web("scene.js"), api_visibility="private")
