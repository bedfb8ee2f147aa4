"""The byte-bounded cache: least recently used first, the books always right, also from many threads."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil

from playground.service.memory import ByteCache, give_back_freed_memory, size_of
from playground.tasks.sentiment.sentiment import SentimentRequest


def test_the_least_recently_used_goes_first() -> None:
    cache = ByteCache[str](30)
    for key in "abc":
        cache.put(key, key.upper(), 10)
    assert cache.get("a") == "A"
    cache.put("d", "D", 10)
    assert [cache.get(key) for key in "abcd"] == ["A", None, "C", "D"]
    assert cache.bytes == 30


def test_one_large_value_pushes_out_many_small_ones() -> None:
    cache = ByteCache[str](30)
    for key in "abc":
        cache.put(key, key, 10)
    cache.put("large", "x", 25)
    assert (len(cache), cache.bytes) == (1, 25)


def test_a_value_over_the_whole_budget_is_not_kept_and_costs_nobody_his_place() -> None:
    cache = ByteCache[str](30)
    cache.put("a", "A", 10)
    cache.put("b", "B", 31)
    assert (cache.get("a"), cache.get("b"), cache.bytes) == ("A", None, 10)


def test_the_same_key_is_counted_once() -> None:
    cache = ByteCache[str](30)
    cache.put("a", "A", 10)
    cache.put("a", "B", 20)
    assert (cache.get("a"), cache.bytes, len(cache)) == ("B", 20, 1)
    cache.put("a", "C", 31)
    assert (cache.get("a"), cache.bytes) == (None, 0)


def test_clear() -> None:
    cache = ByteCache[str](30)
    cache.put("a", "A", 10)
    cache.clear()
    assert (len(cache), cache.bytes) == (0, 0)


def test_many_threads_keep_the_books_right() -> None:
    cache = ByteCache[int](500)

    def work(seed: int) -> None:
        luck = np.random.default_rng(seed)
        for _ in range(2000):
            key = int(luck.integers(100))
            cache.put(key, key, key)
            assert cache.get(int(luck.integers(100))) in (None, *range(100))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert cache.bytes == sum(size for _, size in cache._kept.values()) <= 500


def test_sizes_count_what_is_large() -> None:
    assert size_of(np.zeros(1000, np.float32)) >= 4000
    assert size_of("a" * 1000) >= 1000
    assert size_of("é" * 1000) >= 2000
    assert size_of(SentimentRequest("a" * 1000, "minilm-sentiment")) >= 1000
    assert size_of((("a" * 1000,) * 3,)) >= 3000


def test_freed_memory_can_be_given_back() -> None:
    """Many freed blocks below one that is kept: malloc holds them until it is asked."""
    process = psutil.Process()
    blocks = [bytearray(64_000) for _ in range(2_000)]
    kept, held = blocks[-1], process.memory_info().rss
    del blocks
    give_back_freed_memory()
    assert len(kept) == 64_000
    assert process.memory_info().rss < held - 100_000_000
