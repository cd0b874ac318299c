"""The field validators: what passes, what is refused, and by which code."""

from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.migrations.writer import MigrationWriter
from PIL import Image

from courses import certificate_numbers, utils, validation, validators
from courses.constants import CourseLevel

ID = "dQw4w9WgXcQ"


def refusal(validator: Any, *values: Any) -> str | None:
    """The code that the validator refuses with; None when it passes."""
    try:
        validator(*values)
    except ValidationError as error:
        return str(error.code)
    return None


def test_the_shortest_text_is_measured_without_blanks() -> None:
    validator = validators.MinStrLenValidator(3)

    assert [refusal(validator, text) for text in ("abc", " abc ", "ab", "a b", "    ", "")] == [
        *(None, None, "min_length"),
        *(None, "min_length", "min_length"),
    ]
    assert validator == validators.MinStrLenValidator(3) != validators.MinStrLenValidator(4)
    text, imports = MigrationWriter.serialize(validator)
    assert (text, imports) == ("courses.validators.MinStrLenValidator(3)", {"import courses.validators"})


@pytest.mark.parametrize(
    "url",
    [
        f"https://youtu.be/{ID}",
        f"https://youtu.be/{ID}?si=abc_-1",
        f"https://youtu.be/{ID}?t=5&si=x",
        f"https://www.youtube.com/watch?v={ID}&t=1m30s",
        f"http://youtube.com/shorts/{ID}",
        f"https://m.youtube.com/live/{ID}?feature=share",
        "https://www.youtube.com/playlist?list=PL0123456789",
        f"https://www.youtube-nocookie.com/embed/{ID}",
        "https://vimeo.com/123456789?h=0123abcdef",
        "https://player.vimeo.com/video/123456789#t=30s",
        "",
        None,
    ],
)
def test_known_video_urls_pass(url: str | None) -> None:
    assert refusal(validators.validate_video_url, url) is None


@pytest.mark.parametrize(
    "url",
    [
        f"https://youtu.be/{ID}?redirect=javascript:alert(1)",
        f"https://youtu.be/{ID}?exec=ls",
        f"https://youtu.be/{ID}?si=%22onload%3D",
        f"ftp://youtu.be/{ID}",
        f"javascript:alert(1)//youtu.be/{ID}",
        f"https://youtu.be@evil.example/{ID}",
        f"https://evil.example/youtu.be/{ID}",
        f"https://youtube.com.evil.example/watch?v={ID}",
        f"https://youtu.be:8080/{ID}",
        f"https://youtu.be/{ID}\n",
        "https://youtu.be/short",
        "https://www.youtube.com/watch",
        "https://www.youtube.com/watch?v=short",
        f"https://www.youtube.com/watch?v=short&v={ID}",
        f"https://youtu.be/{ID}?t=javascript:alert(1)&t=5",
        "https://[youtu.be/x",
        "https://example.org/video.mp4",
        17,
    ],
)
def test_other_video_urls_are_refused(url: Any) -> None:
    assert refusal(validators.validate_video_url, url) == "invalid_video_url"


def test_every_generated_certificate_number_is_valid_and_unique() -> None:
    numbers = {
        certificate_numbers.generate_certificate_number(course, user)
        for course in (1, 999_999, 9_999_999_999)
        for user in (1, 42, 9_999_999_999)
        for _time in range(20)
    }

    assert len(numbers) == 180
    assert {refusal(validators.validate_certificate_number, number) for number in numbers} == {None}
    assert max(map(len, numbers)) <= certificate_numbers.MAX_CERTIFICATE_NUMBER_LENGTH
    assert all(certificate_numbers.CANONICAL_PATTERN.fullmatch(number) for number in numbers)


@pytest.mark.parametrize(
    "number",
    ["CERT-1-2-20240131", "CERT-000001-000002-20240131120000", "EDU-2023-0001AB", "CERT-0123456789abcdef"],
)
def test_numbers_issued_long_ago_stay_valid(number: str) -> None:
    assert refusal(validators.validate_certificate_number, number) is None


@pytest.mark.parametrize(
    "number",
    ["", "CERT-", "not-a-number", "CERT-1-2", "cert-1-2-20240131\n", "<b>", None, 7, object(), ["CERT"]],
)
def test_other_certificate_numbers_are_refused_without_a_type_error(number: Any) -> None:
    assert refusal(validators.validate_certificate_number, number) == "invalid_certificate_number"


def test_course_levels_are_those_of_the_choices() -> None:
    assert {refusal(validators.validate_course_level, level) for level in CourseLevel.values} == {None}
    assert refusal(validators.validate_course_level, "expert") == "invalid_course_level"


@pytest.mark.parametrize(
    ("validator", "good", "bad", "code"),
    [
        (
            validators.validate_percentage,
            [0, 100, "12.5"],
            [-1, 101, "NaN", "x", None, True],
            "invalid_percentage",
        ),
        (validators.validate_price_range, [0, "49.99"], [-0.01, 1_000_000, "Infinity"], "invalid_price"),
        (validators.validate_rating, [1, 5], [0, 6], "invalid_rating"),
        (validators.validate_duration_minutes, [1, 90], [0, -5, 10_081], "invalid_duration"),
        (validators.validate_slug_format, ["a", "a-1", "a_b"], ["", "-a", "A", "a b", "a-"], "invalid_slug"),
        (
            validators.validate_phone_number,
            ["+49 30 1234567"],
            ["12", "abc", "1" * 16],
            "invalid_phone_number",
        ),
        (validators.validate_tags, [[], ["a"]], [["a"] * 21], "too_many_items"),
        (validators.validate_course_requirements, [["a"]], [["a", " "], [1]], "invalid_item"),
        (validators.validate_learning_objectives, [["a"]], ["a", {}, None], "not_a_list"),
        (validators.validate_access_level, ["enterprise"], ["vip"], "invalid_access_level"),
        (validators.validate_lesson_type, ["quiz"], ["talk"], "invalid_lesson_type"),
        (validators.validate_resource_type, ["archive"], ["exe"], "invalid_resource_type"),
        (validators.validate_question_type, ["essay"], ["riddle"], "invalid_question_type"),
        (validators.validate_enrollment_status, ["pending"], ["gone"], "invalid_enrollment_status"),
        (validators.validator, ["a", 0, [1]], ["", "  ", None, []], "blank"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_values_are_accepted_or_refused(validator: Any, good: list[Any], bad: list[Any], code: str) -> None:
    assert [refusal(validator, value) for value in good] == [None] * len(good)
    assert [refusal(validator, value) for value in bad] == [code] * len(bad)


def test_a_list_field_names_its_errors() -> None:
    assert utils.validate_json_field([" a "], "tags") == ["a"]
    with pytest.raises(ValidationError) as refused:
        utils.validate_json_field(["a"], "tags", min_str_length=2)
    assert list(refused.value.message_dict) == ["tags"]


def test_files_are_judged_by_name_size_type_and_content() -> None:
    buffer = BytesIO()
    Image.new("RGB", (1, 1)).save(buffer, "PNG")
    png = buffer.getvalue()
    good = SimpleUploadedFile("a.PNG", png, "image/png")
    assert refusal(validators.validate_image_file, good) is None
    assert good.read() == png, "the file must be readable from its start afterwards"

    assert refusal(validators.validate_image_file, SimpleUploadedFile("a.exe", png)) == "invalid_extension"
    typed = SimpleUploadedFile("a.png", png, "text/html")
    assert refusal(validators.validate_image_file, typed) == "invalid_content_type"
    fake = SimpleUploadedFile("a.png", b"no image", "image/png")
    assert refusal(validators.validate_image_file, fake) == "invalid_image"
    assert refusal(validators.FileSizeValidator(3), SimpleUploadedFile("a", b"four")) == "file_too_large"


def test_a_picture_that_says_it_is_enormous_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "PNG")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 8)

    enormous = SimpleUploadedFile("a.png", buffer.getvalue(), "image/png")

    assert refusal(validators.validate_image_file, enormous) == "invalid_image"


def test_every_name_is_the_same_object_on_every_path() -> None:
    assert set(dir(validators)) >= set(validators.__all__)
    assert validators.validate_certificate_number is certificate_numbers.validate_certificate_number
    assert utils.validate_json_field is validators.validate_json_field is utils.core.validate_json_field
    assert validation.sanitize_input is utils.sanitize_input is utils.sanitisation.sanitize_input
    assert utils.format_duration is utils.core.format_duration
    assert validation.can_user_access_content is utils.can_user_access_content
    assert validation.get_unified_user_access_level is utils.get_unified_access_level
