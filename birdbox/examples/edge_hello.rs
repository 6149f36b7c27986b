//! The edge alone: every request is answered with the same bytes.
//!
//! `edge_hello ADDR WORKERS` beside `bare_hyper ADDR WORKERS`, which sends the same
//! bytes, shows what the edge costs.

use std::io;
use std::sync::Arc;

use birdbox::http::{Door, Handler, Limits, Refusal, Request, RequestIds, Response, serve};
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const BODY: &[u8] = br#"{"data":{"id":"2244994945","name":"Twitter Dev","username":"TwitterDev"}}"#;

struct Hello;

impl Handler for Hello {
    type Dialect = ();

    fn dialect(&self, _: &str) {}

    async fn handle(&self, _: &Request) -> Response {
        let mut response = Response::new(StatusCode::OK, BODY);
        response.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        Response { operation: Some(0), ..response }
    }

    fn operations(&self) -> Vec<&'static str> {
        vec!["hello"]
    }

    fn refuse(&self, refusal: Refusal, (): ()) -> Response {
        Response::new(refusal.status(), "{}")
    }
}

fn main() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let address = args.next().unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let workers = args.next().and_then(|workers| workers.parse().ok()).unwrap_or(1);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await?;
        serve(
            vec![Door::http(listener)],
            Limits::default(),
            Arc::new(Hello),
            RequestIds::new(1),
            std::future::pending(),
        )
        .await
    })
}
