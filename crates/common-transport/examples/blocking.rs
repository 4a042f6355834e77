//! Operations without a runtime: a blocking client sends what an operation is, and the operation reads what
//! came. Nothing of the `client` feature is used.
//!
//! `cargo run -p common-transport --example blocking`

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    thread,
};

use bytes::Bytes;
use common_transport::{
    BaseUrl, BoxError, Error, ErrorKind, Idempotency, Metadata, Operation, Param, Place, path,
};
use http::{Method, Request, Response};

static ORDER: Metadata = Metadata::new(
    "demo",
    "orders.get",
    Method::GET,
    "/api/orders/{id}",
    Idempotency::Idempotent,
)
.params(&[Param::required("id", Place::Path)]);

struct GetOrder {
    id: String,
}

impl Operation for GetOrder {
    type Output = String;

    fn metadata(&self) -> &'static Metadata {
        &ORDER
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        let path = path::expand(ORDER.path, |name| (name == "id").then(|| self.id.clone()))?;
        let request = Request::get(path).body(Bytes::new());
        request
            .map_err(|error| Error::invalid_input("id", "it does not fit a URL").with_source(error))
    }

    fn decode(&self, response: Response<Bytes>) -> Result<String, Error> {
        let status = response.status();
        match status.is_success() {
            true => Ok(String::from_utf8_lossy(response.body()).into_owned()),
            false => Err(Error::new(ErrorKind::Service, "no order").with_status(status)),
        }
    }
}

/// Sends any operation by a blocking client.
fn send<O: Operation>(
    agent: &ureq::Agent,
    base: &BaseUrl,
    operation: &O,
) -> Result<O::Output, BoxError> {
    let mut request = operation.request()?;
    base.apply(&mut request)?;
    let response = agent.run(request.map(|body| body.to_vec()))?;
    let (parts, mut body) = response.into_parts();
    let body = Bytes::from(body.read_to_vec()?);
    Ok(operation.decode(Response::from_parts(parts, body))?)
}

fn main() -> Result<(), BoxError> {
    let base = format!("http://{}", serve()?).parse()?;
    let config = ureq::Agent::config_builder()
        // An operation reads every status itself.
        .http_status_as_error(false)
        .max_redirects(0)
        .build();
    let agent = ureq::Agent::new_with_config(config);
    let answer = send(&agent, &base, &GetOrder { id: "7/а".into() })?;
    assert_eq!(answer, "GET /api/orders/7%2F%D0%B0 HTTP/1.1");
    println!("{answer}");
    Ok(())
}

/// A server that answers with the first line of what it was asked.
fn serve() -> Result<SocketAddr, BoxError> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || -> std::io::Result<()> {
        let (mut socket, _) = listener.accept()?;
        let mut request = [0; 1024];
        let read = socket.read(&mut request)?;
        let text = String::from_utf8_lossy(&request[..read]);
        let line = text.lines().next().unwrap_or_default();
        write!(
            socket,
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{line}",
            line.len()
        )
    });
    Ok(address)
}

#[test]
fn it_runs() -> Result<(), BoxError> {
    main()
}
