//! Texts that take much memory for few bytes.

use common_model::{Decimal, ListOrMap, Map, Value};

use crate::declare::models;

models! {
    Order {
        number "number" String,
        id "id" i64,
        sum "summ" Decimal,
        created "createdAt" common_model::civil::DateTime,
        anything "anything" Value,
        tags "tags" Vec<String>,
        numbers "numbers" Vec<i64>,
        rows "rows" Vec<Vec<i64>>,
        items "items" Vec<Item>,
        payments "payments" ListOrMap<Item>,
        fields "customFields" Map<Value>,
        named "named" Map<Item>,
        info "info" Item,
        parent "parent" Box<Order>,
        orders "orders" Vec<Order>,
    }
    Item {
        quantity "quantity" Decimal,
        name "name" String,
    }
}

/// A text of repeated units, with a beginning and an end.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    open: &'static str,
    unit: &'static str,
    close: &'static str,
    /// `#` in a unit is its number.
    pub(crate) longest_text: usize,
}

impl Shape {
    /// Returns a text of about this length, in bytes.
    pub(crate) fn text(&self, length: usize) -> String {
        let mut text = self.open.to_owned();
        let mut count = 0;
        while text.len() < length {
            if count > 0 {
                text.push(',');
            }
            text += &self.unit.replace('#', &count.to_string());
            count += 1;
        }
        text + self.close
    }
}

const fn shape(
    name: &'static str,
    open: &'static str,
    unit: &'static str,
    close: &'static str,
) -> Shape {
    Shape {
        name,
        open,
        unit,
        close,
        longest_text: 0,
    }
}

pub(crate) const SHAPES: &[Shape] = &[
    shape("objects", "[", "{}", "]"),
    shape("lists", "[", "[]", "]"),
    shape("texts", "[", "\"\"", "]"),
    shape("letters", "[", "\"a\"", "]"),
    shape("digits", "[", "1", "]"),
    shape("fractions", "[", "1.5", "]"),
    shape("long numbers", "[", "1234567890123456789012345", "]"),
    shape("nulls", "[", "null", "]"),
    shape("falses", "[", "false", "]"),
    shape("escapes", "[", r#""\u0041""#, "]"),
    shape("nested lists", "[", "[[[[[[]]]]]]", "]"),
    shape("nested objects", "[", r#"{"a":{"a":{"a":{}}}}"#, "]"),
    shape("tiny keys", "{", r##""#":0"##, "}"),
    shape("tiny keys, nested", "[", r#"{"a":0}"#, "]"),
    shape(
        "long keys",
        "{",
        r##""a key that is longer than others #":0"##,
        "}",
    ),
    shape("escaped keys", "{", r##""\u0041#":0"##, "}"),
    shape("the same key", "{", r#""a":0"#, "}"),
    shape("a key twice", "{", r##""#":0,"#":[1]"##, "}"),
    shape("keyed objects", "{", r##""#":{}"##, "}"),
    shape("the same key of an object", "{", r#""a":{}"#, "}"),
    shape("unknown fields", "[", r#"{"x":1,"y":{},"z":""}"#, "]"),
    shape(
        "forms",
        "[",
        r#"{"id":"1","summ":"1","createdAt":"2024-05-21"}"#,
        "]",
    ),
    shape("the same form", "{", r#""id":"1""#, "}"),
    shape("two forms in turn", "{", r#""id":"1","summ":"1""#, "}"),
    shape("empty shapes", "{", r#""id":null,"summ":"","info":[]"#, "}"),
    shape("items", r#"{"items":["#, "{}", "]}"),
    shape("keyed items", r#"{"items":{"#, r##""#":{}"##, "}}"),
    shape("keyed payments", r#"{"payments":{"#, r##""#":{}"##, "}}"),
    shape("repeated payments", r#"{"payments":{"#, r#""a":{}"#, "}}"),
    shape("repeated names", r#"{"named":{"#, r#""a":{},"b":{}"#, "}}"),
    shape("named as a list", r#"{"named":["#, "{}", "]}"),
    shape("tags", r#"{"tags":["#, "\"\"", "]}"),
    shape("tags of numbers", r#"{"tags":["#, "1", "]}"),
    shape("keyed tags", r#"{"tags":{"#, r##""#":"a""##, "}}"),
    shape("numbers as texts", r#"{"numbers":["#, "\"1\"", "]}"),
    shape("rows", r#"{"rows":["#, "[]", "]}"),
    shape("rows of numbers", r#"{"rows":["#, "[1,2]", "]}"),
    shape("keyed rows", r#"{"rows":["#, r#"{"a":"1"}"#, "]}"),
    shape("orders in an order", r#"{"orders":["#, "{}", "]}"),
    shape(
        "orders with a parent",
        "[",
        r#"{"parent":{"parent":{}}}"#,
        "]",
    ),
    shape("anything", r#"{"anything":["#, "{}", "]}"),
    shape("fields", r#"{"customFields":{"#, r##""#":[]"##, "}}"),
    shape("odd items", r#"{"items":["#, "0", "]}"),
    shape(
        "long odd items",
        r#"{"items":["#,
        r#""a text where an object belongs""#,
        "]}",
    ),
    shape("odd keyed items", r#"{"items":{"#, r##""#":0"##, "}}"),
    shape(
        "odd names",
        r#"{"named":{"#,
        r##""a key that is longer than others #":0"##,
        "}}",
    ),
    shape("odd rows", r#"{"rows":["#, "{}, 1", "]}"),
    shape("odd numbers in rows", r#"{"rows":["#, r#"["x"]"#, "]}"),
    shape("odd keyed rows", r#"{"rows":{"#, r##""#":{"a":[]}"##, "}}"),
    shape("odd fields", "[", r#"{"id":"x","summ":{},"info":1}"#, "]"),
    shape("the same odd field", "{", r#""id":"x""#, "}"),
    shape("odd fields by turns", "{", r#""id":"x","summ":{}"#, "}"),
    shape(
        "odd and good by turns",
        "{",
        r#""id":"x","id":1,"items":[0]"#,
        "}",
    ),
    Shape {
        longest_text: usize::MAX,
        ..shape("one text of escapes", "[\"", r"\n", "\"]")
    },
];
