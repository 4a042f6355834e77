//! One reading request, its typed answer, and the times around it.

use common_api::{AnyOutput, OperationEntry, Sender};
use common_model::{Value as Json, from_json};
use common_transport::{Client, Error, ErrorKind, Operation as _};

use super::clock;
use crate::{args::Service, call, time};

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    /// The typed answer.
    pub(super) json: Json,
    /// The service's clock less this one, in seconds.
    pub(super) clock: Option<i64>,
    /// How long it took, in milliseconds.
    pub(super) took: i64,
}

/// Calls an operation that takes no parameters.
///
/// # Errors
/// Those of the call.
pub(super) async fn fetch(
    service: Service,
    sender: &dyn Sender,
    operation: &str,
) -> Result<Answer, Error> {
    let entry: &OperationEntry = call::entry(service, operation)
        .ok_or_else(|| Error::new(ErrorKind::InvalidInput, "there is no such operation"))?;
    let operation = entry.operation("{}")?;
    let metadata = operation.metadata();
    let mut request = operation.request()?;
    sender.prepare(metadata, &mut request)?;
    let sent = time::now();
    let response = sender.client().execute(metadata, request).await?;
    let came = time::now();
    let clock = clock::difference(response.headers(), sent, came);
    let response = sender.receive(metadata, response);
    let json = match Client::read(&operation, response).await? {
        AnyOutput::Json(text) => from_json(&text).unwrap_or(Json::Null),
        _ => Json::Null,
    };
    Ok(Answer {
        json,
        clock,
        took: came.as_millis() - sent.as_millis(),
    })
}

/// The texts of a list.
pub(super) fn texts(json: &Json, name: &str) -> Option<Vec<String>> {
    let items = json.get(name)?.as_array()?;
    let texts = items.iter().filter_map(Json::as_str);
    Some(texts.map(str::to_owned).collect())
}
