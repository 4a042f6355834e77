//! Sending the requests of a walk or a reading.

use std::{sync::Arc, time::Duration};

use crate::Sender;
use bytes::Bytes;
use common_transport::{Client, Error, Metadata};
use http::Request;

use super::{
    Cursor as _, Page, Paged,
    ahead::{Ahead, Target},
};
use crate::Reports;

/// The client, the list, and perhaps a page that is on its way.
pub(super) struct Source<O: Paged> {
    sender: Arc<dyn Sender>,
    list: O,
    prefetch: bool,
    ahead: Option<Ahead<O::Item>>,
}

impl<O: Paged> Source<O> {
    pub(super) fn new(sender: Arc<dyn Sender>, list: O) -> Self {
        Self {
            sender,
            list,
            prefetch: false,
            ahead: None,
        }
    }

    /// Another one for the same list.
    pub(super) fn alike(&self) -> Self {
        Self::new(Arc::clone(&self.sender), self.list.clone())
    }

    /// The same for another kind of items.
    pub(super) fn map<P: Paged>(self, f: impl FnOnce(O) -> P) -> Source<P> {
        Source {
            sender: self.sender,
            list: f(self.list),
            prefetch: self.prefetch,
            ahead: None,
        }
    }

    pub(super) fn prefetch(&mut self, prefetch: bool) {
        self.prefetch = prefetch;
    }

    pub(super) fn metadata(&self) -> &'static Metadata {
        self.list.metadata()
    }

    /// How long one call may take.
    pub(super) fn time(&self) -> Duration {
        self.sender.client().total_timeout()
    }

    /// The call as it was given, to be changed for one request.
    pub(super) fn call(&self) -> O {
        self.list.clone()
    }

    /// The request of a call.
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

    /// Sends a request, unless it is on its way already.
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
            None => send(Arc::clone(&self.sender), call, request).await,
        }
    }

    /// Whether a page is to be asked for before it is wanted.
    pub(super) fn wants_ahead(&self) -> bool {
        self.prefetch && self.ahead.is_none()
    }

    /// Sends a request now that is wanted later.
    pub(super) fn fetch_ahead(&mut self, call: O, request: Request<Bytes>) {
        let target = Target::of(&request);
        let sending = send(Arc::clone(&self.sender), call, request);
        self.ahead = Ahead::start(target, sending);
    }
}

/// Sends one request and reads its answer.
async fn send<O: Paged>(
    sender: Arc<dyn Sender>,
    call: O,
    mut request: Request<Bytes>,
) -> Result<Page<O::Item>, Error> {
    let metadata = call.metadata();
    sender
        .prepare(metadata, &mut request)
        .map_err(|error| error.with_operation(metadata))?;
    let response = sender.client().execute(metadata, request).await?;
    let response = sender.receive(metadata, response);
    let reports = Reports::of(&response).unwrap_or_default();
    let mut page = O::page(Client::read(&call, response).await?);
    page.odd = reports.take();
    Ok(page)
}
