//! An order with a field of every type.

use common_model::{
    Decimal, Id, ListOrMap, Map, Timestamp, Value,
    civil::{Date, DateTime, Time},
    from_json, to_json,
};

use crate::declare::models;

common_model::open_enum! {
    /// Kinds of an order.
    pub(crate) enum Kind {
        /// From the shop's site.
        Site = "site",
        /// By telephone.
        Phone = "phone",
    }
}

common_model::open_enum! {
    /// Levels of a customer.
    pub(crate) enum Level {
        /// New.
        New = 1,
        /// Regular.
        Regular = 2,
    }
}

models! {
    Order {
        number "number" String,
        id "id" i64,
        managers "managers" u32,
        paid "paid" bool,
        sum "summ" Decimal,
        shipped "shipped" Date,
        created "createdAt" DateTime,
        from "from" Time,
        updated "updatedAt" Timestamp,
        code "code" Id,
        kind "kind" Kind,
        level "level" Level,
        anything "anything" Value,
        tags "tags" Vec<String>,
        numbers "numbers" Vec<i64>,
        items "items" Vec<Item>,
        payments "payments" ListOrMap<Item>,
        fields "customFields" Map<Value>,
        named "named" Map<Item>,
        info "info" Item,
        parent "parent" Box<Order>,
    }
    Item {
        quantity "quantity" Decimal,
        name "name" String,
    }
}

/// The names of the fields of [`Order`].
pub(crate) const FIELDS: [&str; 21] = [
    "number",
    "id",
    "managers",
    "paid",
    "summ",
    "shipped",
    "createdAt",
    "from",
    "updatedAt",
    "code",
    "kind",
    "level",
    "anything",
    "tags",
    "numbers",
    "items",
    "payments",
    "customFields",
    "named",
    "info",
    "parent",
];

/// Those of a boolean and of anything: `false` is a value there.
pub(crate) const WHERE_FALSE_IS_A_VALUE: [&str; 2] = ["paid", "anything"];

/// Those of a text, of lists and maps, and of anything: `""` or `[]` is a value there.
pub(crate) const WHERE_EMPTY_IS_A_VALUE: [&str; 8] = [
    "number",
    "anything",
    "tags",
    "numbers",
    "items",
    "payments",
    "customFields",
    "named",
];

/// Reads an order, makes sure that it is written as it came, and hands it out.
#[track_caller]
pub(crate) fn order(json: &str) -> Order {
    let order: Order = from_json(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert_eq!(to_json(&order), json);
    order
}

/// Why an order is refused.
#[track_caller]
pub(crate) fn refused(json: &str) -> String {
    from_json::<Order>(json).expect_err(json).to_string()
}
