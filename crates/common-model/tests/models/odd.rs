//! One odd element does not lose the rest: it is kept, written at its place, and reported.

use common_model::{
    Decode, Decoded, Encode, Model, Options, Value, from_json, from_json_strict, from_json_with,
    to_json,
};

use crate::shop::{Order, Strict};

#[track_caller]
fn read<T: Decode + Encode>(json: &str) -> Decoded<T> {
    let read: Decoded<T> =
        from_json_with(json, &Options::new()).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert_eq!(to_json(&read), json);
    read
}

fn places<T>(read: &Decoded<T>) -> Vec<&str> {
    read.odd.iter().map(|odd| odd.path.as_str()).collect()
}

// F6
#[test]
fn f6_an_odd_element_leaves_the_others() {
    let orders = read::<Order>(r#"{"items":[{"name":"a"},null,{"name":"b"},7]}"#);
    let items = orders.value.items.as_ref().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(items[1].name.as_deref(), Some("b"));
    let told: Vec<_> = orders.odd.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "expected an object, found null at items[1] (byte 23)",
            "expected an object, found a number at items[3] (byte 41)"
        ]
    );
    // Alone, the model writes it too.
    assert_eq!(
        to_json(&orders.value),
        r#"{"items":[{"name":"a"},null,{"name":"b"},7]}"#
    );
}

// F6
#[test]
fn f6_an_odd_field_is_none_and_written_as_it_came() {
    for (name, odd) in [
        ("id", r#""twelve""#),
        ("id", "1.5"),
        ("managers", "-1"),
        ("paid", "2"),
        ("summ", "{ \"a\" : [1] }"),
        ("shipped", r#""-0001-11-30""#),
        ("createdAt", r#""yester\u0064ay""#),
        ("from", "9"),
        ("updatedAt", "1700000000"),
        ("code", "{}"),
        ("kind", "[1]"),
        ("tags", "3"),
        ("items", "true"),
        ("payments", "0"),
        ("customFields", "\"x\""),
        ("info", "[1]"),
        ("parent", "\"none\""),
    ] {
        let json = format!("{{\"{name}\":{odd},\"number\":\"7\"}}");
        // Fields are written in the order of the model.
        let other = format!("{{\"number\":\"7\",\"{name}\":{odd}}}");
        let read = from_json_with::<Order>(&json, &Options::new()).unwrap();
        assert_eq!(to_json(&read.value), other);
        assert_eq!(read.value.number.as_deref(), Some("7"));
        assert_eq!(places(&read), [name]);
        assert_eq!(&json[read.odd[0].byte..][..odd.len()], odd);
        assert!(from_json_strict::<Order>(&json).is_err());
        assert_eq!(
            read.value.extra.empty_shape(name),
            Some(odd.parse::<Value>().unwrap())
        );
        let mut set = read.value;
        set.clear(name).unwrap();
        assert_eq!(
            to_json(&set),
            format!("{{\"number\":\"7\",\"{name}\":null}}")
        );
    }
}

// F6
#[test]
fn f6_lists_maps_and_lists_in_them() {
    for (json, odd) in [
        (
            r#"{"rows":[[1,{}],[],["x",2,null],3]}"#,
            &["rows[0][1]", "rows[2][0]", "rows[2][2]", "rows[3]"][..],
        ),
        (
            r#"{"rows":{"a":[1,{}],"b":0,"c":{"d":[],"e":5}}}"#,
            &["rows.a[1]", "rows.b", "rows.c.d"],
        ),
        (
            r#"{"items":{"5":{"quantity":"1.000"},"9":false,"12":{}}}"#,
            &["items.9"],
        ),
        (
            r#"{"payments":{"10":{"name":"a"},"14":false}}"#,
            &["payments.14"],
        ),
        (r#"{"payments":[false,{"name":"a"}]}"#, &["payments[0]"]),
        (r#"{"payments":[false,1]}"#, &["payments[0]", "payments[1]"]),
        (
            r#"{"payments":{"a":1,"b":2}}"#,
            &["payments.a", "payments.b"],
        ),
        (r#"{"named":{"a":{},"b":1,"c":[]}}"#, &["named.b"]),
        (r#"{"named":[{},1,{"name":"c"}]}"#, &["named[1]"]),
        (
            r#"{"numbers":[1,"2",{},"x",4.0]}"#,
            &["numbers[2]", "numbers[3]"],
        ),
        (r#"{"numbers":{"a":"1","b":[],"c":2}}"#, &["numbers.b"]),
        (r#"{"tags":["a",null,["\/"],"b"]}"#, &["tags[1]", "tags[2]"]),
        (
            r#"{"items":[{"quantity":"many"},{"quantity":"1"}]}"#,
            &["items[0].quantity"],
        ),
        (
            r#"{"parent":{"items":[1],"parent":{"items":{"k":2}}}}"#,
            &["parent.items[0]", "parent.parent.items.k"],
        ),
    ] {
        assert_eq!(places(&read::<Order>(json)), odd, "{json}");
    }
    let map = read::<Order>(r#"{"named":[{},1,{"name":"c"}]}"#).value;
    let named = map.named.unwrap();
    assert_eq!(
        named.keys().collect::<Vec<_>>(),
        ["0", "2"],
        "keys are places"
    );
}

// F6
#[test]
fn f6_an_answer_that_is_a_list_or_map_counts_too() {
    assert_eq!(
        places(&read::<Vec<Order>>(r#"[{"id":1},null,{"id":3}]"#)),
        ["[1]"]
    );
    assert_eq!(
        places(&read::<Vec<Vec<i64>>>("[[1,[]],2]")),
        ["[0][1]", "[1]"]
    );
    assert_eq!(
        places(&read::<common_model::Map<i64>>(r#"{"a":1,"b":"x"}"#)),
        ["b"]
    );
    assert_eq!(from_json::<Vec<i64>>("[1,null,2]"), Ok(vec![1, 2]));
    assert!(from_json::<Vec<i64>>("3").is_err());
}

// F6
#[test]
fn f6_a_required_field_sets_its_element_aside() {
    let lists = read::<Vec<Strict>>(
        r#"[{"id":1,"tags":[]},{"id":"x","tags":["a",{}]},{"id":3,"tags":["b",null]}]"#,
    );
    assert_eq!(lists.value.len(), 2);
    assert_eq!(lists.odd[0].message, "expected an integer at id");
    assert_eq!(places(&lists), ["[1]", "[2].tags[1]"]);
    assert_eq!(to_json(&lists.value[1]), r#"{"id":3,"tags":["b",null]}"#);
    // Of a whole text there is no element to set aside.
    assert!(from_json::<Strict>(r#"{"id":"x","tags":[]}"#).is_err());
    let unknown = read::<Order>(r#"{"info":{"id":{},"tags":[]}}"#);
    assert_eq!(places(&unknown), [""; 0], "unknown fields have no type");
}

// F6
#[test]
fn f6_odd_elements_go_back_while_the_list_has_as_many_others() {
    let came = r#"{"items":[{"name":"a"},null,{"name":"b"}]}"#;
    let mut order: Order = from_json(came).unwrap();
    order.items.as_mut().unwrap()[1].name = Some("c".into());
    assert_eq!(
        to_json(&order),
        r#"{"items":[{"name":"a"},null,{"name":"c"}]}"#
    );
    order.items.as_mut().unwrap().remove(0);
    assert_eq!(to_json(&order), r#"{"items":[{"name":"c"}]}"#);
    order.items = None;
    assert_eq!(to_json(&order), "{}");
}

// F6
#[test]
fn f6_syntax_errors_stay_errors() {
    for json in [
        r#"{"items":[nul]}"#,
        r#"{"items":[1,{]}"#,
        r#"{"id":"x","items":[1}"#,
        r#"{"id":[1"#,
        r#"{"summ":01}"#,
        r#"{"shipped":"2024\x"}"#,
    ] {
        assert!(from_json::<Order>(json).unwrap_err().is_syntax(), "{json}");
    }
}

// F6
#[test]
fn f6_of_a_repeated_key_the_last_counts() {
    for (json, written) in [
        (r#"{"items":[null,{}],"items":[{}]}"#, r#"{"items":[{}]}"#),
        (r#"{"items":{"a":{}},"items":[{}]}"#, r#"{"items":[{}]}"#),
        (r#"{"items":[{}],"items":[1,{}]}"#, r#"{"items":[1,{}]}"#),
        (r#"{"id":"x","id":1}"#, r#"{"id":1}"#),
        (r#"{"id":1,"id":"x"}"#, r#"{"id":"x"}"#),
        (r#"{"id":"1","id":1}"#, r#"{"id":1}"#),
    ] {
        assert_eq!(to_json(&from_json::<Order>(json).unwrap()), written);
    }
}

// F6, X7
#[test]
fn f6_what_is_not_of_its_type_is_not_shown_by_debug() {
    let order: Order = from_json(r#"{"id":"hunter2","tags":["a",{"k":"hunter2"}]}"#).unwrap();
    assert!(!format!("{order:?} {:?}", order.extra).contains("hunter2"));
}
