//! "Did you mean": the known word that looks most like an unknown one.

/// The most similar of `known`, if one is similar enough to have been meant.
pub(crate) fn nearest(word: &str, known: impl IntoIterator<Item = String>) -> Option<String> {
    /// Below this, suggestions surprise more than they help.
    const SIMILAR: f64 = 0.6;
    known
        .into_iter()
        .map(|candidate| {
            (strsim::normalized_damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase()), candidate)
        })
        .filter(|(similarity, _)| *similarity >= SIMILAR)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, candidate)| candidate)
}
