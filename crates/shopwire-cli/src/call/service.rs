//! One interface to the three services.

use std::sync::Arc;

use bytes::Bytes;
use common_api::{AnyOperation, OperationEntry, Sender};
use common_transport::{Error, Operation as _};
use http::Response;
use shopwire::{Shopwire, nicechat, retailcrm, uvygoda};

use crate::args::Service;

/// The service's operations.
pub(crate) fn operations(service: Service) -> &'static [OperationEntry] {
    match service {
        Service::Nicechat => nicechat::operations(),
        Service::Uvygoda => uvygoda::operations(),
        Service::Retailcrm => retailcrm::operations(),
    }
}

/// The name of the service on the command line.
pub(crate) fn name(service: Service) -> &'static str {
    match service {
        Service::Nicechat => "nicechat",
        Service::Uvygoda => "uvygoda",
        Service::Retailcrm => "retailcrm",
    }
}

/// The service's typed client.
///
/// # Errors
/// [`Error::is_invalid_input`] names the missing setting.
pub(super) fn client(service: Service, shopwire: &Shopwire) -> Result<&dyn Sender, Error> {
    Ok(match service {
        Service::Nicechat => shopwire.nicechat()?,
        Service::Uvygoda => shopwire.uvygoda(),
        Service::Retailcrm => shopwire.retailcrm()?,
    })
}

/// The service's typed client, to be shared.
///
/// # Errors
/// As [`client`].
pub(super) fn shared(service: Service, shopwire: &Shopwire) -> Result<Arc<dyn Sender>, Error> {
    Ok(match service {
        Service::Nicechat => Arc::new(shopwire.nicechat()?.clone()),
        Service::Uvygoda => Arc::new(shopwire.uvygoda().clone()),
        Service::Retailcrm => Arc::new(shopwire.retailcrm()?.clone()),
    })
}

/// Sends an operation, with `upload` as its body if it has a binary one, and returns the whole
/// answer.
pub(super) async fn send(
    sender: &dyn Sender,
    operation: &AnyOperation,
    upload: Option<Bytes>,
) -> Result<Response<Bytes>, Error> {
    let metadata = operation.metadata();
    let mut request = operation.request()?;
    if let Some(bytes) = upload {
        *request.body_mut() = bytes;
    }
    sender.prepare(metadata, &mut request)?;
    let response = sender.client().execute(metadata, request).await?;
    Ok(sender.receive(metadata, response))
}
