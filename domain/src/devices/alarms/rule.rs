//! A rule of alarms: data of the tenant.

use serde::{Deserialize, Serialize};

use crate::coded::coded;
use crate::devices::fault::{Fault, Faults};

/// Longest time before a condition becomes an alarm, or ends: a week.
pub const MINUTES_MAX: u32 = 10_080;
/// Minutes of a day.
pub const DAY_MINUTES: u16 = 1_440;
/// Most messages of a rule in an hour.
pub const MESSAGES_PER_HOUR_MAX: u16 = 60;

coded! {
    /// The kinds of alarms.
    AlarmKind {
        /// It takes more than it should.
        Overload "overload" "超负荷运行" "overload";
        /// It stands by and does not work.
        IdleTooLong "idle_too_long" "待机过久" "idle too long";
        /// Its socket lost the mains while it drew power: whoever moves a machine unplugs it.
        MovedOrUnplugged "moved_or_unplugged" "疑似移动或断电" "perhaps moved or unplugged";
        /// It works when it should not.
        AtNight "at_night" "非工作时段运行" "working in quiet hours";
        /// Nothing is heard of it.
        Offline "offline" "设备离线" "offline";
        /// Its counter of energy went down.
        MeterReset "meter_reset" "电量读数回退" "energy counter went back";
    }
}

coded! {
    /// How grave an alarm is.
    Severity {
        /// Good to know.
        Notice "notice" "提示" "notice";
        /// To be looked at.
        Warning "warning" "警告" "warning";
        /// To be looked at now.
        Critical "critical" "严重" "critical";
    }
}

coded! {
    /// A way to tell people.
    Way {
        /// In the product.
        InApp "in_app" "站内消息" "in the product";
        /// By text message.
        Sms "sms" "短信" "text message";
        /// By e-mail.
        Mail "mail" "邮件" "e-mail";
        /// By a call to an address of the tenant.
        Url "url" "外部接口" "call to an address";
    }
}

/// What a rule looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// In overload for so long; what is overload is the machine's own threshold.
    Overload {
        /// Minutes.
        minutes: u32,
    },
    /// On standby for so long.
    IdleTooLong {
        /// Minutes.
        minutes: u32,
    },
    /// The socket is gone for so long after the machine last drew power. A socket
    /// whose machine was switched off first is not counted: many workshops cut the mains at closing time.
    MovedOrUnplugged {
        /// Minutes.
        minutes: u32,
    },
    /// Working for so long within quiet hours.
    AtNight {
        /// Minutes.
        minutes: u32,
        /// When quiet begins, minutes since midnight in the tenant's zone.
        quiet_from_minute: u16,
        /// When it ends; before its begin if it passes midnight.
        quiet_to_minute: u16,
    },
    /// Offline or nothing heard for so long.
    Offline {
        /// Minutes.
        minutes: u32,
    },
    /// The counter of energy went down.
    MeterReset {},
}

impl Condition {
    /// The kind of alarm that it makes.
    pub fn kind(&self) -> AlarmKind {
        match self {
            Self::Overload { .. } => AlarmKind::Overload,
            Self::IdleTooLong { .. } => AlarmKind::IdleTooLong,
            Self::MovedOrUnplugged { .. } => AlarmKind::MovedOrUnplugged,
            Self::AtNight { .. } => AlarmKind::AtNight,
            Self::Offline { .. } => AlarmKind::Offline,
            Self::MeterReset {} => AlarmKind::MeterReset,
        }
    }

    /// How long it has to hold.
    pub fn minutes(&self) -> u32 {
        match self {
            Self::Overload { minutes }
            | Self::IdleTooLong { minutes }
            | Self::MovedOrUnplugged { minutes }
            | Self::AtNight { minutes, .. }
            | Self::Offline { minutes } => *minutes,
            Self::MeterReset {} => 0,
        }
    }
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What it looks for.
    pub condition: Condition,
    /// An alarm clears only after so many minutes of the opposite, so that what flaps is one alarm.
    pub clear_after_minutes: u32,
    /// Whether it looks at all.
    pub enabled: bool,
    /// How grave.
    pub severity: Severity,
    /// Who is told how; none is allowed, then it only shows.
    pub ways: Vec<Way>,
    /// Most messages of this rule per machine within an hour.
    pub messages_per_hour: u16,
}

impl Rule {
    /// Checks a rule before it is used.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place and how to mend it.
    pub fn check(&self) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::default();
        let is_event = matches!(self.condition, Condition::MeterReset {});
        faults.unless(
            is_event || (1..=MINUTES_MAX).contains(&self.condition.minutes()),
            "/condition/minutes",
            ("持续时间应为1至10080分钟", "The time is from 1 to 10,080 minutes"),
        );
        if let Condition::AtNight { quiet_from_minute, quiet_to_minute, .. } = self.condition {
            let reason = ("静默时段应在0至1439分钟之间", "Quiet hours lie from minute 0 to 1,439 of the day");
            faults.unless(quiet_from_minute < DAY_MINUTES, "/condition/quiet_from_minute", reason);
            faults.unless(quiet_to_minute < DAY_MINUTES, "/condition/quiet_to_minute", reason);
            let reason = ("静默时段的起止时间不能相同", "Quiet hours begin and end at different times");
            faults.unless(quiet_from_minute != quiet_to_minute, "/condition/quiet_to_minute", reason);
        }
        faults.unless(
            (1..=MINUTES_MAX).contains(&self.clear_after_minutes),
            "/clear_after_minutes",
            ("解除时间应为1至10080分钟", "The time to clear is from 1 to 10,080 minutes"),
        );
        let mut ways = self.ways.clone();
        ways.sort_unstable();
        ways.dedup();
        let reason = ("每种通知方式只能选一次", "Each way to tell people appears once");
        faults.unless(ways.len() == self.ways.len(), "/ways", reason);
        faults.unless(
            (1..=MESSAGES_PER_HOUR_MAX).contains(&self.messages_per_hour),
            "/messages_per_hour",
            ("每小时消息数应为1至60条", "A rule sends 1 to 60 messages per hour"),
        );
        faults.result()
    }

    /// The rules that a new tenant starts with. Times are long enough that a start-up current, a pause or a router's restart
    /// is no alarm; a loaded machine behind on its pauses shows within the hour.
    pub fn standard() -> Vec<Self> {
        let rule = |condition, clear_after_minutes, severity| Self {
            condition,
            clear_after_minutes,
            enabled: true,
            severity,
            ways: vec![Way::InApp],
            messages_per_hour: 4,
        };
        let night = Condition::AtNight { minutes: 15, quiet_from_minute: 22 * 60, quiet_to_minute: 6 * 60 };
        vec![
            rule(Condition::Overload { minutes: 5 }, 10, Severity::Warning),
            rule(Condition::IdleTooLong { minutes: 240 }, 15, Severity::Notice),
            rule(Condition::MovedOrUnplugged { minutes: 10 }, 30, Severity::Critical),
            // many small workshops work at night in season, so this one is for the tenant to switch on
            Self { enabled: false, ..rule(night, 30, Severity::Notice) },
            rule(Condition::Offline { minutes: 120 }, 10, Severity::Warning),
            rule(Condition::MeterReset {}, 60, Severity::Warning),
        ]
    }
}
