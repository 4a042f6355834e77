//! Settings of the emulated NiceChat.

use nicechat_sign::{Dialect, Names, QueryRule};

/// Settings of [`crate::NiceChat`]; see [`super::Options::nicechat`].
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct NiceChatOptions {
    pub(crate) port: u16,
    pub(crate) dialect: Dialect,
    pub(crate) names: Names,
    pub(crate) query_rule: QueryRule,
    pub(crate) delete_answer: DeleteAnswer,
    pub(crate) page_size: usize,
    pub(crate) next_links: NextLinks,
    pub(crate) seeded_orders: u32,
    pub(crate) callback_form: CallbackForm,
    pub(crate) replacement: Replacement,
}

impl Default for NiceChatOptions {
    fn default() -> Self {
        Self {
            port: 0,
            dialect: Dialect::default(),
            names: Names::default(),
            query_rule: QueryRule::default(),
            delete_answer: DeleteAnswer::Envelope,
            page_size: 10,
            next_links: NextLinks::Path,
            seeded_orders: 12,
            callback_form: CallbackForm::Urlencoded,
            replacement: Replacement::Whole,
        }
    }
}

impl NiceChatOptions {
    /// Sets the port on 127.0.0.1. Default: 0, the system chooses.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the canonical form in which forms must be signed. Default: PHP.
    #[must_use]
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Sets the names of the key and signature parameters. Default: the names in the document's samples.
    #[must_use]
    pub fn names(mut self, names: Names) -> Self {
        self.names = names;
        self
    }

    /// Sets whether the query of a GET is part of the signature. Default: it is not.
    #[must_use]
    pub fn query_rule(mut self, rule: QueryRule) -> Self {
        self.query_rule = rule;
        self
    }

    /// Sets the answer to a DELETE. Default: HTTP 200 with the documented envelope.
    #[must_use]
    pub fn delete_answer(mut self, answer: DeleteAnswer) -> Self {
        self.delete_answer = answer;
        self
    }

    /// Sets the number of elements on a page, at least 1. Default: 10.
    #[must_use]
    pub fn page_size(mut self, size: usize) -> Self {
        self.page_size = size.max(1);
        self
    }

    /// Sets the form of `next` and `previous`. Default: a path with a query.
    #[must_use]
    pub fn next_links(mut self, links: NextLinks) -> Self {
        self.next_links = links;
        self
    }

    /// Sets the number of orders at the start. Default: 12, which are two pages.
    #[must_use]
    pub fn seeded_orders(mut self, count: u32) -> Self {
        self.seeded_orders = count;
        self
    }

    /// Sets which fields a PUT must have. Default: every field.
    #[must_use]
    pub fn replacement(mut self, replacement: Replacement) -> Self {
        self.replacement = replacement;
        self
    }

    /// Sets the form in which the fields of a callback are posted. Default: urlencoded.
    #[must_use]
    pub fn callback_form(mut self, form: CallbackForm) -> Self {
        self.callback_form = form;
        self
    }
}

/// The fields that a PUT must have. The document calls it a full rewrite, but two of its samples leave fields out.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Replacement {
    /// Every field; a PUT without one is refused.
    #[default]
    Whole,
    /// Any of the fields; the others are emptied. A category needs its name.
    Partial,
}

/// The answer to a DELETE. The document shows a body together with code 204.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeleteAnswer {
    /// HTTP 200 and `{"status":"ok","code":204,"description":"Accepted"}`.
    #[default]
    Envelope,
    /// HTTP 204 without a body.
    Empty,
}

/// The form of the links to other pages. The document says "path", and similar servers send any of these.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NextLinks {
    /// `/marketplaces/v1/products/?page=2`
    #[default]
    Path,
    /// `?page=2`
    Query,
    /// `http://127.0.0.1:…/marketplaces/v1/products/?page=2`
    Absolute,
}

/// The form of a callback's fields, which the document does not tell.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CallbackForm {
    /// `application/x-www-form-urlencoded`
    #[default]
    Urlencoded,
    /// `multipart/form-data`
    Multipart,
}
