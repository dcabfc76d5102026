//! What is refused of scorecards and papers.

use super::*;

#[test]
fn what_is_wrong_with_a_scorecard_is_named() {
    type Change = fn(&mut Scorecard);
    let rows: Vec<(Change, &str)> = vec![
        (|c| c.id = " ".into(), "/id"),
        (|c| c.version = 0, "/version"),
        (|c| c.title.en = String::new(), "/title"),
        (|c| c.threshold_hundredths = 10_001, "/threshold_hundredths"),
        (|c| c.unknown_share_max_ppm = -1, "/unknown_share_max_ppm"),
        (|c| c.days_known_min = 31, "/days_known_min"),
        (|c| c.mandatory.push(Figure::Price), "/mandatory"),
        (|c| c.vetoes[0].codes.clear(), "/vetoes/0/codes"),
        (|c| c.vetoes[2].codes = vec!["maybe".into()], "/vetoes/2/codes"),
        (|c| c.vetoes[1].figure = Figure::Invoice, "/vetoes/1/codes"),
        (|c| c.dimensions[0].weight_bp = 1_501, "/dimensions"),
        (|c| c.dimensions[2].indicators.truncate(0), "/dimensions/2/indicators"),
        (|c| c.dimensions[1].indicators[0].weight = 0, "/dimensions/1/indicators/0/weight"),
        (
            |c| c.dimensions[1].indicators[1].missing = Missing::Points { points: 101 },
            "/dimensions/1/indicators/1/missing/points",
        ),
        (
            |c| c.dimensions[0].indicators[1].scale = Scale::Bands { bands: vec![Band { below: Some(3), points: 1 }] },
            "/dimensions/0/indicators/1/scale/bands",
        ),
        (
            |c| c.dimensions[0].indicators[2].scale = Scale::Bands { bands: vec![Band { below: None, points: 1 }] },
            "/dimensions/0/indicators/2/scale/kind",
        ),
        (
            |c| match &mut c.dimensions[2].indicators[0].scale {
                Scale::Choices { points } => drop(points.remove("owned")),
                Scale::Bands { .. } => {}
            },
            "/dimensions/2/indicators/0/scale/points",
        ),
    ];
    for (change, pointer) in rows {
        let mut card = Scorecard::standard();
        change(&mut card);
        assert!(pointers(card.check()).contains(&pointer.to_owned()), "{pointer}: {:?}", card.check());
    }
    let mut card = Scorecard::standard();
    let invoice = card.dimensions[2].indicators[1].clone();
    card.dimensions[0].indicators.push(invoice);
    assert_eq!(pointers(card.check()), ["/dimensions/0/indicators/6/figure"]);
    let mut card = Scorecard::standard();
    card.dimensions[4].dimension = Dimension::Basic;
    assert!(pointers(card.check()).contains(&"/dimensions".to_owned()));
}

#[test]
fn what_is_wrong_with_papers_is_named() {
    type Change = fn(&mut Papers);
    let rows: Vec<(Change, &str)> = vec![
        (|p| p.basic.maker = Some(" 沈阳".into()), "/basic/maker"),
        (|p| p.basic.model = Some("字".repeat(65)), "/basic/model"),
        (|p| p.basic.serial_number = Some("110101189912310001".into()), "/basic/serial_number"),
        (|p| p.basic.made_on = Some(day("2026-11-23")), "/basic/made_on"),
        (|p| p.basic.made_on = Some(day("1949-12-31")), "/basic/made_on"),
        (|p| p.basic.bought_on = Some(day("2024-09-16")), "/basic/bought_on"),
        (|p| p.basic.price_fen = Some(Fen(0)), "/basic/price_fen"),
        (|p| p.basic.price_fen = Some(Fen(100_000_000_001)), "/basic/price_fen"),
        (|p| p.basic.rated_power_w = Some(0), "/basic/rated_power_w"),
        (|p| p.usage.hours_run_reported = Some(19_129), "/use/hours_run_reported"),
        (|p| p.usage.last_maintained_on = Some(day("2024-09-16")), "/use/last_maintained_on"),
        (|p| p.usage.last_maintained_on = Some(day("2026-11-23")), "/use/last_maintained_on"),
        (|p| p.usage.insured_until = Some(day("2037-01-01")), "/use/insured_until"),
        (|p| p.title.registry_searched_on = None, "/title/registry_searched_on"),
        (|p| p.title.registry_searched_on = Some(day("2026-11-23")), "/title/registry_searched_on"),
        (|p| p.disposal.dismantling_share_bp = Some(10_001), "/disposal/dismantling_share_bp"),
    ];
    let today = day("2026-11-22");
    assert_eq!(perfect().papers.check(today), Ok(()));
    assert_eq!(Papers::of(EquipmentCategory::Tractor).check(today), Ok(()));
    for (change, pointer) in rows {
        let mut papers = perfect().papers;
        change(&mut papers);
        let found = pointers(papers.check(today));
        assert_eq!(found.first().map(String::as_str), Some(pointer), "{found:?}");
    }
}

#[test]
fn papers_are_read_strictly() {
    let rows = [
        (r#"{"basic":{"category":"lathe"}}"#, true),
        (r#"{"basic":{"category":"lathe"},"use":{"place":"rented"},"title":{"ownership":"owned"}}"#, true),
        (r#"{"basic":{}}"#, false),
        (r#"{"basic":{"category":"spaceship"}}"#, false),
        (r#"{"basic":{"category":"lathe","operator_name":"x"}}"#, false),
        (r#"{"basic":{"category":"lathe"},"control":{"socket_bound":true}}"#, false),
    ];
    for (text, is_read) in rows {
        assert_eq!(serde_json::from_str::<Papers>(text).is_ok(), is_read, "{text}");
    }
}

#[test]
fn age_is_counted_in_whole_months() {
    let rows = [
        (Some("2024-11-22"), None, None, Some(24)),
        (Some("2024-11-23"), None, None, Some(23)),
        (Some("2026-11-22"), None, None, Some(0)),
        (Some("2026-11-23"), None, None, None),
        (None, Some("2025-11-22"), Some(Condition::New), Some(12)),
        (None, Some("2025-11-22"), Some(Condition::SecondHand), None),
        (None, None, None, None),
    ];
    for (made, bought, condition, months) in rows {
        let mut papers = Papers::of(EquipmentCategory::Lathe);
        papers.basic.made_on = made.map(day);
        papers.basic.bought_on = bought.map(day);
        papers.basic.condition = condition;
        assert_eq!(papers.age_months(day("2026-11-22")), months, "{made:?} {bought:?}");
    }
}
