"""The strip in the header: links, classes and the presenter, for whatever panels there are. Knows no panel, no room and no model.

What a panel's state is comes from the page as built: the values of its inputs, which accordions are open, the buttons whose runs
ended well, and what its own components show (web/stage). A panel takes part without a line of its own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypedDict

import gradio as gr
from gradio.blocks import BlockContext, BlockFunction
from gradio.events import Dependency

from playground.panels.panel import Panel
from playground.web.component import Component
from playground.web.events import RUN_THEMSELVES, SHOW_THEMSELVES

# What the page says to the strip waits in window.playgroundSaid until the strip's code is there (web/stage.js).
HEARD = "(...values) => { (window.playgroundSaid ??= []).push(['heard', values]); return []; }"
FILLED = "() => window.playgroundStage.filling()"
OVER = "() => {{ (window.playgroundSaid ??= []).push(['over', {what}, {bad}]); return []; }}"
OPENED = "() => { (window.playgroundSaid ??= []).push(['moved']); return []; }"
# Which field of a tab the header's text and model are.
TEXTS, MODELS = ("text", "prompt", "context"), ("model", "tokenizer")
ENDED = "(...values) => {{ (window.playgroundSaid ??= []).push(['ended', values, {run}]); return []; }}"


class Field(TypedDict, total=False):
    """An input: its elem_id, its name in a link, what it may hold ("text", "number", "flag", "choice", "choices") and its first value."""

    id: str
    name: str
    kind: str
    first: Any
    least: float | None
    most: float | None
    options: list[Any]
    free: bool
    follow: list[int]


class Room(TypedDict):
    """One tab: the field of its text and that of its model, "" for none; its inputs, the buttons whose runs a state from anywhere may
    repeat, all buttons (for the lesson's states), its accordions, the components with a view of their own, and where each button's
    answer is seen. `main` are the fields its picture follows; `starts`, `live` and `needs` as its Panel has them."""

    id: str
    title: str
    text: str
    model: str
    fields: list[Field]
    runs: list[str]
    buttons: list[str]
    parts: list[str]
    views: list[str]
    shows: dict[str, str]
    main: list[str]
    starts: list[str]
    live: bool
    needs: str


def build_stage() -> Component:
    """The strip; empty until `fill_stage` has seen the tabs."""
    return Component("stage", {"rooms": []}, elem_id="stage")


def fill_stage(demo: gr.Blocks, stage: Component, tabs: gr.Tabs, rooms: Mapping[str, gr.Tab], panels: Sequence[Panel] = ()) -> None:
    """To be called when every tab of `rooms` is built: tells the strip what there is, and hears and fills every input from then on."""
    known = {panel.id: panel for panel in panels}
    read = {block._id for fn in demo.fns.values() for block in fn.inputs}
    inputs = {room: [block for block in _inside(tab) if block._id in read and field_of(room, block)] for room, tab in rooms.items()}
    runs = {room: list(_runs(demo, tab)) for room, tab in rooms.items()}
    follow = {room: _follow(demo, inputs[room]) for room in rooms}
    stage.value = {"rooms": [_room(demo, tab, inputs[room], runs[room], follow[room], known.get(room)) for room, tab in rooms.items()]}
    every = [block for some in inputs.values() for block in some]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    gr.on([block.change for block in every], None, every, None, js=HEARD, **quiet)
    gr.on([tab.select for tab in rooms.values()], None, None, None, js=OPENED, **quiet)
    stage.fill(None, None, [tabs, *every], js=FILLED, **quiet)
    for fn, button in [one for some in runs.values() for one in some]:
        shown, run = [block for block in fn.outputs if isinstance(block, Component)], Dependency(None, {}, fn._id, None)
        run.success(None, shown, None, js=ENDED.format(run=f"{button!r}"), **quiet)
        run.failure(None, None, None, js=OVER.format(what=f"{button!r}", bad="true"), **quiet)
    shown_by = {button for some in runs.values() for _, button in some}
    for fn, button in [one for tab in rooms.values() for one in _presses(demo, tab) if one[1] not in shown_by]:
        for ends, bad in (("success", "false"), ("failure", "true")):
            getattr(Dependency(None, {}, fn._id, None), ends)(None, None, None, js=OVER.format(what=f"{button!r}", bad=bad), **quiet)
    for fn, view in [(fn, view) for tab in rooms.values() for fn, view in _readings(demo, tab)]:
        Dependency(None, {}, fn._id, None).failure(None, None, None, js=OVER.format(what=f"{view!r}", bad="true"), **quiet)
    for event in sorted({event for some in follow.values() for events in some.values() for event in events}):
        Dependency(None, {}, event, None).then(None, None, None, js=OVER.format(what=event, bad="false"), **quiet)


def arrivals(demo: gr.Blocks) -> list[Callable[[], Any]]:
    """What the page asks for where somebody comes to a tab and leaves all as it is: each gives the items of one run, for the warm-up."""
    stage: Any = next(block for block in demo.blocks.values() if block.elem_id == "stage")
    starts = [button for room in stage.value["rooms"] for button in room["starts"]]
    return [partial(_as_opened, fn) for button in starts for fn in _pressed(demo, button)]


def _as_opened(fn: BlockFunction) -> Any:
    """What the event gives for the values its inputs have as the page opens."""
    asked: Any = fn.fn
    return asked(*[getattr(block, "value", None) for block in fn.inputs])


def _pressed(demo: gr.Blocks, button: str) -> Iterator[BlockFunction]:
    """The events of a button that ask the server."""
    for fn in demo.fns.values():
        if fn.fn is not None and any(
            event == "click" and demo.blocks[at].elem_id == button for at, event in fn.targets if at in demo.blocks
        ):
            yield fn


def _inside(block: BlockContext) -> Iterator[Any]:
    for child in block.children:
        yield child
        if isinstance(child, BlockContext):
            yield from _inside(child)


def field_of(room: str, block: Any) -> Field | None:
    """What a link may carry of this block; None for what is no input, has no name, or has no choices until something ran."""
    name = block.elem_id
    if not name or getattr(block, "interactive", None) is False:
        return None
    field: Field = {"id": name, "name": name.removeprefix(f"{room}-"), "first": block.value}
    if isinstance(block, gr.Textbox):
        return None if block.type == "password" else {**field, "kind": "text", "first": block.value or ""}
    if isinstance(block, gr.Slider | gr.Number):
        return {**field, "kind": "number", "least": block.minimum, "most": block.maximum}
    if isinstance(block, gr.Checkbox):
        return {**field, "kind": "flag", "first": bool(block.value)}
    if isinstance(block, gr.Dropdown | gr.Radio | gr.CheckboxGroup) and block.choices:
        many = isinstance(block, gr.CheckboxGroup) or bool(getattr(block, "multiselect", False))
        free = bool(getattr(block, "allow_custom_value", False))
        return {**field, "kind": "choices" if many else "choice", "options": [value for _, value in block.choices], "free": free}
    return None


def _runs(demo: gr.Blocks, tab: gr.Tab) -> Iterator[tuple[BlockFunction, str]]:
    """(event, the button that does it) of every event that shows something in `tab`. What one does that has no button of its own,
    such as an example's, the button does that does the same."""
    inside = {block._id: block for block in _inside(tab)}
    found = [fn for fn in list(demo.fns.values()) if fn.fn is not None and any(_shows(block, inside) for block in fn.outputs)]
    named = {id(fn): next(iter(_buttons(fn, inside)), "") for fn in found}
    for fn in found:
        same = (named[id(other)] for other in found if other.fn is fn.fn or other.outputs == fn.outputs)
        if button := named[id(fn)] or next(filter(None, same), ""):
            yield fn, button


def _presses(demo: gr.Blocks, tab: gr.Tab) -> list[tuple[BlockFunction, str]]:
    """(event, button) of every button in `tab` that asks the server."""
    inside = {block._id: block for block in _inside(tab)}
    return [(fn, button) for fn in list(demo.fns.values()) if fn.fn is not None for button in _buttons(fn, inside)]


def _shows(block: Any, inside: Mapping[int, Any]) -> bool:
    return block._id in inside and (isinstance(block, gr.Plot) or (isinstance(block, Component) and block.script != "note"))


def _shows_itself(block: Any) -> bool:
    return isinstance(block, Component) and block.script in SHOW_THEMSELVES


def _view(block: Component) -> str:
    return block.script.rpartition("/")[2]


def _readings(demo: gr.Blocks, tab: gr.Tab) -> Iterator[tuple[BlockFunction, str]]:
    """(event, view) where a component with a view of its own asks the server for what it is to show."""
    views = {block._id: _view(block) for block in _inside(tab) if _shows_itself(block)}
    for fn in list(demo.fns.values()):
        for target, _ in fn.targets:
            if fn.fn is not None and target in views and any(block._id == target for block in fn.outputs):
                yield fn, views[target]


def _follow(demo: gr.Blocks, inputs: Sequence[Any]) -> dict[int, list[int]]:
    """Of each input, the events with which its change sets others: whoever fills it waits for them."""
    ours, found = {block._id for block in inputs}, dict[int, list[int]]()
    for fn in demo.fns.values():
        fills = fn.fn is not None and bool(ours & {block._id for block in fn.outputs})
        for target, event in fn.targets:
            if fills and event == "change" and target is not None and target in ours:
                found.setdefault(target, []).append(fn._id)
    return found


def _buttons(fn: BlockFunction, inside: Mapping[int, Any]) -> Iterator[str]:
    for target, event in fn.targets:
        block = inside.get(target) if target is not None else None
        if event == "click" and isinstance(block, gr.Button) and block.elem_id:
            yield block.elem_id


def _room(
    demo: gr.Blocks,
    tab: gr.Tab,
    inputs: Sequence[Any],
    runs: Sequence[tuple[BlockFunction, str]],
    follow: Mapping[int, list[int]],
    panel: Panel | None,
) -> Room:
    """What a component with a view of its own shows needs no repeating: its buttons may be pressed by a lesson, but are no runs."""
    room = str(tab.id)
    fields = [field for block in inputs if (field := field_of(room, block))]
    ids = {field["id"] for field in fields}
    text, model = (next((f"{room}-{name}" for name in names if f"{room}-{name}" in ids), "") for names in (TEXTS, MODELS))
    for block in inputs:
        if events := follow.get(block._id):
            next(field for field in fields if field["id"] == block.elem_id)["follow"] = events
    inside = {block._id: block for block in _inside(tab)}
    own = {
        RUN_THEMSELVES[block.script]: block for block in inside.values() if isinstance(block, Component) and block.script in RUN_THEMSELVES
    }
    seen = own | {button: next(block for block in fn.outputs if _shows(block, inside)) for fn, button in reversed(runs)}
    ran = {button for fn, button in runs if any(_shows(block, inside) and not _shows_itself(block) for block in fn.outputs)}
    pressed = list(_pressed(demo, f"{room}-run"))
    read = {block.elem_id for fn in pressed for block in fn.inputs} or {one for one in ids if one.startswith(f"{room}-")}
    for fn in pressed if panel and panel.live else ():
        fn.trigger_mode = "always_last"  # whoever types on while an answer is on its way gets the answer to the last
    return {
        "id": room,
        "title": str(tab.label),
        "text": text,
        "model": model,
        "fields": fields,
        "runs": sorted({*own, *ran}),
        "buttons": sorted({*own, *(button for _, button in (*runs, *_presses(demo, tab)))}),
        "parts": [block.elem_id for block in inside.values() if isinstance(block, gr.Accordion) and block.elem_id],
        "views": [_view(block) for block in inside.values() if _shows_itself(block)],
        "shows": {button: block.elem_id for button, block in seen.items() if block.elem_id},
        "main": [field["id"] for field in fields if field["id"] in read],
        "starts": list(panel.starts) if panel else [],
        "live": bool(panel and panel.live),
        "needs": panel.needs if panel else "",
    }
