//! `shopwire call`: any operation of any service, through its typed client.

mod address;
mod answer;
pub(crate) mod cassette;
mod comma;
mod describe;
mod description;
mod doubled;
mod list;
pub(crate) mod mask;
mod param;
mod report;
mod service;
mod unknown;

use std::sync::Arc;

use address::Address;
use bytes::Bytes;
use cassette::Cassette;
use common_api::{AnyOperation, OperationEntry, Sender};
use common_transport::{Error, Metadata, Place};
use http::Response;
use param::Params;
use shopwire::Shopwire;

pub(crate) use self::{
    description::{Description, Schema},
    doubled::doubled as doubled_keys,
    mask::Mask,
    report::error as failure,
    service::{name as service_name, operations},
};
use crate::{
    args::{Call, Service},
    config::{self, Access},
    failure::Failure,
    input, suggest,
};

/// Uvygoda's method that issues the token for all others.
const GIVES_TOKEN: &str = "getToken";

/// Lists the operations, describes one, or calls one.
pub(crate) async fn run(call: &Call) -> Result<(), Failure> {
    let entries = service::operations(call.service);
    if call.list {
        return list::print(call, entries);
    }
    let Some(name) = &call.operation else {
        let service = service::name(call.service);
        return Err(Failure::usage(format_args!(
            "OPERATION is missing; `shopwire call {service} --list` shows all operations"
        )));
    };
    let entry = find(entries, name)?;
    if call.describe {
        return describe::print(call, entry);
    }
    config::check_flags(&call.settings, call.service)?;
    let upload = upload(call, entry.metadata)?;
    let params = param::read(call, entry)?;
    let mut mask = Mask::default().with_params(&params.all);
    let mut address = Address::default();
    let sent = send(call, entry, &params, upload, &mut mask, &mut address).await;
    let done = match sent {
        Ok((operation, response)) => {
            answer::print(call, &operation, response, &address, &mask).await
        }
        Err(error) => Err(report::error(&error, &mask)),
    };
    if done.is_err() {
        config::hint_at_unread_file(&call.settings);
    }
    done
}

async fn send(
    call: &Call,
    entry: &OperationEntry,
    params: &Params,
    upload: Option<Bytes>,
    mask: &mut Mask,
    address: &mut Address,
) -> Result<(AnyOperation, Response<Bytes>), Error> {
    let operation = entry.operation(&params.all);
    let operation = operation
        .map_err(|error| comma::explained(error, &params.all))
        .map_err(|error| unknown::explained(error, &params.all, entry.metadata))?;
    let access = match entry.metadata.name {
        GIVES_TOKEN => Access::Anonymous,
        _ => Access::Identified,
    };
    let config = config::load(&call.settings, call.service, access)?;
    *address = Address::of(&config, call.service);
    mask.add(&config);
    doubled::check(call, &params.given, mask)?;
    unknown::check(call, &operation, mask)?;
    let cassette = Cassette::of(call, &params.all)?;
    let shopwire = Shopwire::new(&cassette.insert(config))?;
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

/// The row of an operation.
pub(crate) fn entry(service: Service, operation: &str) -> Option<&'static OperationEntry> {
    let mut entries = operations(service).iter();
    entries.find(|entry| entry.metadata.name == operation)
}

/// Whether an operation has a parameter of this name.
pub(crate) fn takes(service: Service, operation: &str, param: &str) -> bool {
    entry(service, operation).is_some_and(|entry| entry.metadata.param(param).is_some())
}

/// The parameters of an operation as JSON: the defaults, and single ones as `--param` has them.
///
/// # Errors
/// The failure names the parameter: it is unknown, stands twice or has the wrong type.
pub(crate) fn checked_params(
    service: Service,
    operation: &str,
    defaults: &str,
    singles: &[String],
) -> Result<String, Failure> {
    let Some(entry) = entry(service, operation) else {
        return Err(Failure::new("there is no such operation"));
    };
    let params = param::of_singles(service, entry, defaults, singles)?;
    let operation = entry
        .operation(&params)
        .map_err(|error| unknown::explained(error, &params, entry.metadata))?;
    unknown::refuse(&operation)?;
    Ok(params)
}

/// Refuses fields that the description does not know, within the parameters of an operation.
///
/// # Errors
/// [`Error::is_invalid_input`] names the first one.
pub(crate) fn check_known(operation: &AnyOperation) -> Result<(), Error> {
    unknown::refuse(operation)
}

/// The client of a service, to be shared.
///
/// # Errors
/// [`Error::is_invalid_input`] names the missing setting.
pub(crate) fn sender(service: Service, shopwire: &Shopwire) -> Result<Arc<dyn Sender>, Error> {
    service::shared(service, shopwire)
}
