//! Uvygoda: the one token a seller has, and its lists without pages.

use std::sync::{Arc, Mutex};

use common_transport::BoxError;
use http::Method;
use shopwire::{
    Secret,
    uvygoda::{Client, Section, SectionFilter, TokenKeeper, TokenStore, catalog::Sections},
};
use shopwire_sandbox::{Options, Sandbox};
use shopwire_tests::sandbox;

#[derive(Clone, Default)]
struct Store(Arc<Mutex<Option<Secret>>>);

impl TokenStore for Store {
    async fn load(&self) -> Result<Option<Secret>, BoxError> {
        Ok(self.0.lock().expect("unbroken").clone())
    }

    async fn save(&self, token: &Secret) -> Result<(), BoxError> {
        *self.0.lock().expect("unbroken") = Some(token.clone());
        Ok(())
    }
}

fn client(sandbox: &Sandbox, token: Option<&Secret>) -> Client {
    let url = sandbox.uvygoda().url().parse().expect("a URL");
    let builder = Client::builder().base_url(url);
    let builder = token
        .cloned()
        .into_iter()
        .fold(builder, |builder, token| builder.token(token));
    builder.build().expect("a client")
}

// U14
#[tokio::test]
async fn u14_a_new_token_is_asked_for_once_and_never_because_of_a_refusal() {
    let (sandbox, _) = sandbox(Options::default()).await;
    let issued = || {
        sandbox
            .uvygoda()
            .requests()
            .count(&Method::POST, "getToken")
    };
    let (login, pass) = (sandbox.uvygoda().login(), sandbox.uvygoda().password());
    let store = Store::default();
    let keeper = || TokenKeeper::new(client(&sandbox, None), store.clone());

    // Many callers of one process: one call.
    let shared = keeper();
    let calls = (0..20).map(|_| {
        let (keeper, login, pass) = (shared.clone(), login.clone(), pass.clone());
        tokio::spawn(async move { keeper.token(login, pass).await.expect("a token") })
    });
    let mut tokens = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        tokens.push(call.await.expect("it ran").expose().to_owned());
    }
    tokens.dedup();
    assert_eq!((tokens.len(), issued()), (1, 1));
    let old = keeper()
        .token(login.clone(), pass.clone())
        .await
        .expect("the stored one");
    assert_eq!(
        (old.expose(), issued()),
        (&*tokens[0], 1),
        "the next process uses it"
    );

    // Another program renews it: the old one is void, and nothing is asked for on its own.
    let other = TokenKeeper::new(client(&sandbox, None), Store::default());
    other
        .renew(login.clone(), pass.clone())
        .await
        .expect("a new one");
    for _ in 0..3 {
        let refused = client(&sandbox, Some(&old)).orders().stages().await;
        refused.expect_err("it is void");
        keeper()
            .token(login.clone(), pass.clone())
            .await
            .expect("the stored one");
    }
    assert_eq!(issued(), 2);

    // With consent.
    let new = keeper().renew(login, pass).await.expect("a new one");
    assert!(client(&sandbox, Some(&new)).orders().stages().await.is_ok());
    assert_eq!(issued(), 3);
}

// U33
#[tokio::test]
async fn u33_a_list_comes_in_one_answer_item_by_item_and_within_a_size() {
    let (sandbox, shopwire) = sandbox(Options::default()).await;
    let whole = shopwire.uvygoda();
    let list = Sections::new(SectionFilter::All);
    let typed = whole
        .send(&list)
        .await
        .expect("sections")
        .sections
        .expect("sections");
    let typed: Vec<_> = typed.iter().map(|section| section.id).collect();
    let mut walked = Vec::new();
    let take = |section: Section| walked.push(section.id);
    let odd = whole
        .for_each_item(&list, "SECTIONS", take)
        .await
        .expect("sections");
    assert!(odd.is_empty() && typed.len() > 2);
    assert_eq!(walked, typed);
    let requests = sandbox.uvygoda().requests();
    assert_eq!(
        requests.count(&Method::POST, "getSections"),
        2,
        "one answer each"
    );

    let url = sandbox.uvygoda().url().parse().expect("a URL");
    let small = Client::builder()
        .base_url(url)
        .token(sandbox.uvygoda().token())
        .transport(|stack| stack.max_body(100))
        .build()
        .expect("a client");
    let error = small.send(&list).await.expect_err("it is larger");
    assert!(
        error.to_string().contains("100"),
        "it says the limit: {error}"
    );
    let mut seen = 0;
    let walk = small.for_each_item(&list, "SECTIONS", |_: Section| seen += 1);
    assert_eq!(walk.await.expect_err("it is larger").kind(), error.kind());
    assert_eq!(seen, 0);
}
