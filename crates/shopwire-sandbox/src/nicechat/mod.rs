//! The emulated NiceChat: a REST API with a signature on every request.

mod api;
mod by_hand;
mod callback;
mod envelope;
mod feed;
mod gate;
mod generated;
mod image;
mod import;
mod imports;
mod orders;
mod page;
mod payload;
mod reasons;
mod saved;
mod shop;
mod signature;
mod store;
mod whole;

use std::fmt;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response};
use serde_json::Value;

use crate::bundled;
use crate::fault::Faults;
use crate::invalid::Invalid;
use crate::journal::{Exchange, Notes, SignatureExplanation};
use crate::names::ServiceName;
use crate::options::Options;
use crate::parts::Parts;
use crate::requests::Requests;
use crate::schema::Route;
use crate::server::Server;
use crate::service::Service;
use crate::webhooks::{Callbacks, NewWebhook, Webhook};
use shop::Shop;

pub(crate) use saved::Saved;
pub(crate) use shop::Shop as State;

/// The emulated NiceChat: one account with its categories, products, orders and feed imports.
pub struct NiceChat {
    server: Server,
    shop: Arc<Shop>,
    callbacks: Callbacks,
}

impl NiceChat {
    /// The OpenAPI 3.1 description of NiceChat, as JSON. The sandbox checks requests by it.
    pub const OPENAPI: &'static str = bundled::NICECHAT;

    pub(crate) async fn start(options: &Options, parts: &Parts) -> io::Result<Self> {
        let faults = parts.faults(ServiceName::NiceChat);
        let shop = Arc::new(Shop::new(faults.clone(), options, parts));
        let requests = parts.requests(ServiceName::NiceChat);
        let front = Arc::new(Front(shop.clone()));
        let server = Server::start(options.nicechat.port, faults, requests, front).await?;
        let callbacks = Callbacks::new(parts.webhooks.clone(), ServiceName::NiceChat);
        Ok(Self {
            server,
            shop,
            callbacks,
        })
    }

    /// The state, for the parts of the sandbox.
    pub(crate) fn state(&self) -> &Arc<Shop> {
        &self.shop
    }

    pub(crate) async fn stop(&self) {
        self.server.stop().await;
        self.shop.background.stop();
    }

    /// Returns the base URL, without a trailing slash.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Returns the API key, which is different in every sandbox without a seed.
    pub fn api_key(&self) -> String {
        self.shop.data().keys.api_key.clone()
    }

    /// Returns the API secret, which is different in every sandbox without a seed.
    pub fn api_secret(&self) -> String {
        self.shop.data().keys.api_secret.clone()
    }

    /// Returns the faults.
    pub fn faults(&self) -> &Faults {
        self.server.faults()
    }

    /// Returns the requests that were received.
    pub fn requests(&self) -> &Requests {
        self.server.requests()
    }

    /// Returns the counters of callbacks of feed imports.
    pub fn callbacks(&self) -> &Callbacks {
        &self.callbacks
    }

    /// Posts a callback by hand.
    pub(crate) fn send(&self, order: NewWebhook) -> Result<Webhook, Invalid> {
        by_hand::send(&self.shop, order)
    }

    /// Explains the signature of an exchange; `None` if there is nothing to explain.
    pub(crate) fn explain(&self, exchange: &Exchange) -> Option<SignatureExplanation> {
        signature::explain(&self.shop, exchange)
    }

    /// Returns the number of products.
    pub fn product_count(&self) -> usize {
        self.shop.data().products.len()
    }

    /// Returns the number of categories.
    pub fn category_count(&self) -> usize {
        self.shop.data().categories.len()
    }

    /// Returns a product as JSON, in the form of a list's element.
    pub fn product(&self, id: &str) -> Option<String> {
        self.shop.data().products.find(id).map(Value::to_string)
    }
}

impl fmt::Debug for NiceChat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NiceChat")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

/// The service in front of the shop.
struct Front(Arc<Shop>);

impl Service for Front {
    fn operation(&self, method: &Method, path: &str, _: &HeaderMap) -> Option<&'static str> {
        match self.0.description.route(method, path) {
            Route::Found(operation, _) => Some(operation.id()),
            Route::WrongMethod | Route::Unknown => None,
        }
    }

    fn answer(&self, request: Request<Bytes>, notes: &mut Notes) -> Response<Bytes> {
        api::answer(&self.0, request, notes).unwrap_or_else(envelope::Refusal::into_response)
    }
}

#[cfg(test)]
mod tests;
