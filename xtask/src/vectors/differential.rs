//! Random payloads through our canonicaliser and through the interpreters.

use nicechat_sign::{Credentials, Dialect, Signer, canonical};

use super::json;
use super::oracle::{Case, Payload, Verdict, ask};
use super::random::Random;

/// Cases put to an interpreter at once.
const BATCH: u64 = 10_000;
/// Differences shown in full.
const SHOWN: usize = 10;

/// Runs `count` payloads for each dialect and fails on the first dialect that differs.
pub(super) fn run(count: u64, seed: u64) -> Result<(), String> {
    for dialect in Dialect::ALL {
        let mut random = Random::new(seed);
        let mut differences = Vec::new();
        let mut left = count;
        while left > 0 {
            let batch = left.min(BATCH);
            left -= batch;
            let cases: Vec<Case> = (0..batch).map(|_| case(&mut random, dialect)).collect();
            let verdicts = ask(dialect, &cases)?;
            differences.extend(
                cases
                    .iter()
                    .zip(&verdicts)
                    .filter_map(|(it, said)| difference(dialect, it, said)),
            );
        }
        println!(
            "{dialect}: {count} payloads, {} differences",
            differences.len()
        );
        if !differences.is_empty() {
            differences.truncate(SHOWN);
            return Err(differences.join("\n"));
        }
    }
    Ok(())
}

fn case(random: &mut Random, dialect: Dialect) -> Case {
    let form = match dialect {
        Dialect::Prose => random.flat_form(),
        _ => random.form(),
    };
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
        payload: Payload::Form(form),
    }
}

fn difference(dialect: Dialect, case: &Case, said: &Verdict) -> Option<String> {
    let ours = ours(dialect, case);
    if ours.as_ref() == Ok(said) {
        return None;
    }
    let Payload::Form(form) = &case.payload else {
        return None;
    };
    let pairs = json::pairs(form.iter(), json::value);
    Some(format!("{pairs}\n  said {said:?}\n  ours {ours:?}"))
}

/// Our verdict.
pub(super) fn ours(dialect: Dialect, case: &Case) -> Result<Verdict, String> {
    let canonical = match &case.payload {
        Payload::Form(form) => canonical(dialect, form).map_err(|error| error.to_string())?,
        Payload::Body(body) => body.clone(),
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
