"""PANELS: the written list of tabs, in the order people see them. A new panel is one file here and one line below."""

from playground.panels import answering, attention, block, embeddings, generation, learn, sentiment, tokens, translation
from playground.panels.panel import Panel

PANELS: tuple[Panel, ...] = (
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
