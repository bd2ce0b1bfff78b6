"""Who interviews whom, where a file gives names only."""

from collections.abc import Mapping, Sequence

from interviewer.errors import TranscriptError
from interviewer.grading.transcripts.imported import Draft, Imported, Utterance, merge, with_roles
from interviewer.transcript import Role, Transcript

_INTERVIEWERS = ("interviewer", "assistant", "coach", "host", "moderator", "panel", "hiring", "bot")
_CANDIDATES = ("candidate", "user", "applicant", "interviewee", "me", "human", "guest", "respondent")


def assign_roles(draft: Draft, candidate: str = "") -> Imported:
    """The transcript with each speaker in a role: as stated, as the name says, else by who asks and who tells.

    `candidate` is the name of the speaker who is known to be it; where nobody is called so, it changes nothing.

    Raises:
        TranscriptError: nobody can be the candidate.
    """
    utterances = merge(draft.utterances)
    draft = draft.model_copy(update={"utterances": utterances})
    stated = {one.speaker: one.role for one in utterances if one.role}
    names = list(dict.fromkeys(one.speaker for one in utterances if not one.role))
    known = [name for name in names if candidate and name.casefold() == candidate.casefold()]
    guess = _with_candidate(names, known[0]) if known else _guess(names, utterances)
    turns = with_roles(draft, guess)
    if not any(turn.role == "candidate" for turn in turns):
        raise TranscriptError(
            "has no turn of a candidate, so there is nothing to grade.",
            where=draft.source,
            next_step="Mark the speakers as `Interviewer:` and `Candidate:`.",
        )
    transcript = Transcript(id=draft.id, turns=turns, scenario=draft.scenario, source=draft.source)
    return Imported(
        transcript=transcript,
        speakers={**guess, **stated},
        guessed=not known and not all(_role_of_name(name) for name in names),
        warnings=draft.warnings,
    )


def _with_candidate(names: Sequence[str], candidate: str) -> dict[str, Role]:
    return {name: "candidate" if name == candidate else "interviewer" for name in names}


def _role_of_name(name: str) -> Role | None:
    words = name.lower().replace("-", " ").replace("_", " ").split()
    if any(word in _INTERVIEWERS for word in words):
        return "interviewer"
    return "candidate" if any(word in _CANDIDATES for word in words) else None


def _guess(names: Sequence[str], utterances: Sequence[Utterance]) -> dict[str, Role]:
    if not names:
        return {}
    named = {name: _role_of_name(name) for name in names}
    roles: dict[str, Role] = {name: role for name, role in named.items() if role}
    unknown = [name for name in names if name not in roles]
    if not unknown:
        return roles
    if "candidate" in roles.values():
        return roles | dict.fromkeys(unknown, "interviewer")
    if len(unknown) == 1:
        # a lone speaker without a telling name is a candidate who talks; the interviewer may be missing
        return {**roles, unknown[0]: "candidate"}
    asking = _asking(unknown, utterances)
    candidate = min(unknown, key=lambda name: (asking[name], names.index(name)))
    return roles | {name: "candidate" if name == candidate else "interviewer" for name in unknown}


def _asking(names: Sequence[str], utterances: Sequence[Utterance]) -> Mapping[str, float]:
    """Question marks per hundred words of each speaker, less their share of the talk: high for who interviews."""
    words = {name: sum(len(one.text.split()) for one in utterances if one.speaker == name) for name in names}
    marks = {name: sum(one.text.count("?") for one in utterances if one.speaker == name) for name in names}
    total = sum(words.values()) or 1
    return {name: 100 * marks[name] / max(words[name], 1) - 10 * words[name] / total for name in names}
