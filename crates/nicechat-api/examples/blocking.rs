//! A call by a blocking client: signed and read by this crate, sent by ureq. Works without the `client` feature.
//!
//! `cargo run -p nicechat-api --example blocking`

use bytes::Bytes;
use common_transport::BoxError;
use http::Response;
use nicechat_api::{
    Authentication, Authorize, BaseUrl, Credentials, Encoding, Operation, Signer, products,
};
use shopwire_sandbox::{Options, Sandbox};

fn main() -> Result<(), BoxError> {
    // The sandbox stands in for the service; only it needs a runtime.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let sandbox = runtime.block_on(Sandbox::start(Options::default()))?;
    let service = sandbox.nicechat();
    let base_url = service.url().parse()?;
    let credentials = Credentials::new(service.api_key(), service.api_secret());
    let authentication = Authentication::new(Signer::new(credentials), Encoding::FormWithHeaders);

    let create = products::Create::new("A-1").title("Плед");
    let created = send(&agent(), &base_url, &authentication, &create)?;
    assert_eq!(created.code, Some(201));
    let list = send(&agent(), &base_url, &authentication, &products::List::new())?;
    let products = list
        .result
        .and_then(|page| page.results)
        .unwrap_or_default();
    assert_eq!(products[0].title.as_deref(), Some("Плед"));
    println!("{products:?}");
    Ok(())
}

/// Sends any operation by a blocking client.
fn send<O: Operation>(
    agent: &ureq::Agent,
    base_url: &BaseUrl,
    authentication: &Authentication,
    operation: &O,
) -> Result<O::Output, BoxError> {
    let mut request = operation.request()?;
    authentication.encode(&mut request)?;
    base_url.apply(&mut request)?;
    // The last step: the credentials are those of the request as it is sent.
    authentication.authorize(&mut request)?;
    let response = agent.run(request.map(|body| body.to_vec()))?;
    let (parts, mut body) = response.into_parts();
    let body = Bytes::from(body.read_to_vec()?);
    Ok(operation.decode(Response::from_parts(parts, body))?)
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        // An operation reads every status itself.
        .http_status_as_error(false)
        .max_redirects(0)
        .build();
    ureq::Agent::new_with_config(config)
}

#[test]
fn it_runs() -> Result<(), BoxError> {
    main()
}
