//! How alarms and their rules are shown.

use chrono::{DateTime, Utc};
use domain::devices::alarms::{Alarm, AlarmKind, AlarmState, Condition, Rule, Severity, Way};
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::owners::Whole;
use super::store::{AlarmRow, RuleRow};
use crate::devices::words::say;
use crate::error::{Code, Error, FieldProblem, Language, Result};
use crate::platform::http::coded_word;

coded_word! {
    /// What an alarm is about.
    AlarmKindWord(AlarmKind)
}
coded_word! {
    /// Where an alarm is.
    AlarmStateWord(AlarmState)
}
coded_word! {
    /// How grave an alarm is.
    SeverityWord(Severity)
}
coded_word! {
    /// A way to tell people.
    WayWord(Way)
}

/// What is watched for.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlarmRuleBody {
    /// What an alarm is about.
    pub kind: AlarmKindWord,
    /// For how long it has to hold, minutes; not for `meter_reset`, which happens at an instant.
    #[schema(example = 240, minimum = 1, maximum = 10080)]
    pub minutes: Option<u32>,
    /// For `at_night`: when quiet begins, minutes since midnight.
    #[schema(example = 1320, minimum = 0, maximum = 1439)]
    pub quiet_from_minute: Option<u16>,
    /// For `at_night`: when it ends.
    #[schema(example = 360, minimum = 0, maximum = 1439)]
    pub quiet_to_minute: Option<u16>,
    /// An alarm clears only after so many minutes of the opposite.
    #[schema(example = 15, minimum = 1, maximum = 10080)]
    pub clear_after_minutes: u32,
    /// Whether it is looked for at all.
    #[serde(default = "enabled")]
    pub enabled: bool,
    /// How grave it is.
    pub severity: SeverityWord,
    /// Who is told how: the owner in the product and by SMS, the officer by mail, an address of the firm's by a call.
    #[serde(default)]
    #[schema(max_items = 4)]
    pub ways: Vec<WayWord>,
    /// Most messages of this rule for one machine in an hour.
    #[serde(default = "messages")]
    #[schema(example = 4, minimum = 1, maximum = 60)]
    pub messages_per_hour: u16,
    /// For the way `url`: the address that is called, under TLS and on the public Internet.
    #[schema(example = "https://hooks.example.com/zhidan", max_length = 2048)]
    pub url: Option<String>,
}

fn enabled() -> bool {
    true
}

fn messages() -> u16 {
    4
}

impl AlarmRuleBody {
    /// As the domain has it.
    ///
    /// # Errors
    /// `invalid_fields` with everything that is wrong.
    pub(super) fn checked(&self) -> Result<Rule> {
        let missing = |pointer: &str, zh: &str, en: &str| FieldProblem::new(pointer, "required", zh, en);
        let mut problems = vec![];
        let minutes = self.minutes.unwrap_or_else(|| {
            if self.kind.0 != AlarmKind::MeterReset {
                problems.push(missing("/minutes", "请填写持续时间（分钟）", "Say for how many minutes it has to hold"));
            }
            1
        });
        let condition = match self.kind.0 {
            AlarmKind::Overload => Condition::Overload { minutes },
            AlarmKind::IdleTooLong => Condition::IdleTooLong { minutes },
            AlarmKind::MovedOrUnplugged => Condition::MovedOrUnplugged { minutes },
            AlarmKind::Offline => Condition::Offline { minutes },
            AlarmKind::MeterReset => Condition::MeterReset {},
            AlarmKind::AtNight => {
                let (zh, en) = ("请填写静默时段的起止时间", "Say when the quiet hours begin and end");
                let both = self.quiet_from_minute.zip(self.quiet_to_minute);
                if both.is_none() {
                    problems.push(missing("/quiet_from_minute", zh, en));
                }
                let (quiet_from_minute, quiet_to_minute) = both.unwrap_or((0, 1));
                Condition::AtNight { minutes, quiet_from_minute, quiet_to_minute }
            }
        };
        let rule = Rule {
            condition,
            clear_after_minutes: self.clear_after_minutes,
            enabled: self.enabled,
            severity: self.severity.0,
            ways: self.ways.iter().map(|way| way.0).collect(),
            messages_per_hour: self.messages_per_hour,
        };
        for fault in rule.check().err().unwrap_or_default() {
            let pointer = fault.pointer.replace("/condition", "");
            problems.push(FieldProblem::new(pointer, "range", fault.words.zh, fault.words.en));
        }
        if rule.ways.contains(&Way::Url) && self.url.is_none() {
            problems.push(missing("/url", "请填写要调用的地址", "Say which address is to be called"));
        }
        if problems.is_empty() { Ok(rule) } else { Err(Error::fields(problems)) }
    }

    fn of(rule: &Rule, url: Option<String>) -> Self {
        let quiet = match rule.condition {
            Condition::AtNight { quiet_from_minute, quiet_to_minute, .. } => Some((quiet_from_minute, quiet_to_minute)),
            _ => None,
        };
        let kind = rule.condition.kind();
        Self {
            kind: AlarmKindWord(kind),
            minutes: (kind != AlarmKind::MeterReset).then(|| rule.condition.minutes()),
            quiet_from_minute: quiet.map(|(from, _)| from),
            quiet_to_minute: quiet.map(|(_, to)| to),
            clear_after_minutes: rule.clear_after_minutes,
            enabled: rule.enabled,
            severity: SeverityWord(rule.severity),
            ways: rule.ways.iter().map(|way| WayWord(*way)).collect(),
            messages_per_hour: rule.messages_per_hour,
            url,
        }
    }
}

/// A rule of alarms.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlarmRuleView {
    /// Its id.
    #[schema(example = "alr_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The machine that it is for; null where it is for more than one.
    #[schema(example = "eqp_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub equipment: Option<String>,
    /// The kind of machines that it is for; null where it is for one, or for all.
    #[schema(example = "lathe")]
    pub category: Option<String>,
    /// What it looks for.
    pub rule: AlarmRuleBody,
    /// Its kind in words.
    #[schema(example = "待机过久")]
    pub kind_label: String,
    /// Version for `If-Match`.
    #[schema(example = 1, minimum = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl AlarmRuleView {
    pub(super) fn of(row: &RuleRow, language: Language) -> Result<Self> {
        let rule: Rule = serde_json::from_value(row.body.clone())?;
        Ok(Self {
            id: Id::<kind::AlarmRule>::from_uuid(row.id).to_string(),
            equipment: row.equipment_id.map(|id| Id::<kind::Equipment>::from_uuid(id).to_string()),
            category: row.category.clone(),
            kind_label: say(&rule.condition.kind().words(), language),
            rule: AlarmRuleBody::of(&rule, row.url.clone()),
            version: row.version,
            created_at: row.created_at,
        })
    }
}

/// An alarm as the machine's owner sees it, and has dealt with it: by which rule of the firm's it was found, and what the firm
/// made of it, is the firm's matter.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyAlarmView {
    /// Its id.
    #[schema(example = "alm_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The machine.
    #[schema(example = "eqp_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub equipment: String,
    /// What it is about.
    pub kind: AlarmKindWord,
    /// The same in words.
    #[schema(example = "待机过久")]
    pub kind_label: String,
    /// Where it is.
    pub state: AlarmStateWord,
    /// The same in words.
    #[schema(example = "未处理")]
    pub state_label: String,
    /// When its condition began.
    pub began_at: DateTime<Utc>,
    /// When it had held long enough.
    pub raised_at: DateTime<Utc>,
    /// When it was acknowledged: by the machine's owner where they look, by staff where staff do.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub cleared_at: Option<DateTime<Utc>>,
    /// Until when it is muted: for its owner where they look, for everybody where staff do.
    pub muted_until: Option<DateTime<Utc>>,
    /// When people were told of it.
    pub told_at: Option<DateTime<Utc>>,
    /// Version for `If-Match`.
    #[schema(example = 1, minimum = 1)]
    pub version: i64,
}

/// An alarm.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlarmView {
    /// What its owner sees of it too, as the firm has dealt with it.
    #[serde(flatten)]
    pub alarm: MyAlarmView,
    /// The rule that found it.
    #[schema(example = "alr_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub rule: String,
    /// When the machine's owner said that they have seen it.
    pub owner_seen_at: Option<DateTime<Utc>>,
}

impl AlarmView {
    pub(super) fn of(row: &Whole, language: Language) -> Result<Self> {
        let rule = Id::<kind::AlarmRule>::from_uuid(row.firms.rule_id).to_string();
        let alarm = MyAlarmView::dealt_with(&row.firms, &row.of_firm(), language)?;
        Ok(Self { alarm, rule, owner_seen_at: row.owners.owner_seen_at })
    }
}

impl MyAlarmView {
    pub(super) fn of(row: &Whole, language: Language) -> Result<Self> {
        Self::dealt_with(&row.firms, &row.of_owner(), language)
    }

    /// The row, as one side has dealt with it.
    fn dealt_with(row: &AlarmRow, alarm: &Alarm, language: Language) -> Result<Self> {
        let found = AlarmKind::from_code(&row.kind).ok_or_else(|| Error::new(Code::Internal))?;
        let state = alarm.state;
        Ok(Self {
            id: Id::<kind::Alarm>::from_uuid(row.id).to_string(),
            equipment: Id::<kind::Equipment>::from_uuid(row.equipment_id).to_string(),
            kind: AlarmKindWord(found),
            kind_label: say(&found.words(), language),
            state: AlarmStateWord(state),
            state_label: say(&state.words(), language),
            began_at: row.began_at,
            raised_at: row.raised_at,
            acknowledged_at: alarm.acknowledged_at,
            cleared_at: alarm.cleared_at,
            muted_until: alarm.muted_until,
            told_at: row.told_at,
            version: row.version,
        })
    }
}
