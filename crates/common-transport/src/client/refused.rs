//! Connections that will not come about however often they are tried.

use std::{error::Error, fmt};

use rustls::{AlertDescription, PeerIncompatible};

use super::chain::find;
use crate::BoxError;

/// A connection that is refused for good, and why.
#[derive(Debug, Clone)]
pub(super) struct Refused(String);

impl Refused {
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }

    /// Tells a refused certificate or protocol of `peer` from a connection that broke.
    pub(super) fn by_tls(peer: &str, error: BoxError) -> BoxError {
        let Some(refused) = find::<rustls::Error>(&*error) else {
            return error;
        };
        let said = match refused {
            // The two ways in which a server says it: by what it chooses, and by an alert.
            rustls::Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13)
            | rustls::Error::AlertReceived(AlertDescription::ProtocolVersion) => {
                format!("it offers nothing newer than TLS 1.1 ({refused})")
            }
            _ => refused.to_string(),
        };
        Self::new(format!("no secure connection with {peer}: {said}")).into()
    }

    /// The same of a proxy, which may also want a password: accounts are locked when a wrong one is tried often.
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
