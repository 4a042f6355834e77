//! Memory of decoding: hostile answers of many shapes, measured at the allocator.

#[path = "../models/declare.rs"]
mod declare;
mod shapes;

use allocation_counter::measure;
use common_model::{Decode, Error, Options, Value, from_json, from_json_with};

use shapes::{Order, SHAPES};

/// Returns a result, and the most bytes that were held on the way to it.
fn peak<T: Decode>(text: &str, options: &Options) -> (Result<(), Error>, usize) {
    let mut result = Ok(());
    let info = measure(|| result = from_json_with::<T>(text, options).map(drop));
    (result, usize::try_from(info.bytes_max).unwrap())
}

type Read = fn(&str, &Options) -> (Result<(), Error>, usize);

/// The ways a text may be read.
const READERS: [(&str, Read); 4] = [
    ("value", peak::<Value>),
    ("order", peak::<Order>),
    ("orders", peak::<Vec<Order>>),
    ("map of orders", peak::<common_model::Map<Order>>),
];

// H1
#[test]
fn h1_the_peak_stays_below_twice_the_budget() {
    let mut refused = 0;
    for shape in SHAPES {
        for length in [1_000, 30_000, 1_000_000] {
            let text = shape.text(length);
            for (reader, read) in READERS {
                for budget in [10_000, 100_000, 1_000_000] {
                    let (result, peak) = read(&text, &Options::new().budget(budget));
                    // A key or string with escapes is put together once, outside of the budget.
                    let allowed = 2 * budget + 4 * text.len().min(shape.longest_text) + 4096;
                    let name = shape.name;
                    assert!(
                        peak <= allowed,
                        "{name} of {length} as {reader}: {peak} of {budget}"
                    );
                    refused += usize::from(result.is_err_and(|error| error.is_budget()));
                }
            }
        }
    }
    assert!(refused > 100, "{refused}");
}

// H1
#[test]
fn h1_a_small_answer_takes_no_gigabytes() {
    let text = format!("[{}{{}}]", "{},".repeat(350_000));
    let usual = 8 * text.len() + 64 * 1024 * 1024;
    let (result, peak) = peak::<Vec<Order>>(&text, &Options::new());
    assert!(result.unwrap_err().is_budget());
    assert!(peak < 2 * usual, "{peak}");
}

// H1
#[test]
fn h1_what_is_held_is_what_was_counted() {
    for shape in SHAPES {
        let text = shape.text(50_000);
        let held = |budget: usize| from_json_with::<Value>(&text, &Options::new().budget(budget));
        if from_json::<Value>(&text).is_err() {
            continue;
        }
        let mut value = None;
        let info = measure(|| value = from_json::<Value>(&text).ok());
        let bytes = usize::try_from(info.bytes_current).unwrap();
        // Half of what is held is never enough, and three times as much always is.
        assert!(held(bytes / 2).is_err() || bytes < 100, "{}", shape.name);
        assert!(held(3 * bytes + 16 * 50_000).is_ok(), "{}", shape.name);
    }
}

// H1
#[test]
fn h1_the_error_is_of_its_own_kind_and_names_the_place() {
    let error = from_json_with::<Vec<Order>>(
        r#"[{"id":1},{"number":"a long text of an order"}]"#,
        &Options::new().budget(size_of::<Order>() * 4),
    );
    let error = error.unwrap_err();
    assert!(error.is_budget() && !error.is_syntax());
    assert_eq!(error.path(), "[1].number");
    assert_eq!(
        error.message(),
        "the value takes more memory than is allowed"
    );
}
