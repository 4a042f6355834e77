//! The rows of the table by the end of a connection.

use super::Verdict;
use crate::ErrorKind::{BodyLimit, Connect, Timeout, Transport};

/// The way in which a call ended without a complete answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum End {
    /// The connection failed: name, route, a closed port.
    NoConnection,
    /// The connection fails at every attempt: a certificate, a protocol, a proxy's password.
    Refused,
    /// The connection broke before the first byte of the request was sent.
    Unsent,
    /// The server has reported that it did not process the request: a refused stream, or a `GOAWAY` with a lower
    /// last stream id (RFC 9113, section 8.7).
    Unprocessed,
    /// The connection broke after the first byte of the request was sent.
    Lost,
    /// The answer broke off.
    CutOff,
    /// The stream of the request's body failed before the first byte was sent.
    BodyUnsent,
    /// The stream of the request's body failed after the first byte was sent.
    BodyBroke,
    /// A clock ended the call before the first byte of the request was sent.
    LateUnsent,
    /// A clock ended the call after the first byte of the request was sent.
    Late,
    /// The answer is larger than the limit.
    TooLarge,
    /// A foreign service in place of our transport failed, at an unknown stage.
    Foreign,
}

impl End {
    /// Returns the row of the table.
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

    /// Returns the end of a call by a clock.
    pub const fn late(is_sent: bool) -> Self {
        if is_sent {
            Self::Late
        } else {
            Self::LateUnsent
        }
    }
}
