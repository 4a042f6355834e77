//! What a call prints.

use std::{
    fs,
    io::{self, IsTerminal as _, Write as _},
};

use bytes::Bytes;
use common_api::{Answer, AnyOperation, Reports};
use common_model::{Map, Value as Json, from_json_bytes, to_json};
use common_transport::Operation as _;
use http::Response;

use super::report;
use crate::{args::Call, failure::Failure, output};

/// Part of a batch was refused: the answer is typed, and an error all the same.
const PARTIAL: u16 = 460;

/// Prints the answer; a service's error ends with its report and exit code 1.
pub(super) fn print(
    call: &Call,
    operation: &AnyOperation,
    response: Response<Bytes>,
) -> Result<(), Failure> {
    let (status, body) = (response.status(), response.body().clone());
    let reports = Reports::of(&response).unwrap_or_default();
    let decoded = operation
        .decode(response)
        .map_err(|error| report::error(&error));
    warn(&reports);
    if call.raw {
        write(call, &body)?;
        decoded?;
    } else {
        match decoded? {
            Answer::Json(text) => {
                write(call, format!("{}\n", output::one_line(&text)).as_bytes())?;
            }
            Answer::Binary { bytes, filename } => binary(call, &bytes, filename.as_deref())?,
            other => {
                return Err(Failure::new(format_args!(
                    "an answer of a new kind: {other:?}"
                )));
            }
        }
    }
    match status.as_u16() {
        PARTIAL => Err(partial(&body)),
        _ => Ok(()),
    }
}

/// One line for each part that is not of its type: it is printed as it came.
fn warn(reports: &Reports) {
    let mut stderr = io::stderr().lock();
    for odd in reports.take() {
        let line = format!("warning: {odd}");
        // Who does not listen to warnings misses nothing else.
        let _ = writeln!(stderr, "{}", output::one_line(&line));
    }
}

fn partial(body: &[u8]) -> Failure {
    let envelope: Map<Json> = from_json_bytes(body).unwrap_or_default();
    let message = envelope.get("errorMsg").and_then(Json::as_str);
    let errors = envelope.get("errors").map(to_json);
    report::partial(
        PARTIAL,
        message.unwrap_or("part of the batch was refused"),
        errors.as_deref(),
    )
}

/// To the file of `--output`, or to standard output.
fn write(call: &Call, bytes: &[u8]) -> Result<(), Failure> {
    match &call.output {
        None => output::write(bytes),
        Some(path) => fs::write(path, bytes)
            .map_err(|error| Failure::new(format_args!("{}: {error}", path.display()))),
    }
}

/// Bytes go to a file or into a pipe, never onto a screen; beside a file, standard output says what came.
fn binary(call: &Call, bytes: &Bytes, filename: Option<&str>) -> Result<(), Failure> {
    if call.output.is_none() && io::stdout().is_terminal() {
        return Err(Failure::usage(
            "the answer is binary: give a file with --output",
        ));
    }
    write(call, bytes)?;
    if call.output.is_none() {
        return Ok(());
    }
    let filename = filename.map_or("null".to_owned(), to_json);
    output::json_line(&format!(
        "{{\"bytes\":{},\"filename\":{filename}}}",
        bytes.len()
    ))
}
