"""The ways the translator's script can be called: what each publishes and measures. Nothing is trained here."""

from pathlib import Path
from typing import Any

import pytest
import torch

from playground.training import translation

BLEU = {"before": 58.04, "halfway": 58.51, "average": 59.26, "live": 57.9}


class Model(torch.nn.Linear):
    """Stands for a translator; only its name counts."""

    def __init__(self, name: str) -> None:
        super().__init__(1, 1)
        self.name = name


class Trained:
    master, average, step, seconds = Model("before"), Model("average"), 1, 60.0
    device = "cpu"

    def made(self) -> dict[str, Any]:
        return {"average": Model("average"), "live": Model("live")}


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (["--evaluate"], ["measure"]),
        (["--halfway", "folder"], ["publish halfway", "measure"]),
        (["--taught", "folder"], ["publish average", "measure"]),
        (["--publish"], ["publish average", "measure"]),
        (["--steps", "1"], ["train", "publish average", "measure"]),
        (["--answers", "folder/file.gz"], ["write folder/file.gz"]),
    ],
    ids=lambda told: told[0],
)
def test_each_flag_goes_its_way_and_the_best_on_dev_is_published(
    told: list[str], wanted: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    done: list[str] = []
    said: dict[str, Any] = {}

    def measure(data: Path, pieces: Any, dev: Any, run: dict[str, Any], device: str) -> None:
        done.append("measure")
        said.update(run)

    for name, made in {
        "Pieces": lambda folder: None,
        "read_rows": lambda folder, name: [],
        "split_pairs": lambda rows: ([], []),
        "published": lambda dtype, device: Model("published"),
        "answers": lambda *_: {},
        "write_packed": lambda what, path: done.append(f"write {path}"),
        "grown": lambda folder, *_: Model("before"),
        "halfway": lambda one, other: Model("halfway"),
        "taught": lambda folder, start: ({"average": Model("average")}, {"teachers": 3}),
        "last_run": lambda folder: {"steps": 7},
        "run_facts": lambda trainer, args: {"steps": args.steps},
        "Trainer": lambda *_: Trained(),
        "train": lambda *_: done.append("train"),
        "evaluate": lambda model, *_: {"all": BLEU[model.name]},
        "publish": lambda model, *_: done.append(f"publish {model.name}"),
        "measure": measure,
    }.items():
        monkeypatch.setattr(translation, name, made)
    monkeypatch.setattr("sys.argv", ["translation", "--state", str(tmp_path / "none.pt"), *told])
    threads = torch.get_num_threads()
    try:
        translation.main()
    finally:
        torch.set_num_threads(threads)
    assert done == wanted
    if "--halfway" in told:
        assert said == {"steps": 7, "dev_bleu_of": {"before": 58.04, "halfway": 58.51}}
    if "--taught" in told:
        assert said == {"teachers": 3, "dev_bleu_of": {"average": 59.26}}
    if "--publish" in told:
        assert said["dev_bleu_of"] == {"average": 59.26, "live": 57.9}, "its start is gone: no mean with it"
    if "--steps" in told:
        assert said["dev_bleu_of"] == {"average": 59.26, "live": 57.9, "halfway": 58.51} and said["steps"] == 1
