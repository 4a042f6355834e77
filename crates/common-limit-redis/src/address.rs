//! The address of a Redis.

use std::fmt;

use common_transport::Error;
use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _, RedisConnectionInfo};

/// The address of a Redis, with its password. `Debug` shows host and port alone.
#[derive(Clone)]
pub(crate) struct Address {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) is_secure: bool,
    pub(crate) login: RedisConnectionInfo,
}

impl Address {
    pub(crate) fn read(text: &str) -> Result<Self, Error> {
        let wrong = |message: &str| Error::invalid_input("address", message);
        let (plain, is_secure) = match text.split_once("://") {
            Some(("redis", _)) => (text.to_owned(), false),
            // TLS is ours, so that the library is not asked for it.
            Some(("rediss", rest)) => (format!("redis://{rest}"), true),
            _ => return Err(wrong("it has to begin with redis:// or rediss://")),
        };
        if is_secure && cfg!(not(feature = "tls")) {
            return Err(wrong("rediss:// needs the feature `tls`"));
        }
        let info: Result<ConnectionInfo, _> = plain.into_connection_info();
        // The library's error may show the address, and with it the password.
        let info =
            info.map_err(|_| wrong("it is not redis://[user:password@]host[:port][/database]"))?;
        let ConnectionAddr::Tcp(host, port) = info.addr() else {
            return Err(wrong("it names no host"));
        };
        Ok(Self {
            host: host.clone(),
            port: *port,
            is_secure,
            login: info.redis_settings().clone(),
        })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_secure { "rediss" } else { "redis" };
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // D17, X7
    #[test]
    fn x7_an_address_shows_no_password() {
        let address = Address::read("redis://me:S3CRET@redis.example/3").unwrap();
        assert_eq!(address.to_string(), "redis://redis.example:6379");
        assert!(!format!("{address:?}").contains("S3CRET"));
        assert_eq!(address.login.db(), 3);
        assert_eq!(address.login.password(), Some("S3CRET"));
        for wrong in [
            "",
            "S3CRET",
            "http://S3CRET@x/",
            "redis://:S3CRET@:x/",
            "redis+unix:///S3CRET",
        ] {
            let error = Address::read(wrong).unwrap_err();
            assert_eq!(error.field(), Some("address"), "{wrong}");
            assert!(
                !format!("{error} {error:?}").contains("S3CRET"),
                "{error:?}"
            );
        }
    }
}
