//! The operation that is called.

use bytes::Bytes;
use common_transport::{Error, Idempotency, Metadata, Operation};
use http::{Method, Request, Response};

static ORDERS: Metadata = Metadata::new(
    "demo",
    "orders.list",
    Method::GET,
    "/api/v5/orders",
    Idempotency::Idempotent,
);

pub(crate) struct Orders {
    pub(crate) page: u32,
}

impl Operation for Orders {
    type Output = usize;

    fn metadata(&self) -> &'static Metadata {
        &ORDERS
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        let uri = format!("/api/v5/orders?page={}", self.page);
        Ok(Request::get(uri).body(Bytes::new()).expect("a valid URI"))
    }

    fn decode(&self, response: Response<Bytes>) -> Result<usize, Error> {
        Ok(response.body().len())
    }
}
