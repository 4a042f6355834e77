use common_transport::{BaseUrl, Operation};
use nicechat_sign::{Credentials, Dialect};

use super::*;
use crate::{Decimal, Image, products};

const BASE: &str = "https://account.nice.chat";

fn signer() -> Signer {
    Signer::new(Credentials::new("key-1", "secret-1"))
}

/// An operation as it goes over the wire.
fn sent(encoding: Encoding, operation: &impl Operation) -> Request<Bytes> {
    let authentication = Authentication::new(signer(), encoding);
    let mut request = operation.request().unwrap();
    authentication.encode(&mut request).unwrap();
    BASE.parse::<BaseUrl>()
        .unwrap()
        .apply(&mut request)
        .unwrap();
    authentication.authorize(&mut request).unwrap();
    request
}

fn body(request: &Request<Bytes>) -> &str {
    std::str::from_utf8(request.body()).unwrap()
}

fn create() -> products::Create {
    products::Create::new("ID-5")
        .title("Товар 1")
        .price("10.00".parse::<Decimal>().unwrap())
        .in_stock(true)
}

const CREATE_PATH: &str = "/marketplaces/v1/products/";
const FORM_BODY: &str = "id=ID-5&in_stock=1&price=10.00&title=%D0%A2%D0%BE%D0%B2%D0%B0%D1%80+1";

#[test]
fn n7_n9_n16_json_is_signed_as_the_bytes_that_are_sent() {
    let request = sent(Encoding::JsonWithHeaders, &create());
    assert_eq!(request.headers()["content-type"], "application/json");
    let signature = signer().sign_body(CREATE_PATH, request.body(), "POST");
    assert_eq!(request.headers()["x-api-sign"], signature.to_string());
    assert_eq!(request.headers()["x-api-key"], "key-1");
    assert!(request.headers()["x-api-sign"].is_sensitive());
    assert!(body(&request).contains(r#""price":10.00"#));
}

#[cfg(feature = "client")]
#[test]
fn n16_a_streamed_body_is_refused_and_left_unsigned() {
    use common_transport::Body;

    let stream = Body::once(Body::from(Bytes::from_static(b"a piece")).open());
    let streamed = Request::post(CREATE_PATH).body(stream).unwrap();
    let mut request = Body::attach(streamed);
    let authentication = Authentication::new(signer(), Encoding::JsonWithHeaders);
    let error = authentication.authorize(&mut request).unwrap_err();
    assert_eq!(error.field(), Some("body"));
    assert!(!request.headers().contains_key("x-api-sign"));
}

#[test]
fn n6_n93_a_form_with_headers_is_signed_as_its_canonical_text() {
    let request = sent(Encoding::FormWithHeaders, &create());
    assert_eq!(
        request.headers()["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(body(&request), FORM_BODY);
    let signature = signer().sign_body(CREATE_PATH, FORM_BODY.as_bytes(), "POST");
    assert_eq!(request.headers()["x-api-sign"], signature.to_string());
}

#[test]
fn n10_n12_n18_a_form_with_parameters_carries_key_and_signature() {
    let request = sent(Encoding::FormWithParameters, &create());
    let signature = signer().sign_body(CREATE_PATH, FORM_BODY.as_bytes(), "POST");
    assert_eq!(
        body(&request),
        format!("{FORM_BODY}&_key=key-1&_sign={signature}")
    );
    assert!(!request.headers().contains_key("x-api-sign"));
}

#[test]
fn n11_n25_parameters_of_a_get_stand_in_its_query() {
    let request = sent(Encoding::FormWithParameters, &products::List::new());
    let signature = signer().sign_body(CREATE_PATH, b"", "GET");
    assert_eq!(
        request.uri().query().unwrap(),
        format!("_key=key-1&_sign={signature}")
    );
    assert!(request.body().is_empty());
    let request = sent(Encoding::FormWithHeaders, &products::List::new());
    assert_eq!(request.headers()["x-api-sign"], signature.to_string());
    assert!(!request.headers().contains_key("content-type"));
}

#[test]
fn n12_parameters_of_a_delete_stand_in_a_form() {
    let request = sent(Encoding::FormWithParameters, &products::Delete::new("1"));
    let signature = signer().sign_body("/marketplaces/v1/products/1/", b"", "DELETE");
    assert_eq!(body(&request), format!("_key=key-1&_sign={signature}"));
    assert_eq!(
        request.headers()["content-type"],
        "application/x-www-form-urlencoded"
    );
}

#[test]
fn n3_n14_the_signed_path_is_the_path_on_the_wire() {
    let request = sent(Encoding::JsonWithHeaders, &products::Delete::new("ID/1 ы"));
    let path = "/marketplaces/v1/products/ID%2F1%20%D1%8B/";
    assert_eq!(request.uri().path(), path);
    let signature = signer().sign_body(path, b"", "DELETE");
    assert_eq!(request.headers()["x-api-sign"], signature.to_string());
}

#[test]
fn n6_n94_multipart_is_signed_as_the_urlencoded_form_of_its_fields() {
    let signature = signer()
        .sign_body(CREATE_PATH, FORM_BODY.as_bytes(), "POST")
        .to_string();
    let request = sent(Encoding::MultipartWithHeaders, &create());
    let content_type = request.headers()["content-type"].to_str().unwrap();
    assert!(content_type.starts_with("multipart/form-data; boundary="));
    assert_eq!(request.headers()["x-api-sign"], signature);
    let fields = common_api::form::fields(content_type, request.body()).unwrap();
    assert!(fields.contains(&("title".into(), "Товар 1".into())));
    assert!(!body(&request).contains("_sign"));

    let request = sent(Encoding::MultipartWithParameters, &create());
    let content_type = request.headers()["content-type"].to_str().unwrap();
    let fields = common_api::form::fields(content_type, request.body()).unwrap();
    assert!(fields.contains(&("_sign".into(), signature)));
    assert!(!request.headers().contains_key("x-api-sign"));
}

#[test]
fn n61_a_form_that_cannot_say_null_is_refused_by_field() {
    for encoding in [Encoding::FormWithHeaders, Encoding::MultipartWithParameters] {
        let authentication = Authentication::new(signer(), encoding);
        let remove = products::Update::new("1").image_url(Image::Remove);
        let mut request = remove.request().unwrap();
        let error = authentication.encode(&mut request).unwrap_err();
        assert_eq!(error.field(), Some("image_url"));
    }
}

#[test]
fn n20_n22_the_dialect_is_the_signers() {
    let python = Signer::new(Credentials::new("k", "s")).with_dialect(Dialect::Python);
    let authentication = Authentication::new(python, Encoding::FormWithHeaders);
    let mut request = create().request().unwrap();
    authentication.encode(&mut request).unwrap();
    assert!(
        body(&request).contains("in_stock=True"),
        "{}",
        body(&request)
    );
}

#[test]
fn nested_fields_keep_their_shape() {
    let mut request = create().request().unwrap();
    *request.body_mut() = r#"{"a":{"b":[1,"x",true]}}"#.into();
    Authentication::new(signer(), Encoding::FormWithHeaders)
        .encode(&mut request)
        .unwrap();
    assert_eq!(
        body(&request),
        "a%5Bb%5D%5B0%5D=1&a%5Bb%5D%5B1%5D=x&a%5Bb%5D%5B2%5D=1"
    );
    *request.body_mut() = r#"{"a":[]}"#.into();
    request.headers_mut().insert("content-type", JSON);
    let error = Authentication::new(signer(), Encoding::FormWithHeaders).encode(&mut request);
    assert_eq!(error.unwrap_err().field(), Some("a"));
}

#[test]
fn n8_x7_neither_key_nor_secret_show() {
    let shown = format!("{:?}", Authentication::new(signer(), Encoding::default()));
    assert!(
        !shown.contains("secret-1") && !shown.contains("key-1"),
        "{shown}"
    );
}
