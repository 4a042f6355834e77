//! A recording survives the end of its recorder.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use common_model::Value as Json;

use crate::{
    account::{play, record, recording},
    http::{get, host},
    support::{SandboxProcess, command, run},
};

/// Answers before the recorder is killed.
const ANSWERS: usize = 200;

// `SandboxProcess` is ended by SIGKILL when it is dropped.
#[test]
fn s7_a_killed_recorder_leaves_every_answered_exchange_in_a_readable_file() {
    let account = SandboxProcess::start(&["--no-rate-limit"]);
    let file = recording("killed");
    let recorder = record(&account, &file);
    let url = recorder.setting("retailcrm", "url").to_owned();
    let key = account.setting("retailcrm", "api_key").to_owned();
    let answered = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = (0..4)
        .map(|_| {
            let (url, key, answered) = (url.clone(), key.clone(), Arc::clone(&answered));
            std::thread::spawn(move || ask_until_killed(&url, &key, &answered))
        })
        .collect();
    while answered.load(SeqCst) < ANSWERS {
        std::thread::yield_now();
    }
    drop(recorder);
    for client in clients {
        client.join().expect("it ends with the recorder");
    }
    let answered = answered.load(SeqCst);

    let path = file.to_str().expect("UTF-8");
    let har = run(&mut command(&["har", path]), "");
    let har = har.json();
    let entries = har
        .pointer("/log/entries")
        .and_then(Json::as_array)
        .expect("entries");
    assert!(entries.len() >= answered, "{} of {answered}", entries.len());
    let player = play(&file);
    let played = get(
        player.setting("retailcrm", "url"),
        "/api/v5/reference/countries",
    );
    assert_eq!(played.status(), 200);
    // A torn line is removed when the recording goes on.
    let torn = fs::read(&file).expect("a recording");
    fs::write(
        &file,
        [&torn[..], b"{\"operation\":\"retailcrm.ord"].concat(),
    )
    .expect("written");
    let recorder = record(&account, &file);
    get(
        recorder.setting("retailcrm", "url"),
        "/api/v5/reference/countries",
    );
    let har = run(&mut command(&["har", path]), "").json();
    let more = har
        .pointer("/log/entries")
        .and_then(Json::as_array)
        .expect("entries");
    assert_eq!(more.len(), entries.len() + 1);
}

/// Counts whole answers until the connection fails.
fn ask_until_killed(url: &str, key: &str, answered: &AtomicUsize) {
    let request = format!(
        "GET /api/v5/reference/countries HTTP/1.1\r\nHost: {}\r\nX-API-KEY: {key}\r\nConnection: close\r\n\r\n",
        host(url)
    );
    while let Ok(mut stream) = TcpStream::connect(host(url)) {
        let mut answer = Vec::new();
        let asked = stream.write_all(request.as_bytes());
        if asked.is_err() || stream.read_to_end(&mut answer).is_err() {
            return;
        }
        if !answer.ends_with(b"}") {
            return;
        }
        answered.fetch_add(1, SeqCst);
    }
}

#[cfg(unix)]
#[test]
fn s7_an_interrupted_recorder_finishes_and_records_what_has_begun() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let account = format!("http://{}", listener.local_addr().expect("an address"));
    let file = recording("interrupted");
    let path = file.to_str().expect("UTF-8");
    let recorder = SandboxProcess::start(&["--record", path, "--retailcrm-url", &account]);
    let url = recorder.setting("retailcrm", "url").to_owned();
    let client = std::thread::spawn({
        let url = url.clone();
        move || get(&url, "/api/v5/orders")
    });
    let (mut asked, _) = listener.accept().expect("a connection");
    let mut begun = [0; 1];
    asked.read_exact(&mut begun).expect("a request");
    let ended = std::thread::spawn(move || recorder.terminate());
    // Its port is closed when it has seen the signal.
    while TcpStream::connect(host(&url)).is_ok() {
        std::thread::yield_now();
    }
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
    asked.write_all(answer.as_bytes()).expect("sent");
    assert_eq!(client.join().expect("an answer").status(), 200);
    assert_eq!(ended.join().expect("an end"), Some(0));
    let text = fs::read_to_string(&file).expect("a recording");
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.contains("retailcrm.orders.list"), "{text}");
}
