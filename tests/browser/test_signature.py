"""Why a signature was refused: each mistake that clients make is found with the page alone."""

import base64
import hashlib
import hmac
import json
from urllib.parse import urlencode

import pytest

from sandbox import PRODUCTS, send

FORM = "application/x-www-form-urlencoded"
FIELDS = [("title", "Кавун"), ("price", "100"), ("id", "ID-5"), ("currency", "usd")]
UNSORTED, SORTED = urlencode(FIELDS), urlencode(sorted(FIELDS))
JSON = json.dumps({"id": "ID-5", "title": "Example", "price": 1, "currency": "usd"})
COMPACT = json.dumps(json.loads(JSON), separators=(",", ":"))


def form(sandbox, hashed, **options):
    """A form whose client has hashed `hashed`, with {secret} for the secret."""
    return post(sandbox, SORTED, FORM, hashed, **options)


def as_json(sandbox, hashed, **options):
    return post(sandbox, JSON, "application/json", hashed, **options)


def post(sandbox, body, content_type, hashed, **options):
    account = sandbox.about["nicechat"]
    text = hashed.replace("{secret}", account["api_secret"]).replace("{key}", account["api_key"]).replace("{url}", account["url"])
    return sandbox.nicechat("POST", body=body, content_type=content_type, hashed=text, **options)


def hmac_of(sandbox):
    secret = sandbox.about["nicechat"]["api_secret"]
    signature = hmac.new(secret.encode(), (PRODUCTS + JSON + "POST").encode(), hashlib.sha256).hexdigest()
    return sandbox.nicechat("POST", body=JSON, content_type="application/json", headers={"X-API-Sign": signature})


def base64_of(signature):
    return base64.b64encode(bytes.fromhex(signature)).decode()


# The mistake, the request with it, and a word that its explanation must have.
MISTAKES = {
    "fields in their own order": (lambda s: form(s, "{secret}" + PRODUCTS + UNSORTED + "POST"), "sort"),
    "the key is signed": (lambda s: form(s, "{secret}" + PRODUCTS + "_key={key}&" + SORTED + "POST"), "_key"),
    "JSON written anew": (lambda s: as_json(s, "{secret}" + PRODUCTS + COMPACT + "POST"), "JSON"),
    "no last slash": (lambda s: as_json(s, "{secret}" + PRODUCTS.rstrip("/") + JSON + "POST"), "slash"),
    "lower-case method": (lambda s: as_json(s, "{secret}" + PRODUCTS + JSON + "post"), "method"),
    "the whole URL": (lambda s: as_json(s, "{secret}{url}" + PRODUCTS + JSON + "POST"), "URL"),
    "another order of the parts": (lambda s: as_json(s, PRODUCTS + JSON + "POST{secret}"), "secret at the end"),
    "a line end after the secret": (lambda s: as_json(s, "{secret}\n" + PRODUCTS + JSON + "POST"), "secret"),
    "a line end after the body": (lambda s: as_json(s, "{secret}" + PRODUCTS + JSON + "\nPOST"), "body"),
    "upper-case hex": (lambda s: as_json(s, "{secret}" + PRODUCTS + JSON + "POST", shape=str.upper), "case"),
    "HMAC": (hmac_of, "HMAC"),
    "Base64": (lambda s: as_json(s, "{secret}" + PRODUCTS + JSON + "POST", shape=base64_of), "Base64"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_s2_the_page_names_the_mistake_of_a_signature(page, mistake):
    request, word = MISTAKES[mistake]
    assert request(page.sandbox).status == 401
    page.open("requests/1").sees("Why it was refused").one("#signature .verdict")
    verdict = page.text("#signature .verdict")
    assert word.lower() in verdict.lower(), verdict
    explained = page.sandbox.admin("GET", "requests/1/explain")["signature"]
    page.sees(explained["received"], "#signature").sees(explained["expected"], "#signature")
    if explained["theirs"] != explained["ours"] and explained["theirs"] is not None:
        check_marks(page, explained)


def check_marks(page, explained):
    """Before the first mark both texts are the same, and the marked characters differ."""
    sides = page.run("""return ['theirs', 'ours'].map((side) => {
        const place = document.querySelector(`#first-difference .${side} dd`);
        const mark = place.querySelector('mark');
        return [mark.previousSibling?.textContent ?? '', mark.textContent];
    })""")
    (before_theirs, theirs), (before_ours, ours) = sides
    assert before_theirs == before_ours
    assert theirs != ours
    at = page.run("return Number(document.querySelector('#signature .caption').textContent.match(/character (\\d+)/)[1])") - 1
    one, other = explained["ours"], explained["theirs"]
    assert one[:at] == other[:at] and one[at:at + 1] != other[at:at + 1]


def test_s2_a_signature_that_nothing_explains_shows_our_text(page):
    assert page.sandbox.nicechat("GET", hashed="something else").status == 401
    page.open("requests/1").sees("o common mistake", "#signature")
    page.sees(page.sandbox.about["nicechat"]["api_secret"] + PRODUCTS + "GET", "#signature .ours")


def test_s2_a_right_signature_needs_no_explanation(page):
    assert page.sandbox.nicechat("GET").status == 200
    page.open("requests/1").sees("Status 200", ".detail")
    assert page.find("#signature") == []


def test_s2_a_missing_signature_is_said_to_be_missing(page):
    send(page.sandbox.about["nicechat"]["url"], "GET", PRODUCTS, {"X-API-Key": page.sandbox.about["nicechat"]["api_key"]})
    page.open("requests/1").sees("Why it was refused").sees("signature", ".reasons")
