//! Walking pages with the client.

use std::{
    collections::VecDeque,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use common_api::walk::{Care, ListEnd, PageInfo, Step, Walk, rows_aside, within};
use common_transport::{Error, Operation};
use futures_core::Stream;
use http::{Request, Uri};

use crate::{Client, Page, PageCursor};

/// The pages of a list, one after the other: [`Client::pages`].
///
/// Pages are asked for when they are wanted. The list may change meanwhile: what [`common_api::walk`] promises holds.
/// No item is given out twice, rows that slide to earlier pages are found (the last 64 addresses are kept to go
/// back), and a `next` that only leads on is an error ([`NoProgress`](common_api::walk::NoProgress)). A list at rest
/// costs two requests a page, and a list of one page costs one: [`care`](Self::care) chooses less or more. Each step, however many requests it needs, takes no longer than one
/// call may. After an error the walk stands where it stood: asking again does the same step again.
///
/// ```
/// use common_transport::BoxError;
/// use http::{Request, Response};
/// use nicechat_api::{Client, Credentials, products};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// // In place of the network; leave `transport` out to use it.
/// let service = tower::service_fn(async |request: Request<bytes::Bytes>| {
///     let (id, next) = match request.uri().query() {
///         None => ("PQ1", r#""?page=2""#),
///         Some(_) => ("PQ2", "null"),
///     };
///     let page = format!(r#"{{"status":"ok","result":{{"next":{next},"results":[{{"id":"{id}"}}]}}}}"#);
///     Ok::<_, BoxError>(Response::new(page.into()))
/// });
/// let client = Client::builder(Credentials::new("key-1", "secret-1"))
///     .transport(move |transport| transport.service(service))
///     .build()?;
/// let mut products = client.pages(products::List::new()).items();
/// let mut ids = Vec::new();
/// while let Some(product) = products.next().await? {
///     ids.extend(product.id);
/// }
/// assert_eq!(ids, ["PQ1", "PQ2"]);
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is asked for before `next`"]
pub struct Pages<'c, O: Operation<Output: Page>> {
    client: &'c Client,
    operation: O,
    walk: Walk<O::Output>,
    links: Links,
}

impl<'c, O> Pages<'c, O>
where
    O: Operation<Output: Page>,
{
    pub(crate) fn new(client: &'c Client, operation: O) -> Self {
        Self {
            client,
            operation,
            walk: Walk::new(),
            links: Links::default(),
        }
    }

    /// How much is done to be sure that nothing is skipped. [`Care::OnHints`] reads each page of a list at rest once,
    /// and may skip a row that slides to an earlier page while the total stays.
    pub fn care(mut self, care: Care) -> Self {
        self.walk = self.walk.care(care);
        self
    }

    /// The next page that holds something new; `None` after the last one. Items that were given out before are left
    /// out of it.
    ///
    /// # Errors
    /// What the call says, a `next` that is not followed ([`PageCursor::follow`]), or a walk that makes no progress
    /// ([`Error::is_decode`]).
    pub async fn next(&mut self) -> Result<Option<O::Output>, Error> {
        let time = self.client.total_timeout();
        within(time, self.operation.metadata(), self.step()).await
    }

    async fn step(&mut self) -> Result<Option<O::Output>, Error> {
        loop {
            match self.walk.step() {
                Step::Give(mut page, fresh) => {
                    page.retain(&fresh);
                    return Ok(Some(page));
                }
                Step::Ask(number) => self.ask(number).await?,
                Step::ListEnd => return Ok(None),
            }
        }
    }

    async fn ask(&mut self, number: u64) -> Result<(), Error> {
        let metadata = self.operation.metadata();
        let request = match number {
            1 => self.links.first(self.client, self.operation.request()?),
            number => {
                let request = self.links.request(number);
                request.map_err(|error| error.with_operation(metadata))?
            }
        };
        let (page, odd) = self.client.send_request(&self.operation, request).await?;
        let next = page.next_page().map(str::to_owned);
        let end = if next.is_some() {
            ListEnd::Further
        } else {
            ListEnd::Here
        };
        let meta = PageInfo::new(end)
            .total_count(page.total_count())
            .rows_aside(rows_aside(&odd));
        let names = page.identities();
        self.walk
            .read(page, names, meta)
            .map_err(|stuck| stuck.into_error(metadata))?;
        self.links.note(number, next);
        self.walk.forget_below(self.links.oldest);
        Ok(())
    }

    /// The items of all pages, one by one.
    pub fn items(self) -> Items<'c, O> {
        Items {
            pages: self,
            page: VecDeque::new(),
        }
    }
}

impl<O: Operation<Output: Page>> fmt::Debug for Pages<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("position", &self.walk.position())
            .finish_non_exhaustive()
    }
}

/// How many addresses are kept, so that a walk can go back.
const ADDRESSES: usize = 64;

/// The addresses of the pages, by their place in the walk.
#[derive(Debug, Default)]
struct Links {
    cursor: Option<PageCursor>,
    /// The number of the first address.
    oldest: u64,
    addresses: VecDeque<Uri>,
    /// What the last of these pages calls its next.
    next: Option<String>,
}

impl Links {
    /// The request of the first page.
    fn first(&mut self, client: &Client, request: Request<Bytes>) -> Request<Bytes> {
        if self.cursor.is_none() {
            self.cursor = Some(PageCursor::new(client.base_url(), &request));
            self.oldest = 1;
            self.addresses.push_back(request.uri().clone());
        }
        request
    }

    /// The request of a page that was walked over, or of the one behind them.
    fn request(&mut self, number: u64) -> Result<Request<Bytes>, Error> {
        let place = usize::try_from(number.saturating_sub(self.oldest)).unwrap_or(usize::MAX);
        if let Some(uri) = self.addresses.get(place) {
            let mut request = Request::new(Bytes::new());
            *request.uri_mut() = uri.clone();
            return Ok(request);
        }
        let (Some(cursor), Some(next)) = (&mut self.cursor, &self.next) else {
            return Err(Error::invalid_input("next", "no page names it"));
        };
        let request = cursor.follow(next)?;
        self.addresses.push_back(request.uri().clone());
        if self.addresses.len() > ADDRESSES {
            self.addresses.pop_front();
            self.oldest += 1;
        }
        Ok(request)
    }

    /// Notes what a page calls its next. A page before the last one says nothing new.
    fn note(&mut self, number: u64, next: Option<String>) {
        if number + 1 >= self.oldest + self.addresses.len() as u64 {
            self.next = next;
        }
    }
}

/// The items of all pages: [`Pages::items`].
#[must_use = "nothing is asked for before `next`"]
pub struct Items<'c, O: Operation<Output: Page>> {
    pages: Pages<'c, O>,
    page: VecDeque<<O::Output as Page>::Item>,
}

impl<'c, O> Items<'c, O>
where
    O: Operation<Output: Page>,
{
    /// The next item; `None` after the last one.
    ///
    /// # Errors
    /// As [`Pages::next`].
    pub async fn next(&mut self) -> Result<Option<<O::Output as Page>::Item>, Error> {
        loop {
            if let Some(item) = self.page.pop_front() {
                return Ok(Some(item));
            }
            match self.pages.next().await? {
                Some(page) => self.page = page.into_items().into(),
                None => return Ok(None),
            }
        }
    }

    /// All items in one list; mind that there may be many.
    ///
    /// # Errors
    /// As [`Pages::next`]; what was read until then is dropped.
    pub async fn collect(mut self) -> Result<Vec<<O::Output as Page>::Item>, Error> {
        let mut items = Vec::new();
        while let Some(item) = self.next().await? {
            items.push(item);
        }
        Ok(items)
    }

    /// The items as a stream; it ends after the first error.
    pub fn into_stream(self) -> ItemStream<'c, O> {
        ItemStream {
            state: Streaming::Idle(Box::new(self)),
        }
    }
}

impl<O: Operation<Output: Page>> fmt::Debug for Items<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}

/// The items of all pages as a [`Stream`]: [`Items::into_stream`].
#[must_use = "streams do nothing unless polled"]
pub struct ItemStream<'c, O: Operation<Output: Page>> {
    state: Streaming<'c, O>,
}

type ItemOf<O> = <<O as Operation>::Output as Page>::Item;

/// An item, and the items that follow it.
type Advanced<'c, O> = (Box<Items<'c, O>>, Result<Option<ItemOf<O>>, Error>);

enum Streaming<'c, O: Operation<Output: Page>> {
    Idle(Box<Items<'c, O>>),
    Waiting(Pin<Box<dyn Future<Output = Advanced<'c, O>> + Send + 'c>>),
    Done,
}

impl<'c, O> Stream for ItemStream<'c, O>
where
    O: Operation<Output: Page<Item: Send> + Send> + Send + Sync + 'c,
{
    type Item = Result<ItemOf<O>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            self.state = match std::mem::replace(&mut self.state, Streaming::Done) {
                Streaming::Done => return Poll::Ready(None),
                Streaming::Idle(mut items) => Streaming::Waiting(Box::pin(async move {
                    let item = items.next().await;
                    (items, item)
                })),
                Streaming::Waiting(mut step) => {
                    let Poll::Ready((items, item)) = step.as_mut().poll(cx) else {
                        self.state = Streaming::Waiting(step);
                        return Poll::Pending;
                    };
                    if let Ok(Some(_)) = item {
                        self.state = Streaming::Idle(items);
                    }
                    return Poll::Ready(item.transpose());
                }
            };
        }
    }
}

impl<O: Operation<Output: Page>> fmt::Debug for ItemStream<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemStream").finish_non_exhaustive()
    }
}
