"""What a language model is given to judge by: released prompts, filled in. What never changes comes first."""

import json
from collections.abc import Mapping, Sequence

from interviewer.grading.findings import Finding
from interviewer.grading.shown import Shown
from interviewer.prompts.read import read_prompt
from interviewer.prompts.template import render
from interviewer.rubric import Competency, Criterion, Rubric
from interviewer.scenario import Bullet, DrillDocument, SectionKind

JUDGE, TRANSCRIPT, REASK = "judge@1", "judge_transcript@1", "judge_reask@1"
_KINDS: Mapping[str, str] = {
    SectionKind.COVER: "a point to make",
    SectionKind.INSPECT: "something to inspect",
    SectionKind.CHECKS: "a check to run",
    SectionKind.METRICS: "a metric to watch",
    SectionKind.CAUSES: "a cause",
    SectionKind.MITIGATE: "a mitigation",
    SectionKind.PREVENT: "a prevention",
}
_OF_THE_WHOLE = "shows in the whole conversation"


class JudgePrompt:
    """Prompts of one version, each text made once. `document` gives the drill's own lines behind the criteria."""

    def __init__(
        self, document: DrillDocument, judge: str = JUDGE, transcript: str = TRANSCRIPT, reask: str = REASK
    ) -> None:
        self.judge, self.transcript, self.reask = judge, transcript, reask
        self._bullets: dict[str, Bullet] = {bullet.id: bullet for bullet in document.bullets}
        self._texts: dict[str, str] = {}
        self._keys: dict[tuple[str, str], str] = {}

    @property
    def identities(self) -> tuple[str, ...]:
        return (self.judge, self.transcript, self.reask)

    def render_key(self, competency: Competency, criteria: Sequence[Criterion], rubric: Rubric) -> str:
        """Rules, examples and key of one competency: the same text for every transcript of the scenario."""
        name = (rubric.sha256, competency.id)
        if name not in self._keys:
            self._keys[name] = render(
                self._text(self.judge),
                {
                    "title": competency.title,
                    "description": competency.description,
                    "canary": rubric.canary,
                    "criteria": "\n\n".join(self._describe(one) for one in criteria),
                },
            )
        return self._keys[name]

    def render_transcript(self, turns: Sequence[Shown], criteria: Sequence[Criterion], nonce: str) -> str:
        """The turns as data between marks that nobody can guess; what looks like the mark is taken out of them."""
        rows = [json.dumps({"turn": one.turn, "role": one.role, "text": one.text}, ensure_ascii=False) for one in turns]
        count = "1 criterion" if len(criteria) == 1 else f"{len(criteria)} criteria"
        values = {
            "nonce": nonce,
            "turns": "\n".join(rows).replace(nonce, ""),
            "count": count,
            "criteria": ", ".join(one.bullet for one in criteria),
        }
        return render(self._text(self.transcript), values)

    def render_reask(self, faulty: Sequence[tuple[Finding, str]]) -> str:
        """What is wrong with findings, each with the reason."""
        rows = []
        for finding, why in faulty:
            quotes = "; ".join(json.dumps(one.quote[:200], ensure_ascii=False) for one in finding.evidence)
            rows.append(f"- {finding.criterion}, {finding.verdict}: {why}" + (f" Quoted: {quotes}" if quotes else ""))
        return render(self._text(self.reask), {"faults": "\n".join(rows)})

    def key_texts(self, rubric: Rubric) -> list[str]:
        """Wordings that a candidate could only recite."""
        texts = [one.statement for one in rubric.criteria]
        return texts + [self._bullets[one.bullet].text for one in rubric.criteria if one.bullet in self._bullets]

    def _text(self, identity: str) -> str:
        if identity not in self._texts:
            self._texts[identity] = str(read_prompt(identity)).strip()
        return self._texts[identity]

    def _describe(self, criterion: Criterion) -> str:
        bullet = self._bullets.get(criterion.bullet)
        kind = _KINDS.get(bullet.kind, _OF_THE_WHOLE) if bullet else _OF_THE_WHOLE
        lines = [f"## {criterion.bullet}", f"Kind: {kind}.", criterion.statement]
        if bullet:
            lines.append(f"The drill says: {bullet.text}")
        if criterion.partial:
            lines.append(f"Counts as partial: {criterion.partial}")
        if criterion.accepted:
            lines += ["For instance, these count:", *(f"- {one}" for one in criterion.accepted)]
        if criterion.near_misses:
            lines += ["These do not:", *(f"- {one}" for one in criterion.near_misses)]
        return "\n".join(lines)
