//! Identifiers and open enums.

use common_model::{Id, to_json};

use crate::shop::{Kind, Level, order};

#[test]
fn u50_re11_an_id_keeps_its_shape() {
    assert_eq!(order(r#"{"code":12}"#).code, Some(Id::Number(12)));
    assert_eq!(order(r#"{"code":"12"}"#).code, Some(Id::from("12")));
    assert_eq!(
        order(r#"{"code":"sku-1"}"#).code.unwrap().to_string(),
        "sku-1"
    );
    assert_eq!(
        order(r#"{"code":18446744073709551615}"#)
            .code
            .unwrap()
            .as_i64(),
        None
    );
    // GeoHierarchyRow: a number or an empty string.
    assert_eq!(order(r#"{"code":""}"#).code, None);
    assert_ne!(Id::from(12), Id::from("12"));
}

#[test]
fn open_enums_keep_what_they_do_not_know() {
    assert_eq!(order(r#"{"kind":"phone"}"#).kind, Some(Kind::Phone));
    assert_eq!(
        order(r#"{"kind":"fax"}"#).kind,
        Some(Kind::Unknown("fax".into()))
    );
    assert_eq!(order(r#"{"kind":7}"#).kind.unwrap().as_str(), "7");
    assert_eq!(order(r#"{"level":2}"#).level, Some(Level::Regular));
    assert_eq!(order(r#"{"level":"2"}"#).level, Some(Level::Regular));
    assert_eq!(
        order(r#"{"level":9}"#).level,
        Some(Level::Unknown("9".into()))
    );
    assert_eq!(
        order(r#"{"level":"gold"}"#).level,
        Some(Level::Unknown("gold".into()))
    );
    assert_eq!(to_json(&Level::New), "1");
    assert_eq!(Level::VALUES, ["1", "2"]);
    assert_eq!(Kind::default().as_str(), "");
}

// U48: an id of many digits is a text, and stays the number that came.
#[test]
fn u48_a_number_beyond_64_bits_is_written_as_it_came() {
    for number in [
        "18446744073709551616",
        "18446744073709551e16",
        "1.5",
        "15e-1",
        "1E30",
    ] {
        let json = format!(r#"{{"code":{number}}}"#);
        assert_eq!(common_model::to_json(&order(&json)), json);
    }
}
