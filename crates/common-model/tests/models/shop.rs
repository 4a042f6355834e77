//! An order with a field of every type.

use common_model::{
    Decimal, Error, Extra, Id, ListOrMap, Map, Model, ObjectWriter, Reader, Timestamp, Value,
    civil::{Date, DateTime, Time},
    from_json, from_json_strict, to_json,
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
        rows "rows" Vec<Vec<i64>>,
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
pub(crate) const FIELDS: [&str; 22] = [
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
    "rows",
    "items",
    "payments",
    "customFields",
    "named",
    "info",
    "parent",
];

/// The fields of a boolean and of any value: `false` is a value there.
pub(crate) const WHERE_FALSE_IS_A_VALUE: [&str; 2] = ["paid", "anything"];

/// The fields of a text, of lists and maps, and of any value: `""` or `[]` is a value there.
pub(crate) const WHERE_EMPTY_IS_A_VALUE: [&str; 9] = [
    "number",
    "anything",
    "tags",
    "numbers",
    "rows",
    "items",
    "payments",
    "customFields",
    "named",
];

/// Reads an order, checks that it is written as it came, and returns it.
#[track_caller]
pub(crate) fn order(json: &str) -> Order {
    let order: Order = from_json(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert_eq!(to_json(&order), json);
    order
}

/// Returns the message with which strict reading refuses an order.
#[track_caller]
pub(crate) fn refused(json: &str) -> String {
    from_json_strict::<Order>(json).expect_err(json).to_string()
}

/// A model with required fields.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Strict {
    pub(crate) id: i64,
    pub(crate) tags: Vec<String>,
    pub(crate) extra: Extra,
}

impl Model for Strict {
    fn read_field(&mut self, key: &str, reader: &mut Reader<'_>) -> Result<bool, Error> {
        match key {
            "id" => reader.required("id", &mut self.id),
            "tags" => reader.required("tags", &mut self.tags),
            _ => Ok(false),
        }
    }

    fn write_fields(&self, object: &mut ObjectWriter<'_>) {
        object.required("id", &self.id);
        object.required("tags", &self.tags);
    }

    fn extra(&self) -> &Extra {
        &self.extra
    }

    fn extra_mut(&mut self) -> &mut Extra {
        &mut self.extra
    }
}

common_model::model!(Strict);
