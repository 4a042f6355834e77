"""Requests of the scenarios of state.py: (method, path, options of `requests`).

A path or an option that is a function gets the play: its account, and the last success of each operation.
"""

import json

ENDPOINT = "/local/api/api.php"
SHOP = "/marketplaces/v1"


def rpc(method, body):
    return "POST", ENDPOINT, {"headers": {"method": method}, "json": body}


def rest(method, path, body=None):
    return method, SHOP + path, {} if body is None else {"json": body}


def form(path, **fields):
    return "POST", path, {"data": fields}



def invoice(play):
    imported = play.last.get("payments.import_invoice")
    return imported.json()["invoice"]["invoiceUuid"] if imported is not None else "none"


def of_invoice(**fields):
    return lambda play: json.dumps({"invoiceUuid": invoice(play)} | fields)


RETAILCRM_READS = [
    ("GET", lambda play: f"/api/v5/payment/invoice/{invoice(play)}", {}),
    ("GET", "/api/v5/features/check", {"params": {"features[]": "a"}}),
    ("GET", "/api/v5/orders/statuses", {"params": {"ids[]": "1"}}),
    ("GET", "/api/v5/telephony/manager", {"params": {"phone": "+79990000010"}}),
]

# What the PyPI client lacks, or asks so that it is refused.
RETAILCRM_WRITES = [
    form("/api/v5/customers-corporate/co-1/edit", customerCorporate='{"vip":true}'),
    form("/api/v5/reference/price-types/fresh/edit", priceType='{"name":"Fresh"}'),
    form("/api/v5/reference/units/fresh/edit", unit='{"name":"Fresh","sym":"f"}'),
    form("/api/v5/delivery/shipments/create", deliveryType="courier", deliveryShipment='{"date":"2026-02-01"}'),
    form("/api/v5/delivery/shipments/1/edit", deliveryShipment='{"comment":"Late"}'),
    ("POST", "/api/v5/payment/check", {"data": lambda play: {"check": of_invoice(amount=50)(play)}}),
    ("POST", "/api/v5/payment/update-invoice", {"data": lambda play: {"updateInvoice": of_invoice(status="succeeded")(play)}}),
    form("/api/v5/reference/mg-channels/templates/edit", templates='[{"code":"t","name":"n"}]', removed="[]"),
]

CATEGORY = {"id": "c-1", "name": "Cups", "is_enabled": True}
PRODUCT = {
    "category": "c-1",
    "title": "Cup",
    "price": 10,
    "currency": "usd",
    "description": "Holds tea",
    "url": "https://shop.example/cup",
    "image_url": None,
    "in_stock": True,
}


def feed(play):
    pushed = play.last.get("feeds.push")
    token = pushed.json()["result"]["token"] if pushed is not None else "none"
    return f"{SHOP}/import-products-result/{token}/"


NICECHAT_READS = [
    rest("GET", "/categories/"),
    rest("GET", "/products/"),
    rest("GET", "/orders/"),
    ("GET", feed, {}),
]
NICECHAT_WRITES = [
    rest("POST", "/categories/", CATEGORY),
    rest("PUT", "/categories/c-1/", {"name": "Mugs", "is_enabled": True}),
    rest("PATCH", "/categories/c-1/", {"name": "Bowls"}),
    rest("POST", "/products/", {"id": "p-1", "title": "Cup"}),
    rest("PUT", "/products/p-1/", PRODUCT),
    rest("PATCH", "/products/p-1/", {"title": "Mug"}),
    rest("DELETE", "/products/p-1/"),
    rest("DELETE", "/categories/c-1/"),
    rest("POST", "/import-products/", {"url": "https://shop.example/feed.xml", "format": "yml"}),
]

CARD = {
    "SECTION_ID": 311,
    "NAME": "Cup",
    "PRICE": 177,
    "STOCK": 5,
    "DESCRIPTION": "<p>Cup</p>",
    "PROPERTIES": {"501": "Own", "503": 12},
    "PICTURES": ["https://shop.example/1.jpg"],
    "PREVIEV_PICTURE": "https://shop.example/0.jpg",
}


def card(play):
    added = play.last.get("addProduct")
    return added.json()["PRODUCT_ID"] if added is not None else 1


UVYGODA_READS = [
    rpc("getSections", {"FILTER": "ALL"}),
    rpc("getSectionProperties", {"SECTION_ID": 311}),
    rpc("getStages", []),
    rpc("getOrderProperties", []),
    rpc("getProductList", {"FILTER": "ALL"}),
    rpc("getProductInfo", lambda play: {"ID": card(play)}),
]
UVYGODA_WRITES = [
    rpc("addProduct", CARD),
    rpc("updateProduct", lambda play: {"PRODUCT_ID": card(play), "NAME": "Mug"}),
    rpc("sendProductPublish", lambda play: {"ID": card(play)}),
    rpc("setWebHook", {"URL": "http://127.0.0.1:9/hook"}),
]
# The token before it is worth nothing afterwards, so no read can follow.
UVYGODA_ENDS = [
    rpc("getToken", lambda play: {"LOGIN": play.account["login"], "PASS": play.account["password"]}),
]

# Reads, writes, and what no read can follow.
SCENARIOS = {
    "nicechat": (NICECHAT_READS, NICECHAT_WRITES, []),
    "uvygoda": (UVYGODA_READS, UVYGODA_WRITES, UVYGODA_ENDS),
}
