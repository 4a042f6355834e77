//! Makes an offer fit into a format: values move to where the format has them, and what it cannot hold is counted.
//!
//! An offer that fits stays as it is, apart from the spelling of its numbers.

mod clean;
mod losses;
mod meaning;

pub(crate) use losses::Losses;

use super::{
    Category, Field, Format, Offer, Param, Shop,
    categories::{Categories, on_path},
    field::Place,
    google,
};

/// Makes offers of one format fit into another.
#[derive(Debug)]
pub(crate) struct Adapter {
    /// The format that was read; none if the offers come from elsewhere.
    from: Option<Format>,
    to: Format,
    pub(crate) losses: Losses,
}

impl Adapter {
    pub(crate) fn new(from: Option<Format>, to: Format) -> Self {
        Self {
            from,
            to,
            losses: Losses::default(),
        }
    }

    fn is_same(&self) -> bool {
        self.from == Some(self.to)
    }

    /// Makes the shop fit. `currencies` are those of the offers, for YML, which declares them.
    pub(crate) fn shop(&mut self, shop: &mut Shop, currencies: &[String]) {
        if self.to == Format::Google {
            let texts = [
                ("name", &shop.name),
                ("company", &shop.company),
                ("url", &shop.url),
            ];
            for (name, _) in texts.into_iter().filter(|(_, value)| value.is_some()) {
                self.losses.add(&format!("shop: {name}"));
            }
        }
        if !self.is_same() {
            for node in shop.other.drain(..) {
                self.losses.add(&format!("shop: {}", node.name));
            }
            shop.columns.clear();
        }
        if self.to == Format::Yml && !self.is_same() && !currencies.is_empty() {
            shop.other.push(meaning::currencies(currencies));
        }
        for text in [
            &mut shop.name,
            &mut shop.company,
            &mut shop.url,
            &mut shop.date,
        ]
        .into_iter()
        .flatten()
        {
            clean::text(text, &mut self.losses);
        }
    }

    /// Makes a category fit. Google's table has only the paths of its offers.
    pub(crate) fn category(&mut self, category: &mut Category) {
        clean::text(&mut category.name, &mut self.losses);
        clean::text(&mut category.id, &mut self.losses);
        if self.to != Format::Icml {
            let pictures = category.pictures.drain(..).count() as u64;
            self.losses.add_many("category: picture", pictures);
        }
        self.losses
            .add_many("category: markup", u64::from(category.markup > 0));
        category.markup = 0;
        if !self.is_same() {
            for node in category.nodes.drain(..) {
                self.losses.add(&format!("category: {}", node.name));
            }
            for (name, _) in category.attributes.drain(..) {
                self.losses.add(&format!("category: @{name}"));
            }
        }
    }

    /// Makes an offer fit.
    pub(crate) fn offer(&mut self, offer: &mut Offer, categories: &mut Categories) {
        clean::offer(offer, &mut self.losses);
        meaning::translate(offer, self.from, self.to, &mut self.losses);
        self.move_params(offer);
        self.move_categories(offer, categories);
        self.drop_fields(offer);
        self.drop_rest(offer);
    }

    /// ICML has some fields as parameters; the others have them as fields.
    fn move_params(&mut self, offer: &mut Offer) {
        for (field, code, name) in [
            (Field::VendorCode, "article", "Article"),
            (Field::Description, "description", "Description"),
        ] {
            let at = offer
                .params
                .iter()
                .position(|param| param.code.as_deref() == Some(code));
            match (self.to, at) {
                (Format::Icml, None) => {
                    if let Some(value) = offer.remove(field) {
                        offer.params.push(Param {
                            name: name.to_owned(),
                            code: Some(code.to_owned()),
                            value,
                            ..Param::default()
                        });
                    }
                }
                (Format::Icml, Some(at)) => {
                    // The parameter counts; another value beside it is lost.
                    let beside = offer.remove(field);
                    let is_lost = beside.is_some_and(|value| value != offer.params[at].value);
                    self.losses.add_many(field.name(), u64::from(is_lost));
                }
                (_, Some(at)) if offer.get(field).is_none() => {
                    let param = offer.params.remove(at);
                    offer.set(field, param.value);
                }
                _ => {}
            }
        }
        self.fit_params(offer);
    }

    fn fit_params(&mut self, offer: &mut Offer) {
        let mut columns: Vec<String> = Vec::new();
        for param in &mut offer.params {
            if self.to != Format::Yml
                && let Some(unit) = param.unit.take()
            {
                param.value = format!("{} {unit}", param.value);
            }
            if self.to == Format::Icml && param.code.is_none() {
                param.code = meaning::code(&param.name);
            }
            let is_code_lost = match self.to {
                Format::Icml => false,
                Format::Yml => param.code.is_some(),
                Format::Google => {
                    let is_column = google::is_column(param);
                    let code = param.code.clone().unwrap_or_default();
                    match is_column && !columns.contains(&code) {
                        true => {
                            columns.push(code);
                            // The column's name stands for both.
                            if meaning::code(&param.name) != param.code {
                                self.losses.add("param: name");
                            }
                            false
                        }
                        false => param.code.is_some(),
                    }
                }
            };
            if is_code_lost {
                let code = param.code.take();
                let is_in_name = code.is_some() && meaning::code(&param.name) == code;
                self.losses.add_many("param: code", u64::from(!is_in_name));
            }
            if !self.is_same() || self.to == Format::Google {
                for (name, _) in param.attributes.drain(..) {
                    self.losses.add(&format!("param: @{name}"));
                }
            }
        }
    }

    /// Categories are ids in XML, and a path of names at Google.
    fn move_categories(&mut self, offer: &mut Offer, categories: &mut Categories) {
        if self.to.is_xml() {
            if let Some(path) = offer.remove(Field::CategoryPath)
                && let Some(category) = on_path(&path).pop()
                && offer.get(Field::Category).is_none()
            {
                offer.set(Field::Category, category.id);
            }
            return;
        }
        let ids: Vec<String> = offer
            .all(Field::Category)
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
            .collect();
        offer.remove(Field::Category);
        for (at, id) in ids.iter().enumerate() {
            match categories.path(id) {
                Some(path) if at == 0 => {
                    if offer.get(Field::CategoryPath).is_none() {
                        offer.set(Field::CategoryPath, path);
                    }
                }
                _ => self.losses.add("categoryId"),
            }
        }
    }

    /// Removes fields that the format does not have, and repeated ones that it has once.
    fn drop_fields(&mut self, offer: &mut Offer) {
        let to = self.to;
        let mut lost = Vec::new();
        let mut seen = Vec::new();
        offer.entries.retain(|entry| {
            let is_held = match entry.field.place(to) {
                Place::Nowhere | Place::Param(_) => false,
                Place::Elements(_) => true,
                Place::Columns if entry.field == Field::Picture => true,
                _ if seen.contains(&entry.field) => false,
                _ => {
                    seen.push(entry.field);
                    true
                }
            };
            if !is_held && !entry.text.is_empty() {
                lost.push(entry.field.name());
            }
            is_held
        });
        lost.dedup();
        for name in lost {
            self.losses.add(name);
        }
    }

    fn drop_rest(&mut self, offer: &mut Offer) {
        if self.to != Format::Icml && offer.unit.take().is_some() {
            self.losses.add("unit");
        }
        if self.is_same() {
            return;
        }
        for node in offer.nodes.drain(..) {
            self.losses.add(&node.name);
        }
        for (name, value) in offer.others.drain(..) {
            let is_default = name == "condition" && value.eq_ignore_ascii_case("new");
            self.losses.add_many(&name, u64::from(!is_default));
        }
        for entry in &mut offer.entries {
            for (name, _) in entry.attributes.drain(..) {
                self.losses.add(&format!("{}: @{name}", entry.field.name()));
            }
        }
    }
}

#[cfg(test)]
mod tests;
