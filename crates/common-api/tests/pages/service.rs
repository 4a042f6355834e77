//! A service with one list and one history, and what an API crate says of them.

use std::{
    borrow::Cow,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use common_api::{
    Changes, History, Layout, Page, Paged, Pages, RawItem,
    answer::Reply,
    walk::{Care, ListEnd},
};
use common_model::{Value, civil::DateTime, from_json};
use common_transport::{
    Client, Error, Idempotency, Limiter, Metadata, Operation, RateClass, RateLimits,
};
use http::{Method, Request, Response};
use tokio::time::Instant;

static THINGS: Metadata = Metadata::new(
    "demo",
    "things.list",
    Method::GET,
    "/things",
    Idempotency::Idempotent,
);

/// `GET /things?page=2`, and as a history `GET /things?after=17`.
#[derive(Clone, Default)]
pub(crate) struct Things {
    page: Option<u64>,
    after: Option<i64>,
    from: Option<DateTime>,
}

impl Operation for Things {
    type Output = Value;

    fn metadata(&self) -> &'static Metadata {
        &THINGS
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        let pairs = [
            self.page.map(|page| format!("page={page}")),
            self.after.map(|id| format!("after={id}")),
            self.from.map(|date| format!("from={date}")),
        ];
        let pairs: Vec<String> = pairs.into_iter().flatten().collect();
        let uri = format!("/things?{}", pairs.join("&"));
        Ok(Request::get(uri).body(Bytes::new()).expect("a request"))
    }

    fn decode(&self, response: Response<Bytes>) -> Result<Value, Error> {
        common_api::read(&THINGS, response, &check)
    }
}

fn check<'r>(reply: Reply<'r>) -> Result<Cow<'r, str>, Error> {
    match reply.status().is_success() {
        true => reply.into_text(),
        false => Err(reply.without_envelope(reply.claim())),
    }
}

fn check_raw<'r>(_: &'static Metadata, reply: Reply<'r>) -> Result<Cow<'r, str>, Error> {
    check(reply)
}

fn about(member: &str, json: &str, page: &mut Page<RawItem>) {
    match member {
        "count" => page.total_count = from_json(json).ok(),
        "page" => page.current_page = from_json(json).ok(),
        "pages" => page.end = from_json(json).map_or(ListEnd::Unknown, ListEnd::AtPage),
        _ => {}
    }
}

fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    match value {
        Value::Object(map) => map.get(name),
        _ => None,
    }
}

fn number(value: &Value, name: &str) -> Option<u64> {
    from_json(&common_model::to_json(member(value, name)?)).ok()
}

impl Paged for Things {
    type Item = Value;
    type Cursor = ();

    const LAYOUT: Layout = Layout::new(check_raw, &["things"], about).identities(&["id", "code"]);

    fn turn_to(&mut self, page: u64) {
        self.page = Some(page);
    }

    fn page(output: Value) -> Page<Value> {
        let items = match member(&output, "things") {
            Some(Value::Array(items)) => items.clone(),
            _ => Vec::new(),
        };
        let mut page = Page::new(items);
        page.total_count = number(&output, "count");
        page.current_page = number(&output, "page");
        page.end = number(&output, "pages").map_or(ListEnd::Unknown, ListEnd::AtPage);
        page
    }

    fn identity(item: &Value) -> Option<Cow<'_, str>> {
        number(item, "id").map(|id| id.to_string().into())
    }
}

impl History for Things {
    fn since(&mut self, id: Option<i64>) {
        (self.page, self.after) = (None, id);
    }

    fn turn_to_date(&mut self, date: DateTime) {
        self.from = Some(date);
    }

    fn id(item: &Value) -> Option<i64> {
        number(item, "id")?.try_into().ok()
    }
}

/// What the service is asked, and when.
pub(crate) type Log = Arc<Mutex<Vec<(Duration, String)>>>;

/// How it answers: the number of the request, from 1, and its query.
type Answering = dyn Fn(usize, &str) -> (u16, String) + Send + Sync;

/// A service that takes a second for each answer.
#[derive(Clone)]
pub(crate) struct Service {
    log: Log,
    client: Client,
}

impl Service {
    pub(crate) fn new(
        answer: impl Fn(usize, &str) -> (u16, String) + Send + Sync + 'static,
    ) -> Self {
        Self::limited(1000, answer)
    }

    /// The same for a client that sends so many requests a second.
    pub(crate) fn limited(
        per_second: u32,
        answer: impl Fn(usize, &str) -> (u16, String) + Send + Sync + 'static,
    ) -> Self {
        let limits = RateLimits::new().class(RateClass::DEFAULT, per_second);
        Self::under(limits, answer)
    }

    /// The same for a client with this limiter.
    pub(crate) fn under(
        limits: impl Limiter + 'static,
        answer: impl Fn(usize, &str) -> (u16, String) + Send + Sync + 'static,
    ) -> Self {
        let answer: Arc<Answering> = Arc::new(answer);
        let log = Log::default();
        let (kept, start) = (Arc::clone(&log), Instant::now());
        let service = tower::service_fn(move |request: Request<Bytes>| {
            let query = request.uri().query().unwrap_or_default().to_owned();
            let mut log = kept.lock().unwrap();
            log.push((start.elapsed(), query.clone()));
            let (status, body) = answer(log.len(), &query);
            async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                let response = Response::builder().status(status).body(Bytes::from(body));
                response.map_err(|error| -> common_transport::BoxError { error.into() })
            }
        });
        let client = Client::builder("https://demo.example".parse().unwrap())
            .limits(limits)
            .service(service);
        Self {
            log,
            client: client.build().unwrap(),
        }
    }

    /// A list of so many things in pages of this size, by number.
    pub(crate) fn of_pages(things: u64, size: u64) -> Self {
        Self::new(move |_, query| {
            (
                200,
                page(things, size, number_of(query, "page").unwrap_or(1)),
            )
        })
    }

    /// A history of so many changes in portions of this size, by id and by page.
    pub(crate) fn of_history(changes: u64, size: u64) -> Self {
        Self::new(move |_, query| (200, portion(changes, size, query)))
    }

    /// A walk that reads each page of a list at rest once, so that its requests can be counted.
    pub(crate) fn pages(&self) -> Pages<Things> {
        self.careful_pages().care(Care::OnHints)
    }

    /// The walk as users get it.
    pub(crate) fn careful_pages(&self) -> Pages<Things> {
        Pages::new(Arc::new(self.client.clone()), Things::default())
    }

    pub(crate) fn changes(&self, since: Option<i64>) -> Changes<Things> {
        Changes::new(Arc::new(self.client.clone()), Things::default(), since)
    }

    /// A call beside the walk.
    pub(crate) async fn call(&self) -> Result<Value, Error> {
        self.client.send(&Things::default()).await
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        let log = self.log.lock().unwrap();
        log.iter().map(|(_, query)| query.clone()).collect()
    }

    /// The seconds at which requests came.
    pub(crate) fn times(&self) -> Vec<u64> {
        let log = self.log.lock().unwrap();
        log.iter().map(|(at, _)| at.as_secs()).collect()
    }
}

pub(crate) fn number_of(query: &str, name: &str) -> Option<u64> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(key, _)| *key == name)?;
    value.parse().ok()
}

pub(crate) fn page(things: u64, size: u64, page: u64) -> String {
    let first = (page - 1) * size + 1;
    let last = things.min(page * size);
    body(first..=last, things, page, things.div_ceil(size))
}

pub(crate) fn portion(changes: u64, size: u64, query: &str) -> String {
    let after = number_of(query, "after").unwrap_or(0);
    let page = number_of(query, "page").unwrap_or(1);
    let left = changes.saturating_sub(after);
    let first = after + (page - 1) * size + 1;
    body(
        first..=changes.min(first + size - 1),
        left,
        page,
        left.div_ceil(size),
    )
}

pub(crate) fn body(ids: impl Iterator<Item = u64>, count: u64, page: u64, pages: u64) -> String {
    let things: Vec<String> = ids.map(|id| format!(r#"{{"id":{id}}}"#)).collect();
    format!(
        r#"{{"count":{count},"page":{page},"pages":{pages},"things":[{}]}}"#,
        things.join(",")
    )
}

/// The id of a thing.
pub(crate) fn id(thing: &Value) -> u64 {
    number(thing, "id").expect("an id")
}

pub(crate) fn ids(things: &[Value]) -> Vec<u64> {
    things.iter().map(id).collect()
}
