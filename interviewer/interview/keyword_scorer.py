"""A turn scorer that counts words: quick, exact, explainable; the double that ships."""

from collections.abc import Sequence

from interviewer.interview.terms import sentence_spans, terms
from interviewer.rubric import Criterion
from interviewer.transcript import Quote
from interviewer.verdict import Label, Verdict


class KeywordScorer:
    """Looks for a sentence that holds enough of the content words of a statement or accepted phrasing.

    `met` and `partial` are the shares in (0, 1] from which it counts as that.
    """

    identity = "keyword@1"

    def __init__(self, criteria: Sequence[Criterion], *, met: float = 0.6, partial: float = 0.4) -> None:
        self._met, self._partial = met, partial
        self._phrasings = {
            one.bullet: [set(terms(text)) for text in (one.statement, *one.accepted) if terms(text)] for one in criteria
        }

    def score(self, text: str) -> tuple[Verdict, ...]:
        spans = sentence_spans(text)
        said = [set(terms(text[start:end])) for start, end in spans]
        verdicts = (self._judge(criterion, text, spans, said) for criterion in self._phrasings)
        return tuple(verdict for verdict in verdicts if verdict)

    def _judge(
        self, criterion: str, text: str, spans: Sequence[tuple[int, int]], said: Sequence[set[str]]
    ) -> Verdict | None:
        shares = [
            max((len(phrasing & found) / len(phrasing) for phrasing in self._phrasings[criterion]), default=0.0)
            for found in said
        ]
        best = max(shares, default=0.0)
        if best < self._partial:
            return None
        start, end = spans[shares.index(best)]
        label: Label = "met" if best >= self._met else "partial"
        quote = Quote(turn=0, start=start, end=end, text=text[start:end])
        return Verdict(criterion=criterion, label=label, score=best, sure=True, quotes=(quote,), judge=self.identity)
