"""A real browser, where this machine has one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from coursegate.contracts.contract import Contract, load_contract
from coursegate.harness.report.gate_json import Result
from coursegate.harness.report.html import write_page
from coursegate.tests.harness.sample_runs import large

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, as the operating system installs it."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(
            "not run: there is no Chromium here (apt-get install chromium), so no page was opened in one"
        )
    with sync_playwright() as playwright:
        # Its sandbox needs rights that a container does not give; it opens our own files only.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load_contract()


@pytest.fixture(scope="session")
def page_file(contract: Contract, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a run of 600 checks, of which 60 fail."""
    return _written(large(contract, checks=600, failures=60), contract, tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="session")
def large_file(contract: Contract, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a run of 5,000 checks, of which 500 fail."""
    return _written(large(contract), contract, tmp_path_factory.mktemp("large"))


def _written(result: Result, contract: Contract, folder: Path) -> Path:
    write_page(result, contract, folder)
    return folder / "gate.html"
