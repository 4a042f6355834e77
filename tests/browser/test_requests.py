"""The list of requests, and one request in full."""

import json
import re
import subprocess

import pytest

from sandbox import PRODUCTS, send

BAD_ORDER = {"number": "17A", "items": [{"quantity": "two"}], "customer": {"id": "seven"}}


def refused_order(sandbox):
    answer = sandbox.retailcrm("POST", "/api/v5/orders/create", {"order": json.dumps(BAD_ORDER)})
    assert answer.status == 400, answer.body


def test_s2_requests_appear_as_they_arrive(page):
    page.open().sees("No request has arrived yet").sees(page.sandbox.about["nicechat"]["url"])
    assert page.sandbox.nicechat("GET").status == 200
    page.until(lambda: page.rows() == [[1, PRODUCTS, "200"]])
    page.sandbox.retailcrm("GET", "/api/v5/orders")
    page.sandbox.uvygoda("getStages", [])
    page.until(lambda: page.ids() == [3, 2, 1])
    page.sees("getStages").sees("3 requests")


def test_s2_requests_from_before_are_listed_too(page):
    for _ in range(3):
        page.sandbox.nicechat("GET")
    page.open()
    page.until(lambda: page.ids() == [3, 2, 1])


def test_s2_the_list_is_filtered_by_service_status_and_text(page):
    page.sandbox.nicechat("GET")
    page.sandbox.retailcrm("GET", "/api/v5/orders")
    refused_order(page.sandbox)
    page.open()
    page.until(lambda: page.ids() == [3, 2, 1])

    page.run("const s = document.querySelector('#filter-service'); s.value = 'retailcrm'; s.dispatchEvent(new Event('change'))")
    page.until(lambda: page.ids() == [3, 2])
    page.type("#filter-status", "4xx")
    page.until(lambda: page.ids() == [3])
    # The address has the filter, so that a link shows the same.
    page.until(lambda: page.run("return location.hash") == "#/requests?service=retailcrm&status=4xx")

    # What arrives later is filtered too.
    page.sandbox.nicechat("GET", hashed="wrong")
    page.sandbox.retailcrm("GET", "/api/v5/orders")
    refused_order(page.sandbox)
    page.until(lambda: page.ids() == [6, 3])

    page.open("requests?text=seven")
    page.until(lambda: page.ids() == [6, 3])
    assert page.run("return document.querySelector('#filter-text').value") == "seven"
    refused_order(page.sandbox)
    page.sandbox.retailcrm("GET", "/api/v5/orders")
    page.until(lambda: page.ids() == [7, 6, 3])
    page.type("#filter-text", "no such text").sees("No request matches the filter.")
    page.type("#filter-status", "40")
    page.until(lambda: page.run("return document.querySelector('#filter-status').getAttribute('aria-invalid')") == "true")


def test_s2_a_paused_list_stands_still(page):
    page.sandbox.nicechat("GET")
    page.open()
    page.until(lambda: page.ids() == [1])
    page.click("#pause")
    for _ in range(5):
        page.sandbox.nicechat("GET")
    page.sees("Paused · 5 new")
    assert page.ids() == [1]
    page.click("#pause")
    page.until(lambda: page.ids() == [6, 5, 4, 3, 2, 1])


def test_s2_a_refused_request_tells_all_its_reasons_at_once(page):
    refused_order(page.sandbox)
    reasons = page.sandbox.admin("GET", "requests/1/explain")["reasons"]
    fields = [reason["field"] for reason in reasons]
    assert len(fields) >= 2, reasons
    page.open()
    page.until(lambda: page.ids() == [1])
    page.click(".list-row").sees("Why it was refused")
    for reason in reasons:
        page.sees(reason["message"], ".reasons").sees(reason["field"], ".reasons")
    # The form with its JSON as a tree, the answer, and the time it took.
    page.sees("quantity: \"two\"").sees("Status 400").sees("success: false").sees(" ms", ".head")
    page.click("[aria-label='Body of the request as text']").sees("order=%7B%22number%22", "pre.text")


def test_s2_an_accepted_request_tells_what_is_odd(page):
    page.sandbox.retailcrm("GET", "/api/v5/orders?colour=red")
    if page.sandbox.admin("GET", "requests/1")["status"] != 200:
        pytest.skip("the service refuses unknown parameters")
    page.open("requests/1").sees("What is odd about it").sees("colour", ".reasons")


def test_s2_the_limiter_tells_the_requests_in_its_window(start, visit):
    sandbox = start(limits=True)
    page = visit(sandbox)
    answers = [sandbox.retailcrm("GET", "/api/v5/orders").status for _ in range(40)]
    refused = answers.index(503) + 1
    page.open(f"requests/{refused}").sees("limit", ".reasons").sees("10 requests are allowed in 975 ms", ".reasons")
    page.click(".detail-of-reason a")
    page.until(lambda: page.run("return location.hash") == "#/requests/1")


CURLS = {
    "a query with brackets": lambda sandbox: sandbox.retailcrm("GET", "/api/v5/orders?filter[numbers][]=17A&limit=20"),
    "a form": lambda sandbox: refused_order(sandbox),
    # The second creation is refused, and so is every further one.
    "JSON with quotes, line ends and Cyrillic": lambda sandbox: [_create_product(sandbox), _create_product(sandbox)],
    "a body that is no UTF-8": lambda sandbox: _raw(sandbox, b"\xff\x00\xfe@file"),
    "a body that looks like a file name": lambda sandbox: _raw(sandbox, b"@/etc/hostname\x1b[2J"),
    "no content type": lambda sandbox: sandbox.nicechat("POST", body="{}"),
}


def _create_product(sandbox):
    product = {"id": "ID-5", "title": "Кавун 'солодкий'\n!`$HOME`", "price": 1, "currency": "usd"}
    sandbox.nicechat("POST", body=json.dumps(product, ensure_ascii=False, indent=1), content_type="application/json")


def _raw(sandbox, body):
    send(sandbox.about["retailcrm"]["url"], "POST", "/api/v5/orders/create", {"X-API-KEY": "wrong", "X-Empty": ""}, body)


@pytest.mark.parametrize("what", CURLS)
def test_s2_copied_curl_runs_and_gives_the_same_answer(page, what):
    CURLS[what](page.sandbox)
    last = page.sandbox.admin("GET", "requests")["total"]
    page.open(f"requests/{last}").click("#copy-curl").sees("Copied")
    command = page.clipboard()
    assert command == page.text("#curl")
    assert command.replace("\n", "").isprintable()
    done = subprocess.run(["bash", "-c", command], capture_output=True, timeout=30)
    assert done.returncode == 0, (command, done.stderr)
    page.until(lambda: page.sandbox.admin("GET", "requests")["total"] == last + 1)
    first, again = (page.sandbox.admin("GET", f"requests/{id}") for id in (last, last + 1))
    for name in ("method", "path", "query", "status"):
        assert first[name] == again[name], (name, command)
    assert first["request"]["body"] == again["request"]["body"]
    assert _content_type(first) == _content_type(again)
    assert first["answer"]["body"] == again["answer"]["body"]
    assert done.stdout.decode("utf-8", "replace") == again["answer"]["body"]["text"]


def _content_type(exchange):
    return [value for name, value in exchange["request"]["headers"] if name.lower() == "content-type"]


def test_s2_a_request_is_sent_again(page):
    page.sandbox.nicechat("GET")
    page.open("requests/1").click("#send-again")
    page.until(lambda: page.run("return location.hash") == "#/requests/2")
    page.sees("Request 2", ".detail").sees("Status 200", ".detail")
    page.until(lambda: page.ids() == [2, 1])
    page.until(lambda: "Sent again as request 2." in page.text("#announcer"))


def test_s2_har_is_downloaded(page):
    page.sandbox.nicechat("GET")
    refused_order(page.sandbox)
    page.open("sandbox").click("#har")
    har = page.downloaded("shopwire-sandbox.har")
    assert har["log"]["version"] == "1.2"
    assert [entry["response"]["status"] for entry in har["log"]["entries"]] == [200, 400]


def test_s2_a_link_leads_to_a_request_and_back(page):
    refused_order(page.sandbox)
    page.open("requests/1").sees("Request 1", ".detail")
    page.until(lambda: re.search(r"^1 · Requests", page.driver.title))
    page.press("\ue00c")
    page.until(lambda: page.run("return location.hash") == "#/requests")
    page.driver.back()
    page.until(lambda: page.run("return location.hash") == "#/requests/1")


def test_s2_a_request_that_is_not_kept_is_said_to_be_gone(page):
    page.expected_errors = ("404 (Not Found)",)
    page.open("requests/99").sees("Request 99 is not known, or no longer kept.")


def test_s2_the_page_finds_a_restarted_sandbox_and_says_so(start, visit):
    sandbox = start()
    port = sandbox.admin_url.rsplit(":", 1)[1]
    page = visit(sandbox)
    page.expected_errors = ("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE")
    sandbox.nicechat("GET")
    page.open()
    page.until(lambda: page.ids() == [1])
    sandbox.stop()
    page.sees("The connection to the sandbox is lost", "#notice").sees("No connection", "#connection")
    sandbox.start("--admin-port", port)
    page.sees("The sandbox was restarted", "#notice").sees("Live", "#connection").sees("No request has arrived yet")
    sandbox.nicechat("GET")
    sandbox.nicechat("GET")
    page.until(lambda: page.ids() == [2, 1])
