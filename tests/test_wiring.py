"""What wiring makes of a service whose parts break one after the other, for real."""

import os
from pathlib import Path

import pytest

from interviewer.settings import Settings
from interviewer.traffic import Traffic, write_traffic
from interviewer.wiring import check_freshness, find_notices, find_step, open_topic_finder, open_versions
from tests.index.small import DOCUMENT, write_corpus

TOPIC = "the backlog doubles every hour though the workers are alive"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", corpus=write_corpus(tmp_path))


def change_corpus(settings: Settings) -> None:
    assert settings.corpus
    write_corpus(settings.corpus.parent, DOCUMENT.replace("poison messages in", "rubbish in"))
    os.utime(settings.corpus, ns=(1, 1))


def test_a_corpus_that_changes_under_a_running_service_is_indexed_by_itself(settings: Settings) -> None:
    find = open_topic_finder(settings)
    assert find(TOPIC)[0] == 2
    before = open_versions(settings).active()
    change_corpus(settings)
    assert not check_freshness(settings).holds
    assert find(TOPIC)[0] == 2
    assert check_freshness(settings).holds
    assert before
    assert open_versions(settings).active() != before


def test_an_index_chosen_by_hand_is_told_of_when_the_corpus_moves_on(settings: Settings) -> None:
    open_topic_finder(settings)(TOPIC)
    versions = open_versions(settings)
    active = versions.active()
    assert active
    with versions.writer():
        versions.point_to(active.digest, pinned=True)
    assert find_notices(settings) == ()
    change_corpus(settings)
    assert "of another corpus" in find_notices(settings)[0]
    assert find_step(settings)[0] == "an index of another time"


def test_a_corpus_that_goes_missing_does_not_stop_what_was_opened(settings: Settings) -> None:
    find = open_topic_finder(settings)
    assert find(TOPIC)[0] == 2
    assert settings.corpus
    settings.corpus.unlink()
    assert find(TOPIC)[0] == 2


def test_without_any_retrieval_the_list_is_left(settings: Settings) -> None:
    assert settings.corpus
    settings.corpus.unlink()
    assert open_topic_finder(settings)(TOPIC) == []


def test_a_data_folder_that_cannot_be_written_leaves_exact_search(settings: Settings) -> None:
    settings.data_dir.mkdir()
    (settings.data_dir / "indexes").write_text("in the way")
    assert open_topic_finder(settings)(TOPIC)[0] == 2
    assert find_step(settings)[0] == "exact search"


def test_closed_topics_find_nothing_and_say_why(settings: Settings) -> None:
    find = open_topic_finder(settings)
    write_traffic(settings.data_dir, Traffic(restricted=True, why="the gate is red", by="gate"))
    assert find(TOPIC) == []
    assert "the gate is red" in find_notices(settings)[0]
    write_traffic(settings.data_dir, Traffic())
    assert find(TOPIC)[0] == 2
