//! A naive implementation: join, hash, print.

use std::hint::black_box;

use nicechat_sign::{Form, Value};
use sha2::{Digest as _, Sha256};

use crate::inputs::{Input, PATH, Payload, SECRET};
use crate::measure::Contestant;

pub(crate) fn contestants(input: &Input) -> Vec<Contestant<'_>> {
    match &input.payload {
        Payload::Body(body) => vec![Contestant::new("format! and digest", move || {
            sign(&String::from_utf8_lossy(black_box(body)), input.method);
        })],
        Payload::Form(form) => {
            let pairs = pairs(form);
            let sorted = move || {
                let mut pairs = black_box(&pairs).clone();
                pairs.sort();
                pairs
            };
            let again = sorted.clone();
            vec![
                Contestant::new("form_urlencoded", move || {
                    let mut out = form_urlencoded::Serializer::new(String::new());
                    out.extend_pairs(sorted());
                    sign(&out.finish(), input.method);
                }),
                Contestant::new("serde_urlencoded", move || {
                    let body = serde_urlencoded::to_string(again()).unwrap_or_default();
                    sign(&body, input.method);
                }),
            ]
        }
    }
}

fn sign(body: &str, method: &str) {
    let text = format!("{SECRET}{PATH}{body}{method}");
    black_box(hex::encode(Sha256::digest(text)));
}

/// The fields as texts.
pub(crate) fn pairs(form: &Form) -> Vec<(String, String)> {
    form.iter()
        .map(|(key, value)| {
            let value = match value {
                Value::Text(text) => text.clone(),
                Value::Int(value) => value.to_string(),
                _ => "1".into(),
            };
            (key.to_owned(), value)
        })
        .collect()
}
