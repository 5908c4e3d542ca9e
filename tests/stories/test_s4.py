"""Story S4 by its counts: what is booked, how often, and by which threads. Never by its times."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

import veltrix as vx
from veltrix.stories import find
from veltrix.stories.s4 import dispatch, pool
from veltrix.stories.s4.load import CLASSES, Bank, Load
from veltrix.stories.story import SIDES

EVENTS, CAPACITY, THREADS = 5_000, 500, 8
OPTIONS = {"events": EVENTS, "seed": 7, "threads": THREADS, "capacity": CAPACITY}


@pytest.fixture
def bank() -> Bank:
    return Bank(Load.make(OPTIONS))


def expected(load: Load) -> dict[str, int]:
    """The balances, without threads."""
    balances: Counter[str] = Counter()
    for account, amount in zip(load.accounts, load.amounts, strict=True):
        balances[account] += amount
    return dict(balances)


def test_load_is_the_same_when_the_seed_is() -> None:
    assert Load.make(OPTIONS) == Load.make(OPTIONS)
    assert Load.make(OPTIONS) != Load.make({**OPTIONS, "seed": 8})
    assert set(Load.make(OPTIONS).priorities) == {priority for priority, _ in CLASSES.values()}


def test_engine_books_every_payment_once_when_the_queue_is_often_full(bank: Bank) -> None:
    app = dispatch.pipeline(bank, THREADS, CAPACITY)
    with vx.Engine(app, python_executors=THREADS) as engine:
        bank.send_all(dispatch.publisher(engine))
        engine.drain()
        stats = engine.stats()
    assert sorted(bank.booked) == list(range(EVENTS))
    assert bank.balances == expected(bank.load)
    assert stats.balanced
    assert stats.queues["payments"].done == stats.totals.received == EVENTS


def test_pool_books_every_payment_once_when_the_queue_is_often_full(bank: Bank) -> None:
    threads = pool.Pool(bank, THREADS, CAPACITY)
    bank.send_all(threads.send)
    threads.drain()
    threads.stop()
    assert sorted(bank.booked) == list(range(EVENTS))
    assert bank.balances == expected(bank.load)


@pytest.mark.parametrize("side", SIDES)
def test_side_creates_no_thread_when_it_runs(side: str) -> None:
    story = find("s4")
    assert story is not None
    options: dict[str, Any] = {**story.options, **OPTIONS}
    outcome = story.sides[side](options)
    assert outcome.new_threads == 0
    assert (outcome.sent, outcome.handled) == (EVENTS, EVENTS)
    assert (outcome.lost, outcome.duplicates) == (0, 0)
    assert {name: part.sent for name, part in outcome.parts.items()} == {
        name: Load.make(options).priorities.count(priority)
        for name, (priority, _) in CLASSES.items()
    }
