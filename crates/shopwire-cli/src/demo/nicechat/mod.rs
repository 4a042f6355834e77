//! NiceChat: a catalogue in all three signed forms, a feed that is imported while its callback arrives, orders.

mod catalog;
mod feed;
mod orders;

use shopwire::nicechat::{Client, Credentials, Encoding, products::Product};
use shopwire_sandbox::NiceChat;

use super::{
    Sale, Stop, base_url,
    goods::{FEED, GOODS},
    shop::Shop,
    transcript::Transcript,
};

/// Runs the chapter; returns the listed products and the orders.
pub(super) async fn tour(
    transcript: &mut Transcript,
    json: &Client,
    service: &NiceChat,
    shop: &mut Shop,
) -> Result<(Vec<Product>, Vec<Sale>), Stop> {
    transcript.chapter("nicechat", "NiceChat: signed REST");
    let clients = [
        ("JSON, headers", json.clone()),
        ("form, headers", client(service, Encoding::FormWithHeaders)?),
        (
            "form, parameters",
            client(service, Encoding::FormWithParameters)?,
        ),
    ];
    refusals(transcript, service).await?;
    catalog::create_categories(transcript, &clients).await?;
    catalog::create_products(transcript, &clients).await?;
    catalog::change(transcript, json).await?;
    let left = GOODS.len() - 1;
    let listed = catalog::walk(transcript, json).await?;
    transcript.check(
        format!("the pages hold all {left} products, each once"),
        listed.len() == left,
    );
    transcript.check(
        "every price came back to the digit",
        GOODS.iter().all(|goods| catalog::has_price(&listed, goods)),
    );
    feed::import(transcript, json, shop).await?;
    let listed = catalog::walk(transcript, json).await?;
    transcript.check(
        "the pages hold the feed's products too",
        listed.len() == left + FEED.len()
            && FEED.iter().all(|goods| catalog::has_price(&listed, goods)),
    );
    let sales = orders::sales(transcript, json).await?;
    Ok((listed, sales))
}

fn client(service: &NiceChat, encoding: Encoding) -> Result<Client, Stop> {
    let credentials = Credentials::new(service.api_key(), service.api_secret());
    Ok(Client::builder(credentials)
        .base_url(base_url(&service.url())?)
        .encoding(encoding)
        .build()?)
}

async fn refusals(transcript: &mut Transcript, service: &NiceChat) -> Result<(), Stop> {
    let credentials = Credentials::new(service.api_key(), "no-such-secret");
    let stranger = Client::builder(credentials)
        .base_url(base_url(&service.url())?)
        .build()?;
    let call = stranger.products().list();
    let refusal = transcript
        .refusal("products.list, with a wrong secret", call)
        .await;
    transcript.check(
        "a wrong signature is refused as such",
        refusal.is_some_and(|error| error.is_auth()),
    );
    Ok(())
}
