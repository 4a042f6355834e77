//! The receivers of the services over one inbox.

use std::sync::Arc;

use common_api::receive::{Counts, ResponseFuture};
use http::Request;
use hyper::body::Incoming;
use shopwire::{
    durable::Inbox, inbox::InboxStore, nicechat::feed, retailcrm::webhooks, uvygoda::events,
};
use tower_service::Service as _;

use crate::{args::Service, config::Hook};

/// The receivers. Clones share them.
#[derive(Clone)]
pub(super) struct Receivers(Arc<[Named]>);

/// A receiver with its names.
pub(super) struct Named {
    /// The service, and the first segment of the path.
    pub(super) name: &'static str,
    /// The source in the inbox.
    pub(super) source: String,
    receiver: Receiver,
}

#[derive(Clone)]
enum Receiver {
    Nicechat(feed::Receiver<InboxStore>),
    Uvygoda(events::Receiver<InboxStore>),
    Retailcrm(webhooks::NoticeReceiver<InboxStore>),
}

impl Receivers {
    pub(super) fn new(hooks: Vec<Hook>, inbox: &Inbox) -> Self {
        Self(
            hooks
                .into_iter()
                .map(|hook| Named::new(hook, inbox))
                .collect(),
        )
    }

    pub(super) fn all(&self) -> &[Named] {
        &self.0
    }

    /// The receiver whose name the path begins with.
    pub(super) fn find(&self, path: &str) -> Option<&Named> {
        let path = path.trim_start_matches('/');
        let first = path.split('/').next().unwrap_or_default();
        self.0.iter().find(|named| named.name == first)
    }

    /// Waits until nothing is being read or stored.
    pub(super) async fn drain(&self) {
        for named in self.all() {
            match &named.receiver {
                Receiver::Nicechat(receiver) => receiver.drain().await,
                Receiver::Uvygoda(receiver) => receiver.drain().await,
                Receiver::Retailcrm(receiver) => receiver.drain().await,
            }
        }
    }
}

impl Named {
    /// Hands the request to the receiver. It has taken it over when this function returns: hyper may drop the future
    /// before its first poll.
    pub(super) fn receive(&self, request: Request<Incoming>) -> ResponseFuture {
        self.receiver.clone().call(request)
    }

    fn new(hook: Hook, inbox: &Inbox) -> Self {
        let (name, source) = (hook.name(), hook.source());
        let store = InboxStore::new(inbox.clone());
        let receiver = match hook.service {
            Service::Nicechat => {
                Receiver::Nicechat(feed::Receiver::new(hook.secret, store).source(&source))
            }
            Service::Uvygoda => Receiver::Uvygoda(
                events::Receiver::new(hook.secret, store)
                    .format(hook.rules)
                    .source(&source),
            ),
            Service::Retailcrm => Receiver::Retailcrm(
                webhooks::NoticeReceiver::new(hook.secret, store).source(&source),
            ),
        };
        Self {
            name,
            source,
            receiver,
        }
    }

    pub(super) fn counts(&self) -> Counts {
        match &self.receiver {
            Receiver::Nicechat(receiver) => receiver.counts(),
            Receiver::Uvygoda(receiver) => receiver.counts(),
            Receiver::Retailcrm(receiver) => receiver.counts(),
        }
    }
}

impl Receiver {
    fn call(&mut self, request: Request<Incoming>) -> ResponseFuture {
        match self {
            Self::Nicechat(receiver) => receiver.call(request),
            Self::Uvygoda(receiver) => receiver.call(request),
            Self::Retailcrm(receiver) => receiver.call(request),
        }
    }
}
