//! The lists of the services: their names on the command line, their operations, and what they are.

/// One row of the table: name, operation, meaning.
pub(super) type Row = (&'static str, &'static str, &'static str);

/// Lists of one operation each.
pub(super) const RETAILCRM: &[Row] = &[
    ("orders", "orders.list", "Orders."),
    ("customers", "customers.list", "Customers that are persons."),
    (
        "corporate-customers",
        "customers_corporate.list",
        "Customers that are companies.",
    ),
    (
        "products",
        "store.list_products",
        "Products with their offers.",
    ),
    ("offers", "store.list_offers", "Offers."),
    (
        "inventories",
        "store.list_inventories",
        "Stocks of offers by warehouse.",
    ),
    (
        "product-groups",
        "store.list_product_groups",
        "Groups of products.",
    ),
    (
        "product-properties",
        "store.list_product_properties",
        "Properties of products.",
    ),
    (
        "property-values",
        "store.list_product_property_values",
        "Values of the properties of products.",
    ),
    ("costs", "costs.list", "Costs."),
    ("tasks", "tasks.list", "Tasks of users."),
    ("files", "files.list", "Files, without their contents."),
    ("packs", "packs.list", "Packs of orders."),
    (
        "shipments",
        "delivery.list_shipments",
        "Shipments of deliveries.",
    ),
    (
        "loyalty",
        "loyalty.list_accounts",
        "Accounts of loyalty programmes.",
    ),
    (
        "bonus-operations",
        "loyalty.list_bonus_operations",
        "Bonuses that were credited and spent, of all loyalty accounts.",
    ),
    (
        "loyalty-programs",
        "loyalty.list_loyalties",
        "Loyalty programmes.",
    ),
    ("segments", "segments.list", "Segments of customers."),
    ("users", "users.list", "Users of the account."),
    ("user-groups", "users.list_groups", "Groups of users."),
    (
        "customer-notes",
        "customers.list_notes",
        "Notes about persons.",
    ),
    (
        "corporate-customer-notes",
        "customers_corporate.list_notes",
        "Notes about companies.",
    ),
    ("custom-fields", "custom_fields.list", "Custom fields."),
    (
        "custom-dictionaries",
        "custom_fields.list_dictionaries",
        "Dictionaries of custom fields.",
    ),
    (
        "orders-history",
        "orders.list_history",
        "Changes of orders.",
    ),
    (
        "customers-history",
        "customers.list_history",
        "Changes of persons.",
    ),
    (
        "corporate-customers-history",
        "customers_corporate.list_history",
        "Changes of companies.",
    ),
    ("tasks-history", "tasks.list_history", "Changes of tasks."),
    ("packs-history", "packs.list_history", "Changes of packs."),
];

pub(super) const NICECHAT: &[Row] = &[
    ("categories", "categories.list", "Categories of products."),
    ("products", "products.list", "Products."),
    ("orders", "orders.list", "Purchases made on the site."),
];

pub(super) const UVYGODA: &[Row] = &[
    ("sections", "getSections", "Sections of the catalogue."),
    ("products", "getProductList", "Products of the shop."),
];

/// Operations of RetailCRM whose rows a history names, with the member of a change that names the row.
pub(super) const CHANGED: &[(&str, &str, &str)] = &[
    ("orders.list", "orders.list_history", "order"),
    ("customers.list", "customers.list_history", "customer"),
    (
        "customers_corporate.list",
        "customers_corporate.list_history",
        "customer",
    ),
    ("tasks.list", "tasks.list_history", "task"),
    ("packs.list", "packs.list_history", "pack"),
];
