//! NiceChat, emulated: a REST API whose every request is signed.

mod api;
mod callback;
mod envelope;
mod feed;
mod gate;
mod image;
mod import;
mod imports;
mod orders;
mod page;
mod payload;
mod shop;
mod store;

use std::fmt;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use nicechat_sign::Credentials;
use serde_json::Value;

use crate::callbacks::Callbacks;
use crate::fault::Faults;
use crate::options::Options;
use crate::random;
use crate::requests::Requests;
use crate::server::Server;
use crate::service::Service;
use shop::Shop;

/// The emulated NiceChat: one account with its categories, products, orders and feed imports.
pub struct NiceChat {
    server: Server,
    shop: Arc<Shop>,
    api_key: String,
    api_secret: String,
}

impl NiceChat {
    pub(crate) async fn start(options: &Options) -> io::Result<Self> {
        let (api_key, api_secret) = (random::token(16), random::token(32));
        let credentials = Credentials::new(api_key.as_str(), api_secret.as_str());
        let faults = Faults::default();
        let shop = Arc::new(Shop::new(credentials, faults.clone(), options));
        let server =
            Server::start(options.nicechat.port, faults, Arc::new(Front(shop.clone()))).await?;
        Ok(Self {
            server,
            shop,
            api_key,
            api_secret,
        })
    }

    pub(crate) async fn stop(&self) {
        self.server.stop().await;
        self.shop.background.stop();
    }

    /// Base URL, without a slash at the end.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The API-Key, different in every sandbox.
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// The API-Secret, different in every sandbox.
    pub fn api_secret(&self) -> &str {
        &self.api_secret
    }

    /// The faults that wait for their request or callback.
    pub fn faults(&self) -> &Faults {
        self.server.faults()
    }

    /// What was received.
    pub fn requests(&self) -> &Requests {
        self.server.requests()
    }

    /// What became of the callbacks of feed imports.
    pub fn callbacks(&self) -> &Callbacks {
        &self.shop.callbacks
    }

    /// How many products there are.
    pub fn product_count(&self) -> usize {
        self.shop.catalog().products.len()
    }

    /// How many categories there are.
    pub fn category_count(&self) -> usize {
        self.shop.catalog().categories.len()
    }

    /// A product as JSON, as a list would show it.
    pub fn product(&self, id: &str) -> Option<String> {
        self.shop.catalog().products.find(id).map(Value::to_string)
    }
}

impl fmt::Debug for NiceChat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NiceChat")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

/// The shop as the server sees it.
struct Front(Arc<Shop>);

impl Service for Front {
    fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        api::answer(&self.0, request).unwrap_or_else(envelope::Refusal::into_response)
    }
}

#[cfg(test)]
mod tests;
