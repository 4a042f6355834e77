//! Walking pages with the client.

use std::{
    collections::VecDeque,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use common_transport::{Error, Operation};
use futures_core::Stream;
use http::{Request, Uri};

use crate::{Client, Page, PageCursor};

/// The pages of a list, one after the other: [`Client::pages`].
///
/// Pages are asked for when they are wanted; one page is held at a time. After an error the walk
/// stands where it stood: asking again asks for the same page.
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
pub struct Pages<'c, O> {
    client: &'c Client,
    operation: O,
    cursor: Option<PageCursor>,
    at: At,
}

/// The page to ask for.
#[derive(Debug)]
enum At {
    First,
    Further(Uri),
    End,
}

impl<'c, O> Pages<'c, O>
where
    O: Operation<Output: Page>,
{
    pub(crate) fn new(client: &'c Client, operation: O) -> Self {
        Self {
            client,
            operation,
            cursor: None,
            at: At::First,
        }
    }

    /// The next page; `None` after the last one.
    ///
    /// # Errors
    /// What the call says, or a `next` that is not followed ([`PageCursor::follow`]), after which
    /// the walk is over.
    pub async fn next(&mut self) -> Result<Option<O::Output>, Error> {
        let request = match &self.at {
            At::End => return Ok(None),
            At::First => {
                let first = self.operation.request()?;
                self.cursor = Some(PageCursor::new(self.client.base_url(), &first));
                first
            }
            At::Further(uri) => {
                let mut request = Request::new(Bytes::new());
                *request.uri_mut() = uri.clone();
                request
            }
        };
        let page = self.client.send_request(&self.operation, request).await?;
        self.at = At::End;
        if let (Some(next), Some(cursor)) = (page.next_page(), &mut self.cursor) {
            let metadata = self.operation.metadata();
            let request = cursor
                .follow(next)
                .map_err(|error| error.with_operation(metadata))?;
            self.at = At::Further(request.into_parts().0.uri);
        }
        Ok(Some(page))
    }

    /// The items of all pages, one by one.
    pub fn items(self) -> Items<'c, O> {
        Items {
            pages: self,
            page: VecDeque::new(),
        }
    }
}

impl<O> fmt::Debug for Pages<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("at", &self.at)
            .finish_non_exhaustive()
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
type Step<'c, O> = (Box<Items<'c, O>>, Result<Option<ItemOf<O>>, Error>);

enum Streaming<'c, O: Operation<Output: Page>> {
    Idle(Box<Items<'c, O>>),
    Waiting(Pin<Box<dyn Future<Output = Step<'c, O>> + Send + 'c>>),
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
