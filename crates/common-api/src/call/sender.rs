//! Who sends the calls: the client of one service.

use std::sync::Arc;

use bytes::Bytes;
use common_transport::{CallOptions, Client, DownloadBody, Error, ErrorKind, Metadata, Operation};
use http::{Request, Response};

/// A client that sends operations: [`Client`], and the typed clients of API crates around it.
///
/// A typed client gives its `Client`, and may put defaults of its own into each request before it is sent.
pub trait Sender: Send + Sync {
    /// The client that sends.
    fn client(&self) -> &Client;

    /// Puts defaults into a request: a site, a language. The request is in origin form.
    ///
    /// # Errors
    /// When a default cannot be put in; nothing is sent.
    fn prepare(
        &self,
        metadata: &'static Metadata,
        request: &mut Request<Bytes>,
    ) -> Result<(), Error> {
        let _ = (metadata, request);
        Ok(())
    }

    /// Looks at an answer before the operation reads it: puts into its extensions how it is to be read. Those that
    /// are there have to stay. It runs on the thread that awaits the call, so it should not read the body.
    fn receive(&self, metadata: &'static Metadata, response: Response<Bytes>) -> Response<Bytes> {
        let _ = metadata;
        response
    }
}

impl Sender for Client {
    fn client(&self) -> &Client {
        self
    }
}

impl dyn Sender + '_ {
    /// Sends an operation with the defaults of this client.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn send<O: Operation>(&self, operation: &O) -> Result<O::Output, Error> {
        Client::read(operation, self.answer(operation, None).await?).await
    }

    /// Sends an operation with these options, and gives its answer as [`Client::read`] takes it.
    ///
    /// # Errors
    /// As [`Client::execute`], and [`CallOptions::attach`].
    pub async fn answer<O: Operation>(
        &self,
        operation: &O,
        options: Option<Arc<CallOptions>>,
    ) -> Result<Response<Bytes>, Error> {
        let metadata = operation.metadata();
        let request = self.request(operation, options)?;
        let response = self.client().execute(metadata, request).await?;
        Ok(self.receive(metadata, response))
    }

    /// The same, with the body of the answer piece by piece.
    ///
    /// # Errors
    /// As [`Client::download`]; and what the operation makes of an answer that is no success.
    pub async fn download<O: Operation>(
        &self,
        operation: &O,
        options: Option<Arc<CallOptions>>,
    ) -> Result<Response<DownloadBody>, Error> {
        let metadata = operation.metadata();
        let request = self.request(operation, options)?;
        let response = self.client().download(metadata, request).await?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let whole = self.receive(metadata, DownloadBody::whole(response).await?);
        let read = Client::read(operation, whole).await.map(|_| ());
        Err(read.err().unwrap_or_else(|| {
            Error::new(ErrorKind::Decode, "the answer holds nothing to download")
                .with_operation(metadata)
                .with_status(status)
        }))
    }

    fn request<O: Operation>(
        &self,
        operation: &O,
        options: Option<Arc<CallOptions>>,
    ) -> Result<Request<Bytes>, Error> {
        let metadata = operation.metadata();
        let with_name = |error: Error| error.with_operation(metadata);
        let mut request = operation.request().map_err(with_name)?;
        self.prepare(metadata, &mut request).map_err(with_name)?;
        if let Some(options) = options {
            CallOptions::attach_shared(options, &mut request).map_err(with_name)?;
        }
        Ok(request)
    }
}
