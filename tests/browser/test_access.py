"""Keyboard, screen readers, contrast, dark colours and a phone's width."""

import json
import os
import pathlib

import pytest
from selenium.webdriver.common.keys import Keys

from page import VIEWS
from test_requests import refused_order
from test_signature import MISTAKES

AXE = pathlib.Path(os.environ.get("AXE", "node_modules/axe-core/axe.min.js"))

# Contrast of each text with what is behind it, computed by the definition of WCAG 2.2, for the texts in sight.
CONTRAST = """
const channel = (value) => { const part = value / 255; return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; };
const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
const ground = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const [r, g, b, alpha = 1] = numbers(getComputedStyle(at).backgroundColor);
    if (alpha === 1) return [r, g, b];
  }
  throw new Error('nothing is behind ' + element.outerHTML);
};
const found = [];
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement;
  if (texts.currentNode.textContent.trim() === '' || !element.checkVisibility() || element.matches('script, option, :disabled, .unseen')) continue;
  const [one, other] = [luminance(numbers(getComputedStyle(element).color)), luminance(ground(element))].sort((a, b) => b - a);
  found.push([(one + 0.05) / (other + 0.05), texts.currentNode.textContent.trim().slice(0, 40)]);
}
return found;
"""


@pytest.fixture
def filled(page):
    """A sandbox in which each section has something to show; with the addresses to look at."""
    sandbox = page.sandbox
    id = sandbox.create_order({"number": "17A", "firstName": "Олена"})
    refused_order(sandbox)
    MISTAKES["fields in their own order"][0](sandbox)
    sandbox.uvygoda("setWebHook", {"URL": "http://127.0.0.1:9/hook"})
    sandbox.admin("POST", "webhooks", {"service": "uvygoda", "event": "new_order"})
    sandbox.admin("POST", "faults", {"service": "nicechat", "kind": "latency", "delay_ms": 5})
    page.routes = [*VIEWS, "requests/2", "requests/3", f"entities/retailcrm/orders/{id}", "webhooks/1", "webhooks/new", "faults/latency"]
    return page


def settle(page, route):
    page.open(route)
    page.one("main .view")
    page.until(lambda: "Connecting" not in page.text("header"))
    page.driver.execute_async_script("setTimeout(arguments[0], 250)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 360])
def test_s2_axe_finds_nothing(filled, scheme, width):
    filled.look(width, 800, scheme)
    for route in filled.routes:
        settle(filled, route)
        # By the protocol of the debugger, which the page's policy does not bind.
        filled.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
        found = filled.driver.execute_async_script("axe.run().then((result) => arguments[0](result.violations.map((one) => [one.id, one.help, one.nodes.map((node) => node.html.slice(0, 200) + ' ' + (node.failureSummary ?? ''))])))")
        assert found == [], (route, json.dumps(found, indent=1))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_s2_every_text_has_contrast(filled, scheme):
    filled.look(1360, 850, scheme)
    lowest = 21
    for route in filled.routes:
        settle(filled, route)
        texts = filled.run(CONTRAST)
        assert len(texts) > 15
        poor = [text for text in texts if text[0] < 4.5]
        assert poor == [], (route, poor)
        lowest = min(lowest, *(text[0] for text in texts))
    print(f"\nlowest contrast, {scheme}: {lowest:.2f}")


def test_s2_dark_is_dark_and_light_is_light(page):
    luminance = "return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    page.look(1360, 850, "dark")
    page.open()
    assert max(page.run(luminance)) < 64
    page.look(1360, 850, "light")
    assert min(page.run(luminance)) > 240


def test_s2_a_phone_needs_no_sideways_scrolling(filled):
    filled.look(360, 740, "light")
    for route in filled.routes:
        settle(filled, route)
        wide = filled.run("""return [...document.querySelectorAll('html, body, main, main *')]
            .filter((element) => element.checkVisibility() && element.scrollWidth > element.clientWidth + 1 && /auto|scroll|visible/.test(getComputedStyle(element).overflowX)
                && getComputedStyle(element).display !== 'inline' && element.getBoundingClientRect().left + element.scrollWidth > innerWidth + 1 && !element.closest('.table'))
            .map((element) => element.outerHTML.slice(0, 120))""")
        assert wide == [], (route, wide)
        assert filled.run("return document.documentElement.scrollWidth") <= 360
        assert filled.run("return document.documentElement.scrollHeight") <= 740


def focused(page):
    return page.run("const e = document.activeElement; return e.id || e.getAttribute('href') || e.textContent.slice(0, 30)")


def test_s2_the_keyboard_alone_is_enough(page):
    refused_order(page.sandbox)
    page.sandbox.nicechat("GET")
    page.open()
    page.until(lambda: page.ids() == [2, 1])
    page.press(Keys.TAB)
    assert focused(page) == "skip"
    page.press(Keys.ENTER)
    assert focused(page) == "main"
    page.run("document.querySelector('.list').focus()")
    page.press(Keys.ARROW_DOWN).sees("Request 2", ".detail")
    page.press(Keys.ARROW_DOWN).sees("Request 1", ".detail")
    active = page.run("return document.getElementById(document.querySelector('.list').getAttribute('aria-activedescendant'))?.getAttribute('aria-selected')")
    assert active == "true"
    page.press(Keys.ENTER).press("k").sees("Request 2", ".detail")
    page.press("j").sees("Request 1", ".detail").press("c").sees("Copied")
    assert page.clipboard().startswith("curl ")
    page.press("r").sees("Request 3", ".detail")
    page.press(Keys.ESCAPE)
    page.until(lambda: page.run("return location.hash") == "#/requests")
    page.press("/")
    assert focused(page) == "filter-text"
    page.press(Keys.ESCAPE).press("p").sees("Resume").press("p").sees("Pause")
    page.press("?")
    page.until(lambda: page.run("return document.querySelector('#help').open"))
    page.press(Keys.ESCAPE)
    page.until(lambda: not page.run("return document.querySelector('#help').open"))
    for number, view in enumerate(VIEWS, 1):
        page.press(str(number))
        page.until(lambda: page.run("return location.hash") == f"#/{view}")


def test_s2_single_keys_can_be_turned_off(page):
    page.open().press("?").click("#help input").press(Keys.ESCAPE).press("4")
    page.driver.execute_async_script("setTimeout(arguments[0], 200)")
    assert page.run("return location.hash") == "#/requests"
    page.click("#help-open").click("#help input").press(Keys.ESCAPE).press("4")
    page.until(lambda: page.run("return location.hash") == "#/faults")


def test_s2_the_tabulator_reaches_every_control_and_its_focus_is_seen(filled):
    """Goes through the whole page by Tab; what can be clicked has been focused, with a ring around it."""
    for route in filled.routes:
        settle(filled, route)
        wanted = filled.run("""window.left = new Set([...document.querySelectorAll('a[href], button:not(:disabled), input, select, textarea, summary')]
            .filter((element) => element.checkVisibility() && element.tabIndex >= 0)); return window.left.size""")
        assert wanted > 8
        for _ in range(3 * wanted + 20):
            filled.press(Keys.TAB)
            ring = filled.run("""const e = document.activeElement; if (e === document.body) return 'none to see';
                window.left.delete(e); const style = getComputedStyle(e.matches('.list') && e.querySelector('.active') || e);
                return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 || e.matches('.list') ? '' : e.outerHTML.slice(0, 160)""")
            assert ring in ("", "none to see"), (route, ring)
            if filled.run("return window.left.size") == 0:
                break
        assert filled.run("return [...window.left].map((element) => element.outerHTML.slice(0, 160))") == [], route
