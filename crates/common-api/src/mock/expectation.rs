//! Expectations of a mock, and the answers to them.

use std::{fmt, marker::PhantomData};

use bytes::Bytes;
use common_transport::verdict::End;
use http::{Request, Response, StatusCode};

use super::{
    Mock, Mocked, Received,
    state::{Act, Left},
};

/// Calls that a [`Mock`] expects. It fits no call before it has an answer.
#[must_use = "an expectation without an answer fits no call"]
pub struct Expectation<'m, O> {
    mock: &'m Mock,
    /// Its place among the expectations of the mock.
    index: usize,
    operation: PhantomData<fn() -> O>,
}

impl<'m, O> Expectation<'m, O> {
    /// The expectation that the mock got last.
    pub(super) fn new(mock: &'m Mock) -> Self {
        let index = mock.lock().last();
        Self {
            mock,
            index,
            operation: PhantomData,
        }
    }

    /// Restricts the expectation to requests that satisfy a condition. All conditions must hold.
    pub fn when_request(
        self,
        condition: impl Fn(&Request<Bytes>) -> bool + Send + Sync + 'static,
    ) -> Self {
        let condition = move |received: &Received| condition(received.request());
        self.mock.lock().add_condition(self.index, condition);
        self
    }

    /// Answers with this response as it is: an odd status, a page of a proxy, a file.
    pub fn respond(self, response: Response<Bytes>) -> Answers<'m, O> {
        self.answers().respond(response)
    }

    /// Ends the attempt by a timeout after the request was sent, at once.
    pub fn timeout(self) -> Answers<'m, O> {
        self.answers().timeout()
    }

    /// Breaks the connection after the request was sent.
    pub fn lost(self) -> Answers<'m, O> {
        self.answers().lost()
    }

    /// Breaks the connection before the request was sent.
    pub fn unsent(self) -> Answers<'m, O> {
        self.answers().unsent()
    }

    /// Never answers; the client's own time limits end the call.
    pub fn silence(self) -> Answers<'m, O> {
        self.answers().silence()
    }

    fn answers(self) -> Answers<'m, O> {
        Answers { of: self }
    }
}

impl<'m, O: Mocked> Expectation<'m, O> {
    /// Restricts the expectation to operations that satisfy a condition. All conditions must hold.
    /// [`Received::operation`] says what the condition is given.
    pub fn when(self, condition: impl Fn(&O) -> bool + Send + Sync + 'static) -> Self {
        let condition =
            move |received: &Received| received.operation::<O>().is_some_and(|it| condition(&it));
        self.mock.lock().add_condition(self.index, condition);
        self
    }

    /// Answers with this output, once.
    pub fn answer(self, output: O::Output) -> Answers<'m, O> {
        self.answers().answer(output)
    }

    /// Answers with the output that a function makes of the operation, once.
    pub fn answer_with(
        self,
        output: impl Fn(&O) -> O::Output + Send + Sync + 'static,
    ) -> Answers<'m, O> {
        self.answers().answer_with(output)
    }

    /// Refuses in the words of the service, in its own envelope.
    ///
    /// # Panics
    /// If `status` is no HTTP status (100 to 999).
    #[track_caller]
    pub fn refuse(self, status: u16, message: &str) -> Answers<'m, O> {
        self.answers().refuse(status, message)
    }
}

impl<O> fmt::Debug for Expectation<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expectation")
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}

/// The answers to an [`Expectation`], in sequence. Each method but [`status`](Self::status), [`times`](Self::times)
/// and [`always`](Self::always) adds an answer, which is given once.
pub struct Answers<'m, O> {
    of: Expectation<'m, O>,
}

impl<O> Answers<'_, O> {
    /// Gives the last answer to `count` attempts. With 0 it is never given.
    pub fn times(self, count: u32) -> Self {
        self.of
            .mock
            .lock()
            .repeat(self.of.index, Left::Times(count));
        self
    }

    /// Gives the last answer to any number of attempts, none included. Answers behind it are never given.
    pub fn always(self) -> Self {
        self.of.mock.lock().repeat(self.of.index, Left::Always);
        self
    }

    /// Gives the last answer this HTTP status, such as 201.
    ///
    /// # Panics
    /// If `status` is no HTTP status (100 to 999).
    #[track_caller]
    pub fn status(self, status: u16) -> Self {
        let status = status_code(status);
        self.of.mock.lock().set_status(self.of.index, status);
        self
    }

    /// Adds an [answer as it is](Expectation::respond).
    pub fn respond(self, response: Response<Bytes>) -> Self {
        self.act(move |_| Act::Answer(response.clone()))
    }

    /// Adds a [timeout](Expectation::timeout).
    pub fn timeout(self) -> Self {
        self.act(|_| Act::End(End::Late))
    }

    /// Adds a [connection that breaks](Expectation::lost) after the request was sent.
    pub fn lost(self) -> Self {
        self.act(|_| Act::End(End::Lost))
    }

    /// Adds a [connection that breaks](Expectation::unsent) before the request was sent.
    pub fn unsent(self) -> Self {
        self.act(|_| Act::End(End::Unsent))
    }

    /// Adds an attempt [without an answer](Expectation::silence).
    pub fn silence(self) -> Self {
        self.act(|_| Act::Silence)
    }

    fn act(self, act: impl Fn(&Received) -> Act + Send + Sync + 'static) -> Self {
        self.of.mock.lock().add_answer(self.of.index, act);
        self
    }
}

impl<O: Mocked> Answers<'_, O> {
    /// Adds an [output](Expectation::answer).
    pub fn answer(self, output: O::Output) -> Self {
        self.respond(O::answer(&output))
    }

    /// Adds an [output that a function makes](Expectation::answer_with).
    pub fn answer_with(self, output: impl Fn(&O) -> O::Output + Send + Sync + 'static) -> Self {
        self.act(move |received| match received.operation::<O>() {
            Some(operation) => Act::Answer(O::answer(&output(&operation))),
            None => Act::Unreadable,
        })
    }

    /// Adds a [refusal](Expectation::refuse).
    ///
    /// # Panics
    /// If `status` is no HTTP status (100 to 999).
    #[track_caller]
    pub fn refuse(self, status: u16, message: &str) -> Self {
        self.respond(O::refusal(status_code(status), message))
    }
}

impl<O> fmt::Debug for Answers<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Answers").field(&self.of).finish()
    }
}

#[track_caller]
fn status_code(status: u16) -> StatusCode {
    match StatusCode::from_u16(status) {
        Ok(status) => status,
        Err(_) => panic!("{status} is no HTTP status"),
    }
}
