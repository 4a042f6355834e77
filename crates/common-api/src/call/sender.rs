//! The trait of the clients that send calls.

use std::sync::Arc;

use bytes::Bytes;
use common_transport::{CallOptions, Client, DownloadBody, Error, ErrorKind, Metadata, Operation};
use http::{Request, Response};

/// A client that sends operations: [`Client`] itself, and the typed clients of API crates around it.
///
/// A typed client returns its `Client`, and may add its own defaults to each request before it is sent.
pub trait Sender: Send + Sync {
    /// The client that sends.
    fn client(&self) -> &Client;

    /// Adds defaults to a request, such as a site or a language. The request is in origin form.
    ///
    /// # Errors
    /// A default cannot be added. The request is not sent then.
    fn prepare(
        &self,
        metadata: &'static Metadata,
        request: &mut Request<Bytes>,
    ) -> Result<(), Error> {
        let _ = (metadata, request);
        Ok(())
    }

    /// Prepares a response before the operation reads it, for example by adding extensions that say how to read it. The
    /// extensions that are there must stay. It runs on the thread that awaits the call, so it should not read the body.
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
    /// Sends an operation with the defaults of this client, and reads the response.
    ///
    /// # Errors
    /// The errors of [`Client::send`].
    pub async fn send<O: Operation>(&self, operation: &O) -> Result<O::Output, Error> {
        Client::read(operation, self.answer(operation, None).await?).await
    }

    /// Sends an operation with these options, and returns the response as [`Client::read`] takes it.
    ///
    /// # Errors
    /// The errors of [`Client::execute`] and [`CallOptions::attach`].
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

    /// Sends an operation with these options, and returns the body of a successful response as a stream of chunks.
    ///
    /// # Errors
    /// The errors of [`Client::download`]. For a response without a success status, the error that the operation reads
    /// from it.
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
