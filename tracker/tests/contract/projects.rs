//! Projects: who makes them, who sees them, how they are named.

use domain::{Description, live::Topic, paging::Page, people::Role};
use tracker::{Error, ProjectEdit};

use crate::{
    Case, cases,
    test_tracker::{TestTracker, parse_name},
};

pub fn cases() -> Vec<Case> {
    cases![projects:
        a_project_is_made_listed_and_read,
        names_are_unique_in_the_organization,
        viewers_look_but_do_not_touch,
        what_belongs_to_others_does_not_exist,
        its_creator_is_its_editor,
        deleting_takes_the_experiments_along,
        lists_come_in_pages
    ]
}

async fn a_project_is_made_listed_and_read(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let organization = test.organization_of(&ana).await;
    let about = Description::parse("Signs at *night*").unwrap();
    let id = test.tracker.create_project(&ana, organization, &parse_name("Road signs"), &about).await.unwrap();
    let quiet = test.create_project(&ana, "Quiet").await;
    let experiment = test.create_experiment(&ana, id, "yolo").await;
    test.tracker.set_status(&ana, experiment, domain::experiments::Status::Running).await.unwrap();

    let list = test.tracker.projects(&ana, organization, Page::new(0, 10)).await.unwrap();
    assert_eq!(list.total, 2);
    assert_eq!(
        list.items.iter().map(|item| item.project.id).collect::<Vec<_>>(),
        [id, quiet],
        "the latest active first"
    );
    assert_eq!((list.items[0].experiments, list.items[0].running), (1, 1));
    assert_eq!((list.items[1].experiments, list.items[1].running), (0, 0));

    let page = test.tracker.project(&ana, id).await.unwrap();
    assert_eq!((page.project.name.as_str(), page.organization_name.as_str()), ("Road signs", "Acme"));
    assert_eq!(page.project.description, about);
    assert_eq!(page.project.creator.as_ref(), Some(&ana.name));
    assert!(page.may_edit && page.may_delete && page.may_create_experiment);
}

async fn names_are_unique_in_the_organization(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let organization = test.organization_of(&ana).await;
    test.create_project(&ana, "caf\u{e9}").await;
    let twice =
        test.tracker.create_project(&ana, organization, &parse_name("cafe\u{301} "), &Description::default()).await;
    assert!(matches!(twice, Err(Error::Conflict(sentence)) if sentence.contains("café")));
    test.create_project(&ana, "Café").await; // another name: upper case counts

    let other = test.create_project(&ana, "other").await;
    let edit = ProjectEdit { name: Some(parse_name("Café")), ..ProjectEdit::default() };
    assert!(matches!(test.tracker.edit_project(&ana, other, &edit).await, Err(Error::Conflict(_))));
    assert_eq!(test.tracker.project(&ana, other).await.unwrap().project.name.as_str(), "other");

    let eve = test.create_actor(Role::Owner, "Elsewhere").await;
    test.create_project(&eve, "café").await;
}

async fn viewers_look_but_do_not_touch(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let vic = test.create_actor(Role::Viewer, "Acme").await;
    let organization = test.organization_of(&ana).await;
    let id = test.create_project(&ana, "Road signs").await;
    let page = test.tracker.project(&vic, id).await.unwrap();
    assert!(!page.may_edit && !page.may_delete && !page.may_create_experiment);
    let made = test.tracker.create_project(&vic, organization, &parse_name("mine"), &Description::default()).await;
    assert!(matches!(made, Err(Error::Forbidden(sentence)) if sentence.contains("viewers")));
    let renamed = test.tracker.edit_project(&vic, id, &ProjectEdit::default()).await;
    assert!(matches!(renamed, Err(Error::Forbidden(_))));
    assert!(matches!(test.tracker.delete_project(&vic, id).await, Err(Error::Forbidden(_))));
}

async fn what_belongs_to_others_does_not_exist(test: TestTracker) {
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
    let made = tracker.create_project(&eve, organization, &parse_name("mine"), &Description::default()).await;
    assert!(matches!(made, Err(Error::NotFound(_))));
}

async fn its_creator_is_its_editor(test: TestTracker) {
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

async fn deleting_takes_the_experiments_along(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let id = test.create_project(&ana, "Road signs").await;
    let experiment = test.create_experiment(&ana, id, "yolo").await;
    test.tracker.delete_project(&ana, id).await.unwrap();
    assert!(matches!(test.tracker.project(&ana, id).await, Err(Error::NotFound("project"))));
    assert!(matches!(test.tracker.experiment(&ana, experiment).await, Err(Error::NotFound("experiment"))));
    test.create_project(&ana, "Road signs").await;
}

async fn lists_come_in_pages(test: TestTracker) {
    let ana = test.create_actor(Role::Owner, "Acme").await;
    let project = test.create_project(&ana, "Road signs").await;
    let mut made = Vec::new();
    for number in 0..5 {
        made.push(test.create_experiment(&ana, project, &format!("run {number}")).await);
    }
    made.reverse();
    let mut seen = Vec::new();
    for offset in [0, 2, 4, 6] {
        let page = test.tracker.experiments(&ana, project, Page::new(offset, 2)).await.unwrap();
        assert_eq!(page.total, 5);
        seen.extend(page.items.into_iter().map(|experiment| experiment.id));
    }
    assert_eq!(seen, made, "the newest first, each once");
}
