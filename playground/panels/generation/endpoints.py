"""What a program may ask of the generation room, as Gradio documents it: text, its trace, a prompt's surprisal, a beam search."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from playground.panels.asking import readable
from playground.panels.generation.knobs import DEFAULT
from playground.service.port import Service
from playground.tasks.generation.beams import BeamTreeRequest
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.prompt import PromptReadingRequest
from playground.tasks.generation.tracing import ALTERNATIVES
from playground.tasks.request import Progress
from playground.tasks.text import check_whole
from playground.views.generation.prompt import ReadPrompt, read_prompt
from playground.views.generation.strategies import BeamSearch, beam_search
from playground.views.generation.trace import TracedText, traced_text


def add_endpoints(service: Service) -> None:
    made = {"generate": _generate, "trace": _trace, "surprisal": _surprisal, "beam_search": _beam_search}
    for name, endpoint in made.items():
        gr.api(readable(endpoint(service), page=False), api_name=name)


def _generate(service: Service) -> Any:
    def generate(
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
        with closing(service.stream(request)) as items:
            for item in items:
                if not isinstance(item, Progress):
                    yield item.text

    generate.__annotations__["return"] = str  # Gradio documents the type of one streamed item
    return generate


def _trace(service: Service) -> Any:
    def trace(
        prompt: str,
        model: str = DEFAULT.model,
        chat: bool = DEFAULT.chat,
        temperature: float = DEFAULT.temperature,
        top_k: int = DEFAULT.top_k,
        top_p: float = DEFAULT.top_p,
        repetition_penalty: float = DEFAULT.repetition_penalty,
        beams: int = DEFAULT.beams,
        max_new_tokens: int = 32,
        seed: int | None = None,
        min_p: float = DEFAULT.min_p,
        written: list[int] | None = None,
        alternatives: int = 10,
    ) -> TracedText:
        """Write on from a prompt, and tell of every token its probability, its logit and the likeliest alternatives.

        Args:
            prompt: as for /generate, and so are all arguments down to min_p.
            model: a model's slug.
            chat: wrap the prompt in the model's chat template.
            temperature: 0 (greedy) to 5.
            top_k: 0 is no limit.
            top_p: 1 is no limit.
            repetition_penalty: 0.5 to 3.
            beams: 1 to 8.
            max_new_tokens: 1 to 1,024.
            seed: null draws one, which the answer tells.
            min_p: 0 is no limit.
            written: ids of tokens that follow the prompt already, at most 4,096: the text goes on from there.
            alternatives: 1 to 50 for each token.

        Returns:
            `text`, `held_back` (the bytes of a character it ends inside of), `seed`, `log_probability` (natural), `perplexity`, and
            `tokens`, each with `alternatives`.
        """
        request = GenerationRequest(
            prompt, model, chat, temperature, top_k, top_p, repetition_penalty, beams, max_new_tokens, seed, min_p,
            tuple(written) if isinstance(written, list) else () if written is None else written, alternatives,
        )  # fmt: skip
        check_whole(alternatives, "The number of alternatives", 1, ALTERNATIVES)
        return traced_text(service.run(request))

    return trace


def _surprisal(service: Service) -> Any:
    def surprisal(prompt: str, model: str = DEFAULT.model, chat: bool = DEFAULT.chat) -> ReadPrompt:
        """How much each token of a prompt surprises the model, and the perplexity of the whole.

        Args:
            prompt: up to 2,048 tokens with the template's.
            model: a model's slug.
            chat: wrap the prompt in the model's chat template.

        Returns:
            `rendered` (the text the model reads), `perplexity`, and `tokens` with `log_probability` (natural) and `bits`.
        """
        return read_prompt(service.run(PromptReadingRequest(GenerationRequest(prompt, model, chat))))

    return surprisal


def _beam_search(service: Service) -> Any:
    def beam_search_(
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
        return beam_search(service.run(BeamTreeRequest(of)))

    return beam_search_
