//! The way to a section, and the properties of its cards.

use common_model::{Id, Map};
use shopwire::uvygoda::{
    Client, SectionFilter, SectionTree,
    shared::{Property, PropertyType},
};

use crate::demo::{Stop, transcript::Transcript};

/// Walks from the top to the first section of the third level that fits the goods.
pub(super) async fn find_section(
    transcript: &mut Transcript,
    client: &Client,
) -> Result<i64, Stop> {
    let all = transcript
        .call(
            "getSections ALL",
            client.catalog().sections(SectionFilter::All),
            |answer| {
                format!(
                    "{} sections",
                    answer
                        .sections
                        .as_ref()
                        .map_or(0, |sections| sections.len())
                )
            },
        )
        .await?;
    let all = all.sections.ok_or(Stop::Missing("section"))?;
    let tree = SectionTree::new(all.iter());
    let wanted = tree
        .third_level()
        .into_iter()
        .find(|section| section.name.as_deref() == Some("Кружки"))
        .and_then(|section| section.id)
        .ok_or(Stop::Missing("section for mugs"))?;
    let path = tree.path(wanted);
    // The same way, one level at a time, as in a program that does not load the whole catalogue.
    let mut walked = Vec::new();
    for step in &path {
        let Some(id) = step.id else { continue };
        let what = format!("getSections CHILDREN_{id}");
        let children = transcript
            .call(
                &what,
                client.catalog().sections(SectionFilter::ChildrenOf(id)),
                |answer| {
                    let names = answer.sections.iter().flat_map(|sections| sections.iter());
                    let names: Vec<&str> = names
                        .filter_map(|section| section.name.as_deref())
                        .collect();
                    if names.is_empty() {
                        "none below".to_owned()
                    } else {
                        names.join(", ")
                    }
                },
            )
            .await?;
        walked.extend(
            children
                .sections
                .iter()
                .flat_map(|sections| sections.iter())
                .filter_map(|one| one.id),
        );
    }
    transcript.check(
        "the way down leads to a third-level section",
        path.len() == 3
            && path
                .iter()
                .skip(1)
                .all(|step| step.id.is_some_and(|id| walked.contains(&id))),
    );
    Ok(wanted)
}

pub(super) async fn properties(
    transcript: &mut Transcript,
    client: &Client,
    section: i64,
) -> Result<Vec<Property>, Stop> {
    let answer = transcript
        .call(
            "getSectionProperties",
            client.catalog().section_properties(section),
            |answer| {
                let properties = answer
                    .properties
                    .iter()
                    .flat_map(|properties| properties.iter());
                let names: Vec<&str> = properties.filter_map(|one| one.name.as_deref()).collect();
                names.join(", ")
            },
        )
        .await?;
    let properties = answer.properties.ok_or(Stop::Missing("property schema"))?;
    Ok(properties.iter().cloned().collect())
}

/// Values that satisfy the schema: a text, the first of a list, a number.
pub(super) fn fill(schema: &[Property]) -> Map<Id> {
    let mut values = Map::new();
    for property in schema {
        let Some(id) = property.id else { continue };
        let value = match property.type_ {
            Some(PropertyType::Integer) => Some(Id::from(12)),
            Some(PropertyType::List) => property
                .values
                .as_ref()
                .and_then(|values| values.iter().next())
                .and_then(|value| value.id)
                .map(Id::from),
            _ => Some(Id::from("Своё производство")),
        };
        if let Some(value) = value {
            values.insert(id.to_string(), value);
        }
    }
    values
}
