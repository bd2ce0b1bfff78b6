"""What calls cost, and that no call is made which could exceed the budget."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from interviewer.errors import BudgetError, ModelUnavailableError, SettingsError
from interviewer.models.budget import BudgetedModel
from interviewer.models.cost import Prices, describe_cost
from interviewer.models.language import Ask, Usage, complete, user
from interviewer.models.scripted import ScriptedModel

PRICES = Prices(prompt=10.0, cached=1.0, completion=100.0)
ASK = Ask(prompt="test@1", messages=(user("w" * 40),), max_tokens=100)
WORST = (40 * 10 + 100 * 100) / 1e6


def budgeted(model: ScriptedModel, prices: Prices = PRICES, **limits: float | int | None) -> BudgetedModel:
    return BudgetedModel(model, len, prices, **limits)  # type: ignore[arg-type]


def test_cost_of_tokens() -> None:
    usage = Usage(prompt=1000, cached=400, completion=10)
    assert PRICES.cost(usage) == pytest.approx((600 * 10 + 400 * 1 + 10 * 100) / 1e6)
    assert Prices(prompt=10.0, completion=100.0).cost(usage) == pytest.approx((1000 * 10 + 10 * 100) / 1e6)
    assert Prices(prompt=10.0).cost(usage) is None
    assert Prices().cost(usage) is None
    assert "0.0074 USD" in describe_cost(usage, PRICES)
    assert "cost unknown" in describe_cost(usage, Prices())


def test_what_is_spent_is_what_the_endpoint_counted() -> None:
    model = budgeted(ScriptedModel(["x" * 80, ModelUnavailableError("away"), "y" * 40]))
    complete(model, ASK)
    with pytest.raises(ModelUnavailableError):
        complete(model, ASK)
    complete(model, ASK)
    assert model.spent == Usage(prompt=20, completion=30, calls=3)
    assert model.identity == "scripted:1"


def test_the_call_beyond_the_limit_is_not_made() -> None:
    inner = ScriptedModel(lambda ask: "fine")
    model = budgeted(inner, Prices(), max_calls=2)
    complete(model, ASK)
    complete(model, ASK)
    with pytest.raises(BudgetError, match="limit of 2 calls") as error:
        complete(model, ASK)
    assert "--max-calls" in error.value.next_step
    assert len(inner.asked) == 2


def test_a_call_is_refused_when_its_worst_case_does_not_fit() -> None:
    inner = ScriptedModel(lambda ask: "x" * 40)
    model = budgeted(inner, max_cost=2 * WORST)
    complete(model, ASK)
    complete(model, ASK)
    complete(budgeted(inner, max_cost=WORST * 1.0001), ASK)
    with pytest.raises(BudgetError, match="may cost up to") as error:
        complete(budgeted(inner, max_cost=WORST * 0.99), ASK)
    assert "--max-cost" in error.value.next_step
    assert len(inner.asked) == 3


def test_a_failed_call_costs_its_prompt() -> None:
    model = budgeted(ScriptedModel([ModelUnavailableError("away")]), max_cost=1.0)
    with pytest.raises(ModelUnavailableError):
        complete(model, ASK)
    assert model.spent == Usage(prompt=40, calls=1)


def test_many_at_a_time_stay_within_the_limit() -> None:
    inner = ScriptedModel(lambda ask: "x")
    model = budgeted(inner, max_calls=25)

    def call(_: int) -> bool:
        try:
            complete(model, ASK)
        except BudgetError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(call, range(60))) == 25
    assert len(inner.asked) == 25


def test_a_limit_in_money_needs_prices() -> None:
    with pytest.raises(SettingsError, match="prices") as error:
        budgeted(ScriptedModel([]), Prices(prompt=1.0), max_cost=1.0)
    assert "price_prompt and price_completion" in error.value.next_step
