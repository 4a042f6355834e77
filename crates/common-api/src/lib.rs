//! What joins `common-transport` (HTTP) and `common-model` (JSON) for every API crate. It knows no service.
#![cfg_attr(docsrs, feature(doc_cfg))]
