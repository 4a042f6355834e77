//! Servers that cannot keep the promises are refused by name, and other servers than before are noticed.

use std::{fs, time::Duration};

use common_durable::{
    Appended, EffectState, Error, ErrorKind, Inbox, NewEffect, NewEvent, Outbox, Repeat,
    postgres::{Postgres, PostgresOptions},
};

use crate::server::{self, PASSWORD, Server, block_on};

async fn refused(options: PostgresOptions) -> Error {
    let error = Postgres::open(options).await.expect_err("it is refused");
    assert!(!format!("{error} {error:?}").contains(PASSWORD), "{error}");
    error
}

fn says(error: &Error, kind: ErrorKind, word: &str) {
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.to_string().contains(word), "{error}");
}

#[test]
fn d2_d19_databases_that_cannot_keep_the_promises_are_refused() {
    let Some(server) = server::shared() else {
        return;
    };
    block_on(async {
        for (setting, word) in [
            ("synchronous_commit = off", "synchronous_commit=off"),
            (
                "default_transaction_read_only = on",
                "default_transaction_read_only=on",
            ),
        ] {
            let database = server.database().await;
            server
                .admin(&format!("alter database {database} set {setting}"))
                .await;
            says(
                &refused(server.options(&database)).await,
                ErrorKind::Unsafe,
                word,
            );
        }
        server
            .admin("create database ascii template template0 encoding 'SQL_ASCII'")
            .await;
        says(
            &refused(server.options("ascii")).await,
            ErrorKind::Unsafe,
            "SQL_ASCII",
        );
        // Another default is no danger: every transaction says what it needs.
        let database = server.database().await;
        server
            .admin(&format!(
                "alter database {database} set default_transaction_isolation = serializable"
            ))
            .await;
        let store = Postgres::open(server.options(&database))
            .await
            .expect("it opens");
        let inbox = Inbox::new(std::sync::Arc::new(store));
        inbox
            .append(NewEvent::new("s", "x").key("k"))
            .await
            .expect("stored");
    });
}

#[test]
fn d19_who_cannot_come_in_is_told_why_without_the_password() {
    let Some(server) = server::shared() else {
        return;
    };
    block_on(async {
        let wrong = server.options("postgres").password("a-wrong-one");
        let error = refused(wrong).await;
        says(&error, ErrorKind::Unavailable, "password");
        assert!(!error.to_string().contains("a-wrong-one"));
        let error = refused(server.options("nowhere")).await;
        says(&error, ErrorKind::Unavailable, "does not exist");
        let nobody =
            PostgresOptions::new("postgres://u:secret-1@127.0.0.1:1/d").expect("an address");
        let error = refused(nobody).await;
        says(&error, ErrorKind::Unavailable, "connection");
        assert!(!error.to_string().contains("secret-1"));
        let database = server.database().await;
        server
            .admin("create role guest login password 'guest'")
            .await;
        let guest = server
            .address(&database)
            .replace("user=postgres", "user=guest")
            .replace(PASSWORD, "guest");
        let error = refused(PostgresOptions::new(&guest).expect("an address")).await;
        says(&error, ErrorKind::Unavailable, "permission");
    });
}

/// One server of its own, because the settings are those of the whole server.
#[test]
fn d2_d11_d19_unsafe_servers_are_refused_and_a_promoted_one_is_noticed() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    block_on(async {
        for (setting, word) in [
            ("fsync", "fsync=off"),
            ("full_page_writes", "full_page_writes=off"),
        ] {
            server
                .admin(&format!("alter system set {setting} = off"))
                .await;
            reload(&server, setting, "off").await;
            says(
                &refused(server.options("postgres")).await,
                ErrorKind::Unsafe,
                word,
            );
            server
                .admin(&format!("alter system set {setting} = on"))
                .await;
            reload(&server, setting, "on").await;
        }
        let store = Postgres::open(server.options("postgres"))
            .await
            .expect("it opens");
        let (inbox, outbox) = handles(&store);
        inbox
            .append(NewEvent::new("s", "x").event_id("1"))
            .await
            .expect("stored");
        let effect = NewEffect::new("a", "create", "{}", Repeat::Never);
        let effect = outbox.intend(effect).await.expect("stored");

        server.stop();
        fs::write(server.data().join("standby.signal"), "").expect("a file");
        assert!(server.run(), "the standby starts");
        says(
            &refused(server.options("postgres")).await,
            ErrorKind::Unsafe,
            "standby",
        );
        // A store that was open before is told the same.
        let error = inbox
            .append(NewEvent::new("s", "y"))
            .await
            .expect_err("a standby");
        says(&error, ErrorKind::Unsafe, "standby");

        server.admin("select pg_promote()").await;
        // The store that stayed open notices that the server's history branched off.
        let appended = inbox.append(NewEvent::new("s", "x").event_id("1")).await;
        assert!(
            matches!(appended, Ok(Appended::Known { .. })),
            "{appended:?}"
        );
        let details = outbox
            .effect(effect)
            .await
            .expect("a look")
            .expect("it is there");
        assert_eq!(details.summary.state, EffectState::Unknown);
        let noticed = inbox.totals().await.expect("totals").restored_at;
        assert!(noticed.is_some());
        // Once is enough.
        let store = Postgres::open(server.options("postgres"))
            .await
            .expect("it opens");
        let (inbox, _) = handles(&store);
        assert_eq!(inbox.totals().await.expect("totals").restored_at, noticed);
    });
}

fn handles(store: &Postgres) -> (Inbox, Outbox) {
    let store = std::sync::Arc::new(store.clone());
    (
        Inbox::new(std::sync::Arc::<Postgres>::clone(&store)),
        Outbox::new(store),
    )
}

/// Waits until new connections see the setting.
async fn reload(server: &Server, setting: &str, value: &str) {
    server.admin("select pg_reload_conf()").await;
    for _ in 0..500 {
        let client = server.connect("postgres").await.expect("a connection");
        let row = client
            .query_one("select current_setting($1)", &[&setting])
            .await
            .expect("a setting");
        if row.get::<_, String>(0) == value {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{setting} does not change");
}
