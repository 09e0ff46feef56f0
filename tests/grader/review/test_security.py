"""What stands in front of the page: who may come in, and which change is taken."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from grader.review.security import FORGERY_HEADER, LARGEST_BODY, Door, Guard
from tests.grader.review.asking import Answer, ask

if TYPE_CHECKING:
    from starlette.requests import Request

DOOR = Door("127.0.0.1", 8080)
HOST = "127.0.0.1:8080"
IN = {"host": HOST, "cookie": f"{DOOR.cookie}={DOOR.session}"}
CHANGE = {**IN, "origin": f"http://{HOST}", FORGERY_HEADER: DOOR.forgery_token, "content-length": "0"}


def answer(method: str, path: str, headers: dict[str, str], door: Door = DOOR) -> Answer:
    def inside(_: Request) -> PlainTextResponse:
        return PlainTextResponse("inside")

    app = Starlette(routes=[Route("/{path:path}", inside, methods=["GET", "POST", "PUT", "DELETE"])])
    return ask(Guard(app, door), method, path, headers)


def test_the_first_address_has_the_token_and_gives_a_cookie_that_no_script_and_no_other_site_can_use() -> None:
    path = DOOR.address.partition(HOST)[2]
    found = answer("GET", path, {"host": HOST})
    assert found.status == 200
    cookie = SimpleCookie(found.headers["set-cookie"])[DOOR.cookie]
    assert (cookie["httponly"], cookie["samesite"].lower(), cookie.value) == (True, "strict", DOOR.session)
    assert DOOR.token not in found.headers["set-cookie"]
    assert 'content="0;url=/"' in found.body
    assert answer("GET", "/", {"host": HOST, "cookie": f"{DOOR.cookie}={cookie.value}"}).body == "inside"


@pytest.mark.parametrize("cookie", ["", f"{DOOR.cookie}=", f"{DOOR.cookie}=wrong", "review-81=x", f"{DOOR.cookie}=ü"])
def test_without_the_token_nothing_is_shown(cookie: str) -> None:
    for path in ("/", "/read/essay/abc", "/static/review.js", "/?token=", "/?token=wrong"):
        found = answer("GET", path, {"host": HOST, "cookie": cookie})
        assert (found.status, "inside" in found.body) == (403, False), path


@pytest.mark.parametrize(
    "host",
    [
        *("", "evil.example", "evil.example:8080", "127.0.0.1", "127.0.0.1:81", "127.0.0.1.evil.example:8080"),
        *("127.0.0.1:" + "8" * 9000, "127.0.0.1:8080:8080", "10.0.0.1:8080"),
    ],
)
def test_a_wrong_host_is_refused_with_the_right_cookie_too(host: str) -> None:
    assert answer("GET", "/", {**IN, "host": host}).status == 403
    assert answer("GET", f"/?token={DOOR.token}", {"host": host}).status == 403
    assert answer("POST", "/", {**CHANGE, "host": host, "origin": f"http://{host}"}).status == 403


def test_where_every_address_is_bound_any_address_may_be_asked_but_no_name() -> None:
    door = Door("0.0.0.0", 8080)  # noqa: S104 (nothing is bound)
    inside = {"cookie": f"{door.cookie}={door.session}"}
    for host, status in {"192.0.2.7:8080": 200, "[2001:db8::1]:8080": 200, "evil.example:8080": 403}.items():
        assert answer("GET", "/", {**inside, "host": host}, door).status == status, host


def test_a_change_is_taken_from_a_page_of_ours() -> None:
    assert answer("POST", "/", CHANGE).body == "inside"


@pytest.mark.parametrize(
    "forged",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": f"https://{HOST}"},
        {"origin": "http://127.0.0.1:81"},
        {"origin": f"http://{HOST}.evil.example"},
        {"origin": ""},
        {FORGERY_HEADER: ""},
        {FORGERY_HEADER: "wrong"},
        {FORGERY_HEADER: DOOR.token},
        {"cookie": ""},
        {"content-length": str(LARGEST_BODY + 1)},
        {"content-length": ""},
        {"content-length": "-1"},
        {"content-length": "9" * 5000},
    ],
)
def test_a_forged_change_is_refused(forged: dict[str, str]) -> None:
    assert answer("POST", "/read/essay/abc", {**CHANGE, **forged}).status in {403, 413}


def test_a_change_without_an_origin_is_refused() -> None:
    assert answer("POST", "/", {name: value for name, value in CHANGE.items() if name != "origin"}).status == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_not_understood(method: str) -> None:
    assert answer(method, "/", CHANGE).status == 405


def test_every_answer_has_the_policy_and_a_refusal_too() -> None:
    for headers in (IN, {"host": "evil.example"}):
        found = answer("GET", "/", headers)
        rules = dict(rule.strip().split(" ", 1) for rule in found.headers["content-security-policy"].split(";"))
        assert rules == {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self' data:",
            "connect-src": "'self'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
            "base-uri": "'none'",
        }
        assert found.headers["x-content-type-options"] == "nosniff"


def test_two_servers_have_cookies_and_tokens_of_their_own() -> None:
    one, other = Door("127.0.0.1", 8080), Door("127.0.0.1", 8081)
    assert len({one.cookie, other.cookie}) == len({one.token, other.token}) == len({one.session, other.session}) == 2


def test_a_refusal_says_what_to_do_in_the_readers_language() -> None:
    door = Door("127.0.0.1", 8080, language="zh-TW")
    assert "grade review" in answer("GET", "/", {"host": HOST}, door).body
    assert not answer("GET", "/", {"host": HOST}, door).body.isascii()
