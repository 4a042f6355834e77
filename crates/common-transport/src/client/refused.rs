//! Connections that fail on every attempt.

use std::{error::Error, fmt};

use rustls::{AlertDescription, PeerIncompatible};

use super::chain::find;
use crate::BoxError;

/// The reason why a connection is refused for good.
#[derive(Debug, Clone)]
pub(super) struct Refused(String);

impl Refused {
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }

    /// Distinguishes a refused certificate or protocol of `peer` from a broken connection.
    pub(super) fn by_tls(peer: &str, error: BoxError) -> BoxError {
        let Some(refused) = find::<rustls::Error>(&*error) else {
            return error;
        };
        let said = match refused {
            // A server says it in one of two ways: by its choice, or by an alert.
            rustls::Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13)
            | rustls::Error::AlertReceived(AlertDescription::ProtocolVersion) => {
                format!("it offers nothing newer than TLS 1.1 ({refused})")
            }
            _ => refused.to_string(),
        };
        Self::new(format!("no secure connection with {peer}: {said}")).into()
    }

    /// The same for a proxy, which may also require a password. A wrong password is final too, since repeated attempts
    /// can lock the account.
    pub(super) fn by_proxy(error: BoxError) -> BoxError {
        // The type of hyper-util's error cannot be named.
        if error.to_string() == "tunnel error: proxy authorization required" {
            return Self::new("the proxy wants another user name or password").into();
        }
        Self::by_tls("the proxy", error)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Refused {}
