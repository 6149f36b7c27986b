//! Reading the body of a request, whole, within its limits.

use std::future::poll_fn;
use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use hyper::body::{Body, Incoming};

use super::message::is_form;
use super::{Limits, Refusal};

/// The most bytes of a form. No form of X's APIs comes near.
const FORM_BYTES: usize = 64 << 10;

/// The most bytes that the body of a request with these headers may have.
pub(super) fn most_bytes(headers: &HeaderMap, limits: &Limits) -> usize {
    if is_form(headers) { limits.body_bytes.min(FORM_BYTES) } else { limits.body_bytes }
}

/// Whether a body announces itself as larger than allowed.
pub(super) fn is_announced_too_large(body: &Incoming, headers: &HeaderMap, limits: &Limits) -> bool {
    body.size_hint().lower() > most_bytes(headers, limits) as u64
}

/// Reads the whole body, of at most so many bytes.
pub(super) async fn read(mut body: Incoming, most: usize, limits: &Limits) -> Result<Bytes, Refusal> {
    tokio::time::timeout(limits.body_read, collect(&mut body, most)).await.map_err(|_| Refusal::SlowBody)?
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
