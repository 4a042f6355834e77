//! Each fault of the sandbox, as the client of each service sees it.

use std::time::Duration;

use common_transport::{Error, ErrorKind};
use http::StatusCode;
use shopwire::{
    nicechat::{self, Credentials, Strictness},
    retailcrm,
    uvygoda::{self, SectionFilter},
};
use shopwire_sandbox::{Fault, Faults, Options, RateLimit, ResetAt, Sandbox};
use shopwire_tests::sandbox;

struct Clients<'s> {
    sandbox: &'s Sandbox,
    nicechat: nicechat::Client,
    uvygoda: uvygoda::Client,
    retailcrm: retailcrm::Client,
}

impl<'s> Clients<'s> {
    /// One attempt, so that a fault is seen and not mended.
    fn new(sandbox: &'s Sandbox, strictness: Strictness) -> Self {
        let once = |stack: common_transport::ClientBuilder| {
            let policy = common_transport::RetryPolicy::new().max_attempts(1);
            stack.retry(policy).total_timeout(Duration::from_secs(30))
        };
        let url = |text: String| text.parse().expect("a URL");
        let server = sandbox.nicechat();
        let nicechat =
            nicechat::Client::builder(Credentials::new(server.api_key(), server.api_secret()))
                .base_url(url(server.url()))
                .strictness(strictness)
                .transport(once);
        let server = sandbox.uvygoda();
        let uvygoda = uvygoda::Client::builder()
            .base_url(url(server.url()))
            .token(server.token())
            .strictness(strictness)
            .transport(once);
        let server = sandbox.retailcrm();
        let retailcrm =
            retailcrm::Client::builder(url(server.url()), server.api_key()).transport(once);
        Self {
            sandbox,
            nicechat: nicechat.build().expect("a client"),
            uvygoda: uvygoda.build().expect("a client"),
            retailcrm: retailcrm.build().expect("a client"),
        }
    }

    /// Reads a list of each service under this fault: what became of it, by service.
    async fn under(&self, fault: &Fault) -> [Result<usize, Error>; 3] {
        let (nicechat, uvygoda, crm) = (
            self.sandbox.nicechat(),
            self.sandbox.uvygoda(),
            self.sandbox.retailcrm(),
        );
        let all: [&Faults; 3] = [nicechat.faults(), uvygoda.faults(), crm.faults()];
        for faults in all {
            faults.push(fault.clone());
        }
        let orders = self.nicechat.orders().list().await;
        let sections = self.uvygoda.catalog().sections(SectionFilter::All).await;
        let statuses = self.retailcrm.references().list_statuses().await;
        for faults in all {
            assert_eq!(faults.pending(), 0, "{fault:?} did not happen");
        }
        [
            orders.map(|page| {
                page.result
                    .and_then(|page| page.results)
                    .map_or(0, |all| all.len())
            }),
            sections.map(|answer| answer.sections.map_or(0, |all| all.iter().count())),
            statuses.map(|answer| answer.statuses.map_or(0, |all| all.iter().count())),
        ]
    }
}

// X8
#[tokio::test(start_paused = true)]
async fn x8_each_fault_is_seen_by_the_client_of_each_service() {
    let lifted = Options::default().retailcrm(|crm| crm.rate_limit(RateLimit::Lifted));
    let (sandbox, _) = sandbox(lifted).await;
    let strict = Clients::new(&sandbox, Strictness::Strict);
    let plain = strict.under(&Fault::latency(Duration::from_secs(5))).await;
    let plain = plain.map(|outcome| outcome.expect("it is only late"));
    assert!(plain.iter().all(|count| *count > 0), "{plain:?}");

    let status = |code| Fault::status(StatusCode::from_u16(code).expect("a status"));
    for (fault, kind) in [
        (Fault::unavailable(), ErrorKind::Throttled),
        (status(500), ErrorKind::Service),
        (Fault::reset(ResetAt::BeforeCommit), ErrorKind::Transport),
        (Fault::reset(ResetAt::DuringCommit), ErrorKind::Transport),
        (Fault::reset(ResetAt::AfterCommit), ErrorKind::Transport),
        (Fault::stall(), ErrorKind::Timeout),
        (Fault::stall_in_body(), ErrorKind::Timeout),
        (Fault::truncated(), ErrorKind::Transport),
        (Fault::html(), ErrorKind::Decode),
        (Fault::trailing_commas(), ErrorKind::Decode),
        (Fault::php_warning(), ErrorKind::Decode),
    ] {
        for (service, outcome) in ["nicechat", "uvygoda", "retailcrm"]
            .into_iter()
            .zip(strict.under(&fault).await)
        {
            let error = outcome.expect_err("a fault");
            assert_eq!(error.kind(), kind, "{service}, {fault:?}: {error:?}");
            assert!(!error.may_have_landed(), "a read: {error:?}");
        }
    }
    // Shapes as PHP writes them are no fault at all.
    let flipped = strict.under(&Fault::flipped_shapes()).await;
    assert_eq!(
        flipped.map(|outcome| outcome.expect("the same list")),
        plain
    );

    // By option answers that are not quite JSON are read.
    let lenient = Clients::new(&sandbox, Strictness::Lenient);
    let [nicechat, uvygoda, _] = lenient.under(&Fault::trailing_commas()).await;
    let counts = [nicechat.expect("mended"), uvygoda.expect("mended")];
    assert_eq!(counts, [plain[0], plain[1]]);
    let [_, uvygoda, _] = lenient.under(&Fault::php_warning()).await;
    assert_eq!(uvygoda.expect("recovered"), plain[1]);
}
