//! What events say, one form for each kind of thing that they are about: ids, states and amounts. Names, numbers of people and
//! texts that somebody wrote are not among it: whoever is told asks for them with an account of their own.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// What events about an application say.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicationEventData {
    /// The application.
    #[schema(example = "app_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub application: String,
    /// Its number, as people name it.
    #[schema(example = "DB2026110001")]
    pub number: Option<String>,
    /// The product.
    #[schema(example = "prd_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub product: String,
    /// Where it was before.
    #[schema(example = "approving")]
    pub state_before: String,
    /// Where it is now.
    #[schema(example = "approved")]
    pub state: String,
    /// What was asked for, fen.
    #[schema(example = 50_000_000)]
    pub requested_amount_fen: Option<i64>,
    /// What was approved, fen.
    #[schema(example = 40_000_000)]
    pub approved_amount_fen: Option<i64>,
    /// For how long it was approved, months.
    #[schema(example = 12)]
    pub approved_term_months: Option<i32>,
}

/// What events about a credit limit say: the limit as it is after the operation.
#[derive(Debug, Serialize, ToSchema)]
pub struct LimitEventData {
    /// The operation.
    #[schema(example = "lop_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub operation: String,
    /// The limit.
    #[schema(example = "lim_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub limit: String,
    /// Whose it is.
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub customer: String,
    /// Its state.
    #[schema(example = "active")]
    pub state: String,
    /// What the operation was about, fen; null for one that takes another back.
    #[schema(example = 10_000_000)]
    pub amount_fen: Option<i64>,
    /// What was granted, fen.
    #[schema(example = 40_000_000)]
    pub granted_fen: i64,
    /// What parts of it hold, fen.
    #[schema(example = 0)]
    pub allocated_fen: i64,
    /// What is set aside, fen.
    #[schema(example = 5_000_000)]
    pub reserved_fen: i64,
    /// What is drawn, fen.
    #[schema(example = 10_000_000)]
    pub drawn_fen: i64,
    /// The reservation that was used.
    #[schema(example = "rsv_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub reservation: Option<String>,
    /// The drawing.
    #[schema(example = "drw_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub drawdown: Option<String>,
    /// The operation that was taken back.
    #[schema(example = "lop_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub corrects: Option<String>,
}

/// What events about an alarm say.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlarmEventData {
    /// The alarm.
    #[schema(example = "alm_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub alarm: String,
    /// The machine.
    #[schema(example = "eqp_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub equipment: String,
    /// The rule that found it.
    #[schema(example = "alr_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub rule: String,
    /// What it is about.
    #[schema(example = "idle_too_long")]
    pub kind: String,
    /// When its condition began.
    pub began_at: DateTime<Utc>,
    /// When it was raised.
    pub raised_at: DateTime<Utc>,
    /// When it was over.
    pub cleared_at: Option<DateTime<Utc>>,
}

/// What the event about a score says.
#[derive(Debug, Serialize, ToSchema)]
pub struct EquipmentScoredData {
    /// The machine.
    #[schema(example = "eqp_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub equipment: String,
    /// The score.
    #[schema(example = "esc_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub score: String,
    /// Hundredths of a point, of 10,000.
    #[schema(example = 8_250, minimum = 0, maximum = 10_000)]
    pub total_hundredths: i64,
    /// What it says of the risk.
    #[schema(example = "controllable")]
    pub verdict: String,
    /// Why it was taken.
    #[schema(example = "asked")]
    pub cause: String,
}

/// What a test says.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookTestData {
    /// The address that is tried.
    #[schema(example = "whe_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub endpoint: String,
}
