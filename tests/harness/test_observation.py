"""A request can be printed and pasted, and never gives a secret away."""

from __future__ import annotations

import pytest

from coursegate.harness.encoding import MULTIPART, URLENCODED, Upload, encoded
from coursegate.harness.observation import Answer, Request

JWT = "eyJhbGciOi.eyJ1c2VyX2lk.c2lnbmF0dXJl"


def test_curl_names_the_token_without_showing_it() -> None:
    """The line to paste refers to the token by a variable of the principal's name."""
    line = Request(
        "GET", "/api/lessons/7/", "premium", {"Authorization": f"Bearer {JWT}", "Cookie": "sessionid=s3cret"}
    ).curl()

    assert line == 'curl -sS -i -X GET -H "Authorization: Bearer $TOKEN_PREMIUM" "$BASE_URL/api/lessons/7/"'


def test_curl_redacts_passwords_in_the_body() -> None:
    """A password in a body is replaced, wherever it stands."""
    line = Request(
        "POST", "/api/token/", body={"email": "a@b.c", "password": "s3cret"}, secrets=("s3cret",)
    ).curl()

    assert "s3cret" not in line
    assert "a@b.c" in line


@pytest.mark.parametrize(
    ("media", "sent", "option"),
    [
        (URLENCODED, b"email=a%40b.c&password=s3+cret&tags=x&tags=y&open=true", "--data-urlencode"),
        (MULTIPART, b'name="password"\r\n\r\ns3 cret\r\n', "--form-string"),
    ],
)
def test_a_form_is_sent_and_printed_as_one(media: str, sent: bytes, option: str) -> None:
    """A form is encoded as a page sends it, and its fields are printed one by one, without the passwords."""
    body = {"email": "a@b.c", "password": "s3 cret", "tags": ["x", "y"], "open": True, "left": None}
    request = Request("POST", "/api/token/", body=body, secrets=("s3 cret",), media=media)

    text, kind = encoded(request.body, request.media)

    assert sent in text
    assert kind.startswith(media)
    assert request.curl().count(option) == 5
    assert "cret" not in request.curl()


def test_a_file_is_sent_with_its_name_and_printed_without_what_it_holds() -> None:
    """A file in a form goes with its name and its type; the line to paste names it as curl would read it from a folder."""
    body = {"title": "A picture", "file": Upload("cover.png", b"\x89PNG", "image/png")}
    request = Request("POST", "/api/courses/", body=body, media=MULTIPART)

    text, _ = encoded(request.body, request.media)

    assert b'filename="cover.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n' in text
    assert "--form-string 'title=A picture' --form 'file=@cover.png;type=image/png'" in request.curl()
    assert "PNG" not in repr(request.body)


def test_redact_hides_every_token() -> None:
    """Tokens in an answer's text are hidden before it is printed."""
    assert Request("POST", "/api/token/").redact(f'{{"access": "{JWT}"}}') == '{"access": "[redacted]"}'


def test_summary_is_a_few_words() -> None:
    """An answer is summed up by its status and what is odd about its body."""
    assert Answer(200, {}, b"{}").summary == "200"
    assert Answer(302, {"Location": "/login/"}, b"").summary == "302 to /login/"
    assert Answer(200, {"Content-Type": "text/html"}, b"<html>").summary == "200 text/html"
    assert Answer(204, {}, b"").summary == "204 without a body"
    assert Answer(0, {}, b"", hang="a.py:1").summary == "no answer"
