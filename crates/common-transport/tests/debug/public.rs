//! The public types, read from the sources, as `module::Type`.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

pub(super) fn structs() -> BTreeSet<String> {
    declared("pub struct ")
}

pub(super) fn enums() -> BTreeSet<String> {
    declared("pub enum ")
}

fn declared(declaration: &str) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut names = BTreeSet::new();
    for file in files(&root) {
        let module = file.strip_prefix(&root).unwrap().with_extension("");
        let module = module.iter().next().unwrap().to_str().unwrap();
        let text = fs::read_to_string(&file).unwrap();
        let lines = text.lines().map(str::trim_start);
        for rest in lines.filter_map(|line| line.strip_prefix(declaration)) {
            let is_end = |character: char| !character.is_alphanumeric();
            let name = rest.split(is_end).next().unwrap();
            names.insert(format!("{module}::{name}"));
        }
    }
    assert!(!names.is_empty(), "{declaration}");
    names
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => files(&path),
            false => vec![path],
        })
        .collect()
}
