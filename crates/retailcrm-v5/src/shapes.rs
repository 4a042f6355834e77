//! Shapes seen in real answers, read and written again without loss.

use common_model::{Decode, Encode, Value, from_json, to_json};
use common_transport::Operation;

use crate::{
    customer_interaction, customers, customers_corporate, delivery, integration, loyalty, orders,
    packs, references, store, tasks,
};

/// Reads and writes a text again, and checks that it is the same.
fn survives<T: Decode + Encode>(json: &str) -> T {
    let model: T = from_json(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert_eq!(to_json(&model), json);
    model
}

#[test]
fn re11_reference_lists_come_keyed_by_code() {
    let keyed = r#"{"success":true,"statuses":{"new":{"name":"Новый","code":"new"}}}"#;
    let read: references::StatusesResponse = survives(keyed);
    assert_eq!(read.statuses.unwrap().iter().count(), 1);
    survives::<references::UnitsResponse>(r#"{"success":true,"units":[{"code":"pc"}]}"#);
    survives::<references::UnitsResponse>(r#"{"success":true,"units":{"pc":{"code":"pc"}}}"#);
}

#[test]
fn re11_payments_of_an_order_are_a_list_an_object_or_empty() {
    for payments in [r#"[{"id":1}]"#, r#"{"7":{"id":7}}"#, "{}", "[]"] {
        survives::<orders::Order>(&format!(r#"{{"payments":{payments}}}"#));
    }
}

// RE11: whatever is a map somewhere may be a list, empty or not, wherever it stands.
#[test]
fn re11_custom_fields_and_properties_are_maps_or_lists() {
    for map in ["[]", "{}", r#"["a","b"]"#, r#"{"nps":"5","color":"red"}"#] {
        survives::<orders::Order>(&format!(r#"{{"customFields":{map}}}"#));
        survives::<customers::Customer>(&format!(r#"{{"customFields":{map}}}"#));
        survives::<orders::Order>(&format!(r#"{{"customer":{{"customFields":{map}}}}}"#));
        survives::<store::ProductOffer>(&format!(r#"{{"properties":{map}}}"#));
    }
    let item = r#"{"code":"color","name":"Цвет","value":"red"}"#;
    for (properties, count) in [
        ("[]".to_owned(), 0),
        ("{}".to_owned(), 0),
        (format!("[{item}]"), 1),
        (format!(r#"{{"color":{item},"size":{item}}}"#), 2),
    ] {
        let json = format!(r#"{{"items":[{{"properties":{properties}}}]}}"#);
        let order = survives::<orders::Order>(&json);
        let items = order.items.unwrap();
        assert_eq!(items[0].properties.as_ref().unwrap().len(), count, "{json}");
    }
    let order = survives::<orders::Order>(r#"{"customFields":["a","b"]}"#);
    let fields = order.custom_fields.unwrap();
    assert_eq!(
        fields.get("1").and_then(Value::as_str),
        Some("b"),
        "by their places"
    );
}

#[test]
fn re11_empty_maps_come_as_lists() {
    survives::<orders::Order>(r#"{"customFields":[]}"#);
    survives::<orders::Order>(r#"{"customFields":{"nps":5}}"#);
    survives::<store::Product>(r#"{"id":1}"#);
}

#[test]
fn re11_history_values_are_anything() {
    for value in ["null", "true", "5", "1.5", r#""x""#, r#"{"code":"new"}"#] {
        let json = format!(
            r#"{{"history":[{{"id":1,"field":"status","oldValue":{value},"newValue":{value}}}]}}"#
        );
        survives::<orders::OrdersHistoryResponse>(&json);
    }
}

#[test]
fn re13_delivery_data_keeps_what_nobody_described() {
    let json = r#"{"delivery":{"code":"courier","data":{"externalId":"x","tariffWeDoNotKnow":{"a":[1,2.50]}}}}"#;
    survives::<orders::Order>(json);
}

#[test]
fn re14_all_forms_of_dates() {
    survives::<orders::Order>(r#"{"createdAt":"2014-03-21 05:14:07"}"#);
    survives::<customer_interaction::Cart>(r#"{"clearedAt":"2014-03-21 05:14:07+03:00"}"#);
    survives::<delivery::RequestStatusUpdateItem>(
        r#"{"history":[{"code":"a","updatedAt":"2014-03-21T05:14:07+03:00"}]}"#,
    );
    survives::<tasks::Task>(r#"{"datetime":"2014-03-21 05:14"}"#);
    survives::<customers::Customer>(r#"{"birthday":"2014-03-21"}"#);
    survives::<orders::TimeInterval>(r#"{"from":"09:00","to":"18:30"}"#);
}

// RE18
#[test]
fn re18_money_is_exact() {
    let json = r#"{"totalSumm":19.99,"prepaySum":0.1,"initialPrice":10.00}"#;
    survives::<orders::Order>(json);
    let loyalty: loyalty::LoyaltyAccount = survives(r#"{"amount":0.30000000000000000001}"#);
    assert_eq!(
        loyalty.amount.unwrap().to_string(),
        "0.30000000000000000001"
    );
}

#[test]
fn re11_ids_are_numbers_here_and_texts_there() {
    survives::<packs::OrderProductPack>(r#"{"store":"main"}"#);
    survives::<packs::OrderProductPack>(r#"{"store":{"code":"main"}}"#);
    survives::<customers::Customer>(r#"{"id":"5"}"#);
}

/// The JSON that an operation sends in one field of its form.
fn sent(operation: &impl Operation, field: &str) -> String {
    let body = operation.request().unwrap().into_body();
    let form = std::str::from_utf8(&body).unwrap();
    let found = form
        .split('&')
        .find_map(|pair| pair.strip_prefix(field)?.strip_prefix('='));
    percent_encoding::percent_decode_str(found.unwrap())
        .decode_utf8()
        .unwrap()
        .into_owned()
}

#[test]
fn re12_tags_are_read_as_objects_and_as_names_and_written_again() {
    survives::<customers::Customer>(
        r##"{"tags":[{"name":"vip","color":"red","attached":true,"colorCode":"#19976e"},"new"],"addTags":["a"]}"##,
    );
    survives::<customers_corporate::CustomerCorporate>(r#"{"tags":[{"name":"vip"},"new"]}"#);
}

#[test]
fn re12_tags_that_were_read_go_out_as_names() {
    let read = r##"{"id":7,"tags":[{"name":"vip","colorCode":"#19976e"},"new"],"addTags":["a"],"removeTags":["b"]}"##;
    let names = r#"{"id":7,"tags":["vip","new"],"addTags":["a"],"removeTags":["b"]}"#;
    let customer: customers::Customer = survives(read);
    let edit = customers::Edit::new("a-1", customer.clone());
    assert_eq!(sent(&edit, "customer"), names);
    let upload = customers::Upload::new(vec![customer.clone()]);
    assert_eq!(sent(&upload, "customers"), format!("[{names}]"));
    assert_eq!(sent(&customers::Create::new(customer), "customer"), names);

    let company: customers_corporate::CustomerCorporate =
        survives(r#"{"type":"customer_corporate","tags":[{"name":"vip","attached":true}]}"#);
    let names = r#"{"type":"customer_corporate","tags":["vip"]}"#;
    let edit = customers_corporate::Edit::new("a-1", company.clone());
    assert_eq!(sent(&edit, "customerCorporate"), names);
    // The customer of an order is a person or a company.
    let order = orders::Order::new().customer(company);
    assert_eq!(
        sent(&orders::Create::new(order), "order"),
        format!(r#"{{"customer":{names}}}"#)
    );
}

#[test]
fn re12_tags_are_written_by_name() {
    let customer = customers::Customer::new()
        .tags([
            "vip".into(),
            crate::shared::CustomerTag::new().name("new").into(),
        ])
        .add_tags(["a".to_owned()]);
    assert_eq!(
        sent(&customers::Edit::new("a-1", customer), "customer"),
        r#"{"tags":["vip","new"],"addTags":["a"]}"#
    );
    let filter = customers::CustomerFilter::new().tags(["vip".into()]);
    let list = customers::List::new().filter(filter);
    assert_eq!(
        list.request().unwrap().uri(),
        "/api/v5/customers?filter[tags][]=vip"
    );
}

// RE5, R21
#[test]
fn r21_the_page_block() {
    let json = r#"{"success":true,"pagination":{"limit":20,"totalCount":1583,"currentPage":1,"totalPageCount":80},"orders":[]}"#;
    let read: orders::OrdersResponse = survives(json);
    let pagination = read.pagination.unwrap();
    assert_eq!(
        (pagination.total_count, pagination.total_page_count),
        (Some(1583), Some(80))
    );
}

#[test]
fn x7_keys_and_tokens_of_integrations_show_nowhere() {
    let scopes: integration::IntegrationModuleUpdateScopesResponse =
        survives(r#"{"success":true,"apiKey":"hidden-1"}"#);
    let module: integration::IntegrationModule = survives(
        r#"{"integrations":{"mgTransport":{"token":"hidden-2"},"mgBot":{"token":"hidden-3"}}}"#,
    );
    let shown = format!("{scopes:?} {scopes:#?} {module:?} {module:#?}");
    assert!(!shown.contains("hidden-"), "{shown}");
    assert_eq!(scopes.api_key.unwrap().expose(), "hidden-1");
}

// H1
#[test]
fn h1_an_order_is_small() {
    let size = size_of::<orders::Order>();
    assert!(
        size <= 1_638,
        "an Order has {size} bytes, more than 1.6 KiB"
    );
}

// H1
#[test]
fn h1_a_model_in_a_box_is_used_as_before() {
    let mut delivery = orders::SerializedOrderDelivery::new();
    delivery.cost = Some(common_model::Decimal::from(350));
    let mut order = orders::Order::new().delivery(delivery);
    order.delivery.get_or_insert_default().code = Some("courier".into());
    assert_eq!(
        to_json(&order),
        r#"{"delivery":{"code":"courier","cost":350}}"#
    );
    let create = orders::Create::new(order);
    assert_eq!(
        create
            .order
            .delivery
            .as_ref()
            .and_then(|delivery| delivery.cost),
        Some(350.into())
    );
}
