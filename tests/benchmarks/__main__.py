"""python -m tests.benchmarks [WORD]: runs the benchmarks whose name holds WORD (all without one), prints and keeps the rows."""

import sys
import traceback

from tests.benchmarks import attention, explaining, follow, sentiment, tokens, tracing, translation, usable, visitors, writing
from tests.benchmarks.harness import Benchmark, merge, read_rows, row_of, write_rows
from tests.benchmarks.memory import resident_vs_weights
from tests.benchmarks.overhead import ROOMS, overhead
from tests.benchmarks.page import start_vs_hello

BENCHMARKS: tuple[Benchmark, ...] = (
    *(Benchmark(f"service.{room}.overhead", aim, lambda room=room: overhead(room)) for room, aim in ROOMS.items()),  # type: ignore[misc]
    Benchmark("attention.bytes_vs_bertviz.64", 0.05, lambda: attention.bytes_vs_bertviz(64)),
    Benchmark("attention.bytes_vs_bertviz.128", 0.05, lambda: attention.bytes_vs_bertviz(128)),
    Benchmark("attention.pack_time_vs_bertviz.128", 0.1, attention.pack_time_vs_bertviz),
    Benchmark("attention.forward_vs_eager", 1.15, attention.forward_vs_eager),
    Benchmark("attention.first_view_512_ms", 1.0, lambda: attention.first_view_512("minilm-l6")),
    Benchmark("attention.first_view_512_ms.30_layers", 1.0, lambda: attention.first_view_512("smollm2-135m")),
    Benchmark("attention.redraw_128_ms.p95", 1.0, attention.redraw_128),
    Benchmark("attention.memory_per_person_mb", 1.0, attention.memory_per_person),
    Benchmark("follow.delay_s.p95", 1.0, follow.delay_p95),
    Benchmark("follow.load", 0.25, follow.load),
    Benchmark("generation.tokens_per_s_vs_bare.fp32", 1.053, lambda: writing.seconds_a_token(fast=False)),
    Benchmark("generation.tokens_per_s_vs_bare.best", 0.833, lambda: writing.seconds_a_token(fast=True)),
    Benchmark("explain.translation.cost", 1.5, translation.explained_cost),
    Benchmark("explain.answering.cost", 1.1, explaining.answering_cost),
    Benchmark("explain.generation.cost", 1.1, tracing.explained_generation),
    Benchmark("tokens.throughput_vs_bare", 1.11, tokens.throughput_vs_bare),
    Benchmark("tokens.steps_vs_encode", 20.0, tokens.steps_vs_encode),
    Benchmark("page.start_vs_hello", 1.5, start_vs_hello),
    Benchmark("page.session_ms", 1.0, visitors.session_ms),
    Benchmark("page.wire_kb", 1.0, visitors.wire_kb),
    Benchmark("page.usable_kb", 1.0, usable.usable_kb),
    Benchmark("page.usable_vs_hello", 1.5, usable.from_paint_to_usable),
    Benchmark("calls.per_second", 2.5, visitors.calls),
    Benchmark("memory.resident_vs_weights", 1.2, resident_vs_weights),
    Benchmark("sentiment.batch_speedup.1000", 0.4, lambda: sentiment.batch_speedup(1000)),
    Benchmark("explain.sentiment.cost", 40.0, sentiment.explanation_cost),
)


def main() -> int:
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = [b for b in BENCHMARKS if word in b.name]
    if not chosen:
        print(f"No benchmark has {word!r} in its name. There are:", *(b.name for b in BENCHMARKS), sep="\n  ")
        return 2
    rows, failed = [], []
    for benchmark in chosen:
        try:
            row = row_of(benchmark, benchmark.measure())
        except Exception:
            traceback.print_exc()
            failed.append(benchmark.name)
            continue
        rows.append(row)
        kept = "within" if float(str(row["ratio"])) <= benchmark.aim else "OVER"
        print(f"{row['name']:32} {row['ratio']:>8}  {kept} {benchmark.aim}   ours {row['ours']} {row['unit']}, "
              f"reference {row['reference']} {row['unit']}, {row['runs']} pairs", flush=True)  # fmt: skip
    write_rows(merge(read_rows(), rows, [b.name for b in BENCHMARKS], failed))
    if failed:
        print("Failed, so without a row:", *failed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
