use common_transport::Operation;

use super::*;
use crate::{access, catalog, orders, products};

fn header<'r>(request: &'r Request<Bytes>, name: &str) -> &'r str {
    request.headers()[name].to_str().unwrap()
}

#[test]
fn u1_u3_one_endpoint_and_the_method_in_a_header() {
    let request = catalog::Sections::new(crate::SectionFilter::All)
        .request()
        .unwrap();
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "/local/api/api.php");
    assert_eq!(
        header(&request, "content-type"),
        "application/json;charset=UTF-8"
    );
    assert_eq!(header(&request, "method"), "getSections");
    assert!(
        request.headers().get("token").is_none(),
        "the client adds it"
    );
    assert_eq!(request.body(), r#"{"FILTER":"ALL"}"#);
}

#[test]
fn u6_a_method_without_parameters_sends_an_empty_php_array() {
    for request in [
        orders::Stages::new().request(),
        orders::OrderProperties::new().request(),
    ] {
        assert_eq!(request.unwrap().body(), "[]");
    }
}

#[test]
fn u13_the_token_is_asked_for_without_one() {
    let request = access::Token::new("shop@example.com", "pa\"ss")
        .request()
        .unwrap();
    assert_eq!(header(&request, "token"), "NO_AUTH");
    assert_eq!(
        request.body(),
        r#"{"LOGIN":"shop@example.com","PASS":"pa\"ss"}"#
    );
}

#[test]
fn u36_u37_u41_a_card_goes_out_by_the_services_names() {
    let pictures = crate::Pictures::new(["https://shop.example/1.jpg"]).unwrap();
    let values = common_model::Map::from([("123", "текст".into()), ("222", 455.into())]);
    let card = products::Add::new(products::AddFields {
        section_id: 123,
        name: "Плед".into(),
        price: 177.into(),
        stock: 5,
        description: "<p>Тёплый</p>".into(),
        properties: values,
        pictures,
        preview_picture: "https://shop.example/0.jpg".into(),
    });
    assert_eq!(
        card.request().unwrap().body(),
        r#"{"SECTION_ID":123,"NAME":"Плед","PRICE":177,"STOCK":5,"DESCRIPTION":"<p>Тёплый</p>","PROPERTIES":{"123":"текст","222":455},"PICTURES":["https://shop.example/1.jpg"],"PREVIEV_PICTURE":"https://shop.example/0.jpg"}"#
    );
}

#[test]
fn u45_an_update_sends_what_is_set_alone() {
    let request = products::Update::new(123).stock(4).request().unwrap();
    assert_eq!(request.body(), r#"{"PRODUCT_ID":123,"STOCK":4}"#);
}

#[test]
fn u36_u39_parameters_are_checked_by_name_before_anything_is_sent() {
    let entry = |name: &str| {
        *crate::operations()
            .iter()
            .find(|entry| entry.metadata.name == name)
            .unwrap()
    };
    let field = |name: &str, params: &str| {
        let error = entry(name).operation(params).unwrap_err();
        assert!(error.is_invalid_input(), "{error}");
        error.field().map(str::to_owned)
    };
    assert_eq!(
        field("addProduct", r#"{"SECTION_ID":1}"#).as_deref(),
        Some("NAME")
    );
    assert_eq!(
        field("addProduct", r#"{"PREVIEW_PICTURE":"x"}"#).as_deref(),
        Some("PREVIEW_PICTURE")
    );
    assert_eq!(
        field("getSections", r#"{"FILTER":"LVL_4"}"#).as_deref(),
        Some("FILTER")
    );
    assert_eq!(
        field("updateProduct", r#"{"PRODUCT_ID":"x"}"#).as_deref(),
        Some("PRODUCT_ID")
    );
    let five = r#"{"PRODUCT_ID":1,"PICTURES":["1","2","3","4","5"]}"#;
    assert_eq!(field("updateProduct", five).as_deref(), Some("PICTURES"));
    assert_eq!(field("getStages", r#"{"x":1}"#).as_deref(), Some("x"));
    assert_eq!(field("getStages", "[1]"), Some("params".to_owned()));
    // Numbers and numeric texts are both taken.
    let request = entry("updateProduct").operation(r#"{"PRODUCT_ID":"12","PRICE":"177.50"}"#);
    let request = request.unwrap().request().unwrap();
    assert_eq!(request.body(), r#"{"PRODUCT_ID":12,"PRICE":177.50}"#);
}

#[test]
fn u5_a_methods_name_cannot_break_out_of_its_header() {
    for name in ["", "a b", "a\r\nToken: x", "é"] {
        assert_eq!(
            call(name, "{}".to_owned()).unwrap_err().field(),
            Some("method")
        );
    }
}

#[test]
fn u27_u31_filters_and_sections_go_out_as_the_service_names_them() {
    let body = |request: Result<Request<Bytes>, Error>| request.unwrap().into_body();
    let properties = catalog::SectionProperties::new(123).request();
    assert_eq!(body(properties), r#"{"SECTION_ID":123}"#);
    for filter in ["ALL", "MODERATION", "AWAITING", "PUBLIC", "END", "DRAFT"] {
        let typed = products::ProductFilter::from(filter);
        assert!(
            !matches!(typed, products::ProductFilter::Unknown(_)),
            "{filter} is known"
        );
        let list = products::List::new(typed).request();
        assert_eq!(body(list), format!(r#"{{"FILTER":"{filter}"}}"#));
    }
}

#[test]
fn u47_what_the_service_lacks_is_not_pretended() {
    let mut names: Vec<_> = crate::operations()
        .iter()
        .map(|entry| entry.metadata.name)
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "addProduct",
            "getOrderProperties",
            "getProductInfo",
            "getProductList",
            "getSectionProperties",
            "getSections",
            "getStages",
            "getToken",
            "sendProductPublish",
            "setWebHook",
            "updateProduct",
        ]
    );
    assert_eq!(
        products::Update::new(1).stock(0).request().unwrap().body(),
        r#"{"PRODUCT_ID":1,"STOCK":0}"#,
        "stock goes by updateProduct"
    );
}

#[test]
fn u52_x7_login_password_and_token_show_nowhere() {
    let call = crate::access::Token::new("login-1", "pass-1");
    let answer: crate::access::TokenAnswer =
        common_model::from_json(r#"{"RESULT":true,"TOKEN":"token-1","ERROR":false}"#).unwrap();
    let shown = format!(
        "{call:?} {call:#?} {answer:?} {answer:#?} {:?}",
        answer.token
    );
    for secret in ["login-1", "pass-1", "token-1"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert_eq!(answer.token.as_ref().unwrap().expose(), "token-1");
    assert!(
        common_model::to_json(&answer).contains("token-1"),
        "it still is the answer"
    );
}
