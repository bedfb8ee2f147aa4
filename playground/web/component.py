"""A Gradio component drawn in the browser by `web/<name>.js`: its value is any JSON, and text in it is never markup.

The template is constant and holds no value: Gradio renders templates as markup and then runs them as JavaScript.
"""

from typing import Any

import gradio as gr

from playground.web.files import read_web

# What all of them draw with, and what some do besides, put before their own scripts.
COMMON = ("digits", "bidi", "look")
SHARED = {"facts": ("table",), "lesson": ("table", "listing"), "cards": ("listing",), "program": ("listing",)}


class Component(gr.HTML):
    """`Component("tokens", value)` shows `value` with `web/tokens.js` inside `<div class="pg-tokens">`, styled by `web/tokens.css`.

    What all of them draw with (`make`, `bar`, `chipRow`, …) is `web/look.js`, how they write numbers `web/digits.js`, right-to-left text
    `web/bidi.js`; all are put before each script, these two without their `export`s, since they are modules of the lab too. The
    script sees `element` (the component's root), `props.value`, `watch('value', draw)` and `trigger(name, data)`. Use
    `show_progress="hidden"` on events that stream into it, or Gradio dims it meanwhile.
    """

    def __init__(self, name: str, value: Any = None, **options: Any) -> None:
        if not name.isidentifier():
            raise ValueError(f"{name!r} is no component name")
        self.script = name
        super().__init__(
            value,
            html_template=f'<div class="pg pg-{name}"></div>',
            css_template=read_web(f"{name}.css"),
            js_on_load="".join(read_web(f"{one}.js").replace("\nexport ", "\n") for one in (*COMMON, *SHARED.get(name, ()), name)),
            apply_default_css=False,
            **options,
        )

    def postprocess(self, value: Any) -> Any:
        return value

    def api_info(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": True, "description": "What the page shows, as JSON."}

    def example_payload(self) -> Any:
        return {}

    def example_value(self) -> Any:
        return {}
