"""A model with a purse: it counts what is spent, and refuses the call that could exceed it."""

from collections.abc import Callable, Iterator
from threading import Lock

from interviewer.errors import BudgetError, SettingsError
from interviewer.models.cost import Prices
from interviewer.models.language import Ask, LanguageModel, Reply, Usage

_PRICES = "Set price_prompt and price_completion (USD per million tokens), or limit calls by --max-calls."


class BudgetedModel:
    """The same model, counted. Safe to share among threads.

    A call is let through only if its worst case fits: the prompt as counted here and as many completion tokens as it
    may write, none of them cached, together with the worst cases of the calls under way. So what is spent stays below
    the limit as long as the endpoint counts tokens as we do, and the last call may be refused though it would just have
    fitted. A call that fails is counted with its prompt.

    Args:
        max_calls: most calls; None for no limit. A call is a request to `model`: what that model retries is its own.
        max_cost: most USD; None for no limit.

    Raises:
        SettingsError: a limit in USD, and the prices are not known.
    """

    def __init__(
        self,
        model: LanguageModel,
        count_tokens: Callable[[str], int],
        prices: Prices,
        *,
        max_calls: int | None = None,
        max_cost: float | None = None,
    ) -> None:
        if max_cost is not None and not prices.known:
            raise SettingsError("--max-cost needs the prices of the model.", next_step=_PRICES)
        self.identity = model.identity
        self._model, self._count_tokens, self._prices = model, count_tokens, prices
        self._max_calls, self._max_cost = max_calls, max_cost
        self._lock = Lock()
        self._spent = Usage()
        self._reserved = 0.0

    @property
    def spent(self) -> Usage:
        """Everything so far, failed calls included."""
        with self._lock:
            return self._spent

    def respond(self, ask: Ask) -> Iterator[str | Reply]:
        """As the model's own.

        Raises:
            BudgetError: the call could exceed the budget, and was not made.
            ModelError: as the model's own.
        """
        prompt = sum(self._count_tokens(one.text) for one in ask.messages) if self._max_cost is not None else 0
        worst = self._prices.cost(Usage(prompt=prompt, completion=ask.max_tokens)) or 0.0
        self._reserve(worst)
        used = Usage(prompt=prompt)
        try:
            for piece in self._model.respond(ask):
                if isinstance(piece, Reply):
                    used = piece.usage
                yield piece
        finally:
            self._settle(worst, used)

    def _reserve(self, worst: float) -> None:
        with self._lock:
            if self._max_calls is not None and self._spent.calls >= self._max_calls:
                raise BudgetError(
                    f"The limit of {self._max_calls} calls is reached.", next_step="Raise --max-calls to go on."
                )
            spent = (self._prices.cost(self._spent) or 0.0) + self._reserved
            if self._max_cost is not None and spent + worst > self._max_cost:
                raise BudgetError(
                    f"The next call may cost up to {worst:.4f} USD, and {spent:.4f} of {self._max_cost:.4f} USD are"
                    " spent or set aside.",
                    next_step="Raise --max-cost to go on.",
                )
            # counted when it begins, so that calls at the same time cannot exceed the limit together
            self._spent += Usage(calls=1)
            self._reserved += worst

    def _settle(self, worst: float, used: Usage) -> None:
        with self._lock:
            self._reserved -= worst
            self._spent += used.model_copy(update={"calls": 0})
