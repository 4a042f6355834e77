//! The output of a call.

use std::{
    fs,
    io::{self, IsTerminal as _},
};

use bytes::Bytes;
use common_api::{AnyOperation, AnyOutput, Reports, answer::Text};
use common_model::to_json;
use common_transport::Client;
use http::Response;

use super::{address::Address, mask::Mask, report};
use crate::{args::Call, failure::Failure, input, output};

/// The status of a batch that was refused in part: the answer is typed, and still an error.
const PARTIAL: u16 = 460;

/// Prints the answer. An error of the service gives its report, with a note on the address, and exit code 1.
pub(super) async fn print(
    call: &Call,
    operation: &AnyOperation,
    response: Response<Bytes>,
    address: &Address,
    mask: &Mask,
) -> Result<(), Failure> {
    let came = response.clone();
    let (status, body) = (came.status(), came.body());
    let reports = Reports::of(&response).unwrap_or_default();
    let decoded = Client::read(operation, response).await;
    let decoded = decoded.map_err(|error| report::told(&error, &address.note(&error), mask));
    warn(&reports, mask);
    if call.raw {
        write(call, body)?;
        decoded?;
    } else {
        match decoded? {
            AnyOutput::Json(text) => {
                let text = call.layout().apply(&output::one_line(&text));
                write(call, format!("{text}\n").as_bytes())?;
            }
            AnyOutput::Binary { bytes, filename } => binary(
                call,
                &bytes,
                filename.map(|name| mask.text(&name)).as_deref(),
            )?,
            other => {
                return Err(Failure::new(format_args!(
                    "an answer of a new kind: {other:?}"
                )));
            }
        }
    }
    match status.as_u16() {
        PARTIAL => Err(report::partial(PARTIAL, &Text::of(&came).text, mask)),
        _ => Ok(()),
    }
}

/// Warns of each part that is not of its type, a line each. The part is printed unchanged.
fn warn(reports: &Reports, mask: &Mask) {
    for odd in reports.take() {
        output::warning(&output::one_line(&mask.text(&odd.to_string())));
    }
}

/// Writes to the file of `--output`, or to standard output.
fn write(call: &Call, bytes: &[u8]) -> Result<(), Failure> {
    let written = match &call.output {
        None => output::write(bytes),
        Some(path) => fs::write(path, bytes)
            .map_err(|error| Failure::new(format_args!("{}: {error}", input::shown(path)))),
    };
    written.map_err(Failure::after_call)
}

/// Writes bytes to a file or a pipe, never to a terminal. With a file, standard output describes the
/// answer.
fn binary(call: &Call, bytes: &Bytes, filename: Option<&str>) -> Result<(), Failure> {
    if call.output.is_none() && io::stdout().is_terminal() {
        let refused = Failure::usage("the answer is binary: give a file with --output");
        return Err(refused.after_call());
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
