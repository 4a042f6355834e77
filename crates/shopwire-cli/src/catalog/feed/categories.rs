//! The categories of a feed. They are held in memory, up to a bound: offers refer to them.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use super::Category;

/// Bytes of all categories together.
const MOST: usize = 6 << 20;

/// Describes what separates the parts of a path: `Books > Atlases`.
const SEPARATOR: &str = " > ";

/// The categories by id.
#[derive(Debug, Default)]
pub(crate) struct Categories {
    known: HashMap<Box<str>, Known>,
    bytes: usize,
}

#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) parent: Option<Box<str>>,
    pub(crate) name: Box<str>,
    pub(crate) line: u64,
    /// Whether an offer is in it, or in a category inside of it.
    is_used: bool,
}

/// Describes what became of a category.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Inserted {
    New,
    /// Its id is known from this line. The first one stays.
    Repeated(u64),
    /// There are too many.
    Full,
}

impl Categories {
    /// Adds a category.
    pub(crate) fn insert(&mut self, category: &Category, line: u64) -> Inserted {
        let parent = category.parent.as_deref();
        let size = 2 * category.id.len() + parent.map_or(0, str::len) + category.name.len() + 112;
        if self.bytes + size > MOST {
            return Inserted::Full;
        }
        match self.known.entry(category.id.as_str().into()) {
            Entry::Occupied(known) => Inserted::Repeated(known.get().line),
            Entry::Vacant(place) => {
                self.bytes += size;
                place.insert(Known {
                    parent: parent.map(Into::into),
                    name: category.name.as_str().into(),
                    line,
                    is_used: false,
                });
                Inserted::New
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.known.contains_key(id)
    }

    /// All categories, by line.
    pub(crate) fn by_line(&self) -> Vec<(&str, &Known)> {
        let mut all: Vec<(&str, &Known)> = self
            .known
            .iter()
            .map(|(id, known)| (&**id, known))
            .collect();
        all.sort_by_key(|(id, known)| (known.line, *id));
        all
    }

    /// The categories whose parents lead back to them.
    pub(crate) fn cycles(&self) -> HashSet<&str> {
        let mut done: HashSet<&str> = HashSet::new();
        let mut cycles = HashSet::new();
        for start in self.known.keys() {
            // Each category is on one way alone: the next way ends where it meets an earlier one.
            let mut way: Vec<&str> = Vec::new();
            let mut next = Some(&**start);
            while let Some((id, known)) = next.and_then(|id| self.known.get_key_value(id)) {
                let id = &**id;
                if !done.insert(id) {
                    let from = way.iter().position(|passed| *passed == id);
                    cycles.extend(way.drain(from.unwrap_or(way.len())..));
                    break;
                }
                way.push(id);
                next = known.parent.as_deref();
            }
        }
        cycles
    }

    /// The path of names to a category, and marks it as used. `None` if a part of it is unknown.
    pub(crate) fn path(&mut self, id: &str) -> Option<String> {
        let mut names = Vec::new();
        let mut next: Option<Box<str>> = Some(id.into());
        while let Some(id) = next {
            let known = self.known.get_mut(&id)?;
            known.is_used = true;
            names.push(known.name.clone());
            if names.len() > 100 {
                return None;
            }
            next = known.parent.clone();
        }
        names.reverse();
        Some(names.join(SEPARATOR))
    }

    /// Number of categories without an offer in them.
    pub(crate) fn unused(&self) -> u64 {
        self.known.values().filter(|known| !known.is_used).count() as u64
    }
}

/// The categories on a path of names, outermost first. Their ids depend on their paths alone, so that they are the same
/// in each feed.
pub(crate) fn on_path(path: &str) -> Vec<Category> {
    let mut categories: Vec<Category> = Vec::new();
    let mut whole = String::new();
    for name in path
        .split('>')
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        if !whole.is_empty() {
            whole.push_str(SEPARATOR);
        }
        whole.push_str(name);
        categories.push(Category {
            id: id_of(&whole),
            parent: categories.last().map(|parent| parent.id.clone()),
            name: name.to_owned(),
            ..Category::default()
        });
    }
    categories
}

/// A number of at most 15 digits: FNV-1a of the path.
fn id_of(path: &str) -> String {
    let hash = path.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash % 999_999_999_999_999 + 1).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category(id: &str, parent: Option<&str>) -> Category {
        Category {
            id: id.to_owned(),
            parent: parent.map(str::to_owned),
            name: format!("name of {id}"),
            ..Category::default()
        }
    }

    // J6
    #[test]
    fn j6_paths_and_circles_of_categories() {
        let mut categories = Categories::default();
        for (line, (id, parent)) in [
            ("1", None),
            ("2", Some("1")),
            ("a", Some("b")),
            ("b", Some("a")),
            ("c", Some("a")),
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(
                categories.insert(&category(id, parent), line as u64),
                Inserted::New
            );
        }
        assert_eq!(
            categories.insert(&category("1", None), 9),
            Inserted::Repeated(0)
        );
        assert_eq!(categories.unused(), 5);
        assert_eq!(
            categories.path("2").as_deref(),
            Some("name of 1 > name of 2")
        );
        assert_eq!((categories.path("c"), categories.path("x")), (None, None));
        assert_eq!(categories.unused(), 0);
        assert_eq!(categories.cycles(), HashSet::from(["a", "b"]));
    }

    // J6
    #[test]
    fn j6_categories_are_bounded() {
        let mut categories = Categories::default();
        let full = (0..200_000)
            .find(|n| categories.insert(&category(&n.to_string(), None), 1) == Inserted::Full);
        assert!(full.is_some_and(|count| count > 30_000), "{full:?}");
    }

    // J6
    #[test]
    fn j6_ids_of_paths_are_stable() {
        let ids: Vec<(String, Option<String>)> = on_path("Books > Atlases")
            .into_iter()
            .map(|category| (category.id, category.parent))
            .collect();
        assert_eq!(on_path(" Books>Atlases > ")[1].id, ids[1].0);
        assert_eq!(ids[1].1.as_deref(), Some(ids[0].0.as_str()));
        assert_eq!(
            ids[0].0, "211396306867124",
            "an id must not change between versions"
        );
    }
}
