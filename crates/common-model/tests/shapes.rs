//! The shapes PHP gives to values: each is read, and written again as it came.

mod shop;

use common_model::{
    Decimal, Id, ListOrMap, Map, Model, Timestamp, Value,
    civil::{Date, DateTime, Time},
    from_json, to_json,
};
use shop::{Item, Kind, Level, Order};

/// Reads an order, makes sure that it is written as it came, and hands it out.
#[track_caller]
fn order(json: &str) -> Order {
    let order: Order = from_json(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert_eq!(to_json(&order), json);
    order
}

#[track_caller]
fn refused(json: &str) -> String {
    from_json::<Order>(json).expect_err(json).to_string()
}

#[test]
fn u48_a_list_may_be_a_list_an_object_empty_or_false() {
    let names = |json: &str| {
        order(json).items.map(|items| {
            items
                .into_iter()
                .filter_map(|item| item.name)
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(
        names(r#"{"items":[{"name":"a"},{"name":"b"}]}"#).unwrap(),
        ["a", "b"]
    );
    assert_eq!(
        names(r#"{"items":{"0":{"name":"a"},"1":{"name":"b"}}}"#).unwrap(),
        ["a", "b"]
    );
    assert_eq!(names(r#"{"items":{"7":{"name":"a"}}}"#).unwrap(), ["a"]);
    assert_eq!(names(r#"{"items":[]}"#).unwrap(), [""; 0]);
    assert_eq!(names(r#"{"items":{}}"#).unwrap(), [""; 0]);
    assert_eq!(names(r#"{"items":false}"#), None);
    assert_eq!(names(r#"{"items":""}"#), None);
    assert_eq!(names(r#"{"items":null}"#), None);
}

#[test]
fn u48_a_map_may_be_an_object_a_list_or_false() {
    let fields = |json: &str| order(json).fields;
    assert_eq!(
        fields(r#"{"customFields":{"a":1}}"#).unwrap().get("a"),
        Some(&Value::from(1))
    );
    let listed = fields(r#"{"customFields":["x","y"]}"#).unwrap();
    assert_eq!(listed.get("1"), Some(&Value::from("y")));
    assert!(fields(r#"{"customFields":[]}"#).unwrap().is_empty());
    assert!(fields(r#"{"customFields":{}}"#).unwrap().is_empty());
    assert_eq!(fields(r#"{"customFields":false}"#), None);
}

#[test]
fn u48_re11_list_or_map_keeps_keys_and_shape() {
    let keyed = order(r#"{"payments":{"12":{"name":"a"},"code":{"name":"b"}}}"#)
        .payments
        .unwrap();
    assert_eq!(keyed.get("code").unwrap().name.as_deref(), Some("b"));
    assert_eq!(keyed.keys().collect::<Vec<_>>(), ["12", "code"]);
    assert!(keyed.is_keyed());

    let listed = order(r#"{"payments":[{"name":"a"}]}"#).payments.unwrap();
    assert_eq!(
        (listed.len(), listed.is_keyed(), listed.get("0")),
        (1, false, None)
    );
    assert_eq!(listed[0].name.as_deref(), Some("a"));

    for empty in ["[]", "{}"] {
        assert!(
            order(&format!("{{\"payments\":{empty}}}"))
                .payments
                .unwrap()
                .is_empty()
        );
    }
    for none in ["null", "false", "\"\""] {
        assert_eq!(order(&format!("{{\"payments\":{none}}}")).payments, None);
    }
    let mut written = ListOrMap::from(vec![1, 2]);
    written[0] = 3;
    assert_eq!(to_json(&written), "[3,2]");
    assert_eq!(
        to_json(&ListOrMap::from(Map::from([("a", 1)]))),
        r#"{"a":1}"#
    );
}

#[test]
fn re11_a_map_that_came_as_a_list_becomes_an_object_when_it_gets_a_name() {
    let mut order = order(r#"{"customFields":[]}"#);
    order
        .fields
        .as_mut()
        .unwrap()
        .insert("color", Value::from("red"));
    assert_eq!(to_json(&order), r#"{"customFields":{"color":"red"}}"#);
}

#[test]
fn re11_a_model_may_come_as_an_empty_list() {
    assert_eq!(order(r#"{"info":[]}"#).info, None);
    assert_eq!(order(r#"{"info":{}}"#).info, Some(Item::default()));
    // In a list or a map, and as the whole answer, it is a model without members.
    assert_eq!(order(r#"{"items":[[],{}]}"#).items.unwrap().len(), 2);
    assert!(
        order(r#"{"named":{"a":[]}}"#)
            .named
            .unwrap()
            .contains_key("a")
    );
    let whole: Order = from_json("[]").unwrap();
    assert_eq!(to_json(&whole), "[]");
    assert_eq!(
        refused(r#"{"info":[1]}"#),
        "expected an object, found a list at info (byte 8)"
    );
}

#[test]
fn u49_false_stands_for_null() {
    for name in [
        "number",
        "id",
        "summ",
        "shipped",
        "createdAt",
        "from",
        "updatedAt",
        "code",
        "kind",
        "level",
        "tags",
        "numbers",
        "items",
        "payments",
        "customFields",
        "named",
        "info",
        "parent",
    ] {
        let order = order(&format!("{{\"{name}\":false}}"));
        assert_eq!(
            order.extra.empty_shape(name),
            Some(Value::Bool(false)),
            "{name}"
        );
    }
    // Where it is a value, it is one.
    assert_eq!(order(r#"{"paid":false}"#).paid, Some(false));
    assert_eq!(
        order(r#"{"anything":false}"#).anything,
        Some(Value::Bool(false))
    );
}

#[test]
fn u49_null_and_empty_text_and_empty_list_stand_for_no_value() {
    for name in [
        "id",
        "managers",
        "paid",
        "summ",
        "shipped",
        "createdAt",
        "from",
        "updatedAt",
        "code",
        "kind",
        "level",
        "info",
        "parent",
    ] {
        for empty in ["null", "\"\"", "[]"] {
            let order = order(&format!("{{\"{name}\":{empty}}}"));
            assert_eq!(
                order.extra.empty_shape(name).unwrap().to_string(),
                empty,
                "{name}"
            );
            assert!(order.extra.is_empty());
        }
    }
    assert_eq!(order(r#"{"number":""}"#).number.as_deref(), Some(""));
    assert_eq!(order(r#"{"number":null}"#).number, None);
    assert_eq!(order(r#"{"anything":""}"#).anything, Some(Value::from("")));
    assert_eq!(order(r#"{"anything":null}"#).anything, None);
}

#[test]
fn u49_a_later_value_wins_over_an_earlier_shape_and_the_other_way_round() {
    let write = |json: &str| to_json(&from_json::<Order>(json).unwrap());
    assert_eq!(write(r#"{"id":null,"id":3}"#), r#"{"id":3}"#);
    assert_eq!(write(r#"{"id":"3","id":null}"#), r#"{"id":null}"#);
    assert_eq!(write(r#"{"x":1,"y":2,"x":3}"#), r#"{"x":3,"y":2}"#);
}

#[test]
fn u50_numbers_may_come_as_strings() {
    assert_eq!(order(r#"{"id":"12"}"#).id, Some(12));
    assert_eq!(order(r#"{"id":-12}"#).id, Some(-12));
    assert_eq!(order(r#"{"id":12.0}"#).id, Some(12));
    assert_eq!(order(r#"{"id":-0}"#).id, Some(0));
    assert_eq!(order(r#"{"id":"9223372036854775807"}"#).id, Some(i64::MAX));
    assert_eq!(order(r#"{"id":-9223372036854775808}"#).id, Some(i64::MIN));
    assert_eq!(
        order(r#"{"summ":"10.00"}"#).sum,
        Some(Decimal::new(1000, 2))
    );
    assert_eq!(order(r#"{"numbers":[1,"2"]}"#).numbers.unwrap(), [1, 2]);
    assert_eq!(
        order(r#"{"numbers":{"a":"1","b":2}}"#).numbers.unwrap(),
        [1, 2]
    );
    assert_eq!(order(r#"{"number":12}"#).number.as_deref(), Some("12"));
    assert_eq!(order(r#"{"number":1.50}"#).number.as_deref(), Some("1.50"));
    assert_eq!(order(r#"{"number":true}"#).number.as_deref(), Some("true"));
    assert_eq!(order(r#"{"tags":[1,"b"]}"#).tags.unwrap(), ["1", "b"]);
}

#[test]
fn u50_a_changed_number_is_written_as_a_number() {
    let mut order = order(r#"{"id":"12","summ":"10.00","items":{"a":{"quantity":"1"}}}"#);
    order.id = Some(13);
    order.items.as_mut().unwrap()[0].quantity = Some(Decimal::TWO);
    assert_eq!(
        to_json(&order),
        r#"{"id":13,"summ":"10.00","items":{"a":{"quantity":2}}}"#
    );
    order.items.as_mut().unwrap().push(Item::default());
    assert_eq!(
        to_json(&order),
        r#"{"id":13,"summ":"10.00","items":[{"quantity":2},{}]}"#
    );
}

#[test]
fn u50_what_is_no_number_is_refused_with_its_field() {
    for (json, message) in [
        (r#"{"id":"12a"}"#, "expected an integer at id (byte 6)"),
        (r#"{"id": 1.5}"#, "expected an integer at id (byte 7)"),
        (r#"{"id":"1_000"}"#, "expected an integer at id (byte 6)"),
        (
            r#"{"id": true}"#,
            "expected an integer, found a boolean at id (byte 7)",
        ),
        (
            r#"{"managers":-1}"#,
            "number out of range for u32 at managers (byte 12)",
        ),
        (
            r#"{"managers":4294967296}"#,
            "number out of range for u32 at managers (byte 12)",
        ),
        (
            r#"{"id":9223372036854775808}"#,
            "number out of range for i64 at id (byte 6)",
        ),
        (r#"{"summ":"1,5"}"#, "expected a number at summ (byte 8)"),
        (
            r#"{"summ":1e300}"#,
            "number out of range for a decimal at summ (byte 8)",
        ),
        (
            r#"{"summ":{}}"#,
            "expected a number, found an object at summ (byte 8)",
        ),
        (
            r#"{"number":{}}"#,
            "expected a string, found an object at number (byte 10)",
        ),
        (
            r#"{"items":[{},{"quantity":"x"}]}"#,
            "expected a number at items[1].quantity (byte 25)",
        ),
        (
            r#"{"named":{"a":{"name":[1]}}}"#,
            "expected a string, found a list at named.a.name (byte 22)",
        ),
        (
            r#"{"items":3}"#,
            "expected a list, found a number at items (byte 9)",
        ),
        (
            r#"{"customFields":3}"#,
            "expected an object, found a number at customFields (byte 16)",
        ),
    ] {
        assert_eq!(refused(json), message);
    }
}

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
fn re16_booleans_may_be_numbers_and_words() {
    for truth in ["true", "1", "\"1\"", "\"true\"", "\"Y\""] {
        assert_eq!(order(&format!("{{\"paid\":{truth}}}")).paid, Some(true));
    }
    for falsehood in ["false", "0", "\"0\"", "\"false\"", "\"N\""] {
        let mut order = order(&format!("{{\"paid\":{falsehood}}}"));
        assert_eq!(order.paid, Some(false));
        order.paid = Some(true);
        assert_eq!(to_json(&order), r#"{"paid":true}"#);
    }
    assert_eq!(
        refused(r#"{"paid":2}"#),
        "expected a boolean: true, false, 1, 0, Y or N at paid (byte 8)"
    );
}

#[test]
fn re18_money_keeps_its_digits() {
    for text in [
        "10.00",
        "0.1",
        "19.99",
        "-0.50",
        "123456789012.34",
        "0",
        "100",
        "79228162514264337593543950335",
        "1e2",
        "1.5E-3",
        "-0",
        "0.30000000000000004",
        "3.0000000000000004e-5",
        "1e-40",
    ] {
        order(&format!("{{\"summ\":{text}}}"));
    }
    let sum = |json: &str| order(json).sum.unwrap();
    assert_eq!(
        sum(r#"{"summ":19.99}"#) * sum(r#"{"summ":1.18}"#),
        "23.5882".parse().unwrap()
    );
    assert_eq!(sum(r#"{"summ":10.00}"#).to_string(), "10.00");
    assert_eq!(sum(r#"{"summ":1e2}"#), Decimal::ONE_HUNDRED);
    assert_eq!(
        sum(r#"{"summ":0.10000000000000000000000000000001}"#).to_string(),
        "0.1000000000000000000000000000"
    );
}

#[test]
fn r5_r6_dates_have_no_zone() {
    let order = order(r#"{"shipped":"2024-05-21","createdAt":"2024-05-21 10:26:03"}"#);
    assert_eq!(order.shipped, Some(Date::constant(2024, 5, 21)));
    assert_eq!(
        order.created,
        Some(DateTime::constant(2024, 5, 21, 10, 26, 3, 0))
    );
    let written = Order {
        shipped: Some(Date::constant(2024, 5, 1)),
        created: Some(DateTime::constant(2024, 5, 1, 0, 0, 0, 0)),
        ..Order::default()
    };
    assert_eq!(
        to_json(&written),
        r#"{"shipped":"2024-05-01","createdAt":"2024-05-01 00:00:00"}"#
    );
}

#[test]
fn re14_other_forms_of_date_and_time_are_read_and_kept() {
    let ten = DateTime::constant(2024, 5, 21, 10, 26, 0, 0);
    for text in [
        "2024-05-21 10:26",
        "2024-05-21T10:26:00",
        "2024-05-21T10:26:00+03:00",
        "2024-05-21 10:26:00.000000",
        "2024-05-21t10:26:00",
        "2024-05-21 10:26+03",
    ] {
        assert_eq!(
            order(&format!("{{\"createdAt\":\"{text}\"}}")).created,
            Some(ten)
        );
    }
    let mut changed = order(r#"{"createdAt":"2024-05-21T10:26"}"#);
    changed.created = Some(ten.with().hour(11).build().unwrap());
    assert_eq!(to_json(&changed), r#"{"createdAt":"2024-05-21 11:26:00"}"#);

    assert_eq!(
        order(r#"{"createdAt":"2024-05-21"}"#)
            .created
            .unwrap()
            .hour(),
        0
    );
    assert_eq!(
        order(r#"{"shipped":"2024-05-21 00:00:00"}"#)
            .shipped
            .unwrap()
            .day(),
        21
    );
    assert_eq!(
        order(r#"{"from":"09:30"}"#).from,
        Some(Time::constant(9, 30, 0, 0))
    );
    assert_eq!(
        order(r#"{"from":"09:30:00"}"#).from,
        Some(Time::constant(9, 30, 0, 0))
    );
    assert_eq!(
        order(r#"{"from":"09:30:15"}"#).from,
        Some(Time::constant(9, 30, 15, 0))
    );
    assert_eq!(to_json(&Time::constant(9, 30, 0, 0)), r#""09:30""#);

    for (json, message) in [
        (
            r#"{"shipped":"2024-05-21 10:00:00"}"#,
            "expected a date: Y-m-d at shipped (byte 11)",
        ),
        (
            r#"{"shipped":"2024-02-30"}"#,
            "expected a date: Y-m-d at shipped (byte 11)",
        ),
        (
            r#"{"shipped":"21.05.2024"}"#,
            "expected a date: Y-m-d at shipped (byte 11)",
        ),
        (
            r#"{"shipped":20240521}"#,
            "expected a date: Y-m-d, found a number at shipped (byte 11)",
        ),
        (
            r#"{"createdAt":"2024-05-21 25:00:00"}"#,
            "expected a date and time: Y-m-d H:i:s at createdAt (byte 13)",
        ),
        (
            r#"{"createdAt":"2024-05-21 10:26:03 x"}"#,
            "expected a date and time: Y-m-d H:i:s at createdAt (byte 13)",
        ),
        (
            r#"{"from":"9:30"}"#,
            "expected a time: H:i or H:i:s at from (byte 8)",
        ),
    ] {
        assert_eq!(refused(json), message);
    }
}

#[test]
fn u49_a_date_of_zeros_is_none_and_written_as_it_came() {
    for name in ["shipped", "createdAt", "updatedAt"] {
        for text in ["0000-00-00", "0000-00-00 00:00:00"] {
            let order = order(&format!("{{\"{name}\":\"{text}\"}}"));
            assert!(order.shipped.is_none() && order.created.is_none() && order.updated.is_none());
            assert_eq!(order.extra.empty_shape(name), Some(Value::from(text)));
        }
    }
}

#[test]
fn n71_n78_re14_timestamps_keep_their_text() {
    for (text, offset, unix) in [
        (
            "2017-05-21 10:26:03.475537+00:00",
            Some(0),
            Some(1_495_362_363),
        ),
        ("2017-05-21T10:26:03Z", Some(0), Some(1_495_362_363)),
        (
            "2017-05-21T13:26:03+03:00",
            Some(10_800),
            Some(1_495_362_363),
        ),
        (
            "2017-05-21 13:26:03+0300",
            Some(10_800),
            Some(1_495_362_363),
        ),
        (
            "2017-05-21 05:56:03-04:30",
            Some(-16_200),
            Some(1_495_362_363),
        ),
        ("2017-05-21 13:26:03+03", Some(10_800), Some(1_495_362_363)),
        ("2017-05-21 10:26:03", None, None),
        ("2017-05-21 10:26", None, None),
        ("1969-12-31T23:59:59Z", Some(0), Some(-1)),
    ] {
        let at = order(&format!("{{\"updatedAt\":\"{text}\"}}"))
            .updated
            .unwrap();
        assert_eq!(at.to_string(), text);
        assert_eq!(at.offset_seconds(), offset, "{text}");
        let seconds = at.to_system_time().map(|time| {
            let epoch = std::time::UNIX_EPOCH;
            time.duration_since(epoch).map_or_else(
                |before| -i64::try_from(before.duration().as_secs()).unwrap(),
                |after| i64::try_from(after.as_secs()).unwrap(),
            )
        });
        assert_eq!(seconds, unix, "{text}");
    }
    for text in [
        "",
        "2017",
        "2017-05-21x10:26:03",
        "2017-05-21 10:26:03+25:00",
        "2017-05-21 10:26:03 +03:00",
    ] {
        assert!(text.parse::<Timestamp>().is_err(), "{text}");
    }
    let civil = DateTime::constant(2024, 5, 21, 10, 26, 3, 0);
    assert_eq!(
        Timestamp::from_civil(civil).to_string(),
        "2024-05-21 10:26:03"
    );
    assert_eq!(
        Timestamp::with_offset(civil, -16_200).unwrap().to_string(),
        "2024-05-21T10:26:03-04:30"
    );
    assert_eq!(
        Timestamp::from(std::time::UNIX_EPOCH).to_string(),
        "1970-01-01T00:00:00Z"
    );
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

#[test]
fn an_edit_leaves_sets_or_clears_a_field() {
    let mut edit = Order {
        number: Some("7".into()),
        ..Order::default()
    };
    edit.clear("info").unwrap();
    edit.clear("paid").unwrap();
    assert_eq!(to_json(&edit), r#"{"number":"7","paid":null,"info":null}"#);
    edit.paid = Some(true);
    edit.clear("number").unwrap();
    assert_eq!(to_json(&edit), r#"{"number":null,"paid":true,"info":null}"#);
    assert_eq!(
        edit.clear("nope").unwrap_err().to_string(),
        "unknown field at nope (byte 0)"
    );
    let model: &mut dyn Model = &mut edit;
    assert!(common_model::clear_field(model, "id").is_ok());
}

#[test]
fn models_nest_as_deep_as_values_on_the_stack_of_a_thread() {
    let json = format!(
        "{}{{\"id\":1}}{}",
        "{\"parent\":".repeat(126),
        "}".repeat(126)
    );
    let deep = order(&json);
    assert!(deep.clone() == deep);
    assert!(
        refused(&format!("{{\"parent\":{json}}}")).starts_with("nested too deep at parent.parent.")
    );
}

#[test]
fn debug_shows_the_fields_that_are_set() {
    let order: Order = from_json(r#"{"id":1,"items":[{"name":"x"}],"new":true}"#).unwrap();
    assert_eq!(
        format!("{order:?}"),
        r#"Order { id: 1, items: [{"name":"x"}], new: true }"#
    );
    assert_eq!(format!("{:?}", Order::default()), "Order");
}

#[test]
fn the_form_of_a_value_does_not_count_in_comparisons() {
    let read = |json: &str| from_json::<Order>(json).unwrap();
    assert_eq!(
        read(r#"{"id":"1","x":1,"y":2}"#),
        read(r#"{"y":2,"id":1,"x":1}"#)
    );
    assert_ne!(read(r#"{"id":null}"#), read("{}"));
    assert_ne!(read(r#"{"x":1}"#), read(r#"{"x":2}"#));
}
