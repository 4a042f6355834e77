//! Answers with bytes changed, cut and doubled: no panic, and the reader agrees with `serde_json` on what is JSON.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use common_model::{Value, from_json_bytes};
use common_transport::Operation;
use http::Response;
use serde_json::Value as Json;
use shopwire::{nicechat, retailcrm, uvygoda};

use crate::report::{Report, Scale};

/// Good answers of the three services, and texts that are nearly good.
const SEEDS: &[&str] = &[
    r#"{"success":true,"pagination":{"limit":20,"totalCount":"2","currentPage":1,"totalPageCount":1},"orders":[{"id":7,"externalId":"a-1","createdAt":"2026-01-02 03:04:05","totalSumm":"10.50","items":{"5":{"id":5,"quantity":"1.000","offer":{"externalId":"x"}}},"payments":[],"customFields":[],"delivery":{"data":{"a":1e3}},"customer":{"type":"customer","id":1}},null,{"id":"8","birthday":false}]}"#,
    r#"{"success":false,"errorMsg":"Errors in the entity format","errors":{"items[0]":"\u0442\u043e\u0432\u0430\u0440","x":[1,2]},"combinedTo":{"id":9}}"#,
    r#"{"RESULT":true,"ERROR":false,"SECTIONS":{"10":{"ID":"10","NAME":"\ud83d\ude00","LVL":"1","PARENT_ID":false},"14":false}}"#,
    r#"{"status":"ok","code":200,"description":"OK","result":{"count":1,"next":"/marketplaces/v1/products/?page=2","previous":null,"results":[{"id":"PQ 1","price":10.00,"currency":"rub","in_stock":1,"image_url":null}]}}"#,
    "\u{feff}<b>Notice</b>: x in <i>y.php</i>\n{\"RESULT\":\"true\",\"ERROR\":\"\",\"ITEMS\":[]}\n<!-- -->",
    r#"[1e400,1e-400,-0,9007199254740993,123456789012345678901234567890,29.949999999999999,"0000-00-00",{"":{"":[[[{}]]]}}]"#,
];

/// Pieces that mean something to a parser.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u",
    "\\ud83d",
    "null",
    "false",
    "-",
    "0",
    "e",
    ".",
    " ",
    "\n",
    "\u{feff}",
    "<",
    "я",
    "{}",
    "[]",
    "\"\"",
    "1e999999999",
    "00",
];

pub(crate) fn run(scale: &Scale) -> Report {
    let texts = scale.pick(60_000, 3_000_000);
    let mut random = scale.random();
    let (mut panics, mut differences, mut valid) = (0, 0, 0);
    let mut report = Report::default();
    for _ in 0..texts {
        let text = mutated(&mut random);
        match catch_unwind(AssertUnwindSafe(|| tried(&text))) {
            Ok(Agreement::Valid) => valid += 1,
            Ok(Agreement::Invalid) => {}
            Ok(Agreement::None) => {
                differences += 1;
                report.promise(false, || shown("read otherwise than serde_json", &text));
            }
            Err(_) => {
                panics += 1;
                report.promise(false, || shown("panicked", &text));
            }
        }
    }
    report.figure("texts", texts);
    report.figure("of them JSON", valid);
    report.figure("panics", panics);
    report.figure("read otherwise than serde_json", differences);
    report
}

fn shown(what: &str, text: &[u8]) -> String {
    format!("{what}: {:?}", String::from_utf8_lossy(text))
}

/// One to eight changes of a seed.
fn mutated(random: &mut fastrand::Rng) -> Vec<u8> {
    let mut text = SEEDS[random.usize(..SEEDS.len())].as_bytes().to_vec();
    for _ in 0..random.usize(1..=8) {
        if text.is_empty() {
            break;
        }
        let at = random.usize(..text.len());
        let end = (at + random.usize(..20)).min(text.len());
        match random.u8(..6) {
            0 => text[at] = random.u8(..),
            1 => drop(text.splice(at..at, PIECES[random.usize(..PIECES.len())].bytes())),
            2 => drop(text.drain(at..end)),
            3 => {
                let piece = text[at..end].to_vec();
                let to = random.usize(..=text.len());
                drop(text.splice(to..to, piece));
            }
            4 => drop(text.splice(at..end, PIECES[random.usize(..PIECES.len())].bytes())),
            _ => text.truncate(at),
        }
    }
    text
}

/// What the two readers say of a text.
enum Agreement {
    Valid,
    Invalid,
    None,
}

fn tried(text: &[u8]) -> Agreement {
    typed(text);
    let ours = from_json_bytes::<Value>(text);
    // A byte order mark is skipped here, and refused there.
    let bare = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    match (ours, serde_json::from_slice::<Json>(bare)) {
        (Ok(ours), Ok(theirs)) if same(&ours, &theirs) => Agreement::Valid,
        (Ok(_), Ok(_)) => Agreement::None,
        (Err(_), Err(_)) => Agreement::Invalid,
        // Numbers are text here, and have no range.
        (Ok(_), Err(error)) if error.to_string().starts_with("number out of range") => {
            Agreement::Valid
        }
        _ => Agreement::None,
    }
}

/// Through operations of all three services, as a success and as failures.
fn typed(text: &[u8]) {
    for status in [200, 404, 460, 500] {
        let answer = || {
            let body = Bytes::copy_from_slice(text);
            Response::builder()
                .status(status)
                .body(body)
                .expect("a status")
        };
        drop(retailcrm::orders::List::new().decode(answer()));
        drop(retailcrm::customers::Get::new("1").decode(answer()));
        drop(nicechat::products::List::new().decode(answer()));
        let filter = uvygoda::SectionFilter::All;
        drop(uvygoda::catalog::Sections::new(filter).decode(answer()));
    }
}

fn same(ours: &Value, theirs: &Json) -> bool {
    match (ours, theirs) {
        (Value::Null, Json::Null) => true,
        (Value::Bool(ours), Json::Bool(theirs)) => ours == theirs,
        (Value::Number(ours), Json::Number(_)) => {
            serde_json::from_str::<Json>(&ours.to_string()).is_ok_and(|ours| ours == *theirs)
        }
        (Value::String(ours), Json::String(theirs)) => ours == theirs,
        (Value::Array(ours), Json::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| same(a, b))
        }
        (Value::Object(ours), Json::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours
                    .iter()
                    .all(|(key, value)| theirs.get(key).is_some_and(|other| same(value, other)))
        }
        _ => false,
    }
}
