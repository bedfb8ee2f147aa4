"""PANELS: the written list of tabs, in the order people see them. A new panel is one file here and one line below."""

from playground.panels.answering import answering
from playground.panels.attention import attention
from playground.panels.embeddings import block, embeddings
from playground.panels.generation import generation
from playground.panels.journey import journey
from playground.panels.learn import learn
from playground.panels.panel import Panel
from playground.panels.sentiment import sentiment
from playground.panels.tokens import tokens
from playground.panels.translation import translation

PANELS: tuple[Panel, ...] = (
    journey.PANEL,
    tokens.PANEL,
    attention.PANEL,
    embeddings.PANEL,
    block.PANEL,
    generation.PANEL,
    sentiment.PANEL,
    answering.PANEL,
    translation.PANEL,
    learn.PANEL,
)
