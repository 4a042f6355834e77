//! Reading ends soon after the stop check returns true, for any text.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use common_model::{Error, Map, Options, Value, from_json_with};

/// The parts of hostile texts: beginning, unit, end.
const SHAPES: [(&str, &str, &str); 14] = [
    ("[", "0,", "0]"),
    ("[", "{},", "0]"),
    ("[", "[[[[]]]],", "0]"),
    ("[", "\"\",", "0]"),
    ("[", "\"a\\n\",", "0]"),
    ("[", "null,", "0]"),
    ("[", "{ \"a\" : 1 },", "0]"),
    ("{", "\"a\":0,", "\"b\":0}"),
    ("{", "\"\\u0041\":0,", "\"b\":0}"),
    ("{\"items\":[", "0,", "0]}"),
    ("{\"items\":[", "{\"id\":\"x\"},", "0]}"),
    ("{\"items\":{", "\"a\":{},", "\"b\":0}}"),
    ("[\"", "\\n", "\"]"),
    ("[\"", "\\u0041", "\"]"),
];

type Read = fn(&str, &Options<'_>) -> Result<(), Error>;

const READERS: [Read; 3] = [
    |text, options| from_json_with::<Value>(text, options).map(drop),
    |text, options| from_json_with::<Map<Vec<Map<i64>>>>(text, options).map(drop),
    |text, options| from_json_with::<Vec<i64>>(text, options).map(drop),
];

// H2
#[test]
fn h2_reading_ends_within_some_kilobytes_of_the_word() {
    const LENGTH: usize = 1 << 20;
    let mut stopped = 0;
    for (open, unit, close) in SHAPES {
        let text = format!("{open}{}{close}", unit.repeat(LENGTH / unit.len()));
        for read in READERS {
            for limit in [1, 2, 7] {
                let asked = AtomicUsize::new(0);
                let stop = || asked.fetch_add(1, Relaxed) + 1 >= limit;
                let Err(error) = read(&text, &Options::new().stop(&stop)) else {
                    // Skipped as a whole for its wrong type, which may take fewer checks.
                    assert!(asked.into_inner() < limit, "{open}{unit}");
                    continue;
                };
                if !error.is_stopped() {
                    continue;
                }
                stopped += 1;
                assert_eq!(asked.into_inner(), limit, "{open}{unit}: asked no more");
                // Bytes that are read again count again, so the place may only be nearer.
                assert!(
                    error.offset() <= limit * 20 * 1024,
                    "{open}{unit}: at {} after {limit}",
                    error.offset()
                );
            }
        }
    }
    assert!(stopped > 80, "{stopped}");
}

// H2
#[test]
fn h2_it_is_asked_all_along() {
    for (open, unit, close) in SHAPES {
        let text = format!("{open}{}{close}", unit.repeat((1 << 20) / unit.len()));
        let asked = AtomicUsize::new(0);
        let stop = || asked.fetch_add(1, Relaxed) > 1 << 20;
        from_json_with::<Value>(&text, &Options::new().stop(&stop)).unwrap();
        assert!(asked.into_inner() >= 40, "{open}{unit}");
    }
}

// H2
#[test]
fn h2_a_stop_is_no_fault_of_the_text_and_nothing_is_kept_aside_for_it() {
    let text = format!("{{\"items\":[{}0]}}", "{},".repeat(50_000));
    let error = from_json_with::<Map<Vec<Map<i64>>>>(&text, &Options::new().stop(&|| true));
    let error = error.unwrap_err();
    assert!(error.is_stopped() && !error.is_syntax() && !error.is_budget());
    assert_eq!(error.message(), "reading was stopped");
}

/// Members in many spellings, with characters of one to four bytes.
const MEMBERS: &str = r#"{"ключ":"знач😀","k":[1,{}], "s" : null ,"\u043a":-1.5,"":{"a":"\n"}},"#;

// H2
#[test]
fn h2_a_question_changes_nothing_wherever_it_falls() {
    const STEP: usize = 16 * 1024;
    for shift in 0..MEMBERS.len() {
        // The first question falls due behind another byte of the members each time.
        let before = "x".repeat(STEP - 2 * MEMBERS.len() + shift);
        let text = format!("[\"{before}\",{}0]", MEMBERS.repeat(4));
        let asked = AtomicUsize::new(0);
        let stop = || asked.fetch_add(1, Relaxed) > 1 << 20;
        let read = |text: &str, options: &Options<'_>| {
            from_json_with::<Value>(text, options).map(|read| read.value.to_string())
        };
        assert_eq!(
            read(&text, &Options::new().stop(&stop)),
            read(&text, &Options::new())
        );
        assert_eq!(asked.into_inner(), 1, "{shift}");
        // Nor where the text ends too early.
        let cut = STEP + shift % 7;
        if let Some(text) = text.get(..cut) {
            let error = read(text, &Options::new()).unwrap_err();
            assert_eq!(
                read(text, &Options::new().stop(&|| false)),
                Err(error),
                "{shift}"
            );
        }
    }
}
