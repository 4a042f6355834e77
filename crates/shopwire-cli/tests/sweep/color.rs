//! `--color` and NO_COLOR. Standard output and standard error are pipes here, so `auto` gives no colours.

use crate::{
    leaves,
    support::{Run, command, run},
};

const ESCAPE: char = '\u{1b}';

fn ran(args: &[&str], color: &[&str], environment: &[(&str, &str)]) -> Run {
    let mut command = command(args);
    command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    run(command.args(color).envs(environment.iter().copied()), "")
}

// J8
#[test]
fn j8_color_holds_for_help_errors_and_output() {
    const FORCED: [(&str, &str); 1] = [("CLICOLOR_FORCE", "1")];
    const BOTH: [(&str, &str); 2] = [("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")];
    let unset = [
        ("RETAILCRM_URL", "http://127.0.0.1:1"),
        ("RETAILCRM_API_KEY", "k"),
    ];
    for (name, args, is_stdout) in [
        ("help", &["call", "--help"][..], true),
        ("wrong usage", &["export"], false),
        ("wrong usage of our own", &["har"], false),
        ("an error", &["export", "retailcrm", "orders"], false),
        ("output", &["config", "check", "retailcrm"], true),
    ] {
        let has = |color: &[&str], environment: &[(&str, &str)]| {
            let environment = [environment, &unset].concat();
            let ran = ran(args, color, &environment);
            match is_stdout {
                true => ran.stdout.contains(ESCAPE),
                false => ran.stderr.contains(ESCAPE),
            }
        };
        assert!(!has(&[], &[]), "{name}: a pipe");
        assert!(has(&["--color", "always"], &[]), "{name}: always");
        assert!(has(&["--color=always"], &BOTH), "{name}: always, NO_COLOR");
        assert!(!has(&["--color=never"], &FORCED), "{name}: never");
        assert!(!has(&["--color=auto"], &[]), "{name}: auto");
        assert!(has(&[], &FORCED), "{name}: forced");
    }
    let wrong = ran(&["demo", "--color", "purple"], &[], &[]);
    assert!(
        wrong.code == 2
            && wrong
                .stderr
                .contains("[possible values: auto, always, never]"),
        "{wrong:?}"
    );
}

// J8
#[test]
fn j8_json_has_no_colours_even_if_they_are_forced() {
    for args in [
        &["config", "show", "--json"][..],
        &["config", "check", "--json"],
        &["config", "keys", "--json"],
        &["catalog", "rules", "--json"],
        &["export", "retailcrm", "orders", "--json"],
        &["call", "retailcrm", "orders.list"],
        &["history", "retailcrm", "orders", "5", "--json"],
    ] {
        let ran = ran(args, &["--color", "always"], &[]);
        let last = ran.stderr.lines().last().unwrap_or_default();
        assert!(
            !ran.stdout.contains(ESCAPE) && !last.contains(ESCAPE),
            "{ran:?}"
        );
    }
}

// J8: on a terminal, auto gives colours, and NO_COLOR takes them away. `script` makes a terminal.
#[cfg(target_os = "linux")]
#[test]
fn j8_on_a_terminal_colours_are_as_no_color_says() {
    let has_script = std::process::Command::new("script")
        .args(["-qec", "true", "/dev/null"])
        .output()
        .is_ok_and(|output| output.status.success());
    if !has_script {
        return;
    }
    let line = format!("{} call --help", env!("CARGO_BIN_EXE_shopwire"));
    for (no_color, term, expected) in [
        (None, "xterm", true),
        (Some("1"), "xterm", false),
        // An empty variable counts as absent.
        (Some(""), "xterm", true),
        (None, "dumb", false),
    ] {
        let mut script = std::process::Command::new("script");
        script
            .args(["-qec", &line, "/dev/null"])
            .env_remove("CLICOLOR_FORCE")
            // It stands for a terminal with colours.
            .env_remove("CI")
            .env_remove("NO_COLOR")
            .env("TERM", term)
            .envs(no_color.map(|value| ("NO_COLOR", value)));
        let ran = run(&mut script, "");
        assert_eq!(
            ran.stdout.contains(ESCAPE),
            expected,
            "{no_color:?} {term}: {ran:?}"
        );
    }
    assert!(leaves().contains(&"call".to_owned()));
}
