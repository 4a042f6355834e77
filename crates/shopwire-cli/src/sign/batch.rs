//! `shopwire sign --batch`: JSON lines in, JSON lines out, for tests against other implementations.
//!
//! Only this mode reads secrets from its input; its output never contains them.

use std::io::{self, BufRead as _, Write as _};

use common_model::{Value as Json, from_json, to_json};
use nicechat_sign::{Credentials, Dialect, Form, Signer, canonical};

use super::typed;
use crate::{failure::Failure, input, output::one_line};

/// Answers each line of standard input. A line that cannot be signed gets an error, and the next
/// line follows.
pub(super) fn run() -> Result<(), Failure> {
    pump().map_err(|error| Failure::new(format_args!("sign --batch: {error}")))
}

fn pump() -> io::Result<()> {
    let mut stdin = io::BufReader::new(io::stdin().lock());
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut line = Vec::new();
    // UTF-16 and UTF-32 have other line ends: the error is about the whole input, not about a line.
    if let Some(encoding) = input::wide_encoding(stdin.fill_buf()?) {
        let why = format!("the text is {encoding}, not UTF-8: convert it first");
        return Err(io::Error::new(io::ErrorKind::InvalidData, why));
    }
    while stdin.read_until(b'\n', &mut line)? > 0 {
        if !line.trim_ascii().is_empty() {
            writeln!(output, "{}", one_line(&answer(&line)))?;
        }
        line.clear();
        // Flush for a writer that waits for an answer before its next line; a long pipe stays
        // buffered.
        if stdin.buffer().is_empty() {
            output.flush()?;
        }
    }
    output.flush()
}

/// The answer to one line.
fn answer(line: &[u8]) -> String {
    match signed(line) {
        Ok((signature, canonical)) => format!(
            "{{\"signature\":\"{signature}\",\"canonical\":{}}}",
            to_json(&canonical)
        ),
        Err(error) => format!("{{\"error\":{}}}", to_json(&error)),
    }
}

/// Signature and canonical text of one line.
fn signed(line: &[u8]) -> Result<(String, String), String> {
    let job: Json = from_json(input::text(line)?).map_err(|error| error.to_string())?;
    let text = |name: &'static str| {
        job.get(name)
            .and_then(Json::as_str)
            .ok_or_else(|| format!("{name}: a text is needed"))
    };
    let signer = Signer::new(Credentials::new("", text("secret")?));
    let (path, method, mode) = (text("path")?, text("method")?, text("mode")?);
    let canonical = if mode == "json" {
        text("body")?.to_owned()
    } else {
        let dialect: Dialect = mode
            .parse()
            .map_err(|_| "mode: json, php, php81, python or prose".to_owned())?;
        canonical(dialect, &form(&job)?).map_err(|error| error.to_string())?
    };
    let signature = signer.sign_body(path, canonical.as_bytes(), method);
    Ok((signature.to_string(), canonical))
}

/// The fields of a line: typed `pairs`, or a urlencoded `body`, whose values are all text.
fn form(job: &Json) -> Result<Form, String> {
    let Some(pairs) = job.get("pairs") else {
        let body = job
            .get("body")
            .and_then(Json::as_str)
            .ok_or("pairs or body is needed")?;
        return Form::parse_urlencoded(body.as_bytes()).map_err(|error| error.to_string());
    };
    let pairs = pairs.as_array().ok_or("pairs: a list is needed")?;
    let members: Vec<(&str, &Json)> = pairs
        .iter()
        .map(pair)
        .collect::<Option<_>>()
        .ok_or("pairs: each must be [key, value] with a text as key")?;
    typed::form(members.into_iter()).map_err(|error| error.to_string())
}

fn pair(pair: &Json) -> Option<(&str, &Json)> {
    match pair.as_array()? {
        [key, value] => Some((key.as_str()?, value)),
        _ => None,
    }
}
