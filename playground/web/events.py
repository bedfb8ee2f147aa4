"""The written list of what each component's script may tell the page, by the script's name; a test compares it with the scripts."""

EVENTS: dict[str, tuple[str, ...]] = {
    "answering/answering": ("weigh",),
    "answering/answers": ("chosen",),
    "attention/lab": ("moved", "linked"),
    "embeddings/block": ("picked",),
    "embeddings/embeddings": ("picked",),
    "generation/lens": ("picked",),
    "generation/trace": ("apart",),
    "generation/trailing": ("cut",),
    "journey/journey": ("write",),
    "sentiment/attribution": ("taken",),
    "sentiment/sentiment": ("why",),
    "stage": ("fill",),
    "tokens/tokens": ("ready",),
    "translation/alignment": ("force",),
    "translation/document": ("pick",),
    "translation/translation": ("choose", "free"),
}
# Scripts that tell their view by "pg-view" and take one back (web/stage/page.js): what they show needs no repeating.
SHOW_THEMSELVES = frozenset({"attention/lab", "journey/journey", "learn/lesson"})
# Scripts that ask for what they show themselves, and the button that makes them; its end is told by "pg-ran" (web/stage/page.js).
RUN_THEMSELVES = {"generation/trace": "generation-run"}
