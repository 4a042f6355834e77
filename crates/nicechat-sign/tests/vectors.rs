//! The golden vectors, stage by stage, so that a failure names the stage that broke.
//!
//! They come from the real PHP and Python (`cargo xtask vectors`); the files for `php81` come from
//! PHP's own sort with the old comparison written out.

use std::path::PathBuf;

use nicechat_sign::{Credentials, Dialect, Form, Signer, Value, canonical};
use serde_json::Value as Json;

fn vectors(name: &str) -> Vec<Json> {
    let path: PathBuf = [
        env!("CARGO_MANIFEST_DIR"),
        "tests/vectors",
        &format!("{name}.jsonl"),
    ]
    .iter()
    .collect();
    let text = std::fs::read_to_string(&path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn text<'a>(vector: &'a Json, name: &str) -> &'a str {
    vector[name].as_str().unwrap()
}

/// `[[key, tagged value], …]`.
fn form(pairs: &Json) -> Form {
    let pairs = pairs.as_array().unwrap().iter();
    pairs
        .map(|pair| (pair[0].as_str().unwrap().to_owned(), value(&pair[1])))
        .collect()
}

fn value(tagged: &Json) -> Value {
    let content = &tagged[1];
    let text = content.as_str().unwrap_or_default();
    match tagged[0].as_str().unwrap() {
        "null" => Value::Null,
        "bool" => content.as_bool().unwrap().into(),
        "int" => Value::integer(text).unwrap(),
        "float" => Value::Float(text.parse().unwrap()),
        "text" => text.into(),
        "list" => Value::List(content.as_array().unwrap().iter().map(value).collect()),
        "map" => form(content).into(),
        tag => panic!("unknown tag {tag}"),
    }
}

fn check(name: &str, vector: &Json, canonical: &str) {
    let stage = |stage| format!("{name}: {} at {stage}", text(vector, "name"));
    assert_eq!(
        canonical,
        text(vector, "canonical"),
        "{}",
        stage("canonical")
    );
    let (secret, path, method) = (
        text(vector, "secret"),
        text(vector, "path"),
        text(vector, "method"),
    );
    let hashed = [secret, path, canonical, method].concat();
    assert_eq!(hashed, text(vector, "hashed"), "{}", stage("hashed"));
    let signer = Signer::new(Credentials::new("key", secret));
    let signature = signer.sign_body(path, canonical.as_bytes(), method);
    assert_eq!(
        signature.to_string(),
        text(vector, "signature"),
        "{}",
        stage("signature")
    );
}

fn check_forms(dialect: Dialect, at_least: usize) {
    let vectors = vectors(dialect.as_str());
    assert!(
        vectors.len() >= at_least,
        "{dialect} has {} vectors",
        vectors.len()
    );
    for vector in &vectors {
        let form = form(&vector["form"]);
        check(
            dialect.as_str(),
            vector,
            &canonical(dialect, &form).unwrap(),
        );
        // What is sent leads to the signature too, unless nothing can be sent.
        let (path, method) = (text(vector, "path"), text(vector, "method"));
        let signer =
            Signer::new(Credentials::new("key", text(vector, "secret"))).with_dialect(dialect);
        match signer.sign_form(path, &form, method) {
            Ok(signed) => assert_eq!(signed.signature.to_string(), text(vector, "signature")),
            Err(error) => assert!(error.is_undefined(), "{error}"),
        }
    }
}

/// N13, N17, N21, N23, N24, N25.
#[test]
fn n21_php_forms_agree_with_php() {
    check_forms(Dialect::Php, 55);
}

/// Rows on integer-like keys of the dialect table.
#[test]
fn n21_php81_forms_agree_with_the_model_of_php_81() {
    check_forms(Dialect::Php81, 55);
}

/// N20, N24, N25.
#[test]
fn n20_python_forms_agree_with_python() {
    check_forms(Dialect::Python, 55);
}

#[test]
fn n17_prose_forms_are_sorted_and_encoded() {
    check_forms(Dialect::Prose, 25);
    let golden = Form::new().with("title", "Товар").with("id", 1);
    assert_eq!(
        canonical(Dialect::Prose, &golden).unwrap(),
        "id=1&title=%D0%A2%D0%BE%D0%B2%D0%B0%D1%80"
    );
}

/// N16, N24, N25: the unchanged bytes.
#[test]
fn n16_raw_bodies_are_hashed_as_they_lie() {
    let vectors = vectors("raw");
    assert!(vectors.len() >= 7);
    for vector in &vectors {
        check("raw", vector, text(vector, "canonical"));
    }
}

/// N22: the safe subset, where all dialects agree, and one field outside of it, where they part.
#[test]
fn n22_dialects_agree_on_the_safe_subset_alone() {
    let safe = Form::new()
        .with("title", "Example-1.a_b")
        .with("_id", 7)
        .with("B", "");
    let all = |form: &Form| Dialect::ALL.map(|dialect| canonical(dialect, form).unwrap());
    assert_eq!(all(&safe), ["B=&_id=7&title=Example-1.a_b"; 4]);
    let [php, php81, python, prose] = all(&safe.with("title", "a b"));
    assert_eq!(php, "B=&_id=7&title=a+b");
    assert_eq!((php81, prose), (php.clone(), php));
    assert_eq!(python, "B=&_id=7&title=a b");
}
