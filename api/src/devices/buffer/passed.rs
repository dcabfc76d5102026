//! What lies in a partition though its consumer will not announce it. A server that was killed has each message that it
//! acknowledged, but of its consumers and of what was removed it may remember an older state: it may have messages again that
//! were taken in, may pass over some that it had not announced yet, and may wait for ever for the acknowledgement of one that
//! is gone. What is acknowledged is behind the consumer and shows itself by its number; the rest by standing still. It may also
//! be unable to give what it holds, until it is started again; then there is nothing to do from here but to say so.

use std::collections::HashMap;

use uuid::Uuid;

use super::take;
use crate::app::App;
use crate::platform::outside::nats::{Hand, Progress};

/// Messages of one subject that are taken in after one look, at most.
const MESSAGES_MAX: usize = 256;

/// What the last look has seen.
#[derive(Default)]
pub(super) struct PassedOver {
    /// The number of each subject's oldest message.
    oldest: HashMap<String, u64>,
    announced: u64,
    subjects: Vec<String>,
}

impl PassedOver {
    /// Looks, and takes in what was passed over. Between two looks lies the time after which what nobody has in hand is
    /// announced again.
    pub async fn look(&mut self, app: &App, hand: &Hand) {
        if let Err(cause) = self.try_look(app, hand).await {
            tracing::info!(%cause, "what was passed over cannot be looked for now");
        }
    }

    async fn try_look(&mut self, app: &App, hand: &Hand) -> anyhow::Result<()> {
        let progress = hand.progress().await?;
        let mut oldest = HashMap::new();
        for subject in &progress.subjects {
            let mut past = None;
            for _ in 0..MESSAGES_MAX {
                let Some(lying) = hand.oldest(subject).await? else {
                    self.none_given(&progress, subject);
                    break;
                };
                oldest.insert(subject.clone(), lying.sequence);
                if lying.sequence > *past.get_or_insert_with(|| self.past(&progress, subject, lying.sequence)) {
                    break;
                }
                let Ok(firm) = Uuid::try_parse(lying.tenant()) else {
                    tracing::error!(sequence = lying.sequence, "something that belongs to no firm lies in the stream");
                    break;
                };
                if !take::passed_over(app, hand, firm, &lying).await {
                    break;
                }
            }
        }
        (self.oldest, self.announced, self.subjects) = (oldest, progress.announced, progress.subjects);
        Ok(())
    }

    /// Says that the server does not give what it says it has, where nothing went on since the last look: otherwise somebody took it
    /// in between.
    fn none_given(&self, progress: &Progress, subject: &String) {
        if self.announced == progress.announced && self.subjects.contains(subject) {
            metrics::counter!("zhidan_buffer_not_given_total").increment(1);
            tracing::error!(
                "the stream's server does not give what it says it holds; start it again, and nothing is lost"
            );
        }
    }

    /// Up to which number nothing of a subject will be announced. If its oldest message is still the one that it was, nothing
    /// went on in it, and what had been announced then is in nobody's hand, or in that of somebody who does not get on; to take
    /// it in from here does no harm.
    fn past(&self, progress: &Progress, subject: &str, oldest: u64) -> u64 {
        let stands_still = self.oldest.get(subject) == Some(&oldest);
        if stands_still { self.announced.max(progress.settled) } else { progress.settled }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_settled_is_past_and_what_stands_still() {
        let progress = Progress { settled: 6, announced: 90, subjects: vec![] };
        let seen = PassedOver { oldest: HashMap::from([("a".to_owned(), 8)]), announced: 66, subjects: vec![] };
        assert_eq!(seen.past(&progress, "a", 8), 66, "nothing went since, of what was announced then");
        assert_eq!(seen.past(&progress, "a", 9), 6, "something went");
        assert_eq!(seen.past(&progress, "b", 8), 6, "it is new");
        let first = PassedOver::default();
        assert_eq!(first.past(&progress, "a", 8), 6);
    }
}
