"""The files for more than one machine say what our commands understand. Images are not built here, nor is a cluster asked."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import coursegate
from coursegate.commands import load

ROOT = Path(coursegate.__file__).parent
DEPLOY = ROOT / "load" / "deploy"
# What the operator's documentation lists for a LocustTest.
OPERATOR_KEYS = {
    *("image", "workers", "args", "env", "locustfile", "labels", "annotations", "master", "worker"),
    *("imagePullPolicy", "imagePullSecrets"),
}


def documents(name: str) -> list[dict[str, Any]]:
    return [one for one in yaml.safe_load_all((DEPLOY / name).read_text(encoding="utf-8")) if one]


def containers() -> Iterator[tuple[str, dict[str, Any]]]:
    for one in documents("kubernetes/job.yaml"):
        if one["kind"] == "Job":
            for container in one["spec"]["template"]["spec"]["containers"]:
                yield container["name"], container


def understood(arguments: list[str]) -> argparse.Namespace:
    """The arguments of `coursegate load`, read by its own parser."""
    parser = argparse.ArgumentParser()
    load.add_arguments(parser, ROOT / "backend")
    return parser.parse_args(arguments)


def compose() -> dict[str, Any]:
    (found,) = documents("compose.yaml")
    return found


def test_the_gate_of_the_compose_file_understands_its_arguments() -> None:
    """The master is started with options that exist, and waits for as many workers as are started."""
    services = compose()["services"]
    said = understood(services["gate"]["command"])
    assert said.workers == services["worker"]["deploy"]["replicas"]
    assert said.workers_elsewhere.rpartition(":")[2] == port_of(services["worker"]["command"])


def test_every_service_waits_for_services_that_are_there() -> None:
    """depends_on, network_mode and volumes name what the file defines."""
    found = compose()
    services, volumes = found["services"], found["volumes"]
    for name, service in services.items():
        assert set(service.get("depends_on", ())) <= services.keys(), name
        assert service.get("network_mode", "service:gate").removeprefix("service:") in services, name
        named = [volume.partition(":")[0] for volume in service.get("volumes", ())]
        assert {one for one in named if not one.startswith(".")} <= volumes.keys(), name
        assert "network_mode" not in service or "networks" not in service, name


def test_traffic_of_the_compose_file_stays_on_loopback() -> None:
    """Target and master listen where nobody else can ask them."""
    services = compose()["services"]
    texts = [*services["gate"]["command"], *services["worker"]["command"], *services["target"]["entrypoint"]]
    hosts = re.findall(r"\d+\.\d+\.\d+\.\d+", " ".join(texts))
    assert hosts
    assert set(hosts) == {"127.0.0.1"}


def test_the_jobs_fit_together() -> None:
    """The Service selects the master, the workers go to it, and there are as many as the master waits for."""
    service, master, workers = documents("kubernetes/job.yaml")
    labels = master["spec"]["template"]["metadata"]["labels"]
    assert service["spec"]["selector"].items() <= labels.items()
    by_name = dict(containers())
    said = understood(by_name["master"]["args"])
    arguments = by_name["worker"]["args"]
    assert said.workers == workers["spec"]["parallelism"] == workers["spec"]["completions"]
    assert f"--master-host={service['metadata']['name']}" in arguments
    assert said.workers_elsewhere.rpartition(":")[2] == port_of(arguments)
    assert service["spec"]["ports"][0]["port"] == int(port_of(arguments))


@pytest.mark.parametrize("name", ["kubernetes/job.yaml", "kubernetes/operator.yaml"])
def test_every_manifest_is_one(name: str) -> None:
    """Each document says its version, kind and name, and each pod what it may take."""
    for one in documents(name):
        assert {"apiVersion", "kind", "metadata", "spec"} <= one.keys()
        assert re.fullmatch(r"[a-z0-9-]+", one["metadata"]["name"])
    for _, container in containers():
        assert container["resources"].keys() >= {"requests", "limits"}


def test_the_operator_is_told_only_what_it_knows() -> None:
    """The resource of Locust's operator has no key that its documentation does not list."""
    (found,) = documents("kubernetes/operator.yaml")
    assert (found["apiVersion"], found["kind"]) == ("locust.io/v1", "LocustTest")
    assert found["spec"].keys() <= OPERATOR_KEYS
    assert {one["name"] for one in found["spec"]["env"]} == {"COURSEGATE_WORLD", "COURSEGATE_ALLOW_HOST"}


def test_the_image_holds_what_it_is_started_with() -> None:
    """Every file that the Dockerfile copies exists, and it does not run as root."""
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [word for line in lines if line.startswith("COPY") for word in line.split()[1:-1]]
    assert all((ROOT / word).exists() for word in copied)
    assert "USER gate" in lines
    assert (ROOT / "load" / "generator" / "locustfile.py").is_file()


def port_of(arguments: list[str]) -> str:
    return next(one.partition("=")[2] for one in arguments if one.startswith("--master-port="))
