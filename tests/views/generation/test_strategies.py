"""Three ways to write side by side: what is called best is best by the mean, sums of texts of other lengths are not compared."""

import math
from typing import Any

import pytest
import torch

from playground.engine.generation.beams import grow_beams
from playground.engine.watch import Watch
from playground.tasks.generation.beams import ROOT, BeamTree, BeamTreeRequest, Candidate, Finished
from playground.tasks.generation.generation import GenerationRequest
from playground.views.generation.strategies import Way, beam_search, way_of_tree, ways_sentence
from tests.conftest import Models

SLUG = "smollm2-135m"


def tree_of(*totals: tuple[int, float]) -> BeamTree:
    """Answers of (tokens, sum), best mean first, each a path of its own; ranks by sum at each step, as the search sorts them."""
    nodes: list[Candidate] = []
    ends: list[tuple[float, int, tuple[int, ...]]] = []
    rows = [[(step, step * total / tokens) for step in range(1, tokens + 1)] for tokens, total in totals]
    paths: list[list[int]] = [[] for _ in totals]
    for step in range(1, max(tokens for tokens, _ in totals) + 1):
        live = sorted((row[step - 1][1], which) for which, row in enumerate(rows) if len(row) >= step)[::-1]
        for rank, (total, which) in enumerate(live, 1):
            parent, last = (paths[which][-1] if paths[which] else ROOT), len(rows[which]) == step
            nodes.append(Candidate(step, parent, 7, f" t{which}", total - (nodes[parent].total if paths[which] else 0), total, rank,
                                   "ended" if last else "kept"))  # fmt: skip
            paths[which].append(len(nodes) - 1)
    for which, (tokens, total) in enumerate(totals):
        ends.append((total / tokens, which, tuple(paths[which])))
    done = tuple(Finished(path, f"text {which}", totals[which][1], mean) for mean, which, path in sorted(ends, key=lambda one: -one[0]))
    return BeamTree(SLUG, "test", len(totals), 3, max(tokens for tokens, _ in totals), tuple(nodes), done)


def way(name: str, tokens: int, total: float) -> Way:
    return {"name": name, "said": "", "text": "", "tokens": [{"text": "x"}] * tokens, "total": f"{total:.3f}", "perplexity": "",
            "mean": f"{total / tokens:.3f}", "value": total / tokens}  # fmt: skip


def test_the_answer_with_the_best_mean_is_taken_though_another_has_the_best_sum() -> None:
    """The report's own numbers: −13.783 over 16 tokens (a mean of −0.861) beats −11.970 over 13 (−0.921)."""
    tree = tree_of((16, -13.783), (13, -11.970))
    taken = way_of_tree(tree)
    assert taken["text"] == "text 0" and taken["value"] == pytest.approx(-13.783 / 16) and taken["mean"] == "−0.861"
    assert "likeliest" not in taken["said"] and "best mean ln p a token" in taken["said"]
    said = ways_sentence([way("greedy", 13, -11.970), way("sampling", 16, -30.0), taken], tree)
    assert "is that of beam search." in said and "have 13, 16 and 16 tokens, so their sums do not compare" in said


def test_texts_of_one_length_need_no_warning_and_equal_ones_are_named_together() -> None:
    tree = tree_of((4, -4.0), (4, -6.0))
    said = ways_sentence([way("greedy", 4, -4.0), way("sampling", 4, -9.0), way("beam search", 4, -4.0)], tree)
    assert "that of greedy and beam search" in said and "sums" not in said and "led at every step" in said


def test_who_led_before_the_winner_is_told_from_the_tree() -> None:
    nodes = (
        Candidate(1, ROOT, 1, " early", -0.1, -0.1, 1, "kept"), Candidate(1, ROOT, 2, " late", -0.5, -0.5, 2, "kept"),
        Candidate(2, 1, 3, " end", -0.1, -0.6, 1, "ended"), Candidate(2, 0, 4, " end", -2.0, -2.1, 2, "ended"),
    )  # fmt: skip
    done = (Finished((1, 2), "late end", -0.6, -0.3), Finished((0, 3), "early end", -2.1, -1.05))
    said = ways_sentence([way("greedy", 2, -2.1), way("sampling", 2, -2.1), way("beam search", 2, -0.6)],
                         BeamTree(SLUG, "test", 2, 3, 2, nodes, done))  # fmt: skip
    assert "At step 1 another text still led, the one that went on with “␣early”" in said and "led at every step" not in said


@pytest.mark.models
def test_what_is_shown_as_taken_is_what_generate_takes(models: Models) -> None:
    """Where the means and the sums disagree: transformers' own beam search, with its own scores."""
    loaded, prompt = models[SLUG], "Translate 'good morning' to French."
    request = GenerationRequest(prompt, SLUG, repetition_penalty=1.0, beams=4, max_new_tokens=16)
    (tree,) = grow_beams(loaded, [BeamTreeRequest(request)], Watch())
    ids = torch.tensor([loaded.codec.ids(str(loaded.codec.chat(prompt)), special=False)])
    with torch.inference_mode():
        made: Any = loaded.model.generate(
            ids, attention_mask=torch.ones_like(ids), num_beams=4, do_sample=False, max_new_tokens=16, length_penalty=1.0,
            early_stopping=False, output_scores=True, return_dict_in_generate=True, temperature=None, top_p=None, top_k=None,
        )  # fmt: skip
    shown = way_of_tree(tree)
    assert shown["text"] == loaded.codec.decode(made.sequences[0, ids.shape[1] :].tolist())
    assert shown["value"] == pytest.approx(float(made.sequences_scores[0]), abs=2e-4)
    assert float(shown["perplexity"]) == pytest.approx(math.exp(-float(made.sequences_scores[0])), rel=1e-2)
    answers = beam_search(tree)["answers"]
    assert [one["score"] for one in answers] == sorted((one["score"] for one in answers), reverse=True)
