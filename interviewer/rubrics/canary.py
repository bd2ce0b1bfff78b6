"""A mark in the answer key by which a leak is known."""

from hashlib import sha256

from interviewer.rubric import Rubric

_DIGITS = 12


def canary_of(rubric: Rubric) -> str:
    """12 hexadecimal digits that stand in every prompt with this rubric's key, and nowhere else.

    The same for the same rubric, so that prompts stay the same byte for byte.
    """
    bullets = "\n".join(criterion.bullet for criterion in rubric.criteria)
    return sha256(f"canary\n{rubric.sha256}\n{bullets}".encode()).hexdigest()[:_DIGITS]
