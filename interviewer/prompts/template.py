"""Slots in wording: filled, or refused."""

from string import Formatter


class SlotError(ValueError):
    """A slot without a value or a value without a slot: a mistake in the program, not in what a user gave."""


def slots_of(template: str) -> frozenset[str]:
    """Names in braces; doubled braces are braces.

    >>> sorted(slots_of("{a} and {b}, {{c}}"))
    ['a', 'b']
    """
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def render(template: str, values: dict[str, str]) -> str:
    """The template with every slot filled once; what is filled in is not looked at again.

    >>> render("You said “{phrase}”.", {"phrase": "{minutes}"})
    'You said “{minutes}”.'

    Raises:
        SlotError: a slot has no value, or a value has no slot.
    """
    slots = slots_of(template)
    if slots != set(values):
        raise SlotError(f"slots {sorted(slots)} were given {sorted(values)}: {template!r}")
    return template.format(**values)
