//! `shopwire call`: any operation of any service, through its typed client.

mod answer;
pub(crate) mod cassette;
mod doubled;
mod list;
mod mask;
mod report;
mod service;
mod unknown;

use bytes::Bytes;
use cassette::Cassette;
use common_api::{AnyOperation, OperationEntry};
use common_transport::{Error, Metadata, Place};
use http::Response;
use mask::Mask;
use shopwire::Shopwire;

use crate::{
    args::{Call, Settings},
    config::{self, Access},
    failure::Failure,
    input, suggest,
};

/// Uvygoda's method that issues the token for all others.
const GIVES_TOKEN: &str = "getToken";

/// Lists the operations, or calls one.
pub(crate) async fn run(call: &Call, settings: &Settings) -> Result<(), Failure> {
    let entries = service::operations(call.service);
    let Some(name) = &call.operation else {
        let format = if call.json {
            list::Format::Json
        } else {
            list::Format::Table
        };
        return list::print(entries, format);
    };
    let entry = find(entries, name)?;
    let upload = upload(call, entry.metadata)?;
    let params = params(call)?;
    let mut mask = Mask::default().with_params(&params);
    let sent = send(call, settings, entry, &params, upload, &mut mask).await;
    let (operation, response) = sent.map_err(|error| report::error(&error, &mask))?;
    answer::print(call, &operation, response, &mask).await
}

async fn send(
    call: &Call,
    settings: &Settings,
    entry: &OperationEntry,
    params: &str,
    upload: Option<Bytes>,
    mask: &mut Mask,
) -> Result<(AnyOperation, Response<Bytes>), Error> {
    let operation = entry.operation(params)?;
    let access = match entry.metadata.name {
        GIVES_TOKEN => Access::Anonymous,
        _ => Access::Identified,
    };
    let config = config::load(settings, call.service, access)?;
    mask.add(&config);
    doubled::check(call, params, mask)?;
    unknown::check(call, &operation, mask)?;
    let cassette = Cassette::of(call, params)?;
    let shopwire = Shopwire::with_transport(&config, |transport| cassette.insert(transport))?;
    let client = service::client(call.service, &shopwire)?;
    let sent = service::send(client, &operation, upload).await;
    cassette.finish();
    Ok((operation, sent?))
}

/// The operation with this name; the error of a wrong name suggests similar names.
fn find<'e>(entries: &'e [OperationEntry], name: &str) -> Result<&'e OperationEntry, Failure> {
    if let Some(entry) = entries.iter().find(|entry| entry.metadata.name == name) {
        return Ok(entry);
    }
    let nearest = suggest::nearest(name, entries.iter().map(|entry| entry.metadata.name));
    let hint = match nearest.as_slice() {
        [] => "`--list` shows them all".to_owned(),
        names => format!("did you mean {}?", names.join(", ")),
    };
    // The error does not show the name: it may be a key that was typed in its place.
    Err(Failure::usage(format_args!(
        "the service has no such operation; {hint}"
    )))
}

/// The bytes to upload, for operations with a binary body.
fn upload(call: &Call, metadata: &Metadata) -> Result<Option<Bytes>, Failure> {
    let takes_bytes = metadata
        .params
        .iter()
        .any(|param| param.place == Place::Binary);
    match (&call.input, takes_bytes) {
        (Some(path), true) => Ok(Some(input::read_file(path)?.into())),
        (None, false) => Ok(None),
        (None, true) => Err(Failure::usage(format_args!(
            "{} needs --input FILE",
            metadata.name
        ))),
        (Some(_), false) => Err(Failure::usage(format_args!(
            "{} takes no --input",
            metadata.name
        ))),
    }
}

/// The parameters as text; the operation checks their JSON.
fn params(call: &Call) -> Result<String, Failure> {
    let Some(source) = &call.params else {
        return Ok("{}".to_owned());
    };
    let bytes = source.read()?;
    input::text(&bytes)
        .map(str::to_owned)
        .map_err(|why| report::error(&Error::invalid_input("params", why), &Mask::default()))
}
