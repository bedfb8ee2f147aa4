"""The written list of what each component's script may tell the page, by the script's name; a test compares it with the scripts."""

EVENTS: dict[str, tuple[str, ...]] = {
    "alignment": ("force",),
    "answering": ("weigh",),
    "answers": ("chosen",),
    "attribution": ("taken",),
    "block": ("picked",),
    "cards": ("scene",),
    "document": ("pick",),
    "embeddings": ("picked",),
    "guide": ("scene",),
    "lab": ("moved", "linked"),
    "lens": ("picked",),
    "lesson": ("scene",),
    "quiz": ("scene",),
    "sentiment": ("why",),
    "stage": ("fill",),
    "tokens": ("ready",),
    "trace": ("halt_run", "halt_example", "halt_branch", "branch", "apart", "viewed"),
    "trailing": ("cut",),
    "translation": ("choose", "free"),
}
# Scripts that tell their view by "pg-view" and take one back (web/stage/state.js): what they show needs no repeating.
SHOW_THEMSELVES = frozenset({"lab"})
