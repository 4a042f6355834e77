//! Settings of a server that decide whether the store's promises hold there.

use tokio_postgres::Client;

use super::super::failure;
use crate::{Error, ErrorKind};

/// The oldest server that knows `pg_xact_status` of 64-bit numbers: 13.
const OLDEST: i32 = 130_000;

const QUESTION: &str = "
    select current_setting('server_version_num')::integer,
        current_setting('server_encoding'),
        pg_is_in_recovery(),
        current_setting('default_transaction_read_only'),
        current_setting('fsync'),
        current_setting('full_page_writes'),
        current_setting('synchronous_commit')";

/// Settings of a server.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    version: i32,
    encoding: String,
    is_standby: bool,
    read_only: String,
    fsync: String,
    full_page_writes: String,
    synchronous_commit: String,
}

impl Facts {
    pub(super) async fn ask(client: &Client) -> Result<Self, Error> {
        let failed = |error: tokio_postgres::Error| failure::of("settings of the server", &error);
        let row = client
            .query_typed_one(QUESTION, &[])
            .await
            .map_err(failed)?;
        Ok(Self {
            version: row.try_get(0).map_err(failed)?,
            encoding: row.try_get(1).map_err(failed)?,
            is_standby: row.try_get(2).map_err(failed)?,
            read_only: row.try_get(3).map_err(failed)?,
            fsync: row.try_get(4).map_err(failed)?,
            full_page_writes: row.try_get(5).map_err(failed)?,
            synchronous_commit: row.try_get(6).map_err(failed)?,
        })
    }

    /// Checks that a commit that is acknowledged is on disk.
    ///
    /// # Errors
    /// [`ErrorKind::Unsafe`] with the name of the setting.
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.version < OLDEST {
            let (major, oldest) = (self.version / 10_000, OLDEST / 10_000);
            return Err(refused(format!(
                "the server is PostgreSQL {major}; {oldest} or later is needed"
            )));
        }
        if self.encoding != "UTF8" {
            return Err(refused(format!(
                "the database has the encoding {}; UTF8 is needed",
                self.encoding
            )));
        }
        if self.is_standby {
            return Err(refused("the server is a standby and takes no commits"));
        }
        for (name, value, unsafe_value, why) in [
            (
                "default_transaction_read_only",
                &self.read_only,
                "on",
                "the server takes no commits",
            ),
            (
                "fsync",
                &self.fsync,
                "off",
                "a power cut loses what was acknowledged",
            ),
            (
                "full_page_writes",
                &self.full_page_writes,
                "off",
                "a power cut can damage the database",
            ),
            (
                "synchronous_commit",
                &self.synchronous_commit,
                "off",
                "a crash loses what was acknowledged",
            ),
        ] {
            if value == unsafe_value {
                return Err(refused(format!("{name}={unsafe_value}: {why}")));
            }
        }
        Ok(())
    }
}

fn refused(why: impl Into<String>) -> Error {
    Error::new(ErrorKind::Unsafe, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Facts {
        Facts {
            version: 130_000,
            encoding: "UTF8".to_owned(),
            is_standby: false,
            read_only: "off".to_owned(),
            fsync: "on".to_owned(),
            full_page_writes: "on".to_owned(),
            synchronous_commit: "remote_write".to_owned(),
        }
    }

    #[test]
    fn d2_d19_unsafe_servers_are_named() {
        assert!(good().check().is_ok());
        let off = || "off".to_owned();
        let on = || "on".to_owned();
        for (facts, word) in [
            (
                Facts {
                    version: 120_022,
                    ..good()
                },
                "PostgreSQL 12",
            ),
            (
                Facts {
                    encoding: "SQL_ASCII".to_owned(),
                    ..good()
                },
                "SQL_ASCII",
            ),
            (
                Facts {
                    is_standby: true,
                    ..good()
                },
                "standby",
            ),
            (
                Facts {
                    read_only: on(),
                    ..good()
                },
                "default_transaction_read_only",
            ),
            (
                Facts {
                    fsync: off(),
                    ..good()
                },
                "fsync=off",
            ),
            (
                Facts {
                    full_page_writes: off(),
                    ..good()
                },
                "full_page_writes=off",
            ),
            (
                Facts {
                    synchronous_commit: off(),
                    ..good()
                },
                "synchronous_commit=off",
            ),
        ] {
            let error = facts.check().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsafe);
            assert!(error.to_string().contains(word), "{error}");
        }
    }
}
