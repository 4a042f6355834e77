"""The page in Chromium: what a person does with it, and what they see."""

import json
import time

from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

PATIENCE = 10
VIEWS = ("requests", "entities", "webhooks", "faults", "scenarios", "sandbox")


def chromium(downloads):
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--window-size=1360,850"):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads), "download.prompt_for_download": False})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    # A machine that builds meanwhile is slow.
    driver.set_script_timeout(120)
    return driver


class Page:
    def __init__(self, driver, sandbox, downloads):
        self.driver = driver
        self.sandbox = sandbox
        self.downloads = downloads
        # Errors of the console that a test provokes, by a part of their text.
        self.expected_errors = ()
        self.look(1360, 850, "light")
        driver.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]})

    def look(self, width, height, scheme):
        """Sets the size of the window and the colour scheme."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def open(self, route="requests"):
        self.driver.get("about:blank")
        self.driver.get(f"{self.sandbox.admin_url}/#/{route}")
        self.until(lambda: self.text("#connection") == "Live")
        return self

    def go(self, route):
        """Another section of the page that is open."""
        self.run("location.hash = arguments[0]", f"#/{route}")

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def find(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def one(self, css):
        """The element, once it is there."""
        return self.until(lambda: (self.find(css) or [None])[0], css)

    def text(self, css):
        return self.run("return document.querySelector(arguments[0])?.textContent ?? null", css)

    def sees(self, text, css="main"):
        """Waits until the text can be seen in the element."""
        self.until(lambda: text in (self.run("return document.querySelector(arguments[0])?.innerText ?? ''", css)), text)
        return self

    def click(self, css):
        self.one(css).click()
        return self

    def press(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()
        return self

    def type(self, css, text):
        element = self.one(css)
        element.clear()
        element.send_keys(text)
        return self

    def until(self, condition, what=""):
        end = time.monotonic() + PATIENCE
        while True:
            value = condition()
            if value:
                return value
            assert time.monotonic() < end, f"not within {PATIENCE} s: {what or condition}\n{self.text('main')}"
            time.sleep(0.02)

    def rows(self):
        """The rows of the list that are in the document, by their ids, newest first."""
        script = """return [...document.querySelectorAll('.list-row')].map((row) => [Number(row.dataset.id),
            row.querySelector('.path a').textContent, row.querySelector('.status').textContent])"""
        return sorted(self.run(script), reverse=True)

    def ids(self):
        return [row[0] for row in self.rows()]

    def clipboard(self):
        return self.driver.execute_async_script("const done = arguments[0]; navigator.clipboard.readText().then(done, (error) => done(String(error)))")

    def downloaded(self, name):
        """The JSON of a file that the page has downloaded."""
        file = self.downloads / name
        self.until(file.exists, name)
        return json.loads(file.read_text(encoding="utf-8"))

    def errors(self):
        """What stands in the console: errors of scripts, refusals of the Content-Security-Policy, failed requests."""
        messages = [entry["message"] for entry in self.driver.get_log("browser")]
        return [message for message in messages if not any(part in message for part in self.expected_errors)]
