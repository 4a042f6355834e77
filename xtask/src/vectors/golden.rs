//! The committed vectors: each stage from the form to the signature, as the interpreters give it.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use nicechat_sign::Dialect;

use super::cases::{bodies, forms};
use super::json;
use super::oracle::{Case, Payload, Verdict, ask, is_defined};

pub(super) fn write() -> Result<(), String> {
    fs::create_dir_all(directory()).map_err(|error| error.to_string())?;
    for (path, text) in files()? {
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        println!("wrote {}", path.display());
    }
    Ok(())
}

pub(super) fn check() -> Result<(), String> {
    let stale: Vec<String> = files()?
        .into_iter()
        .filter(|(path, text)| fs::read_to_string(path).ok().as_ref() != Some(text))
        .map(|(path, _)| path.display().to_string())
        .collect();
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!(
        "stale: {}; run `cargo xtask vectors`",
        stale.join(", ")
    ))
}

fn directory() -> PathBuf {
    [
        env!("CARGO_MANIFEST_DIR"),
        "..",
        "crates/nicechat-sign/tests/vectors",
    ]
    .iter()
    .collect()
}

fn files() -> Result<Vec<(PathBuf, String)>, String> {
    let mut files = Vec::new();
    for dialect in Dialect::ALL {
        let cases: Vec<Case> = forms()
            .into_iter()
            .filter(|case| match &case.payload {
                Payload::Form(form) => is_defined(dialect, form),
                Payload::Body(_) | Payload::Received(_) => true,
            })
            .collect();
        files.push((
            directory().join(format!("{dialect}.jsonl")),
            file(dialect, &cases)?,
        ));
    }
    // Raw bytes: PHP and Python must agree with each other first.
    let php = file(Dialect::Php, &bodies())?;
    if php != file(Dialect::Python, &bodies())? {
        return Err("php and python differ on raw bodies".into());
    }
    files.push((directory().join("raw.jsonl"), php));
    Ok(files)
}

fn file(dialect: Dialect, cases: &[Case]) -> Result<String, String> {
    let verdicts = ask(dialect, cases)?;
    Ok(cases
        .iter()
        .zip(&verdicts)
        .map(|(case, said)| line(case, said))
        .collect())
}

/// One vector, its stages in the order in which they are reached.
fn line(case: &Case, said: &Verdict) -> String {
    let mut out = String::from("{");
    let mut member = |name: &str, text: &str| _ = write!(out, "\"{name}\":{text},");
    member("name", &json::string(&case.name));
    member("secret", &json::string(&case.secret));
    member("path", &json::string(&case.path));
    member("method", &json::string(&case.method));
    if let Payload::Form(form) = &case.payload {
        member("form", &json::pairs(form.iter(), json::tagged));
    }
    member("canonical", &json::string(&said.canonical));
    let hashed = [&case.secret, &case.path, &said.canonical, &case.method].map(String::as_str);
    member("hashed", &json::string(&hashed.concat()));
    out.push_str(&format!(
        "\"signature\":{}}}\n",
        json::string(&said.signature)
    ));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    // X11
    #[test]
    fn x11_a_vector_has_every_stage_and_the_committed_ones_have_these_cases() {
        let [case, ..] = &bodies()[..] else {
            panic!("there are cases")
        };
        let said = Verdict {
            canonical: "{\"a\":1}".into(),
            signature: "00ff".into(),
        };
        let vector: serde_json::Value = serde_json::from_str(&line(case, &said)).unwrap();
        let hashed = format!(
            "{}{}{}{}",
            case.secret, case.path, said.canonical, case.method
        );
        assert_eq!(vector["hashed"], hashed);
        assert_eq!(vector["signature"], "00ff");

        let committed = |name: &str| -> Vec<String> {
            let text = fs::read_to_string(directory().join(name)).unwrap();
            let lines = text.lines().map(serde_json::from_str::<serde_json::Value>);
            lines
                .map(|vector| vector.unwrap()["name"].as_str().unwrap().to_owned())
                .collect()
        };
        let bodies: Vec<String> = bodies().into_iter().map(|case| case.name).collect();
        assert_eq!(committed("raw.jsonl"), bodies);
        for dialect in Dialect::ALL {
            let defined = forms().into_iter().filter(|case| match &case.payload {
                Payload::Form(form) => is_defined(dialect, form),
                Payload::Body(_) | Payload::Received(_) => true,
            });
            let defined: Vec<String> = defined.map(|case| case.name).collect();
            assert_eq!(committed(&format!("{dialect}.jsonl")), defined, "{dialect}");
        }
    }
}
