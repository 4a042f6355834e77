//! Random payloads through our canonicaliser and through the interpreters.

use nicechat_sign::{Credentials, Dialect, Form, Signer, canonical};

use super::json;
use super::oracle::{Case, Payload, Verdict, ask};
use super::random::Random;

/// Cases put to an interpreter at once.
const BATCH: u64 = 10_000;
/// Differences shown in full.
const SHOWN: usize = 10;

/// Runs `count` payloads and as many texts received through each dialect, and fails on the first
/// dialect that differs.
pub(super) fn run(count: u64, seed: u64) -> Result<(), String> {
    for dialect in Dialect::ALL {
        compare(dialect, "payloads", count, seed, signed)?;
        if dialect != Dialect::Prose {
            compare(dialect, "texts received", count, seed, received)?;
        }
    }
    Ok(())
}

fn compare(
    dialect: Dialect,
    what: &str,
    count: u64,
    seed: u64,
    payload: fn(&mut Random, Dialect) -> Payload,
) -> Result<(), String> {
    let mut random = Random::new(seed);
    let mut differences = Vec::new();
    let mut left = count;
    while left > 0 {
        let batch = left.min(BATCH);
        left -= batch;
        let cases: Vec<Case> = (0..batch)
            .map(|_| case(&mut random, |random| payload(random, dialect)))
            .collect();
        let verdicts = ask(dialect, &cases)?;
        let pairs = cases.iter().zip(&verdicts);
        differences.extend(pairs.filter_map(|(it, said)| difference(dialect, it, said)));
    }
    println!(
        "{dialect}: {count} {what}, {} differences",
        differences.len()
    );
    if differences.is_empty() {
        return Ok(());
    }
    differences.truncate(SHOWN);
    Err(differences.join("\n"))
}

fn signed(random: &mut Random, dialect: Dialect) -> Payload {
    Payload::Form(match dialect {
        Dialect::Prose => random.flat_form(),
        _ => random.form(),
    })
}

/// A text that is not refused: those are left to the unit tests.
fn received(random: &mut Random, dialect: Dialect) -> Payload {
    loop {
        let text = random.received();
        if read(dialect, &text).is_ok() {
            return Payload::Received(text);
        }
    }
}

fn read(dialect: Dialect, text: &str) -> Result<Form, nicechat_sign::Error> {
    match dialect {
        Dialect::Php | Dialect::Php81 => Form::parse_urlencoded(text.as_bytes()),
        _ => Form::parse_urlencoded_flat(text.as_bytes()),
    }
}

fn case(random: &mut Random, payload: impl Fn(&mut Random) -> Payload) -> Case {
    Case {
        name: String::new(),
        secret: random
            .pick(&["JVFzW6y0UukIThD", "", "секрет", "/"])
            .to_string(),
        path: random
            .pick(&["/marketplaces/v1/products/", "/a/%D0%96/"])
            .to_string(),
        method: random
            .pick(&["POST", "PUT", "PATCH", "DELETE", "GET"])
            .to_string(),
        payload: payload(random),
    }
}

fn difference(dialect: Dialect, case: &Case, said: &Verdict) -> Option<String> {
    let ours = ours(dialect, case);
    if ours.as_ref() == Ok(said) {
        return None;
    }
    let payload = match &case.payload {
        Payload::Form(form) => json::pairs(form.iter(), json::value),
        Payload::Body(text) | Payload::Received(text) => json::string(text),
    };
    Some(format!("{payload}\n  said {said:?}\n  ours {ours:?}"))
}

/// Our verdict.
pub(super) fn ours(dialect: Dialect, case: &Case) -> Result<Verdict, String> {
    let of = |form: &Form| canonical(dialect, form).map_err(|error| error.to_string());
    let canonical = match &case.payload {
        Payload::Form(form) => of(form)?,
        Payload::Body(body) => body.clone(),
        Payload::Received(text) => of(&read(dialect, text).map_err(|error| error.to_string())?)?,
    };
    let signer = Signer::new(Credentials::new("key", case.secret.as_str()));
    let signature = signer
        .sign_body(&case.path, canonical.as_bytes(), &case.method)
        .to_string();
    Ok(Verdict {
        canonical,
        signature,
    })
}
