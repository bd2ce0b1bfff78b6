"""Where a quotation stands: whatever is quoted, what comes of it is an exact span of a candidate's turn."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.grading.evidence import FEWEST_WORDS, MOST_CHARS, Ground
from interviewer.grading.findings import Excerpt, Finding
from interviewer.grading.sentences import candidate_sentences
from interviewer.grading.verified import MOST_SHARED, verify
from interviewer.grading.words import content_stems
from interviewer.models.scripted import ScriptedModel
from interviewer.transcript import Quote, Transcript, Turn
from interviewer.verdict import Label, Verdict
from tests.grading.honest import answer_by, finding, judged, rubric_of
from tests.grading.judged import GOLD, answers, gold

SAID = (
    "First I’d compare the “online” value with the offline value — for fifty users.\n\nThen  I roll   back\tto view v6;"
    " canary it. Straße und Maß prüfen wir später."
)
TALK = Transcript(
    id="t",
    turns=(
        Turn(role="interviewer", text="Would you restart the broken serving pods?"),
        Turn(role="candidate", text=SAID),
        Turn(role="interviewer", text="And then?"),
        Turn(role="candidate", text="Freeze the deploy pipeline. Tell the payments team."),
    ),
)


def ground(transcript: Transcript = TALK, **barred: tuple[tuple[int, int], ...]) -> Ground:
    spans = {int(turn.removeprefix("turn_")): found for turn, found in barred.items()}
    return Ground(transcript, candidate_sentences(transcript), spans)


@pytest.mark.parametrize(
    ("quoted", "turn", "found"),
    [
        ("compare the “online” value", 1, "compare the “online” value"),
        ('I\'d compare the "online" value', 1, "I’d compare the “online” value"),
        ("COMPARE THE “ONLINE” VALUE", 1, "COMPARE THE “ONLINE” VALUE".lower()),
        ("the offline value - for fifty users", 1, "the offline value — for fifty users"),
        ("Then I roll back to view v6", 1, "Then  I roll   back\tto view v6"),
        ('"...roll back to view v6..."', 1, "roll   back\tto view v6"),
        ("for fifty users. Then I roll back", 1, "for fifty users.\n\nThen  I roll   back"),
        ("strasse und mass prüfen", 1, "Straße und Maß prüfen"),
        ("Freeze the deploy pipeline", 1, "Freeze the deploy pipeline"),
        ("Freeze the deploy pipeline", -7, "Freeze the deploy pipeline"),
        ("payments team", 3, "Tell the payments team."),
    ],
)
def test_found(quoted: str, turn: int, found: str) -> None:
    quote = ground().find_quote(quoted, turn)
    assert quote is not None
    assert quote.text == found
    assert quote.holds_in(TALK)


@pytest.mark.parametrize(
    ("quoted", "why"),
    [
        ("restart the broken serving pods", "words of the interviewer"),
        ("canary", "too short"),
        ("", "too short"),
        ("compare the online value with nothing whatsoever", "stands in no turn"),
        ("compare the online value [...] to view v6", "stands in no turn"),
        ("word " * 400, "too long"),
    ],
)
def test_refused(quoted: str, why: str) -> None:
    assert ground().find_quote(quoted, 1) is None
    assert why in ground().fault_of(quoted)


def test_what_is_barred_is_not_found_and_the_same_words_elsewhere_are() -> None:
    start = SAID.index("First")
    barred = ground(turn_1=((start, start + 90),))
    assert barred.find_quote("compare the “online” value", 1) is None
    twice = answers(9, "I would drain the bad node first.", "As I said, I would drain the bad node first.")
    found = ground(twice, turn_1=((0, 33),)).find_quote("drain the bad node first", 1)
    assert found is not None
    assert found.turn == 3


def test_one_quote_serves_few_criteria() -> None:
    def found(count: int, label: Label = "met") -> list[Finding]:
        excerpt = Excerpt(turn=3, quote="Freeze the deploy pipeline")
        return [Finding(criterion=f"c{place}", evidence=(excerpt,), why="", verdict=label) for place in range(count)]

    assert len(verify(found(MOST_SHARED), ground()).held) == MOST_SHARED
    shared = verify(found(MOST_SHARED + 1), ground())
    assert shared.held == {}
    assert all("more than 3 criteria" in why for _, why in shared.faulty)
    assert len(verify(found(MOST_SHARED + 5, "not_met"), ground()).held) == MOST_SHARED + 5


_letters = st.text(st.characters(codec="utf-8"), max_size=40)
_spoken = st.lists(
    st.sampled_from(
        ["roll", "back", "the", "Model", "v6", "“now”", "—", "\n", "İ", "ß", "Drain", "node,", "e.g.", "x\u200by"]
    )
    | _letters,
    min_size=1,
    max_size=30,
).map(" ".join)


@given(said=st.lists(_spoken, min_size=1, max_size=4), data=st.data())
@settings(max_examples=300, deadline=None)
def test_whatever_is_quoted_gives_an_exact_span_or_nothing(said: list[str], data: st.DataObject) -> None:
    transcript = answers(9, *said)
    text = data.draw(st.sampled_from(said))
    start = data.draw(st.integers(0, len(text)))
    piece = text[start : data.draw(st.integers(start, len(text)))]
    quoted = data.draw(st.sampled_from([piece, piece.upper(), " ".join(piece.split()), f'"{piece}..."']) | _letters)
    quote = ground(transcript).find_quote(quoted, data.draw(st.integers(-2, 12)))
    if quote is not None:
        assert quote.holds_in(transcript)
        assert len(quote.text) <= MOST_CHARS
        assert len(content_stems(quote.text)) >= FEWEST_WORDS
    if len(content_stems(piece)) >= FEWEST_WORDS and len(piece) <= MOST_CHARS:
        assert ground(transcript).find_quote(piece, 1) is not None


_claim = st.fixed_dictionaries(
    {"turn": st.integers(-5, 50), "quote": st.sampled_from(gold("dev-s09-a").turns[1].text.split(". ")) | _letters}
)


_verdicts = st.sampled_from(["met", "partial", "not_met"])


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_whatever_a_model_answers_every_quote_of_a_verdict_stands_in_the_answers(data: st.DataObject) -> None:
    transcript = gold("dev-s09-a")

    script = {
        one.bullet: finding(one.bullet, data.draw(_verdicts)) | {"evidence": data.draw(st.lists(_claim, max_size=2))}
        for one in rubric_of(transcript).criteria
    }
    for one in judged(ScriptedModel(lambda ask: answer_by(script, ask)), transcript):
        if isinstance(one, Verdict):
            assert all(quote.holds_in(transcript) for quote in one.quotes)
            assert bool(one.quotes) == (one.label != "not_met")


def test_quotes_of_annotators_are_found_where_they_are() -> None:
    for name in ("dev-s02-b", "dev-s08-a"):
        transcript = gold(name)
        labels = json.loads((GOLD / "dev" / f"{name}.labels.json").read_text(encoding="utf-8"))
        place = ground(transcript)
        for row in labels:
            if row["label"] != "not_met" and len(content_stems(row["quote"])) >= FEWEST_WORDS:
                quote = place.find_quote(row["quote"], row["turn"])
                assert isinstance(quote, Quote)
                assert (quote.turn, quote.text) == (row["turn"], row["quote"])
