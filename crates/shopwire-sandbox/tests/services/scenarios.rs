//! Faults by operation, rate and seed, and scenarios by the sandbox's clock, seen from the wire.

use std::time::Duration;

use serde_json::json;
use shopwire_sandbox::{Options, RateLimit, Sandbox, Scenario};

use crate::support::{Answer, Http};

async fn sandbox() -> Sandbox {
    let options = Options::default().retailcrm(|crm| crm.rate_limit(RateLimit::Lifted));
    Sandbox::start(options).await.expect("a sandbox")
}

/// A client of the emulated RetailCRM.
struct Crm<'s> {
    sandbox: &'s Sandbox,
    http: Http,
}

impl<'s> Crm<'s> {
    fn of(sandbox: &'s Sandbox) -> Self {
        Self {
            sandbox,
            http: Http::new(),
        }
    }

    async fn send(&self, method: &str, path: &str) -> Answer {
        let url = format!("{}{path}", self.sandbox.retailcrm().url());
        let key = self.sandbox.retailcrm().api_key();
        let headers = [("x-api-key", key.as_str())];
        self.http.send(method, &url, &headers, "").await
    }

    async fn status(&self, method: &str, path: &str) -> u16 {
        self.send(method, path).await.status
    }
}

#[tokio::test]
async fn s1_a_fault_from_json_meets_its_operation_alone_and_tells_how_often_it_happened() {
    let sandbox = sandbox().await;
    let crm = Crm::of(&sandbox);
    let fault = json!({"service": "retailcrm", "kind": "status", "status": 429, "operation": "orders.list",
        "times": 2, "after": 1, "retry_after_s": 1.2});
    let id = sandbox.add_faults(&fault).expect("a fault")[0].id;
    assert_eq!(crm.status("GET", "/api/v5/customers").await, 200);
    assert_eq!(crm.status("GET", "/api/v5/orders").await, 200, "one passes");
    for _ in 0..2 {
        assert_eq!(crm.status("GET", "/api/v5/orders/history").await, 200);
        let answer = crm.send("GET", "/api/v5/orders").await;
        assert_eq!(answer.status, 429);
        assert_eq!(answer.headers["retry-after"], "2");
    }
    assert_eq!(crm.status("GET", "/api/v5/orders").await, 200);
    let listed = sandbox.faults();
    assert_eq!(
        (listed[0].id, listed[0].happened, listed[0].pending),
        (id, 2, false)
    );
    // The journal names the fault.
    let journal = sandbox.journal();
    let exchange = journal.get(4).expect("the fourth request");
    assert_eq!(
        (exchange.status, exchange.fault),
        (Some(429), Some("status"))
    );
}

#[tokio::test]
async fn s6_the_same_seed_meets_the_same_requests_in_every_sandbox() {
    let mut seen = Vec::new();
    for _ in 0..2 {
        let sandbox = sandbox().await;
        let crm = Crm::of(&sandbox);
        let fault = json!({"service": "retailcrm", "kind": "unavailable", "rate": 0.4, "seed": 7, "times": null});
        sandbox.add_faults(&fault).expect("a fault");
        let mut statuses = Vec::new();
        for _ in 0..60 {
            statuses.push(crm.status("GET", "/api/v5/orders").await);
        }
        assert_eq!(
            sandbox.faults()[0].happened,
            statuses.iter().filter(|status| **status == 503).count() as u64
        );
        seen.push(statuses);
    }
    assert_eq!(seen[0], seen[1]);
    assert!(
        seen[0].contains(&503) && seen[0].contains(&200),
        "{:?}",
        seen[0]
    );
}

#[tokio::test]
async fn s6_a_latency_from_a_profile_is_waited_for() {
    let sandbox = sandbox().await;
    let crm = Crm::of(&sandbox);
    // With both quantiles equal every draw is the same.
    let fault = json!({"service": "retailcrm", "kind": "latency", "latency": {"p50_ms": 120, "p99_ms": 120}, "delay_ms": 30});
    sandbox.add_faults(&fault).expect("a fault");
    let start = tokio::time::Instant::now();
    assert_eq!(crm.status("GET", "/api/v5/orders").await, 200);
    assert!(
        start.elapsed() >= Duration::from_millis(150),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn s6_a_moved_account_redirects_then_is_gone_then_is_back() {
    let sandbox = sandbox().await;
    let crm = Crm::of(&sandbox);
    let clock = sandbox.clock();
    clock.freeze();
    sandbox.start_scenario(Scenario::named("a moved account").expect("it ships"));
    let mut statuses = Vec::new();
    for _ in 0..20 {
        statuses.push(crm.status("GET", "/api/v5/orders").await);
    }
    assert!(
        statuses.contains(&302) && statuses.contains(&200),
        "{statuses:?}"
    );

    clock.advance(Duration::from_secs(60)).await;
    let answer = crm.send("GET", "/api/v5/orders").await;
    assert_eq!(answer.status, 301);
    assert_eq!(
        answer.headers["location"],
        "https://moved.retailcrm.example/"
    );
    let running = sandbox.scenario().expect("a scenario");
    assert_eq!(
        running.to_json(),
        json!({"name": "a moved account", "finished": false, "elapsed_s": 60.0, "done": 2, "steps": 4,
            "next_s": 300.0, "faults": running.faults()})
    );

    clock.advance(Duration::from_secs(240)).await;
    let answer = crm.send("GET", "/api/v5/orders").await;
    assert_eq!(answer.status, 404);
    assert!(
        answer.body.starts_with("<!DOCTYPE html>"),
        "{}",
        answer.body
    );
    assert_eq!(crm.status("POST", "/api/v5/orders/create").await, 405);
    // Only RetailCRM is concerned.
    assert!(
        sandbox
            .faults()
            .iter()
            .all(|one| one.service.as_str() == "retailcrm")
    );

    clock.advance(Duration::from_secs(300)).await;
    assert_eq!(crm.status("GET", "/api/v5/orders").await, 200);
    assert!(
        sandbox
            .scenario()
            .is_some_and(|running| running.is_finished())
    );
}

#[tokio::test]
async fn s6_a_scenario_is_stopped_replaced_and_watched() {
    let sandbox = sandbox().await;
    let crm = Crm::of(&sandbox);
    let clock = sandbox.clock();
    clock.freeze();
    assert!(sandbox.scenario().is_none() && !sandbox.stop_scenario());
    sandbox.start_scenario(Scenario::named("a bad day").expect("it ships"));
    clock.advance(Duration::from_secs(300)).await;
    assert_eq!(crm.status("GET", "/api/v5/orders").await, 503, "the outage");
    let outage = sandbox.scenario().expect("a scenario").faults().len();
    assert_eq!(outage, 3);
    sandbox.start_scenario(Scenario::named("a slow night").expect("it ships"));
    let listed = sandbox.faults();
    assert!(
        listed.iter().all(|one| one.pending) && listed.len() == 5,
        "{listed:?}"
    );
    assert!(sandbox.stop_scenario());
    assert_eq!((sandbox.faults(), sandbox.scenario()), (vec![], None));
    assert_eq!(crm.status("GET", "/api/v5/orders").await, 200);
}

#[tokio::test]
async fn s6_every_scenario_that_ships_plays_to_its_end() {
    for scenario in Scenario::shipped() {
        let sandbox = sandbox().await;
        sandbox.clock().freeze();
        let (name, length) = (scenario.name().to_owned(), scenario.length());
        sandbox.start_scenario(scenario);
        sandbox.clock().advance(length).await;
        let running = sandbox.scenario().expect("a scenario");
        assert!(running.is_finished(), "{name}");
        assert_eq!(sandbox.faults().len(), 0, "{name}");
        assert_eq!(running.elapsed(), length, "{name}");
    }
}
