//! The wire format of a service: one way from parameters to a request, and one way from an answer to a model.

use std::borrow::Cow;

use bytes::Bytes;
use common_model::{Decode, Model};
use common_transport::{Error, Metadata};
use http::{Request, Response};

use crate::{answer::Reply, read, read_into};

/// The way in which a service takes the parameters of an operation, and answers it.
///
/// An API crate implements it once, and its generated operations call [`request`](Self::request) and
/// [`decode`](Self::decode). Only the last step of reading is generic.
pub trait WireFormat {
    /// Builds the request of an operation, in origin form. The parameters are the members of `params`.
    ///
    /// # Errors
    /// A parameter cannot be sent.
    fn build(metadata: &'static Metadata, params: &dyn Model) -> Result<Request<Bytes>, Error>;

    /// Returns the text of a successful answer, to be read as JSON.
    ///
    /// # Errors
    /// The service's own error, or that of an answer that is not the service's.
    fn success<'r>(metadata: &'static Metadata, reply: Reply<'r>) -> Result<Cow<'r, str>, Error>;

    /// [Builds](Self::build) the request; an error names the operation. With the feature `mock`, the request holds the
    /// parameters, for the conditions of a [`Mock`](crate::mock).
    ///
    /// # Errors
    /// As [`build`](Self::build).
    fn request(metadata: &'static Metadata, params: &dyn Model) -> Result<Request<Bytes>, Error> {
        let request = Self::build(metadata, params).map_err(|error| error.with_operation(metadata));
        #[cfg(feature = "mock")]
        let request = request.map(|mut request| {
            crate::mock::attach_params(&mut request, params);
            request
        });
        request
    }

    /// Reads an answer: first whether it is a [success](Self::success), then the model.
    ///
    /// # Errors
    /// As [`read`].
    fn decode<T: Decode>(
        metadata: &'static Metadata,
        response: Response<Bytes>,
    ) -> Result<T, Error> {
        read(metadata, response, &|reply| Self::success(metadata, reply))
    }

    /// As [`decode`](Self::decode), into a model whose type need not be known.
    ///
    /// # Errors
    /// As [`read`].
    fn decode_into(
        metadata: &'static Metadata,
        response: Response<Bytes>,
        model: &mut dyn Model,
    ) -> Result<(), Error> {
        read_into(metadata, response, model, &|reply| {
            Self::success(metadata, reply)
        })
    }
}

/// The reading of answers in an `impl Operation` whose output a [`WireFormat`] reads, for operations that have their metadata
/// at run time.
#[doc(hidden)]
#[macro_export]
macro_rules! decode_by {
    ($wire:ty) => {
        fn decode(
            &self,
            response: http::Response<bytes::Bytes>,
        ) -> Result<Self::Output, common_transport::Error> {
            <$wire as $crate::WireFormat>::decode(self.metadata(), response)
        }

        fn decoder(&self) -> Option<common_transport::Decoder<Self::Output>> {
            let metadata = self.metadata();
            Some(Box::new(move |response| {
                <$wire as $crate::WireFormat>::decode(metadata, response)
            }))
        }
    };
}

#[cfg(test)]
mod tests {
    use common_model::{Extra, ObjectWriter, Reader};
    use common_transport::{ErrorKind, Idempotency};
    use http::{Method, StatusCode};

    use super::*;

    static ADD: Metadata = Metadata::new(
        "demo",
        "things.add",
        Method::POST,
        "/things",
        Idempotency::NonIdempotent,
    );

    #[derive(Clone, Default, PartialEq)]
    struct Thing {
        id: Option<i64>,
        extra: Extra,
    }

    impl Model for Thing {
        fn read_field(
            &mut self,
            key: &str,
            reader: &mut Reader<'_>,
        ) -> Result<bool, common_model::Error> {
            match key {
                "id" => reader.field("id", &mut self.id, &mut self.extra),
                _ => Ok(false),
            }
        }

        fn write_fields(&self, object: &mut ObjectWriter<'_>) {
            object.field("id", &self.id, &self.extra);
        }

        fn extra(&self) -> &Extra {
            &self.extra
        }

        fn extra_mut(&mut self) -> &mut Extra {
            &mut self.extra
        }
    }

    common_model::model!(Thing);

    struct Demo;

    impl WireFormat for Demo {
        fn build(metadata: &'static Metadata, params: &dyn Model) -> Result<Request<Bytes>, Error> {
            if params.extra().is_empty() {
                return Ok(Request::new(Bytes::from(metadata.path)));
            }
            Err(Error::invalid_input("extra", "there is no such parameter"))
        }

        fn success<'r>(_: &'static Metadata, reply: Reply<'r>) -> Result<Cow<'r, str>, Error> {
            match reply.status() {
                StatusCode::OK => reply.into_text(),
                _ => Err(Error::new(ErrorKind::Service, "refused")),
            }
        }
    }

    fn response(status: u16) -> Response<Bytes> {
        let body = Bytes::from_static(br#"{"id":7}"#);
        Response::builder().status(status).body(body).unwrap()
    }

    // C1
    #[test]
    fn c1_a_request_is_built_and_an_error_names_the_operation() {
        let mut thing = Thing::default();
        assert_eq!(Demo::request(&ADD, &thing).unwrap().body(), "/things");
        thing.extra.insert("x", 1.into());
        let error = Demo::request(&ADD, &thing).unwrap_err();
        assert_eq!(error.operation(), Some("things.add"));
        assert_eq!(error.field(), Some("extra"));
    }

    // C1
    #[test]
    fn c1_an_answer_is_checked_and_read_with_and_without_the_type_of_its_model() {
        let read: Thing = Demo::decode(&ADD, response(200)).unwrap();
        assert_eq!(read.id, Some(7));
        let mut model = Thing::default();
        Demo::decode_into(&ADD, response(200), &mut model).unwrap();
        assert!(model == read);
        let refused = Demo::decode::<Thing>(&ADD, response(400)).unwrap_err();
        assert_eq!(refused.operation(), Some("things.add"));
        assert!(Demo::decode_into(&ADD, response(400), &mut model).is_err());
    }

    // C4
    #[cfg(feature = "mock")]
    #[test]
    fn c4_a_request_holds_its_parameters_for_a_mock() {
        let mut same = Request::new(Bytes::new());
        crate::mock::attach_params(&mut same, &Thing::default());
        let request = Demo::request(&ADD, &Thing::default()).unwrap();
        assert_eq!(request.extensions().len(), same.extensions().len());
    }
}
