"""What the page opens with shows what its sentence says: computed with plain transformers, without the tap, the lens or the views."""

import torch

from playground.panels.attention import attention
from playground.panels.generation import generation
from playground.panels.sentiment import attribution, sentiment
from playground.panels.translation import translation
from tests.conftest import Models
from tests.engine.test_tap import inputs_for, twin


def test_the_head_that_attention_opens_on_finds_what_it_stands_for(models: Models) -> None:
    """“it” looks most at “animal”, more than at all other words together."""
    loaded, view = models["minilm-l6"], attention.COREFERENCE
    ids = loaded.codec.ids(attention.FIRST)
    with torch.inference_mode():
        out = twin(loaded.model, "eager")(**inputs_for(loaded.model, [ids], 0), output_attentions=True)
    words = attention.FIRST.lower().replace("didn't", "didn ' t").replace(".", " .").split()
    assert len(words) + 2 == len(ids)
    (pin,) = view["pins"]
    row = out.attentions[view["layer"]][0, view["head"], pin].tolist()
    assert words[pin - 1] == "it"
    assert words[max(range(len(row)), key=row.__getitem__) - 1] == "animal"
    assert max(row) > 0.5


def test_the_text_that_generation_opens_with_climbs_through_the_layers(models: Models) -> None:
    """Paris is far behind after the first blocks, comes nearer block by block at the end, and is the first at last."""
    loaded = models["smollm2-135m"]
    ids = loaded.codec.ids(generation.FIRST)
    (paris,) = loaded.codec.ids(" Paris")
    with torch.inference_mode():
        stages = loaded.model(torch.tensor([ids]), output_hidden_states=True).hidden_states
        streams = [loaded.model.model.norm(stage[0, -1]) for stage in stages[:-1]] + [stages[-1][0, -1]]  # the last has its norm
        logits = [loaded.model.lm_head(stream) for stream in streams]
    ranks = [int((one > one[paris]).sum()) + 1 for one in logits]
    assert ranks[-1] == 1 < 1000 < ranks[1]
    assert ranks[-5:] == sorted(ranks[-5:], reverse=True)


def test_the_text_that_translation_opens_with_crosses_twice(models: Models) -> None:
    """The colours stand before their nouns in English and after them in French."""
    loaded = models["en-fr"]
    batch = inputs_for(loaded.model, [loaded.codec.ids(translation.EXAMPLES[2][1][0])], loaded.model.config.pad_token_id)
    with torch.inference_mode():
        made = loaded.model.generate(batch["input_ids"], num_beams=4, max_new_tokens=40)[0].tolist()
    ends = {loaded.model.config.decoder_start_token_id, loaded.model.config.eos_token_id}
    french = loaded.codec.decode([one for one in made if one not in ends])
    english = translation.EXAMPLES[2][1][0]
    for first, second, noun, colour in (("black", "cat", "chat", "noir"), ("white", "table", "table", "blanche")):
        assert english.index(first) < english.index(second)
        assert french.index(noun) < french.index(colour)


def test_sentiment_explains_the_text_it_opens_with() -> None:
    assert sentiment.FIRST.splitlines()[0] == attribution.EXAMPLES[1][1][0]
