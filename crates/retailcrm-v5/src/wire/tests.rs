//! Requests and answers of generated operations, byte for byte.

use bytes::Bytes;
use common_api::AnyOutput;
use common_model::{Map, Value};
use common_transport::{Error, Operation};
use http::{Request, Response, header};

use crate::{
    By, costs, custom_fields, customer_interaction, customer_interaction::BySite, customers,
    customers_corporate, files, operations, orders, shared, telephony,
};

fn request(operation: &impl Operation) -> Request<Bytes> {
    operation.request().unwrap()
}

fn value(json: &str) -> Value {
    json.parse().unwrap()
}

fn parse(name: &str, params: &str) -> Result<Request<Bytes>, Error> {
    let entry = operations()
        .iter()
        .find(|entry| entry.metadata.name == name);
    entry.expect(name).operation(params)?.request()
}

// R14, R27
#[test]
fn r14_a_query_in_brackets_is_the_documented_one() {
    let mut fields = Map::default();
    fields.insert("nps", value(r#"{"min":5}"#));
    let filter = orders::OrderFilter::new()
        .numbers(["1235C".to_owned()])
        .custom_fields(fields);
    let list = orders::List::new().filter(filter);
    assert_eq!(
        request(&list).uri(),
        "/api/v5/orders?filter[numbers][]=1235C&filter[customFields][nps][min]=5"
    );
}

// R14, R15
#[test]
fn r15_lists_have_empty_brackets_and_nested_items_an_index() {
    let features = parse("features.check", r#"{"features":["a","b c"]}"#).unwrap();
    assert_eq!(
        features.uri(),
        "/api/v5/features/check?features[]=a&features[]=b%20c"
    );
    let nested = r#"{"filter":{"customFields":{"a":[{"b":1},{"b":2}],"ключ":"x&y"},"none":null,"empty":[]}}"#;
    assert_eq!(
        parse("orders.list", nested).unwrap().uri(),
        "/api/v5/orders?filter[customFields][a][0][b]=1&filter[customFields][a][1][b]=2\
         &filter[customFields][%D0%BA%D0%BB%D1%8E%D1%87]=x%26y"
    );
}

// R16, R28
#[test]
fn r16_a_form_with_json_is_the_documented_one() {
    let mut order = orders::Order::new();
    order.external_id = Some("a123".into());
    order.first_name = Some("Tom".into());
    let create = orders::Create::new(order).site("simple-site");
    let request = request(&create);
    assert_eq!(request.uri(), "/api/v5/orders/create");
    assert_eq!(
        request.headers()[header::CONTENT_TYPE],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(
        request.body(),
        "site=simple-site&order=%7B%22externalId%22%3A%22a123%22%2C%22firstName%22%3A%22Tom%22%7D"
    );
}

#[test]
fn r16_lists_in_a_form_are_json_or_brackets_as_described() {
    assert_eq!(
        parse("costs.delete_batch", r#"{"ids":[1,2]}"#)
            .unwrap()
            .body(),
        "ids[]=1&ids[]=2"
    );
    let templates = r#"{"templates":[],"removed":[3]}"#;
    let edit = parse("references.edit_mg_channel_templates", templates).unwrap();
    assert_eq!(edit.body(), "templates=%5B%5D&removed=%5B3%5D");
}

#[test]
fn re16_booleans_are_digits_in_parameters_and_words_in_json() {
    let cancel = orders::CancelDelivery::new("a-1")
        .by(By::ExternalId)
        .force(true);
    assert!(
        request(&cancel).body().ends_with(b"force=1"),
        "{:?}",
        request(&cancel).body()
    );
    let manager = telephony::GetManager::new("+7 900").details(false);
    assert_eq!(
        request(&manager).uri(),
        "/api/v5/telephony/manager?phone=%2B7%20900&details=0"
    );
    let order = parse("orders.create", r#"{"order":{"call":true}}"#).unwrap();
    assert_eq!(order.body(), "order=%7B%22call%22%3Atrue%7D");
}

#[test]
fn re8_an_id_is_one_segment_and_by_says_what_it_is() {
    let by_number = customers::Get::new(By::id(5));
    assert_eq!(request(&by_number).uri(), "/api/v5/customers/5?by=id");
    let odd = customers::Get::new("a/1?б#");
    assert_eq!(request(&odd).uri(), "/api/v5/customers/a%2F1%3F%D0%B1%23");
    let empty = customers::Get::new("").request().unwrap_err();
    assert!(
        empty.is_invalid_input() && empty.field() == Some("externalId"),
        "{empty}"
    );
}

// F21, RE8
#[test]
fn f21_a_text_is_an_external_id_and_a_number_has_to_be_named() {
    let uri = |get: orders::Get| request(&get).uri().to_string();
    let text = String::from("5");
    for own in [
        orders::Get::new("5"),
        orders::Get::new(&text),
        orders::Get::new(text.clone()),
        orders::Get::new(std::borrow::Cow::from("5")),
        orders::Get::new(Box::<str>::from("5")),
    ] {
        assert_eq!(uri(own), "/api/v5/orders/5");
    }
    let reference = By::id(5_u64);
    for numbered in [
        orders::Get::new(By::id(5)),
        orders::Get::new(By::id("5")),
        orders::Get::new(By::id(5_i64)),
        orders::Get::new(&reference),
        orders::Get::new(reference.clone()),
    ] {
        assert_eq!(uri(numbered), "/api/v5/orders/5?by=id");
    }
    assert_eq!(
        uri(orders::Get::new(By::external_id(5))),
        "/api/v5/orders/5?by=externalId"
    );
}

// F21
#[test]
fn f21_every_method_with_by_tells_what_its_identifier_is() {
    let order = orders::Order::new();
    let edit = request(&orders::Edit::new(By::id(5), order));
    assert_eq!(edit.uri(), "/api/v5/orders/5/edit");
    assert_eq!(edit.body(), "order=%7B%7D&by=id");

    let address = shared::CustomerAddress::new();
    let edit = customers_corporate::EditAddress::new("a/1", By::id(7), address);
    let edit = request(&edit);
    assert_eq!(
        edit.uri(),
        "/api/v5/customers-corporate/a%2F1/addresses/7/edit"
    );
    assert_eq!(edit.body(), "address=%7B%7D&entityBy=id");

    let cart = customer_interaction::GetCart::new(BySite::id(2), By::id(9));
    assert_eq!(
        request(&cart).uri(),
        "/api/v5/customer-interaction/2/cart/9?by=id&siteBy=id"
    );
    let cart = customer_interaction::GetCart::new("main", "c-9");
    assert_eq!(
        request(&cart).uri(),
        "/api/v5/customer-interaction/main/cart/c-9"
    );
    for entry in operations() {
        let names = |name: &str| entry.metadata.param(name).is_some();
        assert_eq!(
            names("by"),
            names("externalId") || names("customerId"),
            "{entry:?}"
        );
    }
}

#[test]
fn re4_some_paths_have_no_version() {
    for (name, path) in [
        ("api.list_versions", "/api/api-versions"),
        ("api.get_credentials", "/api/credentials"),
        ("api.get_system_info", "/api/system-info"),
    ] {
        assert_eq!(parse(name, "{}").unwrap().uri(), path);
    }
}

/// How many operations the files of the description have.
fn described_operations() -> usize {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi");
    let files = std::fs::read_dir(folder).unwrap();
    let texts = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    texts
        .map(|text| text.matches("\"operationId\":").count())
        .sum()
}

// RE1, R2
#[test]
fn re1_all_operations_are_in_the_table_once() {
    let mut names: Vec<&str> = operations()
        .iter()
        .map(|entry| entry.metadata.name)
        .collect();
    let mut calls: Vec<String> = operations()
        .iter()
        .map(|entry| format!("{} {}", entry.metadata.method, entry.metadata.path))
        .collect();
    names.sort_unstable();
    names.dedup();
    calls.sort_unstable();
    calls.dedup();
    let described = described_operations();
    assert_eq!((names.len(), calls.len()), (described, described));
    assert!(
        calls
            .iter()
            .all(|call| call.contains(" /api/v5/") || call.matches('/').count() == 2)
    );
}

#[test]
fn re2_calls_that_only_one_official_client_knows_are_there() {
    for name in [
        "customer_interaction.add_favorite",
        "references.edit_mg_channel_templates",
        "features.check",
        "verification.confirm_sms",
        "delivery.calculate",
        "web_analytics.upload_visits",
        "store.list_product_property_values",
        "customers_corporate.combine",
    ] {
        let found = operations().iter().any(|entry| entry.metadata.name == name);
        assert!(found, "{name}");
    }
}

#[test]
fn re3_the_wrong_paths_of_one_client_are_not_copied() {
    for (name, path) in [
        (
            "delivery.edit_shipment",
            "/api/v5/delivery/shipments/{id}/edit",
        ),
        (
            "references.edit_cost_item",
            "/api/v5/reference/cost-items/{code}/edit",
        ),
    ] {
        let entry = operations()
            .iter()
            .find(|entry| entry.metadata.name == name);
        assert_eq!(entry.map(|entry| entry.metadata.path), Some(path));
    }
}

#[test]
fn r18_telephony_alone_has_its_own_rate_class() {
    for entry in operations() {
        let is_telephony = entry.metadata.path.starts_with("/api/v5/telephony/");
        assert_eq!(
            entry.metadata.rate_class.0 == "telephony",
            is_telephony,
            "{entry:?}"
        );
    }
}

#[test]
fn re15_an_upload_is_raw_bytes() {
    let upload = files::Upload::new(&b"\x00\xFF"[..]);
    let request = request(&upload);
    assert_eq!(
        request.headers()[header::CONTENT_TYPE],
        "application/octet-stream"
    );
    assert_eq!(request.body().as_ref(), b"\x00\xFF");
}

#[test]
fn re15_a_download_is_bytes_and_a_name() {
    let response = Response::builder()
        .header("content-type", "application/pdf")
        .header("content-disposition", "attachment; filename=\"plate.pdf\"")
        .body(Bytes::from_static(b"%PDF"))
        .unwrap();
    let entry = operations()
        .iter()
        .find(|entry| entry.metadata.name == "orders.print_plate");
    let call = entry
        .unwrap()
        .operation(r#"{"externalId":"a","plateId":1}"#)
        .unwrap();
    let filename = Some("plate.pdf".to_owned());
    let bytes = Bytes::from_static(b"%PDF");
    assert_eq!(
        call.decode(response).unwrap(),
        AnyOutput::Binary { bytes, filename }
    );
}

// R5, R6
#[test]
fn r6_dates_have_no_zone() {
    let text = r#"{"order":{"createdAt":"2014-03-21 05:14:07"}}"#;
    let sent = parse("orders.create", text).unwrap();
    assert_eq!(
        sent.body(),
        "order=%7B%22createdAt%22%3A%222014-03-21%2005%3A14%3A07%22%7D"
    );
    let filter = costs::CostFilter::new();
    assert_eq!(
        request(&costs::List::new().filter(filter)).uri(),
        "/api/v5/costs"
    );
}

// X9
#[test]
fn x9_parameters_are_checked_by_name() {
    for (name, params, field) in [
        ("orders.get", "{}", "externalId"),
        ("orders.get", r#"{"externalId":null}"#, "externalId"),
        ("orders.get", r#"{"externalId":1,"bye":"id"}"#, "bye"),
        ("orders.list", r#"{"page":"two"}"#, "page"),
        ("orders.list", r#"{"filter":{"ids":[{}]}}"#, "filter.ids[0]"),
        ("orders.list", "[]", "params"),
        ("files.upload", r#"{"body":"x"}"#, "body"),
    ] {
        let error = parse(name, params).unwrap_err();
        assert!(
            error.is_invalid_input() && error.field() == Some(field),
            "{name} {params}: {error:?}"
        );
    }
}

// F7, X9
#[test]
fn f7_a_number_has_one_spelling_on_the_wire() {
    for params in [
        r#"{"page":2,"filter":{"ids":[1]}}"#,
        r#"{"page":"2","filter":{"ids":["1"]}}"#,
        r#"{"page":2.0,"filter":{"ids":[1.0]}}"#,
        r#"{"page":2e0,"filter":{"ids":[1e0]}}"#,
        r#"{"page":"2.0","filter":{"ids":1}}"#,
    ] {
        assert_eq!(
            parse("orders.list", params).unwrap().uri(),
            "/api/v5/orders?page=2&filter[ids][]=1",
            "{params}"
        );
    }
    let anything = r#"{"filter":{"customFields":{"nps":{"min":5.0,"max":1e1},"rate":[0.50]}}}"#;
    assert_eq!(
        parse("orders.list", anything).unwrap().uri(),
        "/api/v5/orders?filter[customFields][nps][min]=5&filter[customFields][nps][max]=10\
         &filter[customFields][rate][]=0.50"
    );
    for id in ["5", "5.0", "5e0", r#""5""#] {
        let get = parse("orders.get", &format!(r#"{{"externalId":{id},"by":"id"}}"#)).unwrap();
        assert_eq!(get.uri(), "/api/v5/orders/5?by=id");
    }
}

// F7
#[test]
fn f7_one_value_or_a_list_goes_out_as_it_is_given() {
    for (name, filter, query) in [
        (
            "costs.list",
            r#"{"dateFrom":"2026-01-01"}"#,
            "filter[dateFrom]=2026-01-01",
        ),
        (
            "costs.list",
            r#"{"dateFrom":["2026-01-01"]}"#,
            "filter[dateFrom][]=2026-01-01",
        ),
        (
            "custom_fields.list",
            r#"{"viewMode":"miss","displayArea":"customer"}"#,
            "filter[viewMode]=miss&filter[displayArea]=customer",
        ),
        ("users.list", r#"{"groups":"a"}"#, "filter[groups]=a"),
        (
            "customers_corporate.list",
            r#"{"nickName":"a"}"#,
            "filter[nickName]=a",
        ),
        (
            "store.list_products",
            r#"{"minPrice":"10.50","groups":7.0,"properties":{"size":"m"}}"#,
            "filter[minPrice]=10.50&filter[properties][size]=m&filter[groups]=7",
        ),
        ("orders.list", r#"{"sites":"main"}"#, "filter[sites][]=main"),
        (
            "customers.list",
            r#"{"tags":["vip",{"name":"new","color":"red"}],"vip":"1","bad":false}"#,
            "filter[vip]=1&filter[bad]=0&filter[tags][]=vip&filter[tags][]=new",
        ),
    ] {
        let request = parse(name, &format!(r#"{{"filter":{filter}}}"#)).unwrap();
        assert_eq!(request.uri().query(), Some(query), "{name}");
    }
}

// RE12, F7
#[test]
fn re12_tags_of_parameters_go_out_as_names() {
    for tags in [
        r#"["vip"]"#,
        r#"[{"name":"vip","colorCode":"red"}]"#,
        r#""vip""#,
    ] {
        let params = format!(r#"{{"externalId":"1","customer":{{"tags":{tags}}}}}"#);
        assert_eq!(
            parse("customers.edit", &params).unwrap().body(),
            "customer=%7B%22tags%22%3A%5B%22vip%22%5D%7D"
        );
    }
}

#[test]
fn a_parameter_that_is_not_described_is_sent_along() {
    let mut get = custom_fields::Get::new("order", "nps");
    get.extra.insert("deep", value(r#"{"a":[true]}"#));
    assert_eq!(
        request(&get).uri(),
        "/api/v5/custom-fields/order/nps?deep[a][]=1"
    );
    let mut edit = orders::Edit::new("a-1", orders::Order::new());
    edit.extra.insert("deep", value(r#"{"a":true}"#));
    assert_eq!(
        request(&edit).body(),
        "order=%7B%7D&deep=%7B%22a%22%3Atrue%7D"
    );
}
