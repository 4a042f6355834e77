//! The receiver of the service's requests to a module.

use std::{fmt, future::Future, marker::PhantomData};

use bytes::Bytes;
use common_api::receive::{self, Delivery, Handler, Reason, Rejection};
use common_model::{Encode, to_json};
use common_transport::{Error, Secret};
use http::{HeaderValue, Method, Response, StatusCode, header::CONTENT_TYPE};

use super::{Webhook, read};
use crate::shared::ErrorResponse;

/// Receives one kind of request at an address that ends in a secret, and answers with the result of a
/// function: [`receiver`].
pub type Receiver<W, F> = receive::Receiver<Module<W, F>>;

/// Creates a receiver of the webhook `W` at an address that ends in this secret.
///
/// The function runs to its end in a separate task, so a booking that has begun is completed even if the
/// service stops waiting. A request that cannot be read is answered with 400 and an [`ErrorResponse`],
/// and is counted and logged. See [`common_api::receive`] for the guarantees of a receiver and the
/// settings of hyper.
///
/// ```
/// use bytes::Bytes;
/// use common_model::Decimal;
/// use http::Request;
/// use http_body_util::Full;
/// use retailcrm_v5::webhooks::{
///     self, ModuleAnswer, CalculateResponse, DeliveryCalculate, Refusal, ResponseCalculate,
/// };
/// use tower_service::Service;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let mut receiver = webhooks::receiver("path-secret-1", async |asked: DeliveryCalculate| {
///     if asked.client_id.as_deref() != Some("account-7") {
///         return Err(Refusal::new("unknown account"));
///     }
///     let courier = ResponseCalculate::new().code("courier").cost(Decimal::from(350));
///     Ok(ModuleAnswer::json(CalculateResponse::new().success(true).result([courier])))
/// });
/// let body = Full::<Bytes>::from("clientId=account-7&calculate=%7B%7D");
/// let request = Request::post("/calculate/path-secret-1").body(body).unwrap();
/// assert_eq!(receiver.call(request).await.unwrap().status(), 200);
/// # }
/// ```
pub fn receiver<W, F, A>(path_secret: impl Into<Secret>, answer: F) -> Receiver<W, F>
where
    W: Webhook + Send + 'static,
    F: Fn(W) -> A + Send + Sync + 'static,
    A: Future<Output = Result<ModuleAnswer<W>, Refusal>> + Send,
{
    let module = Module {
        answer,
        webhook: PhantomData,
    };
    Receiver::with_handler(path_secret, module)
}

/// Reads requests and answers them with a function.
pub struct Module<W, F> {
    answer: F,
    webhook: PhantomData<fn(W)>,
}

impl<W: Webhook, F> fmt::Debug for Module<W, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Module").field(&W::NAME).finish()
    }
}

impl<W, F, A> Handler for Module<W, F>
where
    W: Webhook + Send + 'static,
    F: Fn(W) -> A + Send + Sync + 'static,
    A: Future<Output = Result<ModuleAnswer<W>, Refusal>> + Send,
{
    type Output = Response<Bytes>;

    async fn handle(&self, delivery: Delivery) -> Result<Response<Bytes>, Rejection> {
        let text = match delivery.method {
            Method::GET => delivery.query.as_deref().unwrap_or_default().as_bytes(),
            _ => &delivery.body,
        };
        let asked: W = read(text).map_err(unreadable)?;
        let answered = (self.answer)(asked).await;
        Ok(answered.map_or_else(Refusal::into_response, |answer| answer.response))
    }

    fn accepts(&self, method: &Method) -> bool {
        matches!(*method, Method::GET | Method::POST)
    }

    fn respond(&self, response: Response<Bytes>) -> Response<Bytes> {
        response
    }
}

/// The error names the field and shows no value.
fn unreadable(error: Error) -> Rejection {
    let message = match error.field() {
        Some(field) => format!("{field}: {}", error.message()),
        None => error.message().to_owned(),
    };
    Rejection::new(Reason::Unreadable)
        .with_source(error)
        .with_response(Refusal::new(message).into_response())
}

/// A module's answer to the webhook `W`.
pub struct ModuleAnswer<W> {
    response: Response<Bytes>,
    webhook: PhantomData<fn(W)>,
}

impl<W: Webhook> ModuleAnswer<W>
where
    W::Answer: Encode,
{
    /// Creates an answer of JSON with status 200.
    pub fn json(answer: W::Answer) -> Self {
        Self::new(json(StatusCode::OK, &answer))
    }
}

impl<W: Webhook<Answer = Bytes>> ModuleAnswer<W> {
    /// Creates an answer of a file, such as a label to print.
    pub fn file(content_type: HeaderValue, file: impl Into<Bytes>) -> Self {
        let mut response = Response::new(file.into());
        response.headers_mut().insert(CONTENT_TYPE, content_type);
        Self::new(response)
    }
}

impl<W> ModuleAnswer<W> {
    fn new(response: Response<Bytes>) -> Self {
        Self {
            response,
            webhook: PhantomData,
        }
    }
}

impl<W> fmt::Debug for ModuleAnswer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ModuleAnswer")
            .field("status", &self.response.status())
            .field("bytes", &self.response.body().len())
            .finish()
    }
}

/// A module's refusal of a request: an [`ErrorResponse`], which the service shows to the manager.
#[derive(Debug, Clone)]
pub struct Refusal {
    status: StatusCode,
    answer: ErrorResponse,
}

impl Refusal {
    /// Creates a refusal with this message and status 400.
    pub fn new(message: impl Into<String>) -> Self {
        ErrorResponse::new()
            .success(false)
            .error_msg(message)
            .into()
    }

    /// Sets the status. It must not be 2xx, or the service takes the refusal for a success.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    pub(super) fn into_response(self) -> Response<Bytes> {
        json(self.status, &self.answer)
    }
}

impl From<ErrorResponse> for Refusal {
    fn from(answer: ErrorResponse) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            answer,
        }
    }
}

pub(super) fn json(status: StatusCode, answer: &dyn Encode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(to_json(answer)));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

#[cfg(test)]
mod tests;
