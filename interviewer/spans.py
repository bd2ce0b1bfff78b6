"""Where some words stand in a text, when whoever quoted them was not exact about blanks, quotation marks and case."""

import unicodedata

_SAME = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "\u00a0": " ", "`": "'"})
_AROUND = " \t\r\n\"'.,;:…"


def find_span(text: str, quoted: str) -> tuple[int, int] | None:
    """Start and end of the first place where `quoted` stands; None where it does not.

    Exactly, else with runs of blanks, quotation marks, dashes, case and surrounding punctuation not looked at.

    >>> find_span("I would  check the “GPU” load.", 'check the "gpu" load')
    (9, 29)
    """
    if not quoted.strip():
        return None
    start = text.find(quoted)
    if start >= 0:
        return start, start + len(quoted)
    plain, places = _plain(text)
    wanted = _plain(quoted)[0].strip(_AROUND)
    at = plain.find(wanted) if wanted else -1
    if at < 0:
        return None
    return places[at], places[at + len(wanted) - 1] + 1


def _plain(text: str) -> tuple[str, list[int]]:
    """The text in one case with single blanks, and for each of its letters the place in the original."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for plain in unicodedata.normalize("NFKC", letter.translate(_SAME)).casefold():
            if plain.isspace():
                if letters and letters[-1] == " ":
                    continue
                plain = " "
            letters.append(plain)
            places.append(place)
    return "".join(letters), places
