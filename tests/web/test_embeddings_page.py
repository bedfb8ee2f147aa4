"""What the embeddings page says of its own picture, run in node on cosines made by hand."""

from tests.web.node import run


def test_the_nearest_token_may_be_a_special_one() -> None:
    """[CLS] 0.9, a word 0.4: “nearest is the word” stood beside a cell that said otherwise. The mean is of the two words alone: 0.4."""
    code = """
      const tokens = [{ special: true }, { special: false }, { special: false }];
      return closest(tokens, 1, (i, j) => triangleAt(given, 3, i, j));"""
    best, mean = run({"embeddings/embeddings.js": "closest", "heat.js": "triangleAt"}, code, [1, 0.9, 0.2, 1, 0.4, 1])
    assert best == 0 and abs(mean - 0.4) < 1e-6
