//! The catalogue as a tree.

use std::collections::{HashMap, HashSet};

use crate::catalog::Section;

/// Sections arranged by their `PARENT_ID`.
///
/// It borrows the sections of an answer. A section whose parent is not among them counts as a root,
/// so a part of the catalogue is a tree too. A cycle of parents is cut.
///
/// ```
/// use uvygoda_rpc::{catalog::Section, SectionTree};
///
/// let json = r#"[{"ID":1,"NAME":"Дом","LVL":1,"PARENT_ID":false},
///                {"ID":5,"NAME":"Текстиль","LVL":2,"PARENT_ID":1},
///                {"ID":9,"NAME":"Пледы","LVL":3,"PARENT_ID":5}]"#;
/// let sections: Vec<Section> = common_model::from_json(json).unwrap();
/// let tree = SectionTree::new(&sections);
/// let names: Vec<_> = tree.path(9).iter().filter_map(|section| section.name.as_deref()).collect();
/// assert_eq!(names, ["Дом", "Текстиль", "Пледы"]);
/// ```
// U26
#[derive(Debug, Clone)]
pub struct SectionTree<'a> {
    by_id: HashMap<i64, &'a Section>,
    children: HashMap<i64, Vec<&'a Section>>,
    roots: Vec<&'a Section>,
}

impl<'a> SectionTree<'a> {
    /// Arranges sections into a tree. Sections without an id are left out; of sections with the
    /// same id, the first counts.
    pub fn new(sections: impl IntoIterator<Item = &'a Section>) -> Self {
        let mut order = Vec::new();
        let mut by_id = HashMap::new();
        for section in sections {
            let Some(id) = section.id else { continue };
            by_id.entry(id).or_insert_with(|| {
                order.push(section);
                section
            });
        }
        let mut tree = Self {
            by_id,
            children: HashMap::new(),
            roots: Vec::new(),
        };
        for section in order {
            match tree.parent_id(section) {
                Some(parent) => tree.children.entry(parent).or_default().push(section),
                None => tree.roots.push(section),
            }
        }
        tree
    }

    /// The sections without a parent in the tree.
    pub fn roots(&self) -> &[&'a Section] {
        &self.roots
    }

    /// The section with this id.
    pub fn get(&self, id: i64) -> Option<&'a Section> {
        self.by_id.get(&id).copied()
    }

    /// The sections right below this one.
    pub fn children(&self, id: i64) -> &[&'a Section] {
        self.children.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The section right above this one.
    pub fn parent(&self, id: i64) -> Option<&'a Section> {
        let parent = self.parent_id(self.get(id)?)?;
        self.get(parent)
    }

    /// The sections from the root down to this one; empty if there is no such section.
    pub fn path(&self, id: i64) -> Vec<&'a Section> {
        let mut path = Vec::new();
        let mut seen = HashSet::new();
        let mut next = self.get(id);
        while let Some(section) = next {
            if !section.id.is_some_and(|id| seen.insert(id)) {
                break;
            }
            path.push(section);
            next = section.id.and_then(|id| self.parent(id));
        }
        path.reverse();
        path
    }

    /// The sections of the third level, which can hold cards.
    pub fn third_level(&self) -> Vec<&'a Section> {
        let mut sections: Vec<_> = self
            .by_id
            .values()
            .copied()
            .filter(|section| section.lvl == Some(3))
            .collect();
        sections.sort_by_key(|section| section.id);
        sections
    }

    /// The parent's id, if the parent is among the sections.
    fn parent_id(&self, section: &Section) -> Option<i64> {
        section
            .parent_id
            .filter(|parent| self.by_id.contains_key(parent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sections(json: &str) -> Vec<Section> {
        common_model::from_json(json).unwrap()
    }

    fn ids(sections: &[&Section]) -> Vec<i64> {
        sections.iter().filter_map(|section| section.id).collect()
    }

    #[test]
    fn u26_the_documented_catalogue_is_a_tree() {
        let all = sections(
            r#"{"1":{"ID":1,"NAME":"Имя","LVL":1,"PARENT_ID":false},
                "123":{"ID":123,"NAME":"Имя","LVL":2,"PARENT_ID":1},
                "124":{"ID":"124","NAME":"Имя","LVL":3,"PARENT_ID":"123"}}"#,
        );
        let tree = SectionTree::new(&all);
        assert_eq!(ids(tree.roots()), [1]);
        assert_eq!(ids(tree.children(1)), [123]);
        assert_eq!(tree.parent(124).and_then(|section| section.id), Some(123));
        assert_eq!(ids(&tree.path(124)), [1, 123, 124]);
        assert_eq!(ids(&tree.third_level()), [124]);
        assert!(tree.path(5).is_empty() && tree.children(124).is_empty());
    }

    #[test]
    fn u26_a_part_of_the_catalogue_and_a_ring_are_no_trouble() {
        let part = sections(r#"[{"ID":9,"LVL":3,"PARENT_ID":5},{"NAME":"no id"}]"#);
        assert_eq!(ids(SectionTree::new(&part).roots()), [9]);
        let ring =
            sections(r#"[{"ID":1,"PARENT_ID":2},{"ID":2,"PARENT_ID":1},{"ID":3,"PARENT_ID":3}]"#);
        let tree = SectionTree::new(&ring);
        assert_eq!(ids(&tree.path(1)), [2, 1]);
        assert_eq!(ids(&tree.path(3)), [3]);
        assert!(tree.roots().is_empty());
    }
}
