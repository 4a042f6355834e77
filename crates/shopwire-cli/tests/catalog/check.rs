//! `catalog check`.

use common_model::{Value, from_json};

use crate::{
    folder, offer,
    support::{command, run},
    yml,
};

fn check(feed: impl AsRef<[u8]>, args: &[&str]) -> crate::support::Run {
    let all: Vec<&str> = ["catalog", "check", "-"]
        .iter()
        .chain(args)
        .copied()
        .collect();
    run(&mut command(&all), feed)
}

// J6
#[test]
fn j6_check_tells_all_faults_with_line_offer_and_rule() {
    let bad = offer("2").replace("10.50", "3,999.00");
    let feed = yml(&[
        offer("1"),
        bad,
        offer("1").replace("<name>Tea 1</name>", ""),
    ]
    .concat());
    let done = check(&feed, &[]);
    assert_eq!(done.code, 1, "{done:?}");
    assert_eq!(
        done.stdout,
        "standard input:6: error: offer 2: price: `3,999.00` has a thousands separator [thousands]\n\
         standard input:7: error: offer 1: there is no name [name]\n\
         standard input:7: error: offer 1: the id is that of line 5 [offer-repeated]\n"
    );
    assert_eq!(
        done.stderr,
        "standard input (yml): 3 offers, 1 categories, 3 errors, 0 warnings\n"
    );

    let json = check(&feed, &["--json"]);
    assert_eq!((json.code, json.stderr.as_str()), (1, ""));
    let report: Value = json.json();
    let faults = report
        .get("faults")
        .and_then(Value::as_array)
        .expect("a list");
    assert_eq!(
        faults[0],
        from_json::<Value>(
            r#"{"line":6,"offer":"2","rule":"thousands","severity":"error","message":"price: `3,999.00` has a thousands separator"}"#
        )
        .expect("JSON")
    );
    let count = |name| report.get(name).and_then(Value::as_i64);
    assert_eq!(
        (count("offers"), count("errors"), count("warnings")),
        (Some(3), Some(3), Some(0))
    );
    assert_eq!(
        (
            faults.len(),
            report.get("complete").and_then(Value::as_bool)
        ),
        (3, Some(true))
    );
}

// J6, J8
#[test]
fn j6_check_is_quiet_about_a_good_feed() {
    let feed = yml(&offer("1"));
    let done = check(&feed, &["--quiet"]);
    assert_eq!(
        (done.code, done.stdout.as_str(), done.stderr.as_str()),
        (0, "", "")
    );
    let warned = yml(&offer("1").replace("<url>http://shop.example/1</url>", ""));
    assert_eq!(check(&warned, &[]).code, 0, "a warning is no error");
    assert_eq!(check(&warned, &["--strict"]).code, 1);
    assert_eq!(check(&feed, &["--format", "xls"]).code, 2);
    assert_eq!(check(&feed, &["--encoding", "klingon"]).code, 2);
    let json = check(&feed, &["--json"]).json();
    assert_eq!(
        json.get("faults")
            .and_then(Value::as_array)
            .map(<[Value]>::len),
        Some(0)
    );
}

// J6, F10
#[test]
fn j6_the_feeds_that_failed_elsewhere_are_read() {
    let mut cyrillic = b"<?xml version=\"1.0\" encoding=\"windows-1251\"?>\n<!DOCTYPE yml_catalog SYSTEM \"shops.dtd\">\n\
        <yml_catalog date=\"2026-01-01 10:00\"><shop><name>S</name><categories><category id=\"1\"><![CDATA["
        .to_vec();
    cyrillic.extend(b"\xd7\xe0\xe9]]></category></categories><offers><offer id=\"p1\" type=\"vendor.model\" available=\"true\">\
        <url>http://a/1</url><price>5430</price><currencyId>UAH</currencyId><categoryId>1</categoryId><vendor><![CDATA[\xd0\xee\xec]]></vendor>\
        <model>\xd7\xe0\xe9</model></offer></offers></shop></yml_catalog>");
    let done = check(&cyrillic, &[]);
    assert_eq!((done.code, done.stdout.as_str()), (0, ""), "{done:?}");
    let thousands = "id,title,price\np1,T,\"3,999.00 USD\"\np2,U,5.00 USD\n";
    let done = check(thousands, &[]);
    assert!(done.stdout.contains(
        "standard input:2: error: offer p1: price: `3,999.00` has a thousands separator [thousands]"
    ));
    assert_eq!(done.code, 1);
    let file = folder("packed").join("price.xml.gz");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &cyrillic).expect("packed");
    std::fs::write(&file, packed.finish().expect("packed")).expect("written");
    let done = run(
        &mut command(&["catalog", "check", file.to_str().expect("UTF-8")]),
        "",
    );
    assert_eq!(done.code, 0, "{done:?}");
}

// J6
#[test]
fn j6_an_ill_formed_feed_says_where_reading_stopped() {
    let feed = yml(&offer("1")).replace("</offers>", "<!-- never ends");
    let done = check(&feed, &["--json"]);
    assert_eq!(done.code, 1);
    assert_eq!(
        done.json().get("complete").and_then(Value::as_bool),
        Some(false)
    );
    let text = check(&feed, &[]);
    assert!(
        text.stdout.contains(":6: error: ")
            && text.stdout.contains("reading stopped here [xml-syntax]"),
        "{text:?}"
    );
    assert!(text.stderr.contains("not read to its end"));
}

// J6, J8
#[test]
fn j6_a_reader_that_has_gone_ends_the_check_without_a_word() {
    use std::io::{BufRead as _, BufReader};
    let feed = yml(&"<offer/>\n".repeat(50_000));
    let file = folder("gone").join("price.xml");
    std::fs::write(&file, feed).expect("written");
    let mut child = command(&["catalog", "check", file.to_str().expect("UTF-8")])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("started");
    let mut first = String::new();
    BufReader::new(child.stdout.take().expect("a pipe"))
        .read_line(&mut first)
        .expect("a line");
    assert!(first.contains("[offer-id]"), "{first}");
    let done = child.wait_with_output().expect("ended");
    assert_eq!(String::from_utf8_lossy(&done.stderr), "");
}

// J6
#[test]
fn j6_the_rules_are_listed_with_their_sources() {
    let text = run(
        &mut command(&["catalog", "rules", "--format", "google-csv"]),
        "",
    );
    assert_eq!(text.code, 0);
    assert!(text.stdout.contains("thousands (error; icml, yml, google-csv)\n  A number has no thousands separators.\n  NiceChat"));
    assert!(!text.stdout.contains("xml-tags"));
    let json = run(&mut command(&["catalog", "rules", "--json"]), "");
    for line in json.stdout.lines() {
        let rule: Value = from_json(line).expect("JSON");
        assert!(
            rule.get("source")
                .and_then(Value::as_str)
                .is_some_and(|source| !source.is_empty()),
            "{line}"
        );
    }
    assert!(json.stdout.lines().count() > 60);
}
