"""`summary.md` and `junit.xml`: what a pull request shows of a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from coursegate.harness.atomic_file import write_whole


def write_summary(data: dict[str, Any], folder: Path) -> Path:
    return write_whole(folder / "summary.md", "\n".join(markdown(data)) + "\n")


def markdown(data: dict[str, Any]) -> Iterator[str]:
    """The result in a few lines; `data` is that of verdict.json."""
    yield f"## Load, {data['profile']}: {data['verdict']}"
    yield ""
    yield f"{data['reason']}" + (f" (`{data['cause']}`)" if data["cause"] else "")
    yield ""
    for stage in data["stages"]:
        cpu = stage["cpu_ms_per_request"]
        yield (
            f"- {stage['stage']}: {stage['arrived']} of {stage['offered']} journeys, "
            + (
                f"{stage['skipped']} of them found everything in use that they write, "
                if stage["skipped"]
                else ""
            )
            + f"{stage['requests']} requests, {stage['per_second']}/s"
            + (f", {cpu} ms of the server's processor time each" if cpu is not None else "")
        )
    if data["objectives"]:
        yield ""
        yield "| objective | figure | seen | limit | requests | |"
        yield "|---|---|---:|---:|---:|---|"
        for one in data["objectives"]:
            mark = "kept" if one["held"] else "**broken**"
            yield (
                f"| {one['about']} | {one['figure']} | {one['seen']:.4g} | {one['limit']:g} "
                f"| {one['samples']} | {mark} |"
            )
    for hole in data["void"]:
        yield f"\nVoid: {hole['text']} (`{hole['code']}`)"
    for one in data["invariants"]:
        yield f"\nBroken {one['count']} times: {one['invariant']}, such as {one['examples'][0]['text']}"
    if data["over"]:
        yield f"\nThe climb was over in {data['over']}"
    for name, why in data["left_out"].items():
        yield f"\nLeft out: {name}: {why}"


def write_junit(data: dict[str, Any], folder: Path) -> Path:
    """Write `junit.xml`: a test case for the invariants, one for completeness, one for each figure."""
    cases = list(_cases(data))
    failed = sum(case.find("failure") is not None for case in cases)
    errors = sum(case.find("error") is not None for case in cases)
    suite = ElementTree.Element(
        "testsuite",
        {
            "name": f"load.{data['profile']}",
            "tests": str(len(cases)),
            "failures": str(failed),
            "errors": str(errors),
        },
    )
    suite.extend(cases)
    ElementTree.indent(suite)
    return write_whole(folder / "junit.xml", ElementTree.tostring(suite, encoding="unicode") + "\n")


def _cases(data: dict[str, Any]) -> Iterator[ElementTree.Element]:
    broken = [f"{one['invariant']}: {one['examples'][0]['text']}" for one in data["invariants"]]
    yield _case(data, "invariants", "failure", broken)
    yield _case(data, "completeness", "error", [f"{one['code']}: {one['text']}" for one in data["void"]])
    for one in data["objectives"]:
        told = [] if one["held"] else [f"{one['seen']:.4g}, the limit is {one['limit']:g}"]
        yield _case(data, f"{one['about']}: {one['figure']}", "failure", told)


def _case(data: dict[str, Any], name: str, kind: str, told: list[str]) -> ElementTree.Element:
    case = ElementTree.Element("testcase", {"classname": f"load.{data['profile']}", "name": name})
    if told:
        ElementTree.SubElement(case, kind, {"message": told[0]}).text = "\n".join(told)
    return case
