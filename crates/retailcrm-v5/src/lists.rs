//! The lists of the service as a table, for programs that choose a list at run time.

use common_api::{Layout, ListEntry, Turn, walk::ListEnd};
use common_model::{Map, Value};

use crate::page;

/// All compiled lists of the service: those in pages, the histories, and the reference books. A list whose operation has the
/// parameter `cursor` is opened with `Cursors`, any other one without.
///
/// ```
/// use retailcrm_v5::{AnyList, Client};
///
/// # fn of(client: &Client) -> Result<(), common_transport::Error> {
/// let list = retailcrm_v5::lists().iter().find(|list| list.operation() == "orders.list").unwrap();
/// let orders: AnyList = list.open(retailcrm_v5::operations(), r#"{"filter":{"extendedStatus":["new"]}}"#)?;
/// let pages = client.pages(orders);
/// # drop(pages);
/// # Ok(())
/// # }
/// ```
pub fn lists() -> &'static [ListEntry] {
    LISTS
}

macro_rules! paged {
    ($operation:literal, $($list:tt)+) => {
        ListEntry::of::<crate::$($list)+>($operation, turn)
    };
}

macro_rules! history {
    ($operation:literal, $($list:tt)+) => {
        ListEntry::history_of::<crate::$($list)+>($operation, turn)
    };
}

static LISTS: &[ListEntry] = &[
    #[cfg(feature = "costs")]
    paged!("costs.list", costs::List),
    #[cfg(feature = "custom_fields")]
    paged!("custom_fields.list", custom_fields::List),
    #[cfg(feature = "custom_fields")]
    paged!(
        "custom_fields.list_dictionaries",
        custom_fields::ListDictionaries
    ),
    #[cfg(feature = "customers")]
    paged!("customers.list", customers::List),
    #[cfg(feature = "customers")]
    history!("customers.list_history", customers::ListHistory),
    #[cfg(feature = "customers")]
    paged!("customers.list_notes", customers::ListNotes),
    #[cfg(feature = "customers_corporate")]
    paged!("customers_corporate.list", customers_corporate::List),
    #[cfg(feature = "customers_corporate")]
    history!(
        "customers_corporate.list_history",
        customers_corporate::ListHistory
    ),
    #[cfg(feature = "customers_corporate")]
    paged!(
        "customers_corporate.list_notes",
        customers_corporate::ListNotes
    ),
    #[cfg(feature = "delivery")]
    paged!("delivery.list_shipments", delivery::ListShipments),
    #[cfg(feature = "files")]
    paged!("files.list", files::List),
    #[cfg(feature = "loyalty")]
    paged!("loyalty.list_accounts", loyalty::ListAccounts),
    #[cfg(feature = "loyalty")]
    ListEntry::of::<crate::loyalty::ListBonusOperations>(
        "loyalty.list_bonus_operations",
        by_cursor,
    ),
    #[cfg(feature = "loyalty")]
    paged!("loyalty.list_loyalties", loyalty::ListLoyalties),
    #[cfg(feature = "orders")]
    paged!("orders.list", orders::List),
    #[cfg(feature = "orders")]
    history!("orders.list_history", orders::ListHistory),
    #[cfg(feature = "packs")]
    paged!("packs.list", packs::List),
    #[cfg(feature = "packs")]
    history!("packs.list_history", packs::ListHistory),
    #[cfg(feature = "references")]
    book("references.list_cost_groups", &["costGroups"]),
    #[cfg(feature = "references")]
    book("references.list_cost_items", &["costItems"]),
    #[cfg(feature = "references")]
    book("references.list_countries", &["countriesIso"]),
    #[cfg(feature = "references")]
    book("references.list_couriers", &["couriers"]),
    #[cfg(feature = "references")]
    book("references.list_currencies", &["currencies"]),
    #[cfg(feature = "references")]
    book("references.list_delivery_services", &["deliveryServices"]),
    #[cfg(feature = "references")]
    book("references.list_delivery_types", &["deliveryTypes"]),
    #[cfg(feature = "references")]
    book("references.list_legal_entities", &["legalEntities"]),
    #[cfg(feature = "references")]
    book("references.list_mg_channels", &["mgChannels"]),
    #[cfg(feature = "references")]
    paged!(
        "references.list_mg_channel_templates",
        references::ListMgChannelTemplates
    ),
    #[cfg(feature = "references")]
    book("references.list_order_methods", &["orderMethods"]),
    #[cfg(feature = "references")]
    book("references.list_order_types", &["orderTypes"]),
    #[cfg(feature = "references")]
    book("references.list_payment_statuses", &["paymentStatuses"]),
    #[cfg(feature = "references")]
    book("references.list_payment_types", &["paymentTypes"]),
    #[cfg(feature = "references")]
    book("references.list_price_types", &["priceTypes"]),
    #[cfg(feature = "references")]
    book("references.list_product_statuses", &["productStatuses"]),
    #[cfg(feature = "references")]
    book("references.list_sites", &["sites"]),
    #[cfg(feature = "references")]
    book("references.list_status_groups", &["statusGroups"]),
    #[cfg(feature = "references")]
    book("references.list_statuses", &["statuses"]),
    #[cfg(feature = "references")]
    book("references.list_stores", &["stores"]),
    #[cfg(feature = "references")]
    book("references.list_subscriptions", &["subscriptions"]),
    #[cfg(feature = "references")]
    book("references.list_units", &["units"]),
    #[cfg(feature = "segments")]
    paged!("segments.list", segments::List),
    #[cfg(feature = "store")]
    paged!("store.list_inventories", store::ListInventories),
    #[cfg(feature = "store")]
    paged!("store.list_offers", store::ListOffers),
    #[cfg(feature = "store")]
    paged!("store.list_product_groups", store::ListProductGroups),
    #[cfg(feature = "store")]
    paged!("store.list_products", store::ListProducts),
    #[cfg(feature = "store")]
    paged!(
        "store.list_product_properties",
        store::ListProductProperties
    ),
    #[cfg(feature = "store")]
    paged!(
        "store.list_product_property_values",
        store::ListProductPropertyValues
    ),
    #[cfg(feature = "tasks")]
    paged!("tasks.list", tasks::List),
    #[cfg(feature = "tasks")]
    history!("tasks.list_history", tasks::ListHistory),
    #[cfg(feature = "users")]
    paged!("users.list", users::List),
    #[cfg(feature = "users")]
    paged!("users.list_groups", users::ListGroups),
];

/// A reference book: one answer with all rows, which have a code, or else an id.
#[cfg(feature = "references")]
const fn book(operation: &'static str, lists: &'static [&'static str]) -> ListEntry {
    let layout: Layout = page::layout(lists, &["code", "id"]).end(ListEnd::Here);
    // A book has no pages, and its operation takes no number of a page.
    ListEntry::new(operation, layout, |_, _| {})
}

/// Writes the part of the list that is asked for into the parameters, with the largest page that every list takes.
#[allow(dead_code, reason = "without any group there is no list")]
fn turn(params: &mut Map<Value>, turn: Turn) {
    let mut set = |name: &str, value: Value| drop(params.insert(name, value));
    match turn {
        Turn::Page(number) => set("page", Value::of(&page::number(number))),
        Turn::Since(id) => {
            params.remove("page");
            if let Some(id) = id {
                filter(params).insert("sinceId", Value::of(&id));
            }
        }
        Turn::Date(date) => {
            filter(params).insert("startDate", Value::of(&date));
        }
        _ => {}
    }
    if !params.contains_key("limit") {
        params.insert("limit", Value::of(&i64::from(crate::PageSize::P100)));
    }
}

/// The same for a list whose pages are named by a cursor: open it with [`Cursors`](crate::Cursors).
#[cfg(feature = "loyalty")]
fn by_cursor(params: &mut Map<Value>, _: Turn) {
    if !params.contains_key("limit") {
        params.insert("limit", Value::of(&i64::from(crate::PageSize::P100)));
    }
}

/// The filter of the call, made if it has none.
#[allow(dead_code, reason = "without any group there is no list")]
fn filter(params: &mut Map<Value>) -> &mut Map<Value> {
    let is_object = params
        .get("filter")
        .is_some_and(|it| it.as_object().is_some());
    if !is_object {
        params.insert("filter", Value::Object(Map::default()));
    }
    let filter = params.get_mut("filter").and_then(Value::as_object_mut);
    filter.expect("it is an object")
}

#[cfg(all(test, feature = "full"))]
mod tests {
    use super::*;

    // J1
    #[test]
    fn j1_every_row_names_an_operation_and_opens() {
        for list in lists() {
            let opened = list.open::<()>(crate::operations(), "{}");
            assert!(opened.is_ok(), "{opened:?} {}", list.operation());
        }
    }

    // J1: an operation that answers with a page has a row, and so does each reference book.
    #[test]
    fn j1_no_list_without_parameters_of_its_own_is_missing() {
        let known: Vec<_> = lists().iter().map(ListEntry::operation).collect();
        for entry in crate::operations() {
            let name = entry.metadata.name;
            let needs = entry.metadata.params.iter().any(|param| param.required);
            let has = |name: &str| entry.metadata.param(name).is_some();
            let is_paged = has("page") || has("cursor");
            let is_book = name.starts_with("references.list_");
            if entry.metadata.is_read() && !needs && (is_paged || is_book) {
                assert!(known.contains(&name), "{name}");
            }
        }
    }

    // J1
    #[test]
    fn j1_a_page_and_an_id_are_written_into_the_parameters() {
        use common_api::{History as _, Paged as _};
        use common_transport::Operation as _;

        let list = |name: &str, params: &str| {
            let list = lists().iter().find(|list| list.operation() == name);
            list.unwrap()
                .open::<()>(crate::operations(), params)
                .unwrap()
        };
        let mut orders = list("orders.list", r#"{"filter":{"minPrice":5}}"#);
        orders.turn_to(7);
        let uri = orders.request().unwrap().uri().to_string();
        assert!(
            uri.contains("page=7") && uri.contains("limit=100") && uri.contains("=5"),
            "{uri}"
        );
        let mut history = list("orders.list_history", r#"{"limit":20,"page":3}"#);
        history.since(Some(9));
        let uri = history.request().unwrap().uri().to_string();
        assert!(
            uri.contains("sinceId") && uri.contains("limit=20") && !uri.contains("page="),
            "{uri}"
        );
    }
}
