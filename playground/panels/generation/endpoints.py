"""What a program may ask of the generation room, as Gradio documents it: text, its trace, a prompt's surprisal, a beam search."""

from collections.abc import Iterator
from inspect import Parameter, Signature, signature
from typing import Any

from playground.panels.asking import answers
from playground.panels.generation.knobs import DEFAULT
from playground.service.port import Service
from playground.tasks.generation.beams import BeamTreeRequest
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.prompt import PromptReadingRequest
from playground.tasks.generation.tracing import ALTERNATIVES
from playground.tasks.text import check_whole
from playground.views.generation.prompt import ReadPrompt, read_prompt
from playground.views.generation.strategies import BeamSearch
from playground.views.generation.strategies import beam_search as searched
from playground.views.generation.trace import TracedText, traced_text


def generate(
    service: Service,
    prompt: str,
    model: str = DEFAULT.model,
    chat: bool = DEFAULT.chat,
    temperature: float = DEFAULT.temperature,
    top_k: int = DEFAULT.top_k,
    top_p: float = DEFAULT.top_p,
    repetition_penalty: float = DEFAULT.repetition_penalty,
    beams: int = DEFAULT.beams,
    max_new_tokens: int = DEFAULT.max_new_tokens,
    seed: int | None = None,
    min_p: float = DEFAULT.min_p,
) -> Iterator[str]:
    """Write on from a prompt; streams the text so far.

    Args:
        prompt: at most 50,000 characters; with the output it must fit the model's context window.
        model: a model's slug; a wrong one is answered with the list.
        chat: wrap the prompt in the model's chat template.
        temperature: 0 (greedy) to 5.
        top_k: draw from the k likeliest tokens; 0 is no limit.
        top_p: draw from the likeliest tokens that together reach this probability; 1 is no limit.
        repetition_penalty: 0.5 to 3; above 1 makes tokens already used less likely.
        beams: 1 to 8; more than 1 searches instead of drawing.
        max_new_tokens: 1 to 1,024.
        seed: a whole number repeats the same draw; null draws one.
        min_p: draw from tokens at least this share as likely as the likeliest; 0 is no limit.

    Yields:
        The whole text so far; the last is the answer. Where its tokens end inside a character, at max_new_tokens say, it ends
        before that character; /trace tells the bytes that are held back.
    """
    request = GenerationRequest(prompt, model, chat, temperature, top_k, top_p, repetition_penalty, beams, max_new_tokens, seed, min_p)
    for made in answers(service, request):
        yield made.text


def trace(service: Service, *asked: Any, **named: Any) -> TracedText:
    """Write on from a prompt, and tell of every token its probability, its logit and the likeliest alternatives.

    Args:
        prompt: as for /generate, and so are all arguments down to min_p.
        written: ids of tokens that follow the prompt already, at most 4,096: the text goes on from there.
        alternatives: 1 to 50 for each token.

    Returns:
        `text`, `held_back` (the bytes of a character it ends inside of), `seed`, `log_probability` (natural), `perplexity`, and
        `tokens`, each with `alternatives`.
    """
    given = signature(trace).bind(service, *asked, **named)
    given.apply_defaults()
    settings = dict(given.arguments)
    del settings["service"]
    written = settings["written"]
    settings["written"] = tuple(written) if isinstance(written, list) else () if written is None else written
    check_whole(settings["alternatives"], "The number of alternatives", 1, ALTERNATIVES)
    return traced_text(service.run(GenerationRequest(**settings)))


def _traced(generate: Signature) -> Signature:
    """The arguments of /generate, fewer new tokens unless asked for, and two more."""
    taken = {**generate.parameters, "max_new_tokens": generate.parameters["max_new_tokens"].replace(default=32)}
    more = [("written", list[int] | None, None), ("alternatives", int, 10)]
    added = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, annotation=kind, default=default) for name, kind, default in more]
    return Signature([*taken.values(), *added], return_annotation=TracedText)


trace.__signature__ = _traced(signature(generate))  # type: ignore[attr-defined]


def surprisal(service: Service, prompt: str, model: str = DEFAULT.model, chat: bool = DEFAULT.chat) -> ReadPrompt:
    """How much each token of a prompt surprises the model, and the perplexity of the whole.

    Args:
        prompt: up to 2,048 tokens with the template's.
        model: a model's slug.
        chat: wrap the prompt in the model's chat template.

    Returns:
        `rendered` (the text the model reads), `perplexity`, and `tokens` with `log_probability` (natural) and `bits`.
    """
    return read_prompt(service.run(PromptReadingRequest(GenerationRequest(prompt, model, chat))))


def beam_search(
    service: Service,
    prompt: str,
    model: str = DEFAULT.model,
    chat: bool = DEFAULT.chat,
    beams: int = 4,
    max_new_tokens: int = 16,
    repetition_penalty: float = 1.0,
) -> BeamSearch:
    """Search for likely answers with several beams, and tell of every candidate what became of it.

    Args:
        prompt: at most 50,000 characters.
        model: a model's slug.
        chat: wrap the prompt in the model's chat template.
        beams: 2 to 8.
        max_new_tokens: 1 to 40.
        repetition_penalty: 0.5 to 3.

    Returns:
        `answers`, best first, and `nodes`, the tree: each with its parent, log-probabilities and fate.
    """
    of = GenerationRequest(prompt, model, chat, beams=beams, max_new_tokens=max_new_tokens, repetition_penalty=repetition_penalty)
    return searched(service.run(BeamTreeRequest(of)))


ENDPOINTS = (generate, trace, surprisal, beam_search)
