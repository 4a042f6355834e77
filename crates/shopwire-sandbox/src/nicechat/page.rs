//! Pages: `count`, `next`, `previous`, `results`.

use serde_json::{Value, json};

use super::envelope::Refusal;
use crate::options::NextLinks;

/// Returns one page of `all`. The parameter's name is undocumented on purpose: clients must follow `next`.
pub(super) fn page(
    all: &[Value],
    size: usize,
    links: &Links<'_>,
    asked: Option<&str>,
) -> Result<Value, Refusal> {
    let number = match asked {
        None => 1,
        Some(text) => text
            .parse()
            .ok()
            .filter(|&number: &usize| number > 0)
            .ok_or_else(Refusal::not_found)?,
    };
    let last = all.len().div_ceil(size).max(1);
    if number > last {
        return Err(Refusal::not_found());
    }
    let start = (number - 1) * size;
    let end = all.len().min(start + size);
    Ok(json!({
        "count": all.len(),
        "next": (number < last).then(|| links.to(number + 1)),
        "previous": (number > 1).then(|| links.to(number - 1)),
        "results": &all[start..end],
    }))
}

/// The form of the links to other pages.
#[derive(Debug)]
pub(super) struct Links<'a> {
    pub(super) form: NextLinks,
    pub(super) host: &'a str,
    pub(super) path: &'a str,
}

impl Links<'_> {
    fn to(&self, number: usize) -> String {
        let (host, path) = (self.host, self.path);
        match self.form {
            NextLinks::Path => format!("{path}?page={number}"),
            NextLinks::Query => format!("?page={number}"),
            NextLinks::Absolute => format!("http://{host}{path}?page={number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(form: NextLinks) -> Links<'static> {
        Links {
            form,
            host: "127.0.0.1:1",
            path: "/p/",
        }
    }

    #[test]
    fn n40_n41_pages_lead_to_each_other() {
        let all: Vec<Value> = (0..5).map(Value::from).collect();
        let first = page(&all, 2, &links(NextLinks::Path), None).expect("a page");
        assert_eq!(
            first,
            json!({"count": 5, "next": "/p/?page=2", "previous": null, "results": [0, 1]})
        );
        let last = page(&all, 2, &links(NextLinks::Query), Some("3")).expect("a page");
        assert_eq!(
            last,
            json!({"count": 5, "next": null, "previous": "?page=2", "results": [4]})
        );
        let absolute = page(&all, 4, &links(NextLinks::Absolute), None).expect("a page");
        assert_eq!(absolute["next"], "http://127.0.0.1:1/p/?page=2");
    }

    #[test]
    fn n42_a_page_that_is_not_there_is_not_found() {
        for number in ["0", "2", "x", "-1"] {
            assert_eq!(
                page(&[], 2, &links(NextLinks::Path), Some(number)),
                Err(Refusal::not_found()),
                "{number}"
            );
        }
        let empty = page(&[], 2, &links(NextLinks::Path), None).expect("an empty page");
        assert_eq!(
            empty,
            json!({"count": 0, "next": null, "previous": null, "results": []})
        );
    }
}
