//! Sends the GETs, one attempt each.

use bytes::Bytes;
use common_api::AnyOperation;
use common_transport::{BaseUrl, Client, Error, ErrorKind, Operation as _, Pool, RetryPolicy};
use http::{Request, Uri};
use nicechat_sign::{Placement, Signer};
use shopwire::nicechat::{self, Authentication, Encoding};

use super::reply::Reply;
use crate::failure::Failure;

/// A list that holds nothing personal, and that every shop has.
const OPERATION: &str = "categories.list";

/// One GET.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    /// Who signs it, and where the signature goes.
    pub(super) signed: Option<(Signer, Placement)>,
    /// Parameters besides key and signature.
    pub(super) query: Option<&'static str>,
}

/// Whom the search asks; another one than [`Sender`] in tests.
pub(super) trait Ask {
    /// Sends one request, once.
    async fn ask(&mut self, attempt: &Attempt) -> Result<Reply, Error>;
}

/// Asks a server with what the typed client is made of, so that what works here works there.
#[derive(Debug)]
pub(super) struct Sender {
    pool: Pool,
    base_url: BaseUrl,
    operation: AnyOperation,
}

impl Sender {
    /// For the server at this address.
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
            .shared(self.pool.clone())
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
