"""The page: one header line, and one tab for each of PANELS. Knows no panel by name, and no model library."""

from typing import Any

import gradio as gr

from playground.catalog import MODELS
from playground.panels import PANELS
from playground.panels.frame import frame
from playground.panels.stage import build_stage, fill_stage
from playground.service.port import Service
from playground.tasks.status import StatusRequest
from playground.views.status import status_view
from playground.web.component import Component
from playground.web.files import read_web, version
from playground.web.page import Page

TITLE = "Transformers Playground"
STRIP = (
    "main", "arrival", "before", "classroom", "follow", "keys", "link", "notes", "page", "present", "qr", "scenelist", "scenes", "sight",
    "state",
)  # fmt: skip
PICTURE = ("main", "data", "draw", "drawer", "flow", "heads", "lens", "next", "spine")
KEPT_SECONDS = 3_600  # files that people put in or take away


def build_app(service: Service) -> gr.Blocks:
    """The whole page. Builds quickly: nothing here loads a model."""
    with Page(title=TITLE, fill_width=True, delete_cache=(KEPT_SECONDS, KEPT_SECONDS)) as demo:
        with gr.Row(elem_id="page-header"):
            Component("header", {"title": TITLE, "names": {card.slug: card.name for card in MODELS}}, elem_id="page-title")
            Component("status", status_view(service.run(StatusRequest())), elem_id="page-status")
            stage = build_stage()
        Component("guide", elem_id="page-guide")
        rooms = {}
        with gr.Tabs(elem_id="page-tabs") as tabs:
            for panel in PANELS:
                with gr.Tab(panel.title, id=panel.id, elem_id=f"{panel.id}-tab") as rooms[panel.id]:
                    gr.Markdown(panel.lead, elem_id=f"{panel.id}-lead", elem_classes="pg-lead")
                    panel.build(service)
                    frame(panel.id, rooms[panel.id])
        fill_stage(demo, stage, tabs, rooms, PANELS)
        demo.load(_asked_tab, None, tabs, show_progress="hidden", api_visibility="private")
    return demo


def _asked_tab(request: gr.Request) -> Any:
    """The tab that the address names, `?tab=attention`; else the first stays."""
    asked = request.query_params.get("tab") if request else None
    return gr.Tabs(selected=asked) if asked in {panel.id for panel in PANELS} else gr.skip()


def page_style() -> str:
    """The CSS that `launch` is given."""
    return read_web("base.css")


def page_head() -> str:
    """The HTML head's own lines, for `launch`: what the first tab draws with is asked for at once and not when an import is met."""
    drawn = ("digits", "bidi", "wire", "ask", "look", "prose", "heat", "tables", "stages")
    names = (*drawn, "menu", "opening", "tabs", "header", "status", "guide", "stage")
    parts = ("journey/journey", *(f"journey/picture/{name}" for name in PICTURE), *(f"stage/{name}" for name in STRIP))
    first = (*names, *parts)
    return "\n".join(f'<link rel="modulepreload" href="playground/web/{version()}/{name}.js">' for name in first)


def page_theme() -> gr.themes.Base:
    """Fonts of the system only, and secondary text dark enough to read (WCAG AA)."""
    return gr.themes.Default(
        font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "Menlo", "Consolas", "monospace"], primary_hue="blue"
    ).set(
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_300",
        block_label_text_color="*neutral_700",
        block_label_text_color_dark="*neutral_200",
        block_title_text_color="*neutral_800",
        block_title_text_color_dark="*neutral_100",
        block_title_text_weight="600",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_dark="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_hover_dark="*primary_700",
        button_primary_text_color="white",
        button_primary_text_color_dark="white",
    )
