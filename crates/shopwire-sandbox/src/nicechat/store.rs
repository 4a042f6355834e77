//! Categories and products in memory.

use serde_json::{Map, Value};

use super::envelope::Refusal;
use super::image;
use crate::clock::Clock;

/// Objects of one kind by id, in the order of creation.
#[derive(Debug)]
pub(super) struct Store {
    /// All fields of an object with their default values; `id` comes first.
    defaults: &'static [(&'static str, Value)],
    objects: Map<String, Value>,
    clock: Clock,
}

/// The fields of a category and their defaults.
const CATEGORY: &[(&str, Value)] = &[("name", Value::Null), ("is_enabled", Value::Bool(true))];

/// The fields of a product and their defaults.
const PRODUCT: &[(&str, Value)] = &[
    ("category", Value::Null),
    ("title", Value::Null),
    ("price", Value::Null),
    ("currency", Value::Null),
    ("description", Value::Null),
    ("url", Value::Null),
    ("image_url", Value::Null),
    ("in_stock", Value::Null),
];

impl Store {
    pub(super) fn categories(clock: Clock) -> Self {
        Self {
            defaults: CATEGORY,
            objects: Map::new(),
            clock,
        }
    }

    pub(super) fn products(clock: Clock) -> Self {
        Self {
            defaults: PRODUCT,
            objects: Map::new(),
            clock,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.objects.len()
    }

    pub(super) fn find(&self, id: &str) -> Option<&Value> {
        self.objects.get(id)
    }

    pub(super) fn all(&self) -> Vec<Value> {
        self.objects.values().cloned().collect()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Value> {
        self.objects.values()
    }

    /// Stores rows as they were kept. The error tells what is wrong, and with which row.
    pub(super) fn load(&mut self, rows: Vec<Map<String, Value>>) -> Result<(), String> {
        for (index, row) in rows.into_iter().enumerate() {
            let id = row.get("id").and_then(Value::as_str);
            let id = id.ok_or_else(|| format!("[{index}].id: must be a text"))?;
            let replaced = self.objects.insert(id.to_owned(), Value::Object(row));
            if replaced.is_some() {
                return Err(format!("[{index}].id: is there twice"));
            }
        }
        Ok(())
    }

    /// Creates an object. The result has the fields as they were written, while a list has them as they are stored.
    pub(super) fn create(
        &mut self,
        id: &str,
        fields: Map<String, Value>,
    ) -> Result<Value, Refusal> {
        if self.objects.contains_key(id) {
            return Err(Refusal::already_exists());
        }
        let written = self.complete(id, fields);
        let kept = self.kept(written.clone());
        self.objects.insert(id.to_owned(), kept);
        Ok(written)
    }

    /// Replaces an object as a whole: fields that are not given get their defaults.
    pub(super) fn replace(
        &mut self,
        id: &str,
        fields: Map<String, Value>,
    ) -> Result<Value, Refusal> {
        if !self.objects.contains_key(id) {
            return Err(Refusal::not_found());
        }
        let written = self.complete(id, fields);
        let kept = self.kept(written.clone());
        self.objects.insert(id.to_owned(), kept);
        Ok(without_id(written))
    }

    /// Changes the given fields only.
    pub(super) fn update(
        &mut self,
        id: &str,
        fields: Map<String, Value>,
    ) -> Result<Value, Refusal> {
        let object = self
            .objects
            .get_mut(id)
            .and_then(Value::as_object_mut)
            .ok_or_else(Refusal::not_found)?;
        let mut written = object.clone();
        written.extend(fields.into_iter().filter(|(name, _)| name != "id"));
        let written = Value::Object(written);
        let kept = self.kept(written.clone());
        self.objects.insert(id.to_owned(), kept);
        Ok(without_id(written))
    }

    pub(super) fn delete(&mut self, id: &str) -> Result<(), Refusal> {
        // An ordered removal: pages of a list must not shuffle.
        self.objects
            .shift_remove(id)
            .map(|_| ())
            .ok_or_else(Refusal::not_found)
    }

    /// Creates or updates an object, as an import does.
    pub(super) fn upsert(&mut self, id: &str, fields: Map<String, Value>) {
        if self.objects.contains_key(id) {
            // The object exists, so the update cannot be refused.
            let _ = self.update(id, fields);
        } else {
            let _ = self.create(id, fields);
        }
    }

    fn complete(&self, id: &str, mut fields: Map<String, Value>) -> Value {
        let mut object = Map::new();
        object.insert("id".into(), id.into());
        for (name, default) in self.defaults {
            object.insert(
                (*name).into(),
                fields
                    .shift_remove(*name)
                    .unwrap_or_else(|| default.clone()),
            );
        }
        Value::Object(object)
    }

    /// Converts new image addresses to addresses of the CDN, as the service stores images. Addresses of the CDN and
    /// null stay.
    fn kept(&self, mut object: Value) -> Value {
        if let Some(Value::String(url)) = object.get_mut("image_url")
            && !image::is_cdn(url)
        {
            *url = image::cdn_address(url, self.clock.timestamp().into());
        }
        object
    }
}

/// Returns the object without its id, as in answers to edits.
fn without_id(mut object: Value) -> Value {
    object
        .as_object_mut()
        .map(|members| members.shift_remove("id"));
    object
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(value: Value) -> Map<String, Value> {
        value.as_object().cloned().expect("an object")
    }

    #[test]
    fn n61_an_image_is_kept_set_or_removed() {
        let mut store = Store::products(Clock::default());
        let source = "https://example.com/a.png";
        let created = store
            .create("1", fields(json!({"title": "a", "image_url": source})))
            .expect("created");
        assert_eq!(created["image_url"], source);
        let address = store.find("1").expect("there")["image_url"].clone();
        assert!(address.as_str().is_some_and(image::is_cdn));

        store
            .replace("1", fields(json!({"title": "b", "image_url": address})))
            .expect("kept");
        assert_eq!(store.find("1").expect("there")["image_url"], address);
        store
            .update("1", fields(json!({"title": "c"})))
            .expect("left");
        assert_eq!(store.find("1").expect("there")["image_url"], address);
        store
            .update(
                "1",
                fields(json!({"image_url": "https://example.com/b.png"})),
            )
            .expect("set");
        assert_ne!(store.find("1").expect("there")["image_url"], address);
        store
            .update("1", fields(json!({"image_url": null})))
            .expect("removed");
        assert_eq!(store.find("1").expect("there")["image_url"], Value::Null);
    }

    // N48, N57: a field that the description has and the store forgets would be dropped in silence.
    #[test]
    fn n48_n57_every_described_field_is_kept() {
        let text = include_str!("../../openapi/nicechat.json");
        let description = crate::schema::Description::bundled(text);
        for (group, schema, store) in [
            (
                "categories",
                "Category",
                Store::categories(Clock::default()),
            ),
            ("products", "Product", Store::products(Clock::default())),
        ] {
            let mut kept: Vec<&str> = store.defaults.iter().map(|(name, _)| *name).collect();
            kept.push("id");
            kept.sort_unstable();
            let shown = description.schema(schema).expect("a schema");
            let mut described: Vec<&str> = shown.property_names().collect();
            described.sort_unstable();
            assert_eq!(kept, described, "{schema}");
            for verb in ["create", "replace", "update"] {
                let operation = description.operation(&format!("{group}.{verb}"));
                let body = operation.expect("an operation").body().expect("a body");
                let lost: Vec<&str> = body
                    .property_names()
                    .filter(|name| !kept.contains(name))
                    .collect();
                assert!(lost.is_empty(), "{group}.{verb} forgets {lost:?}");
            }
        }
    }

    #[test]
    fn n5_replace_forgets_and_update_keeps() {
        let mut store = Store::categories(Clock::default());
        store
            .create("1", fields(json!({"name": "a", "is_enabled": false})))
            .expect("created");
        assert_eq!(
            store.update("1", fields(json!({"name": "b"}))),
            Ok(json!({"name": "b", "is_enabled": false}))
        );
        assert_eq!(
            store.replace("1", fields(json!({"name": "c"}))),
            Ok(json!({"name": "c", "is_enabled": true}))
        );
        assert_eq!(
            store.create("1", Map::new()),
            Err(Refusal::already_exists())
        );
        assert_eq!(store.update("2", Map::new()), Err(Refusal::not_found()));
        assert_eq!(store.delete("1"), Ok(()));
        assert_eq!(store.delete("1"), Err(Refusal::not_found()));
    }
}
