"""The part of the sentiment tab that says which words speak for the label, and what is said without them. Knows only the port."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import gradio as gr

from playground.catalog import DEFAULTS
from playground.errors import BadInput
from playground.panels.asking import QUIET, awaited, publish, readable, stopped
from playground.panels.examples import example_row
from playground.service.port import Service
from playground.tasks.sentiment.attribution import METHODS, Attribution, AttributionRequest, merged
from playground.tasks.sentiment.limits import LIMITS
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.tasks.words import without, words_of
from playground.views.sentiment.attribution import Explanation, attribution_sentence, attribution_view, explanation
from playground.views.sentiment.twotexts import removed_title, twotexts_sentence, twotexts_view
from playground.views.status import note
from playground.web.component import Component

LEAD = (
    "Which words made it so? Two methods shade the same words, blue for positive and orange for negative. Then take words out, one click "
    "each, and see what the model says without them."
)
FILLERS = [("[MASK]", "mask"), ("[PAD]", "pad"), ("nothing: the word is taken out (integrated gradients: [MASK])", "nothing")]
EXAMPLES = (
    ("Praise", ("I love this product!",)),
    ("Two minds", ("Great acting, but the story bored me to tears.",)),
    ("Negation", ("The film is not bad at all.",)),
)
NOT_COMPARED = "() => [{text: ''}, {}]"  # or the comparison before would pass for one without these words
LOST = "The words taken out do not fit the text any more. Explain it again."


def build_attribution(service: Service, model: gr.Dropdown, rows: Component) -> None:
    """Explains its own text, or the one whose “Why?” is clicked in `rows`; clicks on words ask for the text without them."""
    with gr.Accordion("Why? The share of every word", open=True, elem_id="why"):
        gr.Markdown(LEAD, elem_classes="pg-lead")
        text = gr.Textbox(
            EXAMPLES[1][1][0], label="Text to explain", lines=1, max_lines=6, elem_id="why-text",
            info=f"One text of up to {LIMITS.attribution_tokens} tokens.",
        )  # fmt: skip
        with gr.Row(elem_classes="pg-row"):
            filler = gr.Dropdown(FILLERS, value="mask", label="Put in a word’s place", min_width=200, elem_id="why-filler")
            steps = gr.Dropdown([8, 16, 32, 64, 128], value=32, label="Steps of integrated gradients", min_width=140, elem_id="why-steps")
            run = gr.Button("Explain", variant="primary", min_width=120, elem_id="why-run")
            stop = gr.Button("Stop", min_width=80, elem_id="why-stop")
        filled = example_row("why", EXAMPLES, [text])
        said = Component("note", elem_id="why-note")
        shown = Component("sentiment/attribution", elem_id="why-shown")
        after = Component("note", elem_id="why-after")
        beside = Component("sentiment/twotexts", elem_id="why-beside")
    publish(service, explain_sentiment)
    inputs, outputs = [text, model, filler, steps], [said, shown, after, beside]
    runs = [
        run.click(readable(explain, service), inputs, outputs, **QUIET),
        filled.then(readable(explain, service), inputs, outputs, **QUIET),
        rows.why(readable(explain_row, service), [filler, steps], [*outputs, text], **QUIET),
    ]
    stopped(stop, said, runs)
    taken = shown.taken(readable(take_out, service), None, [after, beside], trigger_mode="always_last", **QUIET)
    taken.failure(None, None, [after, beside], js=NOT_COMPARED, api_visibility="private")


def explain(service: Service, text: str, model: str, filler: str, steps: int) -> Iterator[tuple[Any, ...]]:
    """The share of every word by both methods; what was compared before is gone."""
    made: list[Attribution] = []
    for request in requests_of(text, model, filler, steps):
        one = yield from awaited(service, request, 3)
        made += [one] if request.method == METHODS[0] else [merged(one), one]
    # the same text explained again may look the same: the page knows by `run` that no word is out any more
    yield note(attribution_sentence(made)), attribution_view(made) | {"run": uuid4().hex}, note(""), {}


def explain_row(service: Service, filler: str, steps: int, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
    """The text whose “Why?” was clicked, put into the field too."""
    asked = event._data if isinstance(event._data, dict) else {}
    for items in explain(service, asked.get("text"), asked.get("model"), filler, steps):  # type: ignore[arg-type]
        yield *items, asked.get("text")


def take_out(service: Service, event: gr.EventData) -> tuple[Any, Any]:
    """The text beside itself without the words clicked."""
    request, changed, removed = read_taken(event._data)
    before, after = service.run(request), service.run(changed)
    title = removed_title(request.text, removed)
    return note(f"{title}: {twotexts_sentence(before, after)}" if removed else ""), twotexts_view(before, after, ("The text", title))


def requests_of(text: str, model: str, filler: str, steps: int) -> list[AttributionRequest]:
    """Occlusion by word and by token, gradients by token. Where words are taken out, these still need a baseline: [MASK]."""
    of, baseline = SentimentRequest(text, model), "mask" if filler == "nothing" else filler
    occlusions = [AttributionRequest(of, METHODS[0], unit, filler=filler) for unit in ("word", "token")]
    return [*occlusions, AttributionRequest(of, METHODS[1], "token", filler=baseline, steps=steps)]


def read_taken(data: Any) -> tuple[SentimentRequest, SentimentRequest, list[int]]:
    """The whole text's request, that of the text without the words clicked, and their numbers. Raises BadInput where they are no such."""
    if not isinstance(data, dict) or not isinstance(removed := data.get("removed"), list) or not isinstance(text := data.get("text"), str):
        raise BadInput(LOST)
    request = SentimentRequest(text, data.get("model", ""))
    request.check()
    words = len(words_of(text))
    if not all(isinstance(word, int) and not isinstance(word, bool) and 0 <= word < words for word in removed):
        raise BadInput(LOST)
    if words <= len(set(removed)):
        raise BadInput("Every word is taken out, and nothing is left to classify. Bring one back.")
    return request, SentimentRequest(without(text, set(removed)), request.model), removed


def explain_sentiment(
    service: Service, text: str, model: str = DEFAULTS["sentiment"], method: str = "occlusion", unit: str = "word"
) -> Explanation:
    """How much each word or token of a text speaks for the label that the model gives it.

    Args:
        text: at most 256 tokens.
        model: a model's slug; a wrong one is answered with the list.
        method: "occlusion" (each unit replaced by [MASK]) or "integrated gradients" (32 steps from a baseline of [MASK]).
        unit: "word" or "token".

    Returns:
        `units`, each with its score in log-odds of `label`, and `gap`, what they leave unexplained of `log_odds` − `baseline`.
    """
    return explanation(service.run(AttributionRequest(SentimentRequest(text, model), method, unit)))
