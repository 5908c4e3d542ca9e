"""Our CEL gives the values of Google's runtime, and errors where it has none."""

from __future__ import annotations

import pytest

from oracle.comparison import Agreement, compare
from oracle.grammar import EVERY

_CASES_CI = 30_000
_CASES = 1_500


def _agree(agreement: Agreement) -> None:
    shown = "\n".join(agreement.disagreements[:10])
    assert not agreement.disagreements, f"{len(agreement.disagreements)} disagree:\n{shown}"
    assert agreement.errors >= 0.10 * agreement.cases
    assert agreement.true >= 0.30 * agreement.bools


@pytest.mark.slow
def test_values_and_errors_are_those_of_the_oracle() -> None:
    _agree(compare(seed=7, cases=_CASES))


@pytest.mark.ci
@pytest.mark.timeout(600)
def test_values_and_errors_are_those_of_the_oracle_many_times() -> None:
    agreement = compare(seed=2026, cases=_CASES_CI)
    _agree(agreement)
    rare = {name: agreement.used[name] for name in EVERY if agreement.used[name] < 200}
    assert not rare
