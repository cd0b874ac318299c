"""`educore/settings.py` and its middleware: the content security policy of every answer."""

from __future__ import annotations

import re
from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.observation import Answer, Request
from coursegate.harness.probing.mounting import mounted
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.throttling import TOO_MANY, spend
from coursegate.suites.regression.finding import finding

HEADER, NONE = "Content-Security-Policy", "'none'"
LOOSE = frozenset({"'unsafe-inline'", "'unsafe-eval'"})
# An answer of the API of each kind: what it is -> operation, what it is asked about, by whom.
ANSWERS = {
    "found": ("health.retrieve", "", "guest"),
    "list": ("courses.list", "", "registered"),
    "no-row": ("lessons.retrieve", "999999999", "guest"),
    "no-login": ("enrollments.list", "", "guest"),
}
# A read that is limited, and by which scope (VIEW-02).
LIMITED, SCOPE = "draft-content.list", "sensitive_api"
PAGES = {"admin": "/admin/login/", "swagger": "/api/docs/", "redoc": "/api/redoc/"}


def _policy(answer: Answer) -> dict[str, list[str]]:
    """The directives of a policy with their sources; of one that stands twice the first, as browsers take it (CSP level 3)."""
    text = answer.header(HEADER)
    assert text, f"an answer with status {answer.status} has no {HEADER}"
    found: dict[str, list[str]] = {}
    for name, *sources in (part.split() for part in text.split(";") if part.strip()):
        found.setdefault(name.lower(), [source.lower() for source in sources])
    return found


def _sources(policy: dict[str, list[str]], *directives: str) -> list[str]:
    """Where something may come from: by the first directive that the policy has, or else by the one for everything."""
    return next((policy[name] for name in directives if name in policy), policy["default-src"])


def _check(answer: Answer) -> None:
    policy = _policy(answer)
    assert {"default-src", "frame-ancestors"} <= set(policy), f"the policy has {', '.join(policy)} only"
    objects = _sources(policy, "object-src")
    assert objects == [NONE], f"objects may come from {' '.join(objects)}"
    # Elements and attributes may have a directive of their own, which then counts instead.
    for directive in ("script-src", "script-src-elem", "script-src-attr"):
        scripts = _sources(policy, directive, "script-src")
        assert not LOOSE & set(scripts), f"{directive} lets scripts come from {' '.join(scripts)}"


@finding(
    "SEC-02",
    needs="http",
    cases={
        name: {"operation": operation, "subject": subject, "by": by}
        for name, (operation, subject, by) in ANSWERS.items()
    },
)
def every_answer_has_a_policy(on: Probe, operation: str, subject: str, by: str) -> None:
    """Every answer of the API, errors too, says what a browser may load and run of it."""
    _check(on.send(operation, subject, by=by))


@finding("SEC-02", needs="http")
def what_is_not_routed_has_a_policy(on: Probe) -> None:
    """The answer for an address that there is none says so, too."""
    answer = on.ask("GET", "/api/there-is-no-such-route/")

    assert answer.status == 404
    _check(answer)


@finding("SEC-02", needs="http")
def a_redirection_has_a_policy(on: Probe) -> None:
    """The answer that sends somebody on to another address says so, too."""
    answer = on.ask("GET", "/admin/", headers={"Accept": "text/html"})
    if answer.status not in {301, 302, 303, 307, 308}:
        raise NotApplicable(f"/admin/ sends nobody on: {answer.summary}")

    _check(answer)


@finding("SEC-02", needs="http")
def what_is_malformed_is_answered_with_a_policy(on: Probe) -> None:
    """The answer to a query with a null byte, which may be refused before any view is asked, says so, too."""
    _check(on.ask("GET", "/api/courses/?search=%00"))


@finding("SEC-02", writes=True)
def what_cannot_be_done_has_a_policy(on: Probe) -> None:
    """The answer to a method that an address does not know says so, too."""
    answer = on.ask("DELETE", on.contract.api.operations["health.retrieve"].path)

    assert answer.status >= 400
    _check(answer)


@finding("SEC-02", needs="http")
def an_answer_without_a_body_has_a_policy(on: Probe) -> None:
    """The answer to HEAD says what the one to GET would."""
    answer = on.ask("HEAD", on.contract.api.operations["health.retrieve"].path)
    if answer.status not in range(200, 300):
        raise NotApplicable(f"HEAD is not answered: {answer.summary}")

    _check(answer)


@finding("SEC-02")
def a_request_too_many_has_a_policy(on: Probe) -> None:
    """The answer to one request more than the rate allows says so, too."""
    *_, last = spend(on, on.sample(LIMITED), SCOPE, allowed=1)
    if last.status != TOO_MANY:
        raise NotApplicable(f"{LIMITED} has no limit of scope {SCOPE}: {last.summary}")

    _check(last)


@finding("SEC-02")
def an_error_has_a_policy(on: Probe) -> None:
    """The answer after an unexpected error has a policy as well."""

    def broken(request: Any) -> Any:  # noqa: ARG001 -- what Django hands in
        raise RuntimeError("something that nobody expects")

    with mounted(broken) as path:
        answer = on.target.send(Request("GET", path))

    assert answer.status == 500
    _check(answer)


def _page(on: Probe, path: str) -> Answer:
    answer = on.ask("GET", path, headers={"Accept": "text/html"})
    if answer.status == 404:
        raise NotApplicable(f"there is no page {path}")
    return answer


@finding("SEC-02", needs="http", cases={name: {"path": path} for name, path in PAGES.items()})
def every_page_has_a_policy(on: Probe, path: str) -> None:
    """Every page of HTML says what a browser may load and run of it, and so does what is answered in its place."""
    answer = _page(on, path)
    assert answer.status < 500, f"{path} is answered {answer.summary}"
    _check(answer)


@finding("SEC-02", needs="http")
def the_admin_works_under_its_policy(on: Probe) -> None:
    """The admin's own scripts and style sheets are let through, and none of its scripts stands in the page itself."""
    page = _page(on, PAGES["admin"])
    assert page.status == 200, f"{PAGES['admin']} is answered {page.summary}"
    policy = _policy(page)
    for directive in ("script-src", "style-src"):
        sources = _sources(policy, f"{directive}-elem", directive)
        assert "'self'" in sources, f"{directive} shuts out its own files"
    inline = [
        tag for tag in re.findall(r"<script\b[^>]*>", page.text) if "src=" not in tag and "nonce=" not in tag
    ]
    assert inline == []
