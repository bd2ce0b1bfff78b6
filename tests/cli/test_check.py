"""Open questions answered at the terminal: of interviews held here, and of graded transcripts."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from interviewer.grading.grader import Grader, Terms
from interviewer.grading.report import parse_scorecard, render_html, render_json, render_markdown
from interviewer.grading.scripted import ScriptedJudge
from interviewer.grading.settling import settle_scorecard
from interviewer.store import open_store
from tests.cli.test_grade import run
from tests.cli.world import World
from tests.grading.cards import in_doubt
from tests.grading.judged import document, gold, rubrics
from tests.interview.stage import CRITERIA, STRONG

FIRST, SECOND, THIRD = list(CRITERIA)[:3]
SHIPPED = tuple(one.bullet for one in rubrics()[9].criteria[:3])


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one interview over, of which three criteria are open."""
    made = World(tmp_path_factory.mktemp("held"))
    done = made.run("talk", "1", stdin=f"{STRONG}\n/finish\n/skip\n")
    assert done.returncode == 0, done.stderr
    store = open_store(made.data)
    session = store.summaries()[0].id
    card = parse_scorecard(store.find_scorecard(session) or "")
    store.save_scorecard(session, render_json(in_doubt(card, FIRST, SECOND, THIRD)), card.overall)
    store.close()
    return made.data


@pytest.fixture
def world(tmp_path: Path, held: Path) -> World:
    made = World(tmp_path)
    shutil.copytree(held, made.data)
    return made


def shown(world: World) -> dict[str, Any]:
    done = world.run("history", "show", str(world.sessions()[0]["id"]), "--json")
    card = json.loads(done.stdout)["scorecard"]
    assert isinstance(card, dict)
    return card


def rows(card: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {row["criterion"]: (row["label"], row["judge"]) for one in card["competencies"] for row in one["criteria"]}


def test_an_interview_is_checked_in_a_pipe(world: World) -> None:
    session = str(world.sessions()[0]["id"])
    done = world.run("history", "check", session[:8], stdin="what?\ny\n\nn\n")
    assert done.returncode == 0, done.stderr
    assert "y, p, n, Enter or q" in done.stderr
    assert CRITERIA[FIRST][1] in done.stdout
    assert "3 of 3" in done.stdout
    assert "2 answered. Overall" in done.stdout
    assert "1 open" in done.stdout
    card = shown(world)
    assert sorted(label for label, judge in rows(card).values() if judge == "candidate") == ["met", "not_met"]
    assert world.sessions()[0]["overall"] == card["overall"]
    assert "settled by the candidate" in world.run("history", "show", session).stdout


def test_a_coach_is_asked_about_what_the_candidate_has_settled(world: World) -> None:
    session = str(world.sessions()[0]["id"])
    world.run("history", "check", session, stdin="y\ny\ny\n")
    nothing = world.run("history", "check", session)
    assert "Nothing is open" in nothing.stdout
    done = world.run("history", "check", session, "--as", "coach", stdin="no\nq\n")
    assert "[met so far]" in done.stdout
    assert "1 answered" in done.stdout
    assert sorted(judge for _, judge in rows(shown(world)).values() if judge in ("candidate", "coach")) == [
        "candidate", "candidate", "coach",
    ]  # fmt: skip


def test_the_end_of_input_answers_nothing(world: World) -> None:
    before = shown(world)
    done = world.run("history", "check", str(world.sessions()[0]["id"]))
    assert (done.returncode, "0 answered" in done.stdout) == (0, True)
    assert shown(world) == before


def test_talk_in_a_pipe_says_where_it_is_asked_and_does_not_ask(world: World) -> None:
    session = str(world.sessions()[0]["id"])
    done = world.run("talk", "--resume", session, stdin="y\ny\n")
    assert f"3 verdicts are open: the judge is not sure. `interviewer history check {session[:12]}`" in done.stdout
    assert "1 of 3" not in done.stdout


def test_a_report_by_another_rubric_is_shown_and_cannot_be_settled(world: World) -> None:
    store = open_store(world.data)
    session = store.summaries()[0].id
    store.save_scorecard(session, (store.find_scorecard(session) or "").replace('"s01@1+shared@1",', '"s01@0",'), 1.0)
    body = json.loads(store.find_scorecard(session) or "")
    body["provenance"]["rubric_sha256"] = "0"
    store.save_scorecard(session, json.dumps(body), 1.0)
    store.close()
    assert world.run("talk", "--resume", session).returncode == 0
    done = world.run("history", "check", session)
    assert (done.returncode, "another rubric (s01@0)" in done.stderr) == (2, True)


def graded(folder: Path) -> Path:
    """A report as `interviewer grade` writes it, with three criteria open."""
    talk = gold("dev-s09-a")
    judge = ScriptedJudge({}, unsure=frozenset(SHIPPED))
    card = Grader(document(), rubrics(), judge, lambda _: ()).grade(talk, Terms())
    path = folder / "dev-s09-a.json"
    path.write_text(render_json(card), encoding="utf-8")
    path.with_suffix(".md").write_text(render_markdown(card, talk), encoding="utf-8")
    path.with_suffix(".html").write_text(render_html(card), encoding="utf-8")
    return path


def test_a_graded_transcript_is_checked_by_candidate_and_coach(tmp_path: Path) -> None:
    path, talk = graded(tmp_path), gold("dev-s09-a")
    done = run(tmp_path, "check", path.name, "--as", "coach", stdin="p\n")
    assert done.returncode == 0, done.stderr
    done = run(tmp_path, "check", path.name, stdin="y\nn\n")
    assert done.returncode == 0, done.stderr
    assert "Written: dev-s09-a.json, dev-s09-a.md, dev-s09-a.html" in done.stdout
    card = parse_scorecard(path.read_text(encoding="utf-8"))
    assert card.provenance.settled == {"candidate": 2, "coach": 1}
    assert card.unsure == 0
    assert settle_scorecard(card, (), rubrics()[9], document()) == card
    assert path.with_suffix(".md").read_text(encoding="utf-8") == render_markdown(card, talk)
    assert path.with_suffix(".html").read_text(encoding="utf-8") == render_html(card)


def test_what_is_no_scorecard_is_refused(tmp_path: Path) -> None:
    (tmp_path / "talk.json").write_text('{"turns": []}', encoding="utf-8")
    for name, told in (("talk.json", "`interviewer grade` wrote"), ("none.json", "cannot be read")):
        done = run(tmp_path, "check", name)
        assert (done.returncode, told in done.stderr) == (2, True), done.stderr
