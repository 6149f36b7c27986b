//! Reading the body of a request, whole, within its limits.

use std::future::poll_fn;
use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use hyper::body::{Body, Incoming};

use super::{Limits, Refusal};

/// Whether a body announces itself as larger than allowed.
pub(super) fn is_announced_too_large(body: &Incoming, limits: &Limits) -> bool {
    body.size_hint().lower() > limits.body_bytes as u64
}

/// Reads the whole body.
pub(super) async fn read(mut body: Incoming, limits: &Limits) -> Result<Bytes, Refusal> {
    tokio::time::timeout(limits.body_read, collect(&mut body, limits.body_bytes))
        .await
        .map_err(|_| Refusal::SlowBody)?
}

async fn collect(body: &mut Incoming, most: usize) -> Result<Bytes, Refusal> {
    // Most bodies arrive in one piece, which needs no copy.
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await {
        let Ok(data) = frame.map_err(|_| Refusal::Malformed)?.into_data() else { continue };
        if first.len() + all.len() + data.len() > most {
            return Err(Refusal::BodyTooLarge);
        }
        if first.is_empty() && all.is_empty() {
            first = data;
        } else {
            all.extend_from_slice(&std::mem::take(&mut first));
            all.extend_from_slice(&data);
        }
    }
    Ok(if all.is_empty() { first } else { all.freeze() })
}
