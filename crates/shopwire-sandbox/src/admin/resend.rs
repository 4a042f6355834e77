//! A request of the journal, sent to its service again.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Request, header};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use tokio::net::TcpSocket;

use super::context::Context;
use super::failure::Failure;
use crate::journal::Exchange;

/// Time for which the answer is waited for. A fault may hold it back for ever.
const PATIENCE: Duration = Duration::from_secs(10);

/// Headers of one connection, and what the client computes anew.
const OWN: &[HeaderName] = &[
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::EXPECT,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Sends the request again; returns the id of the new one when its answer has come, or after ten seconds.
pub(super) async fn send(context: &Context, exchange: &Exchange) -> Result<u64, Failure> {
    let request = rebuilt(exchange)?;
    // The journal tells which request came from this socket.
    let broken = |error: &dyn std::fmt::Display| {
        Failure::conflict(&format_args!("id: the request cannot be sent: {error}"))
    };
    let address = context
        .address_of(exchange.service)
        .ok_or_else(|| broken(&"it has no address"))?;
    let socket = TcpSocket::new_v4().map_err(|error| broken(&error))?;
    let any = (std::net::Ipv4Addr::LOCALHOST, 0).into();
    socket.bind(any).map_err(|error| broken(&error))?;
    let own = socket.local_addr().map_err(|error| broken(&error))?;
    let arrival = context.journal.expect_from(own);
    let stream = socket
        .connect(address)
        .await
        .map_err(|error| broken(&error))?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| broken(&error))?;
    let exchanged = tokio::spawn(async move {
        let answered = async {
            // Errors are faults that the sandbox makes on purpose; the journal has them.
            if let Ok(answer) = sender.send_request(request).await {
                let _ = answer.into_body().collect().await;
            }
        };
        let _ = tokio::time::timeout(PATIENCE, async { tokio::join!(connection, answered) }).await;
    });
    let _ = tokio::time::timeout(PATIENCE, exchanged).await;
    arrival.id().ok_or_else(|| broken(&"it did not arrive"))
}

fn rebuilt(exchange: &Exchange) -> Result<Request<Full<Bytes>>, Failure> {
    let conflict = |text: String| Failure::conflict(&text);
    let body = &exchange.request.body;
    if !body.is_whole() {
        let (kept, size) = (body.kept().len(), body.size());
        return Err(conflict(format!(
            "id: only {kept} of the {size} bytes of the body are kept"
        )));
    }
    if exchange.request.headers().is_empty() {
        return Err(conflict("id: the headers are no longer kept".to_owned()));
    }
    let (path, query) = (&exchange.path, &exchange.query);
    let mark = if query.is_empty() { "" } else { "?" };
    let mut request = Request::builder()
        .method(exchange.method.as_str())
        .uri(format!("{path}{mark}{query}"));
    for (name, value) in exchange.request.headers() {
        let (name, value) = (HeaderName::try_from(name), HeaderValue::try_from(value));
        if let (Ok(name), Ok(value)) = (name, value)
            && !OWN.contains(&name)
        {
            request = request.header(name, value);
        }
    }
    let body = Full::from(Bytes::copy_from_slice(body.kept()));
    let unsendable = |error| conflict(format!("id: the request cannot be built: {error}"));
    request.body(body).map_err(unsendable)
}
