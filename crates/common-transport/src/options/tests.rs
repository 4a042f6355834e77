use bytes::Bytes;

use super::*;

fn refused(options: CallOptions) -> Option<String> {
    let mut request = Request::new(Bytes::new());
    let error = options.attach(&mut request).err()?;
    assert!(error.is_invalid_input(), "{error}");
    error.field().map(str::to_owned)
}

#[test]
fn c2_a_header_that_is_not_the_callers_is_refused_by_name() {
    for name in RESERVED {
        let options = CallOptions::new().header(&name, "x").header("x-mine", "y");
        assert_eq!(refused(options).as_deref(), Some(name.as_str()));
        let upper = name.as_str().to_uppercase();
        assert!(
            refused(CallOptions::new().header(upper, "x")).is_some(),
            "{name}"
        );
    }
    for (name, value) in [
        ("a b", "x"),
        ("", "x"),
        ("x-a", "line\nbreak"),
        ("ключ", "x"),
    ] {
        let options = CallOptions::new().header(name, value);
        assert_eq!(refused(options).as_deref(), Some(name));
    }
    assert_eq!(refused(CallOptions::new().header("x-a", 5_u64)), None);
}

#[test]
fn c2_debug_of_options_shows_no_value_of_a_header() {
    let options = CallOptions::new().header("x-a", "S3CRET");
    let shown = format!("{options:?}");
    assert!(
        shown.contains("x-a") && !shown.contains("S3CRET"),
        "{shown}"
    );
}
