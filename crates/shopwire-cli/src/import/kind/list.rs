//! The kinds by name, with their methods.

use super::{Answer, Form, Kind, Look, Method, Renamed, Unclear, Unique};

const EXTERNAL_ID: &[&[&str]] = &[&["externalId"]];
const ANY_ID: &[&[&str]] = &[&["externalId", "id"]];

const ORDERS: Look = look("orders.list", "orders", "externalIds");
const CUSTOMERS: Look = look("customers.list", "customers", "externalIds");
const PRODUCTS: Look = Look {
    takes_many: false,
    ..look("store.list_products", "products", "externalId")
};

const fn look(operation: &'static str, list: &'static str, filter: &'static str) -> Look {
    Look {
        operation,
        list,
        filter,
        takes_many: true,
    }
}

/// A method whose other members are the usual ones.
const BASE: Method = Method {
    operation: "",
    param: "",
    form: Form::Single,
    needed: &[],
    given: &["id"],
    references: &[],
    renamed: &[],
    unclear: Unclear::Ask,
    changed: None,
    unique: Unique::Object,
    answer: Answer::Whole,
};

/// A method that changes one object.
const fn edit(operation: &'static str, param: &'static str, look: Look) -> Method {
    Method {
        operation,
        param,
        form: Form::Path,
        needed: ANY_ID,
        given: &[],
        changed: Some(look),
        unclear: Unclear::Repeat,
        ..BASE
    }
}

pub(super) static KINDS: [Kind; 7] = [
    Kind {
        name: "orders",
        create: Method {
            operation: "orders.upload",
            param: "orders",
            form: Form::List(50),
            needed: EXTERNAL_ID,
            references: &["customer", "contact", "company", "items.offer"],
            unclear: Unclear::Look(ORDERS),
            answer: Answer::Parts("uploadedOrders", "failedOrders"),
            ..BASE
        },
        edit: Some(edit("orders.edit", "order", ORDERS)),
        has_triggers: true,
        list: "orders.list",
    },
    Kind {
        name: "customers",
        create: Method {
            operation: "customers.upload",
            param: "customers",
            form: Form::List(50),
            needed: EXTERNAL_ID,
            unclear: Unclear::Look(CUSTOMERS),
            answer: Answer::Parts("uploadedCustomers", "failedCustomers"),
            ..BASE
        },
        edit: Some(edit("customers.edit", "customer", CUSTOMERS)),
        has_triggers: true,
        list: "customers.list",
    },
    Kind {
        name: "products",
        create: Method {
            operation: "store.create_products_batch",
            param: "products",
            form: Form::List(50),
            needed: &[&["externalId"], &["name"]],
            unclear: Unclear::Look(PRODUCTS),
            ..BASE
        },
        edit: Some(Method {
            operation: "store.edit_products_batch",
            param: "products",
            form: Form::List(50),
            needed: ANY_ID,
            given: &[],
            unclear: Unclear::Repeat,
            changed: Some(PRODUCTS),
            answer: Answer::Missing("notFoundProducts"),
            ..BASE
        }),
        has_triggers: false,
        list: "store.list_products",
    },
    Kind {
        name: "prices",
        create: Method {
            operation: "store.upload_prices",
            param: "prices",
            form: Form::List(250),
            needed: &[&["externalId", "xmlId", "id"], &["prices"]],
            given: &[],
            renamed: &[Renamed {
                list: "prices",
                from: "priceType",
                to: "code",
            }],
            unclear: Unclear::Repeat,
            unique: Unique::Element("prices"),
            answer: Answer::Missing("notFoundOffers"),
            ..BASE
        },
        edit: None,
        has_triggers: false,
        list: "store.list_offers",
    },
    Kind {
        name: "inventories",
        create: Method {
            operation: "store.upload_inventories",
            param: "offers",
            form: Form::List(200),
            needed: &[&["externalId", "xmlId", "id"], &["stores"]],
            given: &["quantity", "purchasePrice"],
            renamed: &[
                Renamed {
                    list: "stores",
                    from: "store",
                    to: "code",
                },
                Renamed {
                    list: "stores",
                    from: "quantity",
                    to: "available",
                },
            ],
            unclear: Unclear::Repeat,
            unique: Unique::Element("stores"),
            answer: Answer::Missing("notFoundOffers"),
            ..BASE
        },
        edit: None,
        has_triggers: false,
        list: "store.list_inventories",
    },
    Kind {
        name: "costs",
        create: Method {
            operation: "costs.upload",
            param: "costs",
            form: Form::List(50),
            needed: &[&["dateFrom"], &["dateTo"], &["summ"], &["costItem"]],
            given: &["id", "createdAt", "createdBy"],
            references: &["order"],
            unique: Unique::Nothing,
            answer: Answer::Ids("uploadedCosts"),
            ..BASE
        },
        edit: None,
        has_triggers: false,
        list: "costs.list",
    },
    Kind {
        name: "tasks",
        create: Method {
            operation: "tasks.create",
            param: "task",
            needed: &[&["text"], &["performerId"]],
            given: &["id", "createdAt", "creator", "performer", "completedAt"],
            references: &["order", "customer"],
            unique: Unique::Nothing,
            ..BASE
        },
        edit: None,
        has_triggers: false,
        list: "tasks.list",
    },
];
