"""How much of a text a model could not read: counted by transformers' own tokenizers, told where an answer is shown."""

from typing import Any

import pytest
from transformers import AutoTokenizer

from playground.engine.answering.answering import answer
from playground.engine.sentiment.sentiment import classify
from playground.engine.sources import find_files
from playground.engine.unread import unread_of
from playground.engine.watch import Watch
from playground.settings import Settings
from playground.tasks.answering.answering import AnsweringRequest
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.views.answering.answering import answer_scores, answering_sentence
from playground.views.sentiment.sentiment import sentiment_scores, sentiment_sentence, sentiment_view
from tests.conftest import Models

CHINESE, MIXED, PLAIN = "这部电影太无聊了，我睡着了。", "The 寿司 was lovely 🍣, thank you.", "The film is good."


def counted(settings: Settings, text: str) -> tuple[int, int]:
    """([UNK] tokens, tokens) by the library, special tokens left out."""
    from playground.catalog import find_model

    tokenizer: Any = AutoTokenizer.from_pretrained(find_files(find_model("minilm-l6"), settings, lambda *_: None).folder)
    ids = tokenizer(text, add_special_tokens=False).input_ids
    return ids.count(tokenizer.unk_token_id), len(ids)


@pytest.mark.models
@pytest.mark.parametrize(("text", "named"), [(CHINESE, CHINESE), (MIXED, MIXED.replace("🍣", "sushi")), (PLAIN, PLAIN)])
def test_the_count_is_the_librarys(models: Models, settings: Settings, text: str, named: str) -> None:
    """`named`: the text with Unicode's names (CLDR) for its emoji, as the sentiment model was trained to read them."""
    (made,) = classify(models["minilm-sentiment"], [SentimentRequest(text, "minilm-sentiment")], Watch())
    assert (made.unread.tokens, made.unread.of if made.unread.tokens else made.tokens - 2) == counted(settings, named)
    assert all(part in text and part.strip() for part in made.unread.parts)


@pytest.mark.models
def test_a_confident_label_of_an_unread_text_says_so(models: Models, settings: Settings) -> None:
    (made,) = classify(models["minilm-sentiment"], [SentimentRequest(CHINESE, "minilm-sentiment")], Watch())
    unknown, size = counted(settings, CHINESE)
    said = f"could not read {unknown} of the {size} tokens of this text"
    assert unknown > 0 and said in sentiment_view([made])["rows"][0]["unread"]
    if not made.reason:  # a model that may refuse a label says more than this
        assert said in sentiment_sentence([made])
    assert sentiment_scores(made)["unread"] == pytest.approx(unknown / size)
    (plain,) = classify(models["minilm-sentiment"], [SentimentRequest(PLAIN, "minilm-sentiment")], Watch())
    assert "could not read" not in sentiment_sentence([plain]) and sentiment_view([plain])["rows"][0]["unread"] == ""


@pytest.mark.models
def test_a_question_in_another_script_says_so_beside_its_answer(models: Models, settings: Settings) -> None:
    context = "The Eiffel Tower is 330 metres tall."
    (made,) = answer(models["minilm-qa"], [AnsweringRequest("埃菲尔铁塔有多高？", context, "minilm-qa")], Watch())
    unknown, size = (a + b for a, b in zip(counted(settings, "埃菲尔铁塔有多高？"), counted(settings, context), strict=True))
    assert f"could not read {unknown} of the {size} tokens of question and context" in answering_sentence(made, 0.0) and unknown > 0
    assert answer_scores(made)["unread"] == pytest.approx(unknown / size)
    (plain,) = answer(models["minilm-qa"], [AnsweringRequest("How tall is it?", context, "minilm-qa")], Watch())
    assert "could not read" not in answering_sentence(plain, 0.0)


@pytest.mark.models
def test_bytes_are_a_vocabulary_for_everything(models: Models) -> None:
    codec = models["smollm2-135m"].codec
    assert unread_of(codec, CHINESE, codec.encode(CHINESE)).tokens == 0
