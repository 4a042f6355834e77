//! The files of one service, and the references between them.

use std::{collections::BTreeSet, fs, path::Path};

use super::{
    json::Json,
    node::{Findings, Node},
};

/// A description file.
#[derive(Debug)]
pub(crate) struct Document {
    /// The file's path as findings name it.
    pub(crate) file: String,
    /// The file's name without `.json`.
    pub(crate) stem: String,
    pub(crate) json: Json,
}

impl Document {
    pub(crate) fn root(&self) -> Node<'_> {
        Node::root(&self.file, &self.json)
    }
}

/// All `*.json` of a directory, by name.
pub(crate) fn load(directory: &Path, label: &str) -> Result<Vec<Document>, String> {
    let failed = |error: std::io::Error| format!("{label}: {error}");
    let mut documents = Vec::new();
    for entry in fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let stem = path
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default();
        let file = format!("{label}/{stem}.json");
        let text = fs::read_to_string(&path).map_err(|error| format!("{file}: {error}"))?;
        let json = Json::parse(&text).map_err(|error| format!("{file}: {error}"))?;
        documents.push(Document { file, stem, json });
    }
    documents.sort_by(|left, right| left.stem.cmp(&right.stem));
    if documents.is_empty() {
        return Err(format!("{label}: holds no *.json"));
    }
    Ok(documents)
}

/// A `$ref` taken apart: the file's stem, the kind of component, its name.
#[derive(Debug, PartialEq)]
pub(crate) struct Reference<'a> {
    pub(crate) stem: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) name: &'a str,
}

/// Reads `common.json#/components/schemas/Order`, or the same without the file.
pub(crate) fn reference<'a>(text: &'a str, own_stem: &'a str) -> Option<Reference<'a>> {
    let (file, pointer) = text.split_once('#')?;
    let stem = match file {
        "" => own_stem,
        file => file.strip_suffix(".json")?,
    };
    let (kind, name) = pointer.strip_prefix("/components/")?.split_once('/')?;
    Some(Reference { stem, kind, name })
}

/// What a node's `$ref` leads to; the node itself when it has none.
pub(crate) fn resolve<'a>(
    documents: &'a [Document],
    node: Node<'a>,
    findings: &mut Findings,
) -> Option<Node<'a>> {
    let Some(text) = node.str("$ref") else {
        return Some(node);
    };
    let target = reference(text, stem_of(documents, node.file)).and_then(|to| {
        let document = documents.iter().find(|document| document.stem == to.stem)?;
        document.root().at(&["components", to.kind, to.name])
    });
    if target.is_none() {
        node.report(findings, format!("{text} leads nowhere"));
    }
    target
}

/// Reports every reference that leads elsewhere than to a component: other readers follow no pointer into paths.
pub(crate) fn check_references(documents: &[Document], findings: &mut Findings) {
    for document in documents {
        document.root().walk(&mut |node| {
            if let Some(text) = node.str("$ref")
                && reference(text, &document.stem).is_none()
            {
                node.report(findings, format!("{text} leads to no component"));
            }
        });
    }
}

/// The schemas that request bodies refer to and nothing else: their properties are parameters, so they are no models.
pub(crate) fn bodies_alone(documents: &[Document]) -> BTreeSet<&str> {
    let (mut bodies, mut others) = (BTreeSet::new(), BTreeSet::new());
    for document in documents {
        document.root().walk(&mut |node| {
            let target = node
                .str("$ref")
                .and_then(|text| reference(text, &document.stem));
            let Some(to) = target.filter(|to| to.kind == "schemas") else {
                return;
            };
            match node.is_body() {
                true => bodies.insert(to.name),
                false => others.insert(to.name),
            };
        });
    }
    &bodies - &others
}

/// The stem of a loaded file.
pub(crate) fn stem_of<'a>(documents: &'a [Document], file: &str) -> &'a str {
    documents
        .iter()
        .find(|document| document.file == file)
        .map_or("", |document| &document.stem)
}
