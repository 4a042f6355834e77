//! Sends the requests of a walk or a reading.

use std::{sync::Arc, time::Duration};

use crate::Sender;
use bytes::Bytes;
use common_transport::{CallOptions, Client, Error, Metadata};
use http::Request;

use super::{
    Cursor as _, Page, Paged,
    ahead::{Ahead, Target},
};
use crate::Reports;

/// The client, the list, and the page requested in advance, if any.
pub(super) struct Source<O: Paged> {
    sender: Arc<dyn Sender>,
    list: O,
    /// The options of each request.
    options: Option<Arc<CallOptions>>,
    prefetch: bool,
    ahead: Option<Ahead<O::Item>>,
}

impl<O: Paged> Source<O> {
    pub(super) fn new(sender: Arc<dyn Sender>, list: O) -> Self {
        Self {
            sender,
            list,
            options: None,
            prefetch: false,
            ahead: None,
        }
    }

    /// A new source for the same list.
    pub(super) fn alike(&self) -> Self {
        Self {
            options: self.options.clone(),
            ..Self::new(Arc::clone(&self.sender), self.list.clone())
        }
    }

    /// Replaces the list, for another type of items.
    pub(super) fn map<P: Paged>(self, f: impl FnOnce(O) -> P) -> Source<P> {
        Source {
            sender: self.sender,
            list: f(self.list),
            options: self.options,
            prefetch: self.prefetch,
            ahead: None,
        }
    }

    pub(super) fn prefetch(&mut self, prefetch: bool) {
        self.prefetch = prefetch;
    }

    /// Replaces the options of each request.
    pub(super) fn set_options(&mut self, options: Arc<CallOptions>) {
        self.options = Some(options);
    }

    /// Changes the options of each request.
    pub(super) fn change_options(&mut self, f: impl FnOnce(CallOptions) -> CallOptions) {
        let options = Arc::make_mut(self.options.get_or_insert_default());
        *options = f(std::mem::take(options));
    }

    pub(super) fn metadata(&self) -> &'static Metadata {
        self.list.metadata()
    }

    /// The total timeout of one call with the options.
    pub(super) fn time(&self) -> Duration {
        let of_client = self.sender.client().total_timeout();
        let options = self.options.as_ref();
        options.map_or(of_client, |options| options.timeout_or(of_client))
    }

    /// A copy of the call, to be changed for one request.
    pub(super) fn call(&self) -> O {
        self.list.clone()
    }

    /// Builds the request of a call.
    pub(super) fn request(
        &self,
        cursor: &mut O::Cursor,
        page: u64,
        call: &O,
    ) -> Result<Request<Bytes>, Error> {
        let base_url = self.sender.client().base_url();
        let request = cursor.request(page, base_url, &|| call.request());
        request.map_err(|error| error.with_operation(self.metadata()))
    }

    /// Sends a request, unless the same request is in flight already.
    pub(super) async fn fetch(
        &mut self,
        call: O,
        request: Request<Bytes>,
    ) -> Result<Page<O::Item>, Error> {
        self.ahead
            .take_if(|ahead| !ahead.is_for(&Target::of(&request)));
        match &mut self.ahead {
            Some(ahead) => {
                let answer = ahead.answer().await;
                self.ahead = None;
                answer.map_err(|error| error.with_operation(self.metadata()))
            }
            None => self.send(call, request).await,
        }
    }

    /// Whether a page is to be requested in advance.
    pub(super) fn wants_ahead(&self) -> bool {
        self.prefetch && self.ahead.is_none()
    }

    /// Sends a request in advance.
    pub(super) fn fetch_ahead(&mut self, call: O, request: Request<Bytes>) {
        let target = Target::of(&request);
        let sending = self.send(call, request);
        self.ahead = Ahead::start(target, sending);
    }

    /// Sends a request with the options. The future does not borrow, so that a task can run it.
    fn send(
        &self,
        call: O,
        request: Request<Bytes>,
    ) -> impl Future<Output = Result<Page<O::Item>, Error>> + Send + use<O> {
        send(
            Arc::clone(&self.sender),
            call,
            request,
            self.options.clone(),
        )
    }
}

/// Sends one request and reads its answer.
async fn send<O: Paged>(
    sender: Arc<dyn Sender>,
    call: O,
    mut request: Request<Bytes>,
    options: Option<Arc<CallOptions>>,
) -> Result<Page<O::Item>, Error> {
    let metadata = call.metadata();
    let with_name = |error: Error| error.with_operation(metadata);
    sender.prepare(metadata, &mut request).map_err(with_name)?;
    if let Some(options) = options {
        CallOptions::attach_shared(options, &mut request).map_err(with_name)?;
    }
    let response = sender.client().execute(metadata, request).await?;
    let response = sender.receive(metadata, response);
    let reports = Reports::of(&response).unwrap_or_default();
    let mut page = O::page(Client::read(&call, response).await?);
    page.odd = reports.take();
    Ok(page)
}
