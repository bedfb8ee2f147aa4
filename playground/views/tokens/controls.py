"""What a control token does to a model that is sent it, and what was typed like one and is none. Pure data and sentences.

Sources: Devlin et al. 2018 (BERT, arXiv 1810.04805) §3 for the tokens in brackets; the chat template in SmolLM2's GGUF for messages;
openai/gpt-2 for <|endoftext|>; Raffel et al. 2019 (T5, arXiv 1910.10683) §2 for </s> and <pad>.
"""

from collections.abc import Sequence

from playground.views.text import in_quotes, visible

MEANS = {
    "[CLS]": "the place where the whole text is summed up",
    "[SEP]": "the end of one text and the beginning of the next",
    "[MASK]": "a hidden word to be guessed",
    "[PAD]": "filling that is not to be read",
    "[UNK]": "a word that has no piece",
    "<|endoftext|>": "the end of a document, where another, unconnected one may begin",
    "<|im_start|>": "the beginning of a message, before the name of who speaks",
    "<|im_end|>": "the end of a message",
    "</s>": "the end of the text",
    "<pad>": "filling that is not to be read",
    "<unk>": "a piece that the vocabulary lacks",
}
OTHER = "a mark of its own, not letters"


def controls_sentence(controls: Sequence[str], name: str) -> str:
    """For names of control tokens that were typed, and that model `name` gets as the tokens themselves; "" for none."""
    if not controls:
        return ""
    one = len(controls) == 1
    means = "; ".join(f"{in_quotes(visible(control))} as {MEANS.get(control, OTHER)}" for control in controls)
    return (
        f"{_listed(controls)} {'is' if one else 'are'} typed here but {'is' if one else 'are'} not read as text: "
        f"{'it is a control token' if one else 'they are control tokens'}, one id each. {name} was trained to take {means}."
    )


def spelled_sentence(spelled: Sequence[str]) -> str:
    """For names of control tokens that were typed and are read as plain text, although the model's own class would not; "" for none."""
    if not spelled:
        return ""
    verb = "is" if len(spelled) == 1 else "are"
    return (
        f"{_listed(spelled)} {verb} read as plain text here, sign by sign. The model’s own class in transformers, MarianTokenizer, takes "
        "such text for control tokens, so its ids differ."
    )


def _listed(names: Sequence[str]) -> str:
    listed = [in_quotes(visible(name)) for name in names]
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
