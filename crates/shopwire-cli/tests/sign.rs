//! `shopwire sign` as scripts use it.

mod support;

use support::{command, run, text};

const PRODUCTS: &str = "/marketplaces/v1/products/";

// N13, N16, N17, N20, N21, N22, N25
#[test]
fn n22_batch_signs_each_line_in_its_mode() {
    let lines = r#"{"secret":"s","path":"/p/","method":"POST","mode":"php","pairs":[["title","Товар *~"],["id",1],["ok",true],["x",null],["n",10.0]]}
{"secret":"s","path":"/p/","method":"POST","mode":"python","pairs":[["title","Товар *~"],["id",1],["ok",true],["x",null],["n",10.0]]}
{"secret":"s","path":"/p/","method":"POST","mode":"prose","body":"title=%D0%A2&id=1"}
{"secret":"s","path":"/p/","method":"PUT","mode":"json","body":"{\"b\": 1,\"a\":2}"}
{"secret":"s","path":"/p/","method":"GET","mode":"json","body":""}
"#;
    let run = run(&mut command(&["sign", "--batch"]), lines);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let expected = [
        "id=1&n=10&ok=1&title=%D0%A2%D0%BE%D0%B2%D0%B0%D1%80+%2A%7E",
        "id=1&n=10.0&ok=True&title=Товар *~&x=None",
        "id=1&title=%D0%A2",
        r#"{"b": 1,"a":2}"#,
        "",
    ];
    let answers: Vec<_> = run
        .stdout
        .lines()
        .map(|line| line.parse().expect("JSON"))
        .collect();
    assert_eq!(answers.len(), expected.len());
    for (answer, canonical) in answers.iter().zip(expected) {
        assert_eq!(text(answer, "canonical"), canonical);
    }
    // SHA-256 of `s/p/GET`.
    let get = "f70a9ddcedd767b9bbef2cb79f6e95ec2c034f4d2bf5fd76b0f3be732caeef1f";
    assert_eq!(text(&answers[4], "signature"), get);
}

// N24: the text is the same, and no reader's line ends inside of it.
#[test]
fn n24_batch_answers_stay_whole_for_readers_that_split_at_any_line_separator() {
    let ends = "a\u{85}b\u{2028}c\u{2029}d\u{7f}e";
    let of = |mode: &str| {
        format!(
            "{{\"secret\":\"s\",\"path\":\"/p/\",\"method\":\"POST\",\"mode\":\"{mode}\",\"pairs\":[[\"t\",\"{ends}\"]]}}\n"
        )
    };
    let run = run(
        &mut command(&["sign", "--batch"]),
        &(of("python") + &of(ends)),
    );
    let unicode_lines: Vec<&str> = run
        .stdout
        .trim_end()
        .split([
            '\n', '\r', '\u{85}', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}',
        ])
        .collect();
    assert_eq!(unicode_lines.len(), 2, "{run:?}");
    let answer = unicode_lines[0].parse().expect("JSON");
    assert_eq!(text(&answer, "canonical"), format!("t={ends}"));
    assert!(!run.stdout.contains('\u{7f}'));
}

// N26, X7
#[test]
fn n26_a_bad_line_gets_its_error_and_the_next_one_its_signature() {
    let lines = "no json\n\
        {\"secret\":\"hidden-value\",\"path\":\"/\",\"method\":\"GET\",\"mode\":\"perl\",\"body\":\"\"}\n\
        {\"secret\":\"hidden-value\",\"path\":\"/\",\"method\":\"GET\",\"mode\":\"php\",\"pairs\":[[1,2]]}\n\
        {\"secret\":\"hidden-value\",\"path\":\"/\",\"method\":\"GET\",\"mode\":\"php\",\"pairs\":[]}\n";
    let run = run(&mut command(&["sign", "--batch"]), lines);
    assert_eq!(run.code, 0);
    let answers: Vec<_> = run
        .stdout
        .lines()
        .map(|line| line.parse().expect("JSON"))
        .collect();
    let errors: Vec<bool> = answers
        .iter()
        .map(|answer| !text(answer, "error").is_empty())
        .collect();
    assert_eq!(errors, [true, true, true, false], "{run:?}");
    assert!(!run.stdout.contains("hidden-value"), "{run:?}");
}

// N15, N17, X7
#[test]
fn x7_the_explanation_takes_the_secret_from_the_environment_and_hides_it() {
    let args = [
        "sign",
        "--method",
        "post",
        "--path",
        PRODUCTS,
        "--field",
        "title=Товар",
        "--field",
        "id=1",
    ];
    let without = run(&mut command(&args), "");
    assert_eq!(without.code, 1);
    assert!(
        without.stderr.contains("NICECHAT_API_SECRET: it is not set; put it into the environment, or `api_secret` into the table [nicechat]"),
        "{without:?}"
    );

    let explained = run(
        command(&args).env("NICECHAT_API_SECRET", "hidden-value"),
        "",
    );
    assert_eq!(explained.code, 0, "{explained:?}");
    for part in [
        "sorted      id, title",
        "id=1&title=%D0%A2%D0%BE%D0%B2%D0%B0%D1%80",
        "POST",
    ] {
        assert!(explained.stdout.contains(part), "{explained:?}");
    }
    assert!(!format!("{explained:?}").contains("hidden-value"));
}

// N13, N15
#[test]
fn n15_verify_says_right_or_which_mistake_it_was() {
    // SHA-256 of `s/p/GET` and of `s/p/get`.
    let right = "f70a9ddcedd767b9bbef2cb79f6e95ec2c034f4d2bf5fd76b0f3be732caeef1f";
    let lower = "3ae0df4db27a389fc65d8d7af47583661c8ac116497258f8b05fb2ccfe7fd547";
    let verify = |hex: &str| {
        let args = ["sign", "--method", "GET", "--path", "/p/", "--verify", hex];
        run(command(&args).env("NICECHAT_API_SECRET", "s"), "")
    };
    assert_eq!(verify(right).stdout, "the signature is right\n");
    let upper = verify(&right.to_uppercase());
    assert_eq!(upper.code, 1);
    assert!(upper.stderr.contains("upper case"), "{upper:?}");
    let mistaken = verify(lower);
    assert_eq!(mistaken.code, 1);
    assert!(
        mistaken.stderr.contains("the method in lower case"),
        "{mistaken:?}"
    );
    let unknown = verify(&"ab".repeat(32));
    assert!(
        unknown.code == 1 && unknown.stderr.contains("no common mistake"),
        "{unknown:?}"
    );
    assert_eq!(verify("abc").code, 2);
}

// F9
#[test]
fn f9_bodies_fields_and_batches_may_have_a_mark_and_crlf() {
    let lines = "\u{feff}{\"secret\":\"s\",\"path\":\"/p/\",\"method\":\"GET\",\"mode\":\"json\",\"body\":\"\"}\r\n\
        {\"secret\":\"s\",\"path\":\"/p/\",\"method\":\"GET\",\"mode\":\"php\",\"body\":\"\"}\r\n";
    let batch = run(&mut command(&["sign", "--batch"]), lines);
    let get = "f70a9ddcedd767b9bbef2cb79f6e95ec2c034f4d2bf5fd76b0f3be732caeef1f";
    assert_eq!(batch.stdout.matches(get).count(), 2, "{batch:?}");

    let right = |args: &[&str], stdin: &str| {
        let mut sign = command(&["sign", "--method", "POST", "--path", "/p/"]);
        run(sign.args(args).env("NICECHAT_API_SECRET", "s"), stdin)
    };
    let signature = |run: &support::Run| {
        let line = run
            .stdout
            .lines()
            .find(|line| line.starts_with("signature"));
        line.unwrap_or_else(|| panic!("{run:?}")).to_owned()
    };
    for (source, text, mode) in [
        ("--body", "{\"a\":\r\n1}", "json"),
        ("--body", "b=1&a=2\r\n", "php"),
        ("--fields", "{\"b\":1,\r\n\"a\":\"2\"}", "php"),
    ] {
        let args = [source, "-", "--mode", mode];
        let (plain, marked) = (right(&args, text), right(&args, &format!("\u{feff}{text}")));
        assert_eq!(plain.code, 0, "{plain:?}");
        assert_eq!(signature(&plain), signature(&marked));
    }
}

// F9
#[test]
fn f9_other_encodings_are_named_and_not_shown() {
    let wide: Vec<u8> = "{\"a\":\"hidden\"}"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let narrow = b"{\"a\":\"hidden \xD2\xEE\xE2\xE0\xF0\"}".to_vec();
    for (bytes, name) in [(&wide, "UTF-16 LE"), (&narrow, "windows-1251")] {
        for source in ["--body", "--fields"] {
            let mut sign = command(&["sign", "--method", "POST", "--path", "/p/", source, "-"]);
            let refused = run(sign.env("NICECHAT_API_SECRET", "s"), bytes);
            assert!(
                refused.code == 1 && refused.stderr.contains(name),
                "{refused:?}"
            );
            assert!(!refused.stderr.contains("hidden"), "{refused:?}");
        }
        let batch = run(&mut command(&["sign", "--batch"]), bytes);
        let said = format!("{}{}", batch.stdout, batch.stderr);
        assert!(said.contains(name) && !said.contains("hidden"), "{batch:?}");
    }
    // A bad line stops nothing.
    let good =
        b"{\"secret\":\"s\",\"path\":\"/p/\",\"method\":\"GET\",\"mode\":\"json\",\"body\":\"\"}\n";
    let batch = run(
        &mut command(&["sign", "--batch"]),
        [&narrow[..], b"\n", good].concat(),
    );
    let lines: Vec<&str> = batch.stdout.lines().collect();
    assert!(
        lines.len() == 2 && lines[0].contains("not UTF-8: byte 13"),
        "{batch:?}"
    );
    assert!(lines[1].contains("signature"), "{batch:?}");
}
