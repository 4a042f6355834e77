//! Whether answers that are not strict JSON are read.

use bytes::Bytes;
use common_model::{Options, lenient::Lenient};
use http::Response;

/// The handling of responses that are not strict JSON. A byte order mark is always skipped.
///
/// Which mistakes can be repaired depends on the service: its crate has the [`Repair`] that knows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Strictness {
    /// Refuse them: text around the JSON may mean that the response is wrong.
    #[default]
    Strict,
    /// Repair the known mistakes of the service, and read the result.
    Lenient,
}

/// Repairs the body of an answer that is not quite JSON; `None` when it needs no repair or allows none.
///
/// It asks the options now and then [whether to stop](Options::says_stop). A result after that is ignored.
pub type Repair = fn(&[u8], &Options<'_>) -> Option<Vec<u8>>;

/// A [`Repair`] that recovers one balanced object from text around it, such as warnings of PHP or HTML of a proxy. It
/// also removes trailing commas.
///
/// ```
/// use common_api::{Strictness, repair_noise};
///
/// let body = "<b>Warning</b>: x<br>{\"success\":true,}";
/// let response = || http::Response::new(bytes::Bytes::from(body));
/// assert_eq!(Strictness::Strict.apply(response(), repair_noise).body(), body);
/// assert_eq!(Strictness::Lenient.apply(response(), repair_noise).body(), "{\"success\":true }");
/// ```
pub fn repair_noise(body: &[u8], options: &Options<'_>) -> Option<Vec<u8>> {
    let lenient = Lenient::new().noise().trailing_commas();
    let repaired = lenient.repair_with(body, options).ok()?;
    Some(repaired.into_owned())
}

impl Strictness {
    /// The answer as operations decode it: unchanged, or with its body repaired.
    ///
    /// For callers with an HTTP stack of their own; the clients do it themselves.
    ///
    /// ```
    /// use common_api::{Repair, Strictness};
    ///
    /// let add_brace: Repair = |body, _| Some([b"{", body].concat());
    /// let response = || http::Response::new(bytes::Bytes::from_static(b"\"code\":204}"));
    /// assert_eq!(Strictness::Strict.apply(response(), add_brace).body(), "\"code\":204}");
    /// assert_eq!(Strictness::Lenient.apply(response(), add_brace).body(), "{\"code\":204}");
    /// ```
    pub fn apply(self, response: Response<Bytes>, repair: Repair) -> Response<Bytes> {
        match self {
            Self::Strict => response,
            Self::Lenient => {
                response.map(|body| repair(&body, &Options::new()).map_or(body, Bytes::from))
            }
        }
    }

    /// Has the operation repair the body when it reads it, as the clients do: within the time that
    /// [`Decoding::attach_until`](crate::Decoding::attach_until) sets.
    pub fn attach(self, response: &mut Response<Bytes>, repair: Repair) {
        if self == Self::Lenient {
            response.extensions_mut().insert(RepairFirst(repair));
        }
    }
}

/// In the extensions of a response: its body is repaired before anything else is done with it.
#[derive(Clone, Copy)]
pub(crate) struct RepairFirst(pub(crate) Repair);
