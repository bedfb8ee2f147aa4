"""Sentence similarities -> the table `web/embeddings/similarity.js` draws and the sentence above it. Knows no model."""

from typing import TypedDict

import numpy as np

from playground.tasks.embeddings.similarity import Similarity
from playground.views.text import counted, number, visible


class SimilarityView(TypedDict):
    """`cosines` (texts, texts)."""

    texts: list[str]
    cosines: list[list[float]]
    sentence: str


def similarity_view(made: Similarity) -> SimilarityView:
    texts = [visible(text).replace("␣", " ") for text in made.texts]
    return {"texts": texts, "cosines": made.cosines.astype(float).tolist(), "sentence": similarity_sentence(made)}


def similarity_sentence(made: Similarity) -> str:
    """The nearest and the farthest pair."""
    pairs = np.where(np.tri(len(made.texts), dtype=bool), np.nan, made.cosines)
    cut = f" {counted(made.cut, 'token')} too many: left out." if made.cut else ""
    near, far = (np.unravel_index(int(find(pairs)), pairs.shape) for find in (np.nanargmax, np.nanargmin))
    least = "" if near == far else f"; least alike are {far[0] + 1} and {far[1] + 1} ({number(pairs[far])})"
    return (
        f"Sentences {near[0] + 1} and {near[1] + 1} are most alike ({number(pairs[near])}){least}. Each sentence is the mean of its "
        f"tokens’ last vectors; look whether meaning or shared words decide.{cut}"
    )
