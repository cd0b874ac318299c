"""Sanitising, gating copy, formats and file names."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from courses import utils
from courses.utils import core
from courses.utils.sanitisation import (
    SAFE_TAGS,
    clean_html_content,
    sanitize_input,
    validate_content_security,
)

ATTACKS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    '<img src=x onerror="alert(1)">',
    "<svg/onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" &#106;ava\tscript:alert(1)">x</a>',
    '<p style="background:url(javascript:alert(1))">x',
    "<div><p>unclosed <b>bold",
    '<p class="a"b onclick=x">broken</p>',
    "\x00<\x00script>alert(1)</script>",
    '<math><mi//xlink:href="data:x,<script>alert(4)</script>">',
    None,
    17,
]


@pytest.mark.parametrize("attack", ATTACKS, ids=repr)
@pytest.mark.parametrize("clean", [clean_html_content, sanitize_input])
def test_nothing_that_runs_survives(clean: Any, attack: Any) -> None:
    result = clean(attack)

    assert not any(
        bad in result.lower() for bad in ("<script", "onerror", "onload", "onclick=", "script:", "\x00")
    )
    assert clean(result) == result
    assert result.count("<b>") == result.count("</b>")


def test_formatting_survives_byte_for_byte() -> None:
    markup = '<h2>T</h2><p class="x">A <strong>b</strong> &amp; <a href="https://example.org">c</a></p>'

    assert clean_html_content(markup) == markup
    assert {"h1", "h6", "p", "img", "div", "span", "a", "strong"} <= SAFE_TAGS


def test_plain_text_keeps_its_ampersands() -> None:
    assert sanitize_input(" R&D <b>now</b> ") == "R&D now"
    assert sanitize_input("&lt;script&gt;") == "&lt;script&gt;"
    assert utils.extract_text_from_html("<p>A &amp;</p><p>b<i>c</i></p>") == "A & bc"


def test_dangerous_text_is_named_by_its_field() -> None:
    validate_content_security("1 < 2, on time = now")
    with pytest.raises(ValidationError) as refused:
        validate_content_security("x <IFRAME src=y>", "title")
    assert list(refused.value.message_dict) == ["title"]


@pytest.mark.parametrize(
    ("language", "level", "words"),
    [
        ("en", "premium", "Upgrade to a premium subscription"),
        ("en", "enterprise", "Upgrade to a premium subscription"),
        ("en", "unknown", "Upgrade to a premium subscription"),
        ("en", "registered", "Sign in or create a free account"),
        ("de", "premium", "Premium-Abonnement"),
        ("de", "registered", "Melden Sie sich an"),
        ("hi", "premium", "प्रीमियम सदस्यता"),
        ("hi", "registered", "साइन इन"),
    ],
)
def test_the_notice_speaks_the_readers_language(language: str, level: str, words: str) -> None:
    with translation.override(language):
        notice = utils.get_restricted_content_message("<b>R&D</b> {0} %s", level)
        default = str(core.DEFAULT_PREMIUM_CONTENT_MESSAGE)

    assert words in notice
    assert notice.startswith("<div ")
    assert f'lang="{language}"' in notice.split(">")[0]
    assert "&lt;b&gt;R&amp;D&lt;/b&gt; {0} %s" in notice
    assert f'lang="{language}"' in default


@pytest.mark.parametrize(
    ("make", "value", "text"),
    [
        (utils.format_duration, 0, "0m"),
        (utils.format_duration, 60, "1h"),
        (utils.format_duration, 125, "2h 5m"),
        (utils.format_time_spent, 59, "59s"),
        (utils.format_time_spent, 330, "5m 30s"),
        (utils.format_time_spent, 7500, "2h 5m"),
        (utils.format_filesize, 0, "0 B"),
        (utils.format_filesize, 1023, "1023 B"),
        (utils.format_filesize, 1536, "1.5 KB"),
        (utils.format_filesize, 5 * 1024**5, "5120.0 TB"),
        (utils.format_price, 0, "Free"),
        (utils.format_price, 49.99, "$49.99"),
    ],
)
def test_numbers_are_written_for_people(make: Any, value: Any, text: str) -> None:
    assert make(value) == text


@pytest.mark.parametrize("value", [None, -1, "x", float("nan"), True])
def test_what_is_unknown_is_none(value: Any) -> None:
    makers = (utils.format_duration, utils.format_time_spent, utils.format_filesize, utils.format_price)

    assert [make(value) for make in makers] == [None] * 4


def test_completion_is_whole_only_when_all_is_done() -> None:
    assert utils.calculate_completion_percentage(1, 3) == 33.33
    assert utils.calculate_completion_percentage(99_999, 100_000) == 99.99
    assert utils.calculate_completion_percentage(4, 3) == 100.0
    assert utils.calculate_completion_percentage(0, 0) == 0.0


@pytest.mark.parametrize(
    "name", ["", "noextension", "../a.pdf", "a/b.pdf", "a.php.pdf", "a.exe", ".pdf", "a\n.pdf"]
)
def test_file_names_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        utils.validate_file_security(name)


def test_uploads_keep_only_their_extension() -> None:
    first, second = (utils.upload_lesson_resource(None, "../../etc/My file.PDF") for _upload in range(2))

    assert first != second
    assert first.startswith("courses/resources/")
    assert first.endswith(".pdf")
    assert ".." not in first


def test_verification_hashes_depend_on_every_fact_and_the_secret(settings: Any) -> None:
    first = utils.generate_verification_hash("CERT-1", 1)

    assert len(first) == 64
    assert (
        first
        == utils.generate_verification_hash("CERT-1", 1)
        != utils.generate_verification_hash("CERT-1", 2)
    )
    settings.SECRET_KEY = "another"
    assert first != utils.generate_verification_hash("CERT-1", 1)
