//! Scores of machines 设备风控评分: taken when somebody asks, when papers or photos change, and when use changes; kept for ever
//! with all that they were taken from. Monitoring begins only for machines whose latest score finds the risk controllable.

mod evidence;
mod monitoring;
mod read;
mod store;
mod take;
mod usage;
mod view;

pub(in crate::devices) use usage::UseView;
pub(in crate::devices) use view::ScoreBrief;

use std::collections::HashMap;

use domain::devices::life::LifeEvent;
use domain::devices::score::{Score, Usage, Verdict, assess};
use domain::id::{Id, kind};
use domain::webhooks::event::EventType;
use domain::words::Words;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::equipment::scope::must_be_in_use;
use super::equipment::store::{self as machines, Row as Machine};
use super::equipment::words::known;
use super::life::{self, Note};
use crate::assessments;
use crate::documents;
use crate::error::{Language, Result};
use crate::platform::db::TenantTx;
use crate::webhooks;
use crate::webhooks::data::EquipmentScoredData;

/// A change of utilisation by more than this has the score taken again: five points, parts per million.
const MOVED_PPM: i64 = 50_000;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(take::score_equipment)
        .service(read::list_scores)
        .service(read::read_score)
        .service(monitoring::start_monitoring)
        .service(monitoring::stop_monitoring);
}

/// Why a score was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::devices) enum Cause {
    /// Somebody asked for it.
    Asked,
    /// The papers changed.
    Papers,
    /// A photo came or went.
    Photos,
    /// Utilisation changed.
    Utilisation,
}

impl Cause {
    const ALL: [Self; 4] = [Self::Asked, Self::Papers, Self::Photos, Self::Utilisation];

    /// The stored word.
    const fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Papers => "papers",
            Self::Photos => "photos",
            Self::Utilisation => "utilisation",
        }
    }

    fn read(code: &str) -> Result<Self> {
        known(Self::ALL.into_iter().find(|one| one.code() == code))
    }

    fn words(self) -> Words {
        match self {
            Self::Asked => Words::new("人工评分", "asked for"),
            Self::Papers => Words::new("资料变更", "papers changed"),
            Self::Photos => Words::new("照片变更", "photos changed"),
            Self::Utilisation => Words::new("使用率变化", "utilisation changed"),
        }
    }
}

/// Takes the score of a locked machine from its papers as the row has them and from its use; gives the score's id. The row's
/// version stays: a score that is taken in the background makes nobody's form stale.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn rescore(tx: &TenantTx, row: &mut Machine, cause: Cause) -> Result<Uuid> {
    let evidence = evidence::gather(tx, row).await?;
    let card = assessments::equipment_on(tx, evidence.as_of).await?;
    let score = assess(&card.body, &evidence);
    let kept = store::add(tx, row.id, (!card.id.is_nil()).then_some(card.id), &evidence, &score, cause).await?;
    machines::point_at_score(tx, row.id, kept).await?;
    row.score_id = Some(kept);
    // whoever asks later what this score saw finds the photos, also those that were taken away meanwhile
    documents::rely_on(tx, row.id, None).await?;
    let (points, verdict, why) = (view::points(score.total_hundredths), score.verdict.words(), cause.words());
    let words = Words::new(
        format!("{points}分，{}（{}）", verdict.zh, why.zh),
        format!("{points} points, {} ({})", verdict.en, why.en),
    );
    life::record(tx, row.id, LifeEvent::Scored, Note::about(kept, words)).await?;
    let data = EquipmentScoredData {
        equipment: Id::<kind::Equipment>::from_uuid(row.id).to_string(),
        score: Id::<kind::EquipmentScore>::from_uuid(kept).to_string(),
        total_hundredths: score.total_hundredths,
        verdict: score.verdict.code().to_owned(),
        cause: cause.code().to_owned(),
    };
    webhooks::tell(tx, EventType::EquipmentScored, &data).await?;
    Ok(kept)
}

/// Takes the score of a machine again if its utilisation has moved by more than five points since the latest one, or is
/// known now and was not then, or the other way round; for whoever counts days of use. Machines without a score, or
/// retired, are left alone.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn rescore_if_use_moved(tx: &TenantTx, equipment: Uuid) -> Result<bool> {
    let Some(mut row) = machines::lock_any(tx, equipment).await? else { return Ok(false) };
    let Some(latest) = latest(tx, &row).await? else { return Ok(false) };
    if must_be_in_use(&row).is_err() {
        return Ok(false);
    }
    let now = evidence::usage(tx, &row).await?;
    let part = |usage: Option<&Usage>| usage.map(|usage| usage.utilisation_ppm);
    let moved = has_moved(part(latest.usage.as_ref()), part(now.as_ref()));
    if moved {
        rescore(tx, &mut row, Cause::Utilisation).await?;
    }
    Ok(moved)
}

/// Whether utilisation, parts per million, differs so much that a score by it says something else.
fn has_moved(then: Option<i64>, now: Option<i64>) -> bool {
    match (then, now) {
        (Some(then), Some(now)) => now.saturating_sub(then).saturating_abs() > MOVED_PPM,
        (then, now) => then.is_some() != now.is_some(),
    }
}

/// The latest score of a machine.
pub(in crate::devices) async fn latest(tx: &TenantTx, row: &Machine) -> Result<Option<Score>> {
    let Some(id) = row.score_id else { return Ok(None) };
    store::get(tx, id).await?.map(|row| store::result(&row)).transpose()
}

/// Whether the latest score finds the risk controllable.
pub(in crate::devices) async fn is_controllable(tx: &TenantTx, row: &Machine) -> Result<bool> {
    let Some(id) = row.score_id else { return Ok(false) };
    Ok(store::get(tx, id).await?.is_some_and(|row| row.verdict == Verdict::Controllable.code()))
}

/// Scores in short, by id.
pub(in crate::devices) async fn briefs(
    tx: &TenantTx,
    ids: &[Uuid],
    language: Language,
) -> Result<HashMap<Uuid, ScoreBrief>> {
    let rows = store::some(tx, ids).await?;
    rows.iter().map(|row| Ok((row.id, ScoreBrief::of(row, language)?))).collect()
}

/// How much some machines were used in the last thirty days; those of which nothing is known are left out.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn uses_of(tx: &TenantTx, rows: &[Machine]) -> Result<HashMap<Uuid, UseView>> {
    let usages = evidence::usages(tx, rows).await?;
    Ok(usages.iter().map(|(id, usage)| (*id, UseView::of(usage))).collect())
}

/// Hours that a machine was seen working, and the months over which it was watched.
pub(in crate::devices) async fn hours_of(
    tx: &TenantTx,
    row: &Machine,
) -> Result<Option<domain::devices::value::Hours>> {
    evidence::hours(tx, row).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_taken_again_when_use_moves_by_more_than_five_points() {
        let rows = [
            (None, None, false),
            (None, Some(0), true),
            (Some(400_000), None, true),
            (Some(400_000), Some(450_000), false),
            (Some(400_000), Some(450_001), true),
            (Some(400_000), Some(349_999), true),
        ];
        for (then, now, expected) in rows {
            assert_eq!(has_moved(then, now), expected, "{then:?} {now:?}");
        }
    }
}
