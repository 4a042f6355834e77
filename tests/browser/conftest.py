"""What the tests of the page share: one Chromium, and a sandbox for each test."""

import pytest

from page import Page, chromium
from sandbox import Sandbox


@pytest.fixture(scope="session")
def downloads(tmp_path_factory):
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="session")
def driver(downloads):
    driver = chromium(downloads)
    yield driver
    driver.quit()


@pytest.fixture
def start():
    """Starts sandboxes with flags of the test's choice, and ends them."""
    started = []

    def begin(*flags, **options):
        started.append(Sandbox(*flags, **options))
        return started[-1]

    yield begin
    for sandbox in started:
        sandbox.stop()


@pytest.fixture
def sandbox(start):
    return start()


@pytest.fixture
def visit(driver, downloads, start):
    """Opens the page of a sandbox. After the test the console must be empty: no error, nothing that the policy refused.

    It asks for `start`, so that the page is looked at before its sandbox ends.
    """
    pages = []

    def begin(sandbox):
        for file in downloads.iterdir():
            file.unlink()
        pages.append(Page(driver, sandbox, downloads))
        return pages[-1]

    yield begin
    errors = [error for page in pages for error in page.errors()]
    driver.get("about:blank")
    driver.get_log("browser")
    assert errors == []


@pytest.fixture
def page(visit, sandbox):
    return visit(sandbox)
