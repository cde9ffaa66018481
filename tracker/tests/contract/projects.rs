//! Projects: creation, visibility, names, rights and pagination.

use domain::{Description, live::Topic, paging::Page, people::Role};
use tracker::{Error, ProjectEdit};

use crate::{
    Case, cases,
    test_tracker::{TestTracker, parse_name},
};

pub fn cases() -> Vec<Case> {
    cases![projects:
        creates_lists_and_reads_projects,
        names_are_unique_within_an_organization,
        viewers_can_read_but_not_change,
        projects_of_other_organizations_are_not_found,
        creator_becomes_editor,
        deleting_a_project_deletes_its_experiments,
        lists_are_paginated
    ]
}

async fn creates_lists_and_reads_projects(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let organization = test.organization_of(&ana).await;
    let description = Description::parse("Signs at *night*").unwrap();
    let id = test.tracker.create_project(&ana, organization, &parse_name("Road signs"), &description).await.unwrap();
    let idle = test.create_project(&ana, "Idle").await;
    let experiment = test.create_experiment(&ana, id, "yolo").await;
    test.tracker.set_status(&ana, experiment, domain::experiments::Status::Running).await.unwrap();

    let list = test.tracker.projects(&ana, organization, Page::new(0, 10)).await.unwrap();
    assert_eq!(list.total, 2);
    assert_eq!(
        list.items.iter().map(|item| item.project.id).collect::<Vec<_>>(),
        [id, idle],
        "most recently active first"
    );
    assert_eq!((list.items[0].experiments, list.items[0].running), (1, 1));
    assert_eq!((list.items[1].experiments, list.items[1].running), (0, 0));

    let page = test.tracker.project(&ana, id).await.unwrap();
    assert_eq!((page.project.name.as_str(), page.organization_name.as_str()), ("Road signs", "Acme"));
    assert_eq!(page.project.description, description);
    assert_eq!(page.project.creator.as_ref(), Some(&ana.name));
    assert!(page.may_edit && page.may_delete && page.may_create_experiment);
}

async fn names_are_unique_within_an_organization(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let organization = test.organization_of(&ana).await;
    test.create_project(&ana, "caf\u{e9}").await;
    let duplicate =
        test.tracker.create_project(&ana, organization, &parse_name("cafe\u{301} "), &Description::default()).await;
    assert!(matches!(duplicate, Err(Error::Conflict(message)) if message.contains("café")));
    test.create_project(&ana, "Café").await; // names are case-sensitive

    let other = test.create_project(&ana, "other").await;
    let edit = ProjectEdit { name: Some(parse_name("Café")), ..ProjectEdit::default() };
    assert!(matches!(test.tracker.edit_project(&ana, other, &edit).await, Err(Error::Conflict(_))));
    assert_eq!(test.tracker.project(&ana, other).await.unwrap().project.name.as_str(), "other");

    let eve = test.create_actor(Role::Owner, "Elsewhere").await;
    test.create_project(&eve, "café").await;
}

async fn viewers_can_read_but_not_change(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let vic = test.create_actor(Role::Viewer, "Acme").await;
    let organization = test.organization_of(&ana).await;
    let id = test.create_project(&ana, "Road signs").await;
    let page = test.tracker.project(&vic, id).await.unwrap();
    assert!(!page.may_edit && !page.may_delete && !page.may_create_experiment);
    let created = test.tracker.create_project(&vic, organization, &parse_name("mine"), &Description::default()).await;
    assert!(matches!(created, Err(Error::Forbidden(message)) if message.contains("viewers")));
    let renamed = test.tracker.edit_project(&vic, id, &ProjectEdit::default()).await;
    assert!(matches!(renamed, Err(Error::Forbidden(_))));
    assert!(matches!(test.tracker.delete_project(&vic, id).await, Err(Error::Forbidden(_))));
}

async fn projects_of_other_organizations_are_not_found(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let eve = test.create_actor(Role::Owner, "Elsewhere").await;
    let organization = test.organization_of(&ana).await;
    let id = test.create_project(&ana, "Road signs").await;
    let tracker = &test.tracker;
    assert!(matches!(tracker.organization(&eve, organization).await, Err(Error::NotFound("organization"))));
    assert!(matches!(tracker.projects(&eve, organization, Page::new(0, 9)).await, Err(Error::NotFound(_))));
    assert!(matches!(tracker.project(&eve, id).await, Err(Error::NotFound("project"))));
    assert!(matches!(tracker.experiments(&eve, id, Page::new(0, 9)).await, Err(Error::NotFound(_))));
    assert!(matches!(tracker.edit_project(&eve, id, &ProjectEdit::default()).await, Err(Error::NotFound(_))));
    assert!(matches!(tracker.delete_project(&eve, id).await, Err(Error::NotFound(_))));
    assert!(matches!(tracker.subscribe(&eve, Topic::Project(id), None).await, Err(Error::NotFound(_))));
    let created = tracker.create_project(&eve, organization, &parse_name("mine"), &Description::default()).await;
    assert!(matches!(created, Err(Error::NotFound(_))));
}

async fn creator_becomes_editor(test: TestTracker) {
    test.create_actor(Role::Owner, "Acme").await;
    let mia = test.create_actor(Role::Member, "Acme").await;
    let max = test.create_actor(Role::Member, "Acme").await;
    let id = test.create_project(&mia, "Road signs").await;
    assert!(test.tracker.project(&mia, id).await.unwrap().may_edit);
    let page = test.tracker.project(&max, id).await.unwrap();
    assert!(!page.may_edit && !page.may_delete && page.may_create_experiment);
    let edit = ProjectEdit { name: Some(parse_name("Signs")), ..ProjectEdit::default() };
    assert!(matches!(test.tracker.edit_project(&max, id, &edit).await, Err(Error::Forbidden(_))));
    test.tracker.edit_project(&mia, id, &edit).await.unwrap();
    assert_eq!(test.tracker.project(&max, id).await.unwrap().project.name.as_str(), "Signs");
}

async fn deleting_a_project_deletes_its_experiments(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let id = test.create_project(&ana, "Road signs").await;
    let experiment = test.create_experiment(&ana, id, "yolo").await;
    test.tracker.delete_project(&ana, id).await.unwrap();
    assert!(matches!(test.tracker.project(&ana, id).await, Err(Error::NotFound("project"))));
    assert!(matches!(test.tracker.experiment(&ana, experiment).await, Err(Error::NotFound("experiment"))));
    test.create_project(&ana, "Road signs").await;
}

async fn lists_are_paginated(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let project = test.create_project(&ana, "Road signs").await;
    let mut created = Vec::new();
    for number in 0..5 {
        created.push(test.create_experiment(&ana, project, &format!("run {number}")).await);
    }
    created.reverse();
    let mut seen = Vec::new();
    for offset in [0, 2, 4, 6] {
        let page = test.tracker.experiments(&ana, project, Page::new(offset, 2)).await.unwrap();
        assert_eq!(page.total, 5);
        seen.extend(page.items.into_iter().map(|experiment| experiment.id));
    }
    assert_eq!(seen, created, "newest first, each once");
}
