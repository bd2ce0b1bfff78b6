"""Rows L1-L22 of the fault matrix as a candidate meets them: what is shown, and that nothing said is lost."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from pydantic import SecretStr

from interviewer.interview.log import EventLog
from interviewer.interview.session import Cast, Session
from interviewer.models.chat import ChatModel
from interviewer.models.endpoint import open_endpoint
from interviewer.models.language import TURN_DEADLINES, Deadlines
from interviewer.models.methods import MethodBook
from tests.interview.logs import open_log
from tests.interview.stage import SAID, STRONG, begin, cast_for, drawn, small_plan, small_rubric, talk
from tests.interview.voices import tracker_of, voice_of
from tests.wire.server import LoopbackModel, Request, loopback, method_of

QUESTION = "You spoke of the queue. What would you do next?"
LONG = "You spoke of it. And then there was more to say, which nobody will ever hear?"
# too short for a machine under load wherever words are to come: used only where none do
NO_WORD = Deadlines(total_s=60, first_s=0.3, between_s=15)
NO_MORE = Deadlines(total_s=60, first_s=20, between_s=0.3)
UNUSABLE = ["notjson", "wrongtype", "missing", "dup", "twojson", "nan", "length", "refusal", "500"]


def answer(request: Request) -> str:
    if method_of(request):
        is_probe = "test of the connection" in request["messages"][-1]["content"]
        return '{"ready": true}' if is_probe else '{"points": []}'
    move = request["messages"][-1]["content"].rpartition("move ")[2]
    return "Invoices did not arrive." if "Open the interview" in move else QUESTION


class Interview:
    """A session on disk whose model is a loopback endpoint."""

    def __init__(self, server: LoopbackModel, log: EventLog, *, tracks: bool, deadlines: Deadlines) -> None:
        self.server = server
        endpoint = open_endpoint("openai:stub", server.url, SecretStr("sk-ours-1234"))
        self.model = ChatModel(endpoint, MethodBook(), jitter=Random(1))
        tracker = tracker_of(self.model, small_rubric()) if tracks else None
        cast = cast_for(small_plan(), small_rubric(), log=log)
        self.cast: Cast = replace(cast, voice=voice_of(self.model, deadlines), tracker=tracker)
        self.session = begin(self.cast)

    def hurry(self, deadlines: Deadlines) -> None:
        """From now on wait no longer than that."""
        self.session = Session.resume(self.session.id, replace(self.cast, voice=voice_of(self.model, deadlines)))

    def said(self, *, by_model: bool) -> None:
        """Who worded the last turn of the interviewer."""
        by = self.session.state.sayings[-1].by
        assert by.startswith("openai:stub" if by_model else "offline@1"), by

    def answers(self) -> list[str]:
        """What the candidate said, as it stands on disk."""
        events = self.cast.log.read(self.session.id)
        return [event.text for event in events if event.kind == "candidate_said"]


@contextmanager
def interview(tmp_path: Path, *, tracks: bool = False, deadlines: Deadlines = TURN_DEADLINES) -> Iterator[Interview]:
    with loopback(answer) as server, open_log("disk", tmp_path / "data") as store:
        opened = Interview(server, store, tracks=tracks, deadlines=deadlines)
        try:
            yield opened
        finally:
            opened.model.close()


# fault -> what the note above the chat says of it
BEFORE_A_WORD = {
    "hang": "No word came for",  # L3
    "keepalive": "No word came for",  # L5
    "429long": "It asks to wait 600 s",  # L9
    "429quota": "quota is used up",  # L10
    "500": "failed (HTTP 500)",  # L11
    "503html": "failed (HTTP 503)",  # L11
    "401": "will not have this key",  # L12, L22
    "404": "no model stub here",  # L12
    "400ctx": "does not fit this model",  # L12
    "badjson": "not one of an OpenAI-compatible endpoint",  # L13
    "html200": "not one of an OpenAI-compatible endpoint",  # L13
    "emptybody": "not one of an OpenAI-compatible endpoint",  # L13
    "err200": "not one of an OpenAI-compatible endpoint",  # L14
    "nullchoices": "broke off",  # L14
    "emptychoices": "broke off",  # L15
    "refusal": "it declined",  # L16
    "filter": "content filter",  # L16
    "redirect": "redirects elsewhere",  # L20
    "close": "cannot be reached",  # L6
    "badevent": "not one of an OpenAI-compatible endpoint",  # L13
    "errorevent": "reported an error",  # L14
}
IN_THE_MIDDLE = {
    "midhang": "stopped for",  # L4
    "drip": "stopped for",  # L5
    "trunc": "broke off",  # L6
    "trunc_rst": "closed the connection",  # L6
    "trunc_close": "broke off",  # L7
}


@pytest.mark.parametrize("fault", BEFORE_A_WORD)
def test_a_fault_before_the_first_word(fault: str, tmp_path: Path) -> None:
    with interview(tmp_path) as one:
        if fault in ("hang", "keepalive"):
            one.hurry(NO_WORD)
        one.server.faults = [fault]
        reply = talk(one.session, [STRONG])[0]
        one.said(by_model=False)
        assert one.session.state.coverage.moves[-1].move.question in reply
        assert BEFORE_A_WORD[fault] in one.session.state.trouble
        assert "sk-" not in one.session.state.trouble
        assert one.answers() == [STRONG]
        assert one.session.can_retry
        one.server.faults = []
        one.hurry(TURN_DEADLINES)
        assert drawn(one.session.answer(SAID, "next")) == QUESTION
        one.said(by_model=True)
        assert one.answers() == [STRONG, SAID]


@pytest.mark.parametrize("fault", IN_THE_MIDDLE)
def test_a_fault_in_the_middle(fault: str, tmp_path: Path) -> None:
    with interview(tmp_path, deadlines=NO_MORE) as one:
        one.server.answer = lambda request: (
            "You spoke of it. And then there was more to say, which nobody will ever hear?"
        )
        one.server.faults = [fault]
        reply = talk(one.session, [STRONG])[0]
        assert "broke off here" in reply
        assert reply.endswith(one.session.state.coverage.moves[-1].move.question)
        assert IN_THE_MIDDLE[fault] in one.session.state.trouble
        assert one.session.state.sayings[-1].interrupted
        assert len(one.server.requests) == 2  # the brief and this one: what was shown is never streamed again
        one.server.faults, one.server.answer = [], lambda request: QUESTION
        assert drawn(one.session.retry()) == QUESTION
        assert one.session.state.transcript.turns[-1].text == QUESTION
        assert one.answers() == [STRONG]


def test_a_stream_that_ends_without_a_reason_is_not_complete(tmp_path: Path) -> None:
    with interview(tmp_path) as one:
        one.server.faults = ["nodone"]
        reply = talk(one.session, [STRONG])[0]
        assert reply.startswith("You spoke of the queue.")
        assert one.session.state.sayings[-1].interrupted
        assert "finish reason" in one.session.state.trouble


def test_a_reply_that_ran_into_its_limit_is_marked(tmp_path: Path) -> None:
    with interview(tmp_path) as one:
        one.server.faults = ["length"]
        talk(one.session, [STRONG])
        assert "length limit" in one.session.state.trouble


@pytest.mark.parametrize("fault", ["429", "500", "badjson"])
def test_a_fault_that_passes_is_not_noticed(fault: str, tmp_path: Path) -> None:
    with interview(tmp_path) as one:
        one.server.faults = [fault, ""]
        assert talk(one.session, [STRONG]) == [QUESTION]
        assert one.session.state.trouble == ""


def test_an_endpoint_that_is_gone_and_comes_back(tmp_path: Path) -> None:
    """L1 and L22: nothing listens for a while; every turn is on disk and labelled."""
    with interview(tmp_path) as one:
        one.server.faults = ["close"]
        talk(one.session, [STRONG])
        one.server.faults = ["401"]
        drawn(one.session.answer(SAID, "second"))
        one.server.faults = []
        drawn(one.session.answer(f"{SAID} Thrice.", "third"))
        by = [said.by.split(":")[0].split("@")[0] for said in one.session.state.sayings]
        assert by == ["openai", "offline", "offline", "openai"]
        assert one.answers() == [STRONG, SAID, f"{SAID} Thrice."]


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/v1", "http://localhost.invalid/v1"])
def test_nothing_listens_or_no_such_name(address: str, tmp_path: Path) -> None:
    """L1, L2."""
    endpoint = open_endpoint("openai:stub", address, None, allow_http=True)
    model = ChatModel(endpoint, MethodBook(), jitter=Random(1))
    with open_log("disk", tmp_path / "data") as store:
        cast = replace(cast_for(small_plan(), small_rubric(), log=store), voice=voice_of(model))
        session = begin(cast)
        assert session.state.sayings[-1].by.startswith("offline@1")
        assert endpoint.host in session.state.trouble
        talk(session, [STRONG])
        assert [event.kind for event in store.read(session.id)].count("candidate_said") == 1
    model.close()


def test_the_program_dies_in_the_middle_of_a_reply(tmp_path: Path) -> None:
    """The candidate's turn is on disk before the model is asked; whoever resumes is owed a reply."""
    with interview(tmp_path) as one:
        pieces = iter(one.session.answer(STRONG, "k"))
        next(pieces)
        pieces.close()  # type: ignore[attr-defined]
        again = Session.resume(one.session.id, one.cast)
        assert again.state.pending
        assert drawn(again.reply()) == QUESTION
        assert one.answers() == [STRONG]


def test_who_leaves_the_page_ends_the_call(tmp_path: Path) -> None:
    with interview(tmp_path) as one:
        one.server.answer = lambda request: (
            "You spoke of it. And then there was more to say, which nobody will ever hear?"
        )
        one.server.faults = ["drip"]
        pieces = iter(one.session.answer(STRONG, "k"))
        assert next(pieces)
        pieces.close()  # type: ignore[attr-defined]
        assert one.server.left.wait(5)


@pytest.mark.parametrize(
    "fault", ["notjson", "wrongtype", "missing", "dup", "twojson", "nan", "length", "refusal", "500"]
)
def test_when_the_tracker_gets_nothing_usable_the_estimate_stands(fault: str, tmp_path: Path) -> None:
    """L16-L19 off the critical path: no note, no loss, the estimate under its own name."""
    with interview(tmp_path, tracks=True) as one:
        one.model.find_method()
        one.server.faults = ["", fault, fault]  # the reply itself is fine
        assert talk(one.session, [STRONG]) == [QUESTION]
        scorers = [event.scorer for event in one.cast.log.read(one.session.id) if event.kind == "scored"]
        assert scorers == ["keyword@1"]
        assert one.session.state.coverage.met


def test_the_tracker_over_the_wire(tmp_path: Path) -> None:
    def points(request: Request) -> str:
        if not method_of(request) or "test of the connection" in request["messages"][-1]["content"]:
            return answer(request)
        point = {"point": "s01.causes.1", "quote": "count renderer crashes overnight", "verdict": "partial"}
        return json.dumps({"points": [point]})

    with interview(tmp_path, tracks=True) as one:
        one.server.answer = points
        talk(one.session, [STRONG])
        drawn(one.session.reply())
        assert one.session.state.coverage.entry("s01.causes.1").status == "partial"


def test_the_key_is_in_no_request_of_the_speaker(tmp_path: Path) -> None:
    with interview(tmp_path) as one:
        talk(one.session, [STRONG, SAID])
        drawn(one.session.hint())
        sent = json.dumps(one.server.requests)
        statements = [criterion.statement for criterion in small_rubric().scenario.criteria]
        assert [text for text in statements if text in sent.replace(STRONG, "")] == []
        assert small_rubric().canary not in sent
