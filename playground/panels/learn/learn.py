"""The learn tab: the lesson in chapters, exercises, questions, a gallery, facts, failures to provoke. Knows the port, no model."""

from importlib import metadata

import gradio as gr

from playground.panels.learn.fresh_head import build_fresh_head
from playground.panels.learn.hosted import build_hosted
from playground.panels.learn.issues import build_issues
from playground.panels.panel import Panel
from playground.service.port import Service
from playground.views.learn.facts import models_table, packages, packages_table, pipelines_table
from playground.views.learn.lessons import cards_view, exercises, gallery, lesson_view, quiz_view
from playground.views.learn.terms import terms_table
from playground.web.component import Component


def build(service: Service) -> None:
    """The lesson on top; below it, folded, all else. Every “see it” button is a scene, which `panels/scenes.py` opens."""
    Component("learn/lesson", lesson_view(), elem_id="learn-lesson")
    with gr.Accordion("Exercises", open=False, elem_id="learn-exercises"):
        Component("learn/cards", cards_view(exercises(), "learn-exercises"), elem_id="learn-exercise-cards")
    with gr.Accordion("Check your knowledge", open=False, elem_id="learn-questions"):
        Component("learn/quiz", quiz_view(), elem_id="learn-quiz")
    with gr.Accordion("Gallery: worth showing", open=False, elem_id="learn-gallery"):
        Component("learn/cards", cards_view(gallery(), "learn-gallery"), elem_id="learn-gallery-cards")
    with gr.Accordion("When it goes wrong: provoke it", open=False, elem_id="learn-issues"):
        build_issues(service)
    with gr.Accordion("A fresh head gives chance", open=False, elem_id="learn-fresh"):
        build_fresh_head(service)
    with gr.Accordion("A hosted model beside ours", open=False, elem_id="learn-hosted"):
        build_hosted(service)
    with gr.Accordion("Well-known models", open=False, elem_id="learn-models"):
        Component("learn/facts", models_table(), elem_id="learn-models-table")
    with gr.Accordion("Which of the lesson’s lines still run", open=False, elem_id="learn-pipelines"):
        Component("learn/facts", pipelines_table(installed(("transformers",)).get("transformers", "")), elem_id="learn-pipelines-table")
    with gr.Accordion("Set-up: what each package is for", open=False, elem_id="learn-setup"):
        Component("learn/facts", packages_table(installed(packages())), elem_id="learn-setup-table")
    with gr.Accordion("Terms: the field’s own words", open=False, elem_id="learn-terms"):
        Component("learn/facts", terms_table(), elem_id="learn-terms-table")


def installed(names: tuple[str, ...]) -> dict[str, str]:
    """The versions of those packages that are installed here. Imports none of them."""
    found: dict[str, str] = {}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


PANEL = Panel(
    "learn",
    "Learn",
    "The lesson in short chapters: each step opens a panel with everything set, so read a little, then press and look.",
    build,
)
