"""The written list of what each component's script may tell the page, by the script's name; a test compares it with the scripts."""

EVENTS: dict[str, tuple[str, ...]] = {
    "answering/answering": ("weigh",),
    "answering/answers": ("chosen",),
    "attention/lab": ("moved", "linked"),
    "embeddings/block": ("picked",),
    "embeddings/embeddings": ("picked",),
    "generation/lens": ("picked",),
    "generation/trace": ("halt_run", "halt_example", "halt_branch", "branch", "apart", "viewed"),
    "generation/trailing": ("cut",),
    "guide": ("scene",),
    "learn/cards": ("scene",),
    "learn/lesson": ("scene",),
    "learn/quiz": ("scene",),
    "sentiment/attribution": ("taken",),
    "sentiment/sentiment": ("why",),
    "stage": ("fill",),
    "tokens/tokens": ("ready",),
    "translation/alignment": ("force",),
    "translation/document": ("pick",),
    "translation/translation": ("choose", "free"),
}
# Scripts that tell their view by "pg-view" and take one back (web/stage/state.js): what they show needs no repeating.
SHOW_THEMSELVES = frozenset({"attention/lab"})
