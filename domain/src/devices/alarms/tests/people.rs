//! What people set, do and are told.

use super::*;

#[test]
fn what_is_wrong_with_a_rule_is_named() {
    type Change = fn(&mut Rule);
    let night = |from, to| Condition::AtNight { minutes: 5, quiet_from_minute: from, quiet_to_minute: to };
    let rows: Vec<(Change, &str)> = vec![
        (|r| r.condition = Condition::Overload { minutes: 0 }, "/condition/minutes"),
        (|r| r.condition = Condition::Offline { minutes: 10_081 }, "/condition/minutes"),
        (|r| r.clear_after_minutes = 0, "/clear_after_minutes"),
        (|r| r.ways = vec![Way::Sms, Way::Mail, Way::Sms], "/ways"),
        (|r| r.messages_per_hour = 0, "/messages_per_hour"),
    ];
    let pointers =
        |rule: &Rule| rule.check().err().into_iter().flatten().map(|fault: Fault| fault.pointer).collect::<Vec<_>>();
    for (change, pointer) in rows {
        let mut rule = rule(Condition::MeterReset {}, 5);
        assert_eq!(pointers(&rule), [""; 0]);
        change(&mut rule);
        assert_eq!(pointers(&rule), [pointer]);
    }
    assert_eq!(pointers(&rule(night(1_440, 0), 5)), ["/condition/quiet_from_minute"]);
    assert_eq!(pointers(&rule(night(60, 60), 5)), ["/condition/quiet_to_minute"]);
    let standard = Rule::standard();
    assert_eq!(standard.iter().map(|rule| rule.condition.kind()).collect::<Vec<_>>(), AlarmKind::ALL);
    for rule in standard {
        assert_eq!(rule.check(), Ok(()));
        let stored = serde_json::to_value(&rule).unwrap();
        assert_eq!(stored["condition"]["kind"], rule.condition.kind().code());
        assert_eq!(serde_json::from_value::<Rule>(stored).unwrap(), rule);
    }
}

#[test]
fn what_people_do_with_alarms() {
    let (by, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let open = Alarm::raised(Uuid::from_u128(9), minute(0), minute(5));
    let acknowledge = AlarmAction::Acknowledge { by, at: minute(6) };
    let (ended, clear) = (AlarmAction::Ended { at: minute(8) }, AlarmAction::Clear { by: other, at: minute(9) });
    let mute = |until| AlarmAction::Mute { until: minute(until), at: minute(10) };
    let acknowledged = open.after(&acknowledge).unwrap();
    let over = open.after(&ended).unwrap();
    let rows = [
        (open, acknowledge, Ok(AlarmState::Acknowledged)),
        (open, ended, Ok(AlarmState::Cleared)),
        (open, clear, Err(AlarmRefusal::NotAcknowledged)),
        (open, mute(70), Ok(AlarmState::Open)),
        (open, mute(10), Err(AlarmRefusal::MuteOutOfRange)),
        (open, mute(10 + 30 * 1_440 + 1), Err(AlarmRefusal::MuteOutOfRange)),
        (acknowledged, acknowledge, Err(AlarmRefusal::AlreadyAcknowledged)),
        (acknowledged, ended, Ok(AlarmState::Cleared)),
        (acknowledged, clear, Ok(AlarmState::Cleared)),
        (acknowledged, mute(70), Ok(AlarmState::Acknowledged)),
        (over, acknowledge, Ok(AlarmState::Cleared)),
        (over, ended, Ok(AlarmState::Cleared)),
        (over, clear, Err(AlarmRefusal::AlreadyCleared)),
        (over, mute(70), Err(AlarmRefusal::AlreadyCleared)),
    ];
    for (alarm, action, expected) in rows {
        assert_eq!(alarm.after(&action).map(|after| after.state), expected, "{:?} {action:?}", alarm.state);
    }
    assert_eq!((over.cleared_at, over.cleared_by), (Some(minute(8)), None));
    assert_eq!(over.after(&AlarmAction::Ended { at: minute(99) }), Ok(over));
    assert_eq!(acknowledged.after(&clear).unwrap().cleared_by, Some(other));
    let muted = open.after(&mute(70)).unwrap();
    assert!(muted.is_muted(minute(69)) && !muted.is_muted(minute(70)) && !open.is_muted(minute(0)));
}

#[test]
fn people_are_told_once_and_not_too_often() {
    let rule = rule(Condition::Overload { minutes: 5 }, 3);
    let open = Alarm::raised(Uuid::from_u128(9), minute(0), minute(5));
    let muted = Alarm { muted_until: Some(minute(90)), ..open };
    let acknowledged = Alarm { state: AlarmState::Acknowledged, ..open };
    let silent = Rule { ways: Vec::new(), ..rule.clone() };
    let rows: Vec<(&Rule, Alarm, bool, Vec<i64>, Message)> = vec![
        (&rule, open, false, vec![], Message::Send),
        (&rule, open, true, vec![], Message::Done),
        (&rule, acknowledged, false, vec![], Message::Done),
        (&silent, open, false, vec![], Message::Done),
        (&rule, muted, false, vec![], Message::Muted),
        (&rule, open, false, vec![10, 50], Message::Limited),
        (&rule, open, false, vec![50, 0], Message::Send),
    ];
    for (rule, alarm, told, sent, expected) in rows {
        let instants: Vec<_> = sent.iter().map(|at| minute(*at)).collect();
        assert_eq!(message(rule, &alarm, told, &instants, minute(60)), expected, "{sent:?} {told}");
    }
}

#[test]
fn an_owner_has_quiet_for_themselves_alone() {
    let rule = rule(Condition::Overload { minutes: 5 }, 3);
    let open = Alarm::raised(Uuid::from_u128(9), minute(0), minute(5));
    let acknowledged = Alarm { state: AlarmState::Acknowledged, acknowledged_at: Some(minute(7)), ..open };
    let over = Alarm { state: AlarmState::Cleared, cleared_at: Some(minute(8)), ..open };
    let muted = Alarm { muted_until: Some(minute(90)), ..open };
    let (seen, quiet) = (Some(minute(6)), Some(minute(80)));
    // the firm's, what the owner did, the state that the owner sees, whether the owner is told
    let rows = [
        (open, None, None, AlarmState::Open, Message::Send),
        (open, seen, None, AlarmState::Acknowledged, Message::Done),
        (open, None, quiet, AlarmState::Open, Message::Muted),
        (open, seen, quiet, AlarmState::Acknowledged, Message::Done),
        (acknowledged, None, None, AlarmState::Open, Message::Done),
        (muted, None, None, AlarmState::Open, Message::Muted),
        (over, None, None, AlarmState::Cleared, Message::Done),
        (over, seen, None, AlarmState::Cleared, Message::Done),
    ];
    for (firms, seen_at, muted_until, state, expected) in rows {
        let owners = firms.of_owner(seen_at, muted_until);
        assert_eq!((owners.state, owners.muted_until), (state, muted_until), "{firms:?} {seen_at:?}");
        assert_eq!(owners_message(&rule, &firms, &owners, &[], minute(60)), expected, "{firms:?} {seen_at:?}");
        // once for the owner too, whoever of the firm acknowledged it
        let again = owners.after(&AlarmAction::Acknowledge { by: Uuid::from_u128(1), at: minute(61) });
        assert_eq!(again.err(), seen_at.map(|_| AlarmRefusal::AlreadyAcknowledged), "{firms:?} {seen_at:?}");
    }
    let sent = [minute(10), minute(50), minute(55)];
    assert_eq!(owners_message(&rule, &open, &open, &sent, minute(60)), Message::Limited);
    assert_eq!(owners_message(&rule, &open, &open, &sent[..1], minute(60)), Message::Send);
}
