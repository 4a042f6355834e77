//! Odd elements are planted into good documents at random: all of them are found, and nothing else.

use common_model::{Decode, Decoded, Encode, Options, from_json_with, to_json};
use proptest::prelude::*;

use crate::shop::{Item, Order, Strict};

/// A document in the form in which it is written, and the paths of the planted elements.
#[derive(Debug, Clone, Default)]
struct Plot {
    json: String,
    odd: Vec<String>,
}

impl Plot {
    fn good(json: impl Into<String>) -> Self {
        Self {
            json: json.into(),
            odd: Vec::new(),
        }
    }

    fn odd(json: impl Into<String>) -> Self {
        Self {
            json: json.into(),
            odd: vec![String::new()],
        }
    }

    /// Its paths inside of a field or element.
    fn paths_in(&self, outer: &str) -> Vec<String> {
        let join = |path: &String| match path.is_empty() || path.starts_with('[') {
            true => format!("{outer}{path}"),
            false => format!("{outer}.{path}"),
        };
        self.odd.iter().map(join).collect()
    }
}

fn list(items: &[Plot]) -> Plot {
    let texts: Vec<_> = items.iter().map(|item| item.json.as_str()).collect();
    let odd = items.iter().enumerate();
    Plot {
        json: format!("[{}]", texts.join(",")),
        odd: odd
            .flat_map(|(at, item)| item.paths_in(&format!("[{at}]")))
            .collect(),
    }
}

fn object(members: &[(String, Plot)]) -> Plot {
    let texts: Vec<_> = members
        .iter()
        .map(|(key, value)| format!("{key:?}:{}", value.json))
        .collect();
    Plot {
        json: format!("{{{}}}", texts.join(",")),
        odd: members
            .iter()
            .flat_map(|(key, value)| value.paths_in(key))
            .collect(),
    }
}

/// A list, or an object with keys that are no list's.
fn many(
    item: impl Strategy<Value = Plot> + Clone + 'static,
    may_be_keyed: bool,
) -> BoxedStrategy<Plot> {
    let listed = prop::collection::vec(item.clone(), 0..5).prop_map(|items| list(&items));
    let keyed = prop::collection::vec(item, 1..5).prop_map(|items| {
        let members: Vec<_> = items
            .into_iter()
            .enumerate()
            .map(|(at, item)| (format!("k{}", at * 7), item))
            .collect();
        object(&members)
    });
    match may_be_keyed {
        true => prop_oneof![listed, keyed].boxed(),
        false => listed.boxed(),
    }
}

/// Mostly `good`, and sometimes `odd`.
fn mixed(
    good: impl Strategy<Value = Plot> + 'static,
    odd: &'static [&'static str],
) -> BoxedStrategy<Plot> {
    prop_oneof![
        3 => good,
        1 => prop::sample::select(odd).prop_map(Plot::odd),
    ]
    .boxed()
}

fn one_of(texts: &'static [&'static str]) -> BoxedStrategy<Plot> {
    prop::sample::select(texts).prop_map(Plot::good).boxed()
}

fn number() -> BoxedStrategy<Plot> {
    let good = one_of(&["1", "\"2\"", "-3", "4.0"]);
    mixed(
        good,
        &[
            "\"x\"",
            "1.5",
            "{ \"a\" : 1 }",
            "[\"\\u0041\"]",
            "null",
            "1e400",
        ],
    )
}

/// Outside of a field the form of a number is not kept.
fn digit() -> BoxedStrategy<Plot> {
    mixed(one_of(&["1", "-2"]), &["\"x\"", "null", "[ ]"])
}

fn item() -> BoxedStrategy<Plot> {
    let name = one_of(&["\"a\"", "1", "null", "false"]);
    let quantity = one_of(&["1.00", "\"1\"", "null"]);
    let name = mixed(name, &["{}", "[1]"]);
    let quantity = mixed(quantity, &["\"many\"", "{\"a\":[ ]}", "1e-400", "true"]);
    let item = (prop::option::of(quantity), prop::option::of(name)).prop_map(|(quantity, name)| {
        let quantity = quantity.map(|value| ("quantity".to_owned(), value));
        let name = name.map(|value| ("name".to_owned(), value));
        object(&quantity.into_iter().chain(name).collect::<Vec<_>>())
    });
    mixed(item, &["null", "false", "0", "\"\"", "[ 1 ]", "\"text\""])
}

/// Required fields: something odd in it makes it odd as a whole, except for the elements of its list.
fn strict() -> BoxedStrategy<Plot> {
    let tag = mixed(
        one_of(&["\"a\"", "\"b\""]),
        &["null", "[]", "{\"k\":\"\\/\"}"],
    );
    let tags = many(tag, false);
    let good = (1..9_i64, tags).prop_map(|(id, tags)| {
        let id = ("id".to_owned(), Plot::good(id.to_string()));
        object(&[id, ("tags".to_owned(), tags)])
    });
    mixed(
        good,
        &[
            r#"{"id":"x","tags":[]}"#,
            r#"{"id":1,"tags":3}"#,
            r#"{"tags":["a",null,{}],"id":[]}"#,
            "null",
        ],
    )
}

fn order() -> BoxedStrategy<Plot> {
    let leaf = order_of(Just(None).boxed());
    leaf.prop_recursive(3, 40, 2, |inner| order_of(prop::option::of(inner).boxed()))
        .boxed()
}

fn order_of(parent: BoxedStrategy<Option<Plot>>) -> BoxedStrategy<Plot> {
    let id = mixed(
        one_of(&["1", "\"2\"", "null", "[]"]),
        &["\"x\"", "1.5", "{ \"a\" : 1 }", "1e400"],
    );
    let id = prop::option::of(id);
    let shipped = mixed(
        one_of(&["\"2024-05-21\"", "\"0000-00-00\"", "null"]),
        &["\"-0001-11-30\"", "\"\\u0030\"", "7"],
    );
    // In the order in which the model writes them.
    let fields = (
        id,
        prop::option::of(shipped),
        prop::option::of(many(number(), true)),
        prop::option::of(mixed(many(many(number(), true), true), &["3", "\"x\""])),
        prop::option::of(many(item(), true)),
        prop::option::of(mixed(many(item(), true), &["true"])),
        prop::option::of(many(item(), true)),
        parent,
    );
    fields
        .prop_map(
            |(id, shipped, numbers, rows, items, payments, named, parent)| {
                let fields = [
                    ("id", id),
                    ("shipped", shipped),
                    ("numbers", numbers),
                    ("rows", rows),
                    ("items", items),
                    ("payments", payments),
                    ("named", named),
                    ("parent", parent),
                ];
                let set = fields.into_iter();
                let set = set.filter_map(|(name, value)| Some((name.to_owned(), value?)));
                object(&set.collect::<Vec<_>>())
            },
        )
        .boxed()
}

/// Bytes come back, and the reports are those of the plot, each at the first byte of a value.
fn holds<T: Decode + Encode>(plot: &Plot) -> Result<Decoded<T>, TestCaseError> {
    let read: Decoded<T> = from_json_with(&plot.json, &Options::new())
        .map_err(|error| TestCaseError::fail(format!("{}: {error}", plot.json)))?;
    prop_assert_eq!(&to_json(&read), &plot.json);
    let told: Vec<_> = read.odd.iter().map(|odd| odd.path.clone()).collect();
    prop_assert_eq!(&told, &plot.odd, "{}", plot.json);
    for odd in &read.odd {
        let value = common_model::Reader::new(&plot.json[odd.byte..]).raw();
        prop_assert!(value.is_ok(), "{} of {}", odd, plot.json);
    }
    Ok(read)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3000) })]

    // F6
    #[test]
    fn f6_planted_elements_of_a_model_are_found_kept_and_told(plot in order()) {
        let read = holds::<Order>(&plot)?;
        prop_assert_eq!(to_json(&read.value), plot.json, "a model keeps them on its own");
    }

    // F6
    #[test]
    fn f6_planted_elements_of_a_list_are_found_and_the_good_ones_are_all_there(
        orders in prop::collection::vec(mixed(order(), &["null", "[ 0 ]", "\"x\"", "true"]), 0..6),
    ) {
        let good = orders.iter().filter(|order| order.odd != [""]).count();
        let read = holds::<Vec<Order>>(&list(&orders))?;
        prop_assert_eq!(read.value.len(), good);
    }

    // F6
    #[test]
    fn f6_a_required_field_takes_its_element_along(items in prop::collection::vec(strict(), 0..6)) {
        let good = items.iter().filter(|item| item.odd != [""]).count();
        let read = holds::<Vec<Strict>>(&list(&items))?;
        prop_assert_eq!(read.value.len(), good);
    }

    // F6
    #[test]
    fn f6_lists_of_lists_and_maps_as_whole_answers(
        rows in many(mixed(many(digit(), false), &["3", "false"]), false),
        items in many(item(), true),
    ) {
        holds::<Vec<Vec<i64>>>(&rows)?;
        holds::<common_model::ListOrMap<Item>>(&items)?;
        holds::<common_model::Map<Item>>(&items)?;
    }
}
