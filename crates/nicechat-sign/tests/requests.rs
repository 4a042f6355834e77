//! Requests in header mode and in parameter mode, and the verifier's view of them.

use bytes::Bytes;
use http::{Method, Request};
use nicechat_sign::{
    Credentials, Dialect, Form, Json, Multipart, Names, Placement, QueryRule, Signer, Verified,
    Verifier, VerifyError,
};

const PRODUCTS: &str = "https://account.nice.chat/marketplaces/v1/products/";
const PRODUCTS_PATH: &str = "/marketplaces/v1/products/";
const FORM: &str = "application/x-www-form-urlencoded";

fn account() -> Credentials {
    Credentials::new("FEDH VH/1", "JVFzW6y0UukIThD")
}

fn signer() -> Signer {
    Signer::new(account())
}

fn form() -> Form {
    Form::new()
        .with("title", "Товар 1")
        .with("id", 7)
        .with("in_stock", true)
}

fn verify(verifier: &Verifier, request: &Request<Bytes>) -> Result<Verified, VerifyError> {
    let (parts, body) = request.clone().into_parts();
    verifier.verify(&parts, &body, |key| (key == account().key()).then(account))
}

fn post(body: &str, content_type: &str) -> Request<Bytes> {
    Request::post(PRODUCTS)
        .header("content-type", content_type)
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap()
}

fn text(request: &Request<Bytes>) -> &str {
    std::str::from_utf8(request.body()).unwrap()
}

/// N9, N16, N7: the bytes go out as they came in, key and signature beside them.
#[test]
fn n9_header_mode_signs_the_bytes_that_are_sent() {
    let body = r#"{ "b" : 1, "a":  2 }"#;
    let request = Request::put(PRODUCTS).body(Json(body.into())).unwrap();
    let request = signer().sign_with_headers(&request).unwrap();
    let signature = signer()
        .sign_body(PRODUCTS_PATH, body.as_bytes(), "PUT")
        .to_string();
    assert_eq!(text(&request), body);
    assert_eq!(request.headers()["x-api-key"], "FEDH VH/1");
    assert_eq!(request.headers()["x-api-sign"], signature);
    assert!(request.headers()["x-api-sign"].is_sensitive());
    assert!(!format!("{request:?}").contains(&signature));
    let verified = verify(&Verifier::new(), &request).unwrap();
    assert_eq!(
        (verified.key(), verified.placement()),
        (account().key(), Placement::Headers)
    );
    assert_eq!(
        (verified.dialect(), verified.signature().to_string()),
        (None, signature)
    );
}

/// N14, N27: the query is neither in the path nor, by default, in the hash.
#[test]
fn n14_the_path_has_no_query() {
    for address in [
        "https://h/xxxx/?q",
        "/xxxx/?q=1&p=2",
        "http://other:81/xxxx/#f",
    ] {
        let mut request = Request::get(address).body(Bytes::new()).unwrap();
        signer().sign_request(&mut request).unwrap();
        let expected = signer().sign_body("/xxxx/", b"", "GET").to_string();
        assert_eq!(request.headers()["x-api-sign"], expected);
        verify(&Verifier::new(), &request).unwrap();
    }
}

/// N3: what is signed is the path as it goes over the wire.
#[test]
fn n3_the_signed_path_is_the_wire_path() {
    let address = "https://h/marketplaces/v1/products/%D0%A2%2F1/";
    let mut request = Request::delete(address).body(Bytes::new()).unwrap();
    signer().sign_request(&mut request).unwrap();
    let path = "/marketplaces/v1/products/%D0%A2%2F1/";
    let expected = signer().sign_body(path, b"", "DELETE").to_string();
    assert_eq!(request.headers()["x-api-sign"], expected);
    verify(&Verifier::new(), &request).unwrap();
}

#[test]
fn n15_only_the_five_methods_are_signed_and_let_through() {
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        let request = Request::builder()
            .method(method)
            .uri(PRODUCTS)
            .body(())
            .unwrap();
        let request = signer().sign_with_headers(&request).unwrap();
        verify(&Verifier::new(), &request).unwrap();
        let strict = Verifier::new().methods([Method::OPTIONS]);
        assert_eq!(verify(&strict, &request).unwrap_err().status(), 405);
    }
    for method in ["get", "HEAD", "OPTIONS", "Post"] {
        let request = Request::builder()
            .method(method)
            .uri(PRODUCTS)
            .body(())
            .unwrap();
        assert!(signer().sign_with_headers(&request).is_err(), "{method}");
        let mut erased = request.map(|()| Bytes::new());
        assert!(
            signer()
                .sign_in_place(Placement::Parameters, &mut erased)
                .is_err(),
            "{method}"
        );
        erased
            .headers_mut()
            .insert("x-api-key", "FEDH VH/1".parse().unwrap());
        let signature = signer().sign_body(PRODUCTS_PATH, b"", method).to_string();
        erased
            .headers_mut()
            .insert("x-api-sign", signature.parse().unwrap());
        assert_eq!(
            verify(&Verifier::new(), &erased).unwrap_err().status(),
            405,
            "{method}"
        );
    }
}

/// N10, N12, N18: key and signature follow the fields and are not signed.
#[test]
fn n12_parameter_mode_puts_them_into_the_form() {
    let request = Request::post(PRODUCTS).body(form()).unwrap();
    let request = signer().sign_with_parameters(&request).unwrap();
    let fields = "id=7&in_stock=1&title=%D0%A2%D0%BE%D0%B2%D0%B0%D1%80+1";
    let signature = signer().sign_body(PRODUCTS_PATH, fields.as_bytes(), "POST");
    assert_eq!(
        text(&request),
        format!("{fields}&_key=FEDH+VH%2F1&_sign={signature}")
    );
    assert_eq!(request.headers()["content-type"], FORM);
    assert!(!request.headers().contains_key("x-api-sign"));
    let verified = verify(&Verifier::new(), &request).unwrap();
    assert_eq!(verified.placement(), Placement::Parameters);
    assert_eq!(verified.dialect(), Some(Dialect::Php));
}

#[test]
fn n12_a_delete_without_fields_has_a_form_of_two() {
    let request = Request::delete(PRODUCTS).body(()).unwrap();
    let request = signer().sign_with_parameters(&request).unwrap();
    let signature = signer().sign_body(PRODUCTS_PATH, b"", "DELETE");
    assert_eq!(
        text(&request),
        format!("_key=FEDH+VH%2F1&_sign={signature}")
    );
    assert_eq!(request.headers()["content-type"], FORM);
    assert_eq!(verify(&Verifier::new(), &request).unwrap().dialect(), None);
}

/// N11, N27.
#[test]
fn n11_parameter_mode_on_get_uses_the_query() {
    let request = Request::get(format!("{PRODUCTS}?page=2")).body(()).unwrap();
    let request = signer().sign_with_parameters(&request).unwrap();
    let signature = signer().sign_body(PRODUCTS_PATH, b"", "GET");
    let query = format!("page=2&_key=FEDH+VH%2F1&_sign={signature}");
    assert_eq!(request.uri().query(), Some(query.as_str()));
    assert_eq!(request.uri().host(), Some("account.nice.chat"));
    verify(&Verifier::new(), &request).unwrap();

    let request = Request::get(PRODUCTS)
        .body(Form::new().with("page", 2))
        .unwrap();
    let request = signer().sign_with_parameters(&request).unwrap();
    assert_eq!(request.uri().query(), Some(query.as_str()));
    assert!(request.body().is_empty());
}

#[test]
fn n27_the_query_is_signed_on_request() {
    let signer = signer().with_query_rule(QueryRule::Signed);
    let server = Verifier::new().query_rule(QueryRule::Signed);
    let signature = signer.sign_body(PRODUCTS_PATH, b"a=+1&page=2", "GET");
    let request = Request::get(format!("{PRODUCTS}?page=2&a=%201"))
        .body(())
        .unwrap();
    let in_query = signer.sign_with_parameters(&request).unwrap();
    assert!(
        in_query
            .uri()
            .query()
            .unwrap()
            .ends_with(&format!("&_sign={signature}"))
    );
    let in_headers = signer.sign_with_headers(&request).unwrap();
    assert_eq!(in_headers.headers()["x-api-sign"], signature.to_string());
    for request in [in_query, in_headers] {
        verify(&server, &request).unwrap();
        assert!(
            verify(&Verifier::new(), &request)
                .unwrap_err()
                .is_unauthorized()
        );
        let query = request.uri().query().unwrap().replace("page=2", "page=3");
        let mut changed = request;
        *changed.uri_mut() = format!("{PRODUCTS}?{query}").parse().unwrap();
        assert!(verify(&server, &changed).unwrap_err().is_unauthorized());
    }
}

/// N27: with a signed query a body on a GET would go unsigned.
#[test]
fn n27_a_get_with_a_body_has_one_signed_part() {
    let mut request = post("{}", "application/json");
    *request.method_mut() = Method::GET;
    signer().sign_request(&mut request).unwrap();
    verify(&Verifier::new(), &request).unwrap();
    let server = Verifier::new().query_rule(QueryRule::Signed);
    assert!(verify(&server, &request).unwrap_err().is_malformed());
    assert!(
        signer()
            .sign_in_place(Placement::Parameters, &mut request)
            .is_err()
    );
}

/// N19, N93: the order on the wire is free, in both modes; the body is not touched.
#[test]
fn n19_fields_may_be_sent_in_any_order() {
    let sample = "currency=usd&price=100&in_stock=True&id=ID-5&title=Example-1";
    let sorted = "currency=usd&id=ID-5&in_stock=True&price=100&title=Example-1";
    let signature = signer().sign_body(PRODUCTS_PATH, sorted.as_bytes(), "POST");
    let mut in_headers = post(sample, FORM);
    signer().sign_request(&mut in_headers).unwrap();
    assert_eq!(text(&in_headers), sample);
    assert_eq!(in_headers.headers()["x-api-sign"], signature.to_string());
    let mut in_form = post(sample, FORM);
    signer()
        .sign_in_place(Placement::Parameters, &mut in_form)
        .unwrap();
    assert_eq!(
        text(&in_form),
        format!("{sample}&_key=FEDH+VH%2F1&_sign={signature}")
    );
    // The cURL sample mixes them; a client may put them first as well.
    let mut first = in_form.clone();
    *first.body_mut() = format!("_sign={signature}&{sample}&_key=FEDH%20VH%2f1").into();
    for request in [in_headers, in_form, first] {
        verify(&Verifier::new(), &request).unwrap();
    }
}

/// N93: the Python sample sends form fields and headers.
#[test]
fn n93_headers_sign_a_form_in_every_dialect() {
    for dialect in [Dialect::Php, Dialect::Php81, Dialect::Python] {
        let signer = signer().with_dialect(dialect);
        let request = Request::post(PRODUCTS).body(form()).unwrap();
        let signed = signer.sign_form(PRODUCTS_PATH, &form(), "POST").unwrap();
        for request in [
            signer.sign_with_headers(&request).unwrap(),
            signer.sign_with_parameters(&request).unwrap(),
        ] {
            assert!(text(&request).starts_with(&signed.body));
            let verified = verify(&Verifier::new().dialect(dialect), &request).unwrap();
            assert_eq!(*verified.signature(), signed.signature);
            assert_eq!(verified.dialect(), Some(dialect));
            let all = verify(&Verifier::new().dialects(Dialect::ALL), &request).unwrap();
            assert_eq!(*all.signature(), signed.signature);
        }
        let other = if dialect == Dialect::Python {
            Dialect::Php
        } else {
            Dialect::Python
        };
        let request = signer.sign_with_headers(&request).unwrap();
        let refused = verify(&Verifier::new().dialect(other), &request).unwrap_err();
        assert!(refused.is_unauthorized());
    }
}

/// N30: the words received are what is verified, whatever they stand for.
#[test]
fn n30_booleans_are_verified_as_the_text_received() {
    for word in ["True", "1", "true", "yes"] {
        let mut request = post(&format!("in_stock={word}"), FORM);
        signer().sign_request(&mut request).unwrap();
        verify(&Verifier::new(), &request).unwrap();
        *request.body_mut() = "in_stock=0".into();
        assert!(
            verify(&Verifier::new(), &request)
                .unwrap_err()
                .is_unauthorized()
        );
    }
}

#[test]
fn n94_multipart_signs_the_sorted_fields() {
    let request = Request::post(PRODUCTS).body(Multipart(form())).unwrap();
    let signed = signer().sign_form(PRODUCTS_PATH, &form(), "POST").unwrap();
    let in_headers = signer().sign_with_headers(&request).unwrap();
    assert_eq!(
        in_headers.headers()["x-api-sign"],
        signed.signature.to_string()
    );
    let in_parts = signer().sign_with_parameters(&request).unwrap();
    assert!(text(&in_parts).contains("name=\"_key\"\r\n\r\nFEDH VH/1\r\n"));
    for request in [in_headers, in_parts.clone()] {
        let verified = verify(&Verifier::new(), &request).unwrap();
        assert_eq!(*verified.signature(), signed.signature);
    }
    let mut changed = in_parts.clone();
    *changed.body_mut() = text(&in_parts).replace("Товар", "Говар").into();
    assert!(
        verify(&Verifier::new(), &changed)
            .unwrap_err()
            .is_unauthorized()
    );
    *changed.body_mut() = text(&in_parts)
        .replacen("name=\"id\"", "name=\"id\"; filename=\"x\"", 1)
        .into();
    assert!(
        verify(&Verifier::new(), &changed)
            .unwrap_err()
            .is_malformed()
    );
}

/// N7: where the type is lost, JSON is refused when it runs; the request stays as it was.
#[test]
fn n7_json_never_carries_its_signature() {
    for (body, content_type) in [("{}", "application/json"), ("a", "text/plain"), ("{}", "")] {
        let mut request = post(body, content_type);
        if content_type.is_empty() {
            request.headers_mut().clear();
        }
        let before = format!("{request:?}");
        let error = signer()
            .sign_in_place(Placement::Parameters, &mut request)
            .unwrap_err();
        assert!(error.to_string().contains("headers"), "{error}");
        assert_eq!(format!("{request:?}"), before);
        signer()
            .sign_in_place(Placement::Headers, &mut request)
            .unwrap();
        assert!(request.headers().contains_key("x-api-sign"));
    }
}

#[test]
fn n18_fields_with_the_names_of_the_authentication_are_refused() {
    for name in ["_key", "_sign"] {
        let before = post(&format!("a=1&{name}=x"), FORM);
        let mut request = before.clone();
        assert!(
            signer()
                .sign_in_place(Placement::Parameters, &mut request)
                .is_err()
        );
        assert_eq!(request.body(), before.body());
        let mut request = Request::get(format!("{PRODUCTS}?{name}=1"))
            .body(Bytes::new())
            .unwrap();
        assert!(
            signer()
                .sign_in_place(Placement::Parameters, &mut request)
                .is_err()
        );
    }
}

/// X3: an attempt that was signed before is signed anew in headers.
#[test]
fn x3_signing_again_replaces_the_headers() {
    let mut request = post("{}", "application/json");
    signer().sign_request(&mut request).unwrap();
    let first = request.headers()["x-api-sign"].clone();
    *request.body_mut() = "[]".into();
    signer().sign_request(&mut request).unwrap();
    assert_eq!(request.headers().get_all("x-api-sign").iter().count(), 1);
    assert_ne!(request.headers()["x-api-sign"], first);
    verify(&Verifier::new(), &request).unwrap();
}

/// N9, N10: the names of the prose, on request.
#[test]
fn n10_the_other_names_are_an_option() {
    let prose = Names::new()
        .signature_header("_sing")
        .signature_parameter("_sing");
    let signer = signer().with_names(prose.clone());
    let request = Request::post(PRODUCTS).body(form()).unwrap();
    let in_form = signer.sign_with_parameters(&request).unwrap();
    assert!(text(&in_form).contains("&_key=") && text(&in_form).contains("&_sing="));
    let in_headers = signer.sign_with_headers(&request).unwrap();
    assert!(in_headers.headers().contains_key("_sing"));
    for request in [in_form, in_headers] {
        assert!(
            verify(&Verifier::new(), &request)
                .unwrap_err()
                .is_unauthorized()
        );
        verify(&Verifier::new().names(prose.clone()), &request).unwrap();
        verify(&Verifier::new().also_names(prose.clone()), &request).unwrap();
    }
    let own = Names::new()
        .key_header("X-Shop-Key")
        .key_parameter("shop key");
    let signer = signer.with_names(own.clone());
    let in_form = signer.sign_with_parameters(&request).unwrap();
    assert!(text(&in_form).contains("&shop+key=FEDH"));
    let in_headers = signer.sign_with_headers(&request).unwrap();
    assert!(in_headers.headers().contains_key("x-shop-key"));
    for request in [in_form, in_headers] {
        verify(&Verifier::new().also_names(own.clone()), &request).unwrap();
    }
    let default = signer
        .with_names(Names::default())
        .sign_with_parameters(&request)
        .unwrap();
    verify(&Verifier::default().also_names(prose), &default).unwrap();
}

#[test]
fn errors_leave_the_request_as_it_was() {
    let bad_key = Signer::new(Credentials::new("line\nbreak", "s"));
    let bad_name = signer().with_names(Names::new().signature_header("a b"));
    for (signer, request) in [
        (&bad_key, post("{}", "application/json")),
        (&bad_name, post("{}", "application/json")),
        (&signer(), post("a=1&a=2", FORM)),
        (&signer(), post("a=%FF", FORM)),
        (&signer(), post("x", "multipart/form-data; boundary=b")),
    ] {
        let mut signed = request.clone();
        assert!(signer.sign_request(&mut signed).is_err());
        assert_eq!(
            (signed.headers(), signed.body()),
            (request.headers(), request.body())
        );
    }
}

#[test]
fn n8_neither_half_of_the_pair_is_shown() {
    let shown = format!("{:?} {:?}", signer(), Verifier::new());
    assert!(
        !shown.contains("FEDH") && !shown.contains("JVFz"),
        "{shown}"
    );
}

// H12
#[test]
fn h12_a_content_type_with_two_readings_harms_no_empty_body() {
    let signed = |body: &'static str| {
        let mut request = Request::post(PRODUCTS)
            .header("content-type", "application/json; charset=utf-16")
            .body(Bytes::from(body))
            .expect("a request");
        signer().sign_request(&mut request).map(|()| request)
    };
    let request = signed("").expect("no body has no second reading");
    let signature = signer().sign_body(PRODUCTS_PATH, b"", "POST").to_string();
    assert_eq!(request.headers()["x-api-sign"], signature);
    assert!(signed("{}").is_err());
}
