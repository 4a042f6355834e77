//! Completions and man pages, made from the same description of the command line as the help.

use std::{
    fs,
    process::{Command, Stdio},
};

use crate::{
    leaves,
    support::{command, run, scratch},
};

// J8
#[test]
fn j8_each_shell_has_completions() {
    for (shell, part) in [
        ("bash", "complete -F _shopwire"),
        ("zsh", "#compdef shopwire"),
        ("fish", "complete -c shopwire"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "edit:completion:arg-completer[shopwire]"),
    ] {
        let script = run(&mut command(&["completions", shell]), "");
        assert_eq!((script.code, script.stderr.as_str()), (0, ""), "{shell}");
        assert!(script.stdout.contains(part), "{shell}");
        for word in ["retailcrm-url", "skip-bad", "purge"] {
            assert!(script.stdout.contains(word), "{shell}: {word}");
        }
    }
    let unknown = run(&mut command(&["completions", "tcsh"]), "");
    assert_eq!(unknown.code, 2);
}

// J8: as a user's bash asks for them.
#[cfg(unix)]
#[test]
fn j8_bash_completes_commands_options_and_values() {
    let has_bash = Command::new("bash")
        .args(["-c", "type complete compgen"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !has_bash {
        return;
    }
    let script = run(&mut command(&["completions", "bash"]), "").stdout;
    let path = scratch().join("completions.bash");
    fs::write(&path, script).expect("written");
    let complete = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        let script = format!(
            "source '{}'; COMP_WORDS=({}); COMP_CWORD={}; _shopwire shopwire '{}' '{}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            path.display(),
            quoted.join(" "),
            words.len() - 1,
            words.last().expect("a word"),
            words.iter().rev().nth(1).expect("a word"),
        );
        let ran = run(Command::new("bash").args(["--norc", "-c", &script]), "");
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{line}");
        ran.stdout.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    for (line, expected) in [
        ("shopwire his", &["history"][..]),
        ("shopwire inbox pu", &["purge"]),
        ("shopwire config che", &["check"]),
        ("shopwire catalog convert --skip", &["--skip-bad"]),
        ("shopwire history retailcrm corp", &["corporate-customers"]),
        ("shopwire export --color ne", &["never"]),
        ("shopwire call --prof", &["--profile"]),
    ] {
        assert_eq!(complete(line), expected, "{line}");
    }
    let services = complete("shopwire call ");
    for service in ["nicechat", "uvygoda", "retailcrm"] {
        assert!(services.iter().any(|word| word == service), "{services:?}");
    }
}

// J8
#[test]
fn j8_each_command_has_a_man_page() {
    let folder = scratch().join("man").join("man1");
    let _ = fs::remove_dir_all(&folder);
    let mut man = command(&["man", "--output"]);
    let written = run(man.arg(&folder), "");
    assert_eq!(
        (
            written.code,
            written.stdout.as_str(),
            written.stderr.as_str()
        ),
        (0, "", "")
    );
    for words in leaves()
        .iter()
        .map(String::as_str)
        .chain(["", "inbox", "catalog", "config"])
    {
        let name = format!("shopwire {words}").trim().replace(' ', "-");
        let page = fs::read_to_string(folder.join(format!("{name}.1")));
        let page = page.unwrap_or_else(|error| panic!("{name}: {error}"));
        for part in [
            ".TH ",
            ".SH NAME\n",
            ".SH SYNOPSIS\n",
            ".SH OPTIONS\n",
            "\\-\\-color",
        ] {
            assert!(page.contains(part), "{name}: {part}\n{page}");
        }
        let is_leaf = !words.is_empty() && leaves_have_codes(words);
        assert!(
            !is_leaf || page.contains(".SH \"EXIT STATUS\"\n.TP\n\\fB0\\fR\n"),
            "{name}:\n{page}"
        );
        // No line begins with a request of roff that we have not written.
        let macros = [
            "SH", "TH", "TP", "PP", "RS", "RE", "br", "ie", "el", "nf", "fi", "IP", "TQ",
        ];
        for line in page.lines().filter(|line| line.starts_with('.')) {
            let name = line[1..].split(' ').next().unwrap_or_default();
            assert!(macros.contains(&name), "{line}");
        }
        let mut args = vec!["man"];
        args.extend(words.split_whitespace());
        assert_eq!(run(&mut command(&args), "").stdout, page, "{name}");
    }
    assert!(!folder.join("shopwire-help.1").exists());
    let unknown = run(&mut command(&["man", "inbx"]), "");
    assert!(
        unknown.code == 2 && unknown.stderr.contains("did you mean `inbox`?"),
        "{unknown:?}"
    );
    formatted(&folder);
}

fn leaves_have_codes(words: &str) -> bool {
    !["inbox", "catalog", "config"].contains(&words)
}

/// The pages by a formatter, if there is one: it must have no complaint.
fn formatted(folder: &std::path::Path) {
    let is_there = |name: &str| {
        let tried = Command::new("sh")
            .args(["-c", &format!("command -v {name}")])
            .output();
        tried.is_ok_and(|output| output.status.success())
    };
    for entry in fs::read_dir(folder).expect("the pages") {
        let path = entry.expect("a page").path();
        if is_there("mandoc") {
            let ran = run(
                Command::new("mandoc")
                    .args(["-T", "lint", "-W", "error"])
                    .arg(&path),
                "",
            );
            assert_eq!(ran.code, 0, "{path:?}: {ran:?}");
        }
        if is_there("man") && is_there("groff") {
            let ran = run(
                Command::new("man")
                    .arg("-l")
                    .arg(&path)
                    .env("MANPAGER", "cat"),
                "",
            );
            // A long word without a place to break it is no mistake of the page.
            let mut said = ran.stderr.lines();
            let is_fine = said.all(|line| line.contains("cannot adjust line"));
            assert!(ran.code == 0 && is_fine, "{path:?}: {ran:?}");
        }
    }
}
