//! The file of a recording: torn and damaged ends, other files in its place, and its mode.

use super::*;

#[tokio::test]
async fn c5_a_recording_is_continued_and_a_torn_line_is_left_out() {
    let tape = Tape::new();
    for (number, torn) in [(1, ""), (2, r#"{"operation":null,"star"#), (3, "\n{")] {
        let recorder = Recorder::open(&tape.0).unwrap();
        let live = client("key-12345", Some(&recorder), echo);
        live.execute(&CALL, post("/x", "a/b", "x")).await.unwrap();
        assert_eq!(Cassette::read(&tape.0).unwrap().len(), number);
        fs::write(&tape.0, tape.text() + torn).unwrap();
        assert_eq!(Cassette::read(&tape.0).unwrap().len(), number);
    }
    let torn = tape.text().replacen("\"request\"", "\"reques\"", 1);
    let error = torn.parse::<Cassette>().unwrap_err();
    assert_eq!(error.to_string(), "line 1 is no recorded exchange");
    // What is something else stays as it is.
    let good = tape.text().lines().next().unwrap().to_owned();
    for text in [
        "notes",
        "notes\nmore",
        "{\"a\":1}\n",
        &format!("{good}\nnotes"),
    ] {
        fs::write(&tape.0, text).unwrap();
        assert!(Recorder::open(&tape.0).is_err() && Cassette::read(&tape.0).is_err());
        assert_eq!(tape.text(), text);
    }
    // Nothing but a torn first line.
    fs::write(&tape.0, r#"{"operation":nu"#).unwrap();
    drop(Recorder::open(&tape.0).unwrap());
    assert_eq!(tape.text(), "");
}

#[tokio::test]
async fn s7_a_last_line_that_ends_within_a_letter_or_in_zero_bytes_is_left_out() {
    let tape = Tape::new();
    let recorder = Recorder::open(&tape.0).unwrap();
    let live = client("key-12345", Some(&recorder), echo);
    live.execute(&CALL, post("/x", "a/b", "x")).await.unwrap();
    let whole = tape.text().into_bytes();
    for torn in [
        &b"{\"operation\":\"a\",\"started\":\"\xd0"[..],
        b"{\"operation\":\0\0\0",
        b"\0\0\0",
    ] {
        fs::write(&tape.0, [&whole, torn].concat()).unwrap();
        assert_eq!(Cassette::read(&tape.0).unwrap().len(), 1, "{torn:?}");
        drop(Recorder::open(&tape.0).unwrap());
        assert_eq!(fs::read(&tape.0).unwrap(), whole, "{torn:?}");
    }
    // Elsewhere such bytes are damage, which is not passed over.
    fs::write(&tape.0, [&whole[..], b"\xd0\n", &whole].concat()).unwrap();
    let error = Cassette::read(&tape.0).unwrap_err();
    assert_eq!(error.to_string(), "line 2 is no recorded exchange");
}

// A device is refused by the same rule; as root, the recorder would have taken it from all other users.
#[cfg(unix)]
#[test]
fn s7_a_pipe_is_refused_and_left_as_it_is() {
    use std::os::unix::fs::PermissionsExt as _;

    let tape = Tape::new();
    let made = std::process::Command::new("mkfifo").arg(&tape.0).status();
    assert!(made.unwrap().success());
    fs::set_permissions(&tape.0, fs::Permissions::from_mode(0o644)).unwrap();
    let error = Recorder::open(&tape.0).unwrap_err();
    assert!(error.to_string().contains("regular file"), "{error}");
    let mode = fs::metadata(&tape.0).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644);
}

#[cfg(unix)]
#[test]
fn c5_the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let tape = Tape::new();
    let mode = || fs::metadata(&tape.0).unwrap().permissions().mode() & 0o777;
    drop(Recorder::open(&tape.0).unwrap());
    assert_eq!(mode(), 0o600);
    fs::set_permissions(&tape.0, fs::Permissions::from_mode(0o644)).unwrap();
    drop(Recorder::open(&tape.0).unwrap());
    assert_eq!(mode(), 0o600);
}
