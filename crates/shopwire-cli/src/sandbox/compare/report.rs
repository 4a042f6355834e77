//! The list of differences: for people, and for programs.

use common_model::{Map, Value as Json, to_json};

use super::found::{Difference, Found, Kind, Listed};
use crate::terminal;

/// The list as text.
pub(super) fn text(file: &str, found: &Found) -> String {
    let compared = found.exchanges - found.skipped.len();
    let mut lines = vec![format!(
        "{file}: {compared} of {} exchanges compared",
        found.exchanges
    )];
    let all = [
        ("Differences between the account and the sandbox:", false),
        (
            "Differences that may come from the data of the account (needs state, not counted):",
            true,
        ),
    ];
    for (title, needs_state) in all {
        section(&mut lines, title, found.of(needs_state));
    }
    if !found.skipped.is_empty() {
        lines.push("Not compared:".to_owned());
        let skipped = found.skipped.iter();
        lines.extend(
            skipped.map(|one| format!("  line {} {}: {}", one.line, one.operation, one.why)),
        );
    }
    let is_listed = found.of(true).next().is_some();
    match (found.differs(), is_listed) {
        (true, _) => {}
        (false, true) => lines.push("No other difference.".to_owned()),
        (false, false) => lines.push("No difference.".to_owned()),
    }
    // Names and texts are those of the account.
    let lines = lines.iter().map(|line| terminal::line(line));
    lines.collect::<Vec<_>>().join("\n")
}

fn section<'f>(lines: &mut Vec<String>, title: &str, listed: impl Iterator<Item = &'f Listed>) {
    let mut last = "";
    for one in listed {
        if last.is_empty() {
            lines.push(title.to_owned());
        }
        if last != one.operation {
            lines.push(format!("  {}", one.operation));
            last = &one.operation;
        }
        let times = match one.times {
            1 => String::new(),
            times => format!(", {times} times"),
        };
        let what = sentence(&one.difference);
        lines.push(format!("    {what} (line {}{times})", one.line));
    }
}

/// `order.number: the account answers a string, the sandbox a number`.
fn sentence(difference: &Difference) -> String {
    let Difference {
        kind,
        at,
        recorded,
        sandbox,
        ..
    } = difference;
    match kind {
        Kind::Missing if recorded == "items" => {
            format!("{at}: the account has items here, the sandbox none")
        }
        Kind::Extra if sandbox == "items" => {
            format!("{at}: the sandbox has items here, the account none")
        }
        Kind::Undescribed if sandbox.is_empty() => {
            format!("{at}: {recorded} at the account, and not in the description")
        }
        Kind::Undescribed => {
            format!("{at}: {recorded} at the account, {sandbox} in the description")
        }
        Kind::Missing => format!("{at}: only the account has it ({recorded})"),
        Kind::Extra => format!("{at}: only the sandbox has it ({sandbox})"),
        Kind::Type => format!("{at}: {recorded} at the account, {sandbox} in the sandbox"),
        Kind::Value => format!("{at}: {recorded} at the account, {sandbox} in the sandbox"),
        kind => {
            let name = kind.name().replace('_', " ");
            format!("{name}: {recorded} at the account, {sandbox} in the sandbox")
        }
    }
}

/// The list as one JSON object.
pub(super) fn json(file: &str, found: &Found) -> String {
    let listed = |needs_state| {
        let all = found.of(needs_state).map(listed);
        Json::from(all.collect::<Vec<_>>())
    };
    let skipped = found.skipped.iter().map(|one| {
        object([
            ("operation", Json::from(&one.operation)),
            ("line", number(one.line)),
            ("why", Json::from(&one.why)),
        ])
    });
    let all = object([
        ("recording", Json::from(file)),
        ("exchanges", number(found.exchanges)),
        ("compared", number(found.exchanges - found.skipped.len())),
        ("differences", listed(false)),
        ("needs_state", listed(true)),
        ("not_compared", Json::from(skipped.collect::<Vec<_>>())),
    ]);
    to_json(&all)
}

fn listed(one: &Listed) -> Json {
    let Difference {
        kind,
        at,
        recorded,
        sandbox,
        ..
    } = &one.difference;
    object([
        ("operation", Json::from(&one.operation)),
        ("kind", Json::from(kind.name())),
        ("at", Json::from(at)),
        ("recorded", Json::from(recorded)),
        ("sandbox", Json::from(sandbox)),
        ("line", number(one.line)),
        ("times", number(one.times)),
    ])
}

fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    let members = members.into_iter();
    let members = members.map(|(name, value)| (name.to_owned(), value));
    Json::Object(members.collect::<Map<Json>>())
}

fn number(number: usize) -> Json {
    Json::from(i64::try_from(number).unwrap_or(i64::MAX))
}
