//! Sends the GETs, one attempt each.

use bytes::Bytes;
use common_api::AnyOperation;
use common_transport::{BaseUrl, Client, Error, ErrorKind, Operation as _, Pool, RetryPolicy};
use http::{Request, Uri};
use nicechat_sign::{Placement, Signer};
use shopwire::nicechat::{self, Authentication, Encoding};

use super::reply::Reply;
use crate::failure::Failure;

/// A list that every shop has, without personal data.
const OPERATION: &str = "categories.list";

/// A GET to send.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    /// The signer, and the place of the signature.
    pub(super) signed: Option<(Signer, Placement)>,
    /// Parameters besides key and signature.
    pub(super) query: Option<&'static str>,
}

/// The server that the search queries: [`Sender`], or another one in tests.
pub(super) trait Ask {
    /// Sends a request without retries.
    async fn ask(&mut self, attempt: &Attempt) -> Result<Reply, Error>;
}

/// Queries a server with the parts of the typed client, so that the found settings work there too.
#[derive(Debug)]
pub(super) struct Sender {
    pool: Pool,
    base_url: BaseUrl,
    operation: AnyOperation,
}

impl Sender {
    /// Creates a sender for the server at this address.
    pub(super) fn new(base_url: BaseUrl) -> Result<Self, Failure> {
        let mut entries = nicechat::operations().iter();
        let entry = entries.find(|entry| entry.metadata.name == OPERATION);
        let operation = entry
            .ok_or_else(|| Error::new(ErrorKind::InvalidInput, "there is no list to ask for"))
            .and_then(|entry| entry.operation("{}"))
            .map_err(|error| Failure::caused(&error))?;
        Ok(Self {
            pool: Pool::new(),
            base_url,
            operation,
        })
    }

    fn client(&self, attempt: &Attempt) -> Result<Client, Error> {
        let builder = Client::builder(self.base_url.clone())
            .pool(self.pool.clone())
            .user_agent(concat!("shopwire/", env!("CARGO_PKG_VERSION")))
            .retry(RetryPolicy::none());
        let Some((signer, placement)) = attempt.signed.clone() else {
            return builder.build();
        };
        let encoding = match placement {
            Placement::Parameters => Encoding::FormWithParameters,
            _ => Encoding::JsonWithHeaders,
        };
        builder
            .authorize(Authentication::new(signer, encoding))
            .build()
    }

    fn request(&self, attempt: &Attempt) -> Result<Request<Bytes>, Error> {
        let mut request = self.operation.request()?;
        if let Some(query) = attempt.query {
            let uri = format!("{}?{query}", request.uri().path());
            *request.uri_mut() = uri.parse::<Uri>().map_err(|error| {
                Error::invalid_input("query", "it makes no address").with_source(error)
            })?;
        }
        Ok(request)
    }
}

impl Ask for Sender {
    async fn ask(&mut self, attempt: &Attempt) -> Result<Reply, Error> {
        let (client, request) = (self.client(attempt)?, self.request(attempt)?);
        let response = client.execute(self.operation.metadata(), request).await?;
        Ok(Reply::of(&response))
    }
}
