//! Uvygoda: a token, a section, cards at price × 1.18, moderation, and the orders that come by webhook.

mod cards;
mod events;
mod section;
mod webhook;

use common_transport::Secret;
use shopwire::{nicechat::products::Product, uvygoda::Client};
use shopwire_sandbox::Uvygoda;

use super::{Sale, Stop, base_url, shop::Shop, transcript::Transcript};

/// Runs the chapter; returns the received orders.
pub(super) async fn tour(
    transcript: &mut Transcript,
    service: &Uvygoda,
    shop: &mut Shop,
    products: &[Product],
) -> Result<Vec<Sale>, Stop> {
    transcript.chapter("uvygoda", "Uvygoda: RPC by header");
    let client = sign_in(transcript, service).await?;
    look_around(transcript, &client).await?;
    let section = section::find_section(transcript, &client).await?;
    let properties = section::properties(transcript, &client, section).await?;
    let hook = shop.webhook_url();
    transcript
        .call("setWebHook", client.webhooks().set(hook), |_| {
            "events come to the shop".into()
        })
        .await?;
    let cards = cards::add_cards(transcript, &client, section, &properties, products).await?;
    cards::publish(transcript, &client, shop, &cards).await?;
    cards::update(transcript, &client, cards[0].id).await?;
    let sale = events::order(transcript, service, shop, &cards).await?;
    Ok(vec![sale])
}

/// Gets a token for login and password, and builds a client with it.
async fn sign_in(transcript: &mut Transcript, service: &Uvygoda) -> Result<Client, Stop> {
    let url = base_url(&service.url())?;
    let stranger = Client::builder().base_url(url.clone()).build()?;
    let call = stranger.access().token(service.login(), service.password());
    let answer = transcript
        .call("getToken", call, |_| "a token, never to be shown".into())
        .await?;
    let token = answer.token.ok_or(Stop::Missing("token in the answer"))?;
    let liar = Client::builder()
        .base_url(url.clone())
        .token(Secret::new("no-such-token"))
        .build()?;
    let refusal = transcript
        .refusal("getStages, with a wrong token", liar.orders().stages())
        .await;
    transcript.check(
        "a wrong token is refused as such",
        refusal.is_some_and(|error| error.is_service()),
    );
    Ok(Client::builder()
        .base_url(url)
        .token(token.expose())
        .build()?)
}

async fn look_around(transcript: &mut Transcript, client: &Client) -> Result<(), Stop> {
    let stages = transcript
        .call("getStages", client.orders().stages(), |answer| {
            format!(
                "{} statuses of shipments",
                answer.stages.as_ref().map_or(0, |stages| stages.len())
            )
        })
        .await?;
    transcript.check(
        "there are statuses",
        stages.stages.is_some_and(|stages| !stages.is_empty()),
    );
    transcript
        .call(
            "getOrderProperties",
            client.orders().order_properties(),
            |answer| {
                format!(
                    "{} fields of an order",
                    answer.properties.as_ref().map_or(0, |fields| fields.len())
                )
            },
        )
        .await?;
    Ok(())
}
