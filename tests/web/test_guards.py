"""Who may talk to the page, over real requests to the guarded app."""

import socket

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from interviewer.errors import PortTakenError, SettingsError
from interviewer.settings import Settings
from interviewer.web.guards import guards
from interviewer.web.serve import check_exposure, check_port, is_loopback


def client(host: str, base: str) -> TestClient:
    async def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse("ours")

    settings = Settings(host=host, app_password=SecretStr("secret"))
    app = Starlette(routes=[Route("/", answer, methods=["GET", "POST"])], middleware=guards(settings))
    return TestClient(app, base_url=base)


@pytest.mark.parametrize("name", ["http://127.0.0.1:7860", "http://localhost:7860"])
def test_loopback_names_are_answered_with_protective_headers(name: str) -> None:
    answer = client("127.0.0.1", name).get("/")
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


def test_a_foreign_host_name_is_refused() -> None:
    assert client("127.0.0.1", "http://rebound.example").get("/").status_code == 400


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1.evil.example"])
def test_a_page_of_another_site_is_refused(origin: str) -> None:
    answer = client("127.0.0.1", "http://127.0.0.1:7860").post("/", headers={"origin": origin})
    assert answer.status_code == 403
    assert "ours" not in answer.text


def test_our_own_page_is_answered() -> None:
    answer = client("127.0.0.1", "http://127.0.0.1:7860").post("/", headers={"origin": "http://127.0.0.1:7860"})
    assert answer.status_code == 200


@pytest.mark.parametrize(("host", "own"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)])
def test_what_counts_as_this_machine_alone(host: str, own: bool) -> None:
    assert is_loopback(host) is own


def test_beyond_this_machine_a_password_is_needed() -> None:
    with pytest.raises(SettingsError, match="INTERVIEWER_APP_PASSWORD"):
        check_exposure(Settings(host="0.0.0.0", app_password=None))
    check_exposure(Settings(host="0.0.0.0", app_password=SecretStr("x")))


def test_a_taken_port_is_named_with_the_next_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"--port {port + 1}"):
            check_port(Settings(host="127.0.0.1", port=port))
