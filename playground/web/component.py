"""A Gradio component drawn in the browser by `web/<room>/<name>.js`: its value is any JSON, and text in it is never markup.

The template is constant and holds no value: Gradio renders templates as markup and then runs them as JavaScript.
"""

import re
from functools import partial
from typing import Any

import gradio as gr
from gradio.events import EventListener

from playground.web.events import EVENTS
from playground.web.files import read_web, version

LOAD = (
    'import((window.gradio_config?.root ?? "") + "/playground/web/NAME").then('
    "(script) => script.default({ element, props, watch, trigger }), "
    '() => { element.textContent = "The code of this part of the page could not be loaded. Reload the page."; });'
)


class Component(gr.HTML):
    """`Component("tokens/cutting", value)` shows `value` with `web/tokens/cutting.js` inside `<div class="pg-cutting">`, styled by
    `web/tokens/cutting.css`; what several rooms use has no room (`Component("note")`).

    The script is an ES module that the browser imports from our own server. Its default export is called with `element` (the
    component's root), `props` (`props.value`), `watch('value', draw)` and `trigger(name, data)`; what it may trigger stands in
    `web/events.py`. What all of them draw with (`make`, `bar`, `chipRow`, …) is `web/look.js`, how they write numbers
    `web/digits.js`, right-to-left text `web/bidi.js`. Use `show_progress="hidden"` on events that stream into it, or Gradio dims
    it meanwhile.
    """

    def __init__(self, name: str, value: Any = None, **options: Any) -> None:
        if not re.fullmatch(r"(?:[a-z_]+/)?[a-z_]+", name):
            raise ValueError(f"{name!r} is no component name")
        self.script = name
        super().__init__(
            value,
            html_template=f'<div class="pg pg-{name.rpartition("/")[2]}"></div>',
            css_template=read_web(f"{name}.css"),
            js_on_load=LOAD.replace("NAME", f"{version()}/{name}.js"),
            apply_default_css=False,
            **options,
        )

    def __getattr__(self, name: str) -> Any:
        """The listener of an event of the script's; Gradio would look for the name in the script's text."""
        if name in EVENTS.get(self.__dict__.get("script", ""), ()):
            return partial(EventListener(event_name=name).listener, self)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}; what a script tells stands in web/events.py")

    def postprocess(self, value: Any) -> Any:
        return value

    def api_info(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": True, "description": "What the page shows, as JSON."}

    def example_payload(self) -> Any:
        return {}

    def example_value(self) -> Any:
        return {}
