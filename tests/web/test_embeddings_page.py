"""What the embeddings page says of its own picture, run in node on cosines made by hand."""

from tests.web.node import WEB, run


def test_the_nearest_token_may_be_a_special_one() -> None:
    """[CLS] 0.9, a word 0.4: “nearest is the word” stood beside a cell that said otherwise. The mean is of the two words alone: 0.4."""
    code = """
      const box = { hidden: false }, element = { querySelector: () => box }, window = { addEventListener() {} };
      const page = new Function("element", "props", "watch", "window", "numberText", `${given.look}\\n${given.script}
        return (value, made) => { props.value = value; data = made; one = 1; return closest(0); };`);
      const tokens = [{ text: "[CLS]", special: true }, { text: "a", special: false }, { text: "b", special: false }];
      const cosines = Float32Array.of(1, 0.9, 0.2, 1, 0.4, 1);
      return page(element, {}, () => {}, window, () => "")({ tokens }, { n: 3, size: 6, cosines });"""
    scripts = {"look": (WEB / "look.js").read_text("utf-8"), "script": (WEB / "embeddings.js").read_text("utf-8")}
    best, mean = run({}, code, scripts)
    assert best == 0 and abs(mean - 0.4) < 1e-6
