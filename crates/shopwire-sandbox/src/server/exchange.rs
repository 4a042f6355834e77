//! One request and its answer, with the fault that was queued for it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{self, HeaderValue};
use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};

use super::body::{AnswerBody, BrokenOff};
use super::limits::{BODY_TIMEOUT, Claim, MAX_BODY, MAX_HEAD};
use super::shared::Shared;
use super::socket::Reset;
use crate::fault::{self, Kind, ResetAt, Taken};
use crate::journal::{Notes, Open, Reason, ReasonKind};
use crate::service::{self, Peer, Service};

/// Time between a reset during the commit and the effect.
const COMMIT_LAG: Duration = Duration::from_millis(40);

/// Answers one request. An error ends the connection without an answer.
pub(super) async fn respond(
    shared: &Shared,
    reset: &Reset,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<AnswerBody>, BrokenOff> {
    let requests = &shared.requests;
    let open = Arc::new(requests.journal().arrived(requests.service(), &request));
    requests.journal().arrived_from(peer, open.id());
    let (method, path) = (request.method(), request.uri().path());
    open.operation(shared.service.operation(method, path, request.headers()));
    let fault = shared.faults.take(&request);
    if let Some(fault) = &fault {
        open.fault(fault.kind.name(), fault.reason());
    }
    if let Some(delay) = fault
        .as_ref()
        .map(|fault| fault.delay)
        .filter(|delay| !delay.is_zero())
    {
        tokio::time::sleep(delay).await;
    }
    let retry_after = fault.as_ref().and_then(|fault| fault.retry_after);
    let location = fault.as_ref().and_then(|fault| fault.location.clone());
    let mut response = match whole(shared, request, peer.ip()).await {
        Ok(request) => {
            open.body(request.body());
            work(shared, reset, &open, fault, request).await?
        }
        Err(status) => given_up(status, &open).map(AnswerBody::whole),
    };
    if let Some(time) = retry_after {
        let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(url) = location.and_then(|url| HeaderValue::try_from(url).ok()) {
        response.headers_mut().insert(header::LOCATION, url);
    }
    let body = response.body();
    let sent = (body.announced(), body.data());
    open.answered(response.status(), response.headers(), sent);
    Ok(response)
}

/// Reads the whole request. The error is the status of the answer to a request that is too big, too slow or broken
/// off.
async fn whole(
    shared: &Shared,
    request: Request<Incoming>,
    peer: IpAddr,
) -> Result<Request<Bytes>, StatusCode> {
    let (parts, body) = request.into_parts();
    if head_length(&parts) > MAX_HEAD {
        return Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    let mut claim = shared.open.claim();
    let read = tokio::time::timeout(BODY_TIMEOUT, collected(body, &mut claim)).await;
    let bytes = read.unwrap_or(Err(StatusCode::REQUEST_TIMEOUT))?;
    let mut request = Request::from_parts(parts, bytes);
    request.extensions_mut().insert(Peer(peer));
    // The body counts as open as long as the request exists.
    request.extensions_mut().insert(Arc::new(claim));
    Ok(request)
}

/// Returns the length of the request line and the headers in bytes. The connection's own limit applies to its
/// buffer, which may hold somewhat more.
fn head_length(parts: &Parts) -> usize {
    let headers = parts.headers.iter();
    let headers = headers.map(|(name, value)| name.as_str().len() + value.len() + 4);
    let line = parts.method.as_str().len() + parts.uri.to_string().len() + 12;
    headers.sum::<usize>() + line
}

/// Reads a body, counting its bytes as they come. A body that is announced too long is not read at all.
async fn collected(mut body: Incoming, claim: &mut Claim) -> Result<Bytes, StatusCode> {
    if body.size_hint().lower() > MAX_BODY as u64 {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| StatusCode::BAD_REQUEST)?.into_data() else {
            continue;
        };
        if bytes.len() + data.len() > MAX_BODY {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        if !claim.grow(data.len()) {
            return Err(StatusCode::SERVICE_UNAVAILABLE);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes.freeze())
}

/// Builds the answer to a body that is not read to its end; it closes the connection.
fn given_up(status: StatusCode, open: &Open) -> Response<Bytes> {
    let (page, why) = match status {
        StatusCode::PAYLOAD_TOO_LARGE => (
            "<h1>413 Request Entity Too Large</h1>",
            "the body is longer than 64 MiB",
        ),
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => (
            "<h1>431 Request Header Fields Too Large</h1>",
            "request line and headers are longer than 64 KiB",
        ),
        StatusCode::REQUEST_TIMEOUT => (
            "<h1>408 Request Time-out</h1>",
            "the body did not arrive within a minute",
        ),
        StatusCode::SERVICE_UNAVAILABLE => (
            "<h1>503 Service Unavailable</h1>",
            "all open bodies together are longer than 256 MiB",
        ),
        _ => ("<h1>400 Bad Request</h1>", "the body broke off"),
    };
    open.note([Reason::new(ReasonKind::Refused, why)]);
    let mut answer = service::html(status, page);
    let close = HeaderValue::from_static("close");
    answer.headers_mut().insert(header::CONNECTION, close);
    answer
}

/// Processes the request, or does not, according to the fault.
async fn work(
    shared: &Shared,
    reset: &Reset,
    open: &Arc<Open>,
    fault: Option<Taken>,
    request: Request<Bytes>,
) -> Result<Response<AnswerBody>, BrokenOff> {
    let serve = |request| process(&*shared.service, open, request);
    let Some(fault) = fault else {
        return Ok(serve(request).map(AnswerBody::whole));
    };
    // All kinds are listed, so that a new kind does not compile until it is handled here.
    Ok(match fault.kind {
        Kind::Unavailable => refused(StatusCode::SERVICE_UNAVAILABLE),
        Kind::Status(status) => {
            refused(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        }
        Kind::Reset(ResetAt::BeforeCommit) => return broken(reset),
        Kind::Reset(ResetAt::DuringCommit) => {
            let (service, open) = (shared.service.clone(), open.clone());
            shared.late.spawn(async move {
                tokio::time::sleep(COMMIT_LAG).await;
                process(&*service, &open, request);
            });
            return broken(reset);
        }
        Kind::Reset(ResetAt::AfterCommit) => {
            serve(request);
            return broken(reset);
        }
        Kind::Stall => {
            serve(request);
            open.ended();
            std::future::pending().await
        }
        Kind::StallInBody => serve(request).map(AnswerBody::stalled),
        Kind::Truncated => serve(request).map(AnswerBody::truncated),
        Kind::Html => {
            serve(request);
            service::html(StatusCode::OK, fault::HTML_PAGE).map(AnswerBody::whole)
        }
        Kind::FlippedShapes => spoilt_json(serve(request), flipped),
        Kind::TrailingCommas => spoilt_json(serve(request), |body| {
            fault::with_trailing_commas(&body).into()
        }),
        Kind::PhpWarning => {
            serve(request).map(|body| AnswerBody::whole(fault::with_php_warning(&body).into()))
        }
        // The first only delays the answer. The second waits for a callback, not for a request.
        Kind::Latency | Kind::LostCallback => serve(request).map(AnswerBody::whole),
    })
}

/// Lets the service process the request, and records that and why it refuses it.
fn process(service: &dyn Service, open: &Open, request: Request<Bytes>) -> Response<Bytes> {
    let mut notes = Notes::new(open.id());
    let answer = service.answer(request, &mut notes);
    open.processed(notes);
    answer
}

fn broken(reset: &Reset) -> Result<Response<AnswerBody>, BrokenOff> {
    reset.pull();
    Err(BrokenOff)
}

fn refused(status: StatusCode) -> Response<AnswerBody> {
    let page = if status == StatusCode::SERVICE_UNAVAILABLE {
        fault::THROTTLED_PAGE
    } else {
        fault::HTML_PAGE
    };
    service::html(status, page).map(AnswerBody::whole)
}

/// Returns the service's answer with its JSON spoilt. Answers of other media types stay as they are.
fn spoilt_json(
    answer: Response<Bytes>,
    spoil: impl FnOnce(Bytes) -> Bytes,
) -> Response<AnswerBody> {
    let is_json = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
    answer.map(|body| AnswerBody::whole(if is_json { spoil(body) } else { body }))
}

fn flipped(body: Bytes) -> Bytes {
    match serde_json::from_slice(&body) {
        Ok(value) => Bytes::from(fault::flipped(value).to_string()),
        Err(_) => body,
    }
}
