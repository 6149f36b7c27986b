//! What became of the lines of a large import, put in their order: counts for each file,
//! and the rejects files.

use std::collections::BTreeMap;

use store::Imported;

use super::wire::Taken;
use crate::import::{ImportError, InputError, Options, Outcome, Rejects, Report, Source};

/// Counts and rejects of an import that is on its way.
pub(super) struct Books<'a> {
    sources: &'a [Source],
    outcomes: Vec<Outcome>,
    /// The rejects file of all, or else one for each.
    common: Option<Rejects>,
    own: Vec<Rejects>,
    /// Chunks that came before their turn, and whose turn it is.
    early: BTreeMap<u64, Taken>,
    next: u64,
}

impl<'a> Books<'a> {
    pub(super) fn new(sources: &'a [Source], options: &Options) -> Self {
        let common = options.rejects.as_ref().map(|path| Rejects::to(path.clone()).naming_files(sources.len() > 1));
        let own = sources.iter().map(|source| Rejects::to(source.rejects_path())).collect();
        let outcomes = sources.iter().map(Outcome::of).collect();
        Self { sources, outcomes, common, own, early: BTreeMap::new(), next: 0 }
    }

    /// Notes what became of a chunk; it is written down after those before it.
    pub(super) fn add(&mut self, taken: Taken) -> Result<(), ImportError> {
        self.early.insert(taken.number, taken);
        while let Some(taken) = self.early.remove(&self.next) {
            self.next += 1;
            let rejects = self.common.as_mut().or_else(|| self.own.get_mut(taken.source));
            let places = (self.outcomes.get_mut(taken.source), rejects, self.sources.get(taken.source));
            if let (Some(outcome), Some(rejects), Some(source)) = places {
                outcome.add(taken, source, rejects)?;
            }
        }
        Ok(())
    }

    /// Notes that a file was not read to its end.
    pub(super) fn note(&mut self, source: usize, trouble: InputError) {
        if let Some(outcome) = self.outcomes.get_mut(source) {
            outcome.trouble = Some(trouble);
        }
    }

    /// All of it, when everything was taken in.
    pub(super) fn close(mut self, imported: Imported) -> Result<Report, ImportError> {
        for rejects in self.common.iter_mut().chain(&mut self.own) {
            rejects.flush()?;
        }
        for (outcome, source) in self.outcomes.iter_mut().zip(self.sources) {
            if outcome.lines == 0 && outcome.trouble.is_none() {
                outcome.trouble = Some(InputError::Empty { input: source.clone() });
            }
        }
        Ok(Report { imported, outcomes: self.outcomes })
    }
}

impl Outcome {
    fn add(&mut self, taken: Taken, source: &Source, rejects: &mut Rejects) -> Result<(), ImportError> {
        self.lines += taken.lines;
        self.facts += taken.facts;
        self.rejects += taken.rejects.len() as u64;
        for reject in taken.rejects {
            rejects.add(source, &reject)?;
            self.rejects_file = Some(rejects.path().to_owned());
            self.first_reject.get_or_insert((reject.number, reject.reason));
        }
        Ok(())
    }
}
