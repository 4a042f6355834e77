"""What a peer sends is shown as text: markup and scripts in every field that a peer can fill."""

import json

from page import VIEWS
from sandbox import send
from test_state import choose, receiver

EVIL = "<img src=x onerror=\"window.ran=1\"><script>window.ran=1</script>"
# A path and a header cannot hold all of it.
IN_PATH = "/api/v5/<svg onload=window.ran=1>"


def attack(sandbox):
    """Puts markup into paths, queries, headers, bodies, keys and entities of all services."""
    crm, chat, market = (sandbox.about[name] for name in ("retailcrm", "nicechat", "uvygoda"))
    headers = {"X-API-KEY": EVIL, "X-<b>": EVIL, "User-Agent": EVIL, "Content-Type": EVIL}
    send(crm["url"], "POST", f"{IN_PATH}?{EVIL}={EVIL}", {name: value for name, value in headers.items() if name != "X-<b>"}, EVIL)
    send(crm["url"], "POST", "/api/v5/orders/create", {"X-API-KEY": crm["api_key"], "Content-Type": f"multipart/form-data; boundary=b"},
         f"--b\r\nContent-Disposition: form-data; name=\"{EVIL.replace(chr(34), '')}\"; filename=\"{EVIL.replace(chr(34), '')}\"\r\n\r\n{EVIL}\r\n--b--\r\n")
    sandbox.retailcrm("POST", "/api/v5/orders/create", {"order": json.dumps({EVIL: {EVIL: [EVIL]}}), EVIL: EVIL})
    sandbox.create_order({"number": EVIL, "firstName": EVIL, "customerComment": EVIL})
    sandbox.nicechat("POST", body=json.dumps({EVIL: EVIL}), content_type="application/json")
    sandbox.nicechat("POST", body=EVIL, content_type="text/html", hashed=EVIL)
    sandbox.nicechat("POST", body=json.dumps({"id": "e", "title": EVIL, "price": 1, "currency": "usd"}), content_type="application/json")
    sandbox.uvygoda(EVIL, {EVIL: EVIL})
    sandbox.uvygoda("getStages", [EVIL])
    send(chat["url"], "GET", f"/marketplaces/v1/products/{EVIL}/", {"X-API-Key": EVIL, "X-API-Sign": EVIL})


def is_text_only(page):
    """No element came from a peer, and nothing ran."""
    found = page.run("return [window.ran ?? null, document.querySelectorAll('main :is(img, script, svg, b, iframe, object, style)').length, document.scripts.length]")
    assert found == [None, 0, 1], (found, page.run("return location.hash"))


def test_s2_markup_of_a_peer_is_shown_as_text(page):
    sandbox = page.sandbox
    with receiver([500, 500, 500]) as (url, taken):
        sandbox.uvygoda("setWebHook", {"URL": f"{url}?<img src=x onerror=window.ran=1>"})
        attack(sandbox)
        requests = sandbox.admin("GET", "requests?limit=1000")["requests"]
        assert len(requests) >= 10
        page.open()
        page.until(lambda: len(page.rows()) == len(requests))
        is_text_only(page)
        for request in requests:
            page.go(f"requests/{request['id']}")
            page.sees(f"Request {request['id']}", ".head")
            is_text_only(page)
            for other in page.find(".caption button[aria-pressed=false]"):
                other.click()
                is_text_only(page)
        page.go("requests/2")
        page.sees("onerror=", ".detail").sees("<script>", ".detail")

        page.go("webhooks/new")
        choose(page, ".detail select", "uvygoda")
        page.type(".detail input", "new_order").type(".detail textarea", json.dumps({EVIL: EVIL})).click(".detail button.main")
        page.until(lambda: taken)
        page.sees("500", "#attempts").sees("<script>", ".detail")
        is_text_only(page)

        for service, entities in sandbox.admin("GET", "state").items():
            for entity, number in entities.items():
                page.go(f"entities/{service}/{entity}")
                page.until(lambda: page.text(".aside h2") == entity.replace("_", " "))
                is_text_only(page)
        order = sandbox.admin("GET", "state/retailcrm/orders")["rows"][0]
        page.go(f"entities/retailcrm/orders/{order['id']}")
        page.sees("<script>", ".detail")
        for view in VIEWS:
            page.go(view)
            page.one("main .view")
            is_text_only(page)


def test_s2_a_link_with_markup_shows_it_as_text(page):
    page.expected_errors = ("404 (Not Found)", "400 (Bad Request)")
    for route in (f"requests/{EVIL}", f"webhooks/{EVIL}", f"entities/{EVIL}/{EVIL}/{EVIL}", f"faults/{EVIL}", EVIL):
        page.open(route)
        page.one("main .view")
        is_text_only(page)


def test_s2_the_policy_allows_the_page_alone(page):
    """A script or a style that got into the document all the same would not run, and no address outside is asked."""
    page.open()
    page.run("""const script = document.createElement('script'); script.textContent = 'window.ran = 1'; document.body.append(script);
        const image = new Image(); image.src = 'http://127.0.0.1:9/x.png'; document.body.append(image);
        document.body.setAttribute('style', 'color: red'); document.body.setAttribute('onclick', 'window.ran = 1'); document.body.click();""")
    page.until(lambda: page.run("return window.ran ?? null") is None)
    refused = []
    page.until(lambda: refused.extend(page.errors()) or len(refused) >= 3)
    assert all("Content Security Policy" in message for message in refused), refused
    asked = page.run("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert all(name.startswith(page.sandbox.admin_url) or "127.0.0.1:9" in name for name in asked), asked
