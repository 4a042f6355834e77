//! The list of faults: which request meets which fault, and how often.

use std::collections::BTreeSet;
use std::time::Duration;

use http::{Method, Request};
use jiff::Timestamp;

use super::*;
use crate::clock::Clock;
use crate::names::ServiceName;

fn request(method: Method, path: &str) -> Request<()> {
    let request = Request::builder().method(method).uri(path);
    request.body(()).expect("a request")
}

fn faults(service: ServiceName) -> Faults {
    Faults::new(Ledger::new(Clock::default()), service)
}

fn crm() -> Faults {
    faults(ServiceName::RetailCrm)
}

#[test]
fn x8_a_fault_waits_for_its_request_and_happens_as_often_as_told() {
    let faults = crm();
    faults.push(
        Fault::unavailable()
            .on(Method::POST, "/a")
            .times(2)
            .after(1),
    );
    assert!(faults.take(&request(Method::GET, "/a")).is_none());
    assert!(
        faults.take(&request(Method::POST, "/a/1")).is_none(),
        "the first is let through"
    );
    assert!(faults.take(&request(Method::POST, "/a/1")).is_some());
    assert_eq!(faults.pending(), 1);
    assert!(faults.take(&request(Method::POST, "/a/1")).is_some());
    assert_eq!(faults.pending(), 0);
    assert!(faults.take(&request(Method::POST, "/a/1")).is_none());
    let listed = faults.list();
    assert_eq!((listed[0].happened, listed[0].pending), (2, false));
}

#[test]
fn x8_a_fault_that_waits_does_not_hold_up_the_next() {
    let faults = crm();
    faults.push(Fault::html().after(1));
    faults.push(Fault::truncated());
    let any = request(Method::GET, "/");
    assert_eq!(faults.take(&any).map(|it| it.kind), Some(Kind::Truncated));
    assert_eq!(faults.take(&any).map(|it| it.kind), Some(Kind::Html));
}

#[test]
fn x8_s1_a_lost_callback_leaves_requests_alone_and_may_wait_for_its_event() {
    let faults = faults(ServiceName::Uvygoda);
    faults.push(Fault::lost_callback());
    assert!(faults.take(&request(Method::GET, "/")).is_none());
    assert!(faults.loses("new_order"));
    assert!(!faults.loses("new_order"));
    faults.push(Fault::lost_callback().on_event("chat_message"));
    assert!(!faults.loses("new_order"));
    assert!(faults.loses("chat_message"));
}

#[test]
fn s1_a_fault_waits_for_its_operation() {
    let faults = crm();
    faults.push(Fault::stall().on_operation("orders.get"));
    for other in [
        "/api/v5/orders",
        "/api/v5/orders/history",
        "/api/v5/customers/7",
    ] {
        assert!(
            faults.take(&request(Method::GET, other)).is_none(),
            "{other}"
        );
    }
    assert!(
        faults
            .take(&request(Method::GET, "/api/v5/orders/7"))
            .is_some()
    );

    let faults = self::faults(ServiceName::Uvygoda);
    faults.push(Fault::stall().on_operation("getStages"));
    let mut call = request(Method::POST, "/local/api/api.php");
    call.headers_mut()
        .insert("method", "getSections".parse().expect("a value"));
    assert!(faults.take(&call).is_none());
    call.headers_mut()
        .insert("method", " getStages".parse().expect("a value"));
    assert!(faults.take(&call).is_some());
}

/// The numbers of the requests that a fault meets, out of a thousand.
fn met(fault: Fault) -> BTreeSet<u32> {
    let (faults, any) = (crm(), request(Method::GET, "/"));
    faults.push(fault);
    (0..1000).filter(|_| faults.take(&any).is_some()).collect()
}

#[test]
fn s6_the_same_seed_gives_the_same_requests_faults() {
    let quarter = || Fault::unavailable().rate(0.25).always();
    let one = met(quarter().seed(7));
    assert_eq!(one, met(quarter().seed(7)));
    assert_ne!(one, met(quarter().seed(8)));
    // Four standard deviations of 1000 draws are 55.
    assert!((195..=305).contains(&one.len()), "{}", one.len());
    assert_eq!(met(quarter().rate(0.0)).len(), 0);
    assert_eq!(met(quarter().rate(1.0)).len(), 1000);
    // Only the happening counts, and the requests that pass first take no draw.
    assert_eq!(met(quarter().seed(7).times(3)).len(), 3);
    let later: BTreeSet<u32> = one
        .iter()
        .map(|number| number + 10)
        .filter(|it| *it < 1000)
        .collect();
    assert_eq!(met(quarter().seed(7).after(10)), later);
}

#[test]
fn s6_latencies_are_drawn_by_the_seed_and_a_seed_that_was_not_given_is_shown() {
    let ms = Duration::from_millis;
    let slow = || Fault::latency(Latency::lognormal(ms(80), ms(900))).always();
    let delays = |fault: Fault| {
        let (faults, any) = (crm(), request(Method::GET, "/"));
        faults.push(fault);
        let taken = (0..100).filter_map(|_| faults.take(&any));
        (
            taken.map(|taken| taken.delay).collect::<Vec<_>>(),
            faults.list()[0].fault.seed,
        )
    };
    let (first, seed) = delays(slow().seed(7).delayed(ms(1000)));
    assert_eq!(seed, Some(7));
    let wanted: Vec<Duration> = (0..100)
        .map(|number| ms(1000) + Latency::lognormal(ms(80), ms(900)).sample(7, number))
        .collect();
    assert_eq!(first, wanted);
    let (one, seed) = delays(slow());
    assert_eq!(one, delays(slow().seed(seed.expect("a seed"))).0);
    // A fault that draws nothing needs no seed.
    assert_eq!(
        delays(Fault::latency(ms(5)).always()),
        (vec![ms(5); 100], None)
    );
}

#[test]
fn s1_faults_have_ids_across_services_and_are_removed_by_them() {
    let ledger = Ledger::new(Clock::default());
    let [nicechat, uvygoda] = [ServiceName::NiceChat, ServiceName::Uvygoda]
        .map(|service| Faults::new(ledger.clone(), service));
    let one = nicechat.push(Fault::stall());
    let other = uvygoda.push(Fault::html());
    assert_eq!((one, other), (1, 2));
    assert!(!nicechat.remove(other), "it is of another service");
    assert!(ledger.remove(other) && !ledger.remove(other));
    uvygoda.push(Fault::html());
    nicechat.clear();
    assert_eq!((nicechat.pending(), uvygoda.pending()), (0, 1));
    ledger.reset();
    assert_eq!(ledger.list(None), []);
    assert_eq!(uvygoda.push(Fault::html()), 1);
}

#[test]
fn s5_faults_that_are_over_stay_in_the_list_up_to_a_hundred() {
    let (faults, any) = (crm(), request(Method::GET, "/"));
    for _ in 0..150 {
        faults.push(Fault::html());
        assert!(faults.take(&any).is_some());
    }
    let listed = faults.list();
    assert_eq!((listed.len(), listed[0].id, faults.pending()), (100, 51, 0));
}

#[test]
fn s1_who_listens_hears_of_faults_that_are_added_and_happen() {
    let ledger = Ledger::new(Clock::default());
    let faults = Faults::new(ledger.clone(), ServiceName::RetailCrm);
    let mut news = ledger.subscribe();
    faults.push(Fault::html());
    faults.take(&request(Method::GET, "/"));
    let told: Vec<u64> = std::iter::from_fn(|| news.try_recv().ok())
        .map(|it| it.happened)
        .collect();
    assert_eq!(told, [0, 1]);
}

/// A plan of two steps: a fault after 10 seconds, and none any more after 20.
fn plan() -> Plan {
    let crm = ServiceName::RetailCrm;
    let step = |at, clear: &[ServiceName], faults: &[Fault]| Step {
        at: Duration::from_secs(at),
        clear: clear.into(),
        faults: faults.iter().map(|fault| (crm, fault.clone())).collect(),
    };
    Plan {
        name: "a test".to_owned(),
        steps: vec![
            step(10, &[], &[Fault::stall().always(), Fault::html()]),
            step(20, &[crm], &[]),
        ],
    }
}

#[tokio::test]
async fn s6_steps_happen_at_their_times_of_the_clock() {
    let clock = Clock::starting_at(Timestamp::UNIX_EPOCH, true);
    let ledger = Ledger::new(clock.clone());
    let foreign = ledger.add(ServiceName::NiceChat, Fault::stall());
    let own = ledger.add(ServiceName::RetailCrm, Fault::truncated());
    let ids = || ledger.list(None).iter().map(|it| it.id).collect::<Vec<_>>();
    ledger.start(plan());
    clock.advance(Duration::from_millis(9_999)).await;
    assert_eq!(ids(), [foreign, own]);
    clock.advance(Duration::from_millis(1)).await;
    assert_eq!(ids(), [foreign, own, 3, 4]);
    let progress = ledger.progress().expect("a plan");
    assert_eq!(
        (progress.done, progress.total, progress.elapsed),
        (1, 2, Duration::from_secs(10))
    );
    assert_eq!(
        (progress.next, progress.faults),
        (Some(Duration::from_secs(20)), vec![3, 4])
    );
    clock.advance(Duration::from_secs(3600)).await;
    assert_eq!(ids(), [foreign], "a step clears what others added too");
    let progress = ledger.progress().expect("a plan that is over is shown");
    assert_eq!((progress.done, progress.next), (2, None));
    assert!(ledger.stop() && !ledger.stop());
    assert_eq!(ledger.progress(), None);
}

#[tokio::test]
async fn s6_a_plan_that_is_stopped_or_replaced_takes_its_faults_along() {
    let clock = Clock::starting_at(Timestamp::UNIX_EPOCH, true);
    let ledger = Ledger::new(clock.clone());
    ledger.start(plan());
    clock.advance(Duration::from_secs(10)).await;
    let own = ledger.add(ServiceName::RetailCrm, Fault::truncated());
    ledger.start(plan());
    assert_eq!(ledger.list(None).len(), 1);
    assert_eq!(ledger.progress().map(|it| it.done), Some(0));
    clock.advance(Duration::from_secs(10)).await;
    assert_eq!(ledger.list(None).len(), 3);
    assert!(ledger.stop());
    assert_eq!(ledger.list(None)[0].id, own);
    clock.advance(Duration::from_secs(10)).await;
    assert_eq!(ledger.list(None).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn s6_a_running_clock_plays_the_steps_for_those_who_only_watch() {
    let ledger = Ledger::new(Clock::default());
    let mut news = ledger.subscribe();
    let following = tokio::spawn(ledger.clone().follow_plan());
    ledger.start(plan());
    let started = tokio::time::Instant::now();
    let told = news.recv().await.expect("a fault");
    assert_eq!(told.id, 1);
    let late = started.elapsed().saturating_sub(Duration::from_secs(10));
    assert!(late < Duration::from_millis(10), "{late:?}");
    following.abort();
}

#[tokio::test]
async fn s6_a_plan_goes_on_when_the_clock_is_set_back() {
    let clock = Clock::starting_at(Timestamp::UNIX_EPOCH, true);
    let ledger = Ledger::new(clock.clone());
    clock.advance(Duration::from_secs(86_400)).await;
    ledger.start(plan());
    clock.advance(Duration::from_secs(4)).await;
    let progress = || ledger.progress().expect("a plan");
    assert_eq!(progress().elapsed, Duration::from_secs(4));
    clock.set(Timestamp::UNIX_EPOCH, true);
    assert_eq!(progress().elapsed, Duration::from_secs(4));
    clock.advance(Duration::from_secs(6)).await;
    assert_eq!((progress().done, ledger.list(None).len()), (1, 2));
}

#[test]
fn s1_what_only_the_list_shows_has_its_shape() {
    let fault = serde_json::json!({"service": "retailcrm", "kind": "html"});
    for (name, good, wrong) in [
        ("id", "7", "0 -1 1.5 \"7\" null true [] {}"),
        ("happened", "0", "-1 1.5 \"7\" null true [] {}"),
        ("pending", "true", "0 \"true\" null [] {}"),
    ] {
        let with = |text: &str| {
            let mut fault = fault.clone();
            fault[name] = serde_json::from_str(text).expect("JSON");
            Fault::from_json(&fault)
        };
        assert!(with(good).is_ok(), "{name}: {good}");
        for wrong in wrong.split(' ') {
            let error = with(wrong).expect_err(wrong);
            assert_eq!(error.field(), name, "{wrong}");
        }
    }
}
