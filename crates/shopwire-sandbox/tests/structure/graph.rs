//! Arrows between files: who names what of whom.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::Source;

/// The arrows of a crate.
#[derive(Debug)]
pub(crate) struct Graph {
    arrows: BTreeSet<(String, String)>,
}

/// A module's path from the root of the crate.
type Module = Vec<String>;

/// The modules of a crate and what their files name.
struct Crate<'t> {
    modules: BTreeMap<Module, (&'t str, Source)>,
}

/// Longer chains of re-exports are no chains.
const MOST_HOPS: usize = 16;

impl Graph {
    /// The arrows between these files, given by their paths below `src`.
    pub(crate) fn of(files: &BTreeMap<String, String>) -> Self {
        let mut modules: BTreeMap<Module, (&str, Source)> = files
            .iter()
            .map(|(name, text)| (module_of(name), (name.as_str(), Source::read(text))))
            .collect();
        let tests: Vec<Module> = modules
            .iter()
            .flat_map(|(module, (_, source))| {
                let child =
                    |name: &String| [module.as_slice(), std::slice::from_ref(name)].concat();
                source.test_modules.iter().map(child).collect::<Vec<_>>()
            })
            .collect();
        modules.retain(|module, _| !tests.iter().any(|test| module.starts_with(test)));
        let whole = Crate { modules };
        let mut arrows = BTreeSet::new();
        for (module, (file, source)) in &whole.modules {
            let imported = source.imports.iter().map(|(_, path)| path);
            for path in imported.chain(&source.paths) {
                if let Some(to) = whole.file_of(module, path, 0).filter(|to| to != file) {
                    arrows.insert(((*file).to_owned(), to.to_owned()));
                }
            }
        }
        Self { arrows }
    }

    /// Every arrow, once.
    pub(crate) fn arrows(&self) -> impl Iterator<Item = (&str, &str)> {
        self.arrows
            .iter()
            .map(|(from, to)| (from.as_str(), to.as_str()))
    }

    /// The sets of files that reach one another.
    pub(crate) fn circles(&self) -> Vec<Vec<&str>> {
        let files: BTreeSet<&str> = self.arrows().flat_map(|(from, to)| [from, to]).collect();
        let reach: BTreeMap<&str, BTreeSet<&str>> = files
            .iter()
            .map(|file| (*file, self.reached_from(file)))
            .collect();
        let mut circles: Vec<Vec<&str>> = files
            .iter()
            .map(|file| {
                let others = reach[file].iter().copied();
                others.filter(|other| reach[other].contains(file)).collect()
            })
            .collect();
        circles.retain(|circle| circle.len() > 1);
        circles.sort();
        circles.dedup();
        circles
    }

    fn reached_from(&self, file: &str) -> BTreeSet<&str> {
        let (mut reached, mut open) = (BTreeSet::new(), vec![file]);
        while let Some(one) = open.pop() {
            for (_, to) in self.arrows().filter(|(from, _)| *from == one) {
                if reached.insert(to) {
                    open.push(to);
                }
            }
        }
        reached
    }
}

impl<'t> Crate<'t> {
    /// The file that has what a path in this module means; none for another crate's.
    fn file_of(&self, module: &[String], path: &[String], hops: usize) -> Option<&'t str> {
        if hops > MOST_HOPS {
            return None;
        }
        let (first, rest) = path.split_first()?;
        let (base, rest) = match first.as_str() {
            "crate" => (Vec::new(), rest),
            "self" => (module.to_vec(), rest),
            "super" => (module[..module.len().checked_sub(1)?].to_vec(), rest),
            _ if self.child(module, first).is_some() => (module.to_vec(), path),
            _ => return self.imported(module, path, hops),
        };
        self.walk(base, rest, hops)
    }

    /// Goes down as far as there are modules; a name that a module hands on is followed.
    fn walk(&self, mut module: Module, path: &[String], hops: usize) -> Option<&'t str> {
        for (index, segment) in path.iter().enumerate() {
            if segment == "super" {
                module.pop()?;
            } else if let Some(child) = self.child(&module, segment) {
                module = child;
            } else {
                let handed_on = self.imported(&module, &path[index..], hops);
                return handed_on.or_else(|| self.file(&module));
            }
        }
        self.file(&module)
    }

    /// The file behind a name that the module's file imports.
    fn imported(&self, module: &[String], path: &[String], hops: usize) -> Option<&'t str> {
        let (name, rest) = path.split_first()?;
        let (_, source) = self.modules.get(module)?;
        let (_, target) = source.imports.iter().find(|(brought, _)| brought == name)?;
        // `use a;` in a file that has the module `a` brings the module itself.
        if target.first() == Some(name) && self.child(module, name).is_none() {
            return None;
        }
        self.file_of(module, &[target, rest].concat(), hops + 1)
    }

    fn child(&self, module: &[String], name: &str) -> Option<Module> {
        let child = [module, &[name.to_owned()]].concat();
        self.modules.contains_key(&child).then_some(child)
    }

    fn file(&self, module: &[String]) -> Option<&'t str> {
        self.modules.get(module).map(|(file, _)| *file)
    }
}

/// `a/b.rs` and `a/b/mod.rs` hold the module `a::b`, `lib.rs` the root.
fn module_of(file: &str) -> Module {
    let name = file.trim_end_matches(".rs");
    let mut module: Module = name.split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod") || name == "lib" {
        module.pop();
    }
    module
}
