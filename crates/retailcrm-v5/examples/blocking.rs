//! A call by a blocking client: written and read by this crate, sent by ureq. Works without the `client` feature.
//!
//! `cargo run -p retailcrm-v5 --example blocking`

use bytes::Bytes;
use common_transport::BoxError;
use http::Response;
use retailcrm_v5::{
    Authentication, Authorize, BaseUrl, KeyPlace, Operation, orders, orders::Order,
};
use shopwire_sandbox::{Options, Sandbox};

fn main() -> Result<(), BoxError> {
    // The sandbox stands in for the service; only it needs a runtime.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let sandbox = runtime.block_on(Sandbox::start(Options::default()))?;
    let service = sandbox.retailcrm();
    let base_url = service.url().parse()?;
    for place in [KeyPlace::Header, KeyPlace::Parameter] {
        let authentication = Authentication::new(service.api_key(), place);
        let create = orders::Create::new(Order::new().number("A-1"));
        let created = send(&agent(), &base_url, &authentication, &create)?;
        assert_eq!(created.success, Some(true));
    }
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
