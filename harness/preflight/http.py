"""The transport: the host is accepted, a token is obtained, one known read has its known content."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from coursegate.contracts.agreement import PREFIX
from coursegate.harness.client import TOKEN_PATH, CannotAsk, Client, token_of
from coursegate.harness.observation import Answer, Request
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.verdicts import Verdict
from coursegate.harness.world import World

# Reads that every caller may make, one of which must answer with what is known to be there.
KNOWN_READS = {
    "courses.retrieve": "course-open",
    "lessons.retrieve": "lesson-guest",
    "categories.list": "category-open",
}


def check_http(client: Client) -> RungResult:
    """Last rung: talk to the API. What cannot be reached, or does not show what is there, blocks everything."""
    try:
        return _talk(client)
    except CannotAsk as gone:
        return RungResult("http", Verdict.FAIL, (str(gone),), blocks="everything above")


def _talk(client: Client) -> RungResult:
    target, world = client.target, client.world
    answers = {
        name: target.send(_read(client, name, subject))
        for name, subject in KNOWN_READS.items()
        if subject in world.ids
    }
    known = [name for name, answer in answers.items() if _is_known(answer, world, KNOWN_READS[name])]
    token_problem = _token_problem(client)
    if known:
        causes = tuple(filter(None, [token_problem or _turned_away(client)]))
        return RungResult("http", Verdict.FAIL if causes else Verdict.PASS, causes)
    seen = "; ".join(f"{name} answers {_told(answer)}" for name, answer in answers.items())
    # A read that crashes in the backend's own code has reached it: the transport holds, and the cells say what broke.
    blocks = "" if any(answer.error for answer in answers.values()) else "everything above"
    cause = f"{_pattern(list(answers.values()))}: no known read has its known content ({seen or 'nothing could be asked'})"
    swallowed = _swallowed(client, answers)
    return RungResult("http", Verdict.FAIL, (*swallowed, cause, *filter(None, [token_problem])), blocks)


def _swallowed(client: Client, answers: dict[str, Answer]) -> list[str]:
    """What the backend raised while it showed nothing, and told nobody: the true cause of an empty catalogue."""
    found: dict[str, tuple[str, list[str]]] = {}
    for name, answer in answers.items():
        if answer.status < 500 and not answer.hang:
            for error in client.target.raised_by(_read(client, name, KNOWN_READS[name])):
                text = f"{error.place}: {error.exception}: {error.message}"
                found.setdefault(f"{error.place} {error.exception}", (text, []))[1].append(
                    f"{answer.status} of {name}"
                )
    return [
        f"{text}; it is behind the {', the '.join(dict.fromkeys(seen))}" for text, seen in found.values()
    ][:3]


def _turned_away(client: Client) -> str:
    """Why a caller with a token gets nowhere, although a guest does; "" where one is let in."""
    told: list[str] = []
    for name in [name for name in client.contract.world.principals if name in client.world.accounts][:2]:
        for operation, subject in KNOWN_READS.items():
            if subject in client.world.ids:
                plain = _read(client, operation, subject)
                credentials = {"Authorization": f"Bearer {client.sign_in(name)}"}
                answer = client.target.send(replace(plain, principal=name, headers=credentials))
                if not answer.is_redirect and answer.status not in {401, 403}:
                    return ""
                told.append(f"{operation} answers {name} {_told(answer)}")
    return f"whoever brings a token is turned away, a guest is not: {'; '.join(told[:3])}" if told else ""


def _read(client: Client, operation: str, subject: str) -> Request:
    said = client.contract.api.operations[operation]
    path = said.path
    if said.lookup:
        path = path.replace(
            "{" + said.lookup + "}", client.world.lookups[subject].get(said.attribute, "unknown")
        )
    return Request("GET", path)


def _is_known(answer: Answer, world: World, subject: str) -> bool:
    tokens = world.planted.get(subject, {}).values()
    return answer.status == 200 and any(token in answer.text.lower() for token in tokens)


def _token_problem(client: Client) -> str:
    """Why no principal gets a token from the token operation; "" where one does."""
    tried = [name for name in client.contract.world.principals if name in client.world.accounts]
    for name in tried[:3]:
        answer = client.target.send(client.token_request(name))
        if token_of(answer):
            return ""
    return (
        f"no token: POST {TOKEN_PATH} answers {_told(answer)}; where accounts need something in columns of your own, "
        "say so under [rows]"
        if tried
        else "no token: no account could be made"
    )


def _told(answer: Answer) -> str:
    if answer.hang:
        return f"not at all, it stands in {answer.hang}"
    if answer.error:
        return f"{answer.status} ({answer.error.exception}: {answer.error.message} at {answer.error.place})"
    return answer.summary


def _redirected_by(location: str) -> str:
    """Who sends a reader of the API there, by where it is."""
    there = urlsplit(location)
    before, found, _ = there.path.partition(PREFIX)
    if found and before:
        return f'as where the API stands below a prefix: say prefix = "{before}{PREFIX}" in [target] of the team\'s file'
    if found and there.scheme == "https":
        return "as SECURE_SSL_REDIRECT does, or a proxy that wants https"
    return "as Django's login_required does"


def _pattern(answers: list[Answer]) -> str:
    """What all the answers have in common, where that names the cause."""
    if not answers:
        return "nothing to read"
    if all(answer.is_redirect for answer in answers):
        location = answers[0].header("Location")
        return f"every request is redirected to {location}, {_redirected_by(location)}"
    statuses = {answer.status for answer in answers}
    if statuses == {400}:
        return "every request is answered 400, as when the host header is refused"
    if statuses == {429}:
        return "every request is throttled (429)"
    if all(answer.json is None and "html" in answer.header("Content-Type") for answer in answers):
        return "every request is answered with a page of HTML, as by a login page or a proxy that stands before it"
    if len(statuses) == 1:
        return f"every request is answered {statuses.pop()}"
    return "the API cannot be read"
