//! Writes a feed of any format.

use std::io::{self, Write};

use super::{Category, Format, Offer, Shop, google, xml};

/// Writes a feed part by part: the shop, the categories, the offers.
pub(crate) enum Writer<W: Write> {
    Xml(xml::write::Writer<W>),
    Google(Box<google::write::Writer<W>>),
}

impl<W: Write> Writer<W> {
    /// Writes the beginning.
    pub(crate) fn new(out: W, format: Format, shop: &Shop) -> io::Result<Self> {
        Ok(match format {
            Format::Google => Self::Google(Box::new(google::write::Writer::new(out, shop)?)),
            Format::Icml | Format::Yml => Self::Xml(xml::write::Writer::new(out, format, shop)?),
        })
    }

    /// Writes a category; Google's table has none, but the paths of its offers.
    pub(crate) fn category(&mut self, category: &Category) -> io::Result<()> {
        match self {
            Self::Xml(writer) => writer.category(category),
            Self::Google(_) => Ok(()),
        }
    }

    /// Writes an offer.
    pub(crate) fn offer(&mut self, offer: &Offer) -> io::Result<()> {
        match self {
            Self::Xml(writer) => writer.offer(offer),
            Self::Google(writer) => writer.offer(offer),
        }
    }

    /// Writes the end.
    pub(crate) fn finish(self) -> io::Result<W> {
        match self {
            Self::Xml(writer) => writer.finish(),
            Self::Google(writer) => writer.finish(),
        }
    }
}
