"""Every method of the PyPI client, in an order in which each finds what it needs: (method, arguments, outcome).

An argument that is a function gets the answers so far, by method. The outcome is DONE; or what is right where the
client asks for what the service does not have, with the reason.
"""

DONE = "done"
NO_JSON = "no JSON"


def refused(status, why):
    return f"refused with {status}: {why}"


def invoice(answers):
    return answers["payment_invoice_import"]["invoice"]["invoiceUuid"]


def uploaded(answers, index):
    return answers["customers_corporate_upload"]["uploadedCustomers"][index]["id"]


PERSON = {"firstName": "Anna", "email": "anna@shop.example", "phones": [{"number": "+79990000010"}]}
ITEM = {"offer": {"externalId": "mug-1"}, "quantity": 2, "initialPrice": 390}
ORDER = {
    "firstName": "Anna",
    "customer": {"externalId": "c-1"},
    "delivery": {"code": "courier", "cost": 300, "address": {"city": "Moscow", "text": "Arbat 1"}},
    "items": [ITEM],
    "payments": [{"type": "cash", "amount": 100, "externalId": "pay-1"}],
}
COST = {"dateFrom": "2026-01-01", "dateTo": "2026-01-31", "summ": 100.5, "costItem": "advertising"}
CART = {"customer": {"externalId": "c-1"}, "items": [{"offer": {"externalId": "mug-1"}, "quantity": 1}]}
CART_SET = CART | {"droppedAt": "2026-01-01 10:00:00+03:00"}
VISIT = {"createdAt": "2026-01-01 00:00:00", "source": "ads", "clientId": "v-1", "site": "simple-site", "pageviews": 1}
CALL = {"date": "2026-01-01 00:00:00", "type": "in", "phone": "+79990000010", "result": "answered", "externalId": "call-1"}

ACCOUNT = [
    ("api_versions", [], DONE),
    ("api_credentials", [], DONE),
    ("system_info", [], DONE),
    ("settings", [], DONE),
    ("statistic_update", [], DONE),
    ("users", [], DONE),
    ("user", [1], DONE),
    ("user_status", [1, "busy"], DONE),
    ("user_groups", [], DONE),
    ("segments", [], DONE),
]

REFERENCES = [
    ("cost_groups_edit", [{"code": "fresh", "name": "Fresh", "color": "#4191ff"}], DONE),
    ("cost_groups", [], DONE),
    ("cost_items_edit", [{"code": "fresh", "name": "Fresh", "group": "marketing", "type": "const"}], DONE),
    ("cost_items", [], DONE),
    ("countries", [], DONE),
    ("couriers_create", [{"firstName": "Boris"}], DONE),
    ("couriers_edit", [{"id": 2, "lastName": "Belov"}], DONE),
    ("couriers", [], DONE),
    ("currencies_create", [{"code": "USD", "isAutoConvert": True}], DONE),
    ("currencies_edit", [{"id": 2, "isAutoConvert": True}], DONE),
    ("currencies", [], DONE),
    ("delivery_services_edit", [{"code": "fresh", "name": "Fresh", "deliveryType": "courier"}], DONE),
    ("delivery_services", [], DONE),
    ("delivery_types_edit", [{"code": "fresh", "name": "Fresh"}], DONE),
    ("delivery_types", [], DONE),
    (
        "legal_entities_edit",
        [{"code": "fresh", "legalName": "Fresh", "contragentType": "legal-entity", "countryIso": "RU"}],
        DONE,
    ),
    ("legal_entities", [], DONE),
    ("mg_channels", [], DONE),
    ("order_methods_edit", [{"code": "fresh", "name": "Fresh"}], DONE),
    ("order_methods", [], DONE),
    ("order_types_edit", [{"code": "fresh", "name": "Fresh"}], DONE),
    ("order_types", [], DONE),
    ("payment_statuses_edit", [{"code": "fresh", "name": "Fresh"}], DONE),
    ("payment_statuses", [], DONE),
    ("payment_types_edit", [{"code": "fresh", "name": "Fresh"}], DONE),
    ("payment_types", [], DONE),
    ("price_types_edit", [{"code": "fresh", "name": "Fresh"}], refused(400, "it sends `priceTypes` for `priceType`")),
    ("price_types", [], DONE),
    ("product_statuses_edit", [{"code": "fresh", "name": "Fresh"}], DONE),
    ("product_statuses", [], DONE),
    ("sites_edit", [{"code": "simple-site", "name": "Shop", "url": "https://shop.example"}], DONE),
    ("sites", [], DONE),
    ("status_groups", [], DONE),
    ("statuses_edit", [{"code": "fresh", "name": "Fresh", "group": "new"}], DONE),
    ("statuses", [], DONE),
    ("stores_edit", [{"code": "fresh", "name": "Fresh"}], DONE),
    ("stores", [], DONE),
    ("subscriptions", [], DONE),
    ("subscriptions_edit", ["email", "news", {"name": "News"}], DONE),
    ("units_edit", [{"code": "fresh", "name": "Fresh", "sym": "f"}], refused(400, "it sends `units` for `unit`")),
    ("units", [], DONE),
]

STORE = [
    ("product_groups_create", [{"name": "Fresh", "externalId": "fresh", "site": "simple-site"}], DONE),
    ("product_groups_edit", ["fresh", {"name": "Fresher"}, "externalId", "simple-site"], DONE),
    ("product_groups", [], DONE),
    (
        "products_batch_create",
        [[{"name": "Cup", "externalId": "cup", "catalogId": 1, "groups": [{"externalId": "fresh"}]}]],
        DONE,
    ),
    ("products_batch_edit", [[{"externalId": "cup", "site": "simple-site", "catalogId": 1, "name": "Big cup"}]], DONE),
    ("products", [], DONE),
    ("products_properties", [], DONE),
    ("products_properties_values", [], DONE),
    ("offers", [], DONE),
    ("inventories_upload", [[{"externalId": "mug-1", "stores": [{"code": "main", "available": 30}]}]], DONE),
    ("inventories", [], DONE),
    (
        "prices_upload",
        [[{"externalId": "mug-1", "site": "simple-site", "prices": [{"code": "base", "price": 390}]}]],
        DONE,
    ),
]

FIELDS = [
    ("custom_dictionary_create", [{"name": "Sizes", "code": "sizes", "elements": [{"name": "S", "code": "s"}]}], DONE),
    (
        "custom_dictionary_edit",
        [{"code": "sizes", "name": "All sizes", "elements": [{"name": "S", "code": "s"}]}],
        DONE,
    ),
    ("custom_dictionary", ["sizes"], DONE),
    ("custom_dictionaries", [], DONE),
    ("custom_field_create", [{"entity": "order", "name": "Floor", "code": "floor", "type": "integer"}], DONE),
    ("custom_field_edit", [{"entity": "order", "code": "floor", "name": "Storey"}], DONE),
    ("custom_field", ["floor", "order"], DONE),
    ("custom_fields", [], DONE),
]

CUSTOMERS = [
    ("customer_create", [PERSON | {"externalId": "c-1"}, "simple-site"], DONE),
    ("customers_upload", [[PERSON | {"externalId": "c-2"}, PERSON | {"externalId": "c-3"}], "simple-site"], DONE),
    ("customer_edit", [{"externalId": "c-1", "lastName": "Sidorova"}], DONE),
    ("customers_fix_external_ids", [[{"id": 3, "externalId": "c-4"}]], DONE),
    ("customers_combine", [[{"id": 3}], {"id": 2}], DONE),
    ("customer_subscription", ["c-1", [{"channel": "email", "subscription": "news", "active": True}]], DONE),
    ("customer_note_create", [{"text": "Calls back", "customer": {"externalId": "c-1"}}, "simple-site"], DONE),
    ("customer_notes", [], DONE),
    ("customer_note_delete", [1], DONE),
    ("customer", ["c-1"], DONE),
    ("customers", [], DONE),
    ("customers_history", [], DONE),
]

COMPANIES = [
    ("customer_corporate_create", [{"nickName": "Acme", "externalId": "co-1"}, "simple-site"], DONE),
    (
        "customers_corporate_upload",
        [[{"nickName": "B", "externalId": "co-2"}, {"nickName": "C", "externalId": "co-3"}], "simple-site"],
        DONE,
    ),
    (
        "customer_corporate_edit",
        [{"externalId": "co-1", "vip": True}],
        refused(400, "it sends `customersCorporate` for `customerCorporate`"),
    ),
    ("customers_corporate_fix_external_ids", [lambda answers: [{"id": uploaded(answers, 1), "externalId": "co-4"}]], DONE),
    (
        "customers_combine_corporate",
        [lambda answers: [{"id": uploaded(answers, 1)}], lambda answers: {"id": uploaded(answers, 0)}],
        DONE,
    ),
    # What is created is named by the identifier of the company it belongs to: the client builds the path of it.
    ("customer_corporate_addresses_create", [{"externalId": "co-1", "name": "Office", "city": "Moscow"}], DONE),
    ("customer_corporate_addresses_edit", ["co-1", {"externalId": "co-1", "city": "Tver"}], DONE),
    ("customer_corporate_addresses", ["co-1"], DONE),
    ("customer_corporate_companies_create", [{"externalId": "co-1", "name": "Acme Ltd"}], DONE),
    ("customer_corporate_companies_edit", ["co-1", {"externalId": "co-1", "brand": "Acme"}], DONE),
    ("customer_corporate_companies", ["co-1"], DONE),
    (
        "customer_corporate_contacts_create",
        [{"externalId": "co-1", "customer": {"externalId": "c-1", "site": "simple-site"}}],
        DONE,
    ),
    ("customer_corporate_contacts_edit", ["co-1", {"externalId": "c-1", "isMain": True}], DONE),
    ("customer_corporate_contacts", ["co-1"], DONE),
    (
        "customer_corporate_note_create",
        [{"text": "Pays late", "customer": {"externalId": "co-1"}}, "simple-site"],
        DONE,
    ),
    ("customer_corporate_notes", [], DONE),
    ("customer_corporate_note_delete", [1], DONE),
    ("customer_corporate", ["co-1"], DONE),
    ("customers_corporate", [], DONE),
    ("customers_corporate_history", [], DONE),
]

ORDERS = [
    ("order_create", [ORDER | {"externalId": "o-1"}, "simple-site"], DONE),
    (
        "orders_upload",
        [[ORDER | {"externalId": "o-2", "payments": []}, ORDER | {"externalId": "o-3", "payments": []}], "simple-site"],
        DONE,
    ),
    ("order_edit", [{"externalId": "o-1", "status": "client-confirmed"}], DONE),
    ("orders_fix_external_ids", [[{"id": 3, "externalId": "o-4"}]], DONE),
    ("orders_combine", [{"id": 3}, {"id": 2}], DONE),
    (
        "order_payment_create",
        [{"order": {"externalId": "o-1"}, "type": "bank-card", "externalId": "pay-2", "amount": 50}],
        DONE,
    ),
    ("order_payment_edit", [{"externalId": "pay-1", "status": "paid", "paidAt": "2026-01-01 00:00:00"}], DONE),
    (
        "order_links_create",
        [{"comment": "Together", "orders": [{"externalId": "o-1"}, {"externalId": "o-2"}]}],
        DONE,
    ),
    ("order", ["o-1"], DONE),
    ("orders", [], DONE),
    ("orders_history", [], DONE),
    ("orders_statuses", [[1], ["o-2"]], DONE),
    ("orders_plates_print", ["o-1", 1], NO_JSON),
    ("pack_create", [{"itemId": 1, "store": "main", "quantity": 1}], DONE),
    ("pack_edit", [{"id": 1, "quantity": 2}], DONE),
    ("pack", [1], DONE),
    ("packs", [], DONE),
    ("pack_delete", [1], DONE),
    ("packs_history", [], DONE),
]

LOYALTY = [
    ("loyalty_loyalties", [], DONE),
    ("loyalty_loyalty", [1], DONE),
    (
        "loyalty_account_create",
        ["simple-site", {"phoneNumber": "+79990000010", "customer": {"externalId": "c-1"}}],
        DONE,
    ),
    ("loyalty_account_activate", [1], DONE),
    ("loyalty_account_edit", [1, {"cardNumber": "9"}], DONE),
    ("loyalty_account_bonus_credit", [1, 100, "2026-01-01", "2027-01-01", "A gift"], DONE),
    ("loyalty_account_bonus_charge", [1, 10, "A mistake"], DONE),
    ("loyalty_account", [1], DONE),
    ("loyalty_accounts", [], DONE),
    ("loyalty_account_bonus_operations", [1], DONE),
    ("loyalty_account_bonus_details", [1, "burn_soon"], DONE),
    ("loyalty_bonus_operations", [], DONE),
    (
        "loyalty_calculate",
        [{"customer": {"externalId": "c-1"}, "items": [{"initialPrice": 100, "quantity": 2}]}, "simple-site"],
        DONE,
    ),
    ("orders_loyalty_apply", [{"externalId": "o-1"}, "simple-site", 5], DONE),
    ("orders_loyalty_cancel_bonus_operations", [{"externalId": "o-1"}, "simple-site"], DONE),
]

MONEY = [
    ("cost_create", [COST], DONE),
    ("costs_upload", [[COST, COST]], DONE),
    ("cost_edit", [{"id": 1, "comment": "Posters"}], DONE),
    ("cost", [1], DONE),
    ("costs", [], DONE),
    ("cost_delete", [1], DONE),
    ("costs_delete", [[2]], DONE),
    ("payment_create_invoice", [{"paymentId": 2}], DONE),
    ("payment_invoice_import", [{"paymentId": 2}], DONE),
    ("payment_invoice", [invoice], DONE),
    ("payment_check", [lambda answers: {"invoiceUuid": invoice(answers), "amount": 50, "currency": "RUB"}], DONE),
    ("payment_update_invoice", [lambda answers: {"invoiceUuid": invoice(answers), "status": "succeeded"}], DONE),
    ("order_payment_delete", [1], DONE),
]

DELIVERY = [
    (
        "delivery_shipment_create",
        [{"date": "2026-02-01"}, "simple-site"],
        refused(400, "it does not send `deliveryType`"),
    ),
    ("delivery_shipments", [], DONE),
    ("delivery_shipment", [1], refused(404, "there is none, since none could be created")),
    (
        "delivery_shipment_edit",
        [{"id": 1, "comment": "Late"}],
        refused(404, "it calls `/delivery/shipment/…` for `/delivery/shipments/…`"),
    ),
    ("delivery_tracking", ["dpd", [{"deliveryId": "1", "history": []}]], refused(404, "no module of that code is connected")),
    ("delivery_calculate", [["courier"], {"site": "simple-site", "items": [ITEM]}], DONE),
    ("orders_delivery_cancel", ["o-1"], DONE),
]

REST = [
    ("customer_interaction_cart_set", ["simple-site", CART_SET], DONE),
    ("customer_interaction_cart", ["simple-site", "c-1"], DONE),
    ("customer_interaction_cart_clear", ["simple-site", {"customer": {"externalId": "c-1"}, "clearedAt": "2026-01-02 10:00:00+03:00"}], DONE),
    ("customer_interaction_favorites_add", ["simple-site", "c-1", {"offer": {"externalId": "mug-1"}}], DONE),
    ("customer_interaction_favorites", ["simple-site", "c-1"], DONE),
    ("customer_interaction_favorite_remove", ["simple-site", "c-1", {"offer": {"externalId": "mug-1"}}], DONE),
    ("files_upload", [{"filename": "a.txt"}], DONE),
    ("files_edit", [{"id": 1, "filename": "b.txt"}], DONE),
    ("file", [1], DONE),
    ("files", [], DONE),
    ("files_download", [1], NO_JSON),
    ("files_delete", [1], DONE),
    (
        "integration_module_edit",
        [{"code": "fresh", "integrationCode": "fresh", "active": True, "name": "Fresh", "clientId": "x"}],
        DONE,
    ),
    ("integration_module", ["fresh"], DONE),
    ("integration_module_update_scopes", ["fresh", {"scopes": ["order_read"]}], DONE),
    ("notifications_send", [{"type": "api.info", "message": "Hello", "userGroups": ["superadmins"]}], DONE),
    ("task_create", [{"text": "Call", "performerId": 1, "order": {"externalId": "o-1"}}, "simple-site"], DONE),
    ("task_edit", [{"id": 1, "text": "Call again", "performerId": 1}], DONE),
    ("task", [1], DONE),
    ("tasks_comments", [1], DONE),
    ("tasks", [], DONE),
    ("tasks_history", [], DONE),
    ("telephony_call_event", [{"phone": "+79990000010", "type": "in", "codes": ["101"], "userIds": [1]}], DONE),
    ("telephony_calls_upload", [[CALL]], DONE),
    ("telephony_manager", ["+79990000010"], DONE),
    ("verification_sms_status", ["check"], refused(404, "no SMS was sent")),
    ("verification_sms_confirm", [{"checkId": "check", "code": "1234"}], refused(404, "no SMS was sent")),
    ("web_analytics_client_ids_upload", [[{"value": "v-1", "createdAt": "2026-01-01 00:00:00", "customer": {"externalId": "c-1"}, "site": "simple-site"}]], DONE),
    ("web_analytics_sources_upload", [[{"source": "ads", "medium": "cpc", "customer": {"externalId": "c-1"}, "site": "simple-site", "clientId": "v-1"}]], DONE),
    ("web_analytics_visits_upload", [[VISIT]], DONE),
]

CALLS = [*ACCOUNT, *REFERENCES, *STORE, *FIELDS, *CUSTOMERS, *COMPANIES, *ORDERS, *LOYALTY, *MONEY, *DELIVERY, *REST]
