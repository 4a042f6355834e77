//! A receiver in an axum router.
//!
//! `cargo run -p retailcrm-v5 --example receiver`

use axum::Router;
use common_transport::BoxError;
use retailcrm_v5::{
    Decimal,
    webhooks::{
        self, CalculateResponse, DeliveryCalculate, ModuleAnswer, Refusal, ResponseCalculate,
    },
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let receiver = webhooks::receiver("path-secret-1", async |asked: DeliveryCalculate| {
        if asked.client_id.as_deref() != Some("account-7") {
            return Err(Refusal::new("unknown account"));
        }
        let courier = ResponseCalculate::new()
            .code("courier")
            .cost(Decimal::from(350));
        Ok(ModuleAnswer::json(
            CalculateResponse::new().success(true).result([courier]),
        ))
    });
    let router = Router::new().route_service("/hooks/{secret}", receiver.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });

    let url = format!("http://{address}/hooks/path-secret-1");
    let (status, text) = tokio::task::spawn_blocking(move || post(&url)).await??;
    assert_eq!(status, 200);
    assert!(text.contains("courier"), "{text}");
    println!("{status} {text}");

    // A wrong path gets 404 and no details.
    let url = format!("http://{address}/hooks/guess");
    let (status, _) = tokio::task::spawn_blocking(move || post(&url)).await??;
    assert_eq!(status, 404);

    // Call it before the program ends.
    receiver.drain().await;
    Ok(())
}

/// What the service does.
fn post(url: &str) -> Result<(u16, String), BoxError> {
    let config = ureq::Agent::config_builder().http_status_as_error(false);
    let agent = ureq::Agent::new_with_config(config.build());
    let body = r#"clientId=account-7&calculate=%7B%7D"#;
    let request = agent
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded");
    let mut response = request.send(body)?;
    Ok((
        response.status().as_u16(),
        response.body_mut().read_to_string()?,
    ))
}

#[test]
fn it_runs() -> Result<(), BoxError> {
    main()
}
