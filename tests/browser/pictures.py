"""Makes the pictures of docs/sandbox.md: `python pictures.py` in the environment of the tests, with the command built.

The sandbox has a seed, so that its keys are the same each time.
"""

import base64
import pathlib
import tempfile

from page import Page, chromium
from sandbox import ROOT, Sandbox
from test_requests import refused_order
from test_signature import MISTAKES

PICTURES = ROOT / "docs/guide"
MOST_BYTES = 200 * 1024


def save(file, picture):
    assert len(picture) < MOST_BYTES, (file, len(picture))
    (PICTURES / file).write_bytes(picture)


def file_of(mistake):
    return f"mistake-{mistake.replace(' ', '-').lower()}.png"


def overview(driver, downloads):
    """A list of requests, with one whose signature is wrong."""
    sandbox = Sandbox("--seed", "7")
    try:
        sandbox.nicechat("GET")
        sandbox.uvygoda("getStages", [])
        sandbox.create_order({"number": "17A", "firstName": "Олена"})
        sandbox.retailcrm("GET", "/api/v5/orders")
        refused_order(sandbox)
        sandbox.nicechat("GET")
        MISTAKES["fields in their own order"][0](sandbox)
        page = Page(driver, sandbox, downloads)
        page.look(1200, 720, "light")
        page.open("requests/7").sees("Why it was refused").one("#signature .verdict")
        save("signature.png", base64.b64decode(driver.get_screenshot_as_base64()))
    finally:
        sandbox.stop()


def mistake(driver, downloads, name):
    """What the page says of one mistake."""
    sandbox = Sandbox("--seed", "7")
    try:
        MISTAKES[name][0](sandbox)
        page = Page(driver, sandbox, downloads)
        page.look(820, 1400, "light")
        page.open("requests/1").one("#signature .verdict")
        section = page.one("#signature")
        save(file_of(name), section.screenshot_as_png)
    finally:
        sandbox.stop()


def main():
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as downloads:
        driver = chromium(pathlib.Path(downloads))
        try:
            overview(driver, pathlib.Path(downloads))
            for name in MISTAKES:
                mistake(driver, pathlib.Path(downloads), name)
        finally:
            driver.quit()


if __name__ == "__main__":
    main()
