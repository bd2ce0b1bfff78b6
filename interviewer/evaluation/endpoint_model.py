"""A model on an endpoint, as the arms ask it: one prompt, one text."""

from interviewer.models.language import GRADE_DEADLINES, Ask, Deadlines, LanguageModel, complete, user

_REPLY_TOKENS = 900


class EndpointModel:
    """Answers prompts by a language model; see `TextModel`.

    Args:
        prompt: names the prompt that is rendered, for the record.
    """

    def __init__(self, model: LanguageModel, prompt: str, deadlines: Deadlines = GRADE_DEADLINES) -> None:
        self.identity = model.identity
        self._model, self._prompt, self._deadlines = model, prompt, deadlines

    def complete(self, prompt: str) -> str:
        """The text that follows a prompt.

        Raises:
            ModelError: no text came.
        """
        messages = (user(prompt),)
        ask = Ask(prompt=self._prompt, messages=messages, max_tokens=_REPLY_TOKENS, deadlines=self._deadlines)
        return complete(self._model, ask).text
