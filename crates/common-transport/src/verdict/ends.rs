//! The rows by the end of a connection.

use super::Verdict;
use crate::ErrorKind::{BodyLimit, Connect, Timeout, Transport};

/// How a call ended without an answer that could be read whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum End {
    /// No connection came about: name, route, a closed port.
    NoConnection,
    /// No connection will come about however often it is tried: a certificate, a protocol, a proxy's password.
    Refused,
    /// The connection broke before the first byte of the request was sent.
    Unsent,
    /// The server has said that it did not look at the request: a refused stream, or a `GOAWAY` whose last stream
    /// comes before it (RFC 9113, section 8.7).
    Unprocessed,
    /// The connection broke after the request began to be sent.
    Lost,
    /// The answer broke off.
    CutOff,
    /// The stream of the request's body failed before the first byte was sent.
    BodyUnsent,
    /// The stream of the request's body failed later.
    BodyBroke,
    /// A clock ended the call before the first byte of the request was sent.
    LateUnsent,
    /// A clock ended the call later.
    Late,
    /// The answer is larger than the limit.
    TooLarge,
    /// A service in place of our transport failed, and nobody knows when.
    Foreign,
}

impl End {
    /// Its row.
    #[rustfmt::skip]
    pub const fn verdict(self) -> Verdict {
        match self {
            //                                          kind       landed passes
            Self::NoConnection           => Verdict::new(Connect,   false, true),
            Self::Refused                => Verdict::new(Connect,   false, false),
            Self::Unsent                 => Verdict::new(Transport, false, true),
            Self::Unprocessed            => Verdict::new(Transport, false, true),
            Self::Lost                   => Verdict::new(Transport, true,  true),
            Self::CutOff                 => Verdict::new(Transport, true,  true),
            Self::BodyUnsent             => Verdict::new(Transport, false, false),
            Self::BodyBroke              => Verdict::new(Transport, true,  false),
            Self::LateUnsent             => Verdict::new(Timeout,   false, true),
            Self::Late                   => Verdict::new(Timeout,   true,  true),
            Self::TooLarge               => Verdict::new(BodyLimit, true,  false),
            Self::Foreign                => Verdict::new(Transport, true,  true),
        }
    }

    /// What a clock has ended.
    pub const fn late(is_sent: bool) -> Self {
        if is_sent {
            Self::Late
        } else {
            Self::LateUnsent
        }
    }
}
