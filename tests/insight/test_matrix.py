from __future__ import annotations

import pytest

from relgraph.errors import NotFound
from relgraph.insight.matrix import MatrixPerson, power_interest_matrix
from relgraph.schema.account import Account
from tests.insight.build import account, deal, evaluated, interest, person, role, support
from tests.support.fixture_f import DEAL, fixture_f, fixture_f_with_limits

EXAMPLE = {
    # authority, budget, network, power, quadrant
    "zhou": (1, 1, 0.7596, 0.9279, "keep_satisfied"),
    "chen": (0.5, 0.8, 0.7254, 0.6576, "manage_closely"),
    "li": (0.5, 0.5, 1, 0.6500, "manage_closely"),
    "wang": (0.25, 0.1, 0.6555, 0.3266, "keep_informed"),
    "sun": (0.25, 0, 0.5344, 0.2603, "keep_informed"),
    "zhao": (0.25, 0.2, 0.3026, 0.2508, "keep_informed"),
}


def places(of: Account, deal_id: str | None = None) -> dict[str, MatrixPerson]:
    return {place.id: place for place in power_interest_matrix(evaluated(of, deal_id)).people}


@pytest.mark.parametrize("id_", EXAMPLE)
def test_fixture_f_stands_as_published(id_: str) -> None:
    authority, budget, network, value, quadrant = EXAMPLE[id_]
    place = places(fixture_f(), DEAL)[id_]
    inputs = place.power.inputs
    assert (inputs.authority, inputs.budget) == (authority, budget)
    assert inputs.network == pytest.approx(network, abs=5e-5)
    assert place.power.value == pytest.approx(value, abs=5e-5)
    assert place.power.low == place.power.high == place.power.value
    assert (place.quadrant, place.lane) == (quadrant, None)


def test_fixture_f_leaves_qian_to_be_assessed() -> None:
    qian = places(fixture_f(), DEAL)["qian"]
    assert qian.power.value == pytest.approx(0.4189, abs=5e-5)
    assert qian.power.low == pytest.approx(0.2933, abs=5e-5)
    assert qian.power.high == pytest.approx(0.5933, abs=5e-5)
    assert qian.power.weight_known == pytest.approx(0.7)
    assert (qian.lane, qian.quadrant, qian.interest) == ("needs_assessment", None, None)


def test_people_come_by_quadrant_then_power_with_the_lane_last() -> None:
    matrix = power_interest_matrix(evaluated(fixture_f(), DEAL))
    assert [place.id for place in matrix.people] == [
        "chen", "li", "zhou", "wang", "sun", "zhao", "qian",
    ]  # fmt: skip
    assert (matrix.based_on.people, matrix.based_on.placed) == (7, 6)
    assert matrix.based_on.decision_weights == "given"


def test_stance_and_its_date_are_carried() -> None:
    chen = places(fixture_f(), DEAL)["chen"]
    assert (chen.stance, chen.assessed_at, chen.interest_source) == (-1, "2026-11-12", DEAL)


def test_known_limits_replace_the_budget() -> None:
    by_id = places(fixture_f_with_limits(), DEAL)
    assert by_id["li"].power.inputs.budget == 0.25
    assert by_id["zhou"].power.inputs.budget == 1.0
    assert by_id["chen"].power.inputs.budget == 0.8


def test_without_a_deal_no_stance_and_no_floor_count() -> None:
    customer = account(
        [person("a", top=True), "b"],
        [("b", "a")],
        deals=[deal("x"), deal("y")],
        roles=[role("b", "decision_maker", deal_id="x")],
        interests=[interest("b", 0.4, "x"), interest("b", 0.7, "y")],
        supports=[support("b", 2, deal="x")],
    )
    b = places(customer)["b"]
    assert (b.interest, b.interest_source, b.stance, b.power.floor) == (0.7, "y", None, None)
    assert power_interest_matrix(evaluated(customer, None)).based_on.decision_weights == "authority"


def test_a_deal_of_another_customer_is_not_found() -> None:
    with pytest.raises(NotFound):
        power_interest_matrix(evaluated(fixture_f(), "elsewhere"))


class TestPlaces:
    """One person with authority 1; the network is unknown."""

    def place(self, level: float | None, budget: float | None = 1.0) -> MatrixPerson:
        head = person("a", top=True, budget=budget)
        rows = [] if level is None else [interest("a", level)]
        return places(account([head], interests=rows), "deal")["a"]

    def test_ties_go_up(self) -> None:
        assert self.place(0.5).quadrant == "manage_closely"
        assert self.place(0.49).quadrant == "keep_satisfied"

    def test_unknown_interest_needs_assessment(self) -> None:
        place = self.place(None)
        assert (place.lane, place.quadrant, place.power.value) == ("needs_assessment", None, 1.0)

    def test_an_interval_over_the_threshold_keeps_the_provisional_quadrant(self) -> None:
        place = self.place(0.9, budget=0.0)
        assert (place.power.low, place.power.high) == pytest.approx((0.4, 0.7))
        assert (place.lane, place.quadrant) == ("needs_assessment", "manage_closely")

    def test_without_a_number_there_is_no_quadrant(self) -> None:
        place = self.place(0.9, budget=None)
        assert (place.lane, place.quadrant, place.power.value) == ("needs_assessment", None, None)

    def test_a_range_on_one_side_of_the_line_is_certain_without_a_number(self) -> None:
        customer = account(
            "ab", roles=[role("a", "decision_maker")], interests=[interest("a", 0.9)]
        )
        place = places(customer, "deal")["a"]
        assert (place.power.value, place.power.low, place.power.high) == (None, 0.8, 1.0)
        assert (place.lane, place.unsure, place.quadrant) == (None, (), "manage_closely")

    def test_the_lane_says_what_is_not_known(self) -> None:
        assert self.place(None).unsure == ("interest",)
        assert self.place(0.9, budget=0.0).unsure == ("power",)
        assert self.place(None, budget=None).unsure == ("power", "interest")

    def test_without_lines_and_roles_the_lane_is_ordered_by_who_is_listened_to(self) -> None:
        customer = account("abc", influences=[("c", "a", 0.9), ("b", "a", 0.5), ("b", "c", 0.5)])
        people = power_interest_matrix(evaluated(customer)).people
        assert [(p.id, p.listened_to) for p in people] == [
            ("b", 1.0), ("c", pytest.approx(0.9 / 1.225)), ("a", 0.0),
        ]  # fmt: skip
        assert all(p.lane and p.power.value is None and p.quadrant is None for p in people)
        assert power_interest_matrix(evaluated(customer)).based_on.decision_weights == "equal"

    def test_a_tie_is_not_lost_to_floating_point(self) -> None:
        head = person("a", top=True, budget=0.6)
        weights = {"authority": 0.4, "budget": 0.4, "network": 0.2}
        customer = account([head], interests=[interest("a", 0.9)])
        (place,) = power_interest_matrix(evaluated(customer), 0.8, weights).people
        assert place.power.value is not None
        assert place.power.value < 0.8
        assert place.quadrant == "manage_closely"
