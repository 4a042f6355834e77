//! An account, and a folder with files to import.

use std::{path::PathBuf, process::Command};

use common_model::{Value as Json, from_json};
use shopwire_sandbox::{Fault, Options, RateLimit, RowQuery, Sandbox};
use tokio::runtime::Runtime;

use super::support::{Run, command, run, scratch};

pub(crate) struct Shop {
    /// It serves the sandbox.
    _runtime: Runtime,
    pub(crate) sandbox: Sandbox,
    pub(crate) folder: PathBuf,
}

/// A request that writes: its path and its body.
pub(crate) type Write = (String, String);

impl Shop {
    pub(crate) fn new(name: &str) -> Self {
        let folder = scratch().join(format!("import-{name}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        let runtime = Runtime::new().expect("a runtime");
        let options = Options::default().retailcrm(|crm| crm.rate_limit(RateLimit::Lifted));
        let sandbox = runtime
            .block_on(Sandbox::start(options))
            .expect("a sandbox");
        Self {
            _runtime: runtime,
            sandbox,
            folder,
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("written");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect(name)
    }

    /// The command with this account, in the folder.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let service = self.sandbox.retailcrm();
        let mut command = command(args);
        command
            .env("RETAILCRM_URL", service.url())
            .env("RETAILCRM_API_KEY", service.api_key())
            .current_dir(&self.folder);
        command
    }

    /// `shopwire import retailcrm …`
    pub(crate) fn import(&self, args: &[&str]) -> Run {
        let done = run(self.command(&["import", "retailcrm"]).args(args), "");
        let key = self.sandbox.retailcrm().api_key();
        assert!(!done.stderr.contains(&key) && !done.stdout.contains(&key));
        done
    }

    /// The same without questions, which has to succeed. Returns the summary.
    pub(crate) fn imported(&self, args: &[&str]) -> Json {
        let done = self.import(&[args, &["--yes", "--json"]].concat());
        assert_eq!(done.code, 0, "{args:?}\n{}", done.stderr);
        summary(&done)
    }

    /// `shopwire export retailcrm …`, which has to succeed.
    pub(crate) fn export(&self, args: &[&str]) {
        let done = run(
            self.command(&["export", "retailcrm"])
                .args(args)
                .arg("--quiet"),
            "",
        );
        assert_eq!(done.code, 0, "{args:?}\n{}", done.stderr);
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.sandbox.retailcrm().faults().push(fault);
    }

    /// The requests that write, the oldest first.
    pub(crate) fn writes(&self) -> Vec<Write> {
        let page = self.sandbox.journal().page(&Default::default(), 10_000);
        let mut writes: Vec<Write> = page
            .exchanges
            .iter()
            .filter(|exchange| exchange.method == "POST")
            .map(|exchange| {
                let body = exchange.request.body.text().expect("a whole text");
                (exchange.path.clone(), body.to_owned())
            })
            .collect();
        writes.reverse();
        writes
    }

    /// The rows of the account.
    pub(crate) fn rows(&self, entity: &str) -> Vec<Json> {
        let mut rows = Vec::new();
        for page in 1.. {
            let query = RowQuery::default().limit(1000).page(page);
            // A table is made with its first row.
            let Ok(found) = self.sandbox.rows("retailcrm", entity, &query) else {
                break;
            };
            rows.extend(found.rows);
            if rows.len() >= found.total {
                break;
            }
        }
        let rows = rows.into_iter();
        rows.map(|row| from_json(&row.to_string()).expect("JSON"))
            .collect()
    }

    /// A member of the rows, in order.
    pub(crate) fn values(&self, entity: &str, name: &str) -> Vec<String> {
        let rows = self.rows(entity).into_iter();
        let mut values: Vec<String> = rows
            .filter_map(|row| Some(row.get(name)?.as_str()?.to_owned()))
            .collect();
        values.sort();
        values
    }
}

/// The `import` member of the summary, which may stand before an error.
pub(crate) fn summary(run: &Run) -> Json {
    let mut lines = run.stderr.lines().rev();
    let line = lines.find(|line| line.starts_with("{\"import\""));
    let line = line.unwrap_or_else(|| panic!("no summary\n{run:?}"));
    let json: Json = from_json(line).expect("JSON");
    json.get("import").expect("a summary").clone()
}

/// A number of a summary.
pub(crate) fn number(json: &Json, name: &str) -> i64 {
    json.get(name)
        .and_then(Json::as_i64)
        .unwrap_or_else(|| panic!("{name}: {json}"))
}

/// Orders with these numbers as JSON Lines.
pub(crate) fn orders(numbers: std::ops::RangeInclusive<usize>) -> String {
    numbers.map(order).collect()
}

fn order(number: usize) -> String {
    format!(
        "{{\"externalId\":\"o-{number}\",\"number\":\"N{number}\",\"firstName\":\"Анна\",\
         \"items\":[{{\"productName\":\"Kettle\",\"quantity\":2,\"initialPrice\":10.50}}]}}\n"
    )
}

/// The externalIds of these orders, in the order of texts.
pub(crate) fn ids(numbers: std::ops::RangeInclusive<usize>) -> Vec<String> {
    let mut ids: Vec<String> = numbers.map(|number| format!("o-{number}")).collect();
    ids.sort();
    ids
}
