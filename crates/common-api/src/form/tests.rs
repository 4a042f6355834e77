use allocation_counter::measure;
use proptest::prelude::*;

use super::*;

const TYPE: &str = "multipart/form-data; boundary=x";

fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    fields.iter().map(owned).collect()
}

#[test]
fn n85_urlencoded_in_every_spelling() {
    let content_type = "Application/X-WWW-Form-Urlencoded; charset=UTF-8";
    let body = b"&updated=2017-05-24T14%3A59&empty=&flag&a[b]=%zz+%FF";
    assert_eq!(
        fields(content_type, body).unwrap(),
        pairs(&[
            ("updated", "2017-05-24T14:59"),
            ("empty", ""),
            ("flag", ""),
            ("a[b]", "%zz \u{fffd}"),
        ])
    );
}

#[test]
fn n85_multipart_with_quotes_files_and_line_breaks_inside() {
    let body = "preamble\r\n--x y\r\nContent-Disposition: form-data; name=\"state\"\r\n\r\nsuccess\r\n\
                --x y\r\ncontent-type: text/plain\r\ncontent-disposition: form-data; filename=\"a;name=b\"; name=\"q\\\"r\"\r\n\r\nline 1\r\n--x\r\n\r\n--x y--\r\n";
    assert_eq!(
        fields("multipart/form-data; boundary=\"x y\"", body.as_bytes()).unwrap(),
        pairs(&[("state", "success"), ("q\"r", "line 1\r\n--x\r\n")])
    );
}

#[test]
fn what_is_no_form_is_none() {
    for (content_type, body) in [
        ("", "a=b"),
        ("text/plain", "a=b"),
        ("multipart/form-data", "--x--"),
        ("multipart/form-data; boundary=", "----"),
        ("multipart/form-data; boundary=\"\r\n\"", "--\r\n--"),
        (TYPE, "--x\r\n--x--"),
        (TYPE, "--xy--"),
        (TYPE, " --x--"),
        (TYPE, "\n--x--"),
        (TYPE, ""),
        (
            TYPE,
            "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1",
        ),
        (TYPE, "--x\r\nno head\r\n--x--"),
        (TYPE, "--x\r\n\r\nno name\r\n--x--"),
        (
            TYPE,
            "--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--",
        ),
    ] {
        assert_eq!(
            fields(content_type, body.as_bytes()),
            None,
            "{content_type} {body}"
        );
    }
    assert_eq!(fields(TYPE, b"--x--"), Some(Vec::new()));
}

// C16, H12, N85: text that resembles a delimiter, but not at the start of a line, belongs to the value.
#[test]
fn h12_c16_only_a_line_of_its_own_is_a_boundary() {
    let value = "a--x\r\n -\r\n --x\r\n\n--x\r\r--x--\r\n-x\r\n- -x\r\nb";
    let body =
        format!("--x \t\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{value}\r\n--x--");
    let content_type = "multipart/form-data; charset; boundary=x";
    assert_eq!(
        fields(content_type, body.as_bytes()).unwrap(),
        pairs(&[("a", value)])
    );
}

// C16, H12: other readers end the part there, or not. Nobody gets to choose.
#[test]
fn h12_c16_lines_that_two_readers_would_split_differently_are_refused() {
    let head = "Content-Disposition: form-data; name=\"a\"\r\n\r\n";
    for body in [
        format!("--x\r\n{head}1\r\n--xy\r\n2\r\n--x--"),
        format!("--x\r\n{head}1\r\n--x y\r\n2\r\n--x--"),
        format!("--x\r\n{head}1\r\n--x-\r\n2\r\n--x--"),
        format!("--x\r\n{head}1\r\n--x\n2\r\n--x--"),
        // The empty line before the value is the line end of the next delimiter.
        format!("--x\r\n{head}--x\r\n{head}2\r\n--x--"),
        format!("--x\r\n{head}--x--\r\n--x--"),
        format!("--x\r\nA: b\r\n--x\r\n{head}2\r\n--x--"),
    ] {
        assert_eq!(fields(TYPE, body.as_bytes()), None, "{body}");
    }
    let colon = format!("--a:b\r\nA: b\r\n--a:b\r\n{head}2\r\n--a:b--");
    let content_type = "multipart/form-data; boundary=\"a:b\"";
    assert_eq!(fields(content_type, colon.as_bytes()), None);
}

// C16: the name is a parameter of its own, whatever stands within the quotes of others.
#[test]
fn c16_the_name_is_read_as_a_parameter() {
    for (parameters, name) in [
        ("name=a", Some("a")),
        ("NAME=\"a\"", Some("a")),
        ("name = a ; filename=b", Some("a")),
        ("filename=\"x; name=b\"; name=\"a\"", Some("a")),
        ("filename=\"\\\"; name=b\"; name=\"a\"", Some("a")),
        ("name=\"a; filename=b\"", Some("a; filename=b")),
        ("name=\"\\\\\"", Some("\\")),
        ("name=\"\"", Some("")),
        ("name=\"цена[ru]\"", Some("цена[ru]")),
        ("filename=name", None),
        ("surname=a", None),
        ("name=\"a", None),
    ] {
        let head = format!("Content-Disposition: form-data; {parameters}");
        let body = format!("--x\r\n{head}\r\n\r\n1\r\n--x--");
        let expected = name.map(|name| pairs(&[(name, "1")]));
        assert_eq!(fields(TYPE, body.as_bytes()), expected, "{parameters}");
    }
}

// C16: text in any charset is replaced, in names and values, not refused.
#[test]
fn c16_text_that_is_not_utf8_is_replaced() {
    let body = b"--x\r\nContent-Disposition: form-data; name=\"\xf6\"\r\n\
                 Content-Type: text/plain; charset=windows-1251\r\n\r\n\xcf\xeb1\r\n--x--";
    let expected = pairs(&[("\u{fffd}", "\u{fffd}\u{fffd}1")]);
    assert_eq!(fields(TYPE, body), Some(expected));
}

fn written(boundary: &str, fields: &[(String, String)]) -> String {
    let mut body = String::new();
    for (name, value) in fields {
        let name = name.replace('\\', "\\\\").replace('"', "\\\"");
        let head = format!("Content-Disposition: form-data; name=\"{name}\"");
        body += &format!("--{boundary}\r\n{head}\r\n\r\n{value}\r\n");
    }
    body + &format!("--{boundary}--\r\n")
}

fn boundaries() -> impl Strategy<Value = String> {
    const SPELLINGS: &[&str] = &["x", "--", "-", "a:b", "x y", "ab", "'()+_,./=?"];
    prop_oneof![
        proptest::sample::select(SPELLINGS).prop_map(str::to_owned),
        "[0-9A-Za-z'()+_,./:=?-]{1,70}",
    ]
}

proptest! {
    // C16: what a writer of RFC 7578 wrote is read, and nothing of it once its end is missing.
    #[test]
    fn c16_what_was_written_is_read_and_cut_short_refused(
        boundary in boundaries(),
        sent in proptest::collection::vec(("[^\\x00-\\x1f\\x7f]{0,8}", "(\r\n|-|--x|[^\\x00]){0,12}"), 0..4),
        cut in 0.0..1.0f64,
    ) {
        let delimiter = format!("--{boundary}");
        let is_free = |(_, value): &(String, String)| {
            !value.split("\r\n").any(|line| line.starts_with(&delimiter))
        };
        prop_assume!(sent.iter().all(is_free));
        let body = written(&boundary, &sent);
        let content_type = format!("multipart/form-data; boundary=\"{boundary}\"");
        prop_assert_eq!(fields(&content_type, body.as_bytes()), Some(sent));
        let end = body.len() - "--\r\n".len();
        let cut = &body.as_bytes()[..(end as f64 * cut) as usize];
        prop_assert_eq!(fields(&content_type, cut), None);
    }

    #[test]
    fn c16_any_bytes_have_an_end(
        boundary in boundaries(),
        pieces in proptest::collection::vec("(\r\n|--|[a-z:;=\"\\\\]|Content-Disposition: form-data; name=a\r\n\r\n){0,4}", 0..9),
    ) {
        let body = pieces.join(&format!("--{boundary}"));
        let content_type = format!("multipart/form-data; boundary=\"{boundary}\"");
        for (_, value) in fields(&content_type, body.as_bytes()).unwrap_or_default() {
            let delimiter = format!("--{boundary}");
            prop_assert!(!value.split("\r\n").any(|line| line.starts_with(&delimiter)));
        }
    }
}

/// The body is one part whose value nearly matches the boundary everywhere.
fn hostile(boundary: &str, filling: &str, size: usize) -> String {
    let filling = filling.repeat((size / filling.len()).max(1));
    let head = "Content-Disposition: form-data; name=\"a\"";
    format!("--{boundary}\r\n{head}\r\n\r\n.{filling}.\r\n--{boundary}--")
}

/// Reads the body, and checks that what was allocated for it is of its length.
fn read_within_its_length(boundary: &str, body: &str) -> Vec<(String, String)> {
    let mut read = None;
    let taken = measure(|| read = multipart(boundary, body.as_bytes()));
    // Copies of the body, of the boundary and of the values, and what grows by doubling.
    let most = 8 * body.len() as u64 + (1 << 14);
    assert!(taken.bytes_total <= most, "{taken:?} for {}", body.len());
    read.unwrap()
}

// H12: bodies that nearly match the boundary everywhere are read without more memory than their length asks for. The
// bench `multipart` counts their instructions.
#[test]
fn h12_c16_reading_takes_memory_of_the_length_of_the_body_whatever_the_boundary() {
    type Boundary = fn(usize) -> String;
    let boundaries: [Boundary; 5] = [
        |_| "-".repeat(8),
        |_| "-".repeat(70),
        |_| "ab".repeat(35),
        |size| "-".repeat(size / 2),
        |size| "ab".repeat(size / 4),
    ];
    let fillings: [fn(&str) -> String; 7] = [
        |near| format!("\r\n--{near}"),
        |near| format!("\r\n--{near}!"),
        |near| format!("--{near}"),
        |_| "\r\n--".into(),
        |_| "\r\n".into(),
        |_| "-".into(),
        |near| near.into(),
    ];
    for boundary in boundaries {
        for filling in fillings {
            for size in [1 << 10, 1 << 14, 1 << 18] {
                let boundary = boundary(size);
                let filling = filling(&boundary[..boundary.len() - 1]);
                let body = hostile(&boundary, &filling, size);
                assert_eq!(read_within_its_length(&boundary, &body).len(), 1);
            }
        }
    }
}

// H12: many parts do not cost more than their bytes either.
#[test]
fn h12_c16_many_parts_take_memory_of_the_length_of_the_body() {
    for size in [1 << 12, 1 << 16, 1 << 20] {
        let part = ("a".to_owned(), String::new());
        let body = written("x", &vec![part; size / 64]);
        assert_eq!(read_within_its_length("x", &body).len(), size / 64);
    }
}
