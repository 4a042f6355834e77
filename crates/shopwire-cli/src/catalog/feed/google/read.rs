//! Reads Google's table. Cells are separated by tabs or commas.

use std::io;

use super::{
    super::{
        Shop,
        rules::RuleId,
        text::Text,
        visit::{Ended, Fault, Offers, Visit},
    },
    columns, row,
    table::{self, Row},
};

/// Reads a feed.
///
/// # Errors
/// The feed cannot be read, or the visitor has ended it.
pub(crate) fn read(text: Text<'_>, offers: Offers, visit: &mut dyn Visit) -> io::Result<Ended> {
    let mut header: Option<Vec<String>> = None;
    let ended = table::rows(text, b"\t,", &mut |row| match (row, &header) {
        (Row::Fault(fault), _) => visit.fault(fault),
        (Row::Cells(record, line), None) => {
            header = Some(read_header(record, line, visit)?);
            Ok(())
        }
        (Row::Cells(record, line), Some(header)) if offers == Offers::Read => {
            cells(header, record, line, visit)
        }
        (Row::Cells(..), Some(_)) => Ok(()),
    })?;
    if header.is_none() && ended == Ended::Complete {
        tell(visit, RuleId::Header, 0, "the feed is empty".to_owned())?;
        visit.shop(&Shop::default(), 1)?;
    }
    Ok(ended)
}

fn tell(visit: &mut dyn Visit, rule: RuleId, line: u64, detail: String) -> io::Result<()> {
    visit.fault(Fault {
        rule,
        line,
        offer: None,
        detail,
    })
}

fn read_header(
    record: &csv::StringRecord,
    line: u64,
    visit: &mut dyn Visit,
) -> io::Result<Vec<String>> {
    let header: Vec<String> = record.iter().map(columns::canonical).collect();
    if !header.iter().any(|name| name == "id") {
        tell(
            visit,
            RuleId::Header,
            line,
            "the header has no column `id`".to_owned(),
        )?;
    }
    let mut shop = Shop::default();
    for (at, name) in header.iter().enumerate() {
        let shown = super::super::number::short(name);
        if header[..at].contains(name) && !columns::may_repeat(name) {
            tell(
                visit,
                RuleId::ColumnRepeated,
                line,
                format!("the column `{shown}` comes again"),
            )?;
        } else if !columns::is_known(name) {
            tell(
                visit,
                RuleId::ColumnUnknown,
                line,
                format!("the column `{shown}`"),
            )?;
        }
        let is_written = columns::WRITTEN.contains(&name.as_str());
        if !is_written && !name.is_empty() && !shop.columns.contains(name) {
            shop.columns.push(name.clone());
        }
    }
    visit.shop(&shop, line)?;
    Ok(header)
}

fn cells(
    header: &[String],
    record: &csv::StringRecord,
    line: u64,
    visit: &mut dyn Visit,
) -> io::Result<()> {
    let offer = row::offer(header.iter().map(String::as_str).zip(record.iter()));
    // A separator inside of an unquoted cell would move all later cells to other columns.
    if record
        .iter()
        .skip(header.len())
        .any(|cell| !cell.trim().is_empty())
    {
        return visit.fault(Fault {
            rule: RuleId::Cells,
            line,
            offer: offer.id().map(str::to_owned),
            detail: format!("{} cells under a header of {}", record.len(), header.len()),
        });
    }
    visit.offer(offer, line)
}
