from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relgraph.insight.power import PowerInputs, budget_of, power_of
from relgraph.insight.scope import DecisionRights
from tests.insight.build import deal, person


class TestBudget:
    @pytest.mark.parametrize(
        ("limit", "amount", "own", "expected"),
        [
            (200.0, 800.0, 0.5, 0.25),
            (900.0, 800.0, 0.5, 1.0),
            (0.0, 800.0, 0.5, 0.0),
            ("unlimited", 800.0, None, 1.0),
            ("unlimited", None, None, 1.0),
            (200.0, None, 0.5, 0.5),
            (None, 800.0, 0.5, 0.5),
            (None, 800.0, None, None),
            (0.0, 0.0, None, 1.0),
        ],
    )
    def test_by_limit_and_amount(
        self,
        limit: float | str | None,
        amount: float | None,
        own: float | None,
        expected: float | None,
    ) -> None:
        given_deal = deal(amount=amount)
        assert (
            budget_of(person("a", budget=own), DecisionRights(limit=limit), given_deal) == expected
        )

    def test_without_a_deal_it_is_the_persons_own(self) -> None:
        assert budget_of(person("a", budget=0.3), DecisionRights(limit=5.0), None) == 0.3


class TestPower:
    def test_unknown_is_never_zero(self) -> None:
        known = power_of(PowerInputs(0.5, None, 0.5), DecisionRights())
        zero = power_of(PowerInputs(0.5, 0.0, 0.5), DecisionRights())
        assert known.value == pytest.approx(0.5)
        assert zero.value == pytest.approx(0.35)

    def test_less_than_half_known_gives_no_number(self) -> None:
        power = power_of(PowerInputs(1.0, None, None), DecisionRights())
        assert (power.value, power.low, power.high) == (None, 0.4, 1.0)

    def test_exactly_half_known_gives_a_number(self) -> None:
        weights = {"authority": 0.5, "budget": 0.25, "network": 0.25}
        assert power_of(
            PowerInputs(0.8, None, None), DecisionRights(), weights
        ).value == pytest.approx(0.8)

    @pytest.mark.parametrize(
        ("rights", "floor"),
        [
            (DecisionRights(decides=True), 0.8),
            (DecisionRights(can_veto=True), 0.6),
            (DecisionRights(decides=True, can_veto=True), 0.8),
            (DecisionRights(can_veto=False), None),
        ],
    )
    def test_floors_hold_for_value_low_and_high(
        self, rights: DecisionRights, floor: float | None
    ) -> None:
        power = power_of(PowerInputs(0.0, 0.0, 0.1), rights)
        assert power.floor == floor
        least = 0.03 if floor is None else floor
        assert (power.value, power.low, power.high) == pytest.approx((least,) * 3)

    UNKNOWN = st.none() | st.floats(0, 1)

    @given(st.builds(PowerInputs, UNKNOWN, UNKNOWN, UNKNOWN), st.sampled_from([None, True]))
    def test_the_value_lies_in_its_interval(self, inputs: PowerInputs, veto: bool | None) -> None:
        power = power_of(inputs, DecisionRights(can_veto=veto))
        assert -1e-9 <= power.low <= power.high + 1e-9 <= 1 + 2e-9
        if power.value is not None:
            assert power.low - 1e-9 <= power.value <= power.high + 1e-9
        if None not in (inputs.authority, inputs.budget, inputs.network):
            assert power.low == pytest.approx(power.high)
