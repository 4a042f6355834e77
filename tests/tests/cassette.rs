//! A recording of all three services on the sandbox, played without it.

use std::{fs, path::PathBuf};

use common_api::cassette::{Cassette, Player, Recorder};
use common_transport::BaseUrl;
use nicechat_api::{Credentials, Encoding, Signer};
use retailcrm_v5::{By, files, orders};
use shopwire::{Config, Shopwire, nicechat, uvygoda};
use shopwire_sandbox::{Options, Sandbox};
use shopwire_tests::config;

/// A file in a folder of its own, which is removed at the end.
struct Tape(PathBuf);

impl Tape {
    fn new(name: &str) -> Self {
        let name = format!("shopwire-c5-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self) -> PathBuf {
        self.0.join("tape.jsonl")
    }

    fn player(&self) -> Player {
        Cassette::read(self.file()).unwrap().player()
    }
}

impl Drop for Tape {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A bit of a merchant's day over the three services: writes, reads, walks, files, refusals. What it saw, as text.
async fn day(shopwire: &Shopwire) -> String {
    let mut seen = Vec::new();
    let nicechat = shopwire.nicechat().unwrap();
    for number in 1..=3 {
        let category = nicechat
            .categories()
            .create(format!("C {number}"), "Пледы")
            .await;
        seen.push(format!("{:?}", category.unwrap()));
    }
    let conflict = nicechat.categories().create("C 1", "x").await.unwrap_err();
    seen.push(format!("{:?} {}", conflict.kind(), conflict.message()));
    let mut categories = nicechat.pages(nicechat::categories::List::new()).items();
    while let Some(category) = categories.next().await.unwrap() {
        seen.push(format!("{category:?}"));
    }
    let uvygoda = shopwire.uvygoda();
    // They differ in a header alone.
    seen.push(format!("{:?}", uvygoda.orders().stages().await.unwrap()));
    seen.push(format!(
        "{:?}",
        uvygoda.orders().order_properties().await.unwrap()
    ));
    let sections = uvygoda
        .catalog()
        .sections(uvygoda::SectionFilter::All)
        .await;
    seen.push(format!("{:?}", sections.unwrap()));

    let retailcrm = shopwire.retailcrm().unwrap();
    for number in 1..=2 {
        let order = orders::Order::new()
            .external_id(format!("a-{number}"))
            .first_name("Фома");
        let created = retailcrm.orders().create(order).await.unwrap();
        seen.push(format!("{:?}", created.id));
        let found = retailcrm
            .orders()
            .get(By::id(created.id.unwrap()))
            .await
            .unwrap();
        seen.push(format!("{found:?}"));
    }
    seen.push(format!(
        "{:?}",
        retailcrm.orders().get("none").await.unwrap_err().kind()
    ));
    let mut pages = retailcrm.pages(orders::List::new().limit(20));
    while let Some(page) = pages.next().await.unwrap() {
        seen.push(format!("{:?}", page.items));
    }
    let mut changes = retailcrm.changes(orders::ListHistory::new(), None);
    while let Some(portion) = changes.next().await.unwrap() {
        seen.push(format!("{:?}", portion.items));
    }
    let uploaded = retailcrm
        .files()
        .upload(&b"\xff\x00bytes"[..])
        .await
        .unwrap();
    let id = uploaded.file.unwrap().id.unwrap();
    let file = retailcrm.call(files::Download::new(id)).await.unwrap();
    seen.push(format!("{file:?}"));
    seen.join("\n")
}

fn over(config: &Config, player: &Player) -> Shopwire {
    let config = config.clone();
    Shopwire::new(&config.client(|client| client.service(player.clone()))).unwrap()
}

#[tokio::test]
async fn c5_all_three_services_play_back_without_a_sandbox() {
    let tape = Tape::new("three");
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let live = config(&sandbox);
    let recorder = Recorder::open(tape.file()).unwrap();
    let recorded = live.clone();
    let recorded = Shopwire::new(&recorded.client(|client| client.layer(recorder.clone())));
    let seen = day(&recorded.unwrap()).await;
    recorder.finish().unwrap();
    let secrets = [
        sandbox.nicechat().api_key(),
        sandbox.nicechat().api_secret(),
        sandbox.uvygoda().token().to_owned(),
        sandbox.retailcrm().api_key(),
    ];
    drop(sandbox);
    let text = fs::read_to_string(tape.file()).unwrap();
    for secret in &secrets {
        assert!(secret.len() > 4 && !text.contains(secret), "{text}");
    }
    // No signature either: each is 64 digits.
    let digits = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    assert!(!text.split('"').any(digits), "{text}");

    // With other credentials: those of the recording are not in it.
    let player = tape.player();
    let url = |url: Option<BaseUrl>| url.unwrap();
    let other = Config::new()
        .nicechat("other-key", "other-secret")
        .nicechat_url(url(live.nicechat.url.clone()))
        .uvygoda("other-token")
        .uvygoda_url(url(live.uvygoda.url.clone()))
        .retailcrm(url(live.retailcrm.url.clone()), "other-api-key");
    assert_eq!(day(&over(&other, &player)).await, seen);
    assert_eq!(player.left(), 0);
    // A second day was not recorded.
    let error = over(&other, &player)
        .uvygoda()
        .orders()
        .stages()
        .await
        .unwrap_err();
    assert!(
        error.is_invalid_input() && error.to_string().contains("recorded once"),
        "{error}"
    );
}

#[tokio::test]
async fn c5_signatures_in_parameters_of_any_name_are_neither_kept_nor_compared() {
    for encoding in [
        Encoding::JsonWithHeaders,
        Encoding::FormWithHeaders,
        Encoding::FormWithParameters,
        Encoding::MultipartWithHeaders,
        Encoding::MultipartWithParameters,
    ] {
        let tape = Tape::new(&format!("{encoding:?}"));
        let recorder = Recorder::open(tape.file()).unwrap();
        let client = |key: &str, transport: Box<dyn FnOnce(_) -> _>| {
            let names = nicechat_sign::Names::default()
                .key_header("x-odd")
                .signature_header("x-strange")
                .key_parameter("odd")
                .signature_parameter("strange");
            let signer =
                Signer::new(Credentials::new(key, format!("{key}-secret"))).with_names(names);
            nicechat::Client::builder(Credentials::new(key, key))
                .signer(signer)
                .encoding(encoding)
                .transport(transport)
                .build()
                .unwrap()
        };
        let layer = recorder.clone();
        let answered = tower::service_fn(async |_: http::Request<bytes::Bytes>| {
            let json = r#"{"status":"ok","code":200,"result":{"id":"PQ1"}}"#;
            Ok::<_, std::io::Error>(http::Response::new(bytes::Bytes::from(json)))
        });
        let live = client(
            "first-key",
            Box::new(move |transport: common_transport::ClientBuilder| {
                transport.layer(layer).service(answered)
            }),
        );
        let run = async |client: &nicechat::Client| {
            client.products().list().await.unwrap();
            let create = client.products().create("PQ1");
            create.with(|product| product.title("Плед")).await.unwrap();
        };
        run(&live).await;
        let text = fs::read_to_string(tape.file()).unwrap();
        let mut digits = 0;
        for byte in text.bytes() {
            digits = if byte.is_ascii_hexdigit() {
                digits + 1
            } else {
                0
            };
            assert!(digits < 64, "{encoding:?}: {text}");
        }
        assert!(!text.contains("first-key"), "{encoding:?}: {text}");
        let player = tape.player();
        let service = player.clone();
        let play = client(
            "second-key",
            Box::new(move |transport: common_transport::ClientBuilder| transport.service(service)),
        );
        run(&play).await;
        assert_eq!(player.left(), 0, "{encoding:?}");
    }
}
