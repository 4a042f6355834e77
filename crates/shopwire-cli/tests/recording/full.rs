//! A disk that is full while a recording is made.

#[cfg(unix)]
#[test]
fn s7_a_full_disk_loses_exchanges_and_says_so_and_the_rest_stays_readable() {
    use std::{fs, process::Command};

    use crate::{
        account::{play, recording},
        http::{Fixed, get},
        support::{SandboxProcess, command},
    };

    let account = Fixed::start(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 16\r\nConnection: close\r\n\r\n{\"success\":true}",
    );
    let file = recording("full");
    let path = file.to_str().expect("UTF-8");
    let recorder = command(&["sandbox", "--json", "--quiet"]);
    // Files may grow to eight blocks. The signal is left out, as on a disk that is full.
    let limited = "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"";
    let mut shell = Command::new("sh");
    shell.args(["-c", limited]).arg(recorder.get_program());
    shell.args(recorder.get_args());
    shell.args(["--record", path, "--retailcrm-url", &account.url]);
    for (name, value) in recorder.get_envs().filter(|(_, value)| value.is_none()) {
        assert_eq!(value, None);
        shell.env_remove(name);
    }
    let recorder = SandboxProcess::start_by(&mut shell);
    let url = recorder.setting("retailcrm", "url").to_owned();
    for _ in 0..60 {
        assert_eq!(get(&url, "/api/v5/orders").status(), 200);
    }
    let text = fs::read_to_string(&file).expect("a recording");
    let lines = text.lines().count();
    assert!(text.ends_with('\n') && (2..60).contains(&lines), "{text}");
    assert_eq!(recorder.terminate(), Some(1));

    let player = play(&file);
    let played = get(player.setting("retailcrm", "url"), "/api/v5/orders");
    assert_eq!(played.text(), r#"{"success":true}"#);
    // With room on the disk it goes on.
    let recorder = SandboxProcess::start(&["--record", path, "--retailcrm-url", &account.url]);
    get(recorder.setting("retailcrm", "url"), "/api/v5/orders");
    assert_eq!(recorder.terminate(), Some(0));
    let text = fs::read_to_string(&file).expect("a recording");
    assert_eq!(text.lines().count(), lines + 1);
    drop(play(&file));
}
