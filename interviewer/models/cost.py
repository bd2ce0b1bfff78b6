"""What calls cost: prices by the million tokens, and money from tokens."""

from interviewer.models.language import Usage
from interviewer.noun import Noun

_MILLION = 1_000_000


class Prices(Noun):
    """USD for a million tokens of the prompt, of the prompt where the endpoint had it cached, and of the completion.

    None where a price is not known; without one of its own, what is cached costs as much as the rest of the prompt.
    """

    prompt: float | None = None
    cached: float | None = None
    completion: float | None = None

    @property
    def known(self) -> bool:
        return self.prompt is not None and self.completion is not None

    def cost(self, usage: Usage) -> float | None:
        """USD; None where the prices are not known.

        >>> Prices(prompt=1.0, completion=4.0).cost(Usage(prompt=500_000, completion=250_000))
        1.5
        """
        if self.prompt is None or self.completion is None:
            return None
        cached = self.prompt if self.cached is None else self.cached
        fresh = max(0, usage.prompt - usage.cached)
        return (fresh * self.prompt + usage.cached * cached + usage.completion * self.completion) / _MILLION


def describe_cost(usage: Usage, prices: Prices) -> str:
    """Calls, tokens and money in words.

    >>> describe_cost(Usage(prompt=1200, cached=200, completion=300, calls=2), Prices())
    '2 calls, 1,200 prompt tokens (200 cached), 300 completion tokens, cost unknown (no prices are set)'
    """
    cost = prices.cost(usage)
    money = "cost unknown (no prices are set)" if cost is None else f"{cost:.4f} USD"
    calls = "1 call" if usage.calls == 1 else f"{usage.calls:,} calls"
    cached = f" ({usage.cached:,} cached)" if usage.cached else ""
    return f"{calls}, {usage.prompt:,} prompt tokens{cached}, {usage.completion:,} completion tokens, {money}"
