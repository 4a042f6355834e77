//! The tests in which a typed client calls a sandbox, and the calls they make.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Where tests with a client and a sandbox lie.
const FOLDERS: &[&str] = &["tests/tests", "tests/guide", "crates"];

/// The services, as files name them.
const SERVICES: &[&str] = &["nicechat", "uvygoda", "retailcrm"];

/// The comment above a test that goes over all operations of a service.
const ALL: &str = "// round trip: ";

/// All tests that may make round trips.
pub(super) struct RoundTrips {
    tests: Vec<Test>,
}

#[derive(Debug, Default)]
struct Test {
    name: String,
    /// The services that the file speaks of.
    services: Vec<&'static str>,
    /// The services whose operations it all calls, by its own word.
    all_of: Vec<String>,
    /// The text without white space.
    body: String,
}

impl RoundTrips {
    /// Reads the tests of files that speak of the sandbox.
    pub(super) fn read(root: &Path) -> Result<Self, String> {
        let mut tests = Vec::new();
        for folder in FOLDERS {
            for path in files(&root.join(folder), "rs")? {
                let text = read(&path)?;
                let is_own = path.iter().any(|part| part == "shopwire-sandbox");
                if !is_own && text.contains("sandbox") {
                    tests.extend(tests_in(&text));
                }
            }
        }
        Ok(Self { tests })
    }

    /// The tests that call this operation.
    pub(super) fn of(&self, service: &str, group: &str, operation: &str) -> BTreeSet<&str> {
        let tests = self.tests.iter();
        let calling = tests.filter(|test| test.calls(service, group, operation));
        calling.map(|test| test.name.as_str()).collect()
    }
}

impl Test {
    fn calls(&self, service: &str, group: &str, operation: &str) -> bool {
        let verb = operation.rsplit('.').next().unwrap_or(operation);
        let call = format!(".{group}().{}(", snake_case(verb));
        // Where a file speaks of several services, the client has to bear the name of its own.
        let is_named = [service.to_owned(), format!("{service}()")]
            .iter()
            .any(|client| self.body.contains(&format!("{client}{call}")));
        let is_alone = self.services == [service];
        let is_called = is_named || is_alone && self.body.contains(&call);
        is_called || self.all_of.iter().any(|all| all == service)
    }
}

/// The test functions of a file, each from its name to the brace that ends it.
fn tests_in(text: &str) -> Vec<Test> {
    let services = SERVICES.iter().copied();
    let speaks_of = |name: &&str| {
        let mut lines = text.lines().filter(|line| !line.contains(ALL));
        lines.any(|line| line.contains(name))
    };
    let services: Vec<&str> = services.filter(speaks_of).collect();
    let (mut tests, mut all_of, mut is_test) = (Vec::new(), Vec::new(), false);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let told = line.trim_start();
        let indent = &line[..line.len() - told.len()];
        if let Some(names) = told.strip_prefix(ALL) {
            all_of.extend(names.split(", ").map(str::to_owned));
        } else if told.starts_with("#[test") || told.starts_with("#[tokio::test") {
            is_test = true;
        } else if let Some((_, rest)) = told.split_once("fn ").filter(|_| is_test) {
            let end = format!("{indent}}}");
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != end).collect();
            tests.push(Test {
                name: rest.split('(').next().unwrap_or_default().to_owned(),
                services: services.clone(),
                all_of: std::mem::take(&mut all_of),
                body: body.concat().split_whitespace().collect(),
            });
            is_test = false;
        }
    }
    tests
}

/// `getProductList` as the generated method is named.
fn snake_case(verb: &str) -> String {
    let mut name = String::new();
    for letter in verb.chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

/// All files below a folder with this ending, in order.
pub(super) fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            found.extend(files(&path, ending)?);
        } else if path
            .extension()
            .is_some_and(|extension| extension == ending)
        {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

pub(super) fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

pub(super) fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        use shopwire::retailcrm::Client;

        fn helper(client: &Client) {
            client.orders().get("a");
        }

        // round trip: nicechat
        #[test]
        fn all() {
        }

        #[tokio::test]
        async fn one() {
            client
                .orders()
                .create(order).await;
        }
    "#;

    #[test]
    fn a_call_belongs_to_the_test_that_makes_it() {
        let trips = RoundTrips {
            tests: tests_in(TEXT),
        };
        let of = |operation| Vec::from_iter(trips.of("retailcrm", "orders", operation));
        assert_eq!(of("orders.create"), ["one"]);
        assert_eq!(of("orders.get"), [""; 0]);
        let all = trips.of("nicechat", "orders", "orders.list");
        assert_eq!(Vec::from_iter(all), ["all"]);
    }

    #[test]
    fn several_services_have_clients_of_their_names() {
        let text = "// sandbox of uvygoda and retailcrm\n#[test]\nfn both() {\nuvygoda().orders().get_stages();\nclient.orders().list();\n}\n";
        let trips = RoundTrips {
            tests: tests_in(text),
        };
        assert_eq!(trips.of("uvygoda", "orders", "getStages").len(), 1);
        assert_eq!(trips.of("retailcrm", "orders", "orders.list").len(), 0);
    }
}
