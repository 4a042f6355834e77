//! Signatures in every mode. The expected hashes are computed here, from the document's sentence,
//! not with the crate that is under test.

use sha2::{Digest, Sha256};

use nicechat_sign::{Dialect, QueryRule};

use super::*;

const SECRET: &str = "JVFzW6y";
const PATH: &str = "/marketplaces/v1/products/";

fn gate(options: NiceChatOptions) -> Gate {
    Gate::new("FEDH", SECRET, &options)
}

fn sign(path: &str, body: &str, method: &str) -> String {
    let digest = Sha256::digest(format!("{SECRET}{path}{body}{method}"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn request(method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Request<Bytes> {
    let mut request = Request::builder().method(method).uri(target);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request
        .body(Bytes::from(body.to_owned()))
        .expect("a request")
}

fn is_admitted(gate: &Gate, request: &Request<Bytes>) -> bool {
    gate.admit(request.clone(), &mut Notes::default()).1.is_ok()
}

#[test]
fn n9_n16_json_with_headers_is_signed_as_it_lies() {
    let (gate, body) = (
        gate(NiceChatOptions::default()),
        r#"{"title": "Товар" , "id":"1"}"#,
    );
    let signature = sign(PATH, body, "POST");
    let headers = [
        ("content-type", "application/json"),
        ("x-api-key", "FEDH"),
        ("x-api-sign", signature.as_str()),
    ];
    assert!(is_admitted(&gate, &request("POST", PATH, &headers, body)));
    assert!(
        !is_admitted(
            &gate,
            &request("POST", PATH, &headers, &body.replace(" , ", ","))
        ),
        "another serialisation"
    );
    assert!(
        !is_admitted(&gate, &request("PUT", PATH, &headers, body)),
        "another method"
    );
    assert!(
        !is_admitted(
            &gate,
            &request("POST", "/marketplaces/v1/products/1/", &headers, body)
        ),
        "another path"
    );
    let upper = signature.to_uppercase();
    let headers = [
        ("content-type", "application/json"),
        ("x-api-key", "FEDH"),
        ("x-api-sign", upper.as_str()),
    ];
    assert!(
        !is_admitted(&gate, &request("POST", PATH, &headers, body)),
        "upper case"
    );
    let headers = [
        ("content-type", "application/json"),
        ("x-api-key", "OTHER"),
        ("x-api-sign", signature.as_str()),
    ];
    assert!(
        !is_admitted(&gate, &request("POST", PATH, &headers, body)),
        "another key"
    );
}

#[test]
fn n10_n12_n18_n19_form_parameters_in_any_order() {
    let gate = gate(NiceChatOptions::default());
    let signature = sign(PATH, "id=1&title=%D0%A2%D0%BE%D0%B2%D0%B0%D1%80", "POST");
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    for body in [
        format!("title=%D0%A2%D0%BE%D0%B2%D0%B0%D1%80&id=1&_key=FEDH&_sign={signature}"),
        format!("_sign={signature}&id=1&_key=FEDH&title=%d0%a2%d0%be%d0%b2%d0%b0%d1%80"),
    ] {
        assert!(
            is_admitted(&gate, &request("POST", PATH, &headers, &body)),
            "{body}"
        );
        assert!(!is_admitted(
            &gate,
            &request("POST", PATH, &headers, &body.replace("id=1", "id=2"))
        ));
    }
}

#[test]
fn n93_a_form_with_headers() {
    let signature = sign(PATH, "id=1&title=a+b", "POST");
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-api-key", "FEDH"),
        ("x-api-sign", signature.as_str()),
    ];
    assert!(is_admitted(
        &gate(NiceChatOptions::default()),
        &request("POST", PATH, &headers, "title=a%20b&id=1")
    ));
}

#[test]
fn n94_multipart_is_signed_as_the_form_of_its_fields() {
    let signature = sign(PATH, "id=1&title=%D0%A2%D0%BE%D0%B2%D0%B0%D1%80+2", "POST");
    let mut body = String::new();
    for (name, value) in [
        ("title", "Товар 2"),
        ("_key", "FEDH"),
        ("id", "1"),
        ("_sign", signature.as_str()),
    ] {
        body.push_str(&format!(
            "--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str("--B--\r\n");
    let headers = [("content-type", "multipart/form-data; boundary=B")];
    assert!(is_admitted(
        &gate(NiceChatOptions::default()),
        &request("POST", PATH, &headers, &body)
    ));
    assert!(!is_admitted(
        &gate(NiceChatOptions::default()),
        &request("POST", PATH, &headers, &body.replace("Товар", "Товари"))
    ));
}

#[test]
fn n11_n14_n25_n27_a_get_carries_parameters_in_its_query() {
    let signature = sign(PATH, "", "GET");
    let target = format!("{PATH}?page=2&_key=FEDH&_sign={signature}");
    assert!(is_admitted(
        &gate(NiceChatOptions::default()),
        &request("GET", &target, &[], "")
    ));
    assert!(
        !is_admitted(
            &gate(NiceChatOptions::default()),
            &request("GET", PATH, &[], "")
        ),
        "nothing said"
    );

    let strict = gate(NiceChatOptions::default().query_rule(QueryRule::Signed));
    assert!(
        !is_admitted(&strict, &request("GET", &target, &[], "")),
        "the query is signed by option"
    );
    let target = format!(
        "{PATH}?page=2&_key=FEDH&_sign={}",
        sign(PATH, "page=2", "GET")
    );
    assert!(is_admitted(&strict, &request("GET", &target, &[], "")));
}

#[test]
fn n7_json_with_parameters_is_refused() {
    let body = r#"{"id":"1"}"#;
    let target = format!("{PATH}?_key=FEDH&_sign={}", sign(PATH, body, "POST"));
    let headers = [("content-type", "application/json")];
    assert!(!is_admitted(
        &gate(NiceChatOptions::default()),
        &request("POST", &target, &headers, body)
    ));
}

#[test]
fn n20_n22_python_by_option() {
    let signature = sign(PATH, "in_stock=True&title=Товар 1", "POST");
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-api-key", "FEDH"),
        ("x-api-sign", signature.as_str()),
    ];
    let request = request(
        "POST",
        PATH,
        &headers,
        "title=%D0%A2%D0%BE%D0%B2%D0%B0%D1%80+1&in_stock=True",
    );
    assert!(is_admitted(
        &gate(NiceChatOptions::default().dialect(Dialect::Python)),
        &request
    ));
    assert!(!is_admitted(&gate(NiceChatOptions::default()), &request));
}

#[test]
fn n9_n10_other_names_by_option() {
    let names = Names::default()
        .signature_header("_sing")
        .signature_parameter("_sing");
    let gate = gate(NiceChatOptions::default().names(names));
    let signature = sign(PATH, "", "GET");
    assert!(is_admitted(
        &gate,
        &request(
            "GET",
            PATH,
            &[("x-api-key", "FEDH"), ("_sing", signature.as_str())],
            ""
        )
    ));
    assert!(!is_admitted(
        &gate,
        &request(
            "GET",
            PATH,
            &[("x-api-key", "FEDH"), ("x-api-sign", signature.as_str())],
            ""
        )
    ));
}
