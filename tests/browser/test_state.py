"""Faults, scenarios, entities with their history, webhooks, the clock, snapshots, reset and seed."""

import http.server
import json
import subprocess
import threading
from contextlib import contextmanager
from datetime import datetime

import pytest

from sandbox import send


def choose(page, css, value):
    page.one(css)
    page.run("const s = document.querySelector(arguments[0]); s.value = arguments[1]; s.dispatchEvent(new Event('input', { bubbles: true })); s.dispatchEvent(new Event('change', { bubbles: true }))", css, value)


@contextmanager
def receiver(statuses):
    """A server that takes webhooks and answers with these statuses, then with 200."""
    taken = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            taken.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(statuses.pop(0) if statuses else 200, "<img src=x onerror=alert(1)>")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", taken
    finally:
        server.shutdown()
        server.server_close()


def test_s2_a_fault_is_set_by_its_button_and_happens(page):
    page.open("faults").sees("None.").click("[data-kind=unavailable]")
    choose(page, "#fault-service", "retailcrm")
    page.type("[data-field=times]", "2")
    page.sees('"kind":"unavailable","times":2', "#fault-form pre")
    page.click("#fault-set").sees("2 times", "table")
    assert [page.sandbox.retailcrm("GET", "/api/v5/orders").status for _ in range(3)] == [503, 503, 200]
    page.sees("2 of 2, over")
    page.go("requests")
    page.until(lambda: [row[2] for row in page.rows()] == ["200", "503", "503"])
    page.sees("unavailable", ".list")


def test_s2_the_curl_of_a_fault_sets_the_same_fault(page):
    page.open("faults/latency")
    choose(page, "#fault-service", "nicechat")
    page.one("[data-field='latency.fixed_ms']").clear()
    page.type("[data-field='latency.p50_ms']", "3").type("[data-field='latency.p99_ms']", "9").type("[data-field=path]", "/it's \"odd\"/")
    page.run("document.querySelector('#fault-form').dispatchEvent(new Event('input'))")
    command = page.text("#fault-form pre")
    subprocess.run(["bash", "-c", command], check=True, capture_output=True, timeout=30)
    page.click("#fault-set")
    faults = page.until(lambda: len(found := page.sandbox.admin("GET", "faults")["faults"]) == 2 and found)
    for fault in faults:
        del fault["id"], fault["seed"]
    assert faults[0] == faults[1] and faults[0]["latency"] == {"p50_ms": 3, "p99_ms": 9}
    page.until(lambda: len(page.find("tbody tr")) == 2)
    page.click("tbody button")
    page.until(lambda: len(page.find("tbody tr")) == 1)


def test_s2_every_kind_of_fault_has_a_button_whose_form_is_taken(page):
    kinds = page.sandbox.admin("GET", "faults/kinds")
    page.open("faults")
    page.until(lambda: len(page.find("[data-kind]")) == len(kinds) > 10)
    for number, kind in enumerate(kinds, 1):
        page.click(f"[data-kind={kind['kind']}]")
        page.until(lambda: page.text("#fault-form h3") == kind["title"])
        service = "uvygoda" if kind["kind"] == "lost_callback" else "retailcrm"
        choose(page, "#fault-service", service)
        page.click("#fault-set")
        page.until(lambda: len(page.sandbox.admin("GET", "faults")["faults"]) == number, kind["kind"])


def test_s2_a_wrong_field_of_a_fault_is_named(page):
    page.expected_errors = ("400 (Bad Request)", "422 (Unprocessable")
    page.open("faults/latency").type("[data-field=rate]", "7").click("#fault-set").sees("rate", "#fault-form .failure")
    page.type("[data-field=rate]", "much").click("#fault-set").sees("rate: this is no number", "#fault-form .failure")


def test_s2_a_scenario_runs_and_is_stopped(page):
    page.open("scenarios").sees("a bad day").sees("a moved account").sees("a slow night")
    page.click("[aria-label='Start a bad day']")
    page.until(lambda: page.sandbox.admin("GET", "scenario"))
    page.sees("Stop")
    page.until(lambda: "The scenario runs." in page.text("#announcer"))
    page.run("[...document.querySelectorAll('button')].find((b) => b.textContent === 'Stop').click()")
    page.sees("None.")


def test_s2_an_entity_is_found_with_its_history(page):
    sandbox = page.sandbox
    id = sandbox.create_order({"number": "17A", "firstName": "Олена"})
    sandbox.create_order({"number": "18A", "firstName": "Марко"})
    page.open("entities").click("a[href='#/entities/retailcrm/orders']").sees("17A", ".aside").sees("18A", ".aside")
    page.type("#filter-rows", "Олена").sees("1 row", ".aside")
    page.click(f"a[href='#/entities/retailcrm/orders/{id}']").sees('firstName: "Олена"', ".detail")
    page.sees("created", "#history")
    # A change shows at once, in the row and in its history, and says who made it.
    answer = sandbox.retailcrm("POST", f"/api/v5/orders/{id}/edit", {"by": "id", "order": json.dumps({"firstName": "Оксана"})})
    assert answer.status == 200, answer.body
    page.sees('firstName: "Оксана"', ".detail").sees("Оксана", "#history").sees("api", "#history")
    page.type("#change-fields", '{"lastName": "Коваль"}').click("#change").sees('lastName: "Коваль"', ".detail").sees("user", "#history")


def test_s2_entities_come_by_pages(page):
    page.sandbox.admin("POST", "seed", {"seed": 7, "retailcrm": {"orders": 120}})
    page.open("entities/retailcrm/orders").sees("Page 1 of 3 · 120 rows")
    first = page.text(".aside tbody tr:first-child")
    page.run("[...document.querySelectorAll('.aside button')].find((b) => b.textContent === 'Next').click()")
    page.sees("Page 2 of 3")
    assert page.text(".aside tbody tr:first-child") != first


def test_s2_a_webhook_shows_its_attempts_and_is_sent_again(page):
    with receiver([500]) as (url, taken):
        sandbox = page.sandbox
        assert sandbox.uvygoda("setWebHook", {"URL": url}).status == 200
        page.open("webhooks/new")
        choose(page, ".detail select", "uvygoda")
        kinds = sandbox.admin("GET", "webhooks")["webhooks"]
        assert kinds == []
        page.type(".detail input", "new_order").type(".detail textarea", '{"ID": 501}')
        page.click(".detail button.main")
        page.until(lambda: taken)
        page.sees("500", "#attempts")
        before = len(taken)
        page.click("#webhook-resend")
        page.until(lambda: len(taken) > before)
        page.sees("200", "#attempts").sees("delivered", ".head").sees("501", ".detail")
        assert json.loads(taken[-1]) == json.loads(taken[0])


def test_s2_the_clock_is_frozen_and_moved(page):
    def now():
        clock = page.sandbox.admin("GET", "clock")
        return datetime.fromisoformat(clock["now"]), clock["frozen"]

    page.open("sandbox").click("[data-frozen]")
    page.until(lambda: now()[1])
    start = now()[0]
    page.click("[data-advance='3600']")
    page.until(lambda: (now()[0] - start).total_seconds() == 3600)
    page.type("#advance-seconds", "30").click("#advance")
    page.until(lambda: (now()[0] - start).total_seconds() == 3630)
    page.sees(now()[0].strftime("%Y-%m-%d %H:%M:%S"), "[data-clock]").sees("frozen", "header")
    page.click("[data-frozen]")
    page.until(lambda: not now()[1])


def test_s2_a_snapshot_is_saved_and_loaded(page):
    sandbox = page.sandbox
    sandbox.create_order({"number": "17A"})
    page.open("sandbox").click("#snapshot-save")
    snapshot = page.downloaded("shopwire-snapshot.json")
    assert snapshot["version"]
    page.click("#reset").sees("as it was at its start", "#notice")
    assert sandbox.admin("GET", "state")["retailcrm"]["orders"] == 0
    page.one("#snapshot-file").send_keys(str(page.downloads / "shopwire-snapshot.json"))
    page.sees("The snapshot is loaded.", "#notice")
    assert sandbox.admin("GET", "state")["retailcrm"]["orders"] == 1
    page.go("entities/retailcrm/orders")
    page.sees("17A")


def test_s2_a_file_that_is_no_snapshot_is_refused(page, tmp_path):
    page.expected_errors = ("400 (Bad Request)", "422 (Unprocessable")
    file = tmp_path / "other.json"
    file.write_text('{"version": 0}', encoding="utf-8")
    page.open("sandbox").one("#snapshot-file").send_keys(str(file))
    page.until(lambda: page.run("return [...document.querySelectorAll('.failure')].some((place) => place.textContent !== '')"))


def test_s2_reset_keeps_what_it_is_told_to_keep(page):
    page.sandbox.create_order({"number": "17A"})
    page.open("sandbox").click("input[value=requests]").click("#reset").sees("as it was at its start", "#notice")
    page.go("requests")
    page.until(lambda: page.ids() == [1])
    page.go("sandbox")
    page.click("input[value=requests]").click("#reset")
    page.go("requests")
    page.sees("No request has arrived yet")


def test_s2_generated_data_is_the_same_for_the_same_seed(page):
    page.open("sandbox").click("#seed").sees("filled with generated data", "#notice")
    first = page.sandbox.admin("GET", "state/retailcrm/orders?limit=5")
    assert first["total"] == 1000
    page.click("#notice button").click("#seed").sees("filled with generated data", "#notice")
    assert page.sandbox.admin("GET", "state/retailcrm/orders?limit=5") == first
