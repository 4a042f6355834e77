//! Creates products and walks the list of them.
//!
//! `cargo run -p nicechat-api --example walk`

use common_transport::BoxError;
use nicechat_api::{Client, Credentials, products};
use shopwire_sandbox::{Options, Sandbox};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    // The sandbox stands in for the service.
    let sandbox = Sandbox::start(Options::default()).await?;
    let service = sandbox.nicechat();
    let client = Client::builder(Credentials::new(service.api_key(), service.api_secret()))
        .base_url(service.url().parse()?)
        .build()?;
    for id in ["A-1", "A-2", "A-3"] {
        client.products().create(id).await?;
    }
    let mut products = client.pages(products::List::new()).items();
    let mut ids = Vec::new();
    while let Some(product) = products.next().await? {
        ids.extend(product.id);
    }
    ids.sort();
    assert_eq!(ids, ["A-1", "A-2", "A-3"]);
    println!("{ids:?}");
    Ok(())
}

#[test]
fn it_runs() -> Result<(), BoxError> {
    main()
}
