//! The lists of the service as a table, for programs that choose a list at run time.

#[cfg(feature = "references")]
use common_api::{Layout, walk::ListEnd};
use common_api::{ListEntry, Turn};
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
    crate::generated::LISTS
}

/// A reference book: one answer with all rows, which have a code, or else an id.
#[cfg(feature = "references")]
pub(crate) const fn book(lists: &'static [&'static str]) -> Layout {
    page::layout(lists, &["code", "id"]).end(ListEnd::Here)
}

/// Writes the part of the list that is asked for into the parameters, with the largest page that every list takes.
#[allow(dead_code, reason = "without any group there is no list")]
pub(crate) fn turn(params: &mut Map<Value>, turn: Turn) {
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
    limit(params, turn);
}

/// Asks for the largest page that every list takes, unless the call names a size. A list whose pages are named by a cursor
/// needs no more, since `Cursors` adds the cursor to the request.
#[allow(dead_code, reason = "without any group there is no list")]
pub(crate) fn limit(params: &mut Map<Value>, _: Turn) {
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
