//! What the texts of a profile contain, in the layout of API v2's `entities`.

/// Whether a profile with this URL and bio may have entities at all; quick, and
/// never wrongly "no".
#[must_use]
pub fn may_be_in_profile(url: Option<&str>, description: &str) -> bool {
    url.is_some() || description.contains(['#', '@', '$', '＃', '＠']) || description.contains("t.co/")
}
