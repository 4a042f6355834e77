//! The three clients as one: the shared pool, foreign stacks, secrets.

use common_transport::ErrorKind;
use shopwire::{Config, Shopwire};
use shopwire_sandbox::Options;
use shopwire_tests::{config, sandbox};

// X1
#[tokio::test]
async fn x1_calls_in_a_row_share_a_connection_and_clones_share_it_too() {
    let (sandbox, shopwire) = sandbox(Options::default()).await;
    for _ in 0..3 {
        let clone = shopwire.clone();
        clone
            .retailcrm()
            .expect("it is configured")
            .api()
            .get_credentials()
            .await
            .expect("an answer");
    }
    let requests = sandbox.retailcrm().requests();
    assert_eq!((requests.total(), requests.connections()), (3, 1));
}

#[tokio::test]
async fn a_service_without_its_settings_names_them() {
    let shopwire = Shopwire::new(&Config::new()).expect("nothing is wrong with nothing");
    let error = shopwire.nicechat().expect_err("no key pair");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("NICECHAT_API_SECRET"), "{error}");
    let error = shopwire.retailcrm().expect_err("no account");
    assert!(error.to_string().contains("RETAILCRM_URL"), "{error}");
    let error = shopwire
        .uvygoda()
        .orders()
        .stages()
        .await
        .expect_err("no token");
    assert!(
        error.is_invalid_input() && error.to_string().contains("token"),
        "{error}"
    );
}

// X7
#[tokio::test]
async fn x7_no_error_of_any_client_shows_a_key() {
    let (sandbox, shopwire) = sandbox(Options::default()).await;
    let config = config(&sandbox);
    let secrets = [
        sandbox.nicechat().api_key(),
        sandbox.nicechat().api_secret(),
        sandbox.uvygoda().token(),
        sandbox.retailcrm().api_key(),
    ];
    let mut shown = vec![format!("{config:?} {shopwire:?}")];
    let nicechat = shopwire.nicechat().expect("it is configured");
    let retailcrm = shopwire.retailcrm().expect("it is configured");
    shown.push(format!(
        "{:#?}",
        nicechat
            .products()
            .delete("none")
            .await
            .expect_err("unknown")
    ));
    shown.push(format!(
        "{:#?}",
        retailcrm.orders().get("none").await.expect_err("unknown")
    ));
    let uvygoda = shopwire.uvygoda();
    shown.push(format!(
        "{:#?}",
        uvygoda.products().info(0).await.expect_err("unknown")
    ));
    sandbox.shutdown().await;
    shown.push(format!(
        "{:#?}",
        nicechat.products().list().await.expect_err("stopped")
    ));
    shown.push(format!(
        "{:#?}",
        retailcrm.orders().list().await.expect_err("stopped")
    ));
    shown.push(format!(
        "{:#?}",
        uvygoda.orders().stages().await.expect_err("stopped")
    ));
    for text in &shown {
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{text}");
        }
    }
}

// R3, X6
#[tokio::test]
async fn x6_a_stopped_service_is_a_connection_error() {
    let (sandbox, shopwire) = sandbox(Options::default()).await;
    sandbox.shutdown().await;
    let error = shopwire
        .nicechat()
        .expect("it is configured")
        .products()
        .list()
        .await;
    let error = error.expect_err("nobody listens");
    assert!(error.is_connect(), "{error:?}");
    assert!(!error.may_have_landed());
}
