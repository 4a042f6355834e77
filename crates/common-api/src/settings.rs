//! The settings of the stack that every client's builder has.

/// The settings of the stack, as methods of a builder whose fields are `inner` (a `common_transport::ClientBuilder`),
/// `strictness` and `decoding`. One text for all, so that the builders have one shape.
#[doc(hidden)]
#[macro_export]
macro_rules! stack_settings {
    () => {
        /// Sets whether answers that are not strict JSON are repaired or refused. Default: refused.
        pub fn strictness(mut self, strictness: $crate::Strictness) -> Self {
            self.strictness = strictness;
            self
        }

        /// How answers are read: strictly or not, and within how much memory. Default: an odd element is left out
        /// and reported by a log event.
        pub fn decoding(mut self, decoding: $crate::Decoding) -> Self {
            self.decoding = decoding;
            self
        }

        /// Uses a pool that other clients use too. Default: one of its own.
        pub fn pool(self, pool: common_transport::Pool) -> Self {
            self.transport(|stack| stack.pool(pool))
        }

        /// Sends through this service in place of a pool: for tests, and for those who have an HTTP stack. See
        /// [`common_transport::ClientBuilder::service`].
        pub fn service<S>(self, service: S) -> Self
        where
            S: $crate::__private::Service<
                    http::Request<bytes::Bytes>,
                    Response = http::Response<bytes::Bytes>,
                > + Clone
                + Send
                + 'static,
            S::Error: Into<common_transport::BoxError>,
            S::Future: Send + 'static,
        {
            self.transport(|stack| stack.service(service))
        }

        /// Bounds a whole call, waits and repeats included. Default: 120 s.
        pub fn total_timeout(self, timeout: std::time::Duration) -> Self {
            self.transport(|stack| stack.total_timeout(timeout))
        }

        /// Bounds one attempt; of a download, up to the head of its answer. Default: 60 s.
        pub fn attempt_timeout(self, timeout: std::time::Duration) -> Self {
            self.transport(|stack| stack.attempt_timeout(timeout))
        }

        /// Bounds the size of an answer, compressed and expanded, in bytes. Default: 64 MiB.
        pub fn max_body(self, bytes: usize) -> Self {
            self.transport(|stack| stack.max_body(bytes))
        }

        /// When and how often attempts are repeated. Default: see [`common_transport::RetryPolicy`].
        pub fn retry(self, policy: common_transport::RetryPolicy) -> Self {
            self.transport(|stack| stack.retry(policy))
        }

        /// Sets the priority of all calls in the queue of the rate limiter. Default:
        /// [`common_transport::Priority::High`]. A call or a walk can have its own.
        pub fn priority(self, priority: common_transport::Priority) -> Self {
            self.transport(|stack| stack.priority(priority))
        }

        /// Tells an observer how calls and attempts end. Default: no observer.
        pub fn observer(self, observer: impl common_transport::observe::Observer + 'static) -> Self {
            self.transport(|stack| stack.observer(observer))
        }

        /// Sends an id with each call, as `X-Request-Id`. Default: none is sent.
        pub fn request_ids(self, ids: common_transport::client::RequestIds) -> Self {
            self.transport(|stack| stack.request_ids(ids))
        }

        /// The `User-Agent`. Default: name and version of this crate.
        pub fn user_agent(self, user_agent: &str) -> Self {
            self.transport(|stack| stack.user_agent(user_agent))
        }

        /// Puts a tower layer of your own around each attempt; the first one added is the outermost. See
        /// [`common_transport::ClientBuilder::layer`].
        pub fn layer(self, layer: impl common_transport::client::AroundAttempt) -> Self {
            self.transport(|stack| stack.layer(layer))
        }

        /// Configures the rest of the stack, such as the timeouts of connections.
        pub fn transport(
            mut self,
            configure: impl FnOnce(
                common_transport::ClientBuilder,
            ) -> common_transport::ClientBuilder,
        ) -> Self {
            self.inner = configure(self.inner);
            self
        }
    };
}
