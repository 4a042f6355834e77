//! The cryptography provider of TLS.

use rustls::crypto::CryptoProvider;

/// The cryptography provider of TLS. Features select the providers that are built in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Provider {
    /// ring (feature `client`).
    #[cfg(feature = "client")]
    Ring,
    /// AWS-LC (feature `aws-lc-rs`).
    #[cfg(feature = "aws-lc-rs")]
    AwsLcRs,
}

impl Provider {
    /// All providers that are built in, the default first.
    pub const ALL: &[Self] = &[
        #[cfg(feature = "client")]
        Self::Ring,
        #[cfg(feature = "aws-lc-rs")]
        Self::AwsLcRs,
    ];

    /// Returns the chosen provider, else the default.
    pub(super) fn resolve(chosen: Option<Self>) -> Result<CryptoProvider, rustls::Error> {
        let default = || Self::ALL.first().copied();
        if let Some(provider) = chosen.or_else(default) {
            return Ok(provider.make());
        }
        let message = "no cryptography is built in: turn on the feature client or aws-lc-rs";
        Err(rustls::Error::General(message.to_owned()))
    }

    fn make(self) -> CryptoProvider {
        match self {
            #[cfg(feature = "client")]
            Self::Ring => rustls::crypto::ring::default_provider(),
            #[cfg(feature = "aws-lc-rs")]
            Self::AwsLcRs => rustls::crypto::aws_lc_rs::default_provider(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r3_the_default_is_the_first_that_is_built_in() {
        let suites = |provider: Option<Provider>| {
            let provider = Provider::resolve(provider).ok()?;
            Some(format!("{:?}", provider.key_provider))
        };
        let first = Provider::ALL.first().copied();
        assert_eq!(suites(None), first.and_then(|first| suites(Some(first))));
        assert_eq!(suites(None).is_some(), first.is_some());
    }
}
