//! An account with orders.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use common_model::Value as Json;
use shopwire::{
    Config, Shopwire,
    retailcrm::orders::{Order, Upload},
};

use super::support::{Run, SandboxProcess, run, scratch};

pub(crate) struct Shop {
    pub(crate) sandbox: SandboxProcess,
    pub(crate) folder: PathBuf,
}

impl Shop {
    /// A sandbox with so many orders, and an empty folder.
    pub(crate) fn new(name: &str, orders: usize) -> Self {
        Self::with(name, orders, &["--no-rate-limit"])
    }

    pub(crate) fn with(name: &str, orders: usize, options: &[&str]) -> Self {
        let folder = scratch().join(format!("export-{name}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        let shop = Self {
            sandbox: SandboxProcess::start(options),
            folder,
        };
        shop.load(1..=orders);
        shop
    }

    /// Creates orders with these numbers, in batches as the service takes them.
    pub(crate) fn load(&self, numbers: std::ops::RangeInclusive<usize>) {
        let numbers: Vec<usize> = numbers.collect();
        let url = self
            .sandbox
            .setting("retailcrm", "url")
            .parse()
            .expect("a URL");
        let key = self.sandbox.setting("retailcrm", "api_key");
        let config = Config::new().retailcrm(url, key);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let shopwire = Shopwire::new(&config).expect("clients");
            let client = shopwire.retailcrm().expect("a client");
            for batch in numbers.chunks(50) {
                let orders = batch
                    .iter()
                    .map(|number| order(*number))
                    .collect::<Vec<_>>();
                client.call(Upload::new(orders)).await.expect("uploaded");
            }
        });
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Begins `shopwire export retailcrm …`, with its summary and its errors as JSON on standard error.
    pub(crate) fn begin(&self, args: &[&str]) -> Child {
        self.sandbox
            .command(&["export", "retailcrm"])
            .args(args)
            .arg("--json")
            .current_dir(&self.folder)
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts")
    }

    /// `shopwire export retailcrm …`
    pub(crate) fn export(&self, args: &[&str]) -> Run {
        let mut command = self.sandbox.command(&["export"]);
        run(command.args(args).current_dir(&self.folder), "")
    }

    /// The same, which has to succeed.
    pub(crate) fn exported(&self, args: &[&str]) -> Run {
        let run = self.export(args);
        assert_eq!(run.code, 0, "{args:?}\n{}", run.stderr);
        for secret in self.sandbox.secrets() {
            assert!(
                !run.stderr.contains(secret) && !run.stdout.contains(secret),
                "{args:?}"
            );
        }
        run
    }
}

/// Sends SIGINT.
pub(crate) fn interrupt(child: &Child) {
    let id = child.id().to_string();
    let killed = Command::new("kill").args(["-INT", &id]).status();
    assert!(killed.expect("kill runs").success());
}

fn order(number: usize) -> Order {
    Order::new()
        .number(format!("{number}A"))
        .external_id(format!("ext-{number}"))
        .first_name("Анна")
        .customer_comment("a \"comment\", with\nlines")
}

/// The lines of a file as JSON.
pub(crate) fn rows(path: &Path) -> Vec<Json> {
    let text = std::fs::read_to_string(path).expect("the file");
    text.lines()
        .map(|line| common_model::from_json(line).expect("JSON"))
        .collect()
}

/// The `export` member of the summary.
pub(crate) fn summary(run: &Run) -> Json {
    summary_of(&run.stderr)
}

/// The same, of what went to standard error.
pub(crate) fn summary_of(errors: &str) -> Json {
    let line = errors.lines().last().unwrap_or_default();
    let json: Json =
        common_model::from_json(line).unwrap_or_else(|error| panic!("{error}\n{errors}"));
    json.get("export")
        .unwrap_or_else(|| panic!("{errors}"))
        .clone()
}

/// A number of a summary.
pub(crate) fn number(json: &Json, name: &str) -> i64 {
    json.get(name)
        .and_then(Json::as_i64)
        .unwrap_or_else(|| panic!("{name}: {json}"))
}
