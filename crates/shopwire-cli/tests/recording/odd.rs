//! Services with odd habits, and recordings that somebody else has written.

use std::{fs, process::Stdio};

use common_model::Value as Json;

use crate::{
    account::{play, recording},
    compare::compare,
    http::{Fixed, get, host, send},
    play::line,
    support::{SandboxProcess, command},
};

// `Content-Encoding: utf-8` is a common mistake in PHP. Clients that ignore it read the answer.
#[test]
fn s7_an_answer_that_cannot_be_expanded_passes_and_is_recorded_as_none() {
    for (name, coding, body) in [
        ("utf8", "utf-8", r#"{"success":true,"token":"S3CRETkey77"}"#),
        ("fake", "gzip", r#"{"success":true,"token":"S3CRETkey77"}"#),
        ("br", "br", "S3CRETkey77"),
    ] {
        let answer = format!(
            "HTTP/1.1 201 Made\r\nContent-Type: application/json\r\nContent-Encoding: {coding}\r\nContent-Length: \
             {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        let account = Fixed::start(answer.into_bytes().leak());
        let file = recording(&format!("coding-{name}"));
        let path = file.to_str().expect("UTF-8");
        let recorder = SandboxProcess::start(&["--record", path, "--retailcrm-url", &account.url]);
        let url = recorder.setting("retailcrm", "url");
        let create = |url: &str| {
            let request = format!(
                "POST /api/v5/orders/create HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\n\r\n",
                host(url)
            );
            send(url, request)
        };
        let came = create(url);
        assert_eq!((came.status(), came.text()), (201, body), "{coding}");
        assert_eq!(came.header("content-encoding"), Some(coding));
        let text = fs::read_to_string(&file).expect("a recording");
        assert!(!text.contains("S3CRET"), "{text}");
        // The order may be there: a player that denies it makes its client create a second one.
        let player = play(&file);
        let played = create(player.setting("retailcrm", "url"));
        assert_eq!(played.status(), 502);
        assert!(
            played.text().contains("may have processed"),
            "{}",
            played.text()
        );
    }
}

#[test]
fn s7_a_foreign_recording_steers_no_terminal_and_breaks_no_connection() {
    let file = recording("hostile");
    let odd = "retailcrm.\\u001b[31mred\\u0007";
    let answer = r#"{"success":true,"\u001b[2Jname":1,"a\nb":2}"#;
    let text = line(odd, "/api/v5/orders", 200, answer) + &line(odd, "/early", 103, "");
    fs::write(&file, text).expect("written");
    let path = file.to_str().expect("UTF-8");

    let mut played = command(&["sandbox", "--json", "--play", path])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut said = std::io::BufReader::new(played.stdout.take().expect("a pipe"));
    let mut announced = String::new();
    std::io::BufRead::read_line(&mut said, &mut announced).expect("a line");
    let announced: Json = common_model::from_json(&announced).expect("JSON");
    let url = announced.pointer("/retailcrm/url").and_then(Json::as_str);
    let url = url.expect("an address");
    assert_eq!(get(url, "/api/v5/orders").status(), 200);
    let early = get(url, "/early");
    assert_eq!(early.status(), 502, "no answer begins with 103");
    assert!(early.text().contains("103"), "{}", early.text());
    played.kill().expect("it ran");
    let told = played.wait_with_output().expect("it ended").stderr;
    assert!(
        !told.is_empty() && !told.contains(&0x1b) && !told.contains(&7),
        "{told:?}"
    );

    let report = compare(&file, &[]);
    assert!(report.stdout.contains("name: number"), "{}", report.stdout);
    assert!(!report.stdout.contains('\u{1b}'), "{}", report.stdout);
    assert!(report.stdout.contains("a b: number"), "{}", report.stdout);
}
