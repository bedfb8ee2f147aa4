"""The part of the sentiment tab that classifies a whole file: upload, columns, progress, summary, download. Knows only the port."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache
from gradio.utils import get_upload_folder

from playground.catalog import DEFAULTS, find_model
from playground.errors import BadInput
from playground.folders import LESSONS
from playground.panels.asking import QUIET, publish, readable, stopped
from playground.service.port import Service
from playground.tasks.files import ENCODINGS, readings
from playground.tasks.request import Batch, Progress
from playground.tasks.sentiment.limits import LIMITS
from playground.tasks.sentiment.sentiment import Sentiment, SentimentRequest
from playground.tasks.sentiment.table import Table, label_column, read_table, text_column
from playground.tasks.sentiment.tally import Pace, Verdict, label_names
from playground.tasks.text import in_quotes, shown
from playground.views.sentiment.verdicts import (
    LineScores,
    line_scores,
    speed_note,
    table_sentence,
    verdicts_csv,
    verdicts_figure,
    verdicts_sentence,
    verdicts_view,
)
from playground.views.status import note, progress_note
from playground.web.component import Component

LEAD = (
    f"A CSV, TSV or text file of up to {LIMITS.file_lines:,} rows and {LIMITS.table_bytes // 1_000_000} MB. Where it has labels, see which "
    "texts the model is wrong about, and how sure it is of them. The 24 reviews to try hold irony, negation and mixed feelings, and are "
    "few: their accuracy is not the one on the model’s card."
)
AT_ONCE = 256  # lines of one request: between two of them other people's requests are served, and Stop keeps what is done
NO_LABEL = ("no label", "")
FOUND = ("Find it out", "")
NAME = "sentiment-results.csv"
SAMPLE = LESSONS / "reviews.csv"
Line = tuple[int, str, str]


def build_lines(service: Service, model: gr.Dropdown) -> None:
    """An accordion: a file is read when it is put in, its columns are offered, and its rows are classified part by part."""
    with gr.Accordion("Classify a whole file", open=False, elem_id="lines"):
        gr.Markdown(LEAD, elem_classes="pg-lead")
        file = gr.File(label="File (.csv, .tsv or .txt)", height=130, elem_id="lines-file")
        with gr.Row(elem_classes="pg-row"):
            text = gr.Dropdown([], label="Text column", min_width=150, elem_id="lines-text")
            label = gr.Dropdown([NO_LABEL], value="", label="Label column", min_width=150, elem_id="lines-label")
            header = gr.Checkbox(True, label="First row holds names", min_width=170, elem_id="lines-header")
            encoding = gr.Dropdown([FOUND], value="", label="Encoding", min_width=170, elem_id="lines-encoding")
            run = gr.Button("Classify the file", variant="primary", min_width=150, elem_id="lines-run")
            stop = gr.Button("Stop", min_width=80, elem_id="lines-stop")
            sample = gr.Button("Try 24 short reviews", min_width=150, elem_id="lines-sample")
        said = Component("note", elem_id="lines-note")
        shown = Component("sentiment/verdicts", elem_id="lines-shown")
        figure = gr.Plot(show_label=False, visible="hidden", elem_id="lines-figure")
        download = gr.DownloadButton("Download the results (CSV)", interactive=False, elem_id="lines-download")
        kept = gr.State(())
    publish(service, classify_lines)
    columns, results = [text, label, header, encoding, said], [said, shown, figure, download, kept]
    file.upload(readable(look), file, columns, **QUIET)
    file.clear(readable(look), file, columns, **QUIET)
    header.input(readable(look), [file, header, encoding], columns, **QUIET)
    encoding.input(readable(read_as), [file, encoding], columns, **QUIET)
    inputs = [file, text, label, header, encoding, model]
    tried = sample.click(_sample, None, file, **QUIET).then(readable(look), file, columns, **QUIET)
    runs = [
        run.click(readable(classify, service), inputs, results, **QUIET),
        tried.then(readable(classify, service), inputs, results, **QUIET),
    ]
    stopped(stop, said, runs)
    stop.click(readable(save), kept, [download, kept], **QUIET)


def look(path: str | None, header: bool | None = None, encoding: str = "") -> tuple[Any, ...]:
    """What columns the file has, which hold the texts and the labels, whether its first row is names, and how it may be read."""
    if not path:
        return gr.Dropdown([], value=None), gr.Dropdown([NO_LABEL], value=""), gr.skip(), gr.Dropdown([FOUND], value=""), note("")
    table = _table(path, header, encoding)
    found, given = text_column(table), label_column(table)
    return (
        gr.Dropdown(list(table.columns), value=found), gr.Dropdown([NO_LABEL, *((name, name) for name in table.columns)], value=given),
        table.header, gr.Dropdown(encoding_choices(Path(path).read_bytes(), table, encoding), value=encoding),
        note(table_sentence(table, found, given)),
    )  # fmt: skip


def read_as(path: str | None, encoding: str) -> tuple[Any, ...]:
    """The same in another encoding, in which the first row may be another."""
    return look(path, None, encoding)


def classify(
    service: Service, path: str | None, text: str, label: str, header: bool, encoding: str, model: str
) -> Iterator[tuple[Any, ...]]:
    """Note, summary, figure, download, and what a Stop would leave, after every part of the file."""
    lines, blank = lines_of_table(_table(path, header, encoding), text, label)
    done: list[Verdict] = []
    yield note(""), gr.skip(), gr.skip(), gr.DownloadButton(interactive=False), ()
    for item, pace in judged(service, lines, model):
        if isinstance(item, Progress):
            yield _told(item, len(done), len(lines), pace), gr.skip(), gr.skip(), gr.skip(), gr.skip()
        else:
            done += item
            told = speed_note(len(done), len(lines), pace)
            yield told, *_pictures(done, len(lines), blank, pace), gr.skip(), tuple(done)
    yield note(verdicts_sentence(done, len(lines))), gr.skip(), gr.skip(), _saved(done), ()


def save(done: tuple[Verdict, ...]) -> tuple[Any, tuple[()]]:
    """After a Stop: what was done is there to take away."""
    return _saved(done) if done else gr.skip(), ()


def _sample() -> str:
    return save_bytes_to_cache(SAMPLE.read_bytes(), SAMPLE.name, get_upload_folder())


def encoding_choices(data: bytes, table: Table, chosen: str) -> list[tuple[str, str]]:
    """What was found, then each other encoding with what it makes of the file's first signs beyond ASCII."""
    found = FOUND if chosen else (f"{'Guessed' if table.guessed else 'Found'}: {table.encoding}", "")
    others = [(f"{name}: {shown(sample)}", name) for name, sample in readings(data)] or [(name, name) for name in ENCODINGS]
    return [found, *others]


def _table(path: str | None, header: bool | None, encoding: str) -> Table:
    if not path:
        raise BadInput("No file is chosen. Put one in, or try the sample.")
    return read_table(Path(path).read_bytes(), Path(path).name, header, encoding)


def lines_of_table(table: Table, text: str, label: str) -> tuple[list[Line], int]:
    """(row, text, label as written) of every row that has a text, and how many have none. Raises BadInput where the column is not there."""
    if not text:
        raise BadInput("No text column is chosen. Choose the column that holds the texts.")
    texts = table.column(text)
    labels = table.column(label) if label else [""] * len(texts)
    lines = [(row, one, given) for row, (one, given) in enumerate(zip(texts, labels, strict=True), 1) if one.strip()]
    if not lines:
        raise BadInput(f"The column {in_quotes(text[:60])} holds no text. Choose another column.")
    return lines, len(texts) - len(lines)


def judged(service: Service, lines: list[Line], model: str) -> Iterator[tuple[Progress | list[Verdict], Pace]]:
    """Progress, and after every part its verdicts in order, each with the pace so far: of what was seen being worked through, so neither
    of a model's loading nor of answers that came from the cache."""
    find_model(model, "sentiment")
    pace, names, most = Pace(0, 0.0), dict[str, str](), LIMITS.sentiment_characters
    for first in range(0, len(lines), AT_ONCE):
        some, seen = lines[first : first + AT_ONCE], None
        requests = Batch(tuple(SentimentRequest(text[:most], model, cut=True) for _, text, _ in some))
        with closing(service.stream(requests)) as items:
            for item in items:
                now, done = time.monotonic(), item.done if isinstance(item, Progress) else len(some)
                if isinstance(item, Progress) and item.total and item.stage == "running":
                    seen = seen or (now, item.done)
                so_far = Pace(pace.lines + done - seen[1], pace.seconds + now - seen[0]) if seen else pace
                if isinstance(item, Progress):
                    yield item, so_far
                    continue
                pace, names = so_far, names or label_names((given for _, _, given in lines), item[0].labels)
                yield _verdicts(some, item, names, most), pace


def _verdicts(lines: list[Line], made: Sequence[Sentiment], names: dict[str, str], most: int) -> list[Verdict]:
    return [
        Verdict(row, text, written, names[written], one, max(0, len(text) - most))
        for (row, text, written), one in zip(lines, made, strict=True)
    ]


def _told(item: Progress, done: int, total: int, pace: Pace) -> Any:
    return speed_note(done + item.done, total, pace) if item.total and item.stage == "running" else progress_note(item)


def _pictures(done: list[Verdict], total: int, blank: int, pace: Pace) -> tuple[Any, Any]:
    return verdicts_view(done, total, blank, pace), gr.Plot(verdicts_figure(done), visible=True)


def _saved(done: Any) -> Any:
    return gr.DownloadButton(value=save_bytes_to_cache(verdicts_csv(done), NAME, get_upload_folder()), interactive=True)


def classify_lines(service: Service, lines: list[str], model: str = DEFAULTS["sentiment"]) -> list[LineScores]:
    """Whether each of many texts is positive, neutral or negative, or cannot be read, in order.

    Args:
        lines: up to 10,000 texts; what is past 5,000 characters or the model's window is left out, and `cut` says so.
        model: a model's slug; a wrong one is answered with the list.

    Returns:
        One result a text: `label`, `verdict`, `reason` and `scores` as for one text, and `cut`.
    """
    if not isinstance(lines, list) or len(lines) > LIMITS.file_lines:
        raise BadInput(f"Send a list of up to {LIMITS.file_lines:,} texts.")
    if bad := [i for i, line in enumerate(lines) if not isinstance(line, str) or not line.strip()]:
        raise BadInput(f"Text {bad[0]} (from 0) is empty or no text. Leave it out.")
    parts = judged(service, [(i, line, "") for i, line in enumerate(lines)], model)
    return [line_scores(one) for part, _ in parts if not isinstance(part, Progress) for one in part]
